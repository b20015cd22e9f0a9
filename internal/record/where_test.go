package record_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/filter"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

// holds is what a filter means, said in Go: SQL must admit exactly this.
func holds(f filter.Filter, a Asset, today, mine string) bool {
	switch f.Kind {
	case filter.Not:
		return !holds(f.Parts[0], a, today, mine)
	case filter.Or:
		return slices.ContainsFunc(f.Parts, func(p filter.Filter) bool { return holds(p, a, today, mine) })
	case filter.And:
		return !slices.ContainsFunc(f.Parts, func(p filter.Filter) bool { return !holds(p, a, today, mine) })
	case filter.Words:
		return strings.Contains(field.Fold(a.Title+" "+a.Number), field.Fold(f.Value))
	}
	switch f.Field {
	case "level":
		var n int64
		fmt.Sscan(f.Value, &n)
		return map[filter.Op]bool{filter.Is: a.Level == n, filter.Before: a.Level < n, filter.After: a.Level > n, filter.AtMost: a.Level <= n, filter.AtLeast: a.Level >= n}[f.Op]
	case "due":
		if f.Op == filter.Missing || a.Due == "" {
			return f.Op == filter.Missing && a.Due == ""
		}
		from, to := filter.Days(f.Value, today)
		d := string(a.Due)
		return map[filter.Op]bool{filter.Is: from <= d && d <= to, filter.Before: d < from, filter.After: d > to, filter.AtMost: d <= to, filter.AtLeast: d >= from}[f.Op]
	case "owner":
		if f.Op == filter.Missing {
			return a.Owner == ""
		}
		return a.Owner == mine && mine != "" // by me, by its title, by who holds it and by their number, this one is meant
	}
	if f.Op == filter.Has {
		return strings.Contains(strings.ToLower(a.Title), strings.ToLower(f.Value))
	}
	return strings.EqualFold(a.Title, f.Value)
}

var conditions = []string{
	"titel indeholder ål", "titel indeholder ÆBLE", `titel er "æble 3"`, "niveau er 2", "niveau mindst 3", "niveau mere end 1", "niveau højst 0",
	"frist mangler", "frist før 1.4.2026", "frist efter 2026-03-10", "frist denne måned", "frist overskredet", "frist senest om 14 dage",
	"frist tidligst i dag", "ejer er mig", "ejer mangler", "ejer er Testchef", "ejer er anna", "ejer er med-1042", "ejer er »MED-1042«", "a-1", "ål", "%",
}

func anyFilter(r *rand.Rand, deep int) string {
	c := conditions[r.IntN(len(conditions))]
	if deep == 0 || r.IntN(3) == 0 {
		return c
	}
	switch r.IntN(3) {
	case 0:
		return "ikke (" + anyFilter(r, deep-1) + ")"
	case 1:
		return "(" + anyFilter(r, deep-1) + ") eller (" + anyFilter(r, deep-1) + ")"
	}
	return "(" + anyFilter(r, deep-1) + ") og (" + anyFilter(r, deep-1) + ")"
}

// hold makes a person who holds a position.
func hold(t *testing.T, s *store.Store, person, position string) {
	t.Helper()
	ctx := access.With(context.Background(), access.Machine("test", "test", "holding.edit"))
	if err := s.Change(ctx, store.Intent{Verb: "test.hold", Need: "holding.edit"}, func(w *store.Write) error {
		p := people.Person{Head: record.Head{ID: person, Unit: "a"}, Number: "MED-1042", Name: "Anna", Category: "employee"}
		if err := people.Persons.Add(w, &p); err != nil {
			return err
		}
		return people.Holdings.Add(w, &people.Holding{Head: record.Head{Unit: "a"}, Person: person, Position: position, Starts: "2025-01-01"})
	}); err != nil {
		t.Fatal(err)
	}
}

func TestAFilterFindsExactlyWhatItSays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		mine := settle(t, s)
		reach := access.Reach{Whole: true}
		ctx := access.With(context.Background(), storetest.Actor("anna", reach, "asset.see", "asset.create", "asset.edit"))
		var all []Asset
		for i := range 60 {
			a := Asset{Head: record.Head{Unit: "a"}, Title: fmt.Sprintf("%s %d", []string{"Æble", "ål", "ÅL og æble", "x%y", "Zebra"}[i%5], i%7), Level: int64(i % 5)}
			if i%4 != 0 {
				a.Due = field.Date(fmt.Sprintf("2026-%02d-%02d", 2+i%3, 1+i%27))
			}
			if i%3 == 0 {
				a.Owner = mine
			}
			a, err := assets.Create(ctx, s, a, "")
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, a)
		}
		hold(t, s, "anna", mine)
		random := rand.New(rand.NewPCG(7, 11))
		err := s.View(ctx, "asset.see", func(q *store.Read) error {
			lang := filter.Language{Fields: assets.Fields(), Today: q.Today}
			for range 400 {
				text := anyFilter(random, 3)
				f, err := lang.Parse(text)
				if err != nil {
					return fmt.Errorf("%s: %w", text, err)
				}
				p, err := assets.Page(q, record.Query{Filter: f, Limit: 100})
				if err != nil {
					return fmt.Errorf("%s: %w", text, err)
				}
				var got, want []string
				for _, a := range p.Items {
					got = append(got, a.Number)
				}
				for _, a := range all {
					if holds(f, a, q.Today, mine) {
						want = append(want, a.Number)
					}
				}
				slices.Sort(got)
				if slices.Sort(want); !slices.Equal(got, want) {
					t.Errorf("%s (%s): got %d, want %d: %v, %v", text, f, len(got), len(want), got, want)
				}
				if n, err := assets.Count(q, record.Query{Filter: f}, 1001); err != nil || n != len(want) {
					t.Errorf("%s: counted %d, %v; want %d", text, n, err, len(want))
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}, people.Schema(), assetSchema)
}

func TestAListIsFilteredByANumberBeforeWordsThatHaveIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		settle(t, s)
		ctx := access.With(context.Background(), storetest.Actor("anna", access.Reach{Whole: true}, "asset.see", "asset.create", "unit.edit"))
		if err := s.Change(ctx, store.Intent{Verb: "test.units", Need: "unit.edit"}, func(w *store.Write) error {
			for id, u := range map[string][2]string{"number": {"12-34", "Skolen"}, "words": {"12-34-5", "Barak 12-34"}, "whole": {"9", "12-34"}, "other": {"7", "Barak 77"}} {
				unit := people.Unit{Head: record.Head{ID: id, Unit: people.Top}, Number: u[0], Name: u[1], Kind: "team"}
				if err := people.Units.Add(w, &unit); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for _, unit := range []string{"number", "words", "whole", "other"} {
			if _, err := assets.Create(ctx, s, Asset{Head: record.Head{Unit: unit}, Title: unit}, ""); err != nil {
				t.Fatal(err)
			}
		}
		for text, want := range map[string][]string{
			"enhed er 12-34": {"number", "whole"}, "enhed er 12-34-5": {"words"}, "enhed under 12-34": {"number", "whole"},
			"enhed er 7": {"other"}, "enhed er 77": {"other"}, "enhed er 12": {"whole", "words"}, "enhed er 1234": nil,
		} {
			if err := s.View(ctx, "asset.see", func(q *store.Read) error {
				f, err := filter.Language{Fields: assets.Fields(), Today: q.Today}.Parse(text)
				if err != nil {
					return err
				}
				p, err := assets.Page(q, record.Query{Filter: f})
				var got []string
				for _, a := range p.Items {
					got = append(got, a.Title)
				}
				if slices.Sort(got); !slices.Equal(got, want) {
					t.Errorf("%s: got %v, want %v", text, got, want)
				}
				value := text[strings.LastIndex(text, " ")+1:]
				if known, err := record.Known(q, "unit", value); err != nil || known != (want != nil) {
					t.Errorf("%q is known: %v, %v", value, known, err)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
	}, people.Schema(), assetSchema)
}

func TestWhatIsSensitiveOrUnknownCannotBeFilteredBy(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		settle(t, s)
		ctx := access.With(context.Background(), storetest.Actor("anna", access.Reach{Whole: true}, "asset.see"))
		for _, name := range []string{"secret", "no_such", "title = '' OR 1 = 1 --"} {
			_, err := assets.List(ctx, s, record.Query{Filter: filter.Equals(name, "x")})
			if problem.Of(err) != problem.Invalid {
				t.Errorf("%s: %v, want invalid", name, err)
			}
		}
	}, people.Schema(), assetSchema)
}

func TestWhatAReferenceMeansIsCalledByItsName(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		mine := settle(t, s)
		hold(t, s, "anna", mine)
		for _, c := range []struct {
			may  []access.Permission
			want map[string]string
		}{
			{[]access.Permission{"asset.see", "position.see"}, map[string]string{mine: "Testchef", "MED-1042": "Testchef", "test": "Testchef", "ann": "Testchef"}},
			{[]access.Permission{"asset.see"}, map[string]string{mine: "Testchef"}}, // words tell nobody what there is out of sight
		} {
			ctx := access.With(context.Background(), storetest.Actor("anna", access.Reach{Whole: true}, c.may...))
			if err := s.View(ctx, "asset.see", func(q *store.Read) error {
				var refs []filter.Filter
				for _, text := range []string{mine, "MED-1042", "test", "ann", "ingen"} {
					refs = append(refs, filter.Equals("owner", text))
				}
				got, err := assets.Named(q, refs)
				if !maps.Equal(got, c.want) {
					t.Errorf("with %v got %v, want %v", c.may, got, c.want)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
	}, people.Schema(), assetSchema)
}

func TestAnIDIsNoWordOfATitle(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		mine := settle(t, s)
		ctx := access.With(context.Background(), access.Machine("test", "test", "position.create", "asset.create", "asset.see"))
		err := s.Change(ctx, store.Intent{Verb: "test.do", Need: "position.create"}, func(w *store.Write) error {
			other := people.Position{Head: record.Head{Unit: "a"}, Title: "Afløser for " + mine}
			if err := people.Positions.Add(w, &other); err != nil {
				return err
			}
			for _, owner := range []string{mine, other.ID} {
				if err := assets.Add(w, &Asset{Head: record.Head{Unit: "a"}, Title: "Aktiv " + owner, Level: 1, Owner: owner}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		p, err := assets.List(ctx, s, record.Query{Filter: filter.Equals("owner", mine)})
		if err != nil || len(p.Items) != 1 || p.Items[0].Owner != mine {
			t.Errorf("%d are found by an id, want the one (%v)", len(p.Items), err)
		}
	}, people.Schema(), assetSchema)
}
