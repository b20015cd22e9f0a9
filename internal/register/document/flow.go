package document

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
)

// The way of a version: draft → in review → decided → in force → superseded.
// A version in review may go back; what was decided does not change any more.

// step is an act on a version, as a verb of its own, from one of some states.
type step struct {
	store.Intent
	from []State
}

// take takes the step, or says that the version is past it.
func (st step) take(ctx context.Context, s *store.Store, id string, fn func(w *store.Write, e *Edition) error) error {
	return s.Change(ctx, st.Intent, func(w *store.Write) error {
		e, err := edition(&w.Read, id)
		if err != nil {
			return err
		}
		if slices.Contains(st.from, e.State) {
			return fn(w, &e)
		}
		return problem.New(problem.Conflict, fmt.Sprintf("Versionen er %s, så det kan ikke lade sig gøre. Genindlæs siden for at se den, som den er nu.", e.State.Word()[0]),
			fmt.Sprintf("The version is %s, so that cannot be done. Reload the page to see it as it is now.", e.State.Word()[1]))
	})
}

// move stores the new state and nothing else.
func move(w *store.Write, e *Edition, to State) error {
	e.State = to
	err := w.Do(e.Ref(), `
		UPDATE edition SET version = version + 1, updated_at = :now, updated_by = :actor, state = :state, starts = :starts, ends = :ends, answer_by = :answer_by
		WHERE id = :id`, store.Args{"id": e.ID, "state": string(to), "starts": e.Starts, "ends": e.Ends, "answer_by": e.AnswerBy})
	if err != nil || !to.Public() {
		return err
	}
	return e.findable(w)
}

// reviewDays is how long a review lasts before it counts as forgotten.
const reviewDays = 60

// Submit sends a draft to review.
func Submit(ctx context.Context, s *store.Store, id string) error {
	return step{store.Intent{Verb: "document.submit", Need: "document.edit"}, []State{Draft}}.take(ctx, s, id, func(w *store.Write, e *Edition) error {
		e.AnswerBy = after(w.Today, reviewDays)
		return move(w, e, InReview)
	})
}

// Return sends a version in review back to its author.
func Return(ctx context.Context, s *store.Store, id, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return problem.Field("reason", "Skriv, hvad der mangler, så forfatteren kan gå videre.", "Say what is lacking, so that the author can go on.")
	}
	return step{store.Intent{Verb: "document.return", Need: "document.edit", Reason: reason}, []State{InReview}}.take(ctx, s, id, func(w *store.Write, e *Edition) error {
		return move(w, e, Draft)
	})
}

// Decide closes the text when every body that the level demands has approved.
func Decide(ctx context.Context, s *store.Store, id string) error {
	return step{store.Intent{Verb: "document.decide", Need: Publish}, []State{Draft, InReview}}.take(ctx, s, id, func(w *store.Write, e *Edition) error {
		if err := mayDecide(&w.Read, e); err != nil {
			return err
		}
		return move(w, e, Decided)
	})
}

func mayDecide(q *store.Read, e *Edition) error {
	d, err := documents.Get(q, e.Document)
	if err != nil {
		return err
	}
	have, err := Approvals(q, e.ID)
	if err != nil {
		return err
	}
	if left := lacking(d.Level, have); len(left) > 0 {
		var da, en []string
		for _, kind := range left {
			da, en = append(da, strings.ToLower(kindName(kind)[0])), append(en, strings.ToLower(kindName(kind)[1]))
		}
		return problem.New(problem.Precondition,
			"Versionen mangler godkendelse fra "+list(da, " og ")+". Skriv godkendelsen ind, så kan den besluttes.",
			"The version lacks approval by "+list(en, " and ")+". Register the approval, then it can be decided.")
	}
	if len(demands[d.Level]) > 0 {
		return nil
	}
	wrote, err := hasWritten(q, e.ID)
	if err == nil && wrote {
		err = problem.New(problem.Forbidden, "Du har selv skrevet versionen. En anden skal godkende den.", "You wrote the version yourself. Somebody else must approve it.")
	}
	return err
}

// hasWritten reports whether the actor wrote the version, or any of its drafts.
func hasWritten(q *store.Read, id string) (bool, error) {
	var n int
	err := q.Row(`
		SELECT (SELECT count(*) FROM edition WHERE id = :id AND author = :actor)
			+ (SELECT count(*) FROM edition_history WHERE id = :id AND author = :actor)`, store.Args{"id": id}, &n)
	return n > 0, err
}

// after is the day so many days later; a day that is none stays as it is.
func after(day string, days int) field.Date {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return field.Date(day)
	}
	return field.Date(t.AddDate(0, 0, days).Format(time.DateOnly))
}

func list(words []string, and string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + and + words[len(words)-1]
}

// PutInForce makes a decided version the one in force from a day on; the one
// before it is superseded the day before. So exactly one is in force on any
// day: the days of two never meet.
func PutInForce(ctx context.Context, s *store.Store, id string, from field.Date) error {
	return step{store.Intent{Verb: "document.publish", Need: Publish}, []State{Decided}}.take(ctx, s, id, func(w *store.Write, e *Edition) error {
		if from == "" {
			from = field.Date(w.Today)
		}
		if _, err := time.Parse(time.DateOnly, string(from)); err != nil {
			return problem.Check(problem.Fields{"from": field.NoDate})
		}
		if string(from) > w.Today {
			return problem.Field("from", "Datoen ligger i fremtiden. Sæt versionen i kraft, når dagen kommer.", "The date is in the future. Put the version in force when the day comes.")
		}
		if err := approvedBy(&w.Read, e, from); err != nil {
			return err
		}
		if err := supersede(w, e.Document, from); err != nil {
			return err
		}
		e.Starts = from
		if err := move(w, e, InForce); err != nil {
			return err
		}
		if err := nameEdition(w, e); err != nil {
			return err
		}
		return Published(w, e.ID)
	})
}

// supersede ends the version in force on the day before.
func supersede(w *store.Write, document string, from field.Date) error {
	var last field.Date
	if err := w.Row(`SELECT max(coalesce(ends, starts)) FROM edition WHERE document = :d AND starts IS NOT NULL`, store.Args{"d": document}, &last); err != nil {
		return err
	}
	if last != "" && from <= last {
		next := string(after(string(last), 1))
		return problem.Field("from",
			"Den tidligere version gælder også "+i18n.Da.Date(string(last))+", så den nye kan først gælde fra "+i18n.Da.Date(next)+".",
			"The earlier version is in force on "+i18n.En.Date(string(last))+" too, so the new one can be only from "+i18n.En.Date(next)+".")
	}
	old, ok, err := inForce(&w.Read, document)
	if err != nil || !ok {
		return err
	}
	old.Ends = after(string(from), -1)
	return move(w.As("document.supersede"), &old, Superseded)
}

// nameEdition says what a version is called, for links and history.
func nameEdition(w *store.Write, e *Edition) error {
	d, err := documents.Get(&w.Read, e.Document)
	if err != nil {
		return err
	}
	return record.Name(w, e.Ref(), e.Unit, d.Title+" "+e.Label, d.Owner)
}

// approvedBy refuses to put a version in force before all who must had approved it.
func approvedBy(q *store.Read, e *Edition, from field.Date) error {
	d, err := documents.Get(q, e.Document)
	if err != nil {
		return err
	}
	have, err := Approvals(q, e.ID)
	if err != nil {
		return err
	}
	have = slices.DeleteFunc(have, func(a Approved) bool { return a.Decided > string(from) })
	if len(lacking(d.Level, have)) > 0 {
		return problem.Field("from", "Den dag var versionen endnu ikke godkendt af alle, der skal godkende den.", "On that day not all who must had approved the version.")
	}
	return nil
}
