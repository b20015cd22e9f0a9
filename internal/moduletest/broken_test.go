package moduletest

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"strings"
	"testing/fstest"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/module"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/web/kit"
)

// Thing is a small good register with a field of every kind.
type Thing struct {
	record.Head
	Number string     `da:"Nr." en:"No." is:"key named sort" helpda:"Står på tingen." helpen:"Stands on the thing."`
	Title  string     `da:"Ting" en:"Thing" is:"title sort"`
	Kind   Sort       `da:"Art" en:"Kind" is:"required filter"`
	Count  int64      `da:"Antal" en:"Count" is:"range:0-9"`
	Loud   bool       `da:"Højlydt" en:"Loud" is:"filter"`
	Day    field.Date `da:"Dag" en:"Day" is:"sort deadline"`
	Owner  string     `da:"Ejer" en:"Owner" is:"ref:position filter"`
	Note   string     `da:"Note" en:"Note" is:"search long"`
	Health string     `da:"Helbred" en:"Health" is:"sensitive long"`
}

// Sort is what a thing is.
type Sort string

// Choices are the sorts.
func (Sort) Choices() field.Choices {
	return field.Choices{{"large", "Stor", "Large"}, {"small", "Lille", "Small"}}
}

// thing declares the register; kept says that no form makes its records.
func thing(kept bool) module.Module {
	return kit.Module(kit.Register[Thing]{
		See: module.Readers, Edit: []access.Role{access.Coordinator}, Veiled: []access.Role{access.DPO}, Kept: kept,
		Register: record.New(record.Register[Thing]{
			Name: "thing", One: i18n.Text{"Ting", "Thing"}, Many: i18n.Text{"Ting", "Things"}, About: i18n.Text{"Ting.", "Things."},
			Schema: fstest.MapFS{"0001.sql": {Data: []byte(`
				CREATE TABLE thing (
					id TEXT PRIMARY KEY, version BIGINT NOT NULL, unit TEXT NOT NULL, updated_at TEXT NOT NULL, updated_by TEXT NOT NULL, search TEXT NOT NULL,
					number TEXT NOT NULL UNIQUE, number_sort TEXT NOT NULL, title TEXT NOT NULL, title_sort TEXT NOT NULL, kind TEXT NOT NULL,
					count BIGINT NOT NULL, loud BIGINT NOT NULL, day TEXT, owner TEXT NOT NULL, note TEXT NOT NULL, health TEXT NOT NULL)`)}},
		}),
	})
}

func madeThing(w *store.Write, n int, unit string) (id string, err error) {
	id = w.NewID()
	return id, w.Do(ref.Ref{Kind: "thing", ID: id}, `
		INSERT INTO thing VALUES (:id, 1, :unit, :now, :actor, '', :number, :number, :number, :number, 'large', 1, 0, NULL, '', '', '')`,
		store.Args{"id": id, "unit": unit, "number": fmt.Sprintf("K-%03d", n)})
}

// glass stands before a good register and breaks it in one way.
type glass func(t *try, w http.ResponseWriter, r *http.Request)

// on breaks only requests of a method to an address like this.
func on(method, pattern string, g glass) glass {
	return func(t *try, w http.ResponseWriter, r *http.Request) {
		if ok, _ := path.Match(pattern, r.URL.Path); ok && r.Method == method {
			g(t, w, r)
			return
		}
		t.site.ServeHTTP(w, r)
	}
}

// acting lets somebody else act than who asks.
func acting(change func(*access.Actor)) glass {
	return func(t *try, w http.ResponseWriter, r *http.Request) {
		was := t.actor
		defer func() { t.actor = was }()
		t.actor.May = maps.Clone(was.May)
		change(&t.actor)
		t.site.ServeHTTP(w, r)
	}
}

// everywhere is somebody whose permissions reach everything.
var everywhere = acting(func(a *access.Actor) {
	for p := range a.May {
		a.May[p] = access.Reach{Whole: true}
	}
})

// allowed is somebody who may do this too.
func allowed(may ...access.Permission) glass {
	return acting(func(a *access.Actor) {
		for _, p := range may {
			if !a.Can(p) && a.ID != "" {
				a.May[p] = a.May["thing.see"]
			}
		}
	})
}

// reading changes what was asked.
func reading(change func(r *http.Request)) glass {
	return func(t *try, w http.ResponseWriter, r *http.Request) {
		change(r)
		t.site.ServeHTTP(w, r)
	}
}

// without drops a parameter of the address, when it says this; "" is anything.
func without(name, says string) glass {
	return reading(func(r *http.Request) {
		q := r.URL.Query()
		if strings.HasPrefix(q.Get(name), says) {
			q.Del(name)
		}
		r.URL.RawQuery = q.Encode()
	})
}

// sending changes the body that was sent.
func sending(old, new string) glass {
	return reading(func(r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		body = bytes.ReplaceAll(body, []byte(old), []byte(new))
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	})
}

// answering changes what is answered.
func answering(change func(w *httptest.ResponseRecorder, body string) string) glass {
	return func(t *try, w http.ResponseWriter, r *http.Request) {
		inner := httptest.NewRecorder()
		t.site.ServeHTTP(inner, r)
		body := change(inner, inner.Body.String())
		maps.Copy(w.Header(), inner.Header())
		w.WriteHeader(inner.Code)
		io.WriteString(w, body)
	}
}

// saying replaces words of the answer.
func saying(old, new string) glass {
	return answering(func(_ *httptest.ResponseRecorder, body string) string { return strings.ReplaceAll(body, old, new) })
}

// newest says of a form that it was made from the newest version.
func newest(t *try, w http.ResponseWriter, r *http.Request) {
	if path.Base(r.URL.Path) == "bulk" {
		t.site.ServeHTTP(w, r)
		return
	}
	was := t.actor
	t.as("anna")
	inner := httptest.NewRecorder()
	t.site.ServeHTTP(inner, httptest.NewRequest("GET", "/api/v1/things/"+path.Base(r.URL.Path), nil))
	t.actor = was
	now := strings.Trim(inner.Header().Get("ETag"), `"`)
	r.ParseForm()
	r.PostForm.Set("version", now)
	sending("", "")(t, w, withForm(r, r.PostForm))
}

func withForm(r *http.Request, v url.Values) *http.Request {
	out := httptest.NewRequest(r.Method, r.URL.String(), strings.NewReader(v.Encode()))
	out.Header = r.Header
	return out
}

// broken is a way to break a register, and the rules that see it; the first is
// the one that is meant for it.
type broken struct {
	how  string
	by   glass
	seen []string
}
