package search_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/filter"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/search"
	"vaern/internal/store"
)

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
					p, err := r.List(ctx, t.s, record.Query{Filter: filter.All, Limit: 500})
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
		other := t.add(owned, "b", "Noget ejet", "")
		t.change(func(w *store.Write) error {
			return errors.Join(record.Place(w, ref.Ref{Kind: "plain", ID: id}, "a"), record.Give(w, ref.Ref{Kind: "owned", ID: other}, t.position))
		})
		if here, there := t.found(here, "nyt"), t.found(there, "nyt"); len(here) != 1 || there != nil {
			t.Errorf("a record that was placed elsewhere is found there by %q, here by %q", here, there)
		}
		if got := t.found(t.as("anna", access.Reach{}), "ejet"); len(got) != 1 {
			t.Errorf("who was given a record finds %q", got)
		}
		t.change(func(w *store.Write) error { return record.Remove(w, ref.Ref{Kind: "plain", ID: id}) })
		if got := t.found(here, "nyt"); got != nil {
			t.Errorf("finds %q, which was removed", got)
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
