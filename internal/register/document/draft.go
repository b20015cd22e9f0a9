package document

import (
	"context"
	"strconv"
	"strings"

	"vaern/internal/field"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
)

// Text is what a person writes of a version.
type Text struct {
	Label string
	Dated field.Date
	Body  string // Markdown
}

// Begin stores a new draft of a document.
func Begin(ctx context.Context, s *store.Store, documentID string, text Text) (id string, err error) {
	err = s.Change(ctx, beginning, func(w *store.Write) error {
		e, err := begin(w, documentID, text)
		id = e.ID
		return err
	})
	return id, err
}

var beginning = store.Intent{Verb: "edition.create", Need: "document.edit"}

func begin(w *store.Write, documentID string, text Text) (e Edition, err error) {
	d, err := documents.Get(&w.Read, documentID)
	if err != nil {
		return e, err
	}
	e = Edition{Unit: d.Unit, Document: d.ID, State: Draft, Author: w.Actor.ID}
	text.on(&e)
	return e, Write(w, &e)
}

// Save replaces the text that version was made from. Who was slower gets both
// texts back as record.Stale[Edition]. What a body has approved does not change
// any more: then it takes a new version.
func Save(ctx context.Context, s *store.Store, id string, version int64, text Text) error {
	return step{store.Intent{Verb: "document.write", Need: "document.edit"}, []State{Draft, InReview}}.take(ctx, s, id, func(w *store.Write, e *Edition) error {
		mine := *e
		text.on(&mine)
		mine.Version, mine.Author = version, w.Actor.ID
		if e.Version != version {
			return &record.Stale[Edition]{Mine: mine, Theirs: *e}
		}
		have, err := Approvals(&w.Read, id)
		if err != nil {
			return err
		}
		if len(have) > 0 {
			return problem.New(problem.Conflict, "Versionen er godkendt af "+have[0].Body+" og kan ikke ændres. Lav en ny version.",
				"The version is approved by "+have[0].Body+" and cannot change. Make a new version.")
		}
		return Write(w, &mine)
	})
}

func (t Text) on(e *Edition) { e.Label, e.Dated, e.Body = t.Label, t.Dated, t.Body }

// nextLabel proposes the number of a version after those there are, newest
// first: the last part of the newest, one higher.
func nextLabel(have []Edition) string {
	if len(have) == 0 {
		return "1.0"
	}
	taken := map[string]bool{}
	for _, e := range have {
		taken[e.Label] = true
	}
	label := have[0].Label
	for taken[label] {
		head, last := "", label
		if at := strings.LastIndex(label, "."); at >= 0 {
			head, last = label[:at+1], label[at+1:]
		}
		n, err := strconv.Atoi(last)
		if err != nil {
			label += ".1"
			continue
		}
		label = head + strconv.Itoa(n+1)
	}
	return label
}
