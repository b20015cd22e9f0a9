package people

import (
	"time"

	"vaern/internal/field"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// plusDays is a day so many days after another.
func plusDays(day string, n int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic("people: " + err.Error())
	}
	return t.AddDate(0, 0, n).Format(time.DateOnly)
}

// endAccess ends with a person's access all that follows from it: positions
// and tokens by the same day, so that nothing has to happen when the day comes;
// sessions and links at once where the day has passed.
func endAccess(w *store.Write, _ *Person, p Person) error {
	if p.Ends == "" {
		return nil
	}
	if err := endHoldings(w.As("holding.end"), p); err != nil {
		return err
	}
	if err := endTokens(w.As("token.end"), p); err != nil {
		return err
	}
	if string(p.Ends) >= w.Today {
		return nil
	}
	if err := w.Also(`DELETE FROM work_session WHERE person = :person`, store.Args{"person": p.ID}); err != nil {
		return err
	}
	return w.Also(`DELETE FROM work_link WHERE person = :person`, store.Args{"person": p.ID})
}

// endHoldings ends the positions that would outlast the access. One that would
// begin only afterwards never will, and is removed.
func endHoldings(w *store.Write, p Person) error {
	open := map[string]string{}
	err := w.Rows(`SELECT id, starts FROM holding WHERE person = :person AND (ends IS NULL OR ends > :ends)`,
		store.Args{"person": p.ID, "ends": string(p.Ends)}, func(scan store.Scan) error {
			var id, starts string
			err := scan(&id, &starts)
			open[id] = starts
			return err
		})
	for id, starts := range open {
		if err != nil {
			return err
		}
		if starts > string(p.Ends) {
			err = record.Remove(w, ref.Ref{Kind: "holding", ID: id})
		} else {
			err = EndHolding(w, id, p.Ends)
		}
	}
	return err
}

// EndHolding ends a holding by a day, wherever it is.
func EndHolding(w *store.Write, id string, ends field.Date) error {
	return w.Do(ref.Ref{Kind: "holding", ID: id}, `
		UPDATE holding SET version = version + 1, updated_at = :now, updated_by = :actor, ends = :ends WHERE id = :id`,
		store.Args{"id": id, "ends": string(ends)})
}

func endTokens(w *store.Write, p Person) error {
	ids, err := w.Texts(`SELECT id FROM token WHERE person = :person AND expires > :ends`, store.Args{"person": p.ID, "ends": string(p.Ends)})
	for _, id := range ids {
		if err != nil {
			return err
		}
		err = w.Do(ref.Ref{Kind: "token", ID: id}, `
			UPDATE token SET version = version + 1, updated_at = :now, updated_by = :actor, expires = :ends WHERE id = :id`,
			store.Args{"id": id, "ends": string(p.Ends)})
	}
	return err
}

// endsWithAccess lets a holding last no longer than the person's access.
func endsWithAccess(q *store.Read, h *Holding) error {
	var ends *string
	err := q.Row(`SELECT ends FROM person WHERE id = :id`, store.Args{"id": h.Person}, &ends)
	if err != nil && problem.Of(err) == problem.NotFound || ends == nil {
		return nil // who is not there is refused as a reference
	}
	if err != nil {
		return err
	}
	if *ends < string(h.Starts) {
		return problem.Field("person", "Personens adgang slutter, før stillingen begynder. Ret personens slutdato først.",
			"The person's access ends before the position begins. Correct the person's end date first.")
	}
	if h.Ends == "" || string(h.Ends) > *ends {
		h.Ends = field.Date(*ends)
	}
	return nil
}

// shortens reports whether a holding is an earlier one cut short.
func (h Holding) shortens(old Holding) bool {
	return h.Person == old.Person && h.Position == old.Position && h.Starts >= old.Starts && h.Ends != "" && (old.Ends == "" || h.Ends <= old.Ends)
}

// Leave ends a person's access by a day. Now is true when it ends this moment:
// then the last day was yesterday.
func Leave(w *store.Write, person string, last field.Date, now bool) (Person, error) {
	old, err := Persons.Get(&w.Read, person)
	if err != nil {
		return old, err
	}
	if now {
		last = DayBefore(w.Today)
	}
	if last == "" {
		return old, problem.Field("ends", "Skriv den sidste dag.", "Write the last day.")
	}
	p := old
	p.Ends = last
	return p, Persons.Replace(w, old, &p)
}
