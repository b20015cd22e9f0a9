// Package mail keeps what is to be mailed in an outbox, in the transaction of
// the change that it is about, and sends it by SMTP.
package mail

import (
	"crypto/rand"
	"embed"

	"vaern/internal/i18n"
	"vaern/internal/store"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of the outbox.
func Schema() store.Schema {
	return store.Schema{Name: "mail", Files: store.Folder(files)}
}

// Message is one mail to one person, as plain text.
type Message struct {
	To      string // address; nothing is queued for who has none
	Person  string // id of the person, "" when it is to none
	Lang    i18n.Lang
	Subject string
	Text    string
	Path    string // the page that it leads to; the public address is put before it
	Why     string // one sentence: why you get this mail
	Key     string // queued once per key and person; "" is no limit
	// Writer names who writes subject and text when the mail is about to be
	// sent, so that it says what is so by then; "" when they stand above.
	Writer string
}

// The states of a mail.
const (
	waiting = "waiting"
	gone    = "sent"
	refused = "refused"
)

// columns are those of a mail as it is queued.
var columns = []string{"id", "once", "person", "address", "lang", "subject", "text", "why", "path", "writer", "state", "queued", "due", "tries", "claim", "lease", "ended", "answer"}

// Queue puts mails into the outbox, with few statements: they are sent if, and
// only if, the change is committed, or the work.
func Queue(w store.Writer, all ...Message) error {
	var rows [][]any
	now := w.Reading().Now
	for _, m := range all {
		if m.To == "" {
			continue
		}
		id, once := m.ids()
		rows = append(rows, []any{id, once, m.Person, m.To, m.Lang.String(), m.Subject, m.Text, m.Why, m.Path, m.Writer, waiting, now, now, 0, "", "", "", ""})
	}
	return w.InsertAll("work_mail", columns, rows, ` ON CONFLICT (once) DO NOTHING`)
}

// ids are a new id, and what the mail is queued once by.
func (m Message) ids() (id, once string) {
	id = rand.Text()
	if m.Key == "" {
		return id, id
	}
	return id, m.Key + " " + m.Person
}

// Withdraw takes back what has not been sent to a person under a key, since
// what it asks for is done; what was refused cannot be tried again.
func Withdraw(w *store.Write, key, person string) error {
	a := store.Args{"once": key + " " + person, "waiting": waiting, "refused": refused}
	if err := w.Also(`UPDATE work_mail SET text = '' WHERE once = :once AND state = :refused`, a); err != nil {
		return err
	}
	return w.Also(`DELETE FROM work_mail WHERE once = :once AND state = :waiting`, a)
}
