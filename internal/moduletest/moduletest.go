// Package moduletest is what every declared register must pass, in one line:
//
//	func TestModule(t *testing.T) { moduletest.Exercise(t, Module()) }
package moduletest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/ledger"
	"vaern/internal/module"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
	"vaern/internal/web"
	"vaern/internal/web/kit"
)

// Exercise tries what a declared register promises, on every database, with a
// narrow and a wide reach.
func Exercise(t *testing.T, m module.Module) {
	for _, rule := range []struct {
		name string
		try  func(*try)
	}{
		{"create and find", createAndFind},
		{"required fields are marked and nothing is lost", requiredFields},
		{"a change needs the newest version", staleVersions},
		{"every verb needs its permission", permissions},
		{"outside the scope nothing exists", scope},
		{"pages are whole in every order", paging},
		{"a GET leaves no trace, a change leaves one leaf", traces},
		{"history tells what was so", history},
		{"a filter finds what a record has", filters},
		{"a page belongs to its list", cursors},
		{"columns are those that were chosen", columns},
		{"a list is kept under a name", savedViews},
		{"several are changed as was shown", severalChanged},
		{"programs are answered as the standards say", programs},
		{"what cannot be read changes nothing", brokenBodies},
		{"a program changes the version it names", versions},
		{"what is sent again is done once", safeAgain},
		{"many at once are answered each", manyAtOnce},
		{"who may only look changes nothing", onlyLooking},
		{"changes of different fields meet, of the same one ask", changesMeet},
		{"a change can be taken back", takenBack},
		{"it has a past", itsPast},
		{"links hold both ways, each end for who sees it", links},
		{"files come down as they went up, and only for who sees them", attached},
		{"comments mention, are corrected and withdrawn", comments},
		{"a page's statements do not grow with its rows", statements},
	} {
		for _, wide := range []bool{false, true} { // the hint may change speed, never rows
			t.Run(fmt.Sprintf("%s/wide=%v", rule.name, wide), func(t *testing.T) {
				storetest.Each(t, func(t *testing.T, s *store.Store) {
					tr := &try{T: t, m: m, s: s, wide: wide}
					tr.settle()
					tr.as("anna")
					tr.site = web.New(s, func(*http.Request) (access.Actor, error) { return tr.actor, nil })
					m.Mount(tr.site)
					tr.around()
					rule.try(tr)
				}, module.Schemas([]module.Module{m})...)
			})
		}
	}
}

// try is one rule being tried by one actor at a time. Units a and b stand under
// the top; anna reaches a, bo reaches b.
type try struct {
	*testing.T
	m     module.Module
	s     *store.Store
	site  *web.Site
	actor access.Actor
	wide  bool
	about map[string]string // register → a record that a reference may point at

	folder string // where files are kept
}

var verbs = []string{"see", "create", "edit"}

// as makes somebody act, with these verbs only; none are all.
func (t *try) as(who string, only ...string) {
	if len(only) == 0 {
		only = verbs
	}
	reach := access.Reach{Tops: []string{map[string]string{"anna": "a", "bo": "b"}[who]}, Wide: t.wide}
	t.actor = access.Actor{ID: who, Name: who, May: map[access.Permission]access.Reach{}}
	for _, v := range only {
		t.actor.May[access.Permission(t.m.Name+"."+v)] = reach
	}
	for _, c := range kit.Capabilities() {
		for _, p := range c.Roles[access.Holder] {
			t.actor.May[p] = access.Reach{}
		}
	}
}

// settle makes units, and a record of every kind that a field points at.
func (t *try) settle() {
	t.Helper()
	t.about = map[string]string{}
	ctx := access.With(t.Context(), access.Machine("test", "test"))
	err := t.s.Change(ctx, store.Intent{Verb: "test.settle", Need: "test"}, func(w *store.Write) error {
		if err := people.FoundTop(w); err != nil {
			return err
		}
		for _, u := range [][2]string{{people.Top, people.Top}, {"a", people.Top}, {"b", people.Top}} {
			rec := people.Unit{Head: record.Head{ID: u[0], Unit: u[1]}, Number: "u" + u[0], Name: "Enhed " + u[0], Kind: "department"}
			if err := people.Units.Add(w, &rec); err != nil {
				return err
			}
		}
		head := record.Head{Unit: "a"}
		p := people.Position{Head: head, Title: "Testchef"}
		n := people.Person{Head: head, Number: "p1", Name: "Test Person", Category: "employee"}
		x := people.Person{Head: head, Number: "p2", Name: "Fremmed Person", Category: "employee"}
		b := people.Body{Head: head, Name: "Testudvalget", Kind: people.Committee}
		for _, err := range []error{people.Positions.Add(w, &p), people.Persons.Add(w, &n), people.Persons.Add(w, &x), people.Bodies.Add(w, &b)} {
			if err != nil {
				return err
			}
		}
		t.about["position"], t.about["person"], t.about["body"], t.about["stranger"] = p.ID, n.ID, b.ID, x.ID
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// sample is the n-th example record, as a form writes it; unit is where it lives.
func (t *try) sample(n int, unit string) url.Values {
	v := url.Values{"version": {"0"}}
	for _, f := range t.m.Fields {
		switch {
		case f.Set:
		case f.IsUnit():
			v.Set(f.Name, unit)
		default:
			v.Set(f.Name, t.example(f, n))
		}
	}
	return v
}

func (t *try) example(f field.Field, n int) string {
	if f.Example != "" {
		return f.Example
	}
	switch f.Kind {
	case field.Choice, field.Several:
		return f.Choices[n%len(f.Choices)][0]
	case field.Int:
		if f.Bounded() {
			return fmt.Sprint(f.Min + int64(n)%(f.Max-f.Min+1))
		}
		return fmt.Sprint(n % 4)
	case field.Bool:
		return []string{"", "1"}[n%2]
	case field.Day:
		if f.Null() && n%3 == 0 {
			return ""
		}
		return fmt.Sprintf("2026-%02d-15", 1+n%5)
	case field.Ref:
		return t.about[f.To]
	}
	if f.Key {
		return fmt.Sprintf("K-%03d", n)
	}
	return fmt.Sprintf("%s %c %d", []string{"Æble", "Ørn", "Ål", "Zebra", "aften"}[n%5], 'a'+n%7, n)
}

// body is the sample as JSON.
func (t *try) body(v url.Values) string {
	out := map[string]any{}
	for _, f := range t.m.Fields {
		switch x := v.Get(f.Name); {
		case f.Set:
		case f.Kind == field.Int:
			out[f.Name] = json.Number(x)
		case f.Kind == field.Bool:
			out[f.Name] = x != ""
		case f.Kind == field.Several:
			out[f.Name] = strings.Fields(x)
		case f.Null() && x == "":
			out[f.Name] = nil
		default:
			out[f.Name] = x
		}
	}
	b, err := json.Marshal(out)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func (t *try) send(method, path, kind, body string, head ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for i := 0; i < len(head); i += 2 {
		r.Header.Set(head[i], head[i+1])
	}
	w := httptest.NewRecorder()
	t.site.ServeHTTP(w, r)
	return w
}

func (t *try) get(path string) *httptest.ResponseRecorder {
	t.Helper()
	return t.send("GET", path, "", "")
}

func (t *try) form(path string, v url.Values) *httptest.ResponseRecorder {
	t.Helper()
	return t.send("POST", path, "application/x-www-form-urlencoded", v.Encode())
}

// want fails unless the answer has the status and contains the texts.
func (t *try) want(w *httptest.ResponseRecorder, code int, has ...string) *httptest.ResponseRecorder {
	t.Helper()
	if w.Code != code {
		t.Fatalf("got %d, want %d: %s", w.Code, code, w.Body)
	}
	for _, h := range has {
		if !strings.Contains(w.Body.String(), h) {
			t.Fatalf("want %q in %s", h, w.Body)
		}
	}
	return w
}

// create makes the n-th sample in a unit through REST and returns its path there.
func (t *try) create(n int, unit string) string {
	t.Helper()
	w := t.send("POST", t.api(), "application/json", t.body(t.sample(n, unit)))
	return t.want(w, 201).Header().Get("Location")
}

func (t *try) at() string  { return "/" + t.m.Name }
func (t *try) api() string { return "/api/v1/" + t.m.Plural }

// page is the page of a record whose address for programs is path.
func (t *try) page(path string) string { return t.at() + path[strings.LastIndex(path, "/"):] }

func (t *try) leaves() (n int) {
	ctx := access.With(t.Context(), access.Machine("test", "test"))
	err := t.s.View(ctx, "test", func(q *store.Read) error {
		return q.Leaves(func(*ledger.Leaf) error {
			n++
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// the is the first field for which ok holds.
func (t *try) the(ok func(field.Field) bool) (field.Field, bool) {
	for _, f := range t.m.Fields {
		if ok(f) {
			return f, true
		}
	}
	return field.Field{}, false
}

// title is the field that names a record and that a test may change.
func (t *try) title() field.Field {
	f, ok := t.the(func(f field.Field) bool { return f.Title && !f.Set })
	if !ok {
		t.Skip("its title follows from other fields")
	}
	return f
}
