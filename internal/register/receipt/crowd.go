package receipt

import (
	"strings"

	"vaern/internal/access"
	"vaern/internal/people"
	"vaern/internal/store"
)

// presentAll is the people with access today, as SQL over person p: those who
// have not ended, but nobody who holds no position today and held one before,
// or will. Who never had one has access too, such as somebody with a key only.
// Nearly everybody has, so an expression keeps SQLite from fetching them one by
// one from the index on the end.
var presentAll = present(`1 = 1`)

// present are those among the people whose positions, holding h, a condition is
// about.
func present(whose string) string {
	return `coalesce(p.ends, '9999-12-31') >= :today AND p.id NOT IN (SELECT h.person FROM holding h WHERE ` + whose + ` GROUP BY h.person
		HAVING max(CASE WHEN ` + current + ` THEN 1 ELSE 0 END) = 0)`
}

// current is that a position is held today, as SQL over holding h.
const current = `h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today)`

// member is somebody with access, as audiences see people.
type member struct {
	ID, Unit, Category string
	NoMail             bool
}

// crowd is everybody with access today, and the units they are in.
type crowd struct {
	all    []*member
	by     map[string]*member
	seated map[seat]bool
	above  map[string]string // unit → the unit over it
	names  map[string]string // unit → its name
}

// seat is that a rule fits somebody for a position that the person holds.
type seat struct{ person, kind, value string }

func newCrowd() *crowd {
	return &crowd{by: map[string]*member{}, seated: map[seat]bool{}, above: map[string]string{}, names: map[string]string{}}
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

// gather reads everybody with access, in no order, with all that the rules ask
// about them; who is somebody in particular, "" is all. Who holds what is many
// rows, so only the seats that rules are about are read.
func gather(q *store.Read, who string, rules Rules) (*crowd, error) {
	c := newCrowd()
	people, whose := presentAll, `1 = 1`
	if who != "" {
		whose = `h.person = :who`
		people = `p.id = :who AND ` + present(whose)
	}
	args := store.Args{"who": who}
	parts := []string{
		`SELECT 'here', id, unit, name, 0 FROM unit`,
		`SELECT '', p.id, p.unit, p.category, CASE WHEN p.mail = '' THEN 1 ELSE 0 END FROM person p WHERE ` + people,
	}
	for _, s := range seats {
		if values := rules.about(s.kind); len(values) > 0 {
			args[s.kind] = values
			parts = append(parts, `SELECT '`+s.kind+`', h.person, `+s.from+` AND `+whose+` AND `+current)
		}
	}
	return c, q.Rows(strings.Join(parts, "\nUNION ALL "), args, func(scan store.Scan) error {
		var part, id, a, b string
		var flag bool
		err := scan(&part, &id, &a, &b, &flag)
		switch part {
		case "here":
			c.above[id], c.names[id] = a, b
		case "":
			m := &member{id, a, b, flag}
			c.all, c.by[id] = append(c.all, m), m
		default:
			c.seated[seat{id, part, a}] = true
		}
		return err
	})
}

// seats says of each kind of rule that asks about positions which seats those
// are: what the rule is about, and whence.
var seats = []struct{ kind, from string }{
	{ByUnit, `u.top, '', 0 FROM unit_under u JOIN position o ON o.unit = u.unit JOIN holding h ON h.position = o.id WHERE u.top :among(unit)`},
	{ByPosition, `h.position, '', 0 FROM holding h WHERE h.position :among(position)`},
	{ByRole, `g.role, '', 0 FROM role_grant g JOIN holding h ON h.position = g.position WHERE g.role :among(role)`},
}

// about is what rules of a kind are about, but for what is true of everybody.
func (rs Rules) about(kind string) (out store.List) {
	for _, r := range rs {
		if r.Kind == kind && r.Value != people.Top && r.Value != string(access.Employee) {
			out = append(out, r.Value)
		}
	}
	return out
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
