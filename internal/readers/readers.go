// Package readers ties two registers that do not know each other: what receipts
// ask people to read is what the register of documents holds.
package readers

import (
	"context"
	"html/template"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/register/document"
	"vaern/internal/register/receipt"
	"vaern/internal/store"
)

// Desk asks people to read what the register of documents holds.
var Desk = receipt.New(receipt.Papers{
	Edition: func(q *store.Read, id string) (receipt.Paper, error) {
		e, d, err := document.Open(q, id)
		return paper(e, d), err
	},
	Current: func(q *store.Read, id string) (receipt.Paper, error) {
		see, err := q.With("document.see")
		if err != nil {
			return receipt.Paper{}, err
		}
		e, ok, err := document.InForceOn(see, id, q.Today)
		if err == nil && !ok {
			err = problem.Missing()
		}
		if err != nil {
			return receipt.Paper{}, err
		}
		e, d, err := document.Open(q, e.ID)
		return paper(e, d), err
	},
	Publish: func(ctx context.Context, s *store.Store, edition string, from field.Date) error {
		return document.PutInForce(ctx, s, edition, from)
	},
})

func init() {
	document.Published = Desk.Published
	people.Dissolved, people.Parted = Desk.Dissolved, Desk.Parted
	document.Beside = func(q *store.Read, l i18n.Lang, e document.Edition) (template.HTML, error) {
		return Desk.Beside(q, l, receipt.Version{ID: e.ID, Document: e.Document, Ready: e.State == document.Decided || e.State == document.InForce})
	}
}

func paper(e document.Edition, d document.Document) receipt.Paper {
	p := receipt.Paper{ID: e.ID, Document: d.ID, Unit: e.Unit, Title: d.Title, Label: e.Label,
		Decided: e.State == document.Decided, InForce: e.State == document.InForce, Starts: string(e.Starts), Sections: e.Sections}
	for _, c := range d.Level.Choices() {
		if c[0] == string(d.Level) {
			p.Level = i18n.Text{c[1], c[2]}
		}
	}
	return p
}
