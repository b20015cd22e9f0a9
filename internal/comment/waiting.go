package comment

import (
	"context"

	"vaern/internal/i18n"
	"vaern/internal/notify"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/task"
)

// Tasks are the comments that mention a person: each waits until the person has
// said something there, or that it is seen. What a closed case is called stays
// in the case, so who is mentioned there is told of it and nothing more.
var Tasks = []task.Source{{
	Key:     "comment.mention",
	Act:     i18n.Text{"Læs og svar", "Read and answer"},
	Why:     i18n.Text{"Du er nævnt i en kommentar.", "You are mentioned in a comment."},
	Minutes: 2, Weight: 3,
	Query: `SELECT 'comment', m.comment, t.title, '/on/' || m.kind || '/' || m.record || '/comment#comment-' || m.comment, ''
		FROM work_mention m JOIN record_title t ON t.id = m.record WHERE m.person = :actor AND m.seen = '' AND ` + unanswered,
}}

const unanswered = `NOT EXISTS (
	SELECT 1 FROM comment said WHERE said.record = m.record AND said.kind = m.kind AND said.person = :actor AND said.withdrawn = 0 AND said.id > m.comment)`

// waits is whether a comment c waits for the person who looks.
const waits = `CASE WHEN EXISTS (SELECT 1 FROM work_mention m WHERE m.comment = c.id AND m.person = :actor AND m.seen = '' AND ` + unanswered + `) THEN 1 ELSE 0 END`

// Seen says that a person has seen a comment and has nothing to answer.
func (b Board) Seen(ctx context.Context, about ref.Ref, id string) error {
	return b.View(ctx, see(about), func(q *store.Read) error {
		if _, _, err := record.Reached(q, about); err != nil {
			return err
		}
		me := q.Actor.ID
		return b.Work(ctx, func(w *store.Work) error {
			return w.Do(`UPDATE work_mention SET seen = :now WHERE comment = :id AND record = :record AND person = :me AND seen = ''`,
				store.Args{"id": id, "record": about.ID, "me": me})
		})
	})
}

// tell tells people that they were mentioned.
func tell(w *store.Write, about record.Called, id string, people []string) error {
	for _, p := range people {
		if p == w.Actor.ID {
			continue
		}
		err := w.Also(`INSERT INTO work_mention (comment, person, kind, record, seen) VALUES (:comment, :person, :kind, :record, '') ON CONFLICT (comment, person) DO NOTHING`,
			store.Args{"comment": id, "person": p, "kind": about.Kind, "record": about.ID})
		if err != nil {
			return err
		}
		n := notify.Notice{Person: p, About: about.Ref, Text: i18n.Text{"%s nævner dig i en kommentar.", "%s mentions you in a comment."}.With(w.Actor.Name),
			Why: i18n.Text{"Du er nævnt ved navn.", "You are mentioned by name."}, Path: "/on/" + about.String() + "/comment#comment-" + id, Key: "mention/" + id}
		if about.Title != "" {
			n.Text = i18n.Text{"%s nævner dig i en kommentar til %s.", "%s mentions you in a comment on %s."}.With(w.Actor.Name, about.Title)
			n.About, n.Task = ref.Ref{Kind: Kind, ID: id}, Tasks[0].Key
		}
		if err := notify.Tell(w, n); err != nil {
			return err
		}
	}
	return nil
}

// forget takes back that people are mentioned: all but those who still are.
func forget(w *store.Write, id string, still []string) error {
	keep := make(map[string]bool, len(still))
	for _, p := range still {
		keep[p] = true
	}
	var gone []string
	err := w.Rows(`SELECT person FROM work_mention WHERE comment = :id`, store.Args{"id": id}, func(scan store.Scan) error {
		var p string
		err := scan(&p)
		if !keep[p] {
			gone = append(gone, p)
		}
		return err
	})
	for _, p := range gone {
		if err := w.Also(`DELETE FROM work_mention WHERE comment = :id AND person = :person`, store.Args{"id": id, "person": p}); err != nil {
			return err
		}
	}
	return err
}
