package org

import (
	"net/http"
	"net/url"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/store"
	"vaern/internal/web"
	"vaern/internal/web/kit"
)

var (
	changePage = web.NewPage[*changeView](web.Folder(files), "change")
	cancelPage = web.NewPage[*cancelView](web.Folder(files), "cancel")
)

// changeView is a change of a unit being prepared: what is asked, and then what
// would happen.
type changeView struct {
	Unit    people.Unit
	Change  people.Change
	Target  string // as it was typed
	Acts    field.Choices
	Lang    i18n.Lang
	Today   string
	Below   []string // units right below, and positions, that can go along
	Errors  []mistake
	Ready   bool // all that is needed is there: the preview stands
	Preview preview
	Ask     url.Values
}

type mistake struct{ Name, Text string }

// preview is what a change would take along.
type preview struct {
	Units, Positions, People, Roles int
	Records                         int // in all other registers
}

// changing serves the page on which a unit is changed: it asks by GET, which
// changes nothing, shows what would happen, and does it by POST.
type changing struct{ site *web.Site }

func (c changing) mount() {
	c.site.Handle("GET /unit/{id}/change", people.Changes.Can("create"), c.ask)
	c.site.Handle("POST /unit/{id}/change", people.Changes.Can("create"), c.do)
	c.site.Handle("GET /unit_change/{id}/cancel", people.Changes.Can("edit"), c.cancel)
	c.site.Handle("POST /unit_change/{id}/cancel", people.Changes.Can("edit"), c.cancelled)
}

func (c changing) ask(w http.ResponseWriter, r *http.Request) error {
	return c.show(w, r, r.URL.Query(), nil)
}

func (c changing) show(w http.ResponseWriter, r *http.Request, given url.Values, failed error) error {
	v := &changeView{Acts: people.MoveUnit.Choices(), Lang: i18n.Of(r.Context()), Ask: given}
	code := http.StatusOK
	err := c.site.Store.View(r.Context(), people.Changes.Can("create"), func(q *store.Read) (err error) {
		v.Today = q.Today
		if v.Unit, err = people.Units.Get(q, r.PathValue("id")); err != nil {
			return err
		}
		if v.Below, err = q.Texts(`
			SELECT name FROM unit WHERE unit = :id AND id <> :id AND closes IS NULL
			UNION ALL SELECT title FROM position WHERE unit = :id ORDER BY 1 LIMIT 400`, store.Args{"id": v.Unit.ID}); err != nil {
			return err
		}
		wrong := v.read(q, given)
		if failed == nil {
			failed = wrong
		}
		if v.Change.Act == "" || !given.Has("effective") || failed != nil {
			return nil
		}
		v.Ready = true
		v.Preview, err = previewOf(q, v.Unit.ID)
		return err
	})
	if err != nil {
		return err
	}
	if p := problem.As(failed); p != nil {
		code = web.Status(failed)
		v.Errors = mistakesOf(p, v.Lang)
	} else if failed != nil {
		return failed
	}
	head := web.Head{Title: i18n.Text{"Lav om på %s", "Change %s"}.With(v.Unit.Name), Path: "/organisation",
		Crumbs: []web.Crumb{*above, {Path: "/unit/" + v.Unit.ID, Label: i18n.Same(v.Unit.Name)}}}
	return changePage.Show(c.site, w, r, code, head, v)
}

// read is what was asked for; a form that says nothing yet is not wrong.
func (v *changeView) read(q *store.Read, given url.Values) error {
	v.Change = people.Change{Act: people.Act(given.Get("act")), Subject: v.Unit.ID, Name: given.Get("name"), Number: given.Get("number"),
		Effective: field.Date(field.TypedDay(given.Get("effective")))}
	for _, word := range given["along"] {
		v.Change.Along += word + "\n"
	}
	v.Target = given.Get("target")
	if v.Change.Effective == "" {
		v.Change.Effective = field.Date(q.Today)
	}
	if v.Change.Act == "" || v.Target == "" {
		return v.complete(q)
	}
	id, wrong, err := kit.Find(q, "unit", v.Target)
	if err != nil {
		return err
	}
	if wrong != field.Fine {
		return problem.Check(problem.Fields{"target": wrong})
	}
	v.Change.Target = id
	return v.complete(q)
}

func (v *changeView) complete(q *store.Read) error {
	if v.Change.Act == "" || !v.Ask.Has("effective") {
		return nil // nothing is asked for yet
	}
	return people.TryChange(q, &v.Change)
}

func (c changing) do(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(problem.Invalid, "Formularen kunne ikke læses.", "The form could not be read.")
	}
	v := &changeView{Ask: r.PostForm}
	err := c.site.Store.View(r.Context(), people.Changes.Can("create"), func(q *store.Read) (err error) {
		if v.Unit, err = people.Units.Get(q, r.PathValue("id")); err != nil {
			return err
		}
		return v.read(q, r.PostForm)
	})
	if err == nil {
		v.Change, err = people.Changes.Create(r.Context(), c.site.Store, v.Change, r.PostForm.Get("reason"))
	}
	if p := problem.As(err); p != nil && (p.Kind == problem.Invalid || p.Kind == problem.Conflict) {
		return c.show(w, r, r.PostForm, err)
	}
	if err != nil {
		return err
	}
	said := i18n.Text{"Gennemført: %s", "Done: %s"}
	if v.Change.State == people.Planned {
		said = i18n.Text{"Planlagt: %s", "Planned: %s"}
	}
	return c.site.Done(w, r, "/unit_change/"+v.Change.ID, said.With(v.Change.Title))
}

func previewOf(q *store.Read, unit string) (p preview, err error) {
	if err := q.Row(`SELECT count(*) FROM unit_under o JOIN unit u ON u.id = o.unit WHERE o.top = :unit AND u.id <> :unit AND u.closes IS NULL`,
		store.Args{"unit": unit}, &p.Units); err != nil {
		return p, err
	}
	err = q.Rows(`
		SELECT kind, count(*) FROM record_title WHERE unit = :unit AND id <> :unit GROUP BY kind`, store.Args{"unit": unit}, func(scan store.Scan) error {
		var kind string
		var n int
		if err := scan(&kind, &n); err != nil {
			return err
		}
		switch kind {
		case "position":
			p.Positions = n
		case "person":
			p.People = n
		case "role_grant":
			p.Roles = n
		case "unit", "holding", "deputy", "office", "unit_change":
		default:
			p.Records += n
		}
		return nil
	})
	return p, err
}

// mistakesOf are the marked fields of a problem, or the problem itself.
func mistakesOf(p *problem.Error, l i18n.Lang) (out []mistake) {
	for _, name := range []string{"act", "subject", "target", "name", "number", "along", "effective", "taker", "giver", "reason", "ends", "file"} {
		if text, ok := p.Fields[name]; ok {
			out = append(out, mistake{name, text.In(l)})
		}
	}
	if len(out) == 0 {
		out = []mistake{{"", p.Text.In(l)}}
	}
	return out
}

// cancelView asks whether a plan is to be called off.
type cancelView struct{ Change people.Change }

func (c changing) cancel(w http.ResponseWriter, r *http.Request) error {
	v := &cancelView{}
	err := c.site.Store.View(r.Context(), people.Changes.Can("edit"), func(q *store.Read) (err error) {
		v.Change, err = people.Changes.Get(q, r.PathValue("id"))
		return err
	})
	if err != nil {
		return err
	}
	head := web.Head{Title: i18n.Text{"Aflys: %s", "Cancel: %s"}.With(v.Change.Title), Path: "/organisation",
		Crumbs: []web.Crumb{*above, {Path: "/unit_change/" + v.Change.ID, Label: i18n.Same(v.Change.Title)}}}
	return cancelPage.Show(c.site, w, r, http.StatusOK, head, v)
}

func (c changing) cancelled(w http.ResponseWriter, r *http.Request) error {
	gone, err := people.CancelChange(r.Context(), c.site.Store, r.PathValue("id"), r.PostFormValue("reason"))
	if err != nil {
		return err
	}
	return c.site.Done(w, r, "/unit_change/"+gone.ID, i18n.Text{"Aflyst: %s", "Cancelled: %s"}.With(gone.Title))
}
