package document

import (
	"vaern/internal/store"
)

// Add stores a new document within a change.
func Add(w *store.Write, d *Document) error { return documents.Add(w, d) }

// Write stores a version within a change, proposes what its new clauses ask
// for, and says what it is called.
func Write(w *store.Write, e *Edition) error {
	if err := put(w, e); err != nil {
		return err
	}
	if err := nameEdition(w, e); err != nil {
		return err
	}
	return propose(w, e)
}

// Approve registers an approval within a change.
func Approve(w *store.Write, a *Approval) error { return approvals.Add(w, a) }
