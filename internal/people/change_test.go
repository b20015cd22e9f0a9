package people_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"vaern/internal/access"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

func (w *town) changer() context.Context {
	return access.With(w.t.Context(), access.Machine("test", "test", "unit_change.create", "unit_change.edit", "unit_change.see", "unit.see"))
}

func (w *town) change(c people.Change) people.Change {
	w.t.Helper()
	c, err := people.Changes.Create(w.changer(), w.s, c, "")
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// under are the units below another, itself included, today.
func (w *town) under(top string) (out []string) {
	return w.texts(`SELECT unit FROM unit_under WHERE top = :top ORDER BY unit`, store.Args{"top": top})
}

func (w *town) texts(query string, args store.Args) (out []string) {
	w.t.Helper()
	err := w.s.View(w.ctx(), "test", func(q *store.Read) error {
		return q.Rows(query, args, func(scan store.Scan) error {
			var s string
			err := scan(&s)
			out = append(out, s)
			return err
		})
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// tree is the organisation on a day, as name<above pairs.
func (w *town) tree(day string) (out []string) {
	w.t.Helper()
	err := w.s.View(w.changer(), "unit.see", func(q *store.Read) error {
		tree, err := people.TreeOn(q, people.Top, day)
		for _, n := range tree {
			out = append(out, n.Above+"/"+n.Name)
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

func TestAMergerHandsEverythingOnAndClosesTheUnit(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.position("chief", "a")
		w.grant("chief", access.Manager, "a")
		w.person("anna", "")
		w.do(func(c *store.Write) error { return record.Place(c, ref.Ref{Kind: "person", ID: "anna"}, "a") })
		w.hold("anna", "chief", "2025-01-01", "")
		c := w.change(people.Change{Act: people.MergeUnit, Subject: "a", Target: "b", Effective: "2026-03-02"})
		if c.State != people.Done || c.Title != "Enhed a lægges sammen med Enhed b" {
			t.Errorf("%+v", c)
		}
		if got := w.under("b"); !slices.Equal(got, []string{"a1", "b"}) {
			t.Errorf("under b: %v", got)
		}
		for _, kind := range []string{"position", "person"} {
			if got := w.texts(`SELECT unit FROM `+kind, nil); !slices.Equal(got, []string{"b"}) {
				t.Errorf("%s in %v, want b", kind, got)
			}
		}
		if n := w.count(`SELECT count(*) FROM record_title WHERE unit = 'a' AND kind NOT IN ('unit', 'unit_change')`); n != 0 {
			t.Errorf("%d titles stay in the closed unit", n)
		}
		// The chief of a does not become the chief of b.
		if a, err := w.actor("anna"); err != nil || a.Can("control.edit") {
			t.Errorf("may %v %v", a.May, err)
		}
		if got := strings.Join(w.tree("2026-03-02"), " "); strings.Contains(got, "Enhed a ") || !strings.Contains(got, "b/Enhed a1") {
			t.Errorf("today: %v", got)
		}
		_, err := people.Changes.Create(w.changer(), w.s, people.Change{Act: people.MoveUnit, Subject: "a1", Target: "a", Effective: "2026-03-02"}, "")
		if p := problem.As(err); p == nil || p.Fields["target"].In(0) == "" {
			t.Errorf("a move into a closed unit: %v", err)
		}
	})
}

func TestAPlannedChangeTakesEffectWhenItsDayComes(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		c := w.change(people.Change{Act: people.MoveUnit, Subject: "a1", Target: "b", Effective: "2026-03-03"})
		off := w.change(people.Change{Act: people.CloseUnit, Subject: "b", Target: "a", Effective: "2026-03-03"})
		stuck := w.change(people.Change{Act: people.SplitUnit, Subject: "a", Name: "Ny", Number: "b", Effective: "2026-03-03"})
		if c.State != people.Planned || len(w.under("b")) != 1 {
			t.Errorf("%s before its day: %v", c.State, w.under("b"))
		}
		if got := w.tree("2026-03-02"); !slices.Contains(got, "a/Enhed a1") {
			t.Errorf("today %v", got)
		}
		if _, err := people.CancelChange(w.changer(), w.s, off.ID, "Udsat"); err != nil {
			t.Fatal(err)
		}
		if got := w.tree("2026-03-04"); !slices.Contains(got, "b/Enhed a1") || !slices.Contains(got, "top/Ny") {
			t.Errorf("the plan for tomorrow shows %v", got)
		}
		if err := people.TakeEffect(t.Context(), w.s); err != nil { // nothing is due yet
			t.Fatal(err)
		}
		storetest.Later(w.s, 24*time.Hour)
		if err := people.TakeEffect(t.Context(), w.s); err != nil {
			t.Fatal(err)
		}
		if got := w.under("b"); !slices.Equal(got, []string{"a1", "b"}) {
			t.Errorf("under b: %v", got)
		}
		if got := w.texts(`SELECT updated_by || ' ' || state FROM unit_change WHERE id = :id`, store.Args{"id": c.ID}); got[0] != "machine:organisation done" {
			t.Errorf("carried out by %v", got)
		}
		if got := w.texts(`SELECT state || ' ' || outcome FROM unit_change WHERE id = :id`, store.Args{"id": stuck.ID}); !strings.HasPrefix(got[0], "stuck ") || !strings.Contains(got[0], "findes allerede") {
			t.Errorf("a number that is taken: %v", got)
		}
		if got := w.texts(`SELECT starts || above FROM unit_span WHERE unit = 'a1' ORDER BY starts`, nil); !slices.Equal(got, []string{"2026-03-02a", "2026-03-03b"}) {
			t.Errorf("spans %v", got)
		}
	})
}

func TestASplitTakesAlongWhatWasChosen(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.position("clerk", "a")
		w.position("stays", "a")
		c := w.change(people.Change{Act: people.SplitUnit, Subject: "a", Name: "Enhed ny", Number: "99", Along: "Stilling clerk\nEnhed a1", Effective: "2026-03-02"})
		made := w.texts(`SELECT id FROM unit WHERE number = '99'`, nil)
		if c.State != people.Done || len(made) != 1 {
			t.Fatalf("%+v %v", c, made)
		}
		if got := w.texts(`SELECT id FROM position WHERE unit = :u`, store.Args{"u": made[0]}); !slices.Equal(got, []string{"clerk"}) {
			t.Errorf("positions in the new unit: %v", got)
		}
		if got := w.under(made[0]); !slices.Contains(got, "a1") {
			t.Errorf("under the new unit: %v", got)
		}
		_, err := people.Changes.Create(w.changer(), w.s, people.Change{Act: people.SplitUnit, Subject: "a", Name: "x", Number: "98", Along: "Ingen", Effective: "2026-03-02"}, "")
		if p := problem.As(err); p == nil || !strings.Contains(p.Fields["along"].In(0), "Ingen") {
			t.Errorf("what is not there: %v", err)
		}
	})
}

func TestADayInThePastIsTheDayItCountsFrom(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.do(func(c *store.Write) error {
			if err := c.Also(`UPDATE unit_span SET starts = '2025-01-01'`, nil); err != nil {
				return err
			}
			return people.Positions.Add(c, &people.Position{Head: record.Head{Unit: "a"}, Title: "x"})
		})
		w.change(people.Change{Act: people.MoveUnit, Subject: "a1", Target: "b", Effective: "2026-01-01"})
		if got := w.tree("2025-12-31"); !slices.Contains(got, "a/Enhed a1") {
			t.Errorf("the day before: %v", got)
		}
		if got := w.tree("2026-01-01"); !slices.Contains(got, "b/Enhed a1") {
			t.Errorf("the day itself: %v", got)
		}
		_, err := people.Changes.Create(w.changer(), w.s, people.Change{Act: people.RenameUnit, Subject: "a1", Name: "Ny", Effective: "2025-06-01"}, "")
		if p := problem.As(err); p == nil || p.Fields["effective"].In(0) == "" {
			t.Errorf("before the last change: %v, want effective refused", err)
		}
	})
}
