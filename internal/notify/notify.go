// Package notify tells people what they should know: at once when it burns,
// else in one mail a day. Nothing is sent about what is already done.
package notify

import (
	"crypto/rand"
	"embed"
	"io/fs"

	"vaern/internal/i18n"
	"vaern/internal/mail"
	"vaern/internal/people"
	"vaern/internal/ref"
	"vaern/internal/store"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of notices.
func Schema() store.Schema {
	sub, err := fs.Sub(files, "schema")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return store.Schema{Name: "notify", Files: sub}
}

// Notice is one thing that one person should know.
type Notice struct {
	Person string    // who is told
	About  ref.Ref   // the record it is about
	Text   i18n.Text // one sentence: what happened or what to do
	Why    i18n.Text // why this person got it
	Path   string    // where to go
	Urgent bool      // mail at once instead of in the day's mail
	Key    string    // told once per key and person; "" is no limit
	// Task is the key of the task source that the notice reminds of: it is
	// told only while the record is among the person's tasks from there.
	Task string
}

// Tell tells a person within a change: if the change is not committed, nobody
// was told.
func Tell(w *store.Write, n Notice) error { return tell(w.Also, &w.Read, n) }

// Remind is Tell for what the program does by itself and does not record.
func Remind(w *store.Work, n Notice) error { return tell(w.Do, &w.Read, n) }

// remindAll is Remind for many, none of them urgent, with few statements.
func remindAll(w *store.Work, all []Notice) error {
	rows := make([][]any, len(all))
	for i, n := range all {
		id := rand.Text()
		rows[i] = []any{id, n.once(id), n.Person, n.About.Kind, n.About.ID, n.Text[i18n.Da], n.Text[i18n.En], n.Why[i18n.Da], n.Why[i18n.En], n.Path, 0, n.Task, w.Now, ""}
	}
	return w.InsertAll("work_notice", []string{"id", "once", "person", "kind", "record", "text_da", "text_en", "why_da", "why_en", "path", "urgent", "task", "at", "mailed"},
		rows, ` ON CONFLICT (once) DO NOTHING`)
}

// once is what the notice is told once by.
func (n Notice) once(id string) string {
	if n.Key == "" {
		return id
	}
	return n.Key + " " + n.Person
}

func tell(do func(string, store.Args) error, q *store.Read, n Notice) error {
	id := rand.Text()
	once := n.once(id)
	known := 0
	if n.Urgent {
		if err := q.Row(`SELECT count(*) FROM work_notice WHERE once = :once`, store.Args{"once": once}, &known); err != nil {
			return err
		}
	}
	urgent := 0
	if n.Urgent {
		urgent = 1
	}
	err := do(`
		INSERT INTO work_notice (id, once, person, kind, record, text_da, text_en, why_da, why_en, path, urgent, task, at, mailed)
		VALUES (:id, :once, :person, :kind, :record, :text_da, :text_en, :why_da, :why_en, :path, :urgent, :task, :now, '')
		ON CONFLICT (once) DO NOTHING`, store.Args{
		"id": id, "once": once, "person": n.Person, "kind": n.About.Kind, "record": n.About.ID,
		"text_da": n.Text[i18n.Da], "text_en": n.Text[i18n.En], "why_da": n.Why[i18n.Da], "why_en": n.Why[i18n.En],
		"path": n.Path, "urgent": urgent, "task": n.Task})
	if err != nil || !n.Urgent || known > 0 {
		return err
	}
	to, err := people.MailOf(q, n.Person)
	if err != nil {
		return err
	}
	return mail.Put(do, mail.Message{To: to, Person: n.Person, Writer: urgently + id})
}

// urgently is who writes a mail about one notice; the notice's id follows.
const urgently = "notice/"
