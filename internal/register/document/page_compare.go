package document

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"

	"vaern/internal/clause"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/store"
	"vaern/internal/web"
)

var comparePage = web.NewPage[*compareView](folder, "compare")

// compareView is two versions of a document side by side, clause by clause.
type compareView struct {
	opened
	With    Edition
	Others  []Edition
	Steps   []difference
	Counted []counted
}

// difference is one clause that changed, or a run of those that did not.
type difference struct {
	Change string
	Same   []shown // folded
	Old    *clause.Clause
	New    *clause.Clause
	Head   bool // it says what the columns of a table are
	Parts  [][]clause.Span
	Under  i18n.Text // the section, where it is another than that of the change before
	From   i18n.Text // the section it was moved from, where that is another
}

// Row reports whether the clause is the row of a table, told cell by cell.
func (d difference) Row() bool { return len(d.Parts) > 1 }

func (d difference) moved() bool {
	return d.Change == clause.Moved || d.Change == clause.MovedReworded
}

// headings are those of the section that each clause stands in.
func headings(sections []clause.Section) map[string]i18n.Text {
	out := map[string]i18n.Text{}
	for _, s := range sections {
		heading := i18n.Same(strings.TrimSpace(s.Number + " " + s.Title))
		if s.Title == "" && s.Number == "0" {
			heading = i18n.Text{"Indledning", "Introduction"}
		}
		for _, c := range s.Clauses {
			out[c.ID] = heading
		}
	}
	return out
}

type counted struct {
	N    int
	Name i18n.Text
}

var changeNames = []struct {
	change    string
	one, many i18n.Text
}{
	{clause.Added, i18n.Text{"ny", "new"}, i18n.Text{"nye", "new"}},
	{clause.Removed, i18n.Text{"fjernet", "removed"}, i18n.Text{"fjernede", "removed"}},
	{clause.Reworded, i18n.Text{"ændret", "reworded"}, i18n.Text{"ændrede", "reworded"}},
	{clause.Moved, i18n.Text{"flyttet", "moved"}, i18n.Text{"flyttede", "moved"}},
	{clause.MovedReworded, i18n.Text{"flyttet og ændret", "moved and reworded"}, i18n.Text{"flyttede og ændrede", "moved and reworded"}},
	{clause.Same, i18n.Text{"uændret", "unchanged"}, i18n.Text{"uændrede", "unchanged"}},
}

// Name is what became of the clause, in words.
func (d difference) Name() i18n.Text {
	for _, c := range changeNames {
		if c.change == d.Change {
			return c.one
		}
	}
	return i18n.Same(d.Change)
}

func (d *desk) compare(w http.ResponseWriter, r *http.Request) error {
	v := &compareView{}
	err := d.site.Store.View(r.Context(), "document.see", func(q *store.Read) (err error) {
		if v.opened, err = open(q, r.PathValue("id")); err != nil {
			return err
		}
		all, err := editions(q, v.Document)
		if err != nil {
			return err
		}
		with := r.URL.Query().Get("with")
		if with == "" {
			with = before(all, v.ID)
		}
		for _, e := range all {
			if e.ID == with {
				v.With = e
			}
			if e.ID != v.ID {
				v.Others = append(v.Others, e)
			}
		}
		if v.With.ID == "" && with != "" {
			return problem.Missing()
		}
		return nil
	})
	if err != nil {
		return err
	}
	if v.With.ID != "" {
		v.fill()
	}
	title := i18n.Text{"Sammenlign: %s", "Compare: %s"}.With(v.Name())
	return comparePage.Show(d.site, w, r, http.StatusOK, v.head(title, false), v)
}

// fill compares the other version with this one, and folds what is the same.
func (v *compareView) fill() {
	n, heads, under := map[string]int{}, map[string]bool{}, i18n.Text{}
	was, is := headings(v.With.Sections), headings(v.Sections)
	for _, s := range slices.Concat(v.With.Sections, v.Sections) {
		maps.Copy(heads, s.Heads())
	}
	for _, p := range clause.Compare(v.With.Sections, v.Sections) {
		n[p.Change]++
		if p.Change == clause.Same {
			v.fold(shown{Clause: *p.New, Head: heads[p.New.ID]})
			continue
		}
		old, now := cmp.Or(p.Old, &clause.Clause{}), cmp.Or(p.New, &clause.Clause{})
		d := difference{Change: p.Change, Old: p.Old, New: p.New, Head: heads[cmp.Or(now.ID, old.ID)], Parts: clause.Parted(old.Text, now.Text)}
		at := cmp.Or(is[now.ID], was[old.ID])
		if at != under {
			d.Under, under = at, at
		}
		if from := was[old.ID]; d.moved() && from != at {
			d.From = from
		}
		v.Steps = append(v.Steps, d)
	}
	for _, c := range changeNames {
		if n[c.change] == 1 {
			v.Counted = append(v.Counted, counted{1, c.one})
		} else if n[c.change] > 1 {
			v.Counted = append(v.Counted, counted{n[c.change], c.many})
		}
	}
}

func (v *compareView) fold(c shown) {
	if last := len(v.Steps) - 1; last >= 0 && v.Steps[last].Change == clause.Same {
		v.Steps[last].Same = append(v.Steps[last].Same, c)
		return
	}
	v.Steps = append(v.Steps, difference{Change: clause.Same, Same: []shown{c}})
}
