// Package mail keeps what is to be mailed in an outbox, in the transaction of
// the change that it is about, and sends it by SMTP.
package mail

import (
	"crypto/rand"
	"embed"
	"io/fs"

	"vaern/internal/i18n"
	"vaern/internal/store"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of the outbox.
func Schema() store.Schema {
	sub, err := fs.Sub(files, "schema")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return store.Schema{Name: "mail", Files: sub}
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

// Queue puts a mail into the outbox within a change: it is sent if, and only
// if, the change is committed.
func Queue(w *store.Write, m Message) error { return Put(w.Also, m) }

// Put is Queue for who has a way to write work tables: a change's Also, or the
// Do of work that the program does by itself.
func Put(do func(string, store.Args) error, m Message) error {
	if m.To == "" {
		return nil
	}
	id, once := m.ids()
	return do(`
		INSERT INTO work_mail (id, once, person, address, lang, subject, text, why, path, writer, state, queued, due, tries, claim, lease, ended, answer)
		VALUES (:id, :once, :person, :address, :lang, :subject, :text, :why, :path, :writer, :waiting, :now, :now, 0, '', '', '', '')
		ON CONFLICT (once) DO NOTHING`, store.Args{
		"id": id, "once": once, "person": m.Person, "address": m.To, "lang": m.Lang.String(), "subject": m.Subject, "text": m.Text,
		"why": m.Why, "path": m.Path, "writer": m.Writer, "waiting": waiting})
}

// PutAll is Put for many mails of work that the program does by itself, with few
// statements.
func PutAll(w *store.Work, all []Message) error {
	var rows [][]any
	for _, m := range all {
		if m.To == "" {
			continue
		}
		id, once := m.ids()
		rows = append(rows, []any{id, once, m.Person, m.To, m.Lang.String(), m.Subject, m.Text, m.Why, m.Path, m.Writer, waiting, w.Now, w.Now, 0, "", "", "", ""})
	}
	return w.InsertAll("work_mail", []string{"id", "once", "person", "address", "lang", "subject", "text", "why", "path", "writer", "state", "queued", "due", "tries", "claim", "lease", "ended", "answer"},
		rows, ` ON CONFLICT (once) DO NOTHING`)
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
// what it asks for is done.
func Withdraw(w *store.Write, key, person string) error {
	return w.Also(`DELETE FROM work_mail WHERE once = :once AND state = :waiting`, store.Args{"once": key + " " + person, "waiting": waiting})
}
