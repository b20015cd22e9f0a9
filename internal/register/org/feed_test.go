package org

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/module"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
	"vaern/internal/web"
)

// office is the pages of the organisation on a municipality with one school.
type office struct {
	*testing.T
	s    *store.Store
	site *web.Site
	who  access.Actor
}

func inOffice(t *testing.T, fn func(*office), more ...module.Module) {
	mods := append(Modules(), more...)
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := &office{T: t, s: s}
		o.do(func(w *store.Write) error {
			if err := people.FoundTop(w); err != nil {
				return err
			}
			for _, u := range [][2]string{{people.Top, people.Top}, {"a", people.Top}} {
				rec := people.Unit{Head: record.Head{ID: u[0], Unit: u[1]}, Number: u[0], Name: "Enhed " + u[0], Kind: "department"}
				if err := people.Units.Add(w, &rec); err != nil {
					return err
				}
			}
			return people.Persons.Add(w, &people.Person{Head: record.Head{ID: "coordinator", Unit: people.Top}, Number: "x", Name: "Maria", Category: "employee"})
		})
		o.who = access.Actor{ID: "coordinator", Name: "Maria", May: map[access.Permission]access.Reach{}}
		for _, p := range module.Table(mods)[access.Coordinator] {
			o.who.May[p] = access.Reach{Whole: true}
		}
		o.site = web.New(s, func(*http.Request) (access.Actor, error) { return o.who, nil })
		for _, m := range mods {
			m.Mount(o.site)
		}
		fn(o)
	}, module.Schemas(mods)...)
}

func (o *office) do(fn func(*store.Write) error) {
	o.Helper()
	ctx := access.With(o.Context(), access.Machine("test", "test", "holding.edit"))
	if err := o.s.Change(ctx, store.Intent{Verb: "test.do", Need: "test"}, fn); err != nil {
		o.Fatal(err)
	}
}

func (o *office) ask(method, path, kind, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Accept-Language", "en")
	w := httptest.NewRecorder()
	o.site.ServeHTTP(w, r)
	return w
}

func (o *office) post(path string, form url.Values) *httptest.ResponseRecorder {
	return o.ask("POST", path, "application/x-www-form-urlencoded", form.Encode())
}

func (o *office) count(query string) (n int) {
	o.Helper()
	if err := o.s.Peek(o.Context(), func(q *store.Read) error { return q.Row(query, nil, &n) }); err != nil {
		o.Fatal(err)
	}
	return n
}

func (o *office) text(query string) (text string) {
	o.Helper()
	if err := o.s.Peek(o.Context(), func(q *store.Read) error { return q.Row(query, nil, &text) }); err != nil {
		o.Fatal(err)
	}
	return text
}

// hand hands a file in and returns the address where it is shown.
func (o *office) hand(file, full string) string {
	o.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for name, value := range map[string]string{"about": "people", "full": full, "date": ""} {
		form.WriteField(name, value)
	}
	part, _ := form.CreateFormFile("file", "personale.csv")
	part.Write([]byte(file))
	form.Close()
	w := o.ask("POST", feedPath, form.FormDataContentType(), b.String())
	if w.Code != http.StatusSeeOther {
		o.Fatalf("handed in: %d %s", w.Code, w.Body)
	}
	o.site.Work.Wait()
	return w.Header().Get("Location")
}

// done posts to a file, and waits until that is done.
func (o *office) done(path string, form url.Values) *httptest.ResponseRecorder {
	w := o.post(path, form)
	o.site.Work.Wait()
	return w
}

func crowdFile(n int) string {
	var b strings.Builder
	b.WriteString("Medarbejdernr;Navn;Enhed;Stilling\n")
	for i := range n {
		fmt.Fprintf(&b, "%d;Person %d;a;Lærer\n", i+1, i+1)
	}
	return b.String()
}

func TestAFileIsLookedThroughBeforeItCounts(t *testing.T) {
	inOffice(t, func(o *office) {
		at := o.hand(crowdFile(20)+";Uden nummer;a;Lærer\n", "yes")
		if n := o.count(`SELECT count(*) FROM person`); n != 1 {
			t.Errorf("%d people before anybody said that it counts", n)
		}
		page := o.ask("GET", at+"?show=wrong", "", "").Body.String()
		for _, says := range []string{"Nothing was changed yet", "new 20", "The staff number is missing", "Take the file in"} {
			if !strings.Contains(page, says) {
				t.Errorf("the page does not say %q", says)
			}
		}
		if w := o.done(at+"/take", nil); w.Code != http.StatusSeeOther || o.count(`SELECT count(*) FROM person`) != 21 {
			t.Errorf("taken: %d %s", w.Code, w.Body)
		}
		leaves := o.count(`SELECT count(*) FROM ledger_leaf`)
		if w := o.done(at+"/take", nil); w.Code != http.StatusSeeOther || o.count(`SELECT count(*) FROM ledger_leaf`) != leaves {
			t.Errorf("taken again from another window: %d", w.Code)
		}
		if w := o.ask("GET", at+"/wrong", "", ""); w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), "PK") {
			t.Errorf("the wrong rows: %d", w.Code)
		}
		if w := o.done(at+"/undo", nil); w.Code != http.StatusSeeOther || o.count(`SELECT count(*) FROM person`) != 1 {
			t.Errorf("undone: %d %s", w.Code, o.ask("GET", at, "", "").Body)
		}
		if page := o.ask("GET", at, "", "").Body.String(); !strings.Contains(page, "All is as it was before it") {
			t.Error("the page does not say that it was undone")
		}
		if w := o.done(o.hand(crowdFile(20), "yes")+"/take", nil); w.Code != http.StatusSeeOther {
			t.Errorf("once more: %d", w.Code)
		}

		at = o.hand(crowdFile(10), "yes") // half of them are gone
		if page := o.ask("GET", at, "", "").Body.String(); !strings.Contains(page, "Unusually many") {
			t.Error("the page does not say that many would leave")
		}
		if w := o.done(at+"/take", nil); w.Code != http.StatusUnprocessableEntity || o.count(`SELECT count(*) FROM person WHERE ends IS NOT NULL`) != 0 {
			t.Errorf("without a reason: %d", w.Code)
		}
		if w := o.done(at+"/take", url.Values{"reason": {"Skolen lukker"}}); w.Code != http.StatusSeeOther || o.count(`SELECT count(*) FROM person WHERE ends IS NOT NULL`) != 10 {
			t.Errorf("with a reason: %d %s", w.Code, w.Body)
		}
		at = o.hand(crowdFile(3), "no")
		if w := o.post(at+"/drop", nil); w.Code != http.StatusSeeOther || o.count(`SELECT count(*) FROM work_feed WHERE data <> ''`) != 0 {
			t.Errorf("forgotten: %d", w.Code)
		}
		o.who.May = map[access.Permission]access.Reach{"person.see": {Whole: true}}
		for _, path := range []string{feedPath, at} {
			if w := o.ask("GET", path, "", ""); w.Code != http.StatusForbidden {
				t.Errorf("without the permission %s: %d", path, w.Code)
			}
		}
	})
}

func TestProgramsHandFilesIn(t *testing.T) {
	inOffice(t, func(o *office) {
		send := func(body map[string]any) (int, map[string]any) {
			b, _ := json.Marshal(body)
			w := o.ask("POST", "/api/v1/people/feed", "application/json", string(b))
			out := map[string]any{}
			if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
				t.Fatal(err)
			}
			return w.Code, out
		}
		code, out := send(map[string]any{"about": "people", "csv": crowdFile(20), "dry_run": true})
		if code != 200 || out["counts"].(map[string]any)["joined"] != 20.0 || o.count(`SELECT count(*) FROM person`) != 1 {
			t.Errorf("a trial: %d %v", code, out)
		}
		for range 2 {
			code, out = send(map[string]any{"about": "people", "csv": crowdFile(20), "full": true})
		}
		if code != 200 || out["counts"].(map[string]any)["unchanged"] != 20.0 || o.count(`SELECT count(*) FROM person`) != 21 {
			t.Errorf("twice: %d %v", code, out)
		}
		if code, out = send(map[string]any{"about": "people", "csv": crowdFile(2), "full": true}); code != 422 || !strings.Contains(fmt.Sprint(out), "18 of 21 would lose their access") {
			t.Errorf("many would leave: %d %v", code, out)
		}
		if page := o.ask("GET", feedPath, "", "").Body.String(); strings.Count(page, "people.csv") != 3 || strings.Count(page, "waits for you") != 1 {
			t.Error("the page does not list what a program handed in, or not that one waits")
		}
		if o.done(feedPath+"/"+o.text(`SELECT id FROM work_feed ORDER BY at LIMIT 1`)+"/undo", nil); o.count(`SELECT count(*) FROM person`) != 1 {
			t.Error("what a program handed in was not taken back")
		}
		for _, wrong := range []map[string]any{{"about": "people"}, {"about": "cars", "csv": "a"}, {"about": "people", "csv": "a", "xlsx": "b"}, {"about": "people", "xlsx": "!"}, {"about": "people", "csv": "Farve\nRød\n"}, {"about": "people", "csv": "a", "colour": "red"}} {
			if code, out := send(wrong); code != 422 {
				t.Errorf("%v: %d %v", wrong, code, out)
			}
		}
	})
}
