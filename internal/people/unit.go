package people

import (
	"fmt"
	"maps"
	"slices"

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

// placed compares unit_under, which decides who reaches what, with where each
// unit lies.
func placed(q *store.Read) (wrong string, err error) {
	above := map[string]string{}
	err = q.Rows(`SELECT id, unit FROM unit`, nil, func(scan store.Scan) error {
		var id, unit string
		err := scan(&id, &unit)
		above[id] = unit
		return err
	})
	if err != nil {
		return "", err
	}
	due := map[[2]string]bool{} // top and unit
	for id := range above {
		for top, n := id, 0; n <= len(above); n++ {
			due[[2]string{top, id}] = true
			next, ok := above[top]
			if !ok || next == top {
				break
			}
			top = next
		}
	}
	err = q.Rows(`SELECT top, unit FROM unit_under ORDER BY unit, top`, nil, func(scan store.Scan) error {
		var pair [2]string
		if err := scan(&pair[0], &pair[1]); err != nil {
			return err
		}
		if !due[pair] && pair != [2]string{Top, Top} && wrong == "" {
			wrong = fmt.Sprintf("unit_under was changed behind the ledger's back: unit/%s is not under unit/%s", pair[1], pair[0])
		}
		delete(due, pair)
		return nil
	})
	if err == nil && wrong == "" && len(due) > 0 {
		lost := slices.MinFunc(slices.Collect(maps.Keys(due)), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
		wrong = fmt.Sprintf("unit_under was changed behind the ledger's back: it lacks that unit/%s is under unit/%s", lost[1], lost[0])
	}
	return wrong, err
}

// spanned compares where unit_span says that units lie from now on, and what they
// are called, with the units. What it says of earlier days is not looked at.
func spanned(q *store.Read) (wrong string, err error) {
	err = q.Rows(`
		SELECT s.unit FROM unit_span s LEFT JOIN unit u ON u.id = s.unit
		WHERE s.ends = '' AND (u.id IS NULL OR u.closes IS NOT NULL OR s.above <> u.unit OR s.number <> u.number OR s.name <> u.name OR s.kind <> u.kind)
		UNION ALL
		SELECT u.id FROM unit u WHERE u.closes IS NULL AND NOT EXISTS (SELECT 1 FROM unit_span s WHERE s.unit = u.id AND s.ends = '')
		ORDER BY 1 LIMIT 1`, nil, func(scan store.Scan) error {
		var id string
		err := scan(&id)
		wrong = "unit_span was changed behind the ledger's back: unit/" + id + " is not as it says"
		return err
	})
	return wrong, err
}
