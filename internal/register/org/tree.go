package org

import (
	"cmp"
	"net/http"

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
type found struct{ ID, Name, Number, Path string }

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
		v.Found, err = unitsFound(q, v.Search)
		return err
	}
	nodes, err := people.TreeOn(q, v.Root, v.Day)
	if err != nil {
		return err
	}
	v.Count = len(nodes)
	v.Branch = grow(nodes, v.Day)
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

// unitsFound are the units that a search means, each with what it lies under.
func unitsFound(q *store.Read, words string) (out []found, err error) {
	where, args := record.Matching("u.search", words)
	args["n"] = most
	err = q.Rows(`
		SELECT u.id, u.name, u.number, a.name FROM unit u JOIN unit a ON a.id = u.unit
		WHERE :scope(u.id) AND u.closes IS NULL AND `+where+` ORDER BY u.name_sort, u.id LIMIT :n`, args, func(scan store.Scan) error {
		var f found
		err := scan(&f.ID, &f.Name, &f.Number, &f.Path)
		out = append(out, f)
		return err
	})
	return out, err
}
