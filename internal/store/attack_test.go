package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"vaern/internal/ledger"
	"vaern/internal/store"
	"vaern/internal/store/storetest"

	"golang.org/x/mod/sumdb/tlog"
)

// attacked is a store with a short life: five things, two of them changed, one
// removed, all of it signed. It returns what an auditor keeps elsewhere.
func attacked(t *testing.T, s *store.Store, key *ledger.Key) (known string) {
	t.Helper()
	for i := range 5 {
		must(t, change(t, s, func(w *store.Write) error { return add(w, fmt.Sprintf("t%d", i), fmt.Sprint("title ", i)) }))
	}
	must(t, change(t, s, func(w *store.Write) error { return rename(w, "t1", "first") }))
	must(t, change(t, s, func(w *store.Write) error { return rename(w, "t1", "second") }))
	must(t, batch(t, s, "b1", func(b *store.Batch) error {
		return b.Update([]string{"id", "version", "title"}, [][]any{{"t2", int64(1), "two"}, {"t3", int64(1), "three"}})
	}))
	must(t, batch(t, s, "b2", func(b *store.Batch) error { return b.Delete([][]any{{"t4", int64(1)}}) }))
	return signed(t, s, key)
}

// signed signs the ledger and returns its newest checkpoint.
func signed(t *testing.T, s *store.Store, key *ledger.Key) (note string) {
	t.Helper()
	_, err := s.Sign(t.Context(), key)
	must(t, err)
	must(t, s.View(storetest.As(t, "aud", edit), edit, func(r *store.Read) error {
		newest, err := r.NewestCheckpoint()
		note = newest.Note
		return err
	}))
	return note
}

func testKey(t *testing.T) *ledger.Key {
	t.Helper()
	key, err := ledger.LoadKey(t.TempDir(), "vaern-demo/0000000000000000")
	must(t, err)
	return key
}

// wantFault verifies with the key and wants a fault that says so; "" is none.
func wantFault(t *testing.T, s *store.Store, key *ledger.Key, want string, known ...string) {
	t.Helper()
	v, err := s.Verify(storetest.As(t, "aud", edit), edit, key.Public, known...)
	must(t, err)
	if want == "" && v.Fault != "" || !strings.Contains(v.Fault, want) {
		t.Errorf("the fault is %q, want %q", v.Fault, want)
	}
}

// Each attack is made by somebody who may write to the database and has read
// the source; afterwards it is undone, since Each verifies at the end.
func TestVerifyNamesEveryAttackOnTheHistory(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		key := testKey(t)
		attacked(t, s, key)
		v, err := s.Verify(storetest.As(t, "aud", edit), edit, key.Public)
		if err != nil || v.Fault != "" || v.Past != 5 {
			t.Fatalf("before: %+v, %v", v, err)
		}
		for _, c := range []struct{ name, do, undo, want string }{
			{"an edited word", `UPDATE thing_history SET title = 'x' WHERE id = 't1' AND version = 1`,
				`UPDATE thing_history SET title = 'title 1' WHERE id = 't1' AND version = 1`, "the history of thing/t1"},
			{"an edited actor", `UPDATE thing_history SET updated_by = 'bo' WHERE id = 't2'`,
				`UPDATE thing_history SET updated_by = 'anna' WHERE id = 't2'`, "the history of thing/t2"},
			{"a version that stood longer", `UPDATE thing_history SET stood_to = stood_to || 'x' WHERE id = 't3'`,
				`UPDATE thing_history SET stood_to = replace(stood_to, 'x', '') WHERE id = 't3'`, "the history of thing/t3"},
			{"a version that stood earlier", `UPDATE thing_history SET stood_from = '2000' WHERE id = 't3'`,
				`UPDATE thing_history SET stood_from = updated_at WHERE id = 't3'`, "the history of thing/t3"},
			{"a removed version", `UPDATE thing_history SET id = 'other' WHERE id = 't1' AND version = 2`,
				`UPDATE thing_history SET id = 't1' WHERE id = 'other'`, "the history of thing/other"},
			{"swapped versions", `UPDATE thing_history SET version = 3 - version WHERE id = 't1'`,
				`UPDATE thing_history SET version = 3 - version WHERE id = 't1'`, "the history of thing/t1"},
			{"a version twice", `INSERT INTO thing_history SELECT * FROM thing_history WHERE id = 't2'`, "", "the history of thing/t2"},
		} {
			must(t, s.Tamper(c.do))
			t.Log(c.name)
			wantFault(t, s, key, c.want)
			if c.undo != "" {
				must(t, s.Tamper(c.undo))
			}
		}
		must(t, s.Tamper(`DELETE FROM thing_history WHERE id = 't2'`))
		wantFault(t, s, key, "what leaf 7 replaced is gone")
		must(t, s.Tamper(`INSERT INTO thing_history SELECT id, 1, unit, (SELECT at FROM ledger_leaf WHERE seq = 2), updated_by, 'title 2', key_secret,
			(SELECT at FROM ledger_leaf WHERE seq = 2), updated_at FROM thing WHERE id = 't2'`))
		must(t, s.Tamper(`DELETE FROM ledger_checkpoint`))
	}, thing)
}

func TestVerifyNamesEveryAttackOnTheLeaves(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		key := testKey(t)
		attacked(t, s, key)
		for _, c := range []struct{ name, do, undo, want string }{
			{"an edited word", `UPDATE ledger_leaf SET body = replace(body, 'because', 'becauze') WHERE seq = 3`,
				`UPDATE ledger_leaf SET body = replace(body, 'becauze', 'because') WHERE seq = 3`, "leaf 3"},
			{"an edited time", `UPDATE ledger_leaf SET at = replace(at, '2026', '2025') WHERE seq = 0`,
				`UPDATE ledger_leaf SET at = replace(at, '2025', '2026') WHERE seq = 0`, "leaf 0"},
			{"the last leaf removed", `UPDATE ledger_leaf SET seq = -1 WHERE seq = 8`, `UPDATE ledger_leaf SET seq = 8 WHERE seq = -1`, "leaf 0 is missing"},
			{"two leaves swapped", `UPDATE ledger_leaf SET seq = CASE seq WHEN 2 THEN 102 ELSE 103 END WHERE seq IN (2, 3)`, "", "leaf 2 is missing"},
			{"and put in each other's place", `UPDATE ledger_leaf SET seq = 105 - seq WHERE seq IN (102, 103)`,
				`UPDATE ledger_leaf SET seq = CASE seq WHEN 2 THEN 103 ELSE 102 END WHERE seq IN (2, 3)`, "leaf 2"},
			{"and back", `UPDATE ledger_leaf SET seq = seq - 100 WHERE seq > 100`, "", ""},
			{"a body dropped", `UPDATE ledger_leaf SET salt = '', inner_hash = 'AAAA' WHERE seq = 4`, "", "leaf 4"},
		} {
			must(t, s.Tamper(c.do))
			t.Log(c.name)
			wantFault(t, s, key, c.want)
			if c.undo != "" {
				must(t, s.Tamper(c.undo))
			}
		}
		wipe(t, s)
		attacked(t, s, key)
		var inner string
		must(t, s.View(storetest.As(t, "aud", edit), edit, func(r *store.Read) error {
			return r.Leaves(func(l *ledger.Leaf) error {
				if l.Seq == 4 {
					inner = ledger.Text(l.InnerHash())
				}
				return nil
			})
		}))
		must(t, s.Tamper(`UPDATE ledger_leaf SET salt = '', body = '', inner_hash = '`+inner+`' WHERE seq = 4`))
		wantFault(t, s, key, "the body of leaf 4 is gone and nothing records")
		wipe(t, s)
	}, thing)
}

// wipe empties the database, as somebody does who begins it anew.
func wipe(t *testing.T, s *store.Store) {
	t.Helper()
	for _, table := range []string{"ledger_leaf", "ledger_hash", "ledger_checkpoint", "thing", "thing_history"} {
		must(t, s.Tamper(`DELETE FROM `+table))
	}
	must(t, s.Tamper(`UPDATE ledger_head SET size = 0, at = '', edge = ''`))
}

// Who has the key can rewrite all of it: only what left the database knows.
func TestVerifyWithAKnownCheckpointNamesARewrittenDatabase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		key := testKey(t)
		known := attacked(t, s, key)
		wantFault(t, s, key, "", known)
		wipe(t, s)
		for i := range 12 {
			must(t, change(t, s, func(w *store.Write) error { return add(w, fmt.Sprintf("t%d", i), fmt.Sprint("forged ", i)) }))
			if i == 8 {
				signed(t, s, key)
			}
		}
		signed(t, s, key)
		wantFault(t, s, key, "")
		wantFault(t, s, key, "the database was rewritten: its checkpoint of 9 leaves is not the known one", known)
		must(t, s.Tamper(`UPDATE ledger_checkpoint SET size = 8 WHERE size = 9`))
		wantFault(t, s, key, "checkpoint 8 is not signed by this key")
		must(t, s.Tamper(`DELETE FROM ledger_checkpoint WHERE size = 8`))
		wantFault(t, s, key, "the first 9 leaves are not those that were signed", known)
		must(t, s.Tamper(`DELETE FROM ledger_checkpoint`))
		refused(t, s, key, known)
	}, thing)
}

// refused wants the key to vouch for nothing that does not continue what is known.
func refused(t *testing.T, s *store.Store, key *ledger.Key, known string) {
	t.Helper()
	must(t, change(t, s, func(w *store.Write) error { return add(w, "after", "after") }))
	if signed, err := s.Sign(t.Context(), key, known); signed || err == nil || !strings.Contains(err.Error(), "rolled back or rewritten") {
		t.Errorf("signed %v, %v", signed, err)
	}
	must(t, s.View(storetest.As(t, "aud", edit), edit, func(r *store.Read) error {
		points, err := r.Checkpoints()
		if len(points) > 0 {
			t.Errorf("%d checkpoints", len(points))
		}
		return err
	}))
}

// A clock that goes back does not take the ledger along; who also forges its head
// writes leaves that are older than those before them.
func TestVerifyNamesALeafThatIsOlderThanTheOneBefore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		must(t, change(t, s, func(w *store.Write) error { return add(w, "t1", "one") }))
		storetest.Later(s, -48*time.Hour)
		must(t, change(t, s, func(w *store.Write) error { return add(w, "t2", "two") }))
		storetest.Verify(t, s)
		must(t, s.Tamper(`UPDATE ledger_head SET at = ''`))
		must(t, change(t, s, func(w *store.Write) error { return add(w, "t3", "three") }))
		wantFault(t, s, testKey(t), "leaf 2 is older than the leaf before it")
		wipe(t, s)
	}, thing)
}

func TestVerifyWithAKnownCheckpointNamesADatabaseRolledBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		key := testKey(t)
		must(t, change(t, s, func(w *store.Write) error { return add(w, "t1", "one") }))
		var at, edge string
		must(t, s.View(storetest.As(t, "aud", edit), edit, func(r *store.Read) error {
			return r.Row(`SELECT at, edge FROM ledger_head`, nil, &at, &edge)
		}))
		must(t, change(t, s, func(w *store.Write) error { return add(w, "t2", "two") }))
		known := signed(t, s, key)
		for _, q := range []string{
			`DELETE FROM thing WHERE id = 't2'`, `DELETE FROM ledger_leaf WHERE seq >= 1`, `DELETE FROM ledger_checkpoint`,
			fmt.Sprintf(`DELETE FROM ledger_hash WHERE node >= %d`, tlog.StoredHashIndex(0, 1)),
			fmt.Sprintf(`UPDATE ledger_head SET size = 1, at = '%s', edge = '%s'`, at, edge),
		} {
			must(t, s.Tamper(q))
		}
		wantFault(t, s, key, "")
		wantFault(t, s, key, "the database was rolled back: 2 leaves were signed, 1 are left", known)
		wantFault(t, s, testKey(t), "not signed by this key", known) // another's key opens nothing
		refused(t, s, key, known)
	}, thing)
}

// What is erased is gone from the history as well, and everything else of it
// still fits.
func TestErasingTakesTheWordsFromTheHistory(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		must(t, change(t, s, func(w *store.Write) error { return add(w, "t1", "a secret name") }))
		must(t, batch(t, s, "b1", insert([][]any{{"t7", "u", "a secret place", "sesame"}})))
		must(t, change(t, s, func(w *store.Write) error { return rename(w, "t1", "nobody") }))
		must(t, change(t, s, func(w *store.Write) error { return rename(w, "t7", "nowhere") }))
		for seq := range int64(4) { // the words stand in the leaf that brought them and in the one that took them away
			must(t, change(t, s, func(w *store.Write) error { return w.Erase(seq) }))
		}
		must(t, change(t, s, func(w *store.Write) error { return rename(w, "t1", "somebody") }))
		var titles []string
		must(t, s.View(storetest.As(t, "anna", edit), edit, func(r *store.Read) error {
			return r.Rows(`SELECT title || key_secret FROM thing_history ORDER BY id, version`, nil, func(scan store.Scan) error {
				var title string
				err := scan(&title)
				titles = append(titles, title)
				return err
			})
		}))
		if got := strings.Join(titles, "|"); got != "|nobodysesame|" {
			t.Errorf("the history says %q", got)
		}
		if f := verdict(t, s); f != "" {
			t.Errorf("after erasing: %s", f)
		}
		must(t, s.Tamper(`UPDATE thing SET title = 'forged' WHERE id = 't1'`))
		if f := verdict(t, s); !strings.Contains(f, "thing/t1") {
			t.Errorf("a row that was changed after the erasing: %q", f)
		}
		must(t, s.Tamper(`UPDATE thing SET title = 'somebody' WHERE id = 't1'`))
	}, thing)
}

func TestVerifyNamesEveryAttackOnTheTree(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		key := testKey(t)
		attacked(t, s, key)
		wantFault(t, s, key, "")
		for _, c := range []struct{ name, do, undo, want string }{
			{"a leaf's hash changed", `UPDATE ledger_hash SET hash = 'A' || substr(hash, 1, 43) WHERE node = 0`, `UPDATE ledger_hash SET hash = substr(hash, 2) || '=' WHERE node = 0`, "node 0"},
			{"a node's hash is another's", `UPDATE ledger_hash SET hash = (SELECT hash FROM ledger_hash WHERE node = 0) WHERE node = 2`, "", "the tree was changed at leaf 1"},
		} {
			must(t, s.Tamper(c.do))
			t.Log(c.name)
			v, err := s.Verify(storetest.As(t, "aud", edit), edit, key.Public)
			if err != nil || v.Fault == "" || !strings.Contains(v.Fault, c.want) {
				t.Errorf("%s: %q, %v", c.name, v.Fault, err)
			}
			if c.undo != "" {
				must(t, s.Tamper(c.undo))
			}
		}
		wipe(t, s)
		attacked(t, s, key)
		must(t, s.Tamper(`UPDATE ledger_hash SET node = node + 1000000 WHERE node = 3`))
		wantFault(t, s, key, "leaf 2")
		must(t, s.Tamper(`UPDATE ledger_hash SET node = node - 1000000 WHERE node > 1000000`))
		must(t, s.Tamper(`UPDATE ledger_hash SET hash = CASE node WHEN 3 THEN hash || (SELECT substr(hash, 1, 4) FROM ledger_hash WHERE node = 4) ELSE substr(hash, 5) END WHERE node IN (3, 4)`))
		wantFault(t, s, key, "are no hashes")
		wipe(t, s)
	}, thing)
}
