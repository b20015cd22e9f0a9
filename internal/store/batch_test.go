package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"vaern/internal/access"
	"vaern/internal/ledger"
	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

var thingColumns = []string{"id", "unit", "title", "key_secret"}

// things are n rows, from t0 on.
func things(n int) (rows [][]any) {
	for i := range n {
		rows = append(rows, []any{fmt.Sprintf("t%d", i), "u", fmt.Sprintf("title %d", i), "sesame"})
	}
	return rows
}

func batch(t *testing.T, s *store.Store, id string, fn func(*store.Batch) error) error {
	t.Helper()
	return change(t, s, func(w *store.Write) error { return w.Batch("thing", id, fn) })
}

func insert(rows [][]any) func(*store.Batch) error {
	return func(b *store.Batch) error {
		_, err := b.Insert(thingColumns, slices.Values(rows))
		return err
	}
}

func verdict(t *testing.T, s *store.Store) string {
	t.Helper()
	v, err := s.Verify(access.With(t.Context(), access.Machine("test", "test")), "test", "")
	must(t, err)
	return v.Fault
}

func TestABatchIsOneLeafAndHistoryFindsIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		must(t, batch(t, s, "b1", insert(things(250))))
		must(t, change(t, s, func(w *store.Write) error { return rename(w, "t7", "another") }))
		must(t, batch(t, s, "b2", func(b *store.Batch) error {
			return b.Update([]string{"id", "version", "title"}, [][]any{{"t7", int64(2), "a third"}, {"t8", int64(1), "eight"}})
		}))
		got := leaves(t, s)
		if len(got) != 3 || got[0].Type != ledger.Batch || got[0].About != "thing/b1" || got[0].Verb != "thing.edit" {
			t.Fatalf("%d leaves, the first %s of %s", len(got), got[0].Type, got[0].About)
		}
		if strings.Contains(string(got[0].Body), "sesame") {
			t.Error("a secret column in a leaf")
		}
		if changes, err := got[0].Changes(); err != nil || len(changes) != 250 || changes[3].About != "thing/t3" {
			t.Errorf("%d changes: %v", len(changes), err)
		}
		must(t, s.View(storetest.As(t, "anna", edit), edit, func(r *store.Read) error {
			about, err := r.LeavesAbout(ref.Ref{Kind: "thing", ID: "t7"}, 9)
			must(t, err)
			if len(about) != 3 || about[0].About != "thing/t7" || !strings.Contains(string(about[0].Body), `"before":{"title":"another","updated_at"`) ||
				!strings.Contains(string(about[2].Body), `"before":null`) || strings.Contains(string(about[2].Body), "t8") {
				t.Errorf("the history of t7: %d leaves, %s", len(about), about[0].Body)
			}
			return nil
		}))
	}, thing)
}

// A log of 64 MB is right for many changes of many rows, and wrong on a disk
// that is nearly full.
func TestTheLogIsLongOnlyWhileManyRowsComeIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		usual := store.LongestLog(s)
		must(t, batch(t, s, "b1", insert(things(1500))))
		if pages := store.LongestLog(s); pages != 4*usual {
			t.Errorf("the log may hold %d pages after many rows, %d before", pages, usual)
		}
		must(t, change(t, s, func(w *store.Write) error { return rename(w, "t7", "another") }))
		if pages := store.LongestLog(s); pages != usual {
			t.Errorf("the log may hold %d pages after one row, %d before many", pages, usual)
		}
	}, thing)
}

func TestWhatIsDerivedGoesWithWhatItRefersTo(t *testing.T) {
	derived := store.Schema{Name: "derived", Files: fstest.MapFS{"1.sql": {Data: []byte(`
		CREATE TABLE asked (
			thing TEXT NOT NULL REFERENCES thing (id),
			PRIMARY KEY (thing)
		);
		CREATE TABLE told (id TEXT PRIMARY KEY, version BIGINT NOT NULL, updated_at TEXT NOT NULL, updated_by TEXT NOT NULL,
			thing TEXT NOT NULL REFERENCES thing (id));`)}}}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		must(t, batch(t, s, "b1", insert(things(4))))
		must(t, change(t, s, func(w *store.Write) error {
			must(t, w.Also(`INSERT INTO asked VALUES ('t1'), ('t2')`, nil))
			return w.Do(ref.Ref{Kind: "told", ID: "x"}, `INSERT INTO told VALUES ('x', 1, :now, :actor, 't3')`, nil)
		}))
		must(t, batch(t, s, "b2", func(b *store.Batch) error { return b.Delete([][]any{{"t1", int64(1)}}) }))
		if err := batch(t, s, "b3", func(b *store.Batch) error { return b.Delete([][]any{{"t3", int64(1)}}) }); problem.Of(err) != problem.Conflict {
			t.Errorf("what a record refers to is deleted: %v", err)
		}
		must(t, s.Peek(t.Context(), func(q *store.Read) error {
			var left string
			must(t, q.Row(`SELECT thing FROM asked`, nil, &left))
			if left != "t2" {
				t.Errorf("%s is left of t1 and t2", left)
			}
			return nil
		}))
	}, thing, derived)
}

func TestABatchTakesNothingOverAndChangesNothingStale(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		must(t, change(t, s, func(w *store.Write) error { return add(w, "other", "title 3") }))
		must(t, batch(t, s, "b1", func(b *store.Batch) error {
			taken, err := b.Insert(thingColumns, slices.Values(things(5)))
			if len(taken) != 1 || taken[0] != "t3" {
				t.Errorf("taken: %v", taken)
			}
			return err
		}))
		err := batch(t, s, "b2", func(b *store.Batch) error {
			return b.Update([]string{"id", "version", "title"}, [][]any{{"t1", int64(1), "one"}, {"t2", int64(7), "two"}})
		})
		if problem.Of(err) != problem.Stale {
			t.Errorf("a stale row: %v", err)
		}
		err = batch(t, s, "b2", func(b *store.Batch) error { return b.Delete([][]any{{"t1", int64(4)}}) })
		if problem.Of(err) != problem.NotFound {
			t.Errorf("a stale row is removed: %v", err)
		}
		if n := len(leaves(t, s)); n != 2 {
			t.Errorf("%d leaves: what was refused left one", n)
		}
	}, thing)
}

func TestVerifySeesWhatHappensBehindABatch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		must(t, batch(t, s, "b1", insert(things(5))))
		must(t, batch(t, s, "b2", func(b *store.Batch) error { return b.Delete([][]any{{"t1", int64(1)}}) }))
		if f := verdict(t, s); f != "" {
			t.Fatalf("a whole ledger: %s", f)
		}
		must(t, s.Tamper(`UPDATE thing SET title = 'forged' WHERE id = 't2'`))
		if f := verdict(t, s); !strings.Contains(f, "thing/t2 was changed") {
			t.Errorf("a changed row: %q", f)
		}
		must(t, s.Tamper(`UPDATE thing SET title = 'title 2' WHERE id = 't2'`))
		must(t, s.Tamper(`INSERT INTO thing SELECT 'x', version, unit, updated_at, updated_by, 'y', '' FROM thing WHERE id = 't2'`))
		if f := verdict(t, s); !strings.Contains(f, "thing/x is in no leaf") {
			t.Errorf("an added row: %q", f)
		}
		must(t, s.Tamper(`DELETE FROM thing WHERE id = 'x' OR id = 't4'`))
		if f := verdict(t, s); !strings.Contains(f, "thing/t4 was removed") {
			t.Errorf("a removed row: %q", f)
		}
		must(t, s.Tamper(`INSERT INTO thing SELECT 't4', version, unit, updated_at, updated_by, 'title 4', key_secret FROM thing WHERE id = 't2'`))
	}, thing)
}

func TestABatchCanBeErased(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		must(t, batch(t, s, "b1", insert(things(3))))
		must(t, batch(t, s, "b2", func(b *store.Batch) error { return b.Delete([][]any{{"t1", int64(1)}}) }))
		for seq := range int64(2) {
			must(t, change(t, s, func(w *store.Write) error { return w.Erase(seq) }))
		}
		must(t, s.View(storetest.As(t, "anna", edit), edit, func(r *store.Read) error {
			about, err := r.LeavesAbout(ref.Ref{Kind: "thing", ID: "t1"}, 9)
			if err == nil && (len(about) != 2 || !about[0].Erased()) {
				t.Errorf("the history of an erased batch: %d leaves", len(about))
			}
			return err
		}))
	}, thing) // Each verifies
}
