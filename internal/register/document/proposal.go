package document

import (
	"context"
	"errors"
	"strings"

	"vaern/internal/clause"
	"vaern/internal/clause/reading"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
)

// Proposal is what was found in a policy that exists as a file. Nothing of it
// is stored before somebody confirms it.
type Proposal struct {
	Organisation, Title, Version, Dated string
	Body                                string // the text as Markdown, wording untouched
	Bodies                              []clause.Body
	Approvals                           []clause.Approval
	Findings                            []clause.Finding
}

// Read finds in a file what a policy holds. today decides what is old.
func Read(ctx context.Context, name string, data []byte, today string) (clause.Document, error) {
	blocks, err := reading.Read(ctx, name, data)
	if err != nil {
		return clause.Document{}, unreadable(err)
	}
	return clause.Parse(blocks, today), nil
}

// Propose makes a proposal of what was found.
func Propose(d clause.Document) Proposal {
	return Proposal{d.Organisation, d.Title, d.Version, d.Dated, clause.Markdown(d), d.Bodies, d.Approvals, d.Findings}
}

// Sections are the proposal's sections and clauses, from its text as it is now.
func (p Proposal) Sections(today string) []clause.Section {
	return clause.Parse(clause.FromText(p.Body), today).Sections
}

// Confirm stores a proposal as a draft of the policy: its text, the approvals
// it tells of, the bodies and seats it names, and what its clauses seem to ask
// for. It is one act; the result is the draft's id.
func Confirm(ctx context.Context, s *store.Store, p Proposal) (id string, err error) {
	err = s.Change(ctx, store.Intent{Verb: "document.import", Need: Import}, func(w *store.Write) error {
		d, err := policyFor(w, p)
		if err != nil {
			return err
		}
		e := Edition{Unit: d.Unit, Document: d.ID, Label: p.Version, Dated: field.Date(p.Dated), State: Draft,
			Author: w.Actor.ID, Body: p.Body, Findings: p.Findings}
		if e.Label == "" {
			e.Label = "1.0"
		}
		if err := put(w, &e); err != nil {
			return err
		}
		if err := nameEdition(w, &e); err != nil {
			return err
		}
		bodies, err := seatBodies(w, p)
		if err != nil {
			return err
		}
		for _, a := range p.Approvals {
			if err := approve(w, &e, a, bodies); err != nil {
				return err
			}
		}
		id = e.ID
		return propose(w, &e)
	})
	return id, err
}

// policyFor is the municipality's policy; the first import makes it.
func policyFor(w *store.Write, p Proposal) (d Document, err error) {
	var id string
	err = w.Row(`SELECT id FROM document WHERE level = 'policy' ORDER BY id LIMIT 1`, nil, &id)
	if err == nil {
		return documents.Get(&w.Read, id)
	}
	if problem.Of(err) != problem.NotFound {
		return d, err
	}
	if strings.TrimSpace(p.Title) == "" {
		return d, problem.Field("title", "Skriv politikkens titel.", "Type the policy's title.")
	}
	d = Document{Head: record.Head{Unit: people.Top}, Number: "P-01", Title: p.Title, Level: Policy}
	return d, documents.Add(w.As("document.create"), &d)
}

var bodyKinds = map[clause.Role]people.BodyKind{
	clause.Council: people.Council, clause.Executive: people.ExecutiveBoard, clause.Committee: people.Committee,
}

func kindOf(name string) people.BodyKind {
	if kind, ok := bodyKinds[clause.RoleOf(name)]; ok {
		return kind
	}
	return "other"
}

// seatBodies finds the bodies that a policy names, makes those that are not
// there, and gives a body without seats those that the policy tells of.
func seatBodies(w *store.Write, p Proposal) (map[string]string, error) {
	bodies := map[string]string{} // name → id
	for _, b := range p.Bodies {
		id, err := body(w, bodies, b.Name)
		if err != nil {
			return nil, err
		}
		var seats int
		if err := w.Row(`SELECT count(*) FROM office WHERE body = :body`, store.Args{"body": id}, &seats); err != nil {
			return nil, err
		}
		if seats > 0 {
			continue
		}
		for _, o := range b.Offices {
			position, err := positionFor(w, o.Title)
			if err != nil {
				return nil, err
			}
			seat := people.Office{Head: record.Head{Unit: people.Top}, Body: id, Position: position, Chair: o.Chair}
			if err := people.Offices.Add(w.As("office.create"), &seat); err != nil {
				return nil, err
			}
		}
	}
	return bodies, nil
}

func body(w *store.Write, known map[string]string, name string) (id string, err error) {
	if id, ok := known[name]; ok {
		return id, nil
	}
	kind := kindOf(name)
	err = w.Row(`SELECT id FROM body WHERE kind = :kind AND kind <> 'other' OR name = :name ORDER BY name = :name DESC, id LIMIT 1`,
		store.Args{"kind": string(kind), "name": name}, &id)
	if problem.Of(err) == problem.NotFound {
		b := people.Body{Head: record.Head{Unit: people.Top}, Name: name, Kind: kind}
		err = people.Bodies.Add(w.As("body.create"), &b)
		id = b.ID
	}
	known[name] = id
	return id, err
}

// positionFor finds a position by its title, or makes it.
func positionFor(w *store.Write, title string) (id string, err error) {
	err = w.Row(`SELECT id FROM position WHERE lower(title) = :title ORDER BY level = 0, level, id LIMIT 1`,
		store.Args{"title": strings.ToLower(title)}, &id)
	if problem.Of(err) != problem.NotFound {
		return id, err
	}
	p := people.Position{Head: record.Head{Unit: people.Top}, Title: title}
	err = people.Positions.Add(w.As("position.create"), &p)
	return p.ID, err
}

// approve registers what a body decided in the past: no approving.
func approve(w *store.Write, e *Edition, a clause.Approval, bodies map[string]string) error {
	id, err := body(w, bodies, a.Body)
	if err != nil {
		return err
	}
	rec := Approval{Head: record.Head{Unit: e.Unit}, Edition: e.ID, Body: id, Decided: field.Date(a.Date), Way: Minutes, Note: a.Text}
	return approvals.Add(w.As("approval.create"), &rec)
}

// What can be wrong with a file, in words.
var fileProblems = map[string]i18n.Text{
	"error.file.empty":     {"Filen er tom.", "The file is empty."},
	"error.file.kind":      {"Den slags fil kan vi ikke læse. Brug Word (.docx), pdf med tekst, Markdown eller almindelig tekst.", "We cannot read that kind of file. Use Word (.docx), PDF with text, Markdown or plain text."},
	"error.file.damaged":   {"Filen er beskadiget og kan ikke læses. Åbn den i det program, den er lavet i, og gem den igen.", "The file is damaged and cannot be read. Open it in the program it was made with and save it again."},
	"error.file.encrypted": {"Filen er beskyttet med en adgangskode. Gem den uden, og prøv igen.", "The file is protected by a password. Save it without and try again."},
	"error.file.too_large": {"Filen er for stor. En politik fylder højst 20 MB.", "The file is too large. A policy is at most 20 MB."},
	"error.file.no_text":   {"Filen indeholder kun billeder, ingen tekst. Brug originalen i stedet for en skannet udgave.", "The file holds only pictures, no text. Use the original instead of a scan."},
}

func unreadable(err error) error {
	var e *reading.Error
	if !errors.As(err, &e) {
		return err
	}
	text, ok := fileProblems[e.Key]
	if !ok {
		text = fileProblems["error.file.damaged"]
	}
	return problem.Check(problem.Fields{"file": text})
}
