package people

import (
	"context"
	"errors"
	"strings"

	"vaern/internal/access"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// Keeper is the machine that lets planned changes take effect when their day comes.
var Keeper = access.Machine("organisation", Changes.Can("edit"))

// TakeEffect carries out what was planned for today or for a day that passed
// while nobody served. What can no longer be done says why, and waits for a person.
func TakeEffect(ctx context.Context, s *store.Store) error {
	ctx = access.With(ctx, Keeper)
	var due []Change
	err := s.View(ctx, Changes.Can("edit"), func(q *store.Read) error {
		ids, err := q.Texts(`SELECT id FROM unit_change WHERE state = 'planned' AND effective <= :today ORDER BY effective, id`, nil)
		for _, id := range ids {
			if err != nil {
				break
			}
			var c Change
			c, err = Changes.Get(q, id)
			due = append(due, c)
		}
		return err
	})
	for _, c := range due {
		if err != nil {
			return err
		}
		_, failed := Changes.Update(ctx, s, c, "")
		if failed == nil || errors.Is(failed, context.Canceled) {
			continue
		}
		p := problem.As(failed)
		if p == nil {
			return failed
		}
		c.State, c.Outcome = Stuck, said(p)
		_, err = Changes.Update(ctx, s, c, "")
	}
	return err
}

// said is a problem in Danish, as it is kept.
func said(p *problem.Error) string {
	var b strings.Builder
	b.WriteString(p.Text[0])
	for _, text := range p.Fields {
		b.WriteString(" " + text[0])
	}
	return b.String()
}

// takeEffect carries a change out once its day has come.
func takeEffect(w *store.Write, _ *Change, c Change) error {
	if c.State != Done {
		return nil
	}
	subject, err := Units.Get(&w.Read, c.Subject)
	if err != nil {
		return err
	}
	w = w.As("unit." + string(c.Act))
	day := string(c.Effective)
	switch c.Act {
	case MoveUnit:
		return put(w, subject, day, func(u *Unit) { u.Unit = c.Target })
	case RenameUnit:
		return put(w, subject, day, func(u *Unit) { u.Name = c.Name })
	case MergeUnit, CloseUnit:
		return dissolve(w, subject, c.Target, day)
	case SplitUnit:
		return split(w, subject, c)
	}
	return nil
}

// put changes a unit from a day on.
func put(w *store.Write, old Unit, day string, change func(*Unit)) error {
	u := old
	change(&u)
	if err := Units.Replace(w, old, &u); err != nil {
		return err
	}
	return span(w, u, day)
}

// Dissolved lets others follow, in the same change, what they say of a unit that
// another took over; Parted of one of which a part became another.
var (
	Dissolved = func(w *store.Write, unit, by string) error { return nil }
	Parted    = func(w *store.Write, unit, made string) error { return nil }
)

// dissolve hands all that a unit holds to another, and closes it. Roles that
// held in the unit alone end: in a larger one they would reach further.
func dissolve(w *store.Write, subject Unit, target, day string) error {
	below, err := ids(&w.Read, `SELECT id FROM unit WHERE unit = :unit AND id <> :unit ORDER BY id`, subject.ID)
	if err != nil {
		return err
	}
	for _, id := range below {
		u, err := Units.Get(&w.Read, id)
		if err != nil {
			return err
		}
		if err := put(w, u, day, func(u *Unit) { u.Unit = target }); err != nil {
			return err
		}
	}
	grants, err := ids(&w.Read, `SELECT id FROM role_grant WHERE unit = :unit ORDER BY id`, subject.ID)
	if err != nil {
		return err
	}
	for _, id := range grants {
		if err := record.Remove(w.As("role_grant.end"), ref.Ref{Kind: "role_grant", ID: id}); err != nil {
			return err
		}
	}
	for _, kind := range w.Keeping("unit") {
		if kind == "unit" || kind == "unit_change" {
			continue // what happened to the unit stays told of it
		}
		held, err := ids(&w.Read, `SELECT id FROM `+kind+` WHERE unit = :unit ORDER BY id`, subject.ID)
		if err != nil {
			return err
		}
		for _, id := range held {
			if err := record.Place(w, ref.Ref{Kind: kind, ID: id}, target); err != nil {
				return err
			}
		}
	}
	if err := Dissolved(w, subject.ID, target); err != nil {
		return err
	}
	return put(w, subject, day, func(u *Unit) { u.Closes = DayBefore(day) })
}

// split makes a unit beside another and takes along what was chosen: units
// below, and positions with those who hold them and what they own there.
func split(w *store.Write, subject Unit, c Change) error {
	goes, err := alongOf(&w.Read, c)
	if err != nil {
		return err
	}
	made := Unit{Head: record.Head{Unit: c.Target}, Name: c.Name, Number: c.Number, Kind: subject.Kind}
	if made.Unit == "" {
		made.Unit = subject.Unit
	}
	if err := Units.Add(w, &made); err != nil {
		return inField(err, "number")
	}
	if err := span(w, made, string(c.Effective)); err != nil {
		return err
	}
	if err := Parted(w, subject.ID, made.ID); err != nil {
		return err
	}
	for _, id := range goes.units {
		u, err := Units.Get(&w.Read, id)
		if err != nil {
			return err
		}
		if err := put(w, u, string(c.Effective), func(u *Unit) { u.Unit = made.ID }); err != nil {
			return err
		}
	}
	for _, id := range goes.positions {
		if err := follow(w, id, subject.ID, made.ID); err != nil {
			return err
		}
	}
	return nil
}

// follow takes a position to another unit, with its holdings, the people who
// hold nothing else here, and what the position owns here.
func follow(w *store.Write, position, from, to string) error {
	if err := record.Place(w, ref.Ref{Kind: "position", ID: position}, to); err != nil {
		return err
	}
	for _, part := range []struct{ kind, query string }{
		{"holding", `SELECT id FROM holding WHERE position = :position AND unit = :unit`},
		{"deputy", `SELECT id FROM deputy WHERE absent = :position AND unit = :unit`},
		{"person", `SELECT p.id FROM person p WHERE p.unit = :unit AND p.id IN (SELECT h.person FROM holding h WHERE h.position = :position AND (h.ends IS NULL OR h.ends >= :today))
			AND NOT EXISTS (SELECT 1 FROM holding o WHERE o.person = p.id AND o.unit = :unit AND (o.ends IS NULL OR o.ends >= :today))`},
	} {
		found, err := w.Texts(part.query+` ORDER BY id`, store.Args{"position": position, "unit": from})
		if err != nil {
			return err
		}
		for _, id := range found {
			if err := record.Place(w, ref.Ref{Kind: part.kind, ID: id}, to); err != nil {
				return err
			}
		}
	}
	var owned []ref.Ref
	err := w.Rows(`SELECT kind, id FROM record_title WHERE owner = :position AND unit = :unit ORDER BY id`, store.Args{"position": position, "unit": from}, func(scan store.Scan) error {
		var r ref.Ref
		err := scan(&r.Kind, &r.ID)
		owned = append(owned, r)
		return err
	})
	for _, r := range owned {
		if err != nil {
			return err
		}
		if w.Keeps(r.Kind, "unit") {
			err = record.Place(w, r, to)
		}
	}
	return err
}

func ids(q *store.Read, query, unit string) ([]string, error) {
	return q.Texts(query, store.Args{"unit": unit})
}

// inField marks a field with a problem that has none marked of that name.
func inField(err error, name string) error {
	if p := problem.As(err); p != nil && p.Kind == problem.Conflict {
		return problem.Check(problem.Fields{name: p.Text})
	}
	return err
}

// CancelChange calls off what is planned.
func CancelChange(ctx context.Context, s *store.Store, id, reason string) (c Change, err error) {
	err = s.Change(ctx, store.Intent{Verb: "unit_change.cancel", Need: Changes.Can("edit"), Reason: reason}, func(w *store.Write) error {
		old, err := Changes.Get(&w.Read, id)
		if err != nil {
			return err
		}
		c = old
		c.State = Cancelled
		return Changes.Replace(w, old, &c)
	})
	return c, err
}
