package receipt

import (
	"slices"
	"strings"

	"vaern/internal/access"
	"vaern/internal/people"
	"vaern/internal/store"
)

// presentAll is the people with access today, as SQL over person p: those who
// have not ended, but for whoever is away.
var presentAll = staying + ` AND p.id NOT IN (` + away(`1 = 1`) + `)`

// staying is that a person p has not ended. Nearly nobody has, so an expression
// keeps SQLite from fetching them one by one from the index on the end.
const staying = `coalesce(p.ends, '9999-12-31') >= :today`

// away are those who hold no position today and held one before, or will, as SQL;
// whose is about the holding g. Who never had one has access too, such as somebody
// with a key only.
func away(whose string) string {
	return `SELECT g.person FROM holding g WHERE ` + whose + ` AND ` + gone
}

// gone is that the person of a holding g holds nothing today.
const gone = `(g.ends < :today OR g.starts > :today) AND NOT EXISTS (SELECT 1 FROM holding h WHERE h.person = g.person AND ` + current + `)`

// current is that a position is held today, as SQL over holding h.
const current = `h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today)`

// member is somebody with access, as audiences see people.
type member struct {
	ID, Unit, Category string
	NoMail             bool
}

// crowd is everybody with access today, and the units they are in. Only who is
// seated is a page's own: the rest may be shared, and nobody changes it.
type crowd struct {
	all    []*member
	seated map[seat]bool
	above  map[string]string // unit → the unit over it
	names  map[string]string // unit → its name
	homes  map[string]int64  // unit → how many people it has
	gone   map[string]bool   // who is away, while it is read
}

// seat is that a rule fits somebody for a position that the person holds.
type seat struct{ person, kind, value string }

func newCrowd() *crowd {
	return &crowd{seated: map[seat]bool{}, above: map[string]string{}, names: map[string]string{}, homes: map[string]int64{}, gone: map[string]bool{}}
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

// gather reads all with access, in no order, with all that the rules ask about
// them; alone somebody in particular.
func gather(q *store.Read, rules Rules) (*crowd, error) {
	c, args := newCrowd(), store.Args{}
	return c, c.read(q, present("", `1 = 1`, whose{})+rules.seats(args, ""), args)
}

func alone(q *store.Read, who string, rules Rules) (*crowd, error) {
	c, args := newCrowd(), store.Args{"who": who}
	return c, c.read(q, present("", `1 = 1`, one)+rules.seats(args, one.seat), args)
}

// whose narrows what is read of people, as SQL over person p, holding g and seat h.
type whose struct{ person, gone, seat string }

var one = whose{` AND p.id = :who`, ` AND g.person = :who`, ` AND h.person = :who`}

// present are the people with access as SQL, and the units, in parts: they are read
// where a condition holds, over what it is about. People come many in a row, as
// id:category, with another colon where there is no mail, since each row costs more
// than what stands in it; unit by unit, so that no row has to be sorted.
func present(over, where string, of whose) string {
	const each = `p.id || ':' || p.category || CASE WHEN p.mail = '' THEN ':' ELSE '' END`
	people := `SELECT '', u.id, '', coalesce((SELECT string_agg(` + each + `, ' ') FROM person p WHERE p.unit = u.id AND ` + staying + `), '') FROM ` + over + `unit u WHERE ` + where
	if of.person != "" {
		people = `SELECT '', p.unit, '', ` + each + ` FROM person p WHERE ` + staying + of.person
	}
	return `
		SELECT 'here', u.id, u.unit, u.name FROM ` + over + `unit u WHERE ` + where + `
		UNION ALL SELECT 'away', '', '', coalesce(string_agg(g.person, ' '), '') FROM ` + over + `holding g WHERE ` + where + ` AND ` + gone + of.gone + `
		UNION ALL ` + people
}

// read reads a crowd in parts.
func (c *crowd) read(q *store.Read, parts string, args store.Args) error {
	err := q.Rows(parts, args, func(scan store.Scan) error {
		var part, a, b, text string
		err := scan(&part, &a, &b, &text)
		c.take(part, a, b, text)
		return err
	})
	c.settle()
	return err
}

// take takes a row of a part in.
func (c *crowd) take(part, a, b, text string) {
	switch part {
	case "here":
		c.above[a], c.names[a] = b, text
	case "away":
		for id := range strings.SplitSeq(text, " ") {
			c.gone[id] = true
		}
	case "":
		c.join(a, strings.Fields(text))
	default:
		c.seated[seat{a, part, b}] = true
	}
}

// settle leaves out who is away, when all rows are in.
func (c *crowd) settle() {
	c.all = slices.DeleteFunc(c.all, func(m *member) bool { return c.gone[m.ID] })
	c.gone = nil
	for _, m := range c.all {
		c.homes[m.Unit]++
	}
}

// join adds the people of a unit.
func (c *crowd) join(unit string, people []string) {
	some := make([]member, len(people))
	for i, text := range people {
		id, category, _ := strings.Cut(text, ":")
		category, noMail := strings.CutSuffix(category, ":")
		some[i] = member{id, unit, category, noMail}
		c.all = append(c.all, &some[i])
	}
}

// member is somebody of the crowd; nil where nobody is.
func (c *crowd) member(id string) *member {
	for _, m := range c.all {
		if m.ID == id {
			return m
		}
	}
	return nil
}

// seats are the seats that rules are about, as further parts. Who holds what is
// many rows, so only those are read.
func (rs Rules) seats(args store.Args, narrowed string) (parts string) {
	for _, s := range seats {
		if values := rs.about(s.kind); len(values) > 0 {
			args[s.kind] = values
			parts += `
		UNION ALL SELECT '` + s.kind + `', h.person, ` + s.from + narrowed + ` AND ` + current
		}
	}
	return parts
}

// seats says of each kind of rule that asks about positions which seats those
// are: what the rule is about, and whence.
var seats = []struct{ kind, from string }{
	{ByUnit, `u.top, '' FROM unit_under u JOIN position o ON o.unit = u.unit JOIN holding h ON h.position = o.id WHERE u.top :among(unit)`},
	{ByPosition, `h.position, '' FROM holding h WHERE h.position :among(position)`},
	{ByRole, `g.role, '' FROM role_grant g JOIN holding h ON h.position = g.position WHERE g.role :among(role)`},
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
