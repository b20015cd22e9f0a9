package receipt

import (
	"context"
	"strings"

	"vaern/internal/clause"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/store"
)

// Paper is a version of a document, as much as readers need to know of it.
type Paper struct {
	ID, Document, Unit string
	Title, Label       string
	Level              i18n.Text
	Decided, InForce   bool
	Starts             string // the day it came in force, "" before
	Sections           []clause.Section
}

// Name is the document's title and the version's number.
func (p Paper) Name() string { return p.Title + " " + p.Label }

// Papers is what the register of documents offers; app hands it in, since
// registers never import each other.
type Papers struct {
	Edition func(q *store.Read, id string) (Paper, error)
	Current func(q *store.Read, document string) (Paper, error) // the version in force
	Publish func(ctx context.Context, s *store.Store, edition string, from field.Date) error
}

// readingSpeed is how many words an adult reads in a minute with care.
const readingSpeed = 180

// minutes is about how long it takes to read texts.
func minutes(texts ...string) int64 {
	words := 0
	for _, t := range texts {
		words += len(strings.Fields(t))
	}
	return int64(max(1, (words+readingSpeed/2)/readingSpeed))
}

func (p Paper) texts() (out []string) {
	for _, s := range p.Sections {
		for _, c := range s.Clauses {
			out = append(out, c.Text)
		}
	}
	return out
}
