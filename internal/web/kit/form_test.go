package kit_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/module"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
	"vaern/internal/web"
	"vaern/internal/web/kit"
)

// Owned is a record that a position owns.
type Owned struct {
	record.Head
	Title string `da:"Titel" en:"Title" is:"title sort"`
	Owner string `da:"Ejer" en:"Owner" is:"ref:position"`
}

var owned = record.New(record.Register[Owned]{
	Name: "owned", Plural: "owned", One: i18n.Text{"Ejet", "Owned"}, Many: i18n.Text{"Ejede", "Owned"}, About: i18n.Text{"a", "a"},
	Schema: fstest.MapFS{"0001.sql": {Data: []byte(`
		CREATE TABLE owned (
			id TEXT PRIMARY KEY, version BIGINT NOT NULL, unit TEXT NOT NULL, updated_at TEXT NOT NULL, updated_by TEXT NOT NULL,
			search TEXT NOT NULL, title TEXT NOT NULL, title_sort TEXT NOT NULL, owner TEXT NOT NULL)`)}},
})

// eachOwned runs fn where two positions are called the same, first and second,
// and a record is owned by the second. send sends a form.
func eachOwned(t *testing.T, fn func(t *testing.T, send func(path string, form url.Values) *httptest.ResponseRecorder, get func() Owned)) {
	t.Helper()
	m := kit.Module(kit.Register[Owned]{Register: owned})
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := access.With(t.Context(), access.Machine("test", "test"))
		err := s.Change(ctx, store.Intent{Verb: "test.do", Need: "test"}, func(w *store.Write) error {
			if err := people.FoundTop(w); err != nil {
				return err
			}
			top := people.Unit{Head: record.Head{ID: people.Top, Unit: people.Top}, Number: "1", Name: "By", Kind: "municipality"}
			if err := people.Units.Add(w, &top); err != nil {
				return err
			}
			for _, id := range []string{"first", "second"} {
				p := people.Position{Head: record.Head{ID: id, Unit: people.Top}, Title: "Skoleleder"}
				if err := people.Positions.Add(w, &p); err != nil {
					return err
				}
			}
			return owned.Add(w, &Owned{Head: record.Head{ID: "it", Unit: people.Top}, Title: "Som den var", Owner: "second"})
		})
		if err != nil {
			t.Fatal(err)
		}
		site := web.New(s, func(*http.Request) (access.Actor, error) {
			return storetest.Actor("anna", access.Reach{Whole: true}, "owned.see", "owned.create", "owned.edit", "position.see"), nil
		})
		m.Mount(site)
		send := func(path string, form url.Values) *httptest.ResponseRecorder {
			r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			w := httptest.NewRecorder()
			site.ServeHTTP(w, r)
			return w
		}
		fn(t, send, func() (o Owned) {
			err := s.View(storetest.As(t, "x", "owned.see"), "owned.see", func(q *store.Read) (err error) { o, err = owned.Get(q, "it"); return err })
			if err != nil {
				t.Fatal(err)
			}
			return o
		})
	}, module.Schemas([]module.Module{m})...)
}

func TestAFieldLeftAsItStoodPointsAtTheSameOfSeveralOfOneName(t *testing.T) {
	eachOwned(t, func(t *testing.T, send func(string, url.Values) *httptest.ResponseRecorder, get func() Owned) {
		w := send("/owned/it", url.Values{"version": {"1"}, "unit": {"By"}, "title": {"Rettet"}, "owner": {"Skoleleder"}})
		if o := get(); w.Code != http.StatusSeeOther || o.Owner != "second" || o.Title != "Rettet" {
			t.Errorf("%d, and the record is %+v", w.Code, o)
		}
		w = send("/owned", url.Values{"unit": {"By"}, "title": {"Ny"}, "owner": {"Skoleleder"}})
		for _, want := range []string{"Flere passer", `value="first"`, `value="second"`} {
			if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), want) {
				t.Errorf("a new record of one of two: %d, without %s", w.Code, want)
			}
		}
	})
}

func TestAFormOfNoKnownVersionKeepsWhatWasTyped(t *testing.T) {
	eachOwned(t, func(t *testing.T, send func(string, url.Values) *httptest.ResponseRecorder, get func() Owned) {
		for _, version := range []string{"", "7", "noget"} {
			form := url.Values{"version": {version}, "unit": {"By"}, "title": {"Skrevet med møje"}, "owner": {"Skoleleder"}, "reason": {"fordi"}}
			w := send("/owned/it", form)
			for _, want := range []string{"Siden er for gammel", "Skrevet med møje", "Som den var", `name="keep.title"`, `name="version" value="1"`, "fordi"} {
				if w.Code != http.StatusPreconditionFailed || !strings.Contains(w.Body.String(), want) {
					t.Errorf("version %q: %d, without %q", version, w.Code, want)
				}
			}
			if strings.Contains(w.Body.String(), `name="keep.owner"`) {
				t.Error("asks about what is the same")
			}
			if o := get(); o.Version != 1 {
				t.Errorf("stored: %+v", o)
			}
		}
		w := send("/owned/it", url.Values{"version": {"1"}, "unit": {"By"}, "title": {"Skrevet med møje"}, "owner": {"Skoleleder"}, "clash": {"title"}, "keep.title": {"mine"}})
		if o := get(); w.Code != http.StatusSeeOther || o.Title != "Skrevet med møje" {
			t.Errorf("chosen: %d, %+v", w.Code, o)
		}
	})
}
