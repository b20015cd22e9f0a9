package record

import (
	"slices"

	"vaern/internal/field"
	"vaern/internal/store"
)

// pickThrough is Pick for words that no record of the kind is called: those of the kind that are meant by the title of another,
// as a position by the name of whoever holds it, those of the whole title first.
func pickThrough(q *store.Read, through, kind, words string, limit int) (out []Called, err error) {
	where, args := Matching("o.search", words)
	args["kind"], args["n"], args["whole"] = kind, limit, field.Fold(words)
	err = q.Rows(`SELECT kind, id, title, coalesce(whole, part) FROM record_title JOIN (
		SELECT x.id AS found, min(CASE WHEN o.search = :whole THEN o.title END) AS whole, min(o.title) AS part
		FROM (`+through+`) x JOIN record_title o ON o.id = x.other WHERE `+where+` GROUP BY x.id) y ON found = id
		WHERE kind = :kind AND :scope ORDER BY CASE WHEN whole IS NULL THEN 1 ELSE 0 END, title, id LIMIT :n`, args,
		func(scan store.Scan) error {
			var c Called
			err := scan(&c.Kind, &c.ID, &c.Title, &c.By)
			out = append(out, c)
			return err
		})
	return out, err
}

// Ways are what to write to mean each of some records that a text fits alike: their titles, where those differ since they were
// found through others, else what tells them apart.
func Ways(q *store.Read, kind string, ids []string) (ways []string, titles bool, err error) {
	called, err := Titles(q, slices.Values(ids))
	if err != nil {
		return nil, false, err
	}
	for _, id := range ids {
		if title := called[id].Title; title != "" && !slices.Contains(ways, title) {
			ways = append(ways, title)
		}
	}
	if len(ways) == len(ids) {
		return ways, true, nil
	}
	all, err := TellApart(q, kind, ids)
	ways = make([]string, len(all))
	for i, a := range all {
		ways[i] = a.String()
	}
	return ways, false, err
}

// findThrough looks for texts that mean nothing yet among the whole titles of others, and their numbers.
func (m *meaning) findThrough(t Through) error {
	if t.Query == "" {
		return nil
	}
	among := func(column, table string) string {
		return `(SELECT x.id, o.` + column + ` FROM (` + t.Query + `) x JOIN ` + table + ` o ON o.id = x.other) y`
	}
	if n, ok := keyedBy(m.q, t.Kind); ok {
		if err := m.find(n.key, among(n.key, n.table), m.rest(same)); err != nil {
			return err
		}
	}
	return m.find("search", among("search", "record_title"), m.rest(field.Fold))
}
