package document

import (
	"embed"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/store"
	"vaern/internal/web"
)

//go:embed pages/*.html
var pageFiles embed.FS

var folder = web.Folder(pageFiles)

// desk is the pages of versions and imports on one site.
type desk struct{ site *web.Site }

func (d *desk) routes() {
	const edit = "document.edit"
	d.site.Handle("GET /edition/{id}", "document.see", d.show)
	d.site.Makes("GET /edition/{id}/pdf", "document.see", d.pdf)
	d.site.Handle("GET /edition/{id}/compare", "document.see", d.compare)
	d.site.Handle("GET /document/{id}/edition/new", edit, d.blank)
	d.site.Handle("POST /document/{id}/edition", edit, d.begin)
	d.site.Handle("GET /edition/{id}/edit", edit, d.edit)
	d.site.Handle("POST /edition/{id}", edit, d.save)
	d.site.Handle("POST /edition/{id}/remark/{remark}/resolve", Remarks, d.resolve)
	d.site.Handle("GET /edition/{id}/themes", Bind, d.themes)
	d.site.Handle("POST /edition/{id}/themes", Bind, d.accept)
	d.site.Handle("GET /binding/{id}", "binding.see", d.toBinding)
	d.site.Handle("GET /remark/{id}", "remark.see", d.toRemark)
	d.site.Handle("GET /policy/import", Import, d.imports)
	d.site.Receive("POST /policy/import", Import, d.upload)
	d.site.Handle("GET /policy/import/{id}", Import, d.proposal)
	d.site.Handle("POST /policy/import/{id}", Import, d.correct)
	d.rest()
	d.actions()
}

type mistake struct{ Name, Text string }

// mistakes are what a form says on top: first those with a field on this page,
// in its order.
func mistakes(err error, l i18n.Lang, fields ...string) (out []mistake) {
	p := problem.As(err)
	if p == nil {
		return nil
	}
	if len(p.Fields) == 0 {
		return []mistake{{"", p.Text.In(l)}}
	}
	for _, name := range fields {
		if text, ok := p.Fields[name]; ok {
			out = append(out, mistake{name, text.In(l)})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.Fields)) {
		if !slices.Contains(fields, name) {
			out = append(out, mistake{"", p.Fields[name].In(l)})
		}
	}
	return out
}

// askAgain reports whether a failure is one that a form is shown again for.
func askAgain(err error) bool {
	switch problem.Of(err) {
	case problem.Invalid, problem.Conflict, problem.Stale, problem.Precondition:
		return true
	}
	return false
}

func path(id string) string { return "/edition/" + id }

// opened is a version with its document, as every page about it begins.
type opened struct {
	Edition
	Doc Document
}

func open(q *store.Read, id string) (o opened, err error) {
	if o.Edition, err = edition(q, id); err != nil {
		return o, err
	}
	see, err := q.With("document.see")
	if err != nil {
		return o, err
	}
	o.Doc, err = documents.Get(see, o.Document)
	return o, err
}

// Name is the document's title and the version's number.
func (o *opened) Name() string { return o.Doc.Title + " " + o.Label }

func (o *opened) head(title i18n.Text, here bool) web.Head {
	crumbs := []web.Crumb{*above, {Path: "/document/" + o.Doc.ID, Label: i18n.Same(o.Doc.Title)}}
	if !here {
		crumbs = append(crumbs, web.Crumb{Path: path(o.ID), Label: i18n.Text{"Version %s", "Version %s"}.With(o.Label)})
	}
	return web.Head{Title: title, Crumbs: crumbs, Path: "/document"}
}

func number(r *http.Request, name string) int64 {
	n, err := strconv.ParseInt(r.PostFormValue(name), 10, 64)
	if err != nil {
		return 0 // no version is 0, so a form without one is refused as stale
	}
	return n
}
