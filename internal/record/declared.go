package record

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/store"
)

// declared are the registers of the program, for what is asked of records of
// any kind: how people know one, and what points at it.
var declared = struct {
	sync.RWMutex
	kinds map[string]declaration
}{kinds: map[string]declaration{}}

type declaration struct {
	core *Core
	one  i18n.Text
	key  string            // the column that people know records by, "" is none
	sort string            // the column by which keys sort
	refs map[string]string // column → the kind that it points at
	also []string          // columns of short texts that say who or what it is, such as a mail address

	beside  string // an expression on a row r: what else tells it from others of its title, "" is nothing
	through Through
}

func declare(r *Core) {
	d := declaration{core: r, one: r.One, refs: map[string]string{}, beside: r.beside, through: r.through}
	for i := range r.fields {
		f := &r.fields[i]
		if f.Key {
			d.key, d.sort = f.Name, f.Sorter()
		}
		if f.Kind == field.Text && f.Search && !f.Long && !f.Title && !f.Key && !f.Sensitive {
			d.also = append(d.also, f.Name)
		}
		if f.Kind == field.Ref {
			d.refs[f.Name] = f.To
		}
	}
	declared.Lock()
	declared.kinds[r.Name] = d
	declared.Unlock()
}

func declarationOf(kind string) declaration {
	declared.RLock()
	defer declared.RUnlock()
	return declared.kinds[kind]
}

// HasKey reports whether people know the records of a kind by a number: their
// own, or that of those who mean them, as a person means a position.
func HasKey(kind string) bool {
	d := declarationOf(kind)
	return d.key != "" || declarationOf(d.through.Kind).key != ""
}

// pointer is a column that points at records of a kind.
type pointer struct {
	table, column string
	one           i18n.Text
}

// pointers are the columns of this database that point at records of a kind.
func pointers(q *store.Read, kind string) (out []pointer) {
	declared.RLock()
	defer declared.RUnlock()
	for name, d := range declared.kinds {
		for column, to := range d.refs {
			if to == kind && q.Keeps(name, column) {
				out = append(out, pointer{name, column, d.one})
			}
		}
	}
	slices.SortFunc(out, func(a, b pointer) int { return strings.Compare(a.table+" "+a.column, b.table+" "+b.column) })
	return out
}

// Meant finds the records of a kind that texts mean, among those the view
// reaches: by key, by id, by the whole title, or by what else it is known by,
// such as its mail address. A text may mean several.
func Meant(q *store.Read, kind string, texts []string) (map[string][]string, error) {
	m := meaning{q, kind, texts, map[string][]string{}}
	d := declarationOf(kind)
	keyed := d.key != "" && q.Keeps(kind, d.key)
	if keyed {
		if err := m.find(d.key, kind, m.rest(same)); err != nil {
			return nil, err
		}
	}
	for _, by := range []struct {
		column string
		form   func(string) string
	}{{"id", same}, {"title", same}, {"search", field.Fold}} {
		if err := m.find(by.column, "record_title", m.rest(by.form)); err != nil {
			return nil, err
		}
	}
	for _, column := range d.also {
		if q.Keeps(kind, column) {
			if err := m.find(column, kind, m.rest(field.Fold)); err != nil {
				return nil, err
			}
		}
	}
	if keyed && q.Keeps(kind, d.sort) {
		have, err := spelled(q, kind, d.key, d.sort, slices.Sorted(maps.Keys(m.rest(same))))
		if err != nil {
			return nil, err
		}
		if err := m.find(d.key, kind, m.rest(func(text string) string { return have[text] })); err != nil {
			return nil, err
		}
	}
	return m.ids, m.findThrough(d.through)
}

// meaning is the records of a kind that texts mean, as far as they are found.
type meaning struct {
	q     *store.Read
	kind  string
	texts []string
	ids   map[string][]string // by text
}

func same(text string) string { return text }

// rest are the texts that mean nothing yet, by the form that a column has them in.
func (m *meaning) rest(form func(string) string) map[string][]string {
	of := map[string][]string{}
	for _, text := range m.texts {
		if text != "" && len(m.ids[text]) == 0 && !slices.Contains(of[form(text)], text) {
			of[form(text)] = append(of[form(text)], text)
		}
	}
	return of
}

// find looks for texts in a column of a table, among the records within reach.
func (m *meaning) find(column, table string, of map[string][]string) error {
	const within = ` FROM record_title WHERE kind = :kind AND :scope`
	query := `SELECT id, ` + column + within + ` AND ` + column + ` `
	if table != "record_title" {
		query = `SELECT id, ` + column + ` FROM ` + table + ` WHERE id IN (SELECT id` + within + `) AND ` + column + ` `
	}
	for part := range slices.Chunk(slices.Sorted(maps.Keys(of)), 300) {
		in, args := listed(part)
		args["kind"] = m.kind
		err := m.q.Rows(query+in, args, func(scan store.Scan) error {
			var id, text string
			err := scan(&id, &text)
			for _, asked := range of[text] {
				if !slices.Contains(m.ids[asked], id) {
					m.ids[asked] = append(m.ids[asked], id)
				}
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
