package nordkyst

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// Make returns Nordkyst Kommune as it stands today, an ISO date. The same day
// gives the same municipality; another day the same people, with their dates
// moved along. It panics when today is not a date.
func Make(today string) Municipality {
	p := planOnce()
	c := newCalendar(today)
	draw := rand.New(rand.NewPCG(2, 350))
	m := Municipality{Name: p.Name, Units: slices.Clone(p.units)}
	for _, at := range p.positions {
		at.Roles = slices.Clone(at.Roles)
		m.Positions = append(m.Positions, at.Position)
	}
	s := newSeating(p, c, draw)
	s.fill()
	m.people(s, newRegister(p, draw))
	m.deputies(p, c)
	m.bodies(p, today)
	m.logins(p, today)
	return m
}

// people puts somebody in every seat, now and before, and adds those who left
// a position that is vacant.
func (m *Municipality) people(s *seating, r *register) {
	now, before := map[*seat]string{}, map[*seat]string{}
	for _, at := range s.seats {
		if at.moved == nil {
			now[at] = m.person(at.planned, at.name, r)
		}
		if !at.left.IsZero() {
			before[at] = m.person(at.planned, "", r)
		}
	}
	for _, at := range s.seats {
		if at.moved != nil {
			now[at] = before[at.moved]
		}
		if !at.left.IsZero() {
			m.Holdings = append(m.Holdings, Holding{before[at], at.Key, iso(at.from), iso(at.left)})
		}
		m.Holdings = append(m.Holdings, Holding{now[at], at.Key, iso(at.since), iso(at.until)})
	}
	for _, v := range s.Vacant {
		m.left(s, v, r)
	}
}

// left adds the last holder of a vacant position.
func (m *Municipality) left(s *seating, v vacancy, r *register) {
	for i := range s.positions {
		if at := &s.positions[i]; at.Key == v.Position {
			from := s.before(at, s.month(-historyMonths))
			m.Holdings = append(m.Holdings, Holding{m.person(at, v.Last, r), at.Key, iso(from), iso(s.day(-v.Days))})
		}
	}
}

// person adds somebody for a position, under a given name or a drawn one, and
// returns the key.
func (m *Municipality) person(at *planned, name string, r *register) string {
	p := Person{Key: fmt.Sprintf("n%04d", len(m.Persons)+1), Name: name, Category: at.category}
	switch {
	case name != "":
		p.Mail = address(local(latin(name)))
	case at.mailbox:
		p.Name = r.name()
		p.Mail = r.mail(p.Name)
	default:
		p.Name = r.name()
	}
	m.Persons = append(m.Persons, p)
	return p.Key
}

// deputies adds the described deputies, and in each unit that has one the
// position whose title makes it the leader's deputy.
func (m *Municipality) deputies(p plan, c calendar) {
	for _, d := range p.Deputies {
		stands := Deputy{Position: d.Position, For: d.For, From: iso(c.day(-d.Since))}
		if d.Until > 0 {
			stands.To = iso(c.day(-d.Until))
		}
		m.Deputies = append(m.Deputies, stands)
	}
	leader := map[string]string{}
	for _, at := range m.Positions {
		title, _, _ := strings.Cut(at.Title, ",")
		switch {
		case at.Level < 9:
			leader[at.Unit] = at.Key
		case slices.Contains(p.DeputiesByTitle, title):
			m.Deputies = append(m.Deputies, Deputy{Position: at.Key, For: leader[at.Unit], From: iso(c.month(-historyMonths))})
		}
	}
}

func (m *Municipality) bodies(p plan, today string) {
	for _, b := range p.Bodies {
		made := Body{Key: b.Key, Name: b.Name, Kind: b.Kind}
		for i, office := range b.Offices {
			made.Offices = append(made.Offices, Office{Position: office, Chair: i == 0})
		}
		if b.Members != "" {
			made.Members = slices.Concat(m.holders(b.Offices[0], today), m.holders(b.Members, today))
		}
		m.Bodies = append(m.Bodies, made)
	}
}

func (m *Municipality) logins(p plan, today string) {
	for _, l := range p.Logins {
		m.Logins = append(m.Logins, Login{Person: m.holders(l.Position, today)[0], Role: l.Role, What: l.What})
	}
}

// holders returns who holds a position on a day, a named one first.
func (m *Municipality) holders(position, day string) []string {
	var all []string
	for _, h := range m.Holdings {
		if h.Position == position && h.On(day) {
			all = append(all, h.Person)
		}
	}
	return all
}
