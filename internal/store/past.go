package store

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"vaern/internal/ledger"
)

// past is what the leaves say that the history tables must hold: each row that
// a change replaced, and when.
type past struct {
	rows   map[[16]byte]replaced
	erased map[[16]byte]bool // replaced rows whose leaf has no body any more: they may say anything
}

// replaced is how many rows a change replaced that are alike, and its leaf.
type replaced struct{ seq, n int64 }

func newPast() past {
	return past{rows: map[[16]byte]replaced{}, erased: map[[16]byte]bool{}}
}

// replace keeps what a record was until a leaf.
func (p *past) replace(about string, was [16]byte, l *ledger.Leaf) {
	if was == ([16]byte{}) {
		p.erased[pastKey(about, was, l.At)] = true
		return
	}
	key := pastKey(about, was, l.At)
	p.rows[key] = replaced{l.Seq, p.rows[key].n + 1}
}

func pastKey(about string, was [16]byte, until string) [16]byte {
	return short(fmt.Appendf(nil, "%s\n%s\n%x", about, until, was))
}

// history compares every row of the history tables with the leaf that it came
// from, and every change with the row that it replaced.
func (c *checker) history() error {
	for _, name := range slices.Sorted(maps.Keys(c.s.tables)) {
		t := c.s.tables[name]
		if !t.recorded {
			continue
		}
		err := c.Read.Rows(`SELECT stood_from, stood_to, `+t.columns+` FROM `+name+`_history`, nil, func(scan Scan) error {
			if c.verdict.Fault != "" {
				return nil
			}
			return c.stood(t, scan)
		})
		if err != nil || c.verdict.Fault != "" {
			return err
		}
	}
	for _, was := range slices.SortedFunc(maps.Values(c.past.rows), func(a, b replaced) int { return int(a.seq - b.seq) }) {
		if known, err := c.cannotKnow(was.seq); err != nil || !known {
			return c.fault("what leaf %d replaced is gone from the history", was.seq) // of err the caller hears by itself
		}
	}
	return nil
}

// stood compares one row of a history table.
func (c *checker) stood(t *table, scan Scan) error {
	var from, until string
	row, err := t.scan(func(dest ...any) error { return scan(append([]any{&from, &until}, dest...)...) })
	if err != nil {
		return err
	}
	c.verdict.Past++
	about := fmt.Sprintf("%s/%v", t.name, row["id"])
	text, err := ledger.Canonical(nil, row)
	if err != nil {
		return c.fault("the history of %s cannot be read: %v", about, err)
	}
	is, err := c.rowOf(about, text)
	if err != nil {
		return err
	}
	key := pastKey(about, is, until)
	switch was, ok := c.past.rows[key]; {
	case row["updated_at"] != from:
	case ok && was.n > 1:
		c.past.rows[key] = replaced{was.seq, was.n - 1}
		return nil
	case ok:
		delete(c.past.rows, key)
		return nil
	case c.past.erased[pastKey(about, [16]byte{}, until)], c.gone[t.name+" "+from], c.gone[t.name+" "+until]:
		return nil
	}
	return c.fault("the history of %s, from %s to %s, was changed behind the ledger's back", about, from, until)
}

// cannotKnow reports whether a batch without a body may have changed the record
// before the leaf did, so that what the leaf replaced is not known.
func (c *checker) cannotKnow(seq int64) (yes bool, err error) {
	if len(c.gone) == 0 {
		return false, nil
	}
	var kind, at string
	if err := c.Row(`SELECT kind, at FROM ledger_leaf WHERE seq = :seq`, Args{"seq": seq}, &kind, &at); err != nil {
		return false, err
	}
	for batch := range c.gone {
		of, when, _ := strings.Cut(batch, " ")
		yes = yes || of == kind && when <= at
	}
	return yes, nil
}

// blank takes the words out of a version of a record in the history, when its
// leaf is erased: that there was one, when and in which unit, remains.
func (w *Write) blank(l *ledger.Leaf) error {
	kind, id, _ := strings.Cut(l.About, "/")
	t, ok := w.s.tables[kind]
	if !ok || !t.recorded || l.Type != ledger.Change && l.Type != ledger.Batch {
		return nil
	}
	var set []string
	for i, name := range t.names {
		if slices.Contains([]string{"id", "version", "unit", "updated_at", "updated_by"}, name) {
			continue
		}
		nothing := "0"
		if t.kinds[i] == "TEXT" {
			nothing = "''"
		}
		set = append(set, name+" = CASE WHEN "+name+" IS NULL THEN NULL ELSE "+nothing+" END")
	}
	if len(set) == 0 {
		return nil
	}
	where := ` WHERE stood_from = :at`
	if l.Type == ledger.Change {
		where += ` AND id = :id`
	}
	return w.exec(`UPDATE `+kind+`_history SET `+strings.Join(set, ", ")+where, Args{"at": l.At, "id": id})
}
