package backup_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"filippo.io/age"

	"vaern/internal/access"
	"vaern/internal/backup"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

var note = store.Schema{Name: "note", Files: fstest.MapFS{"0001.sql": {Data: []byte(`
	CREATE TABLE note (
		id TEXT PRIMARY KEY, version BIGINT NOT NULL, unit TEXT NOT NULL, updated_at TEXT NOT NULL, updated_by TEXT NOT NULL,
		title TEXT NOT NULL, due TEXT, above TEXT REFERENCES note (id), key_secret TEXT NOT NULL);
	CREATE TABLE remark (id TEXT PRIMARY KEY, note TEXT NOT NULL REFERENCES note (id));`)}}}

func ctx() context.Context {
	return access.With(context.Background(), access.Machine("test", "test"))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// filled is a database with rows, history, references, empty and odd values.
func filled(t *testing.T, url string) *store.Store {
	s := storetest.Open(t, url, note)
	must(t, s.Change(ctx(), store.Intent{Verb: "note.create", Need: "test"}, func(w *store.Write) error {
		for i, title := range []string{"æøå \"quoted\"\n\t", "", "💧 emoji \\ backslash"} {
			id := string(rune('a' + i))
			if err := w.Do(ref.Ref{Kind: "note", ID: id}, `INSERT INTO note (id, version, unit, updated_at, updated_by, title, due, above, key_secret)
				VALUES (:id, 1, 'u', :now, :actor, :title, NULL, NULL, 'sesame')`, store.Args{"id": id, "title": title}); err != nil {
				return err
			}
			if err := w.Also(`INSERT INTO remark (id, note) VALUES (:id, :id)`, store.Args{"id": id}); err != nil {
				return err
			}
		}
		return w.Do(ref.Ref{Kind: "note", ID: "b"}, `UPDATE note SET version = 2, updated_at = :now, updated_by = :actor, due = '2026-12-31' WHERE id = :id`,
			store.Args{"id": "b"})
	}))
	return s
}

// into is a target that leaves out nothing.
func into(s *store.Store, folder string) backup.Target {
	return backup.Target{Store: s, Folder: folder, Leave: func(string) bool { return false }}
}

func root(t *testing.T, s *store.Store) string {
	v, err := s.Verify(ctx(), "test", "")
	if err != nil || v.Fault != "" {
		t.Fatalf("%v %s", err, v.Fault)
	}
	return v.Root.String()
}

// From each database into each.
func TestABackupFromOneDatabaseRestoresIntoTheOther(t *testing.T) {
	key, err := age.GenerateX25519Identity()
	must(t, err)
	for _, from := range storetest.URLs(t) {
		s := filled(t, from)
		folder, path := t.TempDir(), filepath.Join(t.TempDir(), "b")
		must(t, os.MkdirAll(filepath.Join(folder, "files", "ab"), 0o700))
		must(t, os.WriteFile(filepath.Join(folder, "files", "ab", "cd"), []byte{0, 1, 2, 255}, 0o600))
		must(t, os.WriteFile(filepath.Join(folder, "ledger.key"), []byte("secret"), 0o600))
		src := backup.Source{Store: s, Need: "test", Folder: folder, Version: "1", Leave: func(string) bool { return false }}
		end, err := backup.Write(ctx(), src, path, []age.Recipient{key.Recipient()}, key)
		must(t, err)
		if end.Rows["note"] != 3 || end.Rows["note_history"] != 1 || end.Rows["ledger_leaf"] != 4 || end.Files != 2 {
			t.Errorf("got %+v", end)
		}
		for _, to := range storetest.URLs(t) {
			again, err := store.Open(t.Context(), to, time.Now, note)
			must(t, err)
			in, err := os.Open(path)
			must(t, err)
			place := t.TempDir()
			_, _, err = backup.Restore(ctx(), in, key, into(again, place))
			must(t, err)
			in.Close()
			if root(t, again) != root(t, s) {
				t.Error("the restored ledger has another root")
			}
			if text, err := os.ReadFile(filepath.Join(place, "files", "ab", "cd")); err != nil || !bytes.Equal(text, []byte{0, 1, 2, 255}) {
				t.Errorf("the file: %v %v", text, err)
			}
			in, err = os.Open(path)
			must(t, err)
			if _, _, err := backup.Restore(ctx(), in, key, into(again, t.TempDir())); !errors.Is(err, store.ErrInUse) {
				t.Errorf("into a database in use: %v", err)
			}
			in.Close()
			again.Close()
		}
	}
}

// Whatever byte is lost or changed, nothing is restored.
func TestADamagedBackupChangesNothing(t *testing.T) {
	key, err := age.GenerateX25519Identity()
	must(t, err)
	s := filled(t, storetest.URLs(t)[0])
	path := filepath.Join(t.TempDir(), "b")
	src := backup.Source{Store: s, Need: "test", Folder: t.TempDir(), Leave: func(string) bool { return false }}
	_, err = backup.Write(ctx(), src, path, []age.Recipient{key.Recipient()}, nil)
	must(t, err)
	whole, err := os.ReadFile(path)
	must(t, err)
	again, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "again.db"), time.Now, note)
	must(t, err)
	defer again.Close()
	for at := 0; at < len(whole); at += max(1, len(whole)/37) {
		flipped := bytes.Clone(whole)
		flipped[at] ^= 1
		for name, text := range map[string][]byte{"cut": whole[:at], "flipped": flipped} {
			folder := t.TempDir()
			if _, _, err := backup.Restore(ctx(), bytes.NewReader(text), key, into(again, folder)); !errors.Is(err, backup.ErrDamaged) {
				t.Errorf("%s at %d of %d: %v", name, at, len(whole), err)
			}
			if left, _ := os.ReadDir(folder); len(left) > 0 {
				t.Errorf("%s at %d: %v is left", name, at, left)
			}
		}
	}
	if origin, err := again.Origin(ctx()); err != nil || origin != "" {
		t.Errorf("something was restored: %q %v", origin, err)
	}
	_, _, err = backup.Restore(ctx(), bytes.NewReader(whole), key, into(again, t.TempDir()))
	must(t, err)
}
