package kit

import (
	"net/http"

	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/store"
)

// Starter is what Værn brings for an empty register: a municipality begins with
// it and adapts it. It belongs to the whole municipality, and to no position yet.
type Starter[T any] struct {
	Label   i18n.Text // the button: "Begynd med Værns håndbog"
	Records func() []T
}

// start fills an empty register with what Værn brings: one change, so that it
// is all there or not at all.
func (f *face) start(w http.ResponseWriter, r *http.Request) error {
	recs := f.Starter.Records()
	err := f.s.Change(r.Context(), store.Intent{Verb: f.Name + ".create", Need: f.Can("create")}, func(w *store.Write) error {
		var any int
		if err := w.Row(`SELECT count(*) FROM (SELECT 1 FROM `+f.Name+` LIMIT 1) AS one`, nil, &any); err != nil {
			return err
		}
		if any > 0 {
			return problem.New(problem.Conflict, "Her er allerede noget. Listen kan kun hentes, før det første er skrevet.",
				"There is something here already. The list can be added only before the first is written.")
		}
		for _, rec := range recs {
			rec.Head().Unit = people.Top
			if err := f.Add(w, rec); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return f.site.Done(w, r, f.at(), i18n.Text{"%d er hentet. Ret dem til, så de passer til jer.", "%d were added. Adapt them to your municipality."}.With(len(recs)))
}
