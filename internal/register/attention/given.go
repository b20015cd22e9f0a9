package attention

import (
	"maps"
	"net/http"
	"slices"
	"strconv"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/history"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/task"
	"vaern/internal/web"
)

var (
	taskPage = web.NewPage[*taskView](folder, "task")
	givePage = web.NewPage[*giveView](folder, "give")
)

type mistake struct{ Name, Text string }

// giveView is the form that gives somebody a task. What was typed stays.
type giveView struct {
	At, Back   string
	About      string // what the record is called
	Title, Due string
	Who        whom
	Errors     []mistake
}

// whom is a person or a position, as typed, with those that fit.
type whom struct {
	Typed   string
	Options []record.Found
	Wrong   string
}

// about is the record in the address that a task is about; zero for none.
func about(r *http.Request) ref.Ref {
	return ref.Ref{Kind: r.PathValue("kind"), ID: r.PathValue("id")}
}

func (d *desk) blank(w http.ResponseWriter, r *http.Request) error {
	v := &giveView{Who: whom{Typed: access.Of(r.Context()).Name}}
	return d.form(w, r, http.StatusOK, v)
}

func (d *desk) form(w http.ResponseWriter, r *http.Request, code int, v *giveView) error {
	v.At, v.Back = "/tasks", "/tasks"
	head := web.Head{Title: i18n.Text{"Giv en opgave", "Give a task"}, Crumbs: []web.Crumb{{Path: "/tasks", Label: i18n.Text{"Mine opgaver", "My tasks"}}}, Path: "/tasks"}
	if a := about(r); a.Kind != "" {
		err := d.site.Store.View(r.Context(), task.Edit, func(q *store.Read) error {
			c, err := open(q, a)
			v.About = c.Title
			return err
		})
		if err != nil {
			return err
		}
		v.At, v.Back = "/on/"+a.String()+"/task", "/"+a.String()
		head.Crumbs = []web.Crumb{{Path: v.Back, Label: i18n.Same(v.About)}}
	}
	return givePage.Show(d.site, w, r, code, head, v)
}

// open is a record that tasks may be about: one that the person sees, and that
// is no closed case.
func open(q *store.Read, about ref.Ref) (record.Called, error) {
	if record.Closed(about.Kind) {
		return record.Called{}, problem.Missing()
	}
	c, _, err := record.Reached(q, about)
	return c, err
}

func (d *desk) give(w http.ResponseWriter, r *http.Request) error {
	t := task.Own{Title: r.PostFormValue("title"), Due: field.TypedDay(r.PostFormValue("due")), About: about(r)}
	v := &giveView{Title: t.Title, Due: t.Due}
	err := d.site.Store.Change(r.Context(), store.Intent{Verb: "task.create", Need: task.Edit}, func(w *store.Write) error {
		if t.About.Kind != "" {
			if _, err := open(&w.Read, t.About); err != nil {
				return err
			}
		}
		who, err := pick(&w.Read, typed(r))
		if v.Who = who; err != nil {
			return err
		}
		t.Person, t.Position = who.chosen()
		return task.Give(w, &t)
	})
	if p := problem.As(err); p != nil && p.Kind == problem.Invalid {
		v.Errors, v.Who.Wrong = mistakes(p, i18n.Of(r.Context())), p.Fields["who"].In(i18n.Of(r.Context()))
		return d.form(w, r, web.Status(err), v)
	}
	if err != nil {
		return err
	}
	back := "/tasks"
	if t.About.Kind != "" {
		back = "/" + t.About.String()
	}
	return d.site.Done(w, r, back, i18n.Text{"Opgaven er givet: %s", "The task is given: %s"}.With(t.Title))
}

func mistakes(p *problem.Error, l i18n.Lang) (out []mistake) {
	for _, name := range slices.Sorted(maps.Keys(p.Fields)) {
		out = append(out, mistake{name, p.Fields[name].In(l)})
	}
	return out
}

// typed is whom a form names: a choice among those that fit counts before text.
func typed(r *http.Request) string {
	if chosen := r.PostFormValue("chosen"); chosen != "" {
		return chosen
	}
	return r.PostFormValue("who")
}

// pick finds the one person or position that typed words mean. Several that
// fit are offered.
func pick(q *store.Read, text string) (whom, error) {
	found := whom{Typed: text}
	if text == "" {
		return found, nil
	}
	titles, err := record.Titles(q, slices.Values([]string{text}))
	if c, ok := titles[text]; ok || err != nil {
		found.Options = []record.Found{{Called: c}}
		return found, err
	}
	for _, kind := range []string{"person", "position"} {
		seen, err := q.With(access.Permission(kind + ".see"))
		if err != nil {
			continue // neither is out of reach for who works here
		}
		some, err := record.Means(seen, kind, text)
		if err != nil {
			return found, err
		}
		found.Options = append(found.Options, some...)
	}
	if whole := slices.DeleteFunc(slices.Clone(found.Options), func(f record.Found) bool { return f.Title != text && f.Write != text }); len(whole) == 1 {
		found.Options = whole
	}
	switch len(found.Options) {
	case 0:
		return found, problem.Field("who", "Ingen hedder sådan. Skriv en del af navnet eller stillingen.", "Nobody is called that. Type a part of the name or the position.")
	case 1:
		return found, nil
	}
	return found, problem.Field("who", "Flere passer. Vælg en af dem herunder.", "Several match. Choose one of those below.")
}

// chosen is the person or the position that was found.
func (w whom) chosen() (person, position string) {
	if len(w.Options) != 1 {
		return "", ""
	}
	switch c := w.Options[0]; c.Kind {
	case "person":
		return c.ID, ""
	case "position":
		return "", c.ID
	}
	return "", ""
}

// taskView is the page of one task.
type taskView struct {
	task.Line
	Giver   string
	Path    string // of what it is about, where the person sees it
	Called  string
	Rests   string // as typed
	Reason  string
	Hand    whom
	Errors  []mistake
	History []history.Line
}

func (d *desk) show(w http.ResponseWriter, r *http.Request) error {
	return d.page(w, r, http.StatusOK, &taskView{})
}

func (d *desk) page(w http.ResponseWriter, r *http.Request, code int, v *taskView) error {
	rests := v.Rests
	err := d.site.Store.View(r.Context(), task.See, func(q *store.Read) error {
		t, err := task.Get(q, r.PathValue("id"))
		if err != nil {
			return err
		}
		lines, err := task.Lines(q, []task.Own{t})
		if err != nil {
			return err
		}
		v.Line = lines[0]
		if t.About.Kind != "" {
			if c, err := open(q, t.About); err == nil {
				v.Path, v.Called = "/"+t.About.String(), c.Title
			} else if problem.Of(err) != problem.NotFound {
				return err
			}
		}
		names, err := record.Titles(q, slices.Values([]string{t.MadeBy}))
		if err != nil {
			return err
		}
		v.Giver = names[t.MadeBy].Title
		leaves, err := q.LeavesAbout(ref.Ref{Kind: task.Kind, ID: t.ID}, 30)
		if err != nil {
			return err
		}
		told := history.Kinds{task.Kind: {One: i18n.Text{"Opgave", "Task"}, Fields: task.Told, Verbs: task.Verbs}}
		v.History, err = told.Tell(q, leaves, i18n.Of(r.Context()))
		return err
	})
	if err != nil {
		return err
	}
	v.Rests = rests
	head := web.Head{Title: i18n.Same(v.Title), Crumbs: []web.Crumb{{Path: "/tasks", Label: i18n.Text{"Mine opgaver", "My tasks"}}}, Path: "/tasks"}
	return taskPage.Show(d.site, w, r, code, head, v)
}

// act changes the task in the address and goes on; what is wrong is shown on
// the task's page with what was typed.
func (d *desk) act(w http.ResponseWriter, r *http.Request, verb string, said i18n.Text, fn func(q *store.Read, t *task.Own) error) error {
	version, _ := strconv.ParseInt(r.PostFormValue("version"), 10, 64)
	seen := task.Own{ID: r.PathValue("id"), Version: version}
	t, err := task.Change(r.Context(), d.site.Store, store.Intent{Verb: verb, Reason: r.PostFormValue("reason")}, seen, fn)
	if p := problem.As(err); p != nil && p.Kind != problem.NotFound && !p.Outage() {
		v := &taskView{Rests: r.PostFormValue("rests"), Reason: r.PostFormValue("reason"), Hand: whom{Typed: r.PostFormValue("who")}, Errors: mistakes(p, i18n.Of(r.Context()))}
		if len(v.Errors) == 0 {
			v.Errors = []mistake{{"", p.Text.In(i18n.Of(r.Context()))}}
		}
		if p.Fields["who"] != (i18n.Text{}) {
			v.Hand = d.fitting(r)
		}
		return d.page(w, r, web.Status(err), v)
	}
	if err != nil {
		return err
	}
	return d.site.Done(w, r, "/tasks", said.With(t.Title))
}

// fitting are the people and positions among which one must choose.
func (d *desk) fitting(r *http.Request) (found whom) {
	_ = d.site.Store.View(r.Context(), task.Edit, func(q *store.Read) (err error) { // without them one types again
		found, err = pick(q, r.PostFormValue("who"))
		return err
	})
	return found
}

func (d *desk) finish(w http.ResponseWriter, r *http.Request) error {
	return d.act(w, r, "task.finish", i18n.Text{"Udført: %s", "Done: %s"}, func(q *store.Read, t *task.Own) error {
		t.Done, t.Rests = q.Today, ""
		return nil
	})
}

func (d *desk) reopen(w http.ResponseWriter, r *http.Request) error {
	return d.act(w, r, "task.reopen", i18n.Text{"Åben igen: %s", "Open again: %s"}, func(_ *store.Read, t *task.Own) error {
		t.Done = ""
		return nil
	})
}

// rest puts a task aside until a day, with the reason why it can wait.
func (d *desk) rest(w http.ResponseWriter, r *http.Request) error {
	return d.act(w, r, "task.rest", i18n.Text{"Lagt til side: %s", "Put aside: %s"}, func(_ *store.Read, t *task.Own) error {
		bad := problem.Fields{}
		if t.Rests = field.TypedDay(r.PostFormValue("rests")); t.Rests == "" {
			bad["rests"] = i18n.Text{"Vælg, hvornår den skal frem igen.", "Choose when it should come back."}
		}
		if r.PostFormValue("reason") == "" {
			bad["reason"] = i18n.Text{"Skriv, hvorfor den kan vente.", "Say why it can wait."}
		}
		return problem.Check(bad)
	})
}

func (d *desk) handOn(w http.ResponseWriter, r *http.Request) error {
	return d.act(w, r, "task.hand_on", i18n.Text{"Givet videre: %s", "Handed on: %s"}, func(q *store.Read, t *task.Own) error {
		found, err := pick(q, typed(r))
		if err != nil {
			return err
		}
		t.Person, t.Position = found.chosen()
		t.Rests = ""
		return nil
	})
}
