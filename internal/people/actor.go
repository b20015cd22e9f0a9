package people

import (
	"slices"

	"vaern/internal/access"
	"vaern/internal/problem"
	"vaern/internal/store"
)

// Table says which permissions each role carries; app gathers it from all
// modules at start.
type Table map[access.Role][]access.Permission

// Actor loads a person as one who acts today: the roles of the positions the
// person holds, and of those the person is deputy for, each in the subtree of
// its unit; those of seats of one's own come before those one stands in for.
// Whoever left, is still to begin, or never was, is nobody.
func (t Table) Actor(q *store.Read, person string) (access.Actor, error) {
	a := access.Actor{ID: person, May: map[access.Permission]access.Reach{}}
	err := q.Row(`SELECT name FROM person p WHERE id = :id AND `+Here, store.Args{"id": person}, &a.Name)
	if err != nil {
		return access.Actor{}, err
	}
	all := map[string]access.Actor{person: a}
	return a, t.admit(q, "h.person = :id", store.Args{"id": person}, all)
}

// Actors are many people as Actor loads each, by id. Whoever is nobody today is
// not among them. Two statements ask for all of them.
func (t Table) Actors(q *store.Read, people []string) (map[string]access.Actor, error) {
	all := make(map[string]access.Actor, len(people))
	args := store.Args{"people": store.List(people)}
	err := q.Rows(`SELECT id, name FROM person p WHERE id :among(people) AND `+Here, args, func(scan store.Scan) error {
		a := access.Actor{May: map[access.Permission]access.Reach{}}
		err := scan(&a.ID, &a.Name)
		all[a.ID] = a
		return err
	})
	if err != nil {
		return nil, err
	}
	return all, t.admit(q, "h.person :among(people)", args, all)
}

// admit lets people do what everybody may, and what the positions that they act
// for today carry; whose chooses holdings h.
func (t Table) admit(q *store.Read, whose string, args store.Args, all map[string]access.Actor) error {
	for _, a := range all {
		t.add(a, access.Employee, Top, true)
		for _, p := range t[access.Holder] {
			a.May[p] = a.May[p] // nowhere, unless another role reaches somewhere
		}
	}
	return q.Rows(`
		SELECT w.person, g.role, g.unit, (SELECT count(*) FROM unit_under b WHERE b.top = g.unit) * 2 > (SELECT count(*) FROM unit)
		FROM (`+seated("h.person, ", whose)+`) w JOIN role_grant g ON g.position = w.position
		ORDER BY (SELECT count(*) FROM holding o WHERE o.person = w.person AND o.position = w.position AND o.starts <= :today AND (o.ends IS NULL OR o.ends >= :today)) = 0,
			g.unit, g.role`, args, func(scan store.Scan) error {
		var person, unit string
		var role access.Role
		var wide bool
		err := scan(&person, &role, &unit, &wide)
		if a, ok := all[person]; ok {
			t.add(a, role, unit, wide)
		}
		return err
	})
}

// Held is SQL for the positions that a person acts for today: holds, or is deputy of.
func Held(person string) string { return seated("", "h.person = "+person) }

// seated is Held with more columns, for those whose holdings h are.
func seated(more, whose string) string {
	return `SELECT ` + more + `h.position FROM holding h
		WHERE ` + whose + ` AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today)
		UNION
		SELECT ` + more + `d.absent FROM deputy d JOIN holding h ON h.position = d.position
		WHERE ` + whose + ` AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today)
		AND   d.starts <= :today AND (d.ends IS NULL OR d.ends >= :today)`
}

// add widens what an actor may do by a role in the subtree of a unit.
func (t Table) add(a access.Actor, role access.Role, unit string, wide bool) {
	for _, p := range t[role] {
		r := a.May[p]
		r.Whole = r.Whole || unit == Top
		r.Wide = r.Wide || wide
		if !slices.Contains(r.Tops, unit) {
			r.Tops = append(r.Tops, unit)
		}
		if r.Whole {
			r.Tops = nil
		}
		a.May[p] = r
	}
}

// Here is that a person p has access today: it has not ended, and whoever is
// still to begin somewhere, and is nowhere now, waits until then.
const Here = `(p.ends IS NULL OR p.ends >= :today)
	AND (NOT EXISTS (SELECT 1 FROM holding h WHERE h.person = p.id AND h.starts > :today)
		OR EXISTS (SELECT 1 FROM holding h WHERE h.person = p.id AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today)))`

// ByMail finds a person who may sign in by mail address, in any case of letters.
func ByMail(q *store.Read, mail string) (id string, err error) {
	err = q.Row(`SELECT id FROM person p WHERE mail = :mail AND `+Here, store.Args{"mail": fold(mail)}, &id)
	return id, err
}

// Roles are the roles a person has today, and where, for the account page.
func Roles(q *store.Read, person string) (out []Seat, err error) {
	err = q.Rows(`
		SELECT p.title, u.name, coalesce(g.role, '') FROM holding h
		JOIN position p ON p.id = h.position
		JOIN unit u ON u.id = p.unit
		LEFT JOIN role_grant g ON g.position = p.id
		WHERE h.person = :id AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today)
		ORDER BY p.title, g.role`, store.Args{"id": person}, func(scan store.Scan) error {
		var s Seat
		err := scan(&s.Position, &s.Unit, &s.Role)
		out = append(out, s)
		return err
	})
	return out, err
}

// WithRole are the people who have one of some roles today, anywhere.
func WithRole(q *store.Read, roles ...access.Role) (out []string, err error) {
	for _, role := range roles {
		err := q.Rows(`
			SELECT DISTINCT h.person FROM role_grant g JOIN holding h ON h.position = g.position
			WHERE g.role = :role AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today)
			ORDER BY h.person`, store.Args{"role": string(role)}, func(scan store.Scan) error {
			var id string
			err := scan(&id)
			if !slices.Contains(out, id) {
				out = append(out, id)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Seat is a position that a person holds, and a role it carries.
type Seat struct {
	Position, Unit string
	Role           access.Role
}

// MailOf is where a person gets mail; "" for who has no address, or has left.
func MailOf(q *store.Read, person string) (mail string, err error) {
	err = q.Row(`SELECT mail FROM person WHERE id = :id AND (ends IS NULL OR ends >= :today)`, store.Args{"id": person}, &mail)
	if problem.Of(err) == problem.NotFound {
		err = nil
	}
	return mail, err
}

// WithoutMail counts the people with access who have no mail address, within
// the reach of the view.
func WithoutMail(q *store.Read) (n int, err error) {
	// An expression keeps SQLite from fetching everybody one by one from the index on the end.
	err = q.Row(`SELECT count(*) FROM person WHERE mail = '' AND coalesce(ends, '9999-12-31') >= :today AND :scope`, nil, &n)
	return n, err
}

// WhoseMail returns, by mail address, the staff number of whoever has it,
// wherever that person is.
func WhoseMail(q *store.Read, mails []string) (map[string]string, error) {
	out := map[string]string{}
	err := q.Rows(`SELECT mail, number FROM person WHERE mail <> '' AND mail :among(mails)`, store.Args{"mails": store.List(mails)}, func(scan store.Scan) error {
		var mail, number string
		err := scan(&mail, &number)
		out[mail] = number
		return err
	})
	return out, err
}
