package record

import (
	"fmt"
	"slices"
	"strings"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/store"
)

// People write r-01 and mean R-01. The database tells keys apart letter by letter, since a personnel system's are its own; what
// people write is held against the keys there are by where they sort, which has an index.

// Spelled finds how keys are stored that texts are, but for the case of letters; by text. One that stands as it is written
// comes before any other.
func (r *Core) Spelled(q *store.Read, texts []string) (map[string]string, error) {
	if key, ok := r.Key(); ok && key.Sort {
		return spelled(q, r.Name, key.Name, key.Sorter(), texts)
	}
	return map[string]string{}, nil
}

func spelled(q *store.Read, table, key, sorter string, texts []string) (map[string]string, error) {
	const atOnce = 100
	found := map[string][]string{} // by folded key
	for part := range slices.Chunk(texts, atOnce) {
		var near []string
		args := store.Args{}
		for i, text := range part {
			near = append(near, fmt.Sprintf("%s >= :f%d AND %[1]s < :u%[2]d", sorter, i))
			from, until := field.SortsAlike(text)
			args[fmt.Sprint("f", i)], args[fmt.Sprint("u", i)] = from, until
		}
		err := q.Rows(`SELECT `+key+` FROM `+table+` WHERE `+strings.Join(near, " OR ")+` ORDER BY `+sorter+`, id`, args, func(scan store.Scan) error {
			var k string
			err := scan(&k)
			found[field.Fold(k)] = append(found[field.Fold(k)], k)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	out := map[string]string{}
	for _, text := range texts {
		if all := found[field.Fold(text)]; slices.Contains(all, text) {
			out[text] = text
		} else if len(all) > 0 {
			out[text] = all[0]
		}
	}
	return out, nil
}

// unlike refuses a new key that only the case of letters tells from another.
func (r *Core) unlike(q *store.Read, old, rec Rec) error {
	key, ok := r.Key()
	if !ok {
		return nil
	}
	text := key.Raw(rec.Value)
	if old.Is() && field.Fold(key.Raw(old.Value)) == field.Fold(text) {
		return nil
	}
	have, err := r.Spelled(q, []string{text})
	if err != nil || have[text] == "" || have[text] == text { // one that is taken letter by letter, the save itself refuses
		return err
	}
	// Of how that one is spelled nothing is told: it may be out of reach.
	said := i18n.Text{"Den findes allerede. Store og små bogstaver gør ingen forskel.", "It already exists. Capital and small letters make no difference."}
	taken := problem.New(problem.Conflict, said[0], said[1])
	taken.Fields = problem.Fields{key.Name: said}
	return taken
}
