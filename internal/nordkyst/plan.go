package nordkyst

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"vaern/content/nordkyst"
)

// plan is what does not depend on the day: units, positions, and how many sit
// in each.
type plan struct {
	description
	firstLast
	units     []Unit
	positions []planned
}

// planned is a position before anybody has it.
type planned struct {
	Position
	title    string // without the unit's name
	category string
	mailbox  bool
	single   bool // one seat exactly
	short    bool // held for a year or two
	seats    int
}

// The files are part of the program and read by its tests; broken ones are a bug.
var planOnce = sync.OnceValue(func() plan {
	p, err := newPlan(nordkyst.Organisation(), nordkyst.Names())
	if err != nil {
		panic(err)
	}
	return p
})

func newPlan(organisation, names []byte) (plan, error) {
	var p plan
	if err := decode(organisation, &p.description); err != nil {
		return plan{}, fmt.Errorf("organisation.yaml: %w", err)
	}
	if err := decode(names, &p.firstLast); err != nil {
		return plan{}, fmt.Errorf("names.yaml: %w", err)
	}
	if err := p.grow(p.Tree, Unit{Level: -1}); err != nil {
		return plan{}, fmt.Errorf("organisation.yaml: %w", err)
	}
	p.entitle()
	p.seat()
	return p, nil
}

// grow adds the units of the node below a parent, their positions, and all
// that is below them.
func (p *plan) grow(n node, parent Unit) error {
	for _, name := range n.names(parent.Name) {
		u := Unit{Key: slug(name), Name: name, Parent: parent.Key, Level: parent.Level + 1, Kind: n.Kind}
		p.units = append(p.units, u)
		if n.Head != "" {
			p.positions = append(p.positions, head(n.Head, u))
		}
		for _, line := range slices.Concat(n.Staff, p.Every[n.Kind]) {
			if err := p.staff(line, u); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		for _, below := range n.Units {
			if err := p.grow(below, u); err != nil {
				return err
			}
		}
	}
	return nil
}

// head is the position of a unit's leader. Its rank is the unit's, except that
// the municipal director stands among the directors.
func head(title string, u Unit) planned {
	var roles []string
	switch u.Level {
	case 1:
		roles = []string{"executive"}
	case 2:
		roles = []string{"manager", "owner"}
	case 3:
		roles = []string{"owner"}
	}
	return planned{
		Position: Position{Unit: u.Key, Level: max(1, u.Level), Roles: roles},
		title:    title, category: "employee", mailbox: true, single: true, seats: 1,
	}
}

// staff adds a position from a line such as "14 Lærer".
func (p *plan) staff(line string, u Unit) error {
	count, title, _ := strings.Cut(line, " ")
	n, err := strconv.Atoi(count)
	if err != nil || n < 1 || title == "" {
		return fmt.Errorf("staff %q: want a number and a title", line)
	}
	s := planned{
		Position: Position{Unit: u.Key, Level: 9},
		title:    title, category: p.category(title), single: n == 1, seats: n,
		mailbox: !slices.Contains(p.WithoutMailbox, title),
		short:   slices.Contains(p.ShortStays, title),
	}
	switch {
	case s.category == "council":
		s.Roles = []string{"council"}
	case slices.Contains(p.Owners, title):
		s.Roles = []string{"owner"}
	}
	p.positions = append(p.positions, s)
	return nil
}

func (p *plan) category(title string) string {
	for category, titles := range p.Titles {
		if slices.Contains(titles, title) {
			return category
		}
	}
	return "employee"
}

// entitle gives each position its key and unique title, and then what belongs
// to particular keys. Everybody has the employee role.
func (p *plan) entitle() {
	units, named := map[string]int{}, map[string]string{}
	for _, s := range p.positions {
		units[s.title]++
	}
	for _, u := range p.units {
		named[u.Key] = u.Name
	}
	for i := range p.positions {
		s := &p.positions[i]
		s.Key, s.Title = slug(s.title), s.title
		if units[s.title] > 1 {
			s.Key, s.Title = s.Key+"."+s.Unit, s.title+", "+named[s.Unit]
		}
		s.Roles = slices.Concat(s.Roles, p.Roles[s.Key], []string{"employee"})
	}
}

// seat empties the vacant positions and scales the rest, so that each category
// of people gets its size.
func (p *plan) seat() {
	for i := range p.positions {
		s := &p.positions[i]
		if slices.ContainsFunc(p.Vacant, func(v vacancy) bool { return v.Position == s.Key }) {
			s.seats = 0
		}
	}
	for _, size := range p.Sizes {
		p.scale(size)
	}
}

// scale spreads what the single seats of a category leave over the others in
// proportion, carrying the fractions on.
func (p *plan) scale(size size) {
	rest, sum := size.Now, 0
	for _, s := range p.positions {
		switch {
		case s.category != size.Category:
		case s.single:
			rest -= s.seats
		default:
			sum += s.seats
		}
	}
	wanted, given := 0, 0
	for i := range p.positions {
		s := &p.positions[i]
		if s.category != size.Category || s.single {
			continue
		}
		wanted += s.seats
		s.seats = wanted*rest/sum - given
		given += s.seats
	}
}
