package receipt

import (
	"strconv"
	"time"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/mail"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// How we know that somebody has read, strongest first.
type How string

const (
	SignedIn How = "signed_in"
	Meeting  How = "meeting"
	Kiosk    How = "kiosk"
	ByLink   How = "link" // whoever had it, by mail or from a leader
)

// Choices are the ways.
func (How) Choices() field.Choices {
	return field.Choices{
		{string(SignedIn), "Logget ind", "Signed in"},
		{string(Meeting), "På et møde", "At a meeting"},
		{string(Kiosk), "På fælles skærm", "On a shared screen"},
		{string(ByLink), "Med et personligt link", "By a personal link"},
	}
}

// Word is the way in words.
func (h How) Word() i18n.Text {
	for _, c := range h.Choices() {
		if c[0] == string(h) {
			return i18n.Text{c[1], c[2]}
		}
	}
	return i18n.Same(string(h))
}

// Receipt is that somebody has read a version.
type Receipt struct {
	record.Head
	Title     string     `da:"Hvem og hvad" en:"Who and what" is:"title sort set"`
	Person    string     `da:"Person" en:"Person" is:"ref:person filter set"`
	Edition   string     `da:"Version" en:"Version" is:"ref:edition filter set"`
	How       How        `da:"Hvordan" en:"How" is:"filter set"`
	ReadOn    field.Date `da:"Dato" en:"Date" is:"sort set"`
	TakesBack string     `da:"Tilbagekalder" en:"Takes back" is:"set"`
	Note      string     `da:"Bemærkning" en:"Remark" is:"long set"`
}

// receipts is the register, for reading: each row is made by an act of its own.
var receipts = record.New(record.Register[Receipt]{
	Name: "receipt", One: i18n.Text{"Læsekvittering", "Read receipt"}, Many: i18n.Text{"Læsekvitteringer", "Read receipts"},
	About:  i18n.Text{"Hvem der har læst hvilken version, hvornår, og hvordan vi ved det.", "Who has read which version, when, and how we know."},
	Schema: store.Folder(schemaFiles),
})

// act is one receipt to be made.
type act struct {
	reading, person string
	how             How
	on              string // the day it was read, "" for today
	meeting, note   string
}

var errDone = problem.New(problem.Conflict, "Der er allerede kvitteret. Tak.", "The receipt is already given. Thank you.")

// sign makes a receipt within a change: the row, its leaf, and that nobody is
// asked any more.
func sign(w *store.Write, a act) error {
	var state, told, unit, title, document, edition, reading, name string
	err := w.Row(`
		SELECT a.state, a.told, a.unit, r.title, r.document, r.edition, r.state, p.name
		FROM asked a JOIN reading r ON r.id = a.reading JOIN person p ON p.id = a.person
		WHERE a.reading = :reading AND a.person = :person AND a.here + 0 = 1`, // an expression, or a planner takes the index on here
		store.Args{"reading": a.reading, "person": a.person}, &state, &told, &unit, &title, &document, &edition, &reading, &name)
	if err != nil {
		return err
	}
	if state == done {
		return errDone
	}
	if reading != open {
		return problem.New(problem.Precondition, "Der er kommet en nyere version. Læs den i stedet.", "There is a newer version. Read that instead.")
	}
	if a.on == "" {
		a.on = w.Today
	}
	if err := keep(w, a, row{unit: unit, title: name + ": " + title, document: document, edition: edition}); err != nil {
		return err
	}
	last, _ := strconv.Atoi(told)                 // "" is none
	for stage := toldOf; stage <= last; stage++ { // mails that wait to be sent are about what is done
		if err := mail.Withdraw(w, mailKey(a.reading, stage), a.person); err != nil {
			return err
		}
	}
	return w.Also(`UPDATE asked SET state = 'done', done_at = :now WHERE reading = :reading AND person = :person`,
		store.Args{"reading": a.reading, "person": a.person})
}

// Confirm makes a receipt within a change.
func Confirm(w *store.Write, reading, person string, how How) error {
	return sign(w, act{reading: reading, person: person, how: how})
}

// row is what a receipt holds besides the act.
type row struct{ unit, title, document, edition, takesBack string }

func keep(w *store.Write, a act, r row) error {
	id := w.NewID()
	return w.Do(ref.Ref{Kind: "receipt", ID: id}, `
		INSERT INTO receipt (id, version, unit, updated_at, updated_by, search, title, title_sort, person, document, edition, reading, how, read_on, meeting, takes_back, note)
		VALUES (:id, 1, :unit, :now, :actor, :search, :title, :sort, :person, :document, :edition, :reading, :how, :on, :meeting, :back, :note)`,
		store.Args{"id": id, "unit": r.unit, "search": field.Fold(r.title), "title": r.title, "sort": field.SortKey(r.title), "person": a.person,
			"document": r.document, "edition": r.edition, "reading": a.reading, "how": string(a.how), "on": a.on, "meeting": a.meeting, "back": r.takesBack, "note": a.note})
}

// takeBack undoes a receipt that was wrong by another row, for a reason.
func takeBack(w *store.Write, id, reason string) error {
	var a act
	var r row
	var n int
	err := w.Row(`SELECT reading, person, how, meeting, unit, title, document, edition,
			(SELECT count(*) FROM receipt b WHERE b.takes_back = receipt.id)
		FROM receipt WHERE id = :id AND takes_back = '' AND :scope`, store.Args{"id": id},
		&a.reading, &a.person, &a.how, &a.meeting, &r.unit, &r.title, &r.document, &r.edition, &n)
	if err != nil {
		return err
	}
	if n > 0 {
		return problem.New(problem.Conflict, "Kvitteringen er allerede taget tilbage.", "The receipt is already taken back.")
	}
	a.on, a.note, r.takesBack = w.Today, reason, id
	if err := keep(w, a, r); err != nil {
		return err
	}
	return w.Also(`UPDATE asked SET state = 'open', done_at = '' WHERE reading = :reading AND person = :person`,
		store.Args{"reading": a.reading, "person": a.person})
}

// good is until when something lasts that begins now.
func good(now string, d time.Duration) string {
	t, err := time.Parse(store.Time, now)
	if err != nil {
		return now
	}
	return t.Add(d).Format(store.Time)
}
