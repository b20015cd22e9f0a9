package store

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"vaern/internal/access"
	"vaern/internal/ledger"
)

// Verdict is what verifying found: Fault is "" when everything fits.
type Verdict struct {
	Leaves, Rows, Checkpoints, Erased int64
	Past                              int64 // rows of the history
	Root                              ledger.Hash
	Fault                             string // names the first thing that does not fit
}

// Verify derives everything again: each leaf's hash, the tree, the checkpoints,
// the rows that the leaves left behind, the history of those before them, and
// what schemas say must hold of derived tables. known are checkpoints that left the database
// earlier; they see one that was rolled back or rewritten whole.
func (s *Store) Verify(ctx context.Context, need access.Permission, public string, known ...string) (v Verdict, err error) {
	err = s.View(ctx, need, func(r *Read) error {
		c := &checker{Read: r, verdict: &v, rows: map[string][16]byte{}, erased: map[string]bool{}, gone: map[string]bool{}, points: map[int64]string{}, past: newPast()}
		for _, step := range []func() error{
			func() error { return c.signatures(public, known) }, c.leaves, c.head, c.records, c.history, c.derived,
		} {
			if err := step(); err != nil || v.Fault != "" {
				return err
			}
		}
		return nil
	})
	return v, err
}

// checker walks the ledger once and keeps 16 bytes of each record's newest row.
type checker struct {
	*Read
	verdict *Verdict
	tree    ledger.Tree
	at      string
	rows    map[string][16]byte
	erased  map[string]bool  // leaves without a body and, so far, without a record of that
	gone    map[string]bool  // kind and time of batches whose body was erased: which rows they had is not known
	points  map[int64]string // size -> root that somebody signed
	past    past
}

func (c *checker) fault(format string, a ...any) error {
	if c.verdict.Fault == "" {
		c.verdict.Fault = fmt.Sprintf(format, a...)
	}
	return nil
}

func (c *checker) signatures(public string, known []string) error {
	stored, err := c.Checkpoints()
	if err != nil {
		return err
	}
	for _, p := range stored {
		size, root, err := ledger.Open(p.Note, public)
		if err != nil || size != p.Size {
			return c.fault("checkpoint %d is not signed by this key: %v", p.Size, err)
		}
		c.points[size] = root.String()
		c.verdict.Checkpoints++
	}
	for _, text := range known {
		size, root, err := ledger.Open(text, public)
		if err != nil {
			return c.fault("the known checkpoint is not signed by this key: %v", err)
		}
		if was, ok := c.points[size]; ok && was != root.String() {
			return c.fault("the database was rewritten: its checkpoint of %d leaves is not the known one", size)
		}
		c.points[size] = root.String()
	}
	return nil
}

func (c *checker) leaves() error {
	hashes, err := c.stored()
	if err != nil {
		return err
	}
	err = c.Leaves(func(l *ledger.Leaf) error {
		if c.verdict.Fault != "" {
			return nil
		}
		if l.Seq != c.tree.Size {
			return c.fault("leaf %d is missing", c.tree.Size)
		}
		if l.At < c.at {
			return c.fault("leaf %d is older than the leaf before it", l.Seq)
		}
		c.at = l.At
		for i, n := range c.tree.Append(l.Hash()) {
			if n.Index < int64(len(hashes)) && hashes[n.Index] == n.Hash {
				continue
			}
			if i == 0 {
				return c.fault("leaf %d (%s by %s) was changed: its hash is not the one that was written", l.Seq, l.Verb, l.Actor)
			}
			return c.fault("the tree was changed at leaf %d", l.Seq)
		}
		if root, ok := c.points[c.tree.Size]; ok && root != c.tree.Root().String() {
			return c.fault("the first %d leaves are not those that were signed", c.tree.Size)
		}
		c.verdict.Leaves++
		return c.remember(l)
	})
	if err != nil || c.verdict.Fault != "" {
		return err
	}
	if len(c.erased) > 0 {
		return c.fault("the body of leaf %s is gone and nothing records that it was erased", slices.Min(slices.Collect(maps.Keys(c.erased))))
	}
	for _, size := range slices.Sorted(maps.Keys(c.points)) {
		if size > c.tree.Size {
			return c.fault("the database was rolled back: %d leaves were signed, %d are left", size, c.tree.Size)
		}
	}
	return nil
}

// hashesAtOnce is how many nodes come in one row: a row costs the driver more
// than the hashes in it.
const hashesAtOnce = 1000

// stored returns the hashes as they were written, by node, up to the first that
// is missing or is none.
func (c *checker) stored() (out []ledger.Hash, err error) {
	for {
		const size = 44 // of a hash in base64
		var n, others int
		var text string
		from := len(out)
		err := c.Row(`
			SELECT count(*), count(CASE WHEN length(hash) <> :size THEN 1 END), coalesce(string_agg(hash, '' ORDER BY node), '') FROM ledger_hash
			WHERE node >= :from AND node < :to`, Args{"from": int64(from), "to": int64(from + hashesAtOnce), "size": int64(size)}, &n, &others, &text)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			return out, nil
		}
		if others > 0 {
			return nil, c.fault("%d nodes of the tree from node %d on are no hashes", others, from)
		}
		for ; len(text) >= size; text = text[size:] {
			h, err := ledger.ParseHash(text[:size])
			if err != nil {
				return nil, c.fault("node %d of the tree is no hash", len(out))
			}
			out = append(out, h)
		}
		if len(out)-from < hashesAtOnce {
			return out, nil
		}
	}
}

// remember keeps what the leaf says its record now is.
func (c *checker) remember(l *ledger.Leaf) error {
	if l.Verb == ledger.EraseVerb {
		delete(c.erased, strings.TrimPrefix(l.About, ledger.LeafKind+"/"))
	}
	if l.Erased() {
		c.verdict.Erased++
		c.erased[fmt.Sprint(l.Seq)] = true
		switch kind, _, _ := strings.Cut(l.About, "/"); l.Type {
		case ledger.Change:
			c.becomes(l, l.About, [16]byte{}) // cannot be compared any more
		case ledger.Batch:
			c.gone[kind+" "+l.At] = true
		}
		return nil
	}
	if l.Verb == ledger.EraseVerb || l.Type != ledger.Change && l.Type != ledger.Batch {
		return nil
	}
	if l.Type == ledger.Batch {
		changes, err := l.Changes()
		if err != nil {
			return c.fault("leaf %d has a body that is no batch: %v", l.Seq, err)
		}
		for _, one := range changes {
			if err := c.became(l, one.About, one.After); err != nil {
				return err
			}
		}
		return nil
	}
	var body struct{ After json.RawMessage }
	if err := json.Unmarshal(l.Body, &body); err != nil {
		return c.fault("leaf %d has a body that is no JSON", l.Seq)
	}
	return c.became(l, l.About, body.After)
}

// became keeps the row that a record became; null is none any more.
func (c *checker) became(l *ledger.Leaf, about string, after json.RawMessage) error {
	if string(after) == "null" {
		c.becomes(l, about, [16]byte{})
		delete(c.rows, about)
		return nil
	}
	row, err := c.rowOf(about, after)
	c.becomes(l, about, row)
	return err
}

// becomes takes a record from one row to the next.
func (c *checker) becomes(l *ledger.Leaf, about string, row [16]byte) {
	if was, ok := c.rows[about]; ok {
		c.past.replace(about, was, l)
	}
	c.rows[about] = row
}

// rowOf is what is compared of a row. A column that was added to its table
// later stands in no older leaf: empty, it is as if it were not there.
func (c *checker) rowOf(about string, row []byte) ([16]byte, error) {
	kind, _, _ := strings.Cut(about, "/")
	t, ok := c.s.tables[kind]
	if !ok || len(t.added) == 0 {
		return short(row), nil
	}
	var members map[string]any
	if err := json.Unmarshal(row, &members); err != nil {
		return [16]byte{}, err
	}
	for name := range t.added {
		switch members[name] {
		case nil, "", float64(0):
			delete(members, name)
		}
	}
	text, err := json.Marshal(members) // both sides of the comparison are written alike
	return short(text), err
}

func short(text []byte) (out [16]byte) {
	sum := sha256.Sum256(text)
	copy(out[:], sum[:])
	return out
}

func (c *checker) head() error {
	var size int64
	var at, edge string
	if err := c.Row(`SELECT size, at, edge FROM ledger_head`, nil, &size, &at, &edge); err != nil {
		return err
	}
	c.verdict.Root = c.tree.Root()
	if size != c.tree.Size || edge != c.tree.EdgeText() {
		return c.fault("the head says %d leaves, there are %d, or its tree is another", size, c.tree.Size)
	}
	return nil
}

// records compares every row with the newest leaf about it.
func (c *checker) records() error {
	for _, name := range slices.Sorted(maps.Keys(c.s.tables)) {
		t := c.s.tables[name]
		if !t.recorded {
			continue
		}
		err := c.Read.Rows(`SELECT `+t.columns+` FROM `+name, nil, func(scan Scan) error {
			row, err := t.scan(scan)
			if err != nil {
				return err
			}
			c.verdict.Rows++
			about := fmt.Sprintf("%s/%v", name, row["id"])
			want, ok := c.rows[about]
			delete(c.rows, about)
			text, err := ledger.Canonical(nil, row)
			if err != nil {
				return c.fault("%s cannot be read: %v", about, err)
			}
			is, err := c.rowOf(about, text)
			switch {
			case err != nil:
				return err
			case c.gone[fmt.Sprintf("%s %v", name, row["updated_at"])]:
				return nil // its newest leaf has no body any more
			case !ok:
				return c.fault("%s is in no leaf", about)
			case want != [16]byte{} && want != is:
				return c.fault("%s was changed behind the ledger's back", about)
			}
			return nil
		})
		if err != nil || c.verdict.Fault != "" {
			return err
		}
	}
	for _, about := range slices.Sorted(maps.Keys(c.rows)) {
		if c.rows[about] == [16]byte{} {
			continue
		}
		if known, err := c.removed(about); err != nil || !known {
			return errors.Join(err, c.fault("%s was removed behind the ledger's back", about))
		}
	}
	return nil
}

// removed reports whether a batch whose body was erased took a record away.
func (c *checker) removed(about string) (known bool, err error) {
	kind, id, _ := strings.Cut(about, "/")
	if len(c.gone) == 0 || c.s.tables[kind] == nil {
		return false, nil
	}
	err = c.Read.Rows(`SELECT stood_to FROM `+kind+`_history WHERE id = :id ORDER BY stood_to DESC LIMIT 1`, Args{"id": id}, func(scan Scan) error {
		var at string
		err := scan(&at)
		known = c.gone[kind+" "+at]
		return err
	})
	return known, err
}

// derived asks what each schema says of its derived tables.
func (c *checker) derived() error {
	for _, holds := range c.s.holds {
		wrong, err := holds(c.Read)
		if err != nil {
			return err
		}
		if wrong != "" {
			return c.fault("%s", wrong)
		}
	}
	return nil
}
