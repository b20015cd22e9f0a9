// Package kit gives a declared register its pages and its REST endpoints.
package kit

import (
	"embed"
	"fmt"
	"net/http"
	"strings"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/history"
	"vaern/internal/i18n"
	"vaern/internal/module"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/web"
)

//go:embed pages/*.html
var files embed.FS

var pages = web.Folder(files)

// face is one register on one site.
type face struct {
	declared
	s     *store.Store
	site  *web.Site
	kinds history.Kinds
}

// module is what the program knows of a declared register.
func (r declared) module() module.Module {
	r.Again.check(r)
	menu := r.Can("see")
	roles := module.Roles{}.Grant(r.Edit, r.Can("create")).Grant(r.Veiled, r.Can("sensitive"))
	holder := []access.Role{access.Holder}
	switch r.Rows {
	case record.ByUnit:
		roles.Grant(r.See, r.Can("see")).Grant(r.Edit, r.Can("edit"))
	case record.ByOwner:
		roles.Grant(r.See, r.Can("see")).Grant(r.Edit, r.Can("edit")).Grant(holder, r.Can("see"), r.Can("edit"))
	case record.ByMember: // no role opens a case, and who makes none has no line in the menu
		roles.Grant(holder, r.Can("see"), r.Can("edit"), r.Can("sensitive"))
		menu = r.Can("create")
	}
	m := module.Module{
		Name: r.Name, Plural: r.Plural, One: r.One, Many: r.Many, Fields: r.Fields(), Sensitive: r.Sensitive, Kept: r.Kept, Closed: r.Rows == record.ByMember, Roles: roles, Verbs: r.Verbs, Said: r.SaidOf,
		Rows: r.Each,
		Found: []module.Found{{Kind: r.Name, Many: r.Many, Need: r.Can("see"), Rows: r.Rows, Ties: r.ties(), Fill: r.Refill,
			Path: func(id, _ string) string { return "/" + r.Name + "/" + id }}},
		Mount: func(site *web.Site) {
			if lack := site.Store.Missing(r.Name, r.Columns()); len(lack) > 0 {
				panic(fmt.Sprintf("%s: the schema lacks %v", r.Name, lack))
			}
			if wrong := site.Store.Unlike(r.Name, r.whole()); len(wrong) > 0 {
				panic(fmt.Sprintf("%s: in the schema %s", r.Name, strings.Join(wrong, ", ")))
			}
			f := &face{r, site.Store, site, history.Kinds{r.Name: {One: r.One, Closed: r.Rows == record.ByMember, Fields: r.Fields(), Verbs: r.Verbs, Said: r.SaidOf}}}
			site.Know(web.Kind{Name: r.Name, Many: r.Many, Points: r.points()})
			f.pages()
			f.rest()
			if r.Menu > 0 {
				site.Menu(web.Item{Path: f.at(), Label: r.Many, Need: menu, Order: r.Menu})
			}
		},
	}
	if r.Schema != nil {
		holds := r.Holds
		if r.Kept { // the act that makes them need not name them
			holds = r.Fits
		}
		m.Schema = store.Schema{Name: r.Name, Files: r.Schema, Holds: []store.Holds{holds}}
	}
	return m
}

// whole are the columns of the fields: true where they hold whole numbers, which
// a yes and a no are too.
func (r declared) whole() map[string]bool {
	out := map[string]bool{}
	for _, fd := range r.Fields() {
		out[fd.Name] = fd.Kind == field.Int || fd.Kind == field.Bool
	}
	return out
}

// ties reports whether the records are called after others.
func (r declared) ties() bool {
	title, _ := r.Field(r.TitleField())
	return title.Set
}

// points are the fields that lead a list to this register's records from
// another's: where records belong tells nothing.
func (r declared) points() map[string]string {
	out := map[string]string{}
	for _, fd := range r.Fields() {
		if fd.Kind == field.Ref && fd.Filter && !fd.IsUnit() && !fd.Sensitive && r.Rows == record.ByUnit && r.Placed == "unit" {
			out[fd.Name] = fd.To
		}
	}
	return out
}

func (f *face) at() string { return "/" + f.Name }

// api is where programs find the register: many of them, so in the plural.
func (f *face) api() string { return "/api/v1/" + f.Plural }

func (f *face) pages() {
	at := f.at()
	f.site.Handle("GET "+at, f.Can("see"), f.list)
	f.site.Handle("GET "+at+"/{id}", f.Can("see"), f.show)
	f.site.Makes("GET "+at+"/export", f.Can("see"), f.export)
	f.site.Handle("POST "+at+"/view", f.Can("see"), f.saveView)
	f.site.Handle("POST "+at+"/view/usual", f.Can("see"), f.usualView)
	f.site.Handle("POST "+at+"/view/{id}/delete", f.Can("see"), f.deleteView)
	f.site.Handle("GET "+at+"/{id}/versions", f.Can("see"), f.versions)
	f.site.Handle("GET "+at+"/{id}/field/{field}", f.Can("see"), f.past)
	if f.Kept {
		return
	}
	f.importRoutes()
	f.site.Handle("GET "+at+"/new", f.Can("create"), f.blank)
	f.site.Handle("POST "+at, f.Can("create"), f.create)
	f.site.Handle("GET "+at+"/{id}/edit", f.Can("edit"), f.edit)
	f.site.Handle("POST "+at+"/{id}", f.Can("edit"), f.update)
	if !f.Sensitive {
		f.site.Handle("POST "+at+"/bulk", f.Can("edit"), f.bulk)
	}
	f.site.Handle("POST "+at+"/{id}/undo", f.Can("edit"), f.undo)
	if f.Starter != nil {
		f.site.Handle("POST "+at+"/starter", f.Can("create"), f.start)
	}
}

func (f *face) crumbs(more ...web.Crumb) (out []web.Crumb) {
	if f.Above != nil {
		out = append(out, *f.Above)
	}
	return append(out, more...)
}

// titles finds what the references of some records are called: one statement.
func (f *face) titles(q *store.Read, recs ...record.Rec) (map[string]record.Called, error) {
	return record.Titles(q, func(yield func(string) bool) {
		for _, rec := range recs {
			if !rec.Is() {
				continue
			}
			for _, fd := range f.Fields() {
				if fd.Kind == field.Ref && !yield(fd.Raw(rec.Value)) {
					return
				}
			}
		}
	})
}

// says is what a field of a record says, as a person reads it.
func (f *face) says(fd *field.Field, rec record.Rec, l i18n.Lang, titles map[string]record.Called) string {
	switch fd.Kind {
	case field.Ref:
		return titles[fd.Raw(rec.Value)].Title
	case field.Text:
		return f.Said(fd, rec, l)
	}
	return fd.Show(fd.Raw(rec.Value), l)
}

func (f *face) view(r *http.Request, verb string, fn func(*store.Read) error) error {
	return f.s.View(r.Context(), f.Can(verb), fn)
}
