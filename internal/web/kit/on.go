package kit

import (
	"net/http"
	"slices"
	"strings"

	"vaern/internal/access"
	"vaern/internal/attach"
	"vaern/internal/comment"
	"vaern/internal/i18n"
	"vaern/internal/link"
	"vaern/internal/module"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/task"
	"vaern/internal/web"
)

// Around is what hangs on records of every kind: comments, files, links,
// tasks, history. It knows the kinds by their declarations alone.
type Around struct {
	Modules []module.Module
	Files   attach.Store
	Board   comment.Board
	site    *web.Site
}

// Capabilities declares the kinds of rows that hang on records, so that
// history can tell of them. Everybody may open their pages; what stands there
// depends on the record.
func Capabilities() []module.Module {
	everybody := []access.Role{access.Holder}
	return []module.Module{
		{Name: link.Kind, One: i18n.Text{"Forbindelse", "Link"}, Many: i18n.Text{"Forbindelser", "Links"}, Fields: link.Told, Verbs: link.Verbs,
			Hangs: true, Roles: module.Roles{}.Grant(everybody, link.See)},
		{Name: comment.Kind, One: i18n.Text{"Kommentar", "Comment"}, Many: i18n.Text{"Kommentarer", "Comments"}, Fields: comment.Told, Verbs: comment.Verbs,
			Hangs: true, Roles: module.Roles{}.Grant(everybody, comment.See), Tasks: comment.Tasks},
		{Name: attach.Kind, One: i18n.Text{"Fil", "File"}, Many: i18n.Text{"Filer", "Files"}, Fields: attach.Told, Verbs: attach.Verbs,
			Hangs: true, Roles: module.Roles{}.Grant(everybody, attach.See)},
	}
}

// Mount hangs the pages on a site.
func (d *Around) Mount(site *web.Site) {
	d.site = site
	const on = " /on/{kind}/{id}/"
	site.Handle("GET"+on+"comment", comment.See, d.comments)
	site.Handle("POST"+on+"comment", comment.See, d.say)
	site.Handle("POST"+on+"comment/{comment}", comment.See, d.correct)
	site.Handle("POST"+on+"comment/{comment}/withdraw", comment.See, d.withdraw)
	site.Handle("POST"+on+"comment/{comment}/seen", comment.See, d.seen)
	site.Handle("GET"+on+"link", link.See, d.links)
	site.Handle("POST"+on+"link", link.See, d.tie)
	site.Handle("POST"+on+"link/{link}/remove", link.See, d.untie)
	site.Handle("GET"+on+"file", attach.See, d.files)
	site.Receive("POST"+on+"file", attach.See, d.upload)
	site.Handle("GET"+on+"file/{file}", attach.See, d.download)
	site.Handle("POST"+on+"file/{file}/remove", attach.See, d.remove)
	site.Handle("GET"+on+"tasks", task.See, d.tasks)
	site.Handle("GET"+on+"history", web.SignedIn, d.history)
}

func onRecord(r *http.Request) ref.Ref {
	return ref.Ref{Kind: r.PathValue("kind"), ID: r.PathValue("id")}
}

// kind is a kind by name; one that is not there is as a record that is not.
func (d *Around) kind(name string) (module.Module, error) {
	i := slices.IndexFunc(d.Modules, func(m module.Module) bool { return m.Name == name })
	if i < 0 {
		return module.Module{}, problem.Missing()
	}
	return d.Modules[i], nil
}

// many is what records of a kind are called together.
func (d *Around) many(l i18n.Lang) func(string) string {
	return func(kind string) string {
		m, err := d.kind(kind)
		if err != nil {
			return kind
		}
		return m.Many.In(l)
	}
}

// around is what every page about a record shows around its own content.
type around struct {
	About   record.Called
	At      string // the record's pages
	Tabs    []tab
	CanEdit bool
	Errors  []mistake
}

// open shows one of the pages about a record: fill reads what is on it, and
// says how many links there are, below zero for not asked. Opening one of a
// sensitive kind is recorded.
func (d *Around) open(r *http.Request, current string, v *around, fill func(q *store.Read) (links int, err error)) (head web.Head, err error) {
	about := onRecord(r)
	m, err := d.kind(about.Kind)
	if err != nil {
		return head, err
	}
	err = d.view(r, m, func(q *store.Read, called record.Called) error {
		v.About, v.At = called, "/on/"+about.String()+"/"
		if v.About.Title == "" { // a closed case is called nothing
			v.About.Title = m.One.In(i18n.Of(r.Context()))
		}
		if _, _, err := record.Reaching(q, about, "edit"); err == nil {
			v.CanEdit = true
		} else if problem.Of(err) != problem.NotFound {
			return err
		}
		links, err := fill(q)
		if err == nil && links < 0 {
			var all []link.Link
			all, err = link.Of(q, about)
			links = len(all)
		}
		if err == nil {
			v.Tabs, err = tabs(q, about, current, links)
		}
		return err
	})
	menu := "/" + about.Kind
	return web.Head{Title: i18n.Same(v.About.Title), Crumbs: []web.Crumb{{Path: menu, Label: m.Many}, {Path: "/" + about.String(), Label: i18n.Same(v.About.Title)}}, Path: menu}, err
}

// view reads about a record that the person sees.
func (d *Around) view(r *http.Request, m module.Module, fn func(*store.Read, record.Called) error) error {
	about, see := onRecord(r), access.Permission(m.Name+".see")
	if !access.Of(r.Context()).Can(see) {
		return problem.Missing() // refused and absent look the same
	}
	reached := func(then func(*store.Read, record.Called) error) func(*store.Read) error {
		return func(q *store.Read) error {
			called, near, err := record.Reached(q, about)
			if err != nil {
				return err
			}
			return then(near, called)
		}
	}
	if !m.Sensitive {
		return d.site.Store.View(r.Context(), see, reached(fn))
	}
	if err := d.site.Store.View(r.Context(), see, reached(func(*store.Read, record.Called) error { return nil })); err != nil {
		return err // what is out of reach leaves no trace
	}
	return d.site.Store.Reveal(r.Context(), see, about, reached(fn))
}

// again shows a page once more with what is wrong, or hands the error on.
func again(r *http.Request, err error) (out []mistake, code int, ok bool) {
	p := problem.As(err)
	if p == nil || !slices.Contains([]problem.Kind{problem.Invalid, problem.Conflict, problem.Stale}, p.Kind) {
		return nil, 0, false
	}
	l := i18n.Of(r.Context())
	for name, text := range p.Fields {
		out = append(out, mistake{name, text.In(l)})
	}
	if len(out) == 0 {
		out = append(out, mistake{"", p.Text.In(l)})
	}
	slices.SortFunc(out, func(a, b mistake) int { return strings.Compare(a.Name, b.Name) })
	return out, web.Status(err), true
}

// wrong is what is wrong with one field.
func (v *around) wrong(name string) string {
	for _, m := range v.Errors {
		if m.Name == name {
			return m.Text
		}
	}
	return ""
}
