package receipt

import (
	"maps"
	"slices"
	"strings"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/people"
	"vaern/internal/store"
)

// Line is how far a unit has come, with all below it.
type Line struct {
	Unit, Name string
	Access     int64 // everybody with access, mail or not
	Wanted     int64 // whom the document is for
	Read       int64 // have read, or need not read again
	Kept       int64 // of them, those whose receipt of an earlier version counts
	Direct     bool  // only those right in the unit, not below
	Hidden     bool  // too few to show to whoever may not see names
	Named      bool  // the viewer may see names here

	waits map[string]int64 // unit → those who have not read
}

// Missing are those who have not read.
func (l Line) Missing() int64 { return l.Wanted - l.Read }

// fewest is the smallest number that says nothing about one person.
const fewest = 5

func small(n int64) bool { return 0 < n && n < fewest }

// lines are the units right below one, and how far each has come; total is the
// unit itself, with how many wait right in each unit.
func lines(q *store.Read, c *crowd, reading, unit string) (out []Line, total Line, err error) {
	waits := map[string]int64{}
	by := map[string]*Line{}
	at := func(home string) *Line {
		id := c.child(home, unit)
		if by[id] == nil {
			by[id] = &Line{Unit: id, Name: c.names[id], Direct: id == unit}
		}
		return by[id]
	}
	for home, n := range c.homes {
		if c.under(home, unit) {
			at(home).Access += n
		}
	}
	err = q.Rows(`SELECT unit, state, count(*) FROM asked WHERE reading = :reading AND here = 1 GROUP BY unit, state`,
		store.Args{"reading": reading}, func(scan store.Scan) error {
			var home, state string
			var n int64
			if err := scan(&home, &state, &n); err != nil || !c.under(home, unit) {
				return err
			}
			l := at(home)
			l.Wanted += n
			if state == done || state == kept {
				l.Read += n
			} else {
				waits[home] += n
			}
			if state == kept {
				l.Kept += n
			}
			return nil
		})
	total = Line{Unit: unit, Name: c.names[unit], waits: waits}
	for _, l := range by {
		total.Access, total.Wanted, total.Read, total.Kept = total.Access+l.Access, total.Wanted+l.Wanted, total.Read+l.Read, total.Kept+l.Kept
		out = append(out, *l)
	}
	slices.SortFunc(out, func(a, b Line) int {
		if a.Direct != b.Direct {
			return int(flag(a.Direct) - flag(b.Direct))
		}
		return strings.Compare(a.Name, b.Name)
	})
	return out, total, err
}

// reaches reports whether an actor may see names in a unit.
func reaches(c *crowd, a access.Actor, unit string) bool {
	reach, ok := a.May[Names]
	return ok && (reach.Whole || slices.ContainsFunc(reach.Tops, func(top string) bool { return c.under(unit, top) }))
}

// veil hides what would tell about single people from whoever may not see
// names. One hidden line could be worked out from the others, so then the
// smallest of them is hidden too.
func veil(all []Line, c *crowd, a access.Actor) {
	hidden, least := 0, -1
	for i := range all {
		l := &all[i]
		l.Named = reaches(c, a, l.Unit)
		if l.Named || l.Wanted == 0 {
			continue
		}
		if small(l.Wanted) || small(l.Read) || small(l.Missing()) {
			l.Hidden = true
			hidden++
		} else if least < 0 || l.Wanted < all[least].Wanted {
			least = i
		}
	}
	if hidden == 1 && least >= 0 {
		all[least].Hidden = true
	}
}

// Absent is somebody who has not read yet, as a leader sees it.
type Absent struct {
	Person, Name, Unit, Number string
	Mail                       bool
	Due                        string
	Late                       bool
}

// first are the first units in order of their names in which so many wait.
func (c *crowd) first(waits map[string]int64, most int64) (out store.List) {
	key := map[string]string{}
	for id := range waits {
		key[id] = field.SortKey(c.names[id])
	}
	n, last := int64(0), ""
	for _, id := range slices.SortedFunc(maps.Keys(waits), func(a, b string) int { return strings.Compare(key[a], key[b]) }) {
		if n >= most && key[id] != last {
			break
		}
		out, n, last = append(out, id), n+waits[id], key[id]
	}
	return out
}

// absent are those who wait in a unit and all below it, within reach of names.
func absent(q *store.Read, reading, unit string, most int) ([]Absent, error) {
	return namesOf(q, `a.unit IN (SELECT unit FROM unit_under WHERE top = :unit)`, store.Args{"reading": reading, "unit": unit, "most": most})
}

// namesOf are those who wait where a condition holds of what they are asked, as SQL
// over asked a, by unit and name.
func namesOf(q *store.Read, where string, args store.Args) (out []Absent, err error) {
	names, err := q.With(Names)
	if err != nil {
		return nil, err
	}
	err = names.Rows(`
		SELECT p.id, p.name, u.name, p.number, CASE WHEN p.mail = '' THEN 0 ELSE 1 END, a.due, CASE WHEN a.due < :today THEN 1 ELSE 0 END
		FROM asked a JOIN person p ON p.id = a.person JOIN unit u ON u.id = a.unit
		WHERE a.reading = :reading AND a.here = 1 AND a.state IN ('open', 'spared')
		AND `+where+` AND :scope(a.unit)
		ORDER BY u.name_sort, p.name_sort, p.id LIMIT :most`, args, func(scan store.Scan) error {
		var a Absent
		err := scan(&a.Person, &a.Name, &a.Unit, &a.Number, &a.Mail, &a.Due, &a.Late)
		out = append(out, a)
		return err
	})
	return out, err
}

// path is the way from the municipality down to a unit.
func (c *crowd) path(unit string) (out []string) {
	for range len(c.above) {
		out = append(out, unit)
		if unit == people.Top || c.above[unit] == "" {
			break
		}
		unit = c.above[unit]
	}
	slices.Reverse(out)
	return out
}
