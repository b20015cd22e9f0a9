package document

import (
	"context"
	"strings"

	"vaern/internal/field"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// Remark is what somebody says about a clause of a version in review; about the
// whole version when it names no clause.
type Remark struct {
	ID, Clause, Author string
	Name               string // the author's
	At                 string // instant
	AnswerBy           field.Date
	Text               string
	Resolved           bool
}

// answerDays is how long a remark may wait for an answer.
const answerDays = 30

// remarks are those of a version, oldest first.
func remarks(q *store.Read, edition string) (out []Remark, err error) {
	err = q.Rows(`
		SELECT r.id, r.clause, r.author, coalesce(p.name, ''), r.at, r.answer_by, r.text, r.resolved
		FROM remark r LEFT JOIN person p ON p.id = r.author
		WHERE r.edition = :edition ORDER BY r.id`, store.Args{"edition": edition}, func(scan store.Scan) error {
		var r Remark
		err := scan(&r.ID, &r.Clause, &r.Author, &r.Name, &r.At, &r.AnswerBy, &r.Text, &r.Resolved)
		out = append(out, r)
		return err
	})
	return out, err
}

// Comment adds a remark to a version in review.
func Comment(ctx context.Context, s *store.Store, editionID, clauseID, text string) error {
	if text = strings.TrimSpace(text); text == "" {
		return problem.Field("text", "Skriv din bemærkning.", "Write your remark.")
	}
	if len(text) > 10_000 {
		return problem.Check(problem.Fields{"text": field.TooLong})
	}
	if strings.ContainsRune(text, 0) {
		return problem.Check(problem.Fields{"text": field.NoText})
	}
	return s.Change(ctx, store.Intent{Verb: "remark.create", Need: Remarks}, func(w *store.Write) error {
		e, err := edition(&w.Read, editionID)
		if err != nil {
			return err
		}
		if e.State != InReview {
			return problem.New(problem.Conflict, "Versionen er ikke i høring, så der kan ikke skrives bemærkninger.",
				"The version is not in review, so it takes no remarks.")
		}
		if _, ok := e.Clause(clauseID); !ok && clauseID != "" {
			return problem.Missing()
		}
		about := ref.Ref{Kind: "remark", ID: w.NewID()}
		if err := record.Name(w, about, e.Unit, strings.TrimSpace(e.Label+" "+clauseID), ""); err != nil {
			return err
		}
		return w.Do(about, `
			INSERT INTO remark (id, version, unit, updated_at, updated_by, edition, clause, author, at, answer_by, text, resolved)
			VALUES (:id, 1, :unit, :now, :actor, :edition, :clause, :actor, :now, :answer_by, :text, 0)`,
			store.Args{"id": about.ID, "unit": e.Unit, "edition": e.ID, "clause": clauseID, "answer_by": after(w.Today, answerDays), "text": text})
	})
}

// Resolve closes a remark: its author does, or whoever edits the version.
func Resolve(ctx context.Context, s *store.Store, editionID, id string) error {
	return s.Change(ctx, store.Intent{Verb: "remark.resolve", Need: Remarks}, func(w *store.Write) error {
		if _, err := edition(&w.Read, editionID); err != nil {
			return err
		}
		var author string
		if err := w.Row(`SELECT author FROM remark WHERE id = :id AND edition = :edition AND resolved = 0`,
			store.Args{"id": id, "edition": editionID}, &author); err != nil {
			return err
		}
		if author != w.Actor.ID && !w.Actor.Can("document.edit") {
			return problem.Refused()
		}
		return w.Do(ref.Ref{Kind: "remark", ID: id}, `
			UPDATE remark SET version = version + 1, updated_at = :now, updated_by = :actor, resolved = 1 WHERE id = :id`, store.Args{"id": id})
	})
}
