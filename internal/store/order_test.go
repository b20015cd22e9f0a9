package store_test

import (
	"slices"
	"strings"
	"testing"

	"vaern/internal/ledger"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

// In a database whose alphabet is Danish aa comes after z. Texts are ordered by
// their bytes all the same, in tables, their histories and columns that came
// later, and also where an earlier version made them otherwise.
func TestBytesOrderTextsInEveryAlphabet(t *testing.T) {
	for _, url := range storetest.URLs(t) {
		s, err := store.Open(t.Context(), url, storetest.Clock(), thing)
		must(t, err)
		must(t, s.Begin(t.Context(), ledger.NewOrigin(true)))
		if strings.HasPrefix(url, "postgres") {
			if text(t, s, `SELECT CASE WHEN 'faa' > 'fb' THEN 'Danish' ELSE '' END`) == "" {
				t.Error("the server does not order texts as Danes do: start it as tools/postgres.sh does")
			}
			if other := text(t, s, alphabetical); other != "" {
				t.Errorf("columns in the alphabet of the database: %s", other)
			}
			must(t, s.Tamper(`ALTER TABLE thing ALTER COLUMN title TYPE TEXT COLLATE "default", ALTER COLUMN id TYPE TEXT COLLATE "default"`))
			must(t, s.Tamper(`ALTER TABLE thing_history ALTER COLUMN stood_to TYPE TEXT COLLATE "default"`))
		}
		for id, title := range map[string]string{"1": "faa", "2": "fb", "3": "fz"} {
			must(t, change(t, s, func(w *store.Write) error { return add(w, id, title) }))
		}
		must(t, s.Close())

		s, err = store.Open(t.Context(), url, storetest.Clock(), thing)
		must(t, err)
		defer s.Close()
		must(t, s.View(storetest.As(t, "anna", edit), edit, func(r *store.Read) error {
			titles, err := r.Texts(`SELECT title FROM thing WHERE title < 'fg' ORDER BY title`, nil)
			if !slices.Equal(titles, []string{"faa", "fb"}) {
				t.Errorf("before fg stand %q", titles)
			}
			return err
		}))
		if strings.HasPrefix(url, "postgres") {
			if other := text(t, s, alphabetical); other != "" {
				t.Errorf("still in the alphabet of the database: %s", other)
			}
		}
		storetest.Verify(t, s)
	}
}

// alphabetical are the columns of text that PostgreSQL orders by the alphabet of the database.
const alphabetical = `SELECT coalesce(string_agg(table_name || '.' || column_name, ' '), '') FROM information_schema.columns
	WHERE table_schema = current_schema() AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'`

func text(t *testing.T, s *store.Store, query string) (out string) {
	t.Helper()
	must(t, s.View(storetest.As(t, "anna", edit), edit, func(r *store.Read) error { return r.Row(query, nil, &out) }))
	return out
}
