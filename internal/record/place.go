package record

import (
	"encoding/json"
	"errors"
	"fmt"

	"vaern/internal/i18n"
	"vaern/internal/ledger"
	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// What one act does to records of every kind, it does here: a unit that closes
// hands on what was placed in it, a position what it owned. The act has its own
// permission, so none of these asks for the record's.

// Place moves a record of any kind to another unit.
func Place(w *store.Write, about ref.Ref, unit string) error { return put(w, about, "unit", unit) }

// Give gives a record of any kind that has an owner to another position.
func Give(w *store.Write, about ref.Ref, position string) error {
	return put(w, about, "owner", position)
}

func put(w *store.Write, about ref.Ref, column, value string) error {
	if !w.Keeps(about.Kind, column) {
		return fmt.Errorf("record: %s has no %s to change", about, column)
	}
	if err := w.Do(about, `UPDATE `+about.Kind+` SET version = version + 1, updated_at = :now, updated_by = :actor, `+column+` = :value WHERE id = :id`,
		store.Args{"id": about.ID, "value": value}); err != nil {
		return err
	}
	if err := findElsewhere(w, about, column, value); err != nil {
		return err
	}
	var title, unit, owner string
	err := w.Row(`SELECT title, unit, owner FROM record_title WHERE id = :id`, store.Args{"id": about.ID}, &title, &unit, &owner)
	if err != nil && problem.Of(err) == problem.NotFound {
		return nil // a closed case is called nothing elsewhere
	}
	if err != nil {
		return err
	}
	switch {
	case column != "unit":
		owner = value
	case unit != about.ID: // a unit belongs to itself, wherever it stands
		unit = value
	}
	return Name(w, about, unit, title, owner)
}

// PlacedBack finds what puts a record of any kind back to the unit from which a
// leaf took it, and what stands in the way. It refuses a leaf that did anything
// else.
func PlacedBack(q *store.Read, leaf *ledger.Leaf) (restore func(*store.Write) error, grown []Grown, err error) {
	about, _ := ref.Parse(leaf.About)
	from, to, err := moved(leaf)
	if err != nil {
		return nil, nil, err
	}
	now, title := "", ""
	err = q.Rows(`SELECT r.unit, coalesce(t.title, '') FROM `+about.Kind+` r LEFT JOIN record_title t ON t.id = r.id WHERE r.id = :id`, store.Args{"id": about.ID},
		func(scan store.Scan) error { return scan(&now, &title) })
	if err == nil && now != to {
		grown = []Grown{{about.ID, title, i18n.Text{"er flyttet eller fjernet siden.", "was moved or removed since."}}}
	}
	return func(w *store.Write) error { return Place(w, about, from) }, grown, err
}

// moved is from which unit to which a leaf took a record.
func moved(leaf *ledger.Leaf) (from, to string, err error) {
	changes, err := changesOf(leaf)
	if err != nil {
		return "", "", err
	}
	for _, c := range changes {
		var before, after map[string]any
		if err := errors.Join(json.Unmarshal(c.Before, &before), json.Unmarshal(c.After, &after)); err != nil {
			return "", "", err
		}
		from, _ = before["unit"].(string)
		to, _ = after["unit"].(string)
		for _, said := range []string{"unit", "version", "updated_at", "updated_by"} {
			delete(before, said)
		}
		for column, was := range before {
			if after[column] != was {
				from = ""
			}
		}
	}
	if len(changes) != 1 || from == "" || to == "" {
		return "", "", problem.New(problem.Precondition, "En af ændringerne kan ikke fortrydes som ét med resten. Ret den for sig.",
			"One of the changes cannot be undone as one with the rest. Change it by itself.")
	}
	return from, to, nil
}

// Remove takes away a record that says of a time to come what will not be.
// Its history stays.
func Remove(w *store.Write, about ref.Ref) error {
	if !w.Keeps(about.Kind, "version") {
		return fmt.Errorf("record: %s cannot be removed", about)
	}
	if err := w.Do(about, `DELETE FROM `+about.Kind+` WHERE id = :id`, store.Args{"id": about.ID}); err != nil {
		return err
	}
	if err := w.Also(`DELETE FROM search_entry WHERE record = :id`, store.Args{"id": about.ID}); err != nil {
		return err
	}
	return w.Also(`DELETE FROM record_title WHERE id = :id`, store.Args{"id": about.ID})
}
