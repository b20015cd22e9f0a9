package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"vaern/internal/ledger"
	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

const edit = "thing.edit"

var thing = store.Schema{Name: "thing", Files: fstest.MapFS{"0001_thing.sql": {Data: []byte(`
	CREATE TABLE thing (
		id TEXT PRIMARY KEY, version BIGINT NOT NULL, unit TEXT NOT NULL, updated_at TEXT NOT NULL, updated_by TEXT NOT NULL,
		title TEXT NOT NULL UNIQUE, key_secret TEXT NOT NULL
	);
	CREATE TABLE work_thing (id TEXT PRIMARY KEY);`)}}}

func add(w *store.Write, id, title string) error {
	return w.Do(ref.Ref{Kind: "thing", ID: id}, `
		INSERT INTO thing (id, version, unit, updated_at, updated_by, title, key_secret)
		VALUES (:id, 1, 'u', :now, :actor, :title, 'sesame')`, store.Args{"id": id, "title": title})
}

func rename(w *store.Write, id, title string) error {
	return w.Do(ref.Ref{Kind: "thing", ID: id}, `
		UPDATE thing SET version = version + 1, updated_at = :now, updated_by = :actor, title = :title
		WHERE id = :id`, store.Args{"id": id, "title": title})
}

func change(t *testing.T, s *store.Store, fn func(*store.Write) error) error {
	t.Helper()
	return s.Change(storetest.As(t, "anna", edit), store.Intent{Verb: "thing.edit", Need: edit, Reason: "because"}, fn)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func leaves(t *testing.T, s *store.Store) (out []ledger.Leaf) {
	t.Helper()
	must(t, s.View(storetest.As(t, "anna", edit), edit, func(r *store.Read) error {
		return r.Leaves(func(l *ledger.Leaf) error {
			out = append(out, *l)
			return nil
		})
	}))
	return out
}

func TestAChangeLeavesOneLeafThatSaysWhatTheDatabaseStored(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		must(t, change(t, s, func(w *store.Write) error { return add(w, "t1", "Æble") }))
		must(t, change(t, s, func(w *store.Write) error { return rename(w, "t1", "Øl") }))
		got := leaves(t, s)
		if len(got) != 2 {
			t.Fatalf("%d leaves, want 2", len(got))
		}
		body := string(got[1].Body)
		for _, want := range []string{`"reason":"because"`, `"title":"Øl"`, `"title":"Æble"`, `"version":2`} {
			if !strings.Contains(body, want) {
				t.Errorf("want %s in %s", want, body)
			}
		}
		if strings.Contains(body, "sesame") || strings.Contains(body, "secret") {
			t.Errorf("a secret column in a leaf: %s", body)
		}
		if got[1].Actor != "anna" || got[1].Verb != "thing.edit" || got[1].About != "thing/t1" {
			t.Errorf("leaf %+v", got[1])
		}
	}, thing)
}

func TestRowAndLeafLiveOrDieTogether(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		boom := errors.New("boom")
		err := change(t, s, func(w *store.Write) error { return errors.Join(add(w, "t1", "a"), boom) })
		if !errors.Is(err, boom) || len(leaves(t, s)) != 0 {
			t.Errorf("err %v, %d leaves", err, len(leaves(t, s)))
		}
		if err := change(t, s, func(*store.Write) error { return nil }); err == nil {
			t.Error("a change without a leaf was committed")
		}
	}, thing)
}

// TestWhoWaitsForEachOtherIsTold lets two units of work wait for what the other
// holds: one goes on, the other is told in words. SQLite has one writer at a time.
func TestWhoWaitsForEachOtherIsTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		if !strings.HasSuffix(t.Name(), "/postgres") {
			return
		}
		hold := func(w *store.Work, id string) error {
			return w.Do(`UPDATE work_thing SET id = id WHERE id = :id`, store.Args{"id": id})
		}
		must(t, s.Work(t.Context(), func(w *store.Work) error {
			return errors.Join(w.Do(`INSERT INTO work_thing (id) VALUES ('a')`, nil), w.Do(`INSERT INTO work_thing (id) VALUES ('b')`, nil))
		}))
		var both, wg sync.WaitGroup
		both.Add(2)
		failed := make(chan error, 2)
		for _, order := range [][]string{{"a", "b"}, {"b", "a"}} {
			wg.Go(func() {
				failed <- s.Work(t.Context(), func(w *store.Work) error {
					err := hold(w, order[0])
					both.Done()
					both.Wait()
					return errors.Join(err, hold(w, order[1]))
				})
			})
		}
		wg.Wait()
		one, other := <-failed, <-failed
		if one != nil {
			one, other = other, one
		}
		if told := problem.As(other); one != nil || told == nil || told.Kind != problem.Unavailable || !strings.Contains(told.Error(), "at the same moment") {
			t.Errorf("one was told %v, the other %v", one, other)
		}
	}, thing)
}

func TestAChangeOfNothingKeepsNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				err := change(t, s, func(w *store.Write) error {
					if i%2 == 0 {
						return add(w, fmt.Sprintf("t%d", i), fmt.Sprint(i))
					}
					w.Unchanged()
					return w.Also(`INSERT INTO work_thing (id) VALUES (:id)`, store.Args{"id": fmt.Sprint(i)})
				})
				if err != nil {
					t.Errorf("change %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		kept := -1
		must(t, s.View(storetest.As(t, "anna", edit), edit, func(q *store.Read) error {
			return q.Row(`SELECT count(*) FROM work_thing`, nil, &kept)
		}))
		if n := len(leaves(t, s)); n != 20 || kept != 0 {
			t.Errorf("%d leaves and %d rows of what changed nothing, want 20 and 0", n, kept)
		}
	}, thing)
}

func TestNothingWithoutPermission(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, ctx := range []context.Context{t.Context(), storetest.As(t, "bo", "thing.see")} {
			err := s.Change(ctx, store.Intent{Verb: "thing.edit", Need: edit}, func(w *store.Write) error { return add(w, "t1", "a") })
			if k := problem.Of(err); k != problem.Forbidden && k != problem.Unknown {
				t.Errorf("change: %v", err)
			}
			if err := s.View(ctx, edit, func(*store.Read) error { return nil }); err == nil {
				t.Error("a view without permission")
			}
			if err := s.View(ctx, "", func(*store.Read) error { return nil }); err == nil {
				t.Error("the empty permission admits somebody")
			}
		}
	}, thing)
}

// TestAReasonIsText refuses what one database keeps and another does not, before
// anything is done.
func TestAReasonIsText(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, reason := range []string{"a\x00b", "\xff"} {
			err := s.Change(storetest.As(t, "bo", edit), store.Intent{Verb: "thing.edit", Need: edit, Reason: reason}, func(w *store.Write) error {
				t.Error("it is begun")
				return add(w, "t1", "a")
			})
			if p := problem.As(err); p == nil || !p.Fields["reason"].Whole() {
				t.Errorf("%q: %v", reason, err)
			}
		}
	}, thing)
}

func TestOnlyDoChangesARecordedTable(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		must(t, change(t, s, func(w *store.Write) error { return errors.Join(add(w, "t0", "z"), add(w, "t1", "a")) }))
		for name, fn := range map[string]func(*store.Write) error{
			"Also on a recorded table": func(w *store.Write) error {
				return errors.Join(rename(w, "t1", "b"), w.Also(`DELETE FROM thing WHERE id = 't0'`, nil))
			},
			"a row other than the named": func(w *store.Write) error { return rename(w, "t2", "b") },
			"a row besides the named": func(w *store.Write) error {
				return w.Do(ref.Ref{Kind: "thing", ID: "t1"}, `UPDATE thing SET version = version + 1 WHERE id IN ('t0', 't1')`, nil)
			},
			"another table than named": func(w *store.Write) error {
				return w.Do(ref.Ref{Kind: "thing", ID: "t1"}, `DELETE FROM work_thing`, nil)
			},
			"a derived table by Do": func(w *store.Write) error {
				return w.Do(ref.Ref{Kind: "work_thing", ID: "t1"}, `INSERT INTO work_thing (id) VALUES ('t1')`, nil)
			},
		} {
			if err := change(t, s, fn); err == nil {
				t.Errorf("%s passes", name)
			}
		}
		if err := s.Work(t.Context(), func(w *store.Work) error { return w.Do(`DELETE FROM thing`, nil) }); err == nil {
			t.Error("Work changes a recorded table")
		}
		must(t, s.Work(t.Context(), func(w *store.Work) error { return w.Do(`INSERT INTO work_thing (id) VALUES ('x')`, nil) }))
		err := s.View(storetest.As(t, "anna", edit), edit, func(r *store.Read) error {
			return r.Rows(`DELETE FROM thing RETURNING id`, nil, func(scan store.Scan) error { return nil })
		})
		if err == nil {
			t.Error("a view deletes")
		}
	}, thing)
}

func TestChangesTogetherFailAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var wg sync.WaitGroup
		errs := make([]error, 40)
		for i := range errs {
			wg.Go(func() {
				// Every second one takes a title that is taken.
				title := fmt.Sprint(i)
				if i%2 == 1 {
					title = "taken"
				}
				errs[i] = change(t, s, func(w *store.Write) error { return add(w, fmt.Sprintf("t%d", i), title) })
			})
		}
		wg.Wait()
		good := 0
		for i, err := range errs {
			switch {
			case err == nil:
				good++
			case i%2 == 0 || problem.Of(err) != problem.Conflict:
				t.Errorf("change %d: %v", i, err)
			}
		}
		if n := len(leaves(t, s)); good != 21 || n != 21 {
			t.Errorf("%d changes and %d leaves, want 21", good, n)
		}
	}, thing)
}

func TestHistoryTellsWhatWasSo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		must(t, change(t, s, func(w *store.Write) error { return add(w, "t1", "first") }))
		between := leaves(t, s)[0].At
		must(t, change(t, s, func(w *store.Write) error { return rename(w, "t1", "second") }))
		var title string
		must(t, s.View(storetest.As(t, "anna", edit), edit, func(r *store.Read) error {
			return r.Row(`SELECT title FROM `+store.AsOf("thing", "id, title")+` WHERE id = 't1'`, store.Args{"at": between}, &title)
		}))
		if title != "first" {
			t.Errorf("as of %s the title was %q, want first", between, title)
		}
	}, thing)
}

// A tampered database is put right again at the end, since Each verifies it.
func TestVerifyNamesWhatWasTamperedWith(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		key, err := ledger.LoadKey(t.TempDir(), "vaern-demo/0000000000000000")
		must(t, err)
		for i := range 5 {
			must(t, change(t, s, func(w *store.Write) error { return add(w, fmt.Sprintf("t%d", i), fmt.Sprint("title ", i)) }))
		}
		_, err = s.Sign(t.Context(), key)
		must(t, err)
		for _, c := range []struct{ name, do, undo, want string }{
			{"edited row", `UPDATE thing SET title = 'x' WHERE id = 't2'`, `UPDATE thing SET title = 'title 2' WHERE id = 't2'`, "thing/t2"},
			{"edited actor", `UPDATE ledger_leaf SET actor = 'bo' WHERE seq = 3`, `UPDATE ledger_leaf SET actor = 'anna' WHERE seq = 3`, "leaf 3"},
			{"swapped leaves", `UPDATE ledger_leaf SET id = 't' || (5 - seq) WHERE seq IN (2, 3)`, `UPDATE ledger_leaf SET id = 't' || seq WHERE seq IN (2, 3)`, "leaf 2"},
			{"removed leaf", `UPDATE ledger_leaf SET seq = 99 WHERE seq = 1`, `UPDATE ledger_leaf SET seq = 1 WHERE seq = 99`, "leaf 1 is missing"},
			{"removed row", `UPDATE thing SET id = 'gone' WHERE id = 't4'`, `UPDATE thing SET id = 't4' WHERE id = 'gone'`, "thing/gone"},
			{"forged checkpoint", `UPDATE ledger_checkpoint SET note = replace(note, 'demo/0', 'demo/1')`, `UPDATE ledger_checkpoint SET note = replace(note, 'demo/1', 'demo/0')`, "checkpoint 5"},
			{"head", `UPDATE ledger_head SET size = 4`, `UPDATE ledger_head SET size = 5`, "head"},
		} {
			must(t, s.Tamper(c.do))
			v, err := s.Verify(storetest.As(t, "aud", edit), edit, key.Public)
			if err != nil || !strings.Contains(v.Fault, c.want) {
				t.Errorf("%s: fault %q, %v; want it to name %q", c.name, v.Fault, err, c.want)
			}
			must(t, s.Tamper(c.undo))
		}
		v, err := s.Verify(storetest.As(t, "aud", edit), edit, key.Public)
		if err != nil || v.Fault != "" || v.Leaves != 5 || v.Rows != 5 || v.Checkpoints != 1 {
			t.Errorf("restored: %+v, %v", v, err)
		}
		must(t, s.Tamper(`DELETE FROM ledger_checkpoint`))
	}, thing)
}

func TestErasedBodyIsRecordedAndNothingElseIsLost(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		key, err := ledger.LoadKey(t.TempDir(), "vaern-demo/0000000000000000")
		must(t, err)
		must(t, change(t, s, func(w *store.Write) error { return add(w, "t1", "secret name") }))
		must(t, change(t, s, func(w *store.Write) error { return w.Erase(0) }))
		got := leaves(t, s)
		if !got[0].Erased() || strings.Contains(string(got[0].Body), "secret name") || got[1].Verb != ledger.EraseVerb {
			t.Errorf("leaves %+v", got)
		}
		var out bytes.Buffer
		signed(t, s, key)
		must(t, s.Export(storetest.As(t, "aud", edit), edit, key, &out))
		if !strings.Contains(out.String(), "\nerased\t0\t") {
			t.Errorf("bundle %s", out.String())
		}
		must(t, s.Tamper(`DELETE FROM ledger_checkpoint`))
	}, thing)
}

// Every leaf is proved in every later head, and every head continues every
// earlier one; a tree that was changed in between proves nothing.
func TestProofsHoldForEveryLeafAndEveryHead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		key, err := ledger.LoadKey(t.TempDir(), "vaern-demo/0000000000000000")
		must(t, err)
		var heads []string
		for i := range 9 {
			must(t, change(t, s, func(w *store.Write) error { return add(w, fmt.Sprintf("t%d", i), fmt.Sprint("title ", i)) }))
			_, err := s.Sign(t.Context(), key)
			must(t, err)
			must(t, s.View(storetest.As(t, "aud", edit), edit, func(r *store.Read) error {
				newest, err := r.NewestCheckpoint()
				heads = append(heads, newest.Note)
				return err
			}))
		}
		prove := func() (wrong int) {
			must(t, s.View(storetest.As(t, "aud", edit), edit, func(r *store.Read) error {
				for size, head := range heads {
					for seq := range size + 1 {
						if _, err := r.ProveLeaf(int64(seq), head, key.Public); err != nil {
							wrong++
						}
						if _, err := r.ProveGrowth(heads[seq], head, key.Public); err != nil {
							wrong++
						}
					}
					if _, err := r.ProveLeaf(int64(size+1), head, key.Public); err == nil {
						t.Errorf("leaf %d is proved in a head of %d", size+1, size+1)
					}
				}
				return nil
			}))
			return wrong
		}
		if n := prove(); n != 0 {
			t.Errorf("%d proofs do not hold", n)
		}
		must(t, s.Tamper(`UPDATE ledger_leaf SET actor = 'bo' WHERE seq = 3`))
		if prove() == 0 {
			t.Error("a changed leaf is proved")
		}
		must(t, s.Tamper(`UPDATE ledger_leaf SET actor = 'anna' WHERE seq = 3`))
		must(t, s.Tamper(`DELETE FROM ledger_checkpoint`))
	}, thing)
}

// What is larger than a leaf may be would stand in no bundle and no backup.
func TestAChangeThatNoLeafCouldHoldIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		err := s.Change(storetest.As(t, "anna", edit), store.Intent{Verb: "thing.edit", Need: edit, Reason: strings.Repeat("x", ledger.LongestBody)},
			func(w *store.Write) error { return add(w, "t1", "one") })
		if p := problem.As(err); p == nil || p.Kind != problem.TooLarge {
			t.Errorf("%.300v", err)
		}
		if n := len(leaves(t, s)); n != 0 {
			t.Errorf("%d leaves", n)
		}
	}, thing)
}
