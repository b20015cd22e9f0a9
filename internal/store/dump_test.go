package store

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A restore holds no more of a backup than one statement sends, however long
// the rows are: fifty of the longest would be a gigabyte.
func TestARestoreSendsLongRowsBeforeTheyAreMany(t *testing.T) {
	s, err := Open(context.Background(), filepath.Join(t.TempDir(), "t.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const rows = 40
	body := strings.Repeat("x", bytesAtOnce/4)
	most := 0
	err = s.Restore(context.Background(), func(r *Restoring) error {
		if err := r.Table("ledger_leaf", []string{"seq", "at", "actor", "verb", "kind", "id", "type", "salt", "body", "inner_hash"}); err != nil {
			return err
		}
		for n := range rows {
			if err := r.Row([]any{int64(n), "", "", "", "", fmt.Sprint(n), "", "", body, []byte("")}); err != nil {
				return err
			}
			held := 0
			for _, v := range r.values {
				if text, ok := v.(string); ok {
					held += len(text)
				}
			}
			most = max(most, held)
		}
		return nil
	})
	if err != nil || most == 0 || most > bytesAtOnce {
		t.Errorf("%d bytes wait to be sent: %v", most, err)
	}
	var n, bytes int
	if err := s.db.QueryRow(`SELECT count(*), sum(length(body)) FROM ledger_leaf`).Scan(&n, &bytes); err != nil || n != rows || bytes != rows*len(body) {
		t.Errorf("%d rows of %d bytes are there: %v", n, bytes, err)
	}
}
