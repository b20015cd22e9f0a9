package record

import (
	"fmt"
	"iter"
	"strings"

	"vaern/internal/field"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// Called is a record and what it is called.
type Called struct {
	ref.Ref
	Title string
}

// Titles returns what records are called, by id: one statement for all that a
// page mentions.
func Titles(q *store.Read, ids iter.Seq[string]) (map[string]Called, error) {
	out := map[string]Called{}
	var asked []string
	for id := range ids {
		if id != "" {
			asked = append(asked, id)
		}
	}
	if len(asked) == 0 {
		return out, nil
	}
	in, args := listed(asked)
	err := q.Rows(`SELECT kind, id, title FROM record_title WHERE id `+in, args,
		func(scan store.Scan) error {
			var c Called
			err := scan(&c.Kind, &c.ID, &c.Title)
			out[c.ID] = c
			return err
		})
	return out, err
}

// Pick returns at most limit records of a kind whose title has every word, in
// the order of their titles: what a field that points at one offers.
func Pick(q *store.Read, kind, words string, limit int) (out []Called, err error) {
	where, args := Matching("search", words)
	args["kind"], args["n"] = kind, limit
	err = q.Rows(`SELECT kind, id, title FROM record_title WHERE kind = :kind AND :scope AND `+where+` ORDER BY title, id LIMIT :n`, args,
		func(scan store.Scan) error {
			var c Called
			err := scan(&c.Kind, &c.ID, &c.Title)
			out = append(out, c)
			return err
		})
	return out, err
}

// escaped keeps what somebody wrote from meaning more than its letters.
func escaped(word string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word)
}

// Matching is the condition that a column of folded text has every word.
func Matching(column, words string) (string, store.Args) {
	parts, args := []string{"1 = 1"}, store.Args{}
	for i, word := range strings.Fields(field.Fold(words)) {
		if i == 20 {
			break // nobody means more
		}
		name := fmt.Sprintf("word%d", i)
		parts = append(parts, column+` LIKE :`+name+` ESCAPE '\'`)
		args[name] = "%" + escaped(word) + "%"
	}
	return strings.Join(parts, " AND "), args
}
