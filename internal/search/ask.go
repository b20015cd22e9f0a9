package search

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"

	"vaern/internal/module"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/term"
)

// Ask is what somebody looks for.
type Ask struct {
	Words string
	Kind  string // only this; "" is all that the person may see
	Most  int    // hits of each kind
	After string // cursor of the page before, for one kind
}

// Answer is what was found, the kinds in the order of the best hit in each.
type Answer struct {
	Kinds  []Found
	Next   string          // cursor, for one kind
	Unread []*module.Found // kinds of which older records are not in the index yet
	Slip   string          // what was perhaps meant, where nothing was found
}

// Found are the hits of one kind.
type Found struct {
	Kind  *module.Found
	Count int // no further than Counted + 1
	Hits  []Hit
}

// Over reports whether there are more than are counted.
func (f *Found) Over() bool { return f.Count > Counted }

// Total is how many hits there are; the second result is that there are more.
func (a *Answer) Total() (n int, more bool) {
	for i := range a.Kinds {
		n += min(a.Kinds[i].Count, Counted)
		more = more || a.Kinds[i].Over()
	}
	return n, more
}

// Search answers somebody who asks, with what that person may see.
func (e *Engine) Search(ctx context.Context, ask Ask) (a Answer, err error) {
	err = e.view(ctx, ask.Kind, func(q *store.Read) (err error) {
		a, err = e.Find(q, ask)
		return err
	})
	return a, err
}

// view is a view with the permission to see some kind; who sees none finds nothing.
func (e *Engine) view(ctx context.Context, only string, fn func(*store.Read) error) error {
	for i := range e.kinds {
		if only != "" && e.kinds[i].Kind != only {
			continue
		}
		err := e.Store.View(ctx, e.kinds[i].Need, fn)
		if problem.Of(err) != problem.Forbidden || err == nil {
			return err
		}
	}
	if only != "" { // refused looks like not there
		return problem.Missing()
	}
	return nil
}

// Find is Search inside a view.
func (e *Engine) Find(q *store.Read, ask Ask) (a Answer, err error) {
	if a.Unread, err = e.unread(q); err != nil {
		return a, err
	}
	query := term.Ask(ask.Words)
	if query.Empty() {
		return a, nil
	}
	after, err := cursor(ask)
	if err != nil {
		return a, err
	}
	groups, err := e.groups(q, ask.Kind)
	if err != nil {
		return a, err
	}
	if err := a.fill(groups, query, ask.Most, after); err != nil {
		return a, err
	}
	if ask.Kind != "" && len(a.Kinds) > 0 {
		if hits := a.Kinds[0].Hits; len(hits) > ask.Most {
			a.Kinds[0].Hits = hits[:ask.Most]
			a.Next = next(&hits[ask.Most-1])
		}
	}
	if err := a.name(q); err != nil {
		return a, err
	}
	if len(a.Kinds) == 0 && after == nil {
		a.Slip, err = e.slip(groups, query)
	}
	return a, err
}

func (a *Answer) fill(groups []*group, query term.Query, most int, after *place) error {
	for _, g := range groups {
		counts, err := g.count(query.Whole())
		if err != nil {
			return err
		}
		hits, err := g.take(query.Ranks(), counts, most+1, after)
		if err != nil {
			return err
		}
		for _, k := range g.kinds {
			if counts[k.Kind] == 0 {
				continue
			}
			f := Found{Kind: k, Count: counts[k.Kind]}
			for _, h := range hits {
				if h.Kind == k {
					f.Hits = append(f.Hits, h)
				}
			}
			a.Kinds = append(a.Kinds, f)
		}
	}
	slices.SortStableFunc(a.Kinds, func(x, y Found) int { return x.best() - y.best() })
	return nil
}

// best is the rank of a kind's best hit.
func (f *Found) best() int {
	if len(f.Hits) == 0 {
		return 1 << 30
	}
	return f.Hits[0].rank
}

// name says what the parts found are parts of: one statement for all.
func (a *Answer) name(q *store.Read) error {
	var parts []*Hit
	for i := range a.Kinds {
		for j := range a.Kinds[i].Hits {
			if h := &a.Kinds[i].Hits[j]; h.Part != "" {
				parts = append(parts, h)
			}
		}
	}
	if len(parts) == 0 {
		return nil
	}
	titles, err := record.Titles(q, func(yield func(string) bool) {
		seen := map[string]bool{}
		for _, h := range parts {
			if !seen[h.Record] && !yield(h.Record) {
				return
			}
			seen[h.Record] = true
		}
	})
	for _, h := range parts {
		if whole := titles[h.Record].Title; whole != "" {
			h.Title = whole + ", " + h.Title
		}
	}
	return err
}

// A cursor is the rank and the entry of the last hit shown.
func next(h *Hit) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %d", h.rank, h.id))
}

func cursor(ask Ask) (*place, error) {
	if ask.After == "" {
		return nil, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(ask.After)
	var p place
	if err == nil {
		_, err = fmt.Sscanf(string(text), "%d %d", &p.rank, &p.id)
	}
	if err != nil || ask.Kind == "" {
		return nil, problem.Field("cursor", "Linket til næste side virker ikke længere.", "The link to the next page no longer works.")
	}
	return &p, nil
}
