package store_test

import (
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"vaern/internal/ledger"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

// seen is read through a view.
var seen = store.Schema{Name: "seen", Files: fstest.MapFS{"0001_seen.sql": {Data: []byte(`CREATE VIEW pub_thing AS SELECT id, title FROM thing;`)}}}

// In a database whose alphabet is Danish aa comes after z. Texts are ordered by
// their bytes all the same, in tables, their histories and columns that came
// later, and also where an earlier version made them otherwise.
func TestBytesOrderTextsInEveryAlphabet(t *testing.T) {
	for _, at := range storetest.URLs(t) {
		s, err := store.Open(t.Context(), at, storetest.Clock(), thing, seen)
		must(t, err)
		must(t, s.Begin(t.Context(), ledger.NewOrigin(true)))
		if strings.HasPrefix(at, "postgres") {
			if text(t, s, `SELECT CASE WHEN 'faa' > 'fb' THEN 'Danish' ELSE '' END`) == "" {
				t.Error("the server does not order texts as Danes do: start it as tools/postgres.sh does")
			}
			if other := text(t, s, alphabetical); other != "" {
				t.Errorf("columns in the alphabet of the database: %s", other)
			}
			must(t, s.Tamper(`CREATE TABLE theirs (title TEXT)`))
			must(t, s.Tamper(`DROP VIEW pub_thing`))
			must(t, s.Tamper(`ALTER TABLE thing ALTER COLUMN title TYPE TEXT COLLATE "default", ALTER COLUMN id TYPE TEXT COLLATE "default"`))
			must(t, s.Tamper(`ALTER TABLE thing_history ALTER COLUMN stood_to TYPE TEXT COLLATE "default"`))
			must(t, s.Tamper(`CREATE VIEW pub_thing AS SELECT id, title FROM thing`))
			must(t, s.Tamper(`GRANT SELECT ON pub_thing TO PUBLIC`))
		}
		for id, title := range map[string]string{"1": "faa", "2": "fb", "3": "fz"} {
			must(t, change(t, s, func(w *store.Write) error { return add(w, id, title) }))
		}
		must(t, s.Close())

		s, err = store.Open(t.Context(), at, storetest.Clock(), thing, seen)
		must(t, err)
		defer s.Close()
		must(t, s.View(storetest.As(t, "anna", edit), edit, func(r *store.Read) error {
			titles, err := r.Texts(`SELECT title FROM pub_thing WHERE title < 'fg' ORDER BY title`, nil)
			if !slices.Equal(titles, []string{"faa", "fb"}) {
				t.Errorf("before fg stand %q", titles)
			}
			return err
		}))
		if strings.HasPrefix(at, "postgres") {
			if other := text(t, s, alphabetical); other != "theirs.title" {
				t.Errorf("in the alphabet of the database stands %q, and should what is not ours", other)
			}
			if text(t, s, `SELECT CASE WHEN has_table_privilege('public', 'pub_thing', 'SELECT') THEN 'yes' ELSE '' END`) == "" {
				t.Error("who might read the view may not any more")
			}
		}
		storetest.Verify(t, s)
	}
}

// A database that has not every letter is refused before anything is in it.
func TestADatabaseOfAnotherEncodingIsRefused(t *testing.T) {
	server := os.Getenv("TEST_POSTGRES")
	if server == "" {
		t.Skip("no PostgreSQL")
	}
	db, err := sql.Open("pgx", server)
	must(t, err)
	defer db.Close()
	name := "latin" + strings.ToLower(rand.Text())
	_, err = db.Exec(`CREATE DATABASE ` + name + ` ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER 'libc' TEMPLATE template0`)
	must(t, err)
	defer db.Exec(`DROP DATABASE ` + name)
	at, err := url.Parse(server)
	must(t, err)
	at.Path = "/" + name
	s, err := store.Open(t.Context(), at.String(), storetest.Clock(), thing)
	if err == nil {
		s.Close()
	}
	if err == nil || !strings.Contains(err.Error(), "ENCODING 'UTF8'") {
		t.Errorf("a database in LATIN1: %v", err)
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
