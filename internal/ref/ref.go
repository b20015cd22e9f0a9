// Package ref names records across registers without importing them.
package ref

import "strings"

// Ref points at one record in one register, for example {"document", "0190…"}.
type Ref struct {
	Kind string
	ID   string
}

// String returns the form used in URLs and in the ledger: kind/id.
func (r Ref) String() string { return r.Kind + "/" + r.ID }

// Parse reads what String wrote; ok is false for anything else.
func Parse(s string) (r Ref, ok bool) {
	r.Kind, r.ID, ok = strings.Cut(s, "/")
	return r, ok && r.Kind != "" && r.ID != ""
}
