// Package storetest runs one test against every database we support.
package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vaern/internal/access"
	"vaern/internal/ledger"
	"vaern/internal/store"
)

// Now is when every test begins.
var Now = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// Clock returns a clock that moves on by a second whenever it is read.
func Clock() func() time.Time {
	var n atomic.Int64
	return func() time.Time { return Now.Add(time.Duration(n.Add(1)) * time.Second) }
}

var clocks sync.Map // store → how far its clock was set ahead

// Later sets the clock of a test's store ahead: a day passes in no time.
func Later(s *store.Store, d time.Duration) {
	ahead, _ := clocks.Load(s)
	ahead.(*atomic.Int64).Add(int64(d))
}

// Each runs fn on a fresh SQLite file and, when TEST_POSTGRES is set, on
// PostgreSQL. Afterwards the ledger of each must verify.
func Each(t *testing.T, fn func(*testing.T, *store.Store), schemas ...store.Schema) {
	t.Helper()
	for _, url := range URLs(t) {
		t.Run(engine(url), func(t *testing.T) {
			s := Open(t, url, schemas...)
			fn(t, s)
			Verify(t, s)
		})
	}
}

// Open opens a database that is closed after the test.
func Open(t testing.TB, url string, schemas ...store.Schema) *store.Store {
	t.Helper()
	ahead, clock := new(atomic.Int64), Clock()
	s, err := store.Open(t.Context(), url, func() time.Time { return clock().Add(time.Duration(ahead.Load())) }, schemas...)
	if err != nil {
		t.Fatal(err)
	}
	clocks.Store(s, ahead)
	t.Cleanup(func() { clocks.Delete(s); s.Close() })
	if err := s.Begin(t.Context(), ledger.NewOrigin(true)); err != nil {
		t.Fatal(err)
	}
	return s
}

// Verify fails the test when rows and ledger do not agree.
func Verify(t testing.TB, s *store.Store) {
	t.Helper()
	if t.Failed() {
		return
	}
	ctx := access.With(context.Background(), access.Machine("test", "test"))
	v, err := s.Verify(ctx, "test", "")
	if err != nil || v.Fault != "" {
		t.Errorf("the ledger does not verify: %s %v", v.Fault, err)
	}
}

// URLs are fresh, empty databases.
func URLs(t testing.TB) []string {
	urls := []string{filepath.Join(t.TempDir(), "t.db")}
	if u := os.Getenv("TEST_POSTGRES"); u != "" {
		urls = append(urls, u+"&search_path="+newSchema(t, u))
	}
	return urls
}

func engine(url string) string {
	if strings.HasPrefix(url, "postgres://") {
		return "postgres"
	}
	return "sqlite"
}

// newSchema makes an empty PostgreSQL schema that is dropped after the test.
func newSchema(t testing.TB, url string) string {
	t.Helper()
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 8)
	rand.Read(b)
	name := "t" + hex.EncodeToString(b)
	if _, err := db.Exec("CREATE SCHEMA " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.Exec("DROP SCHEMA " + name + " CASCADE"); err != nil {
			t.Errorf("the test's schema stays: %v", err)
		}
		db.Close()
	})
	return name
}

// As returns a context in which somebody acts everywhere with permissions.
func As(t testing.TB, id string, may ...access.Permission) context.Context {
	return access.With(t.Context(), Actor(id, access.Reach{Whole: true}, may...))
}

// Actor is somebody with permissions that reach so far.
func Actor(id string, reach access.Reach, may ...access.Permission) access.Actor {
	a := access.Actor{ID: id, Name: id, May: map[access.Permission]access.Reach{}}
	for _, p := range may {
		a.May[p] = reach
	}
	return a
}
