package store_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"vaern/internal/problem"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

// what is told late on PostgreSQL: a row of a derived table that is there already.
func twice(w *store.Write, id string) error {
	return w.Also(`INSERT INTO work_thing (id) VALUES (:id)`, store.Args{"id": id})
}

func TestWhatIsSaidLateIsTheFaultOfWhoSaidIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		must(t, s.Work(t.Context(), func(w *store.Work) error { return w.Do(`INSERT INTO work_thing (id) VALUES ('taken')`, nil) }))
		var wg sync.WaitGroup
		errs := make([]error, 40)
		for i := range errs {
			wg.Go(func() {
				errs[i] = change(t, s, func(w *store.Write) error {
					if err := add(w, fmt.Sprintf("t%d", i), fmt.Sprint(i)); err != nil {
						return err
					}
					id := fmt.Sprint(i)
					if i%2 == 1 {
						id = "taken"
					}
					return twice(w, id)
				})
			})
		}
		wg.Wait()
		for i, err := range errs {
			if i%2 == 0 && err != nil || i%2 == 1 && problem.Of(err) != problem.Conflict {
				t.Errorf("change %d: %v", i, err)
			}
		}
		if n := len(leaves(t, s)); n != 20 {
			t.Errorf("%d leaves, want 20", n)
		}
	}, thing)
}

func TestTryTakesBackWhatWasSaidInItAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		unlucky := errors.New("unlucky")
		must(t, change(t, s, func(w *store.Write) error {
			if err := add(w, "t1", "first"); err != nil {
				return err
			}
			if err := twice(w, "before"); err != nil {
				return err
			}
			if err := w.Try(func() error { return errors.Join(twice(w, "in"), twice(w, "before"), unlucky) }); !errors.Is(err, unlucky) {
				return fmt.Errorf("the part that failed says %w", err)
			}
			if err := w.Try(func() error { return twice(w, "before") }); problem.Of(err) != problem.Conflict {
				return fmt.Errorf("a part that breaks what there is says %w", err)
			}
			return w.Try(func() error { return twice(w, "after") })
		}))
		var there []string
		must(t, s.Peek(t.Context(), func(r *store.Read) error {
			return r.Rows(`SELECT id FROM work_thing ORDER BY id`, nil, func(scan store.Scan) error {
				var id string
				err := scan(&id)
				there = append(there, id)
				return err
			})
		}))
		if got := strings.Join(there, " "); got != "after before" {
			t.Errorf("there is %q", got)
		}
	}, thing)
}

// TestWhatIsAfootIsTheFaultOfWhoSentIt says many rows, which are sent at once,
// and asks nothing after them.
func TestWhatIsAfootIsTheFaultOfWhoSentIt(t *testing.T) {
	many := func(w *store.Write, first string) error {
		rows := make([][]any, 100)
		for i := range rows {
			rows[i] = []any{fmt.Sprint(first, i)}
		}
		return w.InsertAll("work_thing", []string{"id"}, rows, "")
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		must(t, change(t, s, func(w *store.Write) error { return errors.Join(add(w, "t1", "first"), many(w, "taken")) }))
		if err := change(t, s, func(w *store.Write) error { return errors.Join(add(w, "t2", "second"), many(w, "taken")) }); problem.Of(err) != problem.Conflict {
			t.Errorf("rows that are there already: %v", err)
		}
		unlucky := errors.New("unlucky")
		if err := change(t, s, func(w *store.Write) error { return errors.Join(add(w, "t3", "third"), many(w, "lost"), unlucky) }); !errors.Is(err, unlucky) {
			t.Errorf("a change that gives up: %v", err)
		}
		must(t, change(t, s, func(w *store.Write) error {
			if err := w.Try(func() error { return errors.Join(add(w, "t4", "fourth"), many(w, "taken"), unlucky) }); !errors.Is(err, unlucky) {
				return fmt.Errorf("a part that gives up says %w", err)
			}
			return errors.Join(add(w, "t5", "fifth"), many(w, "after"))
		}))
		if n := len(leaves(t, s)); n != 2 {
			t.Errorf("%d leaves, want 2", n)
		}
		var n int
		must(t, s.Peek(t.Context(), func(r *store.Read) error { return r.Row(`SELECT count(*) FROM work_thing`, nil, &n) }))
		if n != 200 {
			t.Errorf("%d rows beside them, want 200", n)
		}
	}, thing)
}

// What is in a part leaves with it, also where a part within it was kept.
func TestAPartWithinAPartGoesWithIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		no := errors.New("no")
		must(t, change(t, s, func(w *store.Write) error {
			err := w.Try(func() error {
				must(t, add(w, "outer", "outer"))
				must(t, w.Try(func() error { return add(w, "inner", "inner") }))
				return no
			})
			if !errors.Is(err, no) {
				t.Errorf("the part ended with %v", err)
			}
			return add(w, "after", "after")
		}))
		if got := text(t, s, `SELECT string_agg(id, ' ') FROM thing`); got != "after" {
			t.Errorf("left behind: %q", got)
		}
		storetest.Verify(t, s)
	}, thing)
}
