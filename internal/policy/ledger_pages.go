package policy

import (
	"math"
	"net/http"
	"strconv"

	"vaern/internal/access"
	"vaern/internal/history"
	"vaern/internal/i18n"
	"vaern/internal/module"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/web"
)

var (
	ledgerPage  = web.NewPage[*ledgerView](folder, "ledger")
	historyPage = web.NewPage[*historyView](folder, "history")
	accessPage  = web.NewPage[struct{}](folder, "accessibility")
)

const perPage = 50

type ledgerView struct {
	Head   store.Head
	Lines  []history.Line
	Before int64 // the next page shows what is before this leaf
}

// kindsOfHistory is how history tells of every kind of records.
func (e *Engine) kindsOfHistory() history.Kinds { return module.Told(e.Modules) }

// ledger shows all acts, newest first.
func (d *desk) ledger(w http.ResponseWriter, r *http.Request) error {
	v := &ledgerView{}
	before, err := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	if err != nil {
		before = math.MaxInt64
	}
	err = d.Store.View(r.Context(), ReadLedger, func(q *store.Read) error {
		if v.Head, err = q.Head(); err != nil {
			return err
		}
		leaves, err := q.LeavesBefore(before, perPage, history.SignIn)
		if err != nil {
			return err
		}
		if len(leaves) == perPage {
			v.Before = leaves[perPage-1].Seq
		}
		v.Lines, err = d.kindsOfHistory().Tell(q, leaves, i18n.Of(r.Context()))
		return err
	})
	if err != nil {
		return err
	}
	return ledgerPage.Show(d.site, w, r, http.StatusOK, web.Head{Title: i18n.Text{"Beviser og historik", "Proof and history"}, Path: "/history"}, v)
}

type historyView struct {
	Path  string
	Lines []history.Line
	More  bool
}

// mostHistory is as much of one record's history as a page holds.
const mostHistory = 500

// history shows all acts about one record, to those who may see the record.
func (d *desk) history(w http.ResponseWriter, r *http.Request) error {
	about := ref.Ref{Kind: r.PathValue("kind"), ID: r.PathValue("id")}
	v := &historyView{Path: "/" + about.String()}
	title := ""
	see := access.Permission(about.Kind + ".see")
	err := d.opens(r, about, see, func(q *store.Read) error {
		var n int
		if err := q.Row(`SELECT count(*) FROM record_title WHERE id = :id AND kind = :kind AND :scope`, store.Args{"id": about.ID, "kind": about.Kind}, &n); err != nil {
			return err
		}
		if n == 0 {
			return problem.Missing()
		}
		leaves, err := q.LeavesAbout(about, mostHistory+1)
		if err != nil {
			return err
		}
		if v.More = len(leaves) > mostHistory; v.More {
			leaves = leaves[:mostHistory]
		}
		titles, err := record.Titles(q, func(yield func(string) bool) { yield(about.ID) })
		if err != nil {
			return err
		}
		title = titles[about.ID].Title
		v.Lines, err = d.kindsOfHistory().Tell(q, leaves, i18n.Of(r.Context()))
		return err
	})
	if err != nil {
		return err
	}
	head := web.Head{Title: i18n.Text{"Historik", "History"}, Crumbs: []web.Crumb{{Path: v.Path, Label: i18n.Same(title)}}}
	return historyPage.Show(d.site, w, r, http.StatusOK, head, v)
}

// opens is a view of one record; of a sensitive kind it leaves a leaf.
func (d *desk) opens(r *http.Request, about ref.Ref, see access.Permission, fn func(*store.Read) error) error {
	for _, m := range d.Modules {
		if m.Name == about.Kind && m.Sensitive {
			if err := d.Store.View(r.Context(), see, fn); err != nil { // what is out of reach leaves no trace
				return err
			}
			return d.Store.Reveal(r.Context(), see, about, func(*store.Read) error { return nil })
		}
	}
	return d.Store.View(r.Context(), see, fn)
}

func (d *desk) accessibility(w http.ResponseWriter, r *http.Request) error {
	return accessPage.Show(d.site, w, r, http.StatusOK, web.Head{Title: i18n.Text{"Tilgængelighed", "Accessibility"}}, struct{}{})
}
