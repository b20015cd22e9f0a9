package people

import (
	"slices"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/store"
)

// Apart are two roles that one person may not have at the same time, and why.
type Apart struct {
	One   access.Role
	Other []access.Role
	Why   i18n.Text
	Basis string // law or standard
}

// acting are the roles that decide, run or own something.
var acting = []access.Role{access.Coordinator, access.Administrator, access.Director, access.Executive, access.Manager, access.Owner, access.Committee, access.Council}

// KeptApart is every combination of roles that is forbidden. It holds for
// people, through whatever positions and deputies the roles reach them.
var KeptApart = []Apart{
	{
		One: access.DPO, Other: acting, Basis: "GDPR art. 38(3), 38(6)",
		Why: i18n.Text{
			"Databeskyttelsesrådgiveren rådgiver og fører tilsyn. Den, der selv bestemmer, ejer eller driver noget, kan ikke føre tilsyn med det.",
			"The data protection officer advises and monitors. Whoever decides, owns or runs something cannot monitor it.",
		},
	},
	{
		One: access.Auditor, Other: append(slices.Clone(acting), access.DPO), Basis: "ISO 27001 9.2",
		Why: i18n.Text{
			"Revisoren efterprøver de andres arbejde. Ingen må efterprøve sit eget.",
			"The auditor examines the work of the others. Nobody may examine their own.",
		},
	},
}

// apart finds why two roles are kept apart; nil when they are not.
func apart(a, b access.Role) *Apart {
	for i := range KeptApart {
		k := &KeptApart[i]
		if k.One == a && slices.Contains(k.Other, b) || k.One == b && slices.Contains(k.Other, a) {
			return k
		}
	}
	return nil
}

// tenure is a role that reaches a person through a position, from one day to
// another; Until "" is for good.
type tenure struct {
	person, name, position string
	role                   access.Role
	from, until            string
}

func (t tenure) meets(o tenure) bool {
	return (t.until == "" || o.from <= t.until) && (o.until == "" || t.from <= o.until)
}

// during is the part of a tenure inside another time; false when there is none.
func (t tenure) during(from, until string) (tenure, bool) {
	if !t.meets(tenure{from: from, until: until}) {
		return t, false
	}
	t.from = max(t.from, from)
	if t.until == "" || until != "" && until < t.until {
		t.until = until
	}
	return t, true
}

// rolesOf are the roles of a position and of those it is deputy for, with the
// time for which it is that.
func rolesOf(q *store.Read, position string) (out []tenure, err error) {
	err = q.Rows(`
		SELECT g.role, p.title, '', '' FROM role_grant g JOIN position p ON p.id = g.position WHERE g.position = :position
		UNION ALL
		SELECT g.role, p.title, d.starts, coalesce(d.ends, '') FROM deputy d
		JOIN role_grant g ON g.position = d.absent JOIN position p ON p.id = d.absent
		WHERE d.position = :position AND (d.ends IS NULL OR d.ends >= :today)`, store.Args{"position": position}, func(scan store.Scan) error {
		var t tenure
		err := scan(&t.role, &t.position, &t.from, &t.until)
		out = append(out, t)
		return err
	})
	return out, err
}

// sitting are those who hold a position today or later.
func sitting(q *store.Read, position string) (out []tenure, err error) {
	err = q.Rows(`
		SELECT n.id, n.name, h.starts, coalesce(h.ends, '') FROM holding h JOIN person n ON n.id = h.person
		WHERE h.position = :position AND (h.ends IS NULL OR h.ends >= :today)`, store.Args{"position": position}, func(scan store.Scan) error {
		var t tenure
		err := scan(&t.person, &t.name, &t.from, &t.until)
		out = append(out, t)
		return err
	})
	return out, err
}

// carried are the roles that reach people, today or later. which is a condition
// on the holding h; :without is a record to leave out, since it is about to change.
func carried(q *store.Read, which string, args store.Args) (out []tenure, err error) {
	err = q.Rows(`
		SELECT h.person, n.name, g.role, p.title, h.starts, coalesce(h.ends, ''), '', '' FROM holding h
		JOIN person n ON n.id = h.person JOIN role_grant g ON g.position = h.position JOIN position p ON p.id = g.position
		WHERE `+which+` AND h.id <> :without AND g.id <> :without AND (h.ends IS NULL OR h.ends >= :today)
		UNION ALL
		SELECT h.person, n.name, g.role, p.title, h.starts, coalesce(h.ends, ''), d.starts, coalesce(d.ends, '') FROM holding h
		JOIN person n ON n.id = h.person JOIN deputy d ON d.position = h.position
		JOIN role_grant g ON g.position = d.absent JOIN position p ON p.id = g.position
		WHERE `+which+` AND h.id <> :without AND d.id <> :without AND g.id <> :without
		AND (h.ends IS NULL OR h.ends >= :today) AND (d.ends IS NULL OR d.ends >= :today)`, args, func(scan store.Scan) error {
		var t tenure
		var from, until string
		if err := scan(&t.person, &t.name, &t.role, &t.position, &t.from, &t.until, &from, &until); err != nil {
			return err
		}
		if t, ok := t.during(from, until); ok {
			out = append(out, t)
		}
		return nil
	})
	return out, err
}

// clash refuses roles that would meet in one person against KeptApart: more is
// what a change is about to add to what people have. name is the field to mark.
func clash(name string, have, more []tenure) error {
	for i, t := range more {
		for _, o := range slices.Concat(have, more[:i]) {
			if t.person != o.person || !t.meets(o) {
				continue
			}
			if k := apart(t.role, o.role); k != nil {
				return problem.Check(problem.Fields{name: collision(t, o, k)})
			}
		}
	}
	return nil
}

// collision says in plain words which roles meet, where they come from, and why they may not.
func collision(t, o tenure, k *Apart) i18n.Text {
	var text i18n.Text
	for _, l := range i18n.Langs {
		text[l] = i18n.Text{
			t.name + " er " + RoleName[o.role].In(l) + " (" + o.position + ") og kan ikke samtidig være " + RoleName[t.role].In(l) + " (" + t.position + "). ",
			t.name + " is " + RoleName[o.role].In(l) + " (" + o.position + ") and cannot be " + RoleName[t.role].In(l) + " (" + t.position + ") at the same time. ",
		}.In(l) + k.Why.In(l)
	}
	return text
}

// takesSeat refuses a holding that would give a person roles to be kept apart.
func takesSeat(q *store.Read, h Holding) error {
	if h.Ends != "" && string(h.Ends) < q.Today {
		return nil
	}
	given, err := rolesOf(q, h.Position)
	if err != nil || len(given) == 0 {
		return err
	}
	var name string
	if err := q.Row(`SELECT name FROM person WHERE id = :id`, store.Args{"id": h.Person}, &name); err != nil {
		return err
	}
	var more []tenure
	for _, t := range given {
		t.person, t.name = h.Person, name
		if t, ok := t.during(string(h.Starts), string(h.Ends)); ok {
			more = append(more, t)
		}
	}
	have, err := carried(q, `h.person = :person`, store.Args{"person": h.Person, "without": h.ID})
	if err != nil {
		return err
	}
	return clash("position", have, more)
}

// takesRole refuses a role for a position whose holders, or whose deputies'
// holders, have another that it is kept apart from.
func takesRole(q *store.Read, g Grant) error {
	more, err := carriers(q, g.Position)
	if err != nil {
		return err
	}
	title, err := called(q, g.Position)
	if err != nil {
		return err
	}
	for i := range more {
		more[i].role, more[i].position = access.Role(g.Role), title
	}
	have, err := carried(q, `h.person IN (SELECT x.person FROM holding x WHERE x.position = :position OR x.position IN (SELECT y.position FROM deputy y WHERE y.absent = :position))`,
		store.Args{"position": g.Position, "without": g.ID})
	if err != nil {
		return err
	}
	return clash("role", have, more)
}

// carriers are those whom a role of a position reaches: its holders, and the
// holders of its deputies.
func carriers(q *store.Read, position string) ([]tenure, error) {
	out, err := sitting(q, position)
	if err != nil {
		return nil, err
	}
	err = q.Rows(`
		SELECT n.id, n.name, h.starts, coalesce(h.ends, ''), d.starts, coalesce(d.ends, '') FROM deputy d
		JOIN holding h ON h.position = d.position JOIN person n ON n.id = h.person
		WHERE d.absent = :position AND (h.ends IS NULL OR h.ends >= :today) AND (d.ends IS NULL OR d.ends >= :today)`,
		store.Args{"position": position}, func(scan store.Scan) error {
			var t tenure
			var from, until string
			if err := scan(&t.person, &t.name, &t.from, &t.until, &from, &until); err != nil {
				return err
			}
			if t, ok := t.during(from, until); ok {
				out = append(out, t)
			}
			return nil
		})
	return out, err
}

// stepsIn refuses a deputy who would come to act with roles to be kept apart.
func stepsIn(q *store.Read, d Deputy) error {
	if d.Ends != "" && string(d.Ends) < q.Today {
		return nil
	}
	given, err := rolesOf(q, d.Absent)
	if err != nil || len(given) == 0 {
		return err
	}
	holders, err := sitting(q, d.Position)
	if err != nil {
		return err
	}
	var more []tenure
	for _, h := range holders {
		for _, t := range given {
			if t.from != "" {
				continue // a deputy's deputy does not inherit
			}
			t.person, t.name = h.person, h.name
			t.from, t.until = h.from, h.until
			if t, ok := t.during(string(d.Starts), string(d.Ends)); ok {
				more = append(more, t)
			}
		}
	}
	have, err := carried(q, `h.person IN (SELECT x.person FROM holding x WHERE x.position = :position)`, store.Args{"position": d.Position, "without": d.ID})
	if err != nil {
		return err
	}
	return clash("absent", have, more)
}

// called is a position's title.
func called(q *store.Read, position string) (title string, err error) {
	err = q.Row(`SELECT title FROM position WHERE id = :id`, store.Args{"id": position}, &title)
	return title, err
}
