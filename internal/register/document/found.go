package document

import (
	"html/template"

	"vaern/internal/i18n"
	"vaern/internal/store"
)

// What app hands in, since registers never import each other.
var (
	// Published is called in the change that puts a version in force.
	Published = func(w *store.Write, edition string) error { return nil }
	// Beside is what other registers show on the page of a version.
	Beside = func(q *store.Read, l i18n.Lang, e Edition) (template.HTML, error) { return "", nil }
)

// Open returns a version with its document, if the actor may see it.
func Open(q *store.Read, id string) (Edition, Document, error) {
	see, err := q.With("document.see")
	if err != nil {
		return Edition{}, Document{}, err
	}
	o, err := open(see, id)
	return o.Edition, o.Doc, err
}

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
