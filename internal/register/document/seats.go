package document

import (
	"vaern/internal/clause"
	"vaern/internal/field"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
)

var bodyKinds = map[clause.Role]people.BodyKind{
	clause.Council: people.Council, clause.Executive: people.ExecutiveBoard, clause.Committee: people.Committee,
}

func kindOf(name string) people.BodyKind {
	if kind, ok := bodyKinds[clause.RoleOf(name)]; ok {
		return kind
	}
	return "other"
}

// seatBodies finds the bodies that a policy names, makes those that are not
// there, and gives a body without seats those that the policy tells of.
func seatBodies(w *store.Write, p Proposal) (map[string]string, error) {
	bodies := map[string]string{} // name → id
	for _, b := range p.Bodies {
		id, err := body(w, bodies, b.Name)
		if err != nil {
			return nil, err
		}
		var seats int
		if err := w.Row(`SELECT count(*) FROM office WHERE body = :body`, store.Args{"body": id}, &seats); err != nil {
			return nil, err
		}
		if seats > 0 {
			continue
		}
		for _, o := range b.Offices {
			position, err := positionFor(w, o.Title)
			if err != nil {
				return nil, err
			}
			seat := people.Office{Head: record.Head{Unit: people.Top}, Body: id, Position: position, Chair: o.Chair}
			if err := people.Offices.Add(w.As("office.create"), &seat); err != nil {
				return nil, err
			}
		}
	}
	return bodies, nil
}

func body(w *store.Write, known map[string]string, name string) (id string, err error) {
	if id, ok := known[name]; ok {
		return id, nil
	}
	kind := kindOf(name)
	err = w.Row(`SELECT id FROM body WHERE kind = :kind AND kind <> 'other' OR name = :name ORDER BY name = :name DESC, id LIMIT 1`,
		store.Args{"kind": string(kind), "name": name}, &id)
	if problem.Of(err) == problem.NotFound {
		b := people.Body{Head: record.Head{Unit: people.Top}, Name: name, Kind: kind}
		err = people.Bodies.Add(w.As("body.create"), &b)
		id = b.ID
	}
	known[name] = id
	return id, err
}

// positionFor finds a position by its title, or makes it.
func positionFor(w *store.Write, title string) (id string, err error) {
	err = w.Row(`
		SELECT p.id FROM position p JOIN record_title r ON r.id = p.id
		WHERE r.kind = 'position' AND r.search = :title ORDER BY p.level = 0, p.level, p.id LIMIT 1`,
		store.Args{"title": field.Fold(title)}, &id)
	if problem.Of(err) != problem.NotFound {
		return id, err
	}
	p := people.Position{Head: record.Head{Unit: people.Top}, Title: title}
	err = people.Positions.Add(w.As("position.create"), &p)
	return p.ID, err
}
