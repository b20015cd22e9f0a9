package storetest

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vaern/internal/store"
)

// Ground is where many tests in a row each find empty databases with the same
// tables. PostgreSQL needs longer to make all tables than most tests take, so
// there they are made once, and emptied after each.
type Ground struct{ postgres string }

// NewGround makes room that is given back after the test.
func NewGround(t testing.TB) *Ground {
	g := &Ground{}
	if u := os.Getenv("TEST_POSTGRES"); u != "" {
		g.postgres = u + "&search_path=" + newSchema(t, u)
	}
	return g
}

// Each is Each on this ground, by one test at a time.
func (g *Ground) Each(t *testing.T, fn func(*testing.T, *store.Store), schemas ...store.Schema) {
	t.Helper()
	try := func(t *testing.T, url string) {
		s := Open(t, url, schemas...)
		fn(t, s)
		Verify(t, s)
	}
	t.Run("sqlite", func(t *testing.T) { try(t, filepath.Join(t.TempDir(), "t.db")) })
	if g.postgres != "" {
		t.Run("postgres", func(t *testing.T) {
			t.Cleanup(func() { g.sweep(t) }) // when the store is closed
			try(t, g.postgres)
		})
	}
}

// sweep empties all tables, whatever they refer to.
func (g *Ground) sweep(t testing.TB) {
	t.Helper()
	db, err := sql.Open("pgx", g.postgres)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var tables string
	err = db.QueryRow(`SELECT string_agg(relname, ' ') FROM pg_class
		WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname <> 'schema_applied'`).Scan(&tables)
	if err == nil {
		_, err = db.Exec(`BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM ` + strings.Join(strings.Fields(tables), `; DELETE FROM `) + `; COMMIT`)
	}
	if err != nil {
		t.Fatal(err)
	}
}
