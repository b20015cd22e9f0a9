package faults

import (
	"fmt"
	"path/filepath"
	"time"

	"vaern/internal/access"
	"vaern/internal/app"
	"vaern/internal/field"
	"vaern/internal/module"
	"vaern/internal/people"
	"vaern/internal/policy"
	"vaern/internal/readers"
	"vaern/internal/record"
	"vaern/internal/register/document"
	"vaern/internal/register/receipt"
	"vaern/internal/store"
)

// peopled puts people into a municipality that nobody serves, and a guideline
// in force that all of them are asked to read.
func (h *home) peopled(n int) {
	t := h.t
	t.Helper()
	modules := policy.NewEngine(nil, app.Modules()).Modules
	at := h.database
	if at == "" {
		at = filepath.Join(h.data, "vaern.db")
	}
	s, err := store.Open(t.Context(), at, time.Now, module.Schemas(modules)...)
	must(t, err)
	defer s.Close()
	var all []access.Permission
	for _, may := range module.Table(modules) {
		all = append(all, may...)
	}
	one, other := access.With(t.Context(), access.Machine("settling", all...)), access.With(t.Context(), access.Machine("deciding", all...))
	d := document.Document{Head: record.Head{Unit: people.Top}, Number: "IN-1", Title: "Det, alle skal vide", Level: document.Instruction}
	must(t, s.Change(one, store.Intent{Verb: "document.create", Need: "document.create"}, func(w *store.Write) error {
		for i := range n {
			p := people.Person{Head: record.Head{Unit: people.Top}, Number: fmt.Sprint(1000 + i), Name: fmt.Sprintf("Person %c%c", 'A'+i/26%26, 'A'+i%26),
				Mail: fmt.Sprintf("p%d@example.dk", i), Category: "employee"}
			if err := people.Persons.Add(w.As("person.create"), &p); err != nil {
				return err
			}
		}
		return document.Add(w, &d)
	}))
	edition, err := document.Begin(one, s, d.ID, document.Text{Label: "1.0", Body: "## Det\n\n1. Du siger til, når noget er galt.\n"})
	must(t, err)
	must(t, document.Decide(other, s, edition))
	must(t, readers.Desk.Include(one, s, d.ID, receipt.Rule{Way: receipt.In, Kind: receipt.ByRole, Value: string(access.Employee)}))
	var today field.Date
	must(t, s.View(one, "document.see", func(q *store.Read) error { today = field.Date(q.Today); return nil }))
	must(t, document.PutInForce(one, s, edition, today))
	_, err = readers.Desk.Ask(one, s)
	must(t, err)
}
