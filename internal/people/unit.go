package people

import (
	"vaern/internal/problem"
	"vaern/internal/store"
)

// FoundTop makes room for the municipality itself: the one unit that stands
// under no other. The unit is then added like any, under itself.
func FoundTop(w *store.Write) error {
	return w.Also(`INSERT INTO unit_under (top, unit) VALUES (:top, :top)`, store.Args{"top": Top})
}

// placeUnit keeps unit_under: a unit is under itself and under all above it.
func placeUnit(w *store.Write, old *Unit, u Unit) error {
	if u.ID == Top {
		return span(w, u, w.Today) // FoundTop did the rest
	}
	if old == nil {
		if err := w.Also(`
			INSERT INTO unit_under (top, unit) SELECT top, :id FROM unit_under WHERE unit = :above
			UNION ALL SELECT :id, :id`, store.Args{"id": u.ID, "above": u.Unit}); err != nil {
			return err
		}
		return span(w, u, w.Today)
	}
	if err := span(w, u, w.Today); err != nil || old.Unit == u.Unit {
		return err
	}
	// A moved unit takes its subtree along: out from under what was above it,
	// in under what is now.
	if err := w.Also(`
		DELETE FROM unit_under
		WHERE unit IN (SELECT unit FROM unit_under WHERE top = :id)
		AND   top NOT IN (SELECT unit FROM unit_under WHERE top = :id)`, store.Args{"id": u.ID}); err != nil {
		return err
	}
	return w.Also(`
		INSERT INTO unit_under (top, unit)
		SELECT above.top, below.unit FROM unit_under above, unit_under below
		WHERE above.unit = :above AND below.top = :id`, store.Args{"id": u.ID, "above": u.Unit})
}

func noCircle(q *store.Read, old *Unit, u Unit) error {
	if old == nil || old.Unit == u.Unit {
		return nil
	}
	var n int
	if err := q.Row(`SELECT count(*) FROM unit_under WHERE top = :id AND unit = :above`, store.Args{"id": u.ID, "above": u.Unit}, &n); err != nil {
		return err
	}
	if n > 0 {
		return problem.Field("unit", "En enhed kan ikke ligge under sig selv.", "A unit cannot be under itself.")
	}
	return nil
}

// span keeps what a unit is called and where it lies, from a day on. Days that
// were told before for later than that are forgotten: they no longer follow.
func span(w *store.Write, u Unit, from string) error {
	args := store.Args{
		"unit": u.ID, "from": from, "before": plusDays(from, -1),
		"ends": string(u.Closes), "above": u.Unit, "number": u.Number, "name": u.Name, "kind": string(u.Kind),
	}
	for _, q := range []string{
		`DELETE FROM unit_span WHERE unit = :unit AND starts >= :from`,
		`UPDATE unit_span SET ends = :before WHERE unit = :unit AND (ends = '' OR ends >= :from)`,
	} {
		if err := w.Also(q, args); err != nil {
			return err
		}
	}
	if u.Closes != "" && string(u.Closes) < from {
		return nil // from that day on there is no such unit
	}
	return w.Also(`INSERT INTO unit_span (unit, starts, ends, above, number, name, kind)
		VALUES (:unit, :from, :ends, :above, :number, :name, :kind)`, args)
}

// misplaceUnit takes a unit that nothing is under out of where units lie and lay.
func misplaceUnit(w *store.Write, u Unit) error {
	if err := w.Also(`DELETE FROM unit_span WHERE unit = :id`, store.Args{"id": u.ID}); err != nil {
		return err
	}
	return w.Also(`DELETE FROM unit_under WHERE unit = :id`, store.Args{"id": u.ID})
}
