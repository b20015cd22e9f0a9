package store_test

import (
	"testing"
	"testing/fstest"

	"vaern/internal/ledger"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

// A later version of the program adds a column to a table that has rows,
// history and leaves already.
func TestARecordedTableMayGainAColumn(t *testing.T) {
	first := thing.Files.(fstest.MapFS)
	later := fstest.MapFS{"0001_thing.sql": first["0001_thing.sql"],
		"0002_colour.sql": {Data: []byte(`ALTER TABLE thing ADD COLUMN colour TEXT NOT NULL DEFAULT '';`)}}
	for _, url := range storetest.URLs(t) {
		s, err := store.Open(t.Context(), url, storetest.Clock(), thing)
		must(t, err)
		must(t, s.Begin(t.Context(), ledger.NewOrigin(true)))
		must(t, change(t, s, func(w *store.Write) error { return add(w, "t1", "old") }))
		must(t, change(t, s, func(w *store.Write) error { return rename(w, "t1", "new") }))
		for _, was := range []string{"from", "to"} { // as the first version called them
			must(t, s.Tamper(`ALTER TABLE thing_history RENAME COLUMN stood_`+was+` TO valid_`+was))
		}
		must(t, s.Close())

		s, err = store.Open(t.Context(), url, storetest.Clock(), store.Schema{Name: "thing", Files: later})
		must(t, err)
		storetest.Verify(t, s) // the leaves know no colour
		must(t, change(t, s, func(w *store.Write) error { return rename(w, "t1", "newer") }))
		must(t, change(t, s, func(w *store.Write) error { return add(w, "t2", "other") }))
		must(t, s.View(storetest.As(t, "anna", edit), edit, func(r *store.Read) error {
			var versions int
			must(t, r.Row(`SELECT count(*) FROM thing_history WHERE id = 't1' AND colour = ''`, nil, &versions))
			if versions != 2 {
				t.Errorf("%d earlier versions with the new column, want 2", versions)
			}
			return nil
		}))
		storetest.Verify(t, s)
		must(t, s.Tamper(`UPDATE thing SET colour = 'red' WHERE id = 't2'`))
		if v, err := s.Verify(storetest.As(t, "anna", edit), edit, ""); err != nil || v.Fault == "" {
			t.Errorf("a changed colour is not seen: %v", err)
		}
		must(t, s.Close())
		if older, err := store.Open(t.Context(), url, storetest.Clock(), thing); err == nil {
			older.Close()
			t.Error("an older program opens a newer database")
		}
	}
}
