package org

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"

	"vaern/internal/field"
	"vaern/internal/filter"
	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/web"
)

var treePage = web.NewPage[*treeView](web.Folder(files), "organisation")

// treeView is the organisation on a day, or where a search found units in it.
type treeView struct {
	Day, Today string
	Root       string
	Search     string
	Branch     *branch // nil when there is no such unit on that day
	Count      int
	Found      []found
	Plans      []people.Change
	CanEdit    bool
}

// branch is a unit with those below it.
type branch struct {
	people.Node
	Day   string
	Open  bool
	Below []*branch
	More  int // units below that are a click away
}

// found is a unit that a search found, and what it lies under.
type found struct {
	ID, Name, Number, Path string
	Plan                   string // the plan that makes it, where it is not there yet
}

const openDepth = 1 // deeper branches are folded

func organisation(site *web.Site) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		get := r.URL.Query()
		v := &treeView{Day: get.Get("date"), Root: get.Get("unit"), Search: get.Get("q"), CanEdit: site.May(r, people.Changes.Can("create"))}
		if v.Root == "" {
			v.Root = people.Top
		}
		err := site.Store.View(r.Context(), people.Units.Can("see"), func(q *store.Read) error { return v.fill(q) })
		if err != nil {
			return err
		}
		return treePage.Show(site, w, r, http.StatusOK, web.Head{Title: i18n.Text{"Organisationen", "The organisation"}}, v)
	}
}

func (v *treeView) fill(q *store.Read) (err error) {
	v.Today = q.Today
	day, ok := field.ReadDay(v.Day)
	if !ok {
		return problem.Check(problem.Fields{"date": field.NoDate})
	}
	v.Day = cmp.Or(day, q.Today)
	if v.Search != "" {
		v.Found, err = unitsFound(q, v.Search, v.Day)
	} else {
		var nodes []people.Node
		nodes, err = people.TreeOn(q, v.Root, v.Day)
		v.Count, v.Branch = len(nodes), grow(nodes, v.Day)
	}
	if err != nil {
		return err
	}
	p, err := people.Changes.Page(q, record.Query{Filter: filter.Equals("state", string(people.Planned)), Sort: "effective", Limit: 20})
	v.Plans = p.Items
	return err
}

// grow makes a tree of nodes that stand in its order.
func grow(nodes []people.Node, day string) *branch {
	at := map[string]*branch{}
	var root *branch
	for _, n := range nodes {
		b := &branch{Node: n, Day: day, Open: n.Depth < openDepth}
		at[n.ID] = b
		if root == nil {
			root = b
		} else if above := at[n.Above]; above != nil {
			above.Below = append(above.Below, b)
		}
	}
	for _, b := range at {
		b.More = max(0, b.Node.Below-len(b.Below))
	}
	return root
}

// unitsFound are the units that a search means among those of a day, by what
// they are called now or were called then, each with what it lay under. Of a day
// to come, it is by what they are to be called, those that are to be made among
// them, and those left out that are to be closed by then.
func unitsFound(q *store.Read, words, day string) (out []found, err error) {
	now, args := record.Matching("u.search", words)
	then, said := record.Saying("s.name", words)
	maps.Copy(args, said)
	args["n"], args["day"] = most, day
	err = q.Rows(`
		SELECT s.unit, s.name, s.number, a.name FROM unit_span s JOIN unit u ON u.id = s.unit
		JOIN unit_span a ON a.unit = s.above AND a.starts <= :day AND (a.ends = '' OR a.ends >= :day)
		WHERE :scope(s.unit) AND s.starts <= :day AND (s.ends = '' OR s.ends >= :day) AND (`+now+` OR `+then+`)
		AND NOT EXISTS (SELECT 1 FROM unit_change c WHERE c.subject = s.unit AND c.state = 'planned' AND c.act IN ('merge', 'close') AND c.effective <= :day)
		ORDER BY u.name_sort, u.id LIMIT :n`, args, func(scan store.Scan) error {
		var f found
		err := scan(&f.ID, &f.Name, &f.Number, &f.Path)
		out = append(out, f)
		return err
	})
	if err != nil || day <= q.Today {
		return out, err
	}
	return foundPlanned(q, words, day, out)
}

// foundPlanned is what the plans until a day to come make of what was found.
func foundPlanned(q *store.Read, words, day string, out []found) ([]found, error) {
	err := q.Rows(`
		SELECT c.act, c.id, u.id, c.name, CASE WHEN c.act = 'split' THEN c.number ELSE u.number END, a.name FROM unit_change c JOIN unit u ON u.id = c.subject
		JOIN unit a ON a.id = CASE WHEN c.act = 'split' AND c.target <> '' THEN c.target ELSE u.unit END
		WHERE c.state = 'planned' AND c.act IN ('rename', 'split') AND c.effective <= :day AND :scope(u.id)
		AND NOT EXISTS (SELECT 1 FROM unit_change e WHERE e.subject = u.id AND e.state = 'planned' AND e.act IN ('merge', 'close') AND e.effective <= :day AND c.act = 'rename')
		ORDER BY c.effective, c.id`, store.Args{"day": day}, func(scan store.Scan) error {
		var act people.Act
		var f found
		var change string
		err := scan(&act, &change, &f.ID, &f.Name, &f.Number, &f.Path)
		if act == people.SplitUnit {
			f.ID, f.Plan = change, "/unit_change/"+change
		}
		out = slices.DeleteFunc(out, func(was found) bool { return was.ID == f.ID }) // it was found by what it is called until then
		if says(f.Name+" "+f.Number, words) {
			out = append(out, f)
		}
		return err
	})
	slices.SortStableFunc(out, func(a, b found) int { return cmp.Compare(field.SortKey(a.Name), field.SortKey(b.Name)) })
	return out, err
}

// says reports whether a text has every word.
func says(text, words string) bool {
	return !slices.ContainsFunc(strings.Fields(field.Fold(words)), func(w string) bool { return !strings.Contains(field.Fold(text), w) })
}
