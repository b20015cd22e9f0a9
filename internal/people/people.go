// Package people keeps who is who: units, positions, persons, who holds which
// position when, deputies, bodies, and the roles that follow from it all.
package people

import (
	"embed"
	"regexp"
	"strings"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of people.
func Schema() store.Schema {
	return store.Schema{Name: "people", Files: store.Folder(files), Holds: []store.Holds{placed, spanned,
		Units.Holds, Positions.Holds, Persons.Holds, Holdings.Holds, Deputies.Holds, Grants.Holds, Bodies.Holds, Offices.Holds}}
}

// Top is the id of the unit that is the municipality itself.
const Top = "top"

// Unit is a part of the organisation. Its Head.Unit is the unit above it.
type Unit struct {
	record.Head
	Name   string     `da:"Navn" en:"Name" is:"title sort"`
	Number string     `da:"Nr." en:"No." is:"key sort"`
	Kind   UnitKind   `da:"Art" en:"Kind" is:"required filter"`
	Closes field.Date `da:"Nedlægges" en:"Closes" is:"set"`
}

// UnitKind is what a unit is.
type UnitKind string

// Choices are the kinds of units.
func (UnitKind) Choices() field.Choices {
	return field.Choices{
		{"municipality", "Kommune", "Municipality"},
		{"area", "Direktørområde", "Director's area"},
		{"department", "Afdeling eller fagområde", "Department"},
		{"institution", "Institution eller arbejdssted", "Institution or workplace"},
		{"team", "Team", "Team"},
	}
}

// Position is a place in a unit that people hold over time; roles attach here.
type Position struct {
	record.Head
	Title  string     `da:"Stilling" en:"Position" is:"title sort"`
	Level  int64      `da:"Ledelsesniveau" en:"Management level" is:"sort" helpda:"1 er direktion, 2 er niveau 2-leder. 0 er uden lederansvar." helpen:"1 is the executive board, 2 a level-2 manager. 0 is no manager."`
	Closes field.Date `da:"Nedlægges" en:"Closes"`
}

// Person is somebody with access to the municipality's information.
type Person struct {
	record.Head
	Name     string     `da:"Navn" en:"Name" is:"title sort"`
	Number   string     `da:"Medarbejdernr." en:"Staff no." is:"key sort"`
	Mail     string     `da:"Mail" en:"Mail" eg:"navn@kommunen.dk" is:"search" helpda:"Tomt, hvis personen ingen mail har." helpen:"Empty if the person has none."`
	Category Category   `da:"Tilknytning" en:"Relation" is:"required filter"`
	Sponsor  string     `da:"Ansvarlig leder" en:"Sponsor" is:"ref:position filter aside" helpda:"Den stilling, der svarer for en ekstern. Skal udfyldes for eksterne." helpen:"The position that answers for an external person. Required for external people."`
	Ends     field.Date `da:"Adgang slutter" en:"Access ends" is:"sort" helpda:"Sidste dag med adgang. Skal udfyldes for eksterne." helpen:"The last day with access. Required for external people."`
	Fed      bool       `da:"Kommer fra personalesystemet" en:"Comes from the personnel system" is:"filter set aside"`
	FedEnds  field.Date `da:"Slutter ifølge personalesystemet" en:"Ends by the personnel system" is:"set aside"`
}

// Category is how a person is related to the municipality (policy clauses on
// "everybody, without exception").
type Category string

// Choices are the categories.
func (Category) Choices() field.Choices {
	return field.Choices{
		{"employee", "Medarbejder", "Employee"},
		{"council", "Medlem af kommunalbestyrelsen", "Council member"},
		{"substitute", "Vikar", "Substitute"},
		{"student", "Elev eller studerende", "Trainee or student"},
		{"volunteer", "Frivillig", "Volunteer"},
		{"consultant", "Konsulent", "Consultant"},
		{"supplier", "Ansat hos leverandør", "Supplier's staff"},
		{"keys", "Har kun nøgle eller adgangskort", "Has keys only"},
	}
}

// Spoken are what the categories are called in files, besides their names.
func (Category) Spoken() map[string]string {
	return map[string]string{
		"ansat": "employee", "fastansat": "employee", "månedslønnet": "employee", "tjenestemand": "employee", "overenskomstansat": "employee",
		"timelønnet": "employee", "fleksjob": "employee", "vikarer": "substitute", "afløser": "substitute", "elev": "student", "studerende": "student", "praktikant": "student",
		"byrådsmedlem": "council", "kommunalbestyrelsesmedlem": "council", "politiker": "council", "ekstern": "consultant", "ekstern konsulent": "consultant",
		"leverandør": "supplier", "nøgle": "keys", "kun nøgle": "keys", "nøglebærer": "keys",
	}
}

// External reports whether access must have an end date and somebody who
// answers for it (policy 4.1).
func (c Category) External() bool { return c == "consultant" || c == "supplier" || c == "keys" }

var mailAddress = regexp.MustCompile(`^[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+$`)

// IsMail reports whether mail can be sent to a text.
func IsMail(text string) bool { return mailAddress.MatchString(text) }

func checkPerson(p Person) problem.Fields {
	bad := problem.Fields{}
	if p.Mail != "" && !IsMail(p.Mail) {
		bad["mail"] = i18n.Text{"Skriv en mailadresse, for eksempel navn@kommunen.dk.", "Write a mail address, for example name@town.dk."}
	}
	if p.Category.External() && p.Ends == "" {
		bad["ends"] = i18n.Text{"En ekstern skal have en slutdato.", "An external person needs an end date."}
	}
	if p.Category.External() && p.Sponsor == "" {
		bad["sponsor"] = i18n.Text{"Vælg den leder, der svarer for den eksterne.", "Choose the manager who answers for the external person."}
	}
	return bad
}

// Holding says who holds a position, from the first day to the last.
type Holding struct {
	record.Head
	Title    string     `da:"Hvem og hvad" en:"Who and what" is:"title sort set"`
	Person   string     `da:"Person" en:"Person" is:"ref:person required filter"`
	Position string     `da:"Stilling" en:"Position" is:"ref:position required filter"`
	Starts   field.Date `da:"Fra og med" en:"From" is:"required sort"`
	Ends     field.Date `da:"Til og med" en:"Until" is:"sort"`
	Fed      bool       `da:"Kommer fra personalesystemet" en:"Comes from the personnel system" is:"set"`
}

// Deputy says which position acts for an absent one.
type Deputy struct {
	record.Head
	Title    string     `da:"Hvem for hvem" en:"Who for whom" is:"title sort set"`
	Absent   string     `da:"Den fraværende" en:"The absent" is:"ref:position required filter"`
	Position string     `da:"Stedfortræderen" en:"The deputy" is:"ref:position required filter"`
	Starts   field.Date `da:"Fra og med" en:"From" is:"required sort"`
	Ends     field.Date `da:"Til og med" en:"Until" is:"sort"`
}

// Grant gives a position a role in the subtree of its unit.
type Grant struct {
	record.Head
	Title    string `da:"Stilling og rolle" en:"Position and role" is:"title sort set"`
	Position string `da:"Stilling" en:"Position" is:"ref:position required filter"`
	Role     Role   `da:"Rolle" en:"Role" is:"required filter"`
}

// Body is a group that decides: council, executive board, committee.
type Body struct {
	record.Head
	Name   string     `da:"Navn" en:"Name" is:"title sort"`
	Kind   BodyKind   `da:"Art" en:"Kind" is:"required filter"`
	Closes field.Date `da:"Nedlægges" en:"Closes"`
}

// BodyKind is what a body is; document types demand approval by kinds.
type BodyKind string

const (
	Council        BodyKind = "council"
	ExecutiveBoard BodyKind = "executive_board"
	Committee      BodyKind = "committee"
)

// Choices are the kinds of bodies.
func (BodyKind) Choices() field.Choices {
	return field.Choices{
		{string(Council), "Kommunalbestyrelse", "Council"},
		{string(ExecutiveBoard), "Direktion", "Executive board"},
		{string(Committee), "Informationssikkerhedsudvalg", "Information security committee"},
		{"other", "Andet udvalg", "Another body"},
	}
}

// Office is a seat in a body that a position carries with it.
type Office struct {
	record.Head
	Title    string `da:"Plads" en:"Seat" is:"title sort set"`
	Body     string `da:"Udvalg" en:"Body" is:"ref:body required filter"`
	Position string `da:"Stilling" en:"Position" is:"ref:position required filter"`
	Chair    bool   `da:"Formand" en:"Chair" is:"filter"`
}

// fold is a mail address as it is stored: people write it as they like.
func fold(mail string) string { return strings.ToLower(strings.TrimSpace(mail)) }

// VouchNeed is the permission to ask that somebody's code is turned off, or to
// agree that it is.
const VouchNeed access.Permission = "person.vouch"

// LinkNeed is the permission to make a link that signs somebody else in.
const LinkNeed access.Permission = "person.link"
