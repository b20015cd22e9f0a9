package receipt

import (
	"slices"

	"vaern/internal/people"
	"vaern/internal/store"
)

// presentAll is the people with access today, as SQL over person p: those who
// have not ended, but nobody whose positions have all ended, or none has begun.
// Who never had one has access too, such as somebody with a key only. Nearly
// everybody has, so an expression keeps SQLite from fetching them one by one
// from the index on the end.
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

func newCrowd() *crowd {
	return &crowd{by: map[string]*member{}, above: map[string]string{}, names: map[string]string{}}
}

// units are the crowd's places, without the people.
func units(q *store.Read) (*crowd, error) {
	c := newCrowd()
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
	c := newCrowd()
	seats, err := c.places(q, who)
	if err != nil {
		return nil, err
	}
	if err := c.read(q, who); err != nil {
		return nil, err
	}
	return c, c.sit(q, who, seats)
}

// read reads the people who have not ended.
func (c *crowd) read(q *store.Read, who string) error {
	which := `coalesce(p.ends, '9999-12-31') >= :today` // nearly everybody: no index helps
	if who != "" {
		which = `p.id = :who AND (p.ends IS NULL OR p.ends >= :today)`
	}
	return q.Rows(`SELECT p.id, p.unit, p.name, p.category, p.mail FROM person p WHERE `+which, store.Args{"who": who}, func(scan store.Scan) error {
		m := &member{}
		err := scan(&m.ID, &m.Unit, &m.Name, &m.Category, &m.Mail)
		m.units = []string{m.Unit}
		c.all, c.by[m.ID] = append(c.all, m), m
		return err
	})
}

// seat is a position, as audiences see it.
type seat struct {
	unit  string
	roles []string
}

// places reads the units, and the positions of a person, "" is all: by
// themselves, since they are few beside those who hold them.
func (c *crowd) places(q *store.Read, who string) (map[string]*seat, error) {
	which := `1 = 1`
	if who != "" {
		which = `o.id IN (SELECT position FROM holding WHERE person = :who)`
	}
	seats := map[string]*seat{}
	return seats, q.Rows(`SELECT 0, id, unit, name FROM unit
		UNION ALL SELECT 1, o.id, o.unit, coalesce(g.role, '') FROM position o LEFT JOIN role_grant g ON g.position = o.id WHERE `+which,
		store.Args{"who": who}, func(scan store.Scan) error {
			var position bool
			var id, unit, text string
			if err := scan(&position, &id, &unit, &text); err != nil {
				return err
			}
			if !position {
				c.above[id], c.names[id] = unit, text
				return nil
			}
			if seats[id] == nil {
				seats[id] = &seat{unit: unit}
			}
			if text != "" {
				seats[id].roles = append(seats[id].roles, text)
			}
			return nil
		})
}

// sit gives people the positions that they hold today, and leaves out those who
// only held one before, or will.
func (c *crowd) sit(q *store.Read, who string, seats map[string]*seat) error {
	which := `1 = 1`
	if who != "" {
		which = `h.person = :who`
	}
	away := map[string]bool{}
	err := q.Rows(`SELECT h.person, h.position, h.starts, coalesce(h.ends, '') FROM holding h WHERE `+which, store.Args{"who": who}, func(scan store.Scan) error {
		var person, position, starts, ends string
		if err := scan(&person, &position, &starts, &ends); err != nil {
			return err
		}
		m := c.by[person]
		switch {
		case m == nil:
		case starts > q.Today || ends != "" && ends < q.Today:
			away[person] = true
		default:
			m.hold(position, seats[position])
		}
		return nil
	})
	c.all = slices.DeleteFunc(c.all, func(m *member) bool {
		gone := away[m.ID] && len(m.positions) == 0
		if gone {
			delete(c.by, m.ID)
		}
		return gone
	})
	return err
}

func (m *member) hold(position string, at *seat) {
	if slices.Contains(m.positions, position) {
		return
	}
	m.positions = append(m.positions, position)
	if !slices.Contains(m.units, at.unit) {
		m.units = append(m.units, at.unit)
	}
	m.roles = append(m.roles, at.roles...)
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
