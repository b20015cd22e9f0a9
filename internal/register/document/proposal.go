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
	return clause.Parse(clause.FromMarkdown(p.Body), today).Sections
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
		if err := problem.Check(p.check()); err != nil {
			return err
		}
		e := Edition{Unit: d.Unit, Document: d.ID, Label: p.Version, Dated: field.Date(p.Dated), State: Draft,
			Author: w.Actor.ID, Body: p.Body, Findings: p.Findings}
		if e.Label == "" {
			e.Label = "1.0"
		}
		if err := Write(w, &e); err != nil {
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
		return nil
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
	"error.file.too_large": {"Filen er for stor, eller den fylder for meget, når den åbnes. En politik fylder højst 20 MB og har højst to millioner tegn.", "The file is too large, or holds too much when it is opened. A policy is at most 20 MB with at most two million characters."},
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
