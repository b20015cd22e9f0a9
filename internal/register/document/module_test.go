package document

import (
	"testing"

	"vaern/internal/moduletest"
	"vaern/internal/record"
	"vaern/internal/store"
)

func TestModules(t *testing.T) {
	mods := Modules()
	moduletest.ExerciseAll(t, mods, map[string][]moduletest.Setting{
		"approval": {
			moduletest.Beside(mods[:1]),
			moduletest.Example{"decided": moduletest.OneOf("2026-01-15", "2026-02-15"), "way": moduletest.Always(string(Minutes))},
			moduletest.Given{Kind: "edition", Make: func(w *store.Write, unit string) (string, error) {
				d := Document{Head: record.Head{Unit: unit}, Number: unit, Title: "Dokument " + unit, Level: Policy}
				if err := documents.Add(w, &d); err != nil {
					return "", err
				}
				e := Edition{Unit: unit, Document: d.ID, State: Draft, Author: w.Actor.ID, Label: "1", Body: "Vi passer på oplysninger."}
				err := Write(w, &e)
				return e.ID, err
			}},
		},
	})
}
