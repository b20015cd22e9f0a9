package document

import (
	"slices"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
)

// Approval is what a body decided about a version, and who wrote it down.
// Several bodies approve one version at dates of their own (policy clause on
// coming into force).
type Approval struct {
	record.Head
	Title      string     `da:"Godkendelse" en:"Approval" is:"title sort set"`
	Edition    string     `da:"Version" en:"Version" is:"ref:edition required filter"`
	Body       string     `da:"Udvalg" en:"Body" is:"ref:body required filter"`
	Decided    field.Date `da:"Dato" en:"Date" is:"required sort"`
	Way        Way        `da:"Sådan" en:"How" is:"required filter"`
	Meeting    string     `da:"Møde og punkt" en:"Meeting and item" is:"search"`
	CaseNumber string     `da:"Sagsnummer" en:"Case number" is:"search"`
	Registered string     `da:"Registreret af" en:"Registered by" is:"ref:person set"`
	Note       string     `da:"Bemærkning" en:"Note" is:"long"`
}

// Way is how an approval came here.
type Way string

const (
	Minutes Way = "minutes" // the body decided; somebody writes it down
	Here    Way = "here"    // a member approves on the body's behalf, in Værn
)

// Choices are the two ways.
func (Way) Choices() field.Choices {
	return field.Choices{
		{string(Minutes), "Skrevet ind efter referatet", "Registered from the minutes"},
		{string(Here), "Godkendt i Værn på udvalgets vegne", "Approved in Værn on the body's behalf"},
	}
}

var approvals = record.New(record.Register[Approval]{
	Name: "approval", One: i18n.Text{"Godkendelse", "Approval"}, Many: i18n.Text{"Godkendelser", "Approvals"},
	About: i18n.Text{"Hvem der har godkendt hvilken version, og hvornår. Hvert udvalg godkender på sin egen dato.", "Who approved which version, and when. Each body approves at its own date."},
	Fill:  fillApproval,
	Allow: allowApproval,
})

func fillApproval(q *store.Read, a *Approval) error {
	titles, err := record.Titles(q, slices.Values([]string{a.Edition, a.Body}))
	if err != nil {
		return err
	}
	a.Title = titles[a.Body].Title + ": " + titles[a.Edition].Title
	if a.Registered == "" && !q.Actor.Machine {
		a.Registered = q.Actor.ID
	}
	return nil
}

// allowApproval keeps author and approver apart, and a decision in the past.
// Registering what a body decided is not approving.
func allowApproval(q *store.Read, old *Approval, a Approval) error {
	if old != nil && (old.Edition != a.Edition || old.Body != a.Body) {
		return problem.Field("edition", "En godkendelse kan ikke flyttes til en anden version eller et andet udvalg. Opret en ny.",
			"An approval cannot be moved to another version or body. Create a new one.")
	}
	if string(a.Decided) > q.Today {
		return problem.Field("decided", "Datoen ligger i fremtiden. Skriv den ind, når beslutningen er truffet.", "The date is in the future. Register it when the decision has been made.")
	}
	if err := record.Within(q, "edition", a.Edition); err != nil {
		return err
	}
	if a.Way != Here {
		return nil
	}
	if _, err := edition(q, a.Edition); err != nil {
		return err
	}
	wrote, err := hasWritten(q, a.Edition)
	if err != nil {
		return err
	}
	if wrote {
		return problem.Field("way", "Du har selv skrevet versionen. En anden skal godkende den.", "You wrote the version yourself. Somebody else must approve it.")
	}
	sits, err := sitsIn(q, a.Body)
	if err == nil && !sits {
		err = problem.Field("body", "Du har ingen plads i det udvalg og kan ikke godkende på dets vegne.", "You have no seat in that body and cannot approve on its behalf.")
	}
	return err
}

// sitsIn reports whether the actor has a seat in a body today, by office.
func sitsIn(q *store.Read, body string) (bool, error) {
	var n int
	err := q.Row(`
		SELECT count(*) FROM office o JOIN holding h ON h.position = o.position
		WHERE o.body = :body AND h.person = :actor AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today)`,
		store.Args{"body": body}, &n)
	return n > 0, err
}

// Approved is an approval as a version's page shows it.
type Approved struct {
	ID, Body   string // the body by its name
	Kind       people.BodyKind
	Decided    string
	Way        Way
	Meeting    string
	Case       string
	Registered string // the person by name
}

// Approvals are those of a version, oldest first.
func Approvals(q *store.Read, editionID string) (out []Approved, err error) {
	err = q.Rows(`
		SELECT a.id, b.name, b.kind, a.decided, a.way, a.meeting, a.case_number, coalesce(p.name, '')
		FROM approval a JOIN body b ON b.id = a.body LEFT JOIN person p ON p.id = a.registered
		WHERE a.edition = :edition ORDER BY a.decided, a.id`, store.Args{"edition": editionID},
		func(scan store.Scan) error {
			var a Approved
			err := scan(&a.ID, &a.Body, &a.Kind, &a.Decided, &a.Way, &a.Meeting, &a.Case, &a.Registered)
			out = append(out, a)
			return err
		})
	return out, err
}

// lacking are the kinds of bodies that must still approve a version at a level.
func lacking(level Level, have []Approved) (out []people.BodyKind) {
	for _, kind := range demands[level] {
		if !slices.ContainsFunc(have, func(a Approved) bool { return a.Kind == kind }) {
			out = append(out, kind)
		}
	}
	return out
}

// kindName is what a kind of body is called.
func kindName(kind people.BodyKind) i18n.Text {
	for _, c := range people.BodyKind("").Choices() {
		if c[0] == string(kind) {
			return i18n.Text{c[1], c[2]}
		}
	}
	return i18n.Same(string(kind))
}

var approvers = []access.Role{access.Coordinator, access.Committee, access.Director}
