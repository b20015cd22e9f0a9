package kit_test

import (
	"encoding/json"
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
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
	"vaern/internal/web"
	"vaern/internal/web/kit"
)

// Matter is a record with a field that not everybody may see.
type Matter struct {
	record.Head
	Title string `da:"Titel" en:"Title" is:"title sort"`
	Owner string `da:"Ejer" en:"Owner" is:"ref:position filter"`
	Note  string `da:"Helbred" en:"Health" is:"sensitive long"`
}

func matters(rows record.Rows) module.Module {
	return kit.Module(kit.Register[Matter]{
		See: []access.Role{access.Manager}, Edit: []access.Role{access.Manager}, Veiled: []access.Role{access.Coordinator},
		Register: record.New(record.Register[Matter]{
			Name: "matter", One: i18n.Text{"Sag", "Matter"}, Many: i18n.Text{"Sager", "Matters"}, About: i18n.Text{"a", "a"}, Rows: rows,
			Schema: fstest.MapFS{"0001.sql": {Data: []byte(`
				CREATE TABLE matter (
					id TEXT PRIMARY KEY, version BIGINT NOT NULL, unit TEXT NOT NULL, updated_at TEXT NOT NULL, updated_by TEXT NOT NULL,
					search TEXT NOT NULL, title TEXT NOT NULL, title_sort TEXT NOT NULL, owner TEXT NOT NULL, note TEXT NOT NULL)`)}},
		}),
	})
}

// desk is a site on which one of several people asks at a time.
type desk struct {
	*testing.T
	s      *store.Store
	site   *web.Site
	people map[string]access.Actor
}

func onDesk(t *testing.T, m module.Module, fn func(*desk)) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := &desk{t, s, nil, map[string]access.Actor{}}
		d.do(func(w *store.Write) error {
			if err := people.FoundTop(w); err != nil {
				return err
			}
			for _, u := range [][2]string{{people.Top, people.Top}, {"a", people.Top}, {"b", people.Top}} {
				rec := people.Unit{Head: record.Head{ID: u[0], Unit: u[1]}, Number: u[0], Name: "Enhed " + u[0], Kind: "department"}
				if err := people.Units.Add(w, &rec); err != nil {
					return err
				}
			}
			p := people.Position{Head: record.Head{ID: "chief", Unit: "a"}, Title: "Chef"}
			n := people.Person{Head: record.Head{ID: "olga", Unit: "b"}, Number: "1", Name: "Olga", Category: "employee"}
			h := people.Holding{Head: record.Head{Unit: "b"}, Person: "olga", Position: "chief", Starts: "2026-01-01"}
			if err := people.Positions.Add(w, &p); err != nil {
				return err
			}
			if err := people.Persons.Add(w, &n); err != nil {
				return err
			}
			return people.Holdings.Add(w, &h)
		})
		d.site = web.New(s, func(r *http.Request) (access.Actor, error) { return d.people[r.Header.Get("Who")], nil })
		m.Mount(d.site)
		fn(d)
	}, module.Schemas([]module.Module{m})...)
}

func (d *desk) do(fn func(*store.Write) error) {
	d.Helper()
	ctx := access.With(d.Context(), access.Machine("test", "test", "holding.edit"))
	if err := d.s.Change(ctx, store.Intent{Verb: "test.do", Need: "test"}, fn); err != nil {
		d.Fatal(err)
	}
}

// may makes somebody with permissions of matters that reach so far.
func (d *desk) may(who string, reach map[string]access.Reach) {
	a := access.Actor{ID: who, Name: who, May: map[access.Permission]access.Reach{}}
	for verb, r := range reach {
		a.May[access.Permission("matter."+verb)] = r
	}
	d.people[who] = a
}

func (d *desk) ask(who, method, path, body string, head ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Who", who)
	r.Header.Set("Content-Type", "application/json")
	if !strings.HasPrefix(body, "{") {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(head); i += 2 {
		r.Header.Set(head[i], head[i+1])
	}
	w := httptest.NewRecorder()
	d.site.ServeHTTP(w, r)
	return w
}

func (d *desk) make(who string, v map[string]string) string {
	d.Helper()
	body, _ := json.Marshal(v)
	w := d.ask(who, "POST", "/api/v1/matters", string(body))
	if w.Code != 201 {
		d.Fatalf("%s makes one: %d %s", who, w.Code, w.Body)
	}
	return strings.TrimPrefix(w.Header().Get("Location"), "/api/v1/matters/")
}

func TestSensitiveFieldsAreSeenAndSetOnlyWithTheirPermission(t *testing.T) {
	onDesk(t, matters(record.ByUnit), func(d *desk) {
		everywhere, a, b := access.Reach{Whole: true}, access.Reach{Tops: []string{"a"}}, access.Reach{Tops: []string{"b"}}
		d.may("doctor", map[string]access.Reach{"see": everywhere, "create": everywhere, "edit": everywhere, "sensitive": everywhere})
		d.may("near", map[string]access.Reach{"see": everywhere, "edit": everywhere, "sensitive": a})
		d.may("far", map[string]access.Reach{"see": everywhere, "create": everywhere, "edit": everywhere, "sensitive": b})
		d.may("none", map[string]access.Reach{"see": everywhere, "create": everywhere, "edit": everywhere})
		id := d.make("doctor", map[string]string{"unit": "a", "title": "Fald", "note": "hjertesvigt"})
		for who, sees := range map[string]bool{"doctor": true, "near": true, "far": false, "none": false} {
			for _, path := range []string{"/matter/" + id, "/matter/" + id + "/edit", "/api/v1/matters/" + id} {
				if got := strings.Contains(d.ask(who, "GET", path, "").Body.String(), "hjertesvigt"); got != sees {
					t.Errorf("%s sees the note on %s: %v, want %v", who, path, got, sees)
				}
			}
		}
		if list := d.ask("near", "GET", "/api/v1/matters", "").Body.String(); strings.Contains(list, "hjertesvigt") {
			t.Error("a list shows a sensitive field to one who may not see it everywhere")
		}
		// Who does not see it can neither empty it nor set it.
		w := d.ask("none", "POST", "/matter/"+id, url.Values{"version": {"1"}, "unit": {"a"}, "title": {"Fald i trappe"}}.Encode())
		if w.Code != 303 {
			t.Fatalf("a change of another field: %d %s", w.Code, w.Body)
		}
		if w := d.ask("none", "PATCH", "/api/v1/matters/"+id, `{"note":"rask"}`, "If-Match", `"2"`); w.Code != 422 {
			t.Errorf("setting it blindly: %d, want 422", w.Code)
		}
		if w := d.ask("none", "POST", "/api/v1/matters", `{"unit":"a","title":"x","note":"y"}`); w.Code != 422 {
			t.Errorf("making one with it: %d, want 422", w.Code)
		}
		now := d.ask("doctor", "GET", "/api/v1/matters/"+id, "").Body.String()
		if !strings.Contains(now, "hjertesvigt") || !strings.Contains(now, "Fald i trappe") {
			t.Errorf("the note is lost or the change is: %s", now)
		}
		d.ask("doctor", "PATCH", "/api/v1/matters/"+id, `{"note":"opereret"}`, "If-Match", `"2"`)
		if page := d.ask("none", "GET", "/matter/"+id, "").Body.String(); strings.Contains(page, "hjertesvigt") || strings.Contains(page, "opereret") {
			t.Error("history tells a sensitive field to one who may not see it")
		}
	})
}

func TestOwnersReachWhatTheyOwnOutsideTheirUnits(t *testing.T) {
	onDesk(t, matters(record.ByOwner), func(d *desk) {
		a := access.Reach{Tops: []string{"a"}}
		d.may("anna", map[string]access.Reach{"see": a, "create": a, "edit": a})
		d.may("olga", map[string]access.Reach{"see": {}, "edit": {}}) // what Holder gives
		for who, said := range map[string]string{"olga": "Lige nu ejer den intet", "anna": "Her er intet endnu"} {
			if page := d.ask(who, "GET", "/matter", "").Body.String(); !strings.Contains(page, said) {
				t.Errorf("the empty list of %s does not say %q", who, said)
			}
		}
		mine := d.make("anna", map[string]string{"unit": "a", "title": "Olgas", "owner": "chief"})
		other := d.make("anna", map[string]string{"unit": "a", "title": "Andres"})
		if w := d.ask("olga", "GET", "/matter/"+mine, ""); w.Code != 200 {
			t.Errorf("the owner's own: %d, want 200", w.Code)
		}
		if w := d.ask("olga", "GET", "/matter/"+other, ""); w.Code != 404 {
			t.Errorf("another's: %d, want 404", w.Code)
		}
		list := d.ask("olga", "GET", "/api/v1/matters", "").Body.String()
		if !strings.Contains(list, mine) || strings.Contains(list, other) {
			t.Errorf("the owner's list: %s", list)
		}
		if w := d.ask("olga", "PATCH", "/api/v1/matters/"+mine, `{"title":"Nyt"}`, "If-Match", `"1"`); w.Code != 200 {
			t.Errorf("the owner changes it: %d %s", w.Code, w.Body)
		}
	})
}

func TestAClosedCaseIsThereForItsPeopleOnly(t *testing.T) {
	onDesk(t, matters(record.ByMember), func(d *desk) {
		everywhere := access.Reach{Whole: true}
		d.may("anna", map[string]access.Reach{"see": {}, "edit": {}, "create": everywhere})
		d.may("chief", map[string]access.Reach{"see": everywhere, "edit": everywhere, "create": everywhere}) // more than any role gives
		d.may("bo", map[string]access.Reach{"see": {}, "edit": {}})
		id := d.make("anna", map[string]string{"unit": "a", "title": "Påtale"})
		for who, code := range map[string]int{"anna": 200, "chief": 404, "bo": 404} {
			if w := d.ask(who, "GET", "/matter/"+id, ""); w.Code != code {
				t.Errorf("%s: %d, want %d", who, w.Code, code)
			}
			if list := d.ask(who, "GET", "/matter", "").Body.String() + d.ask(who, "GET", "/api/v1/matters", "").Body.String(); strings.Contains(list, id) != (code == 200) {
				t.Errorf("%s: a list knows of the case: %v", who, code != 200)
			}
		}
		d.do(func(w *store.Write) error {
			titles, err := record.Titles(&w.Read, func(yield func(string) bool) { yield(id) })
			if len(titles) > 0 {
				t.Error("the case has a title outside itself")
			}
			if err != nil {
				return err
			}
			return record.Admit(w, ref.Ref{Kind: "matter", ID: id}, "bo")
		})
		if w := d.ask("bo", "GET", "/matter/"+id, ""); w.Code != 200 {
			t.Errorf("let in: %d", w.Code)
		}
		d.do(func(w *store.Write) error { return record.Dismiss(w, ref.Ref{Kind: "matter", ID: id}, "bo") })
		if w := d.ask("bo", "GET", "/matter/"+id, ""); w.Code != 404 {
			t.Errorf("let out: %d", w.Code)
		}
	})
}
