package faults

import (
	"archive/tar"
	"compress/gzip"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// old is a municipality as an earlier program left it: tools/fixture.sh made it.
type old struct {
	name string
	make func(t *testing.T) *home
}

// olds are those of all releases, on both databases.
func olds(t *testing.T) (out []old) {
	t.Helper()
	files, err := filepath.Glob("testdata/*.gz")
	must(t, err)
	for _, file := range files {
		if name, ok := strings.CutSuffix(filepath.Base(file), ".tar.gz"); ok {
			out = append(out, old{name + "/sqlite", func(t *testing.T) *home { return unpacked(t, file) }})
		} else if at := os.Getenv("TEST_POSTGRES"); at != "" {
			out = append(out, old{strings.TrimSuffix(filepath.Base(file), ".sql.gz") + "/postgres", func(t *testing.T) *home { return loaded(t, file, at) }})
		}
	}
	if len(out) == 0 {
		t.Fatal("no earlier release is kept in testdata")
	}
	return out
}

func unzipped(t *testing.T, file string) io.Reader {
	t.Helper()
	f, err := os.Open(file)
	must(t, err)
	t.Cleanup(func() { f.Close() })
	z, err := gzip.NewReader(f)
	must(t, err)
	return z
}

func unpacked(t *testing.T, file string) *home {
	t.Helper()
	h := &home{t: t, data: t.TempDir()}
	in := tar.NewReader(unzipped(t, file))
	for {
		entry, err := in.Next()
		if errors.Is(err, io.EOF) {
			return h
		}
		must(t, err)
		if entry.Typeflag == tar.TypeReg {
			text, err := io.ReadAll(in)
			must(t, err)
			must(t, os.WriteFile(filepath.Join(h.data, filepath.Base(entry.Name)), text, 0o600))
		}
	}
}

// loaded fills a new schema from a dump, whose first line holds the key.
func loaded(t *testing.T, file, at string) *home {
	t.Helper()
	text, err := io.ReadAll(unzipped(t, file))
	must(t, err)
	first, dump, _ := strings.Cut(string(text), "\n")
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(first, "-- ledger.key: "))
	must(t, err)
	b := make([]byte, 8)
	rand.Read(b)
	name := "f" + hex.EncodeToString(b)
	db := opened(t, at)
	conn, err := db.Conn(t.Context()) // the dump sets its search path
	must(t, err)
	_, err = conn.ExecContext(t.Context(), strings.ReplaceAll(dump, "vaern_fixture", name))
	must(t, err)
	conn.Raw(func(any) error { return errors.New("not to be used again") })
	conn.Close()
	t.Cleanup(func() { opened(t, at).Exec("DROP SCHEMA " + name + " CASCADE") })
	h := &home{t: t, data: t.TempDir(), database: at + "&search_path=" + name}
	must(t, os.WriteFile(filepath.Join(h.data, "ledger.key"), key, 0o600))
	return h
}

// TestUpgrade opens what every release left, with the program of today.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	for _, o := range olds(t) {
		t.Run(o.name, func(t *testing.T) { uses(t, o.make(t)) })
	}
}

// uses looks at what the fixture holds, and works with it.
func uses(t *testing.T, h *home) {
	t.Helper()
	n := h.serve()
	token := h.token(admin)
	p := n.program(token)
	for i := 1; i <= 6; i++ {
		number, title, version := fmt.Sprintf("G-%d", i), fmt.Sprintf("Æble nr. %d", i), 1
		if i%2 == 0 {
			title, version = fmt.Sprintf("Ændret nr. %d", i), 2
		}
		var id string
		must(t, h.db().QueryRow(`SELECT id FROM rule WHERE number = $1`, number).Scan(&id))
		if r := p.get(t, id); r.Title != title || r.Version != version {
			t.Errorf("%s was %q in version %d, is %q in version %d", number, title, version, r.Title, r.Version)
		}
		a, err := p.ask("PATCH", "/api/v1/rules/"+id, `{"chapter":"Nyt"}`, "If-Match", fmt.Sprintf(`"%d"`, version))
		if err != nil || a.status != http.StatusOK {
			t.Errorf("%s cannot be changed: %d %s", number, a.status, a.body)
		}
	}
	p.add(t, "G-7", "Kom til bagefter")
	soon(t, 30*time.Second, "search finds what is older than it", func() bool {
		a, err := p.ask("GET", "/api/v1/search?q=%C3%A6ble", "")
		return err == nil && a.status == http.StatusOK && strings.Count(a.body, "Æble nr.") >= 3
	})
	n.stop()
	h.verify()
	h.vouch()
}

// TestInterruptedUpgrade kills the program while it brings an old database up
// to date: nothing of it is there then, or all, and the next start does it.
func TestInterruptedUpgrade(t *testing.T) {
	t.Parallel()
	for _, o := range olds(t) {
		if !strings.HasPrefix(o.name, "a3649ec/") { // the oldest has the longest way
			continue
		}
		t.Run(o.name, func(t *testing.T) {
			h := o.make(t)
			before := applied(t, h.db())
			begun := time.Now()
			n := h.serve()
			took := time.Since(begun)
			n.stop()
			after := applied(t, h.db())
			if after <= before {
				t.Fatalf("%d files of the schema before, %d after: nothing was brought up to date", before, after)
			}
			const tries = 12
			undone := 0
			for i := range tries {
				h := o.make(t)
				c := h.command("serve", "--listen", "127.0.0.1:0")
				must(t, c.Start())
				time.Sleep(took * time.Duration(i+1) / tries)
				c.Process.Kill()
				c.Wait()
				switch applied(t, h.db()) {
				case before:
					undone++
				case after:
				default:
					t.Errorf("a part of it was applied")
				}
				if i == tries-1 {
					uses(t, h)
				}
			}
			t.Logf("of %d interrupted upgrades %d were rolled back and %d were done", tries, undone, tries-undone)
			if undone == 0 {
				t.Error("no kill came early enough to say anything")
			}
		})
	}
	t.Run("in the middle", func(t *testing.T) { killedInTheMiddle(t) })
}

// killedInTheMiddle holds a table that the upgrade changes, so that the program
// is killed when half of the upgrade is done for certain.
func killedInTheMiddle(t *testing.T) {
	at := os.Getenv("TEST_POSTGRES")
	if at == "" {
		t.Skip("TEST_POSTGRES is not set: a table can be held only there")
	}
	h := loaded(t, "testdata/a3649ec.sql.gz", at)
	db := h.db()
	before := applied(t, db)
	tx, err := db.Begin()
	must(t, err)
	defer tx.Rollback()
	var n int
	must(t, tx.QueryRow(`SELECT count(*) FROM work_asked`).Scan(&n))
	c := h.command("serve", "--listen", "127.0.0.1:0")
	must(t, c.Start())
	soon(t, 30*time.Second, "the upgrade waits for the table", func() bool {
		must(t, db.QueryRow(`SELECT count(*) FROM pg_locks WHERE relation = 'work_asked'::regclass AND NOT granted`).Scan(&n))
		return n > 0
	})
	c.Process.Kill()
	c.Wait()
	must(t, tx.Rollback())
	if is := applied(t, db); is != before {
		t.Errorf("%d files of the schema were applied before, %d after the upgrade was killed", before, is)
	}
	uses(t, h)
}

func applied(t *testing.T, db *sql.DB) (n int) {
	t.Helper()
	must(t, db.QueryRow(`SELECT count(*) FROM schema_applied`).Scan(&n))
	return n
}
