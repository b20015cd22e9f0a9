package store

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"strings"

	"vaern/internal/access"
	"vaern/internal/ledger"
	"vaern/internal/problem"
	"vaern/internal/ref"
)

// Head is the newest state of the ledger.
type Head struct {
	Size   int64
	At     string // of the newest change
	Signed int64  // how many leaves the newest checkpoint covers
}

// Head returns the newest state of the ledger.
func (r *Read) Head() (h Head, err error) {
	err = r.Row(`
		SELECT size, at, (SELECT coalesce(max(size), 0) FROM ledger_checkpoint)
		FROM ledger_head`, nil, &h.Size, &h.At, &h.Signed)
	return h, err
}

// Unsigned is when the oldest change that no checkpoint covers was made; "" when
// all are signed.
func (r *Read) Unsigned() (since string, err error) {
	err = r.Rows(`SELECT at FROM ledger_leaf WHERE seq = (SELECT coalesce(max(size), 0) FROM ledger_checkpoint)`, nil,
		func(scan Scan) error { return scan(&since) })
	return since, err
}

// Sign adds a checkpoint when the ledger grew since the last; it reports
// whether it did. It reads the head inside its transaction, so that nodes may
// sign side by side. What does not continue the known checkpoints, which left the
// database earlier, is not signed: the key would vouch for what somebody rewrote.
func (s *Store) Sign(ctx context.Context, key *ledger.Key, known ...string) (signed bool, err error) {
	err = s.Work(ctx, func(w *Work) error {
		var size, last int64
		var edge string
		err := w.Row(`
			SELECT size, edge, (SELECT coalesce(max(size), 0) FROM ledger_checkpoint)
			FROM ledger_head`, nil, &size, &edge, &last)
		if err != nil || size == last {
			return err
		}
		tree, err := ledger.ParseTree(size, edge)
		if err != nil {
			return err
		}
		for _, earlier := range known {
			if err := tree.Continues(earlier, key.Public, w.stored); err != nil {
				return fmt.Errorf("nothing is signed, since the ledger was rolled back or rewritten: %w", err)
			}
		}
		note, err := key.Checkpoint(tree)
		if err != nil {
			return err
		}
		signed = true
		return w.Do(`INSERT INTO ledger_checkpoint (size, at, note) VALUES (:size, :now, :note) ON CONFLICT DO NOTHING`,
			Args{"size": size, "note": note})
	})
	return signed, err
}

// Checkpoint is a signed head as the table keeps it.
type Checkpoint struct {
	Size int64
	At   string
	Note string
}

// Checkpoints returns all signed heads, oldest first.
func (r *Read) Checkpoints() (out []Checkpoint, err error) {
	err = r.Rows(`SELECT size, at, note FROM ledger_checkpoint ORDER BY size`, nil, func(scan Scan) error {
		var c Checkpoint
		err := scan(&c.Size, &c.At, &c.Note)
		out = append(out, c)
		return err
	})
	return out, err
}

// NewestCheckpoint returns the newest signed head.
func (r *Read) NewestCheckpoint() (c Checkpoint, err error) {
	err = r.Row(`SELECT size, at, note FROM ledger_checkpoint ORDER BY size DESC LIMIT 1`, nil, &c.Size, &c.At, &c.Note)
	return c, err
}

const leafColumns = `seq, at, actor, verb, kind, id, type, salt, body, inner_hash`

var leafNames = strings.Split(leafColumns, ", ")

// Leaves hands every leaf to fn, in order.
func (r *Read) Leaves(fn func(*ledger.Leaf) error) error {
	return r.Rows(`SELECT `+leafColumns+` FROM ledger_leaf ORDER BY seq`, nil, func(scan Scan) error {
		l, err := scanLeaf(scan)
		if err != nil {
			return err
		}
		return fn(&l)
	})
}

// aboutOne are the leaves about the record (:kind, :id) alone.
const aboutOne = ` FROM ledger_leaf WHERE kind = :kind AND id = :id`

// inBatches are the batches that the record is in: a row has the time of the
// leaf that it is in. None are of a kind that is not recorded. The kind stands
// in an expression, or SQLite would go through all leaves of the kind rather
// than look up the few times.
func (r *Read) inBatches(kind string) string {
	t, ok := r.s.tables[kind]
	if !ok || !t.recorded {
		return ""
	}
	return ` FROM ledger_leaf WHERE type = 'batch' AND kind || '' = :kind AND at IN (
		SELECT updated_at FROM ` + t.name + ` WHERE id = :id
		UNION SELECT stood_from FROM ` + t.name + `_history WHERE id = :id
		UNION SELECT stood_to FROM ` + t.name + `_history WHERE id = :id)`
}

// CountLeaves is how many leaves there are about a record (:kind, :id), as part
// of a statement.
func (r *Read) CountLeaves(kind string) string {
	count := `(SELECT count(*)` + aboutOne + `)`
	if more := r.inBatches(kind); more != "" {
		count += ` + (SELECT count(*)` + more + `)`
	}
	return count
}

// LeavesAbout returns the leaves about one record, newest first, at most limit.
// Of a batch it returns what the batch did to the record, as if it stood alone;
// about a batch itself, the whole leaves of it.
func (r *Read) LeavesAbout(about ref.Ref, limit int) (out []ledger.Leaf, err error) {
	text := `SELECT ` + leafColumns + aboutOne
	if more := r.inBatches(about.Kind); more != "" {
		text += ` UNION ALL SELECT ` + leafColumns + more
	}
	err = r.Rows(text+` ORDER BY seq DESC LIMIT :n`, Args{"kind": about.Kind, "id": about.ID, "n": limit},
		func(scan Scan) error {
			l, err := scanLeaf(scan)
			if err == nil && l.Type == ledger.Batch && l.About != about.String() && !l.Erased() {
				err = l.Narrow(about)
			}
			out = append(out, l)
			return err
		})
	return out, err
}

// LeavesBefore returns the newest leaves with a number below seq, newest
// first: a page of the whole ledger. Those of the kind own are only of who looks.
func (r *Read) LeavesBefore(seq int64, limit int, own string) (out []ledger.Leaf, err error) {
	err = r.Rows(`
		SELECT `+leafColumns+` FROM ledger_leaf
		WHERE seq < :seq AND (kind <> :own OR id = :actor)
		ORDER BY seq DESC LIMIT :n`, Args{"seq": seq, "n": limit, "own": own},
		func(scan Scan) error {
			l, err := scanLeaf(scan)
			out = append(out, l)
			return err
		})
	return out, err
}

func scanLeaf(scan Scan) (l ledger.Leaf, err error) {
	var about ref.Ref
	var kind, salt, body, inner string
	err = scan(&l.Seq, &l.At, &l.Actor, &l.Verb, &about.Kind, &about.ID, &kind, &salt, &body, &inner)
	if err != nil {
		return l, err
	}
	l.About, l.Type, l.Body = about.String(), ledger.Type(kind), []byte(body)
	if l.Salt, err = base64.StdEncoding.DecodeString(salt); err != nil {
		return l, fmt.Errorf("leaf %d: salt: %w", l.Seq, err)
	}
	l.Inner, err = base64.StdEncoding.DecodeString(inner)
	return l, err
}

// Export writes the ledger as a bundle that a stranger can verify. The ledger
// must be signed to its end: sign first.
func (s *Store) Export(ctx context.Context, need access.Permission, key *ledger.Key, out io.Writer) error {
	return s.View(ctx, need, func(r *Read) error {
		points, err := r.Checkpoints()
		if err != nil {
			return err
		}
		if len(points) == 0 {
			return problem.New(problem.Precondition, "Beviskæden er tom.", "The ledger is empty.")
		}
		b := ledger.NewBundle(out, key)
		last := points[len(points)-1].Size
		err = r.Leaves(func(l *ledger.Leaf) error {
			if l.Seq >= last {
				return nil // written after the last signature; the next export has it
			}
			b.Leaf(l)
			for len(points) > 0 && points[0].Size == l.Seq+1 {
				b.Checkpoint(points[0].Note)
				points = points[1:]
			}
			return nil
		})
		if err != nil {
			return err
		}
		return b.Close()
	})
}

// Erase removes the body of a leaf for good: salt and body go, their hash
// stays, and the tree is as it was. What the history keeps of the same version
// goes with it. The act is recorded as a leaf of its own.
func (w *Write) Erase(seq int64) error {
	var l ledger.Leaf
	err := w.Rows(`SELECT `+leafColumns+` FROM ledger_leaf WHERE seq = :seq`, Args{"seq": seq}, func(scan Scan) (err error) {
		l, err = scanLeaf(scan)
		return err
	})
	if err != nil {
		return err
	}
	if l.Verb == "" || l.Erased() {
		return problem.Missing()
	}
	err = w.exec(`UPDATE ledger_leaf SET salt = '', body = '', inner_hash = :inner WHERE seq = :seq`,
		Args{"seq": seq, "inner": ledger.Text(l.InnerHash())})
	if err == nil {
		err = w.blank(&l)
	}
	if err != nil {
		return err
	}
	return w.As(ledger.EraseVerb).leaf(ref.Ref{Kind: ledger.LeafKind, ID: fmt.Sprint(seq)}, ledger.Change, nil, nil)
}
