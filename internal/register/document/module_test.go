package document

import (
	"testing"

	"vaern/internal/moduletest"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
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

func TestAVersionHasTheOwnerOfItsDocument(t *testing.T) {
	Modules() // says what follows what
	each(t, func(t town) {
		coord := storetest.As(t, "coord", "position.create", "document.create", "document.edit")
		top := record.Head{Unit: people.Top}
		var seats []string
		for _, title := range []string{"Chef", "Næste chef"} {
			p, err := people.Positions.Create(coord, t.Store, people.Position{Head: top, Title: title}, "")
			t.must(err)
			seats = append(seats, p.ID)
		}
		d, err := documents.Create(coord, t.Store, Document{Head: top, Number: "IN-1", Title: "Instruks", Level: Instruction, Owner: seats[0]}, "")
		t.must(err)
		id := t.draft(d, "1.0", simple)
		owned := func(by string) {
			t.Helper()
			t.view(func(q *store.Read) error {
				var owner string
				err := q.Row(`SELECT owner FROM record_title WHERE id = :id AND kind = 'edition'`, store.Args{"id": id}, &owner)
				if owner != by {
					t.Errorf("the version is owned by %q, want %q", owner, by)
				}
				return err
			})
		}
		owned(seats[0])
		d.Owner = seats[1]
		d, err = documents.Update(coord, t.Store, d, "")
		t.must(err)
		owned(seats[1])
		t.must(Save(t.other, t.Store, id, 1, Text{Label: "1.0", Body: "En anden sætning."}))
		owned(seats[1]) // a new text changes no owner
		d.Owner = ""
		_, err = documents.Update(coord, t.Store, d, "")
		t.must(err)
		owned("")
	})
}
