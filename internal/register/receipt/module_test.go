package receipt

import (
	"fmt"
	"testing"

	"vaern/internal/moduletest"
	"vaern/internal/ref"
	"vaern/internal/store"
)

func TestModules(t *testing.T) {
	moduletest.ExerciseAll(t, New(papers()).Modules(), map[string][]moduletest.Setting{
		"receipt": {moduletest.Made(given)},
	})
}

// given is the n-th receipt, of somebody in the unit, for a reading of its own.
func given(w *store.Write, n int, unit string) (id string, err error) {
	reading, on := w.NewID(), fmt.Sprintf("2026-%02d-15", 1+n%5)
	err = w.Do(ref.Ref{Kind: "reading", ID: reading}, `
		INSERT INTO reading (id, version, unit, updated_at, updated_by, title, document, edition, state, first, changed, skipped, more, why, days, minutes, wanted, reached)
		VALUES (:id, 1, :unit, :now, :actor, 'Prøve', :id, :id, 'open', 1, '', '', '', '', 7, 5, 1, 1)`, store.Args{"id": reading, "unit": unit})
	if err != nil {
		return "", err
	}
	person := moduletest.About("person", unit)
	err = keep(w, act{reading: reading, person: person, how: SignedIn, on: on}, row{unit: unit, title: fmt.Sprintf("Kvittering %d", n), document: reading, edition: reading})
	if err != nil {
		return "", err
	}
	return id, w.Row(`SELECT id FROM receipt WHERE reading = :reading`, store.Args{"reading": reading}, &id)
}
