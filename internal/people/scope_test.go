package people_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/filter"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

// country is as many units as all municipalities have, each with six below it.
const country = 35_000

// over is the number of the unit above another; 0 is the top.
func over(n int) int { return (n - 1) / 6 }

func unitID(n int) string {
	if n == 0 {
		return people.Top
	}
	return "u" + strconv.Itoa(n)
}

// fillCountry makes the units by statements of many rows, and what follows from them.
func fillCountry(t testing.TB, s *store.Store) {
	t.Helper()
	ctx := access.With(t.Context(), everything())
	err := s.Change(ctx, store.Intent{Verb: "test.fill", Need: "test"}, func(w *store.Write) error {
		var units, under, spans, titles [][]any
		for n := range country {
			id, name := unitID(n), fmt.Sprintf("Enhed %d", n)
			units = append(units, []any{id, unitID(over(max(n, 1))), "", strconv.Itoa(n), field.SortKey(strconv.Itoa(n)), name, field.SortKey(name), "department"})
			spans = append(spans, []any{id, w.Today, "", unitID(over(max(n, 1))), strconv.Itoa(n), name, "department"})
			titles = append(titles, []any{id, "unit", id, name, "", field.Fold(name)})
			for above := n; ; above = over(above) {
				under = append(under, []any{unitID(above), id})
				if above == 0 {
					break
				}
			}
		}
		err := w.Batch("unit", "country", func(b *store.Batch) error {
			_, err := b.Insert([]string{"id", "unit", "search", "number", "number_sort", "name", "name_sort", "kind"}, slices.Values(units))
			return err
		})
		if err != nil {
			return err
		}
		if err := w.InsertAll("unit_under", []string{"top", "unit"}, under, ""); err != nil {
			return err
		}
		if err := w.InsertAll("unit_span", []string{"unit", "starts", "ends", "above", "number", "name", "kind"}, spans, ""); err != nil {
			return err
		}
		return w.InsertAll("record_title", []string{"id", "kind", "unit", "title", "owner", "search"}, titles, "")
	})
	if err != nil {
		t.Fatal(err)
	}
}

// reaching is somebody who sees the units under some.
func reaching(wide bool, tops ...int) access.Actor {
	r := access.Reach{Wide: wide}
	for _, n := range tops {
		r.Tops = append(r.Tops, unitID(n))
	}
	return access.Actor{ID: "ida", Name: "Ida", May: map[access.Permission]access.Reach{"unit.see": r}}
}

// subtree are the units under some, themselves too, worked out by hand.
func subtree(tops ...int) map[string]bool {
	out := map[string]bool{}
	for n := range country {
		for above := n; ; above = over(above) {
			if slices.Contains(tops, above) {
				out[unitID(n)] = true
			}
			if above == 0 {
				break
			}
		}
	}
	return out
}

func TestAReachIsExactlyItsSubtreeAmong35000Units(t *testing.T) {
	if testing.Short() {
		t.Skip("fills 35,000 units")
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		fillCountry(t, s)
		for _, tops := range [][]int{{34_999}, {5_000}, {700}, {40, 41}, {3, 20}, {1}, {}} { // a leaf, a branch, two, one within another, a sixth of all, none
			for _, wide := range []bool{false, true} { // the hint changes speed, never rows
				ctx := access.With(t.Context(), reaching(wide, tops...))
				seen := map[string]bool{}
				for cursor := ""; ; {
					p, err := people.Units.List(ctx, s, record.Query{Filter: filter.All, Sort: "number", Limit: 200, After: cursor})
					if err != nil {
						t.Fatal(err)
					}
					for _, u := range p.Items {
						if seen[u.ID] {
							t.Fatalf("%v: %s twice", tops, u.ID)
						}
						seen[u.ID] = true
					}
					if cursor = p.Next; cursor == "" {
						break
					}
				}
				if want := subtree(tops...); !maps.Equal(seen, want) {
					t.Errorf("%v wide=%v: sees %d units, want %d", tops, wide, len(seen), len(want))
				}
			}
		}
		ctx := access.With(t.Context(), reaching(false, 5_000))
		for n, want := range map[int]bool{5_000: true, 30_001: true, 833: false, 4_999: false, 0: false} {
			err := s.View(ctx, "unit.see", func(q *store.Read) error {
				_, err := people.Units.Get(q, unitID(n))
				return err
			})
			if (err == nil) != want {
				t.Errorf("unit %d: %v, want to see it: %v", n, err, want)
			}
		}
	}, people.Schema())
}

// BenchmarkScope asks for the first page of 35,000 units, as somebody who
// reaches all, most, a sixth and few of them.
func BenchmarkScope(b *testing.B) {
	for _, url := range storetest.URLs(b) {
		engine, _, _ := strings.Cut(url, "://")
		if engine != "postgres" {
			engine = "sqlite"
		}
		b.Run(engine, func(b *testing.B) {
			s := storetest.Open(b, url, people.Schema())
			fillCountry(b, s)
			whole := reaching(false)
			whole.May["unit.see"] = access.Reach{Whole: true}
			for _, c := range []struct {
				name string
				access.Actor
			}{{"whole", whole}, {"wide", reaching(true, 1, 2, 3, 4, 5)}, {"sixth", reaching(false, 1)}, {"narrow", reaching(false, 5_000)}} {
				for _, sort := range []string{"name", "number"} {
					b.Run(c.name+"/"+sort, func(b *testing.B) {
						ctx := access.With(b.Context(), c.Actor)
						for b.Loop() {
							if p, err := people.Units.List(ctx, s, record.Query{Filter: filter.All, Sort: sort, Limit: 50}); err != nil || len(p.Items) == 0 {
								b.Fatal(err)
							}
						}
					})
				}
			}
		})
	}
}
