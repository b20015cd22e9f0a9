package search_test

import (
	"context"
	"fmt"
	"slices"
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

func things(name string, rows record.Rows, sensitive bool) *record.Register[Thing] {
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
	all    = []*record.Register[Thing]{plain, owned, closed, hushed}
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
func (t *town) add(r *record.Register[Thing], unit, title, text string) string {
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

func TestFindsWordsInEveryForm(t *testing.T) {
	each(t, func(t *town) {
		for _, title := range []string{
			"Leverandøraftale", "Databehandleraftalen", "Aftaler", "Tilsyn", "Databehandlertilsyn", "Skærmen låses", "Børn og Unge",
			"Frist efter § 7 i loven", "Frist efter § 70 i loven", "Følger artikel 28", "Regel R-12 om koder", "It-sikkerhed", "Sag 2026/123", "Café Åben", "Afdeling i Aabenraa",
		} {
			t.add(plain, "a", title, "")
		}
		t.add(plain, "a", "Om noget andet", "Her står der leverandørstyring og opsigelse af kontrakten.")
		for words, want := range map[string][]string{
			"aftale":               {"Aftaler", "Databehandleraftalen", "Leverandøraftale"},
			"aftalerne":            {"Aftaler", "Databehandleraftalen", "Leverandøraftale"},
			"tilsyn":               {"Tilsyn", "Databehandlertilsyn"},
			"leverandør":           {"Leverandøraftale", "Om noget andet"},
			"lever":                {"Leverandøraftale", "Om noget andet"},
			"databeh":              {"Databehandlertilsyn", "Databehandleraftalen"},
			"skærm":                {"Skærmen låses"},
			"unge børn":            {"Børn og Unge"},
			"børn og":              {"Børn og Unge"},
			"§ 7":                  {"Frist efter § 7 i loven"},
			"§7":                   {"Frist efter § 7 i loven"},
			"paragraf 70":          {"Frist efter § 70 i loven"},
			"art. 28":              {"Følger artikel 28"},
			"R-12":                 {"Regel R-12 om koder"},
			"r12":                  {"Regel R-12 om koder"},
			"it sikkerhed":         {"It-sikkerhed"},
			"it-sikkerheden":       {"It-sikkerhed"},
			"2026-123":             {"Sag 2026/123"},
			"cafe":                 {"Café Åben"},
			"åbenrå":               {"Afdeling i Aabenraa"},
			"kontrakt opsagt":      nil,
			"opsigelser kontrakt":  {"Om noget andet"},
			"leverandør opsigelse": {"Om noget andet"},
			"bor":                  nil, // ø is no o
			`"); DROP * ' \ :* &`:  nil,
			"":                     nil,
		} {
			if got := t.found(t.as("anna", whole), words); !slices.Equal(got, want) {
				t.Errorf("%q finds %q, want %q", words, got, want)
			}
		}
	})
}

func TestRanksTitleBeforeTextAndExactBeforeStemBeforePart(t *testing.T) {
	each(t, func(t *town) {
		t.add(plain, "a", "Aftale", "")
		t.add(plain, "a", "Om aftaler", "")
		t.add(plain, "a", "Noget", "her er en aftale")
		t.add(plain, "a", "Andet", "her er aftalerne")
		t.add(plain, "a", "Leverandøraftale", "")
		want := []string{"Aftale", "Om aftaler", "Noget", "Andet", "Leverandøraftale"}
		if got := t.found(t.as("anna", whole), "aftale"); !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}
		for most := 1; most < 4; most++ {
			var got []string
			after := ""
			for range 6 {
				a, err := t.find.Search(t.as("anna", whole), search.Ask{Words: "aftale", Kind: "plain", Most: most, After: after})
				if err != nil {
					t.Fatal(err)
				}
				for _, h := range a.Kinds[0].Hits {
					_, title, _ := strings.Cut(h.Title, " ")
					got = append(got, title)
				}
				if after = a.Next; after == "" {
					break
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("in pages of %d: %q", most, got)
			}
		}
	})
}

func TestProposesWhatWasMeant(t *testing.T) {
	each(t, func(t *town) {
		t.add(plain, "a", "Leverandørtilsyn", "")
		t.add(plain, "b", "Beredskabsøvelser", "")
		for words, want := range map[string]string{"levrandørtilsyn": "leverandørtilsyn", "bredskabsøvelse": "", "leverandørtilsyn": "", "xyzxyz": ""} {
			a, err := t.find.Search(t.as("bo", access.Reach{Tops: []string{"a"}}), search.Ask{Words: words, Most: 5})
			if err != nil {
				t.Fatal(err)
			}
			if a.Slip != want {
				t.Errorf("%q proposes %q, want %q", words, a.Slip, want)
			}
		}
	})
}

// TestFindsExactlyWhatListsShow holds search against the lists, for everybody.
func TestFindsExactlyWhatListsShow(t *testing.T) {
	each(t, func(t *town) {
		units := []string{people.Top, "a", "a1", "b"}
		for i := range 60 {
			r := all[i%len(all)]
			rec := Thing{Head: record.Head{Unit: units[i/4%4]}, Number: fmt.Sprint("P-", i), Title: "Genstand", Text: "genstandens tekst", Secret: "hemmeligheden"}
			if i%3 == 0 {
				rec.Owner = t.position
			}
			t.change(func(w *store.Write) error {
				if err := r.Add(w, &rec); err != nil || r != closed || i%8 != 2 {
					return err
				}
				return record.Admit(w, r.Ref(&rec), "anna")
			})
		}
		for _, who := range []string{"anna", "bo"} {
			for _, reach := range []access.Reach{{}, whole, {Tops: []string{"a"}}, {Tops: []string{"a"}, Wide: true}, {Tops: []string{"a1", "b"}}, {Tops: []string{"nowhere"}}} {
				ctx := t.as(who, reach)
				a, err := t.find.Search(ctx, search.Ask{Words: "genstand", Most: 100})
				if err != nil {
					t.Fatal(err)
				}
				got := map[string][]string{}
				for _, f := range a.Kinds {
					for _, h := range f.Hits {
						got[f.Kind.Kind] = append(got[f.Kind.Kind], h.Record)
					}
				}
				for _, r := range all {
					p, err := r.List(ctx, t.s, record.Query{Limit: 500})
					if err != nil {
						t.Fatal(err)
					}
					var want []string
					for _, rec := range p.Items {
						want = append(want, rec.ID)
					}
					slices.Sort(want)
					slices.Sort(got[r.Name])
					if !slices.Equal(got[r.Name], want) {
						t.Errorf("%s in %v finds %d of %s, the list shows %d", who, reach, len(got[r.Name]), r.Name, len(want))
					}
				}
				if got := t.found(ctx, "hemmelighed"); got != nil {
					t.Errorf("%s finds sensitive fields: %q", who, got)
				}
				for _, f := range a.Kinds {
					if b, err := t.find.Search(ctx, search.Ask{Words: "tekst", Kind: "hushed", Most: 5}); err != nil || len(b.Kinds) > 0 {
						t.Errorf("%s finds the text of a sensitive kind: %v %v", who, f, err)
					}
				}
			}
		}
	})
}

func TestFollowsWhatChanges(t *testing.T) {
	each(t, func(t *town) {
		id := t.add(plain, "a", "Gammelt navn", "")
		here, there := t.as("bo", access.Reach{Tops: []string{"a"}}), t.as("bo", access.Reach{Tops: []string{"b"}})
		t.change(func(w *store.Write) error {
			old, err := plain.Get(&w.Read, id)
			if err != nil {
				return err
			}
			rec := old
			rec.Title, rec.Unit = "Nyt navn", "b"
			return plain.Replace(w, old, &rec)
		})
		if got := t.found(here, "navn"); got != nil {
			t.Errorf("finds %q where it no longer is", got)
		}
		if got := t.found(there, "gammelt"); got != nil {
			t.Errorf("finds %q by what it was called", got)
		}
		if got := t.found(there, "nyt"); len(got) != 1 {
			t.Errorf("finds %q", got)
		}
	})
}

func TestFillsWhatIsOlderThanTheIndex(t *testing.T) {
	each(t, func(t *town) {
		for i := range 250 {
			t.add(all[i%2], "a", fmt.Sprint("Genstand ", i), "")
		}
		work := func(query string) {
			err := t.s.Work(t.Context(), func(w *store.Work) error { return w.Do(query, nil) })
			if err != nil {
				t.Fatal(err)
			}
		}
		ctx := t.as("anna", whole)
		asked := search.Ask{Words: "genstand", Most: 5}
		if err := t.find.Fill(t.Context()); err != nil {
			t.Fatal(err)
		}
		a, err := t.find.Search(ctx, asked)
		if n, _ := a.Total(); err != nil || n != 250 || a.Unread != nil {
			t.Fatalf("filling again leaves %d, unread %v: %v", n, a.Unread, err)
		}
		work(`DELETE FROM search_entry`)
		work(`UPDATE work_search SET done = 0, after = '' WHERE kind = 'plain'`)
		work(`UPDATE work_search SET edition = edition - 1 WHERE kind = 'owned'`)
		again := search.NewEngine(t.s, modules())
		if a, err = again.Search(ctx, asked); err != nil || len(a.Kinds) != 0 || len(a.Unread) != 2 {
			t.Errorf("an empty index finds %v, unread %v: %v", a.Kinds, a.Unread, err)
		}
		stopped, stop := context.WithCancel(t.Context())
		stop()
		if err := again.Fill(stopped); err == nil {
			t.Error("a stopped filling says it is done")
		}
		if err := again.Fill(t.Context()); err != nil {
			t.Fatal(err)
		}
		a, err = again.Search(ctx, asked)
		if n, _ := a.Total(); err != nil || n != 250 || a.Unread != nil {
			t.Errorf("after filling %d, unread %v: %v", n, a.Unread, err)
		}
	})
}

func TestStatementsDoNotGrowWithTheHits(t *testing.T) {
	each(t, func(t *town) {
		ctx := t.as("anna", access.Reach{Tops: []string{"a"}})
		count := func() int64 {
			before := t.s.Statements()
			t.found(ctx, "genstand")
			return t.s.Statements() - before
		}
		t.add(plain, "a", "Genstand", "")
		few := count()
		for i := range 40 {
			t.add(plain, "a", fmt.Sprint("Genstand ", i), "")
		}
		if many := count(); many != few || many > 10 {
			t.Errorf("%d statements for one hit, %d for 41", few, many)
		}
	})
}
