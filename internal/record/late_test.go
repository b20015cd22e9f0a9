package record_test

import (
	"context"
	"slices"
	"testing"

	"vaern/internal/access"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

// A unit that has closed is no area in which nothing is late; what is late there
// all the same is told.
func TestAClosedUnitTellsOfWhatIsLateThereOnly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		settle(t, s)
		ctx := access.With(context.Background(), storetest.Actor("anna", access.Reach{Whole: true}, "asset.see", "asset.create", "unit.edit"))
		told := func(want ...string) {
			t.Helper()
			var areas []string
			if err := s.View(ctx, "asset.see", func(q *store.Read) error {
				all, err := record.LateBelow(q, people.Top)
				for _, l := range all {
					areas = append(areas, l.Area.ID)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			slices.Sort(areas)
			if areas = slices.Compact(areas); !slices.Equal(areas, want) {
				t.Errorf("told of %q, want %q", areas, want)
			}
		}
		told("a", "b", people.Top)
		if err := s.Change(ctx, store.Intent{Verb: "unit.edit", Need: "unit.edit"}, func(w *store.Write) error {
			b, err := people.Units.Get(&w.Read, "b")
			if err != nil {
				return err
			}
			closed := b
			closed.Closes = "2026-01-01"
			return people.Units.Replace(w, b, &closed)
		}); err != nil {
			t.Fatal(err)
		}
		told("a", people.Top)
		if _, err := assets.Create(ctx, s, Asset{Head: record.Head{Unit: "b"}, Title: "Glemt", Due: "2026-01-01"}, ""); err != nil {
			t.Fatal(err)
		}
		told("a", "b", people.Top)
	}, people.Schema(), assetSchema)
}
