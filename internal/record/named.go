package record

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/filter"
	"vaern/internal/store"
)

// Named finds what the references of a filter mean, by what stands there: the
// title of a record for its id, and for words and numbers where they mean one
// record alone that the actor sees.
func (r *Core) Named(q *store.Read, refs []filter.Filter) (map[string]string, error) {
	called, err := Titles(q, func(yield func(string) bool) {
		for _, f := range refs {
			if !yield(f.Value) {
				return
			}
		}
	})
	if err != nil {
		return nil, err
	}
	titles, words := map[string]string{}, map[string][]string{} // kind → what means records of it
	for id, c := range called {
		titles[id] = c.Title
	}
	for _, f := range refs {
		fd, ok := r.Field(f.Field)
		if ok && fd.Kind == field.Ref && titles[f.Value] == "" && !slices.Contains(words[fd.To], f.Value) {
			words[fd.To] = append(words[fd.To], f.Value)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(words)) {
		if err := r.named(q, kind, words[kind], titles); err != nil {
			return nil, err
		}
	}
	return titles, nil
}

// named adds what each of some words means alone among the records of a kind.
func (r *Core) named(q *store.Read, kind string, words []string, titles map[string]string) error {
	near, err := q.With(access.Permission(kind + ".see"))
	if err != nil {
		return nil // who does not see the kind is told what was typed
	}
	c := &compiler{r: r, q: near, args: store.Args{}}
	parts := make([]string, len(words))
	for i, text := range words {
		parts[i] = fmt.Sprintf(`SELECT * FROM (SELECT %d AS at, t.title FROM record_title t WHERE t.kind = %s AND :scope(t.unit) AND t.id IN (%s) LIMIT 2) AS few%d`,
			i, c.arg(kind), c.meant(kind, text), i)
	}
	found := map[string][]string{}
	err = near.Rows(strings.Join(parts, ` UNION ALL `), c.args, func(scan store.Scan) error {
		at, title := 0, ""
		err := scan(&at, &title)
		found[words[at]] = append(found[words[at]], title)
		return err
	})
	for text, all := range found {
		if len(all) == 1 {
			titles[text] = all[0]
		}
	}
	return err
}
