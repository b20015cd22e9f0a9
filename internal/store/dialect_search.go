package store

import (
	"context"
	"strings"

	"vaern/internal/term"
)

// Terms are the terms of an entry as InsertAll takes them; a term.Match is an
// argument of any statement.
type Terms []string

// searching are the marks by which one text of SQL says what each database says
// in its own words:
//
//	SELECT e.title FROM :found(match) AND :scope(e.unit) ORDER BY :newest DESC
//
// e is the entry; :match is an argument. :few is :newest where few entries are
// expected.
func (d dialect) searching(query string) string {
	if !strings.Contains(query, "search_entry") && !strings.Contains(query, ":found(") {
		return query
	}
	found, newest := `search_index i CROSS JOIN search_entry e ON e.id = i.rowid WHERE i.search_index MATCH :$1`, `i.rowid`
	if d == postgres {
		found, newest = `search_entry e WHERE e.words @@ CAST(:$1 AS tsquery)`, `e.id`
	}
	few := newest
	if d == postgres { // else it walks all entries in that order to find the few
		few += " + 0"
	}
	query = foundMark.ReplaceAllString(query, found)
	return strings.NewReplacer(":newest", newest, ":few", few).Replace(query)
}

// Index readies a view for searching. PostgreSQL takes the terms of a match for
// independent, thinks that many entries fit where few do, and would read them
// all; so it is told to go by the index.
func (r *Read) Index() error {
	if r.s.dialect != postgres {
		return nil
	}
	return r.Rows(`SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)`, nil, func(Scan) error { return nil })
}

// Learn has PostgreSQL look at the search entries anew, after many came at once:
// until it has, a minute later by itself, it takes words that all have for rare,
// and a search takes ten times as long.
func (s *Store) Learn(ctx context.Context) error {
	if s.dialect != postgres {
		return nil
	}
	_, err := s.db.ExecContext(ctx, `ANALYZE search_entry`)
	return err
}

// argument is a value as the driver takes it.
func (d dialect) argument(value any) any {
	switch v := value.(type) {
	case Terms:
		return strings.Join(v, " ")
	case List:
		return d.list(v)
	case term.Match:
		return d.match(v)
	}
	return value
}

// match is what must be found, in the words of the database. Terms are letters,
// figures and marks, so quotes are all they need.
func (d dialect) match(m term.Match) string {
	all := d.groups(m.All)
	for _, but := range m.But {
		if d == postgres {
			all += " & !(" + d.groups(but) + ")"
		} else {
			all = "(" + all + ") NOT (" + d.groups(but) + ")"
		}
	}
	return all
}

func (d dialect) groups(all [][]term.Term) string {
	and, or, quote, prefix := " AND ", " OR ", `"`, `*`
	if d == postgres {
		and, or, quote, prefix = " & ", " | ", `'`, `:*`
	}
	groups := make([]string, len(all))
	for i, group := range all {
		terms := make([]string, len(group))
		for j, t := range group {
			terms[j] = quote + strings.NewReplacer(`"`, ``, `'`, ``, `\`, ``, ` `, ``).Replace(t.Text) + quote
			if t.Prefix {
				terms[j] += prefix
			}
		}
		groups[i] = "(" + strings.Join(terms, or) + ")"
	}
	return strings.Join(groups, and)
}
