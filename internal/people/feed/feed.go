// Package feed takes units and people from the files that personnel systems
// export: by hand, by page, by command and by REST, in one form. What a file
// says takes effect by date; what a row did is told for each.
package feed

import (
	"context"
	"errors"
	"iter"
	"maps"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/sheet"
	"vaern/internal/store"
)

// Need is the permission to take a file.
const Need access.Permission = "feed.take"

// Table is a file as rows of text, each with its number in the file.
type Table struct {
	Head   []string
	Rows   iter.Seq2[int, []string]
	Source sheet.Source
}

// Options say how a file is meant.
type Options struct {
	Full   bool                 // all are in it: who is missing has left
	Day    string               // from which day it counts, where a row does not say; "" is today
	Reason string               // why more than usual may leave
	Try    bool                 // say what would happen, and do nothing
	Tell   func(Line)           // hears of each row; may be nil
	Step   func(rows int) error // hears how many rows are done, and may end it; may be nil
	Before *Report              // what was done before it was cut off; nil begins at the beginning
	// Each is part of every change that the file makes: it hears what that did to
	// which rows, and all that was done by then. It may be nil.
	Each func(w *store.Write, lines []Line, all *Report) error
}

// Usual is how many of a hundred may leave by one file before somebody must
// say that it is meant.
const Usual = 10

// Did is what a row did.
type Did string

const (
	Joined    Did = "joined"
	Moved     Did = "moved"
	Changed   Did = "changed"
	Left      Did = "left"
	Unchanged Did = "unchanged"
	Waits     Did = "waits" // until its day comes
	Wrong     Did = "wrong"
)

// Line is what one row did. Row 0 is somebody who is not in a full file.
type Line struct {
	Row  int       `json:"row"`
	Key  string    `json:"key"` // staff number, unit number
	Name string    `json:"name"`
	Did  Did       `json:"did"`
	Text i18n.Text `json:"text"`
}

// Report is what a file did.
type Report struct {
	Rows    int         `json:"rows"`
	Counts  map[Did]int `json:"counts"`
	Leaving int         `json:"leaving"` // people who lose their access by it
	Of      int         `json:"of"`      // people who have access now
	Held    bool        `json:"held"`    // more leave than usual, and nobody said why: nothing was done
	Batch   string      `json:"batch,omitempty"`
	Changes []string    `json:"changes,omitempty"` // when each change was made
	Taker   string      `json:"taker,omitempty"`   // who made them
	Undo    string      `json:"undo,omitempty"`    // what taking them back is called in the ledger
	Done    Done        `json:"done"`
	CutOff  bool        `json:"cut_off,omitempty"` // it came by itself, and was not taken in to its end
	Tried   bool        `json:"dry_run"`
	Unknown []string    `json:"unknown_columns,omitempty"`
	Secret  []string    `json:"columns_not_read,omitempty"`

	Source sheet.Source `json:"source"`
}

// Done is how far a file was taken in: up to which row employees, up to which
// external people, and how many units.
type Done struct{ Row, External, Units int }

// taking is one file on its way in.
type taking struct {
	ctx context.Context
	s   *store.Store
	layout
	Table
	Options
	report *Report
}

func (k *taking) say(l Line) {
	k.report.Counts[l.Did]++
	if k.Tell != nil {
		k.Tell(l)
	}
}

func (k *taking) step() error {
	if k.Step == nil {
		return nil
	}
	return k.Step(k.report.Rows)
}

func begin(ctx context.Context, s *store.Store, t Table, o Options) (*taking, error) {
	if _, err := access.Require(ctx, Need); err != nil {
		return nil, err
	}
	l := understand(t.Head)
	k := &taking{ctx: ctx, s: s, layout: l, Table: t, Options: o}
	k.report = &Report{Counts: map[Did]int{}, Tried: o.Try, Unknown: l.unknown, Secret: l.secret, Source: t.Source}
	if o.Before != nil {
		k.report = o.Before
	}
	if day, ok := date(o.Day); !ok {
		return nil, noDay()
	} else if k.Day = day; day != "" {
		return k, nil
	}
	return k, s.View(ctx, Need, func(q *store.Read) error {
		k.Day = q.Today
		return nil
	})
}

// errTried ends a change whose only purpose was to see what it would do;
// errNothing one that had nothing to do.
var errTried, errNothing = errors.New("only tried"), errors.New("nothing to do")

func noDay() error {
	return problem.Check(problem.Fields{"date": field.NoDate})
}

// change runs a part of the file in one change; fn returns what it did to which
// rows, and whether that is anything. A trial is taken back.
func (k *taking) change(verb string, done Done, fn func(*store.Write) ([]Line, bool, error)) error {
	var lines []Line
	var after *Report
	err := k.s.Change(k.ctx, store.Intent{Verb: verb, Need: Need, Reason: k.Reason}, func(w *store.Write) (err error) {
		if k.report.Batch == "" {
			k.report.Batch = w.NewID()
		}
		var did bool
		if lines, did, err = fn(w); err != nil {
			return err
		}
		after = k.report.and(lines)
		switch {
		case !did:
			return errNothing
		case k.Try:
			return errTried
		}
		after.Changes, after.Taker, after.Done = append(after.Changes, w.Now), w.Actor.ID, done
		if k.Each == nil {
			return nil
		}
		return k.Each(w, lines, after)
	})
	if err != nil && !errors.Is(err, errTried) && !errors.Is(err, errNothing) {
		return err
	}
	*k.report = *after
	for _, l := range lines {
		if k.Tell != nil {
			k.Tell(l)
		}
	}
	return nil
}

// and is the report with some more rows.
func (r *Report) and(lines []Line) *Report {
	more := *r
	more.Counts = maps.Clone(r.Counts)
	for _, l := range lines {
		more.Counts[l.Did]++
	}
	return &more
}
