package record

import (
	"slices"
	"strings"

	"vaern/internal/field"
	"vaern/internal/store"
)

// keyed is the table by whose numbers people mean the records of a kind: its own, or that of the records it is meant through, as
// a position by the number of whoever holds it.
type keyed struct {
	table, key, sort string
	through          string // a query of id and other, "" where the numbers are its own
}

// keyedBy finds that table, where a kind has one and the database keeps it.
func keyedBy(q *store.Read, kind string) (n keyed, ok bool) {
	d := declarationOf(kind)
	if d.key == "" && d.through.Kind != "" {
		kind, n.through = d.through.Kind, d.through.Query
		d = declarationOf(kind)
	}
	n.table, n.key, n.sort = kind, d.key, d.sort
	return n, d.key != "" && q.Keeps(kind, d.sort)
}

// numbered are at most limit records of a kind whose number is what somebody
// typed, and those whose number only begins so.
func numbered(q *store.Read, kind, text string, limit int) (is, begins []Called, err error) {
	n, ok := keyedBy(q, kind)
	from, until := field.SortsBehind(text)
	if !ok || from == "" {
		return nil, nil, nil
	}
	// The index on numbers finds the first of them, whatever else is asked.
	first := `SELECT id, ` + n.key + ` AS number, ` + n.sort + ` AS place FROM ` + n.table + ` WHERE ` + n.sort + ` >= :from AND ` + n.sort + ` < :until ORDER BY ` + n.sort + `, id LIMIT 1000`
	query := `SELECT t.id, t.title, r.number, '' FROM (` + first + `) r JOIN record_title t ON t.id = r.id`
	if n.through != "" {
		query = `SELECT t.id, t.title, r.number, o.title FROM (` + first + `) r JOIN record_title o ON o.id = r.id JOIN (` + n.through + `) x ON x.other = r.id JOIN record_title t ON t.id = x.id`
	}
	had := map[string]bool{}
	err = q.Rows(query+` WHERE :scope(t.unit) ORDER BY r.place, t.id LIMIT :n`, store.Args{"from": from, "until": until, "n": limit},
		func(scan store.Scan) error {
			c, number := Called{}, ""
			c.Kind = kind
			err := scan(&c.ID, &c.Title, &number, &c.By)
			if c.By != "" {
				c.By += " (" + number + ")"
			}
			switch number, text := field.Fold(number), field.Fold(text); {
			case had[c.ID]:
			case number == text:
				is = append(is, c)
			case strings.HasPrefix(number, text):
				begins = append(begins, c)
			}
			had[c.ID] = true
			return err
		})
	return is, begins, err
}

// Numbered are the records of a kind within reach whose number a text is.
func Numbered(q *store.Read, kind, text string) ([]Called, error) {
	is, _, err := numbered(q, kind, text, mostMeant)
	return is, err
}

// Known reports whether words mean anything of a kind where a list is filtered by it: an id, a part of a title, or a number.
func Known(q *store.Read, kind, words string) (bool, error) {
	titles, err := Titles(q, slices.Values([]string{words}))
	if err != nil || titles[words].Title != "" {
		return true, err
	}
	some, err := Pick(q, kind, words, 1)
	if err == nil && len(some) == 0 {
		some, err = Numbered(q, kind, words)
	}
	return len(some) > 0, err
}

// numbered is a query of the records of a kind whose number a text is, "" where the kind has none.
func (c *compiler) numbered(kind, text string) string {
	n, ok := keyedBy(c.q, kind)
	if !ok {
		return ""
	}
	from, until := field.SortsAlike(text) // the index on numbers finds it
	query := `SELECT k.id FROM ` + n.table + ` k WHERE k.` + n.sort + ` >= ` + c.arg(from) + ` AND k.` + n.sort + ` < ` + c.arg(until) + ` AND ` + c.same("k."+n.key, text)
	if n.through != "" {
		return `SELECT n.id FROM (` + n.through + `) n WHERE n.other IN (` + query + `)`
	}
	return query
}
