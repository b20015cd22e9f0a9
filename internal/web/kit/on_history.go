package kit

import (
	"html/template"
	"net/http"

	"vaern/internal/history"
	"vaern/internal/i18n"
	"vaern/internal/ledger"
	"vaern/internal/module"
	"vaern/internal/store"
	"vaern/internal/task"
	"vaern/internal/web"
)

var (
	historyPage = web.NewPage[*historyView](pages, "on_history")
	tasksPage   = web.NewPage[*tasksView](pages, "on_tasks")
)

const mostHistory = 200 // acts on one page

type historyView struct {
	around
	Page  string // of the record
	Today string
	Whole bool // the kit can show how it was
	Two   bool // there are two versions to compare
	Lines []history.Line
	More  bool
}

// history tells all acts about a record.
func (d *Around) history(w http.ResponseWriter, r *http.Request) error {
	about := onRecord(r)
	v := &historyView{Page: "/" + about.String()}
	if m, err := d.kind(about.Kind); err == nil {
		v.Whole = m.Rows != nil
	}
	head, err := d.open(r, tabHistory, &v.around, func(q *store.Read) (int, error) {
		v.Today = q.Today
		leaves, err := q.LeavesAbout(about, mostHistory+1)
		if err != nil {
			return 0, err
		}
		if v.More = len(leaves) > mostHistory; v.More {
			leaves = leaves[:mostHistory]
		}
		made := 0
		for _, l := range leaves {
			if l.Type == ledger.Change || l.Type == ledger.Batch { // each makes a version
				made++
			}
		}
		v.Two = made > 1 || v.More
		v.Lines, err = module.Told(d.Modules).Tell(q, leaves, i18n.Of(r.Context()))
		return -1, err
	})
	if err != nil {
		return err
	}
	return historyPage.Show(d.site, w, r, http.StatusOK, head, v)
}

type tasksView struct {
	around
	Panel template.HTML
}

// tasks shows what people gave each other to do about a record.
func (d *Around) tasks(w http.ResponseWriter, r *http.Request) error {
	v := &tasksView{}
	head, err := d.open(r, tabTasks, &v.around, func(q *store.Read) (_ int, err error) {
		v.Panel, err = task.Panel(q, i18n.Of(r.Context()), onRecord(r))
		return -1, err
	})
	if err != nil {
		return err
	}
	return tasksPage.Show(d.site, w, r, http.StatusOK, head, v)
}
