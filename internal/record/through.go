package record

import (
	"vaern/internal/field"
	"vaern/internal/store"
)

// pickThrough is Pick for words that no record of the kind is called: those of the kind that are meant by the title of another,
// as a position by the name of whoever holds it.
func pickThrough(q *store.Read, through, kind, words string, limit int) (out []Called, err error) {
	where, args := Matching("o.search", words)
	args["kind"], args["n"] = kind, limit
	err = q.Rows(`SELECT kind, id, title, found FROM record_title JOIN (SELECT x.id AS found_id, min(o.title) AS found FROM (`+through+`) x
		JOIN record_title o ON o.id = x.other WHERE `+where+` GROUP BY x.id) y ON found_id = id
		WHERE kind = :kind AND :scope ORDER BY title, id LIMIT :n`, args,
		func(scan store.Scan) error {
			var c Called
			err := scan(&c.Kind, &c.ID, &c.Title, &c.By)
			out = append(out, c)
			return err
		})
	return out, err
}

// findThrough looks for texts that mean nothing yet among the whole titles of others.
func (m *meaning) findThrough(through string) error {
	if through == "" {
		return nil
	}
	table := `(SELECT x.id, o.search FROM (` + through + `) x JOIN record_title o ON o.id = x.other) y`
	return m.find("search", table, m.rest(field.Fold))
}
