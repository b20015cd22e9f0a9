package demo

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/nordkyst"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/signin"
	"vaern/internal/store"
)

func (d *seeder) units() error {
	return each(d, d.ctx, "unit.create", "unit.create", d.town.Units, func(w *store.Write, u nordkyst.Unit) error {
		rec := people.Unit{Number: fmt.Sprint(1000 + len(d.unit)), Name: u.Name, Kind: kindOf(u)}
		if u.Parent == "" {
			rec.ID, rec.Unit = people.Top, people.Top
			if err := people.FoundTop(w); err != nil {
				return err
			}
		} else {
			rec.Unit = d.unit[u.Parent]
		}
		err := people.Units.Add(w, &rec)
		d.unit[u.Key], d.names[u.Key] = rec.ID, u.Name
		return err
	})
}

// kindOf tells the kinds apart that the organisation does: level by level, and
// places where people work from teams.
func kindOf(u nordkyst.Unit) people.UnitKind {
	switch u.Kind {
	case "municipality", "area", "team":
		return people.UnitKind(u.Kind)
	case "division", "department", "office", "external", "executive", "council", "committee":
		return "department"
	}
	return "institution"
}

// reach is where a role of a position holds: a manager's own area, or all.
func (d *seeder) reach(role access.Role, p nordkyst.Position) string {
	switch role {
	case access.Executive, access.Manager, access.Owner:
		return d.unit[p.Unit]
	}
	return people.Top
}

func (d *seeder) positions() error {
	err := each(d, d.ctx, "position.create", "position.create", d.town.Positions, func(w *store.Write, p nordkyst.Position) error {
		rec := people.Position{Head: record.Head{Unit: d.unit[p.Unit]}, Title: p.Title}
		if p.Level < 9 {
			rec.Level = int64(p.Level)
		}
		err := people.Positions.Add(w, &rec)
		d.pos[p.Key], d.title[p.Title] = rec.ID, rec.ID
		return err
	})
	if err != nil {
		return err
	}
	var given []people.Grant
	for _, p := range d.town.Positions {
		for _, role := range p.Roles {
			if r := access.Role(role); r != access.Employee {
				given = append(given, people.Grant{Head: record.Head{Unit: d.reach(r, p)}, Position: d.pos[p.Key], Role: people.Role(role)})
			}
		}
	}
	return each(d, d.ctx, "role_grant.create", "role_grant.create", given, func(w *store.Write, g people.Grant) error {
		return people.Grants.Add(w, &g)
	})
}

// people are those who held a position when the demo begins; the others come
// month by month.
func (d *seeder) people() error {
	d.kinds, d.homes = map[string]nordkyst.Person{}, map[string]string{}
	for _, p := range d.town.Persons {
		d.kinds[p.Key] = p
	}
	for _, p := range d.town.Positions {
		d.homes[p.Key] = d.unit[p.Unit]
	}
	slices.SortStableFunc(d.town.Holdings, func(a, b nordkyst.Holding) int { return cmp.Compare(a.From, b.From) })
	if err := d.join(d.day()); err != nil {
		return err
	}
	for _, l := range d.town.Logins {
		if l.Role == string(access.Coordinator) {
			d.coord = d.person[l.Person]
		}
	}
	return each(d, d.ctx, "deputy.create", "deputy.create", d.town.Deputies, func(w *store.Write, x nordkyst.Deputy) error {
		rec := people.Deputy{Head: record.Head{Unit: d.homes[x.For]}, Absent: d.pos[x.For], Position: d.pos[x.Position], Starts: field.Date(x.From), Ends: field.Date(x.To)}
		return people.Deputies.Add(w, &rec)
	})
}

func (d *seeder) day() string { return d.clock.set.Format(time.DateOnly) }

// join takes in everybody whose position begins up to a day and is not there yet.
func (d *seeder) join(until string) error {
	n := 0
	for n < len(d.town.Holdings) && d.town.Holdings[n].From <= until {
		n++
	}
	news := d.town.Holdings[:n]
	d.town.Holdings = d.town.Holdings[n:]
	for some := range slices.Chunk(news, store.BatchRows) {
		if err := d.s.Change(d.ctx, store.Intent{Verb: "person.join", Need: "person.create"}, func(w *store.Write) error { return d.arrive(w, some) }); err != nil {
			return err
		}
	}
	return nil
}

// arrive takes in those who hold some positions, where they are not there yet.
func (d *seeder) arrive(w *store.Write, news []nordkyst.Holding) error {
	var persons []record.Save[people.Person]
	for _, h := range news {
		if d.person[h.Person] == "" {
			p := d.newcomer(h)
			p.ID = w.NewID()
			d.person[h.Person] = p.ID
			persons = append(persons, record.Save[people.Person]{New: &p})
		}
	}
	if err := together(people.Persons.SaveMany(w.As("person.create"), w.NewID(), persons)); err != nil {
		return err
	}
	holdings := make([]record.Save[people.Holding], len(news))
	for i, h := range news {
		holdings[i].New = &people.Holding{Head: record.Head{Unit: d.homes[h.Position]}, Person: d.person[h.Person], Position: d.pos[h.Position], Starts: field.Date(h.From)}
		if h.To >= d.today.Format(time.DateOnly) {
			holdings[i].New.Ends = field.Date(h.To)
		}
	}
	if err := together(people.Holdings.SaveMany(w.As("holding.create"), w.NewID(), holdings)); err != nil {
		return err
	}
	for i, h := range news {
		if h.To != "" && holdings[i].New.Ends == "" {
			rec := *holdings[i].New
			rec.Ends = field.Date(h.To)
			d.leaving = append(d.leaving, rec)
		}
	}
	return nil
}

// together is what went wrong with any of many.
func together(wrong []error, err error) error { return errors.Join(append(wrong, err)...) }

func (d *seeder) newcomer(h nordkyst.Holding) people.Person {
	p := d.kinds[h.Person]
	rec := people.Person{Head: record.Head{Unit: d.homes[h.Position]}, Number: strings.ToUpper(p.Key), Name: p.Name, Mail: p.Mail, Category: people.Category(p.Category)}
	if rec.Category.External() {
		rec.Sponsor = d.leaderOf(h.Position)
		rec.Ends = field.Date(h.To)
		if rec.Ends == "" { // let in without an end, and never looked at again
			rec.Ends = field.Date(d.today.AddDate(0, 0, -10).Format(time.DateOnly))
		}
	}
	return rec
}

// leaderOf is the position that answers for whoever holds another: the leader
// of its unit, or of the nearest unit above that has one.
func (d *seeder) leaderOf(position string) string {
	leads, above, unit := map[string]string{}, map[string]string{}, ""
	for _, u := range d.town.Units {
		above[u.Key] = u.Parent
	}
	for _, p := range d.town.Positions {
		if p.Level < 9 {
			leads[p.Unit] = p.Key
		}
		if p.Key == position {
			unit = p.Unit
		}
	}
	for unit != "" && (leads[unit] == "" || leads[unit] == position) {
		unit = above[unit]
	}
	return d.pos[leads[unit]]
}

// leave ends the positions of those who left up to a day.
func (d *seeder) leave(until string) error {
	var now, later []people.Holding
	for _, h := range d.leaving {
		if string(h.Ends) <= until {
			now = append(now, h)
		} else {
			later = append(later, h)
		}
	}
	d.leaving = later
	return each(d, d.ctx, "holding.end", "holding.edit", now, func(w *store.Write, h people.Holding) error {
		old := h
		old.Ends = ""
		return people.Holdings.Replace(w, old, &h)
	})
}

func (d *seeder) bodies() error {
	return each(d, d.ctx, "body.create", "body.create", d.town.Bodies, func(w *store.Write, b nordkyst.Body) error {
		rec := people.Body{Head: record.Head{Unit: people.Top}, Name: b.Name, Kind: people.BodyKind(b.Kind)}
		if err := people.Bodies.Add(w, &rec); err != nil {
			return err
		}
		d.body[b.Kind] = rec.ID
		for _, o := range b.Offices {
			seat := people.Office{Head: record.Head{Unit: people.Top}, Body: rec.ID, Position: d.pos[o.Position], Chair: o.Chair}
			if err := people.Offices.Add(w.As("office.create"), &seat); err != nil {
				return err
			}
		}
		return nil
	})
}

// passwords are one and the same, and worked out once: a demo guards nothing.
func (d *seeder) passwords() error {
	kept := signin.Hash(Password)
	return each(d, d.ctx, "credential.password", "credential.set", d.town.Logins, func(w *store.Write, l nordkyst.Login) error {
		return signin.PutPassword(w, d.person[l.Person], kept)
	})
}
