package record

import (
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
	one  i18n.Text
	key  string            // the column that people know records by, "" is none
	sort string            // the column by which keys sort
	refs map[string]string // column → the kind that it points at
	also []string          // columns of short texts that say who or what it is, such as a mail address

	beside string // an expression on a row r: what else tells it from others of its title, "" is nothing
}

func declare(name string, one i18n.Text, beside string, fields []field.Field) {
	d := declaration{one: one, refs: map[string]string{}, beside: beside}
	for i := range fields {
		if fields[i].Key {
			d.key, d.sort = fields[i].Name, fields[i].Sorter()
		}
		if f := &fields[i]; f.Kind == field.Text && f.Search && !f.Long && !f.Title && !f.Key && !f.Sensitive {
			d.also = append(d.also, f.Name)
		}
		if fields[i].Kind == field.Ref {
			d.refs[fields[i].Name] = fields[i].To
		}
	}
	declared.Lock()
	declared.kinds[name] = d
	declared.Unlock()
}

func declarationOf(kind string) declaration {
	declared.RLock()
	defer declared.RUnlock()
	return declared.kinds[kind]
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
	out := map[string][]string{}
	find := func(query, column string, of map[string][]string) error {
		for part := range slices.Chunk(sortedKeys(of), 300) {
			in, args := listed(part)
			args["kind"] = kind
			err := q.Rows(query+column+` `+in, args, func(scan store.Scan) error {
				var id, text string
				err := scan(&id, &text)
				for _, asked := range of[text] {
					if !slices.Contains(out[asked], id) {
						out[asked] = append(out[asked], id)
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
	rest := func(form func(string) string) map[string][]string {
		of := map[string][]string{}
		for _, text := range texts {
			if text != "" && len(out[text]) == 0 && !slices.Contains(of[form(text)], text) {
				of[form(text)] = append(of[form(text)], text)
			}
		}
		return of
	}
	same := func(text string) string { return text }
	d := declarationOf(kind)
	keyed := d.key != "" && q.Keeps(kind, d.key)
	byKey := func(of map[string][]string) error {
		return find(`SELECT id, `+d.key+` FROM `+kind+` WHERE id IN (SELECT id FROM record_title WHERE kind = :kind AND :scope) AND `, d.key, of)
	}
	if keyed {
		if err := byKey(rest(same)); err != nil {
			return nil, err
		}
	}
	const titles = ` FROM record_title WHERE kind = :kind AND :scope AND `
	for _, by := range []struct {
		column string
		form   func(string) string
	}{{"id", same}, {"title", same}, {"search", field.Fold}} {
		if err := find(`SELECT id, `+by.column+titles, by.column, rest(by.form)); err != nil {
			return nil, err
		}
	}
	for _, column := range d.also {
		if q.Keeps(kind, column) {
			if err := find(`SELECT id, `+column+` FROM `+kind+` WHERE id IN (SELECT id FROM record_title WHERE kind = :kind AND :scope) AND `, column, rest(field.Fold)); err != nil {
				return nil, err
			}
		}
	}
	if keyed && q.Keeps(kind, d.sort) {
		have, err := spelled(q, kind, d.key, d.sort, sortedKeys(rest(same)))
		if err != nil {
			return nil, err
		}
		return out, byKey(rest(func(text string) string { return have[text] }))
	}
	return out, nil
}

func sortedKeys(of map[string][]string) []string {
	out := make([]string, 0, len(of))
	for text := range of {
		out = append(out, text)
	}
	slices.Sort(out)
	return out
}
