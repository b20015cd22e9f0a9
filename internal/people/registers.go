package people

import (
	"maps"
	"slices"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
)

// Role is a role as a choice.
type Role string

// RoleName is what a role is called.
var RoleName = map[access.Role]i18n.Text{
	access.Administrator: {"Systemadministrator", "System administrator"},
	access.Coordinator:   {"Informationssikkerhedskoordinator", "Information security coordinator"},
	access.Director:      {"Kommunaldirektør", "Municipal director"},
	access.Executive:     {"Direktør", "Director"},
	access.Manager:       {"Niveau 2-leder", "Level-2 manager"},
	access.Owner:         {"Ejer af systemer og data", "Owner of systems and data"},
	access.Committee:     {"Medlem af informationssikkerhedsudvalget", "Member of the security committee"},
	access.Council:       {"Medlem af kommunalbestyrelsen", "Council member"},
	access.DPO:           {"Databeskyttelsesrådgiver", "Data protection officer"},
	access.Auditor:       {"Revisor", "Auditor"},
	access.Employee:      {"Medarbejder", "Employee"},
}

// Choices are the roles that can be given; everybody is an employee anyway.
func (Role) Choices() (out field.Choices) {
	for _, r := range slices.Sorted(maps.Keys(RoleName)) {
		if r != access.Employee {
			out = append(out, [3]string{string(r), RoleName[r][0], RoleName[r][1]})
		}
	}
	return out
}

// The registers of people.
var (
	Units = record.New(record.Register[Unit]{
		Name: "unit", One: i18n.Text{"Enhed", "Unit"}, Many: i18n.Text{"Enheder", "Units"},
		About:  i18n.Text{"Kommunens enheder fra direktørområder til institutioner.", "The municipality's units, from directors' areas to institutions."},
		Placed: "id", After: placeUnit, Gone: misplaceUnit, Allow: noCircle,
	})
	Positions = record.New(record.Register[Position]{
		Name: "position", One: i18n.Text{"Stilling", "Position"}, Many: i18n.Text{"Stillinger", "Positions"},
		About:   i18n.Text{"Ansvar hører til stillinger. Personer kommer og går.", "Responsibility belongs to positions. People come and go."},
		Through: record.Through{Kind: "person", Query: `SELECT h.position AS id, h.person AS other FROM holding h WHERE h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today)`},
		Beside: `SELECT CASE count(*) WHEN 1 THEN min(p.name) END FROM holding h JOIN person p ON p.id = h.person
			WHERE h.position = r.id AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today)`,
	})
	Persons = record.New(record.Register[Person]{
		Name: "person", Plural: "people", One: i18n.Text{"Person", "Person"}, Many: i18n.Text{"Personer", "People"},
		About: i18n.Text{"Alle med adgang til kommunens oplysninger, også eksterne.", "Everybody with access to the municipality's information, also external people."},
		Names: true,
		Beside: `SELECT min(p.title) FROM holding h JOIN position p ON p.id = h.position
			WHERE h.person = r.id AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today)`,
		Check: checkPerson,
		Fill:  func(_ *store.Read, p *Person) error { p.Mail = fold(p.Mail); return nil },
		After: endAccess,
	})
	Holdings = record.New(record.Register[Holding]{
		Name: "holding", One: i18n.Text{"Ansættelse", "Holding"}, Many: i18n.Text{"Hvem har hvilken stilling", "Who holds which position"},
		About: i18n.Text{"Hvem der har en stilling, fra hvornår og til hvornår.", "Who holds a position, from when and until when."},
		Check: func(h Holding) problem.Fields { return inOrder(h.Starts, h.Ends) },
		Allow: func(q *store.Read, old *Holding, h Holding) error {
			if old != nil && h.shortens(*old) {
				return nil // hands out nothing
			}
			if err := handsOut(q, "position", h.Position, actsFor, h.Person == q.Actor.ID); err != nil {
				return err
			}
			return takesSeat(q, h)
		},
		Fill: func(q *store.Read, h *Holding) (err error) {
			if err := endsWithAccess(q, h); err != nil {
				return err
			}
			h.Title, err = together(q, h.Person, ", ", h.Position)
			return err
		},
	})
	Deputies = record.New(record.Register[Deputy]{
		Name: "deputy", Plural: "deputies", One: i18n.Text{"Stedfortræder", "Deputy"}, Many: i18n.Text{"Stedfortrædere", "Deputies"},
		About: i18n.Text{"Hvem der træder til, når en leder er væk.", "Who steps in when a manager is away."},
		Check: func(d Deputy) problem.Fields {
			bad := inOrder(d.Starts, d.Ends)
			if d.Absent == d.Position && d.Absent != "" {
				bad["position"] = i18n.Text{"Vælg en anden stilling end den fraværendes.", "Choose another position than the absent person's."}
			}
			return bad
		},
		Allow: func(q *store.Read, _ *Deputy, d Deputy) error {
			mine, err := holds(q, `= :position`, d.Position)
			if err != nil {
				return err
			}
			if err := handsOut(q, "absent", d.Absent, `= :position`, mine); err != nil { // a deputy's deputy does not inherit
				return err
			}
			return stepsIn(q, d)
		},
		Fill: func(q *store.Read, d *Deputy) (err error) {
			d.Title, err = together(q, d.Position, " → ", d.Absent)
			return err
		},
	})
	Grants = record.New(record.Register[Grant]{
		Name: "role_grant", Plural: "role-grants", One: i18n.Text{"Rolle", "Role"}, Many: i18n.Text{"Roller", "Roles"},
		About: i18n.Text{"Hvilke stillinger har hvilke roller, og i hvilken del af kommunen.", "Which positions carry which roles, and in which part of the municipality."},
		Allow: separate,
		Fill: func(q *store.Read, g *Grant) (err error) {
			g.Title, err = together(q, g.Position, ": ", "")
			g.Title += RoleName[access.Role(g.Role)].In(i18n.Da)
			return err
		},
	})
	Bodies = record.New(record.Register[Body]{
		Name: "body", Plural: "bodies", One: i18n.Text{"Udvalg", "Body"}, Many: i18n.Text{"Udvalg og råd", "Bodies"},
		About: i18n.Text{"De grupper, der beslutter: kommunalbestyrelse, direktion og udvalg.", "The groups that decide: council, executive board and committees."},
	})
	Offices = record.New(record.Register[Office]{
		Name: "office", One: i18n.Text{"Plads i et udvalg", "Seat in a body"}, Many: i18n.Text{"Pladser i udvalg", "Seats in bodies"},
		About: i18n.Text{"Pladserne følger stillingen. Skifter personen, bliver pladsen hos stillingen.", "Seats follow the position. When the person changes, the seat stays."},
		Allow: func(q *store.Read, _ *Office, o Office) error { return record.Within(q, "body", o.Body) },
		Fill: func(q *store.Read, o *Office) (err error) {
			o.Title, err = together(q, o.Body, ": ", o.Position)
			return err
		},
	})
)

func inOrder(from, until field.Date) problem.Fields {
	if until != "" && until < from {
		return problem.Fields{"ends": {"Sidste dag ligger før den første.", "The last day is before the first."}}
	}
	return problem.Fields{}
}

// together names a record after the two it ties.
func together(q *store.Read, a, between, b string) (string, error) {
	titles, err := record.Titles(q, slices.Values([]string{a, b}))
	return titles[a].Title + between + titles[b].Title, err
}

// separate refuses roles that one position may not hold together, and a role
// that the person gives to the own position.
func separate(q *store.Read, old *Grant, g Grant) error {
	if err := record.Within(q, "position", g.Position); err != nil {
		return err
	}
	mine, err := holds(q, deputiesOf, g.Position)
	if err != nil {
		return err
	}
	if mine {
		return problem.Field("position", "Du kan ikke give din egen stilling en rolle. Bed en anden om det.",
			"You cannot give your own position a role. Ask somebody else to.")
	}
	err = q.Rows(`SELECT role FROM role_grant WHERE position = :position AND id <> :id`, store.Args{"position": g.Position, "id": g.ID},
		func(scan store.Scan) error {
			var other access.Role
			if err := scan(&other); err != nil {
				return err
			}
			if k := apart(access.Role(g.Role), other); k != nil {
				return problem.Check(problem.Fields{"role": i18n.Text{"Stillingen er allerede %s. ", "The position is already %s. "}.Naming(RoleName[other]).And(k.Why)})
			}
			return nil
		})
	if err != nil {
		return err
	}
	return takesRole(q, g)
}

// actsFor are the position itself and those that it is deputy for, today or later.
const actsFor = `IN (SELECT d.absent FROM deputy d WHERE d.position = :position AND (d.ends IS NULL OR d.ends >= :today) UNION SELECT :position)`

// deputiesOf are the position itself and its deputies, today or later.
const deputiesOf = `IN (SELECT d.position FROM deputy d WHERE d.absent = :position AND (d.ends IS NULL OR d.ends >= :today) UNION SELECT :position)`

// holds reports whether the actor holds one of some positions, today or later:
// what is to come is prepared today.
func holds(q *store.Read, which, position string) (bool, error) {
	var n int
	err := q.Row(`SELECT count(*) FROM holding WHERE position `+which+` AND person = :actor AND (ends IS NULL OR ends >= :today)`,
		store.Args{"position": position}, &n)
	return n > 0, err
}

// handsOut refuses to seat anybody in a position, or to have anybody act for
// it, that carries a role beyond the reach of the change; and to seat oneself
// where there is any role at all. Which says of which positions one gets the roles.
func handsOut(q *store.Read, name, position, which string, own bool) error {
	if err := record.Within(q, name, position); err != nil {
		return err
	}
	var all, beyond int
	err := q.Row(`SELECT count(*), count(CASE WHEN NOT (:scope) THEN 1 END) FROM role_grant WHERE position `+which,
		store.Args{"position": position}, &all, &beyond)
	if err != nil || q.Actor.Machine {
		return err
	}
	if beyond > 0 || own && all > 0 {
		return problem.Field(name, "Stillingen har roller, du ikke selv kan give. Bed en anden om det.",
			"The position has roles that you cannot give. Ask somebody else to.")
	}
	return nil
}
