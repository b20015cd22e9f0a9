// Package notify tells people what they should know: at once when it burns,
// else in one mail a day. Nothing is sent about what is already done.
package notify

import (
	"crypto/rand"
	"embed"

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
	return store.Schema{Name: "notify", Files: store.Folder(files)}
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

// columns are those of a notice as it is told.
var columns = []string{"id", "once", "person", "kind", "record", "text_da", "text_en", "why_da", "why_en", "path", "urgent", "task", "at", "mailed"}

// Tell tells people within a change or work: if that is not committed, nobody
// was told.
func Tell(w store.Writer, all ...Notice) error {
	q := w.Reading()
	var rows [][]any
	var letters []mail.Message
	told := map[string]bool{}
	for _, n := range all {
		id, urgent := rand.Text(), 0
		once := id
		if n.Key != "" {
			once = n.Key + " " + n.Person
		}
		if told[once] {
			continue
		}
		told[once] = true
		if n.Urgent {
			urgent = 1
			some, err := n.letter(q, id, once)
			if err != nil {
				return err
			}
			letters = append(letters, some...)
		}
		rows = append(rows, []any{id, once, n.Person, n.About.Kind, n.About.ID, n.Text[i18n.Da], n.Text[i18n.En], n.Why[i18n.Da], n.Why[i18n.En], n.Path, urgent, n.Task, q.Now, ""})
	}
	if err := w.InsertAll("work_notice", columns, rows, ` ON CONFLICT (once) DO NOTHING`); err != nil {
		return err
	}
	return mail.Queue(w, letters...)
}

// Withdraw takes a notice back from people who were told of it under a key, and
// returns those whom a mail has told of it already.
func Withdraw(w *store.Write, key string, people []string) (heard []string, err error) {
	for _, person := range people {
		args := store.Args{"once": key + " " + person}
		n := 0
		if err := w.Row(`SELECT count(*) FROM work_notice WHERE once = :once AND mailed <> ''`, args, &n); err != nil {
			return nil, err
		}
		if n > 0 {
			heard = append(heard, person)
		}
		if err := w.Also(`DELETE FROM work_notice WHERE once = :once`, args); err != nil {
			return nil, err
		}
	}
	return heard, nil
}

// letter is the mail about what burns, none where the person was told.
func (n Notice) letter(q *store.Read, id, once string) ([]mail.Message, error) {
	known := 0
	if err := q.Row(`SELECT count(*) FROM work_notice WHERE once = :once`, store.Args{"once": once}, &known); err != nil || known > 0 {
		return nil, err
	}
	to, err := people.MailOf(q, n.Person)
	return []mail.Message{{To: to, Person: n.Person, Writer: urgently + id}}, err
}

// urgently is who writes a mail about one notice; the notice's id follows.
const urgently = "notice/"
