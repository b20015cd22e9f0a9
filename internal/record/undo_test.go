package record_test

import (
	"context"
	"slices"
	"testing"

	"vaern/internal/access"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

func TestABatchIsUndoneUnlessSomethingBuildsOnIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		settle(t, s)
		batch := ""
		before := func(number string) Asset {
			return Asset{Head: record.Head{Unit: "a"}, Title: "før " + number, Number: number}
		}
		saveMany(t, s, everything, func(*store.Write) []record.Save[Asset] {
			a, b := before("1"), before("2")
			return []record.Save[Asset]{{New: &a}, {New: &b}}
		})
		was := everyRow(t, s)
		saveMany(t, s, everything, func(w *store.Write) (out []record.Save[Asset]) {
			old, err := assets.ByKeys(&w.Read, []string{"1"})
			if err != nil {
				t.Fatal(err)
			}
			a, b := *old["1"], before("3")
			a.Title, a.Secret = "efter", "skjult"
			return []record.Save[Asset]{{Old: old["1"], New: &a}, {New: &b}}
		})
		ctx := access.With(context.Background(), storetest.Actor("anna", access.Reach{Tops: []string{"a"}}, everything...))
		undo := func(in func(w *store.Write) error) error {
			return s.Change(ctx, store.Intent{Verb: "asset.undo", Need: "asset.edit"}, func(w *store.Write) error {
				if err := w.Rows(`SELECT id FROM ledger_leaf WHERE type = 'batch' ORDER BY seq DESC LIMIT 1`, nil, func(scan store.Scan) error { return scan(&batch) }); err != nil {
					return err
				}
				leaves, err := w.LeavesAbout(ref.Ref{Kind: "asset", ID: batch}, 9)
				if err != nil || len(leaves) != 1 {
					t.Fatalf("%d leaves of the batch: %v", len(leaves), err)
				}
				if err := in(w); err != nil {
					return err
				}
				return assets.Undo(w, w.NewID(), &leaves[0])
			})
		}
		rename := func(w *store.Write) error {
			a, err := assets.ByKeys(&w.Read, []string{"3"})
			if err != nil {
				return err
			}
			b := *a["3"]
			b.Title = "rettet"
			return assets.Replace(w, *a["3"], &b)
		}
		if p := problem.As(undo(rename)); p == nil || p.Text[0] != "rettet er rettet siden indlæsningen." {
			t.Errorf("what was changed since is undone: %v", p)
		}
		if err := undo(func(*store.Write) error { return nil }); err != nil {
			t.Fatal(err)
		}
		if now := everyRow(t, s); !slices.Equal(now, was) {
			t.Errorf("not as before:\n%s\n%s", now, was)
		}
	}, people.Schema(), assetSchema)
}

func TestWhatIsInUseIsNotUndone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		settle(t, s)
		ctx := access.With(context.Background(), access.Machine("test", "position.create", "position.edit", "asset.create"))
		position := people.Position{Head: record.Head{Unit: "a"}, Title: "Ny chef"}
		batch := ""
		if err := s.Change(ctx, store.Intent{Verb: "position.import", Need: "position.create"}, func(w *store.Write) error {
			batch = w.NewID()
			_, err := people.Positions.SaveMany(w, batch, []record.Save[people.Position]{{New: &position}})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := assets.Create(ctx, s, Asset{Head: record.Head{Unit: "a"}, Title: "x", Owner: position.ID}, ""); err != nil {
			t.Fatal(err)
		}
		if err := s.View(ctx, "position.edit", func(q *store.Read) error {
			leaves, err := q.LeavesAbout(ref.Ref{Kind: "position", ID: batch}, 9)
			if err != nil {
				return err
			}
			grown, err := people.Positions.Grown(q, &leaves[0], nil)
			if len(grown) != 1 || grown[0].Title != "Ny chef" || grown[0].Why[0] != "er taget i brug siden indlæsningen: Ting." {
				t.Errorf("in the way: %v", grown)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}, people.Schema(), assetSchema)
}

func TestTextsMeanRecords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		settle(t, s)
		ctx := access.With(context.Background(), storetest.Actor("anna", access.Reach{Tops: []string{"a"}}, "unit.see"))
		if err := s.View(ctx, "unit.see", func(q *store.Read) error {
			got, err := record.Meant(q, "unit", []string{"Enhed a", "enhed  A", "ua", "a", "Enhed b", "ub", "ukendt", ""})
			for _, text := range []string{"Enhed a", "enhed  A", "ua", "a"} {
				if !slices.Equal(got[text], []string{"a"}) {
					t.Errorf("%q means %v", text, got[text])
				}
			}
			if len(got) != 4 {
				t.Errorf("out of reach: %v", got)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}, people.Schema(), assetSchema)
}
