package kit

import (
	"context"
	"html/template"
	"net/http"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/history"
	"vaern/internal/i18n"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/web"
)

var showPage = web.NewPage[*showView](pages, "show")

const newest = 10 // lines of history on a record's page

type showView struct {
	At      string
	AsOf    string
	CanEdit bool
	Acts    []Act
	Facts   []fact
	Panels  []template.HTML
	History []history.Line
	Whole   string // address of the whole history
}

type fact struct {
	Label, Text, Link string
	Long              bool
}

func (f *face[T]) show(w http.ResponseWriter, r *http.Request) error {
	l := i18n.Of(r.Context())
	id := r.PathValue("id")
	v := &showView{At: f.at() + "/" + id, AsOf: r.URL.Query().Get("as_of")}
	v.CanEdit = v.AsOf == "" && f.site.May(r, f.Can("edit"))
	v.Whole = "/history/" + f.Name + "/" + id
	var rec T
	err := f.open(r.Context(), "see", id, func(q *store.Read) (err error) {
		if v.AsOf != "" {
			rec, err = f.AsOf(q, id, v.AsOf)
		} else {
			rec, err = f.Get(q, id)
		}
		if err != nil {
			return err
		}
		titles, err := f.titles(q, &rec)
		if err != nil {
			return err
		}
		v.Facts = f.facts(&rec, l, titles)
		for _, panel := range f.Panels {
			html, err := panel(q, l, rec)
			if err != nil {
				return err
			}
			v.Panels = append(v.Panels, html)
		}
		leaves, err := q.LeavesAbout(f.Ref(&rec), newest)
		if err != nil {
			return err
		}
		v.History, err = f.kinds.Tell(q, leaves, l)
		return err
	})
	if err != nil {
		return err
	}
	for _, a := range f.Acts {
		if f.site.May(r, a.Need) {
			v.Acts = append(v.Acts, a)
		}
	}
	head := web.Head{Title: i18n.Same(f.Title(&rec)), Crumbs: f.crumbs(web.Crumb{Path: f.at(), Label: f.Many}), Path: f.at()}
	return showPage.Show(f.site, w, r, http.StatusOK, head, v)
}

// open reads a record; who opens one of a sensitive kind leaves a leaf.
func (f *face[T]) open(ctx context.Context, verb, id string, fn func(*store.Read) error) error {
	if !f.Sensitive {
		return f.s.View(ctx, f.Can(verb), fn)
	}
	var rec T
	if err := f.s.View(ctx, f.Can(verb), func(q *store.Read) (err error) { // what is out of reach leaves no trace
		rec, err = f.Get(q, id)
		return err
	}); err != nil {
		return err
	}
	return f.s.Reveal(ctx, f.Can(verb), f.Ref(&rec), fn)
}

func (f *face[T]) facts(rec *T, l i18n.Lang, titles map[string]record.Called) (out []fact) {
	for _, fd := range f.Fields() {
		raw := fd.Raw(record.Value(rec))
		if fd.Title || fd.Named || raw == "" {
			continue
		}
		line := fact{Label: fd.Label.In(l), Text: show(&fd, raw, l, titles), Long: fd.Long && fd.Kind == field.Text}
		if fd.Kind == field.Ref {
			line.Link = "/" + fd.To + "/" + raw
		}
		out = append(out, line)
	}
	return out
}

// Pick adds the route that fills the fields which point at records as a person
// types: options for a datalist.
func Pick(site *web.Site, see func(kind string) access.Permission) {
	site.Handle("GET /pick/{kind}", web.SignedIn, func(w http.ResponseWriter, r *http.Request) error {
		kind := r.PathValue("kind")
		words := r.URL.Query().Get("pick")
		for _, given := range r.URL.Query() { // the field has the register's own name
			if len(given) > 0 && words == "" {
				words = given[0]
			}
		}
		return site.Store.View(r.Context(), see(kind), func(q *store.Read) error {
			found, err := record.Pick(q, kind, words, 20)
			if err != nil {
				return err
			}
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			return options.Execute(w, found)
		})
	})
}

var options = template.Must(template.New("").Parse(`{{range .}}<option value="{{.Title}}"></option>{{end}}`))
