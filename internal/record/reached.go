package record

import (
	"fmt"
	"strings"
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

// Seen are those among some records that the actor sees, whatever their kinds,
// with what they are called: one statement for all kinds that reach equally far.
func Seen(q *store.Read, refs []ref.Ref) (map[ref.Ref]Called, error) {
	type reach struct {
		rows Rows
		far  string
	}
	groups := map[reach]map[string][]string{} // → kind → ids
	for _, r := range refs {
		need := access.Permission(r.Kind + ".see")
		if !q.Actor.Can(need) {
			continue
		}
		rows, _ := rowsOf.Load(r.Kind)
		by, _ := rows.(Rows)
		far := reach{by, ""}
		if by != ByMember {
			far.far = q.Actor.May[need].Key()
		}
		if groups[far] == nil {
			groups[far] = map[string][]string{}
		}
		groups[far][r.Kind] = append(groups[far][r.Kind], r.ID)
	}
	out := map[ref.Ref]Called{}
	for far, kinds := range groups {
		if err := seen(q, far.rows, kinds, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func seen(q *store.Read, rows Rows, kinds map[string][]string, out map[ref.Ref]Called) error {
	var any string
	var parts []string
	args := store.Args{}
	for kind, ids := range kinds {
		any = kind
		var names []string
		for _, id := range ids {
			name := fmt.Sprintf("id%d", len(args))
			args[name] = id
			names = append(names, ":"+name)
		}
		name := fmt.Sprintf("kind%d", len(args))
		args[name] = kind
		parts = append(parts, `(kind = :`+name+` AND id IN (`+strings.Join(names, ", ")+`))`)
	}
	near, err := q.With(access.Permission(any + ".see"))
	if err != nil {
		return err
	}
	text := `SELECT kind, id, title FROM record_title WHERE `
	switch rows {
	case ByOwner:
		text += `(:scope OR ` + Held("owner") + `) AND `
	case ByMember: // a closed case is called nothing
		text = `SELECT kind, record AS id, '' FROM record_member WHERE person = :actor AND `
		for i := range parts {
			parts[i] = strings.Replace(parts[i], " AND id IN", " AND record IN", 1)
		}
	default:
		text += `:scope AND `
	}
	return near.Rows(text+`(`+strings.Join(parts, " OR ")+`)`, args, func(scan store.Scan) error {
		var c Called
		err := scan(&c.Kind, &c.ID, &c.Title)
		out[c.Ref] = c
		return err
	})
}
