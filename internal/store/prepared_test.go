package store_test

import (
	"fmt"
	"strings"
	"testing"

	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

// A statement may be asked again while its rows are read, and more may be asked
// than a connection keeps.
func TestStatementsThatAreKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for i := range 3 {
			must(t, change(t, s, func(w *store.Write) error { return add(w, fmt.Sprint("t", i), fmt.Sprint(i)) }))
		}
		must(t, s.Peek(t.Context(), func(r *store.Read) error {
			for n := range 300 {
				var count int
				if err := r.Row(`SELECT count(*) FROM thing WHERE title <> '`+strings.Repeat("x", 1000)+fmt.Sprint(n)+`'`, nil, &count); err != nil || count != 3 {
					return fmt.Errorf("statement %d counts %d: %w", n, count, err)
				}
			}
			return nil
		}))
		kept, lite := store.Kept(s)
		if !lite {
			return // its driver keeps them; its rows are read to the end before anything else is asked
		}
		if kept < 1000 || kept > 128<<10 {
			t.Errorf("%d bytes of statements are kept", kept)
		}
		seen := 0
		must(t, s.Peek(t.Context(), func(r *store.Read) error {
			const all = `SELECT id FROM thing`
			return r.Rows(all, nil, func(store.Scan) error {
				return r.Rows(all, nil, func(store.Scan) error { seen++; return nil })
			})
		}))
		if seen != 9 {
			t.Errorf("nine rows were asked for, and %d seen", seen)
		}
		must(t, s.Rest(t.Context()))
		if kept, _ := store.Kept(s); kept > 0 {
			t.Errorf("%d bytes of statements are kept at rest", kept)
		}
	}, thing)
}

// SQLite plans by a number after LIMIT that stands alone, and so would
// understand the statement anew whenever it is given one.
func TestLimitIsNoReasonToPlanAnew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		if _, lite := store.Kept(s); !lite {
			return
		}
		for i := range 3 {
			must(t, change(t, s, func(w *store.Write) error { return add(w, fmt.Sprint("t", i), fmt.Sprint(i)) }))
		}
		var said string
		s.Hear = func(text string, _ []any) { said = text }
		must(t, s.Peek(t.Context(), func(r *store.Read) error {
			seen := 0
			err := r.Rows(`SELECT id FROM thing ORDER BY id LIMIT :most`, store.Args{"most": 2}, func(store.Scan) error { seen++; return nil })
			if seen != 2 {
				t.Errorf("two rows were asked for, and %d seen", seen)
			}
			return err
		}))
		if strings.HasSuffix(said, "LIMIT ?") {
			t.Errorf("SQLite is asked %q", said)
		}
	}, thing)
}
