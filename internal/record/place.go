package record

import (
	"fmt"

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
