package search

import (
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"

	"vaern/internal/module"
	"vaern/internal/people"
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
	query  term.Query
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
	if a.query = query; query.Empty() {
		return a, nil
	}
	after, err := cursor(ask)
	if err != nil {
		return a, err
	}
	if err := q.Index(); err != nil {
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

// best is the rank of a kind's best hit, behind all others where its records
// only tie those together.
func (f *Found) best() int {
	rank := last
	if len(f.Hits) > 0 {
		rank = f.Hits[0].rank
	}
	if f.Kind.Ties {
		rank += last
	}
	return rank
}

const last = 100 // behind every rank

// name says where hits belong, and what those that are parts are parts of: one
// statement for all.
func (a *Answer) name(q *store.Read) error {
	ids := map[string]bool{}
	a.each(func(h *Hit) {
		if h.Part != "" {
			ids[h.Record] = true
		} else if h.unit != h.Record {
			ids[h.unit] = true
		}
	})
	delete(ids, people.Top) // the whole municipality is no place
	titles, err := record.Titles(q, maps.Keys(ids))
	a.each(func(h *Hit) {
		if whole := titles[h.Record].Title; h.Part != "" && whole != "" {
			h.Title = whole + ", " + h.Title
		} else if h.Part == "" && h.unit != h.Record {
			h.Where = titles[h.unit].Title
		}
	})
	return err
}

func (a *Answer) each(fn func(*Hit)) {
	for i := range a.Kinds {
		for j := range a.Kinds[i].Hits {
			fn(&a.Kinds[i].Hits[j])
		}
	}
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
