package store

import "vaern/internal/access"

// Try runs a part of a change behind a savepoint: one that fails leaves neither
// rows nor leaves behind, and the change can go on.
func (w *Write) Try(fn func() error) error {
	kept := len(w.ledger.leaves)
	if _, err := w.exec(`SAVEPOINT part`, nil); err != nil {
		return err
	}
	failed := fn()
	if failed != nil {
		w.ledger.leaves = w.ledger.leaves[:kept]
		if _, err := w.exec(`ROLLBACK TO SAVEPOINT part`, nil); err != nil {
			return err
		}
	}
	if _, err := w.exec(`RELEASE SAVEPOINT part`, nil); err != nil {
		return err
	}
	return failed
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
