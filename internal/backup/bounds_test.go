package backup

import (
	"bufio"
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vaern/internal/store"
)

func TestFilesAreCalledAsWeCallThem(t *testing.T) {
	for name, want := range map[string]bool{
		"attachments/ab/abcdef": true, strings.Repeat("a", longestName): true, strings.Repeat("a", longestName+1): false,
		"a\x00b": false, "\xff": false, "": false, "../a": false, "/a": false, "a/../b": false, "a//b": false, "./a": false, "a/": false,
		strings.Repeat("a/", deepest-1) + "a": true, strings.Repeat("a/", deepest) + "a": false,
	} {
		if got := named(name); got != want {
			t.Errorf("%.40q is a name of ours: %v, want %v", name, got, want)
		}
	}
}

func TestABackupHasNotEndlesslyManyTables(t *testing.T) {
	r := &reader{seen: End{Rows: map[string]int64{}}}
	var err error
	n := 0
	for ; err == nil && n <= mostTables; n++ {
		err = r.heading(bufio.NewReader(strings.NewReader(fmt.Sprintf(`{"table":"t%d","columns":["a"]}`+"\n", n))))
	}
	if err == nil || n != mostTables+1 || len(r.seen.Rows) != mostTables {
		t.Errorf("%d tables are read: %v", len(r.seen.Rows), err)
	}
}

// TestWhatWasMovedGoesAgainWhereARestoreFails restores a file that is there
// already, after one that is not.
func TestWhatWasMovedGoesAgainWhereARestoreFails(t *testing.T) {
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "vaern.db"), time.Now, thing)
	must(t, err)
	defer s.Close()
	key := newKey(t)
	parts := []part{manifest(), chunk(heads + row), file("a/x"), file("kept"), ending(1, 2)}
	(&victim{t, key, s}).refuses("a file that is there", bytes.NewReader(forged(key, parts)), "is there already")
}
