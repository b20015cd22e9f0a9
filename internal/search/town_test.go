package search_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/module"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/search"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
	"vaern/internal/web/kit"
)

// Thing is a record of a register that there is only here; the register says
// who reaches its rows.
type Thing struct {
	record.Head
	Number string `da:"Nr." en:"No." is:"key named sort"`
	Title  string `da:"Titel" en:"Title" is:"title sort"`
	Text   string `da:"Tekst" en:"Text" is:"long"`
	Secret string `da:"Hemmeligt" en:"Secret" is:"long sensitive"`
	Owner  string `da:"Ejer" en:"Owner" is:"ref:position"`
}

func things(name string, rows record.Rows, sensitive bool) *record.Records[Thing] {
	return record.New(record.Register[Thing]{
		Name: name, One: i18n.Text{"Ting", "Thing"}, Many: i18n.Text{"Ting", "Things"}, About: i18n.Text{"Prøvens ting.", "The test's things."},
		Rows: rows, Sensitive: sensitive,
		Schema: fstest.MapFS{"0001.sql": {Data: []byte(`CREATE TABLE ` + name + ` (id TEXT PRIMARY KEY, version BIGINT NOT NULL, unit TEXT NOT NULL,
			updated_at TEXT NOT NULL, updated_by TEXT NOT NULL, search TEXT NOT NULL, number TEXT NOT NULL UNIQUE, number_sort TEXT NOT NULL,
			title TEXT NOT NULL, title_sort TEXT NOT NULL, text TEXT NOT NULL, secret TEXT NOT NULL, owner TEXT NOT NULL);`)}},
	})
}

var (
	plain  = things("plain", record.ByUnit, false)
	owned  = things("owned", record.ByOwner, false)
	closed = things("closed", record.ByMember, false)
	hushed = things("hushed", record.ByUnit, true)
	all    = []*record.Records[Thing]{plain, owned, closed, hushed}
)

func modules() (out []module.Module) {
	for _, r := range all {
		out = append(out, kit.Module(kit.Register[Thing]{Register: r, See: module.Everyone}))
	}
	return out
}

// town is a small municipality in which things are looked for.
type town struct {
	*testing.T
	s        *store.Store
	find     *search.Engine
	position string // anna holds it, in unit b
}

// each tries fn on every database, in units a (with a1 below it) and b.
func each(t *testing.T, fn func(*town)) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		tw := &town{T: t, s: s, find: search.NewEngine(s, modules())}
		tw.change(func(w *store.Write) error {
			if err := people.FoundTop(w); err != nil {
				return err
			}
			for _, u := range [][2]string{{people.Top, people.Top}, {"a", people.Top}, {"a1", "a"}, {"b", people.Top}} {
				rec := people.Unit{Head: record.Head{ID: u[0], Unit: u[1]}, Number: "u" + u[0], Name: "Enhed " + u[0], Kind: "department"}
				if err := people.Units.Add(w, &rec); err != nil {
					return err
				}
			}
			p := people.Position{Head: record.Head{Unit: "b"}, Title: "Chef"}
			n := people.Person{Head: record.Head{ID: "anna", Unit: "b"}, Number: "1", Name: "Anna", Category: "employee"}
			if err := people.Positions.Add(w, &p); err != nil {
				return err
			}
			tw.position = p.ID
			if err := people.Persons.Add(w, &n); err != nil {
				return err
			}
			return people.Holdings.Add(w, &people.Holding{Head: record.Head{Unit: "b"}, Person: "anna", Position: p.ID, Starts: field.Date("2020-01-01")})
		})
		fn(tw)
	}, module.Schemas(modules())...)
}

func (t *town) change(fn func(*store.Write) error) {
	t.Helper()
	may := []access.Permission{"test"}
	for _, r := range all {
		may = append(may, r.Can("see"), r.Can("edit"), r.Can("create"), r.Can("sensitive"))
	}
	ctx := access.With(t.Context(), access.Machine("test", may...))
	if err := t.s.Change(ctx, store.Intent{Verb: "test.make", Need: "plain.create"}, fn); err != nil {
		t.Fatal(err)
	}
}

// add makes a thing and returns its id.
func (t *town) add(r *record.Records[Thing], unit, title, text string) string {
	t.Helper()
	rec := Thing{Head: record.Head{Unit: unit}, Title: title, Text: text}
	t.change(func(w *store.Write) error {
		rec.ID = w.NewID()
		rec.Number = "N-" + rec.ID[len(rec.ID)-8:]
		return r.Add(w, &rec)
	})
	return rec.ID
}

// as is somebody who sees all four registers in a reach.
func (t *town) as(who string, reach access.Reach) context.Context {
	a := access.Actor{ID: who, Name: who, May: map[access.Permission]access.Reach{}}
	for _, r := range all {
		a.May[r.Can("see")] = reach
	}
	return access.With(t.Context(), a)
}

var whole = access.Reach{Whole: true}

// found are the titles that somebody finds, best first.
func (t *town) found(ctx context.Context, words string) (out []string) {
	t.Helper()
	a, err := t.find.Search(ctx, search.Ask{Words: words, Most: 50})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range a.Kinds {
		if len(f.Hits) != f.Count {
			t.Errorf("%q: %s counts %d and shows %d", words, f.Kind.Kind, f.Count, len(f.Hits))
		}
		for _, h := range f.Hits {
			_, title, _ := strings.Cut(h.Title, " ")
			out = append(out, title)
		}
	}
	return out
}
