package policy

import (
	"cmp"
	"net/url"
	"slices"

	"vaern/internal/i18n"
	"vaern/internal/record"
	"vaern/internal/store"
)

// overdue is what has passed its deadline in the units right below one, and in
// that unit itself.
type overdue struct {
	Areas  []lateArea // where something is late, most first
	Calm   int        // where nothing is
	N      int
	Oldest string
}

type lateArea struct {
	Name   string
	Root   bool // it is shared by all of them
	N      int
	Oldest string
	Width  int // of 100, beside the area where most is late
	Parts  []*latePart
}

// latePart is a number, and where the list of exactly those stands.
type latePart struct {
	Path      string
	One, Many i18n.Text
	N         int
}

// Says is the number with what is counted.
func (p *latePart) Says(l i18n.Lang) string { return l.Plural(int64(p.N), p.One, p.Many) }

// late counts what is overdue below a unit.
func (e *Engine) late(q *store.Read, root string) (o overdue, err error) {
	all, err := record.LateBelow(q, root)
	if err != nil {
		return o, err
	}
	areas := map[string]*lateArea{}
	for _, l := range all {
		a := areas[l.Area.ID]
		if a == nil {
			a = &lateArea{Name: l.Area.Title, Root: l.Area.ID == root}
			areas[l.Area.ID] = a
		}
		if l.N == 0 {
			continue
		}
		a.N, a.Oldest = a.N+l.N, first(a.Oldest, l.Oldest)
		a.Parts = append(a.Parts, &latePart{"/" + l.Kind + "?filter=" + url.QueryEscape(l.Filter.String()), l.One.Lower(), l.Many.Lower(), l.N})
		o.N, o.Oldest = o.N+l.N, first(o.Oldest, l.Oldest)
	}
	for _, a := range areas {
		if a.N > 0 {
			o.Areas = append(o.Areas, *a)
		} else if !a.Root {
			o.Calm++
		}
	}
	slices.SortFunc(o.Areas, func(a, b lateArea) int {
		return cmp.Or(b.N-a.N, cmp.Compare(a.Oldest, b.Oldest), cmp.Compare(a.Name, b.Name))
	})
	for i := range o.Areas {
		o.Areas[i].Width = o.Areas[i].N * 100 / o.Areas[0].N
	}
	return o, nil
}

func first(a, b string) string {
	if a == "" || b < a {
		return b
	}
	return a
}
