package record

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"vaern/internal/field"
	"vaern/internal/filter"
	"vaern/internal/i18n"
	"vaern/internal/store"
)

// Over reports whether a record no longer counts on a day.
func (r *Core) Over(rec Rec, day string) bool {
	return slices.ContainsFunc(r.fields, func(f field.Field) bool { return f.Until && f.Raw(rec.Value) != "" && f.Raw(rec.Value) < day })
}

// Late is how many records of a register are past one of its deadlines in an
// area: a unit and all below it.
type Late struct {
	Area      Called
	Kind      string // "" where nothing is late
	One, Many i18n.Text
	N         int
	Oldest    string        // the day that passed first
	Filter    filter.Filter // admits exactly those in the register's list
}

// LateBelow counts what is late in each unit right under a unit, and in that
// unit itself, of all registers that the actor sees: one statement for all that
// reach equally far. Units where nothing is late are told, too, unless they have
// closed. Closed and sensitive registers are left out.
func LateBelow(q *store.Read, root string) (out []Late, err error) {
	groups := map[string][]deadline{}
	for _, d := range deadlines(q) {
		far := q.Actor.May[d.core.Can("see")].Key()
		groups[far] = append(groups[far], d)
	}
	for _, far := range slices.Sorted(maps.Keys(groups)) {
		some, err := lateBelow(q, root, groups[far])
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	return out, nil
}

// deadline is a field of a register by which something is to be done.
type deadline struct {
	core  *Core
	field *field.Field
}

// deadlines are those of all registers that the actor sees, in one order.
func deadlines(q *store.Read) (out []deadline) {
	declared.RLock()
	defer declared.RUnlock()
	for _, kind := range slices.Sorted(maps.Keys(declared.kinds)) {
		r := declared.kinds[kind].core
		if r.Sensitive || r.Rows == ByMember || r.Placed != "unit" || !q.Actor.Can(r.Can("see")) {
			continue
		}
		for i := range r.fields {
			if f := &r.fields[i]; f.Deadline && !f.Sensitive && q.Keeps(kind, f.Name) {
				out = append(out, deadline{r, f})
			}
		}
	}
	return out
}

// passed is the filter of what is late by the deadline today.
func (d deadline) passed() filter.Filter {
	late := filter.Filter{Field: d.field.Name, Op: filter.Before, Value: "today"}
	for _, f := range d.core.fields {
		if f.Until {
			late = filter.Join(late, filter.Filter{Kind: filter.Or, Parts: []filter.Filter{{Field: f.Name, Op: filter.Missing}, {Field: f.Name, Op: filter.AtLeast, Value: "today"}}})
		}
	}
	return late
}

func lateBelow(q *store.Read, root string, all []deadline) (out []Late, err error) {
	near, err := q.With(all[0].core.Can("see"))
	if err != nil {
		return nil, err
	}
	// Counted by unit before units are laid into areas: there may be many records, and there are few units. Who reaches
	// all reads all, in the order in which they lie; an expression keeps SQLite from fetching them one by one by unit.
	by := "unit"
	if near.Actor.May[near.Need].Whole {
		by = "unit || ''"
	}
	args := store.Args{"root": root}
	parts := make([]string, len(all))
	for i, d := range all {
		c := &compiler{r: d.core, q: q, args: args}
		where, err := c.compile(d.passed())
		if err != nil {
			return nil, err
		}
		parts[i] = fmt.Sprintf(`SELECT %d AS which, min(unit) AS unit, count(*) AS n, min(%s) AS day FROM %s WHERE %s AND %s GROUP BY %s`, i, d.field.Name, d.core.Name, d.core.within, where, by)
	}
	err = near.Rows(`
		SELECT t.id, t.title, coalesce(l.which, -1), CAST(coalesce(sum(l.n), 0) AS BIGINT), coalesce(min(l.day), '')
		FROM (SELECT w.top AS area, w.unit, CASE WHEN a.closes < :today THEN 1 ELSE 0 END AS over FROM unit a JOIN unit_under w ON w.top = a.id WHERE a.unit = :root AND a.id <> :root
			UNION ALL SELECT id, id, 0 FROM unit WHERE id = :root) u
		JOIN record_title t ON t.id = u.area
		LEFT JOIN (`+strings.Join(parts, ` UNION ALL `)+`) l ON l.unit = u.unit
		GROUP BY t.id, t.title, u.over, l.which HAVING u.over = 0 OR count(l.which) > 0 ORDER BY t.title, t.id, l.which`, args, func(scan store.Scan) error {
		var l Late
		which := 0
		err := scan(&l.Area.ID, &l.Area.Title, &which, &l.N, &l.Oldest)
		if which >= 0 && err == nil {
			d, op := all[which], filter.Under
			if l.Area.ID == root {
				op = filter.Is
			}
			l.Kind, l.One, l.Many = d.core.Name, d.core.One, d.core.Many
			l.Filter = filter.Join(d.passed(), filter.Filter{Field: "unit", Op: op, Value: l.Area.ID})
		}
		out = append(out, l)
		return err
	})
	return out, err
}
