// Package document keeps the policy and everything below it: documents at five
// levels, their versions, what bodies decided about them, and their clauses.
package document

import (
	"embed"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/themed"
)

//go:embed schema/*.sql
var files embed.FS

// Document is what stays the same from version to version.
type Document struct {
	record.Head
	Number   string        `da:"Nr." en:"No." is:"key named sort"`
	Title    string        `da:"Titel" en:"Title" is:"title sort"`
	Level    Level         `da:"Niveau" en:"Level" is:"required filter"`
	Owner    string        `da:"Ejer" en:"Owner" is:"ref:position filter" helpda:"Den stilling, der holder dokumentet ajour." helpen:"The position that keeps the document up to date."`
	Audience string        `da:"Hvem det gælder for" en:"Who it is for"`
	ReviewBy field.Date    `da:"Gennemgås senest" en:"Review by" is:"sort deadline"`
	Themes   themed.Themes `da:"Temaer" en:"Themes" is:"several long"`
}

// Level is a document's place in the hierarchy, highest first.
type Level string

const (
	Policy      Level = "policy"
	Handbook    Level = "handbook"
	Guideline   Level = "guideline"
	Procedure   Level = "procedure"
	Instruction Level = "instruction"
)

// Choices are the five levels.
func (Level) Choices() field.Choices {
	return field.Choices{
		{string(Policy), "Politik", "Policy"},
		{string(Handbook), "Håndbog", "Handbook"},
		{string(Guideline), "Retningslinje", "Guideline"},
		{string(Procedure), "Forretningsgang", "Procedure"},
		{string(Instruction), "Instruks", "Instruction"},
	}
}

// demands says which kinds of bodies must have approved a version before it is
// in force.
var demands = map[Level][]people.BodyKind{
	Policy:    {people.Council, people.ExecutiveBoard, people.Committee},
	Handbook:  {people.Committee},
	Guideline: {people.Committee},
}

// State is how far a version has come.
type State string

const (
	Draft      State = "draft"
	InReview   State = "in_review"
	Decided    State = "decided"
	InForce    State = "in_force"
	Superseded State = "superseded"
)

var stateWords = map[State]i18n.Text{
	Draft: {"kladde", "draft"}, InReview: {"i høring", "in review"}, Decided: {"besluttet", "decided"},
	InForce: {"gældende", "in force"}, Superseded: {"afløst", "superseded"},
}

// Choices are the states, in the order of a version's way.
func (State) Choices() (out field.Choices) {
	for _, s := range []State{Draft, InReview, Decided, InForce, Superseded} {
		out = append(out, [3]string{string(s), stateWords[s][0], stateWords[s][1]})
	}
	return out
}

// Word is the state in words.
func (s State) Word() i18n.Text { return stateWords[s] }

// Public reports whether everybody may read a version: it is or was in force.
func (s State) Public() bool { return s == InForce || s == Superseded }

// Editable reports whether the text may still change.
func (s State) Editable() bool { return s == Draft || s == InReview }

// Permissions besides see, create and edit of the register itself.
const (
	SeeDrafts access.Permission = "document.draft"
	Publish   access.Permission = "document.publish"
	Import    access.Permission = "document.import"
	Bind      access.Permission = "document.bind"
	Remarks   access.Permission = "document.remark"
)

var documents = record.New(record.Register[Document]{
	Name: "document", One: i18n.Text{"Dokument", "Document"}, Many: i18n.Text{"Dokumenter", "Documents"},
	About:  i18n.Text{"Politik, håndbog, retningslinjer, forretningsgange og instrukser.", "Policy, handbook, guidelines, procedures and instructions."},
	Schema: store.Folder(files),
	Allow:  sameLevel,
	After:  func(w *store.Write, _ *Document, d Document) error { return themed.Link(w, "document", d.ID, d.Themes) },
})

// sameLevel keeps a document at its level once a version left the draft: the
// level says who must have approved it.
func sameLevel(q *store.Read, old *Document, d Document) error {
	if old == nil || old.Level == d.Level {
		return nil
	}
	var n int
	err := q.Row(`SELECT count(*) FROM edition WHERE document = :d AND state <> 'draft'`, store.Args{"d": d.ID}, &n)
	if err == nil && n > 0 {
		err = problem.Field("level", "Niveauet afgør, hvem der skal godkende, og kan ikke ændres, når en version har været i høring.",
			"The level decides who must approve, and cannot change once a version was in review.")
	}
	return err
}
