package record

import (
	"sync"

	"vaern/internal/access"
	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// rowsOf remembers who reaches the records of each register: kind → Rows. What
// hangs on records of every kind knows no register, and must ask the same.
var rowsOf sync.Map

// Reached returns what a record is called, and lets q see it with the
// permission {kind}.see; a record that is out of reach is a NotFound problem,
// as one that is not there. It is for what hangs on records of every kind.
func Reached(q *store.Read, about ref.Ref) (Called, *store.Read, error) {
	return Reaching(q, about, "see")
}

// Reaching is Reached for another verb: edit.
func Reaching(q *store.Read, about ref.Ref, verb string) (c Called, seen *store.Read, err error) {
	if seen, err = q.With(access.Permission(about.Kind + "." + verb)); err != nil {
		return c, nil, problem.Missing()
	}
	c.Ref = about
	within := `:scope`
	switch rows, _ := rowsOf.Load(about.Kind); rows {
	case ByOwner:
		within = `(:scope OR ` + Held("owner") + `)`
	case ByMember: // a closed case is called nothing
		var n int
		err = seen.Row(`SELECT count(*) FROM record_member WHERE record = :id AND kind = :kind AND person = :actor`, store.Args{"id": about.ID, "kind": about.Kind}, &n)
		if err == nil && n == 0 {
			err = problem.Missing()
		}
		return c, seen, err
	}
	err = seen.Row(`SELECT title FROM record_title WHERE id = :id AND kind = :kind AND `+within, store.Args{"id": about.ID, "kind": about.Kind}, &c.Title)
	return c, seen, err
}

// Closed reports whether a kind's records are open only to those they name.
func Closed(kind string) bool {
	rows, _ := rowsOf.Load(kind)
	return rows == ByMember
}
