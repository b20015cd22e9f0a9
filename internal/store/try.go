package store

import (
	"strconv"

	"vaern/internal/access"
)

// Try runs a part of a change behind a savepoint: one that fails leaves neither
// rows nor leaves behind, and the change can go on.
func (w *Write) Try(fn func() error) error {
	kept := len(w.ledger.leaves)
	w.ledger.parts++
	defer func() { w.ledger.parts-- }()
	point := "part" + strconv.Itoa(w.ledger.parts) // one within it has another name, or what takes back this would take back that
	if err := w.mark(point); err != nil {
		return err
	}
	failed := fn()
	if failed == nil {
		failed = w.s.dialect.explain(w.unsent.send(w.ctx))
	}
	if failed != nil {
		w.ledger.leaves = w.ledger.leaves[:kept]
		if err := w.undo(point); err != nil {
			return err
		}
		return failed
	}
	return w.release(point)
}

// mark makes a savepoint.
func (w *Write) mark(point string) error { return w.exec(`SAVEPOINT `+point, nil) }

func (w *Write) release(point string) error { return w.exec(`RELEASE SAVEPOINT `+point, nil) }

// undo takes back all that was done since a savepoint, and the savepoint.
func (w *Write) undo(point string) error {
	if w.unsent.forget(`SAVEPOINT ` + point) {
		return nil // the server has not heard of it
	}
	if err := w.exec(`ROLLBACK TO SAVEPOINT `+point, nil); err != nil {
		return err
	}
	if err := w.unsent.send(w.ctx); err != nil { // until it has heard, it understands nothing else
		return err
	}
	return w.release(point)
}

// Needing returns the same unit of work with the reach of another permission,
// or a Forbidden problem: for one act that consists of several.
func (w *Write) Needing(need access.Permission) (*Write, error) {
	q, err := w.Read.With(need)
	if err != nil {
		return nil, err
	}
	other := *w
	other.Read = *q
	return &other, nil
}
