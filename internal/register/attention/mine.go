package attention

import (
	"net/http"

	"vaern/internal/i18n"
	"vaern/internal/notify"
	"vaern/internal/store"
	"vaern/internal/task"
	"vaern/internal/web"
)

var minePage = web.NewPage[*mineView](folder, "mine")

// mineView is the page Mine opgaver.
type mineView struct {
	Tasks   []task.Task
	Total   int
	Minutes int
	All     bool
	Resting []task.Line
	Given   []task.Line
	Told    []notify.Notice // the newest, for who reads no mail
	Silent  bool            // no mail is sent, and the person can mend it
}

// More is how many tasks are not shown.
func (v *mineView) More() int { return v.Total - len(v.Tasks) }

func (d *desk) mine(w http.ResponseWriter, r *http.Request) error {
	v := &mineView{All: r.URL.Query().Get("show") == "all", Silent: !d.way.On && d.site.May(r, RunMail)}
	err := d.site.Store.View(r.Context(), task.See, func(q *store.Read) (err error) {
		if v.Tasks, err = d.tasks.Of(q); err != nil {
			return err
		}
		v.Total, v.Minutes = len(v.Tasks), task.Minutes(v.Tasks)
		if v.Told, err = notify.Newest(q, 5); err != nil {
			return err
		}
		if !v.All {
			v.Tasks = v.Tasks[:min(task.Few, v.Total)]
		}
		if v.Resting, err = lines(q, task.Resting); err != nil {
			return err
		}
		v.Given, err = lines(q, task.Given)
		return err
	})
	if err != nil {
		return err
	}
	return minePage.Show(d.site, w, r, http.StatusOK, web.Head{Title: i18n.Text{"Mine opgaver", "My tasks"}, Path: "/tasks", Known: map[string]int{"/tasks": v.Total}}, v)
}

func lines(q *store.Read, find func(*store.Read) ([]task.Own, error)) ([]task.Line, error) {
	found, err := find(q)
	if err != nil {
		return nil, err
	}
	return task.Lines(q, found)
}

// count is the number beside the line of the menu.
func (d *desk) count(r *http.Request) (n int, err error) {
	err = d.site.Store.View(r.Context(), task.See, func(q *store.Read) error {
		n, err = d.tasks.Count(q)
		return err
	})
	return n, err
}
