package receipt

import (
	"slices"

	"vaern/internal/people"
	"vaern/internal/store"
)

// present is the people with access today, as SQL over person p: those who have
// not ended, and who hold a position now or never had one, such as somebody
// with a key only.
const present = `(p.ends IS NULL OR p.ends >= :today)
	AND (EXISTS (SELECT 1 FROM holding h WHERE h.person = p.id AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today))
		OR NOT EXISTS (SELECT 1 FROM holding h WHERE h.person = p.id))`

// presentAll says the same for all at once: nobody whose positions have all
// ended, or none has begun. Nearly everybody has access, so an expression keeps
// SQLite from fetching them one by one from the index on the end.
const presentAll = `coalesce(p.ends, '9999-12-31') >= :today
	AND p.id NOT IN (SELECT h.person FROM holding h WHERE h.ends < :today
		AND NOT EXISTS (SELECT 1 FROM holding o WHERE o.person = h.person AND coalesce(o.ends, '9999-12-31') >= :today))
	AND p.id NOT IN (SELECT h.person FROM holding h WHERE h.starts > :today
		AND NOT EXISTS (SELECT 1 FROM holding o WHERE o.person = h.person AND o.starts <= :today AND (o.ends IS NULL OR o.ends >= :today)))`

// member is somebody with access, as audiences see people.
type member struct {
	ID, Unit, Name, Category string
	Mail                     string
	units                    []string // where the person belongs, and where the positions are
	positions, roles         []string
}

// crowd is everybody with access today, and the units they are in.
type crowd struct {
	all   []*member
	by    map[string]*member
	above map[string]string // unit → the unit over it
	names map[string]string // unit → its name
}

// units are the crowd's places, without the people.
func units(q *store.Read) (*crowd, error) {
	c := &crowd{by: map[string]*member{}, above: map[string]string{}, names: map[string]string{}}
	return c, q.Rows(`SELECT id, unit, name FROM unit`, nil, func(scan store.Scan) error {
		var id, over, name string
		err := scan(&id, &over, &name)
		c.above[id], c.names[id] = over, name
		return err
	})
}

// gather reads everybody with access, in no order; who is somebody in
// particular, "" is all.
func gather(q *store.Read, who string) (*crowd, error) {
	c, err := units(q)
	if err != nil {
		return nil, err
	}
	args := store.Args{"who": who}
	which, held := presentAll, `h.starts || '' <= :today AND coalesce(h.ends, '9999-12-31') >= :today` // in their order, as above
	if who != "" {
		which, held = `p.id = :who AND `+present, `h.person = :who AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today)`
	}
	err = q.Rows(`
		SELECT p.id, p.unit, p.name, p.category, p.mail FROM person p WHERE `+which, args,
		func(scan store.Scan) error {
			m := &member{}
			err := scan(&m.ID, &m.Unit, &m.Name, &m.Category, &m.Mail)
			m.units = []string{m.Unit}
			c.all, c.by[m.ID] = append(c.all, m), m
			return err
		})
	if err != nil {
		return nil, err
	}
	return c, q.Rows(`
		SELECT h.person, o.id, o.unit, coalesce(g.role, '') FROM holding h
		JOIN position o ON o.id = h.position LEFT JOIN role_grant g ON g.position = o.id
		WHERE `+held, args,
		func(scan store.Scan) error {
			var person, position, unit, role string
			if err := scan(&person, &position, &unit, &role); err != nil {
				return err
			}
			if m := c.by[person]; m != nil {
				m.hold(position, unit, role)
			}
			return nil
		})
}

func (m *member) hold(position, unit, role string) {
	if !slices.Contains(m.units, unit) {
		m.units = append(m.units, unit)
	}
	if !slices.Contains(m.positions, position) {
		m.positions = append(m.positions, position)
	}
	if role != "" {
		m.roles = append(m.roles, role)
	}
}

// under reports whether a unit is another, or below it.
func (c *crowd) under(unit, top string) bool {
	for range len(c.above) {
		if unit == top {
			return true
		}
		if unit == people.Top || c.above[unit] == "" {
			return false
		}
		unit = c.above[unit]
	}
	return false
}

// child is the unit right below top that a unit is in: top itself for what is
// nowhere below.
func (c *crowd) child(unit, top string) string {
	for unit != top && c.above[unit] != top {
		if unit == people.Top || c.above[unit] == "" {
			return top
		}
		unit = c.above[unit]
	}
	return unit
}
