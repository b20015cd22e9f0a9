package kit

import (
	"context"
	"html/template"
	"net/http"
	"time"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/history"
	"vaern/internal/i18n"
	"vaern/internal/link"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/web"
)

var showPage = web.NewPage[*showView](pages, "show")

const newest = 10 // lines of history on a record's page

type showView struct {
	At      string
	Key     string
	Stands  Standing
	AsOf    string
	Instead i18n.Text // why today's is shown to whoever asked for another day's
	CanEdit bool
	Again   *Again
	Undo    int64 // the version that the person just made, and may take back
	Acts    []Act
	Tabs    []tab
	Groups  []factGroup
	Panels  []template.HTML
	History []history.Line
	Whole   string // address of it
	Related []related
}

// Standing is how a record stands, in one line: what a state is called, which
// colour it has (met, partly, unmet, none), and what there is to say of it.
type Standing struct {
	Code, Word, Text string
}

// Mark is the word with its mark.
func (s Standing) Mark() template.HTML { return web.State(s.Code, s.Word) }

// factGroup is facts under the heading of their group.
type factGroup struct {
	Label string
	Facts []fact
}

type fact struct {
	Name, Label, Text, Link string
	Long                    bool
}

func (f *face) show(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	v := &showView{At: f.at() + "/" + id, Whole: "/on/" + f.Name + "/" + id + "/history"}
	code := http.StatusOK
	var rec record.Rec
	err := f.open(r.Context(), "see", id, func(q *store.Read) (err error) {
		if rec, code, err = f.then(q, v, id, r.URL.Query().Get("as_of")); err != nil {
			return err
		}
		if err := f.offer(r, q, v, rec); err != nil {
			return err
		}
		return f.lay(q, v, rec, i18n.Of(r.Context()))
	})
	if err != nil {
		return err
	}
	if v.CanEdit && madeJust(r, rec.Head()) {
		v.Undo = rec.Head().Version
	}
	head := web.Head{Title: i18n.Same(f.Title(rec)), Crumbs: f.crumbs(web.Crumb{Path: f.at(), Label: f.Many}), Path: f.at()}
	return showPage.Show(f.site, w, r, code, head, v)
}

// then is the record as it was when somebody asks for; as it is where that is no day, or it was not there yet, and the page says so.
func (f *face) then(q *store.Read, v *showView, id, asked string) (record.Rec, int, error) {
	at, err := asOf(asked)
	code := http.StatusOK
	switch {
	case err != nil:
		v.Instead, code = i18n.Text{"»%s« er ingen dato. Skriv for eksempel 31.12.2026.", "“%s” is no date. Write for example 2026-12-31."}.With(asked), http.StatusUnprocessableEntity
	case at != "":
		rec, err := f.AsOf(q, id, at)
		if problem.Of(err) != problem.NotFound {
			v.AsOf = at
			return rec, code, err
		}
		v.Instead, code = i18n.Text{"Den fandtes ikke endnu %s, eller den lå et sted, du ikke ser.", "It was not there yet on %s, or it was somewhere that you do not see."}.Naming(i18n.Text{i18n.Da.Date(at[:10]), i18n.En.Date(at[:10])}), http.StatusNotFound
	}
	rec, err := f.Get(q, id)
	return rec, code, err
}

// offer finds what the person may do with the record: where one may see more than one may change, no button leads to a refusal.
func (f *face) offer(r *http.Request, q *store.Read, v *showView, rec record.Rec) (err error) {
	known := map[string]bool{} // by how far a permission reaches
	may := func(need access.Permission) bool {
		if err != nil || !f.site.May(r, need) {
			return false
		}
		far := q.Actor.May[need].Key()
		if _, asked := known[far]; !asked {
			known[far], err = f.Admits(q, rec, need)
		}
		return known[far]
	}
	v.Again, v.CanEdit = f.Again, v.AsOf == "" && !f.Kept && may(f.Can("edit"))
	for _, a := range f.Acts {
		if v.AsOf == "" && f.Applies(a.When, rec) && may(a.Need) {
			v.Acts = append(v.Acts, a)
		}
	}
	return err
}

// lay reads what stands on the page of a record.
func (f *face) lay(q *store.Read, v *showView, rec record.Rec, l i18n.Lang) error {
	titles, err := f.titles(q, rec)
	if err != nil {
		return err
	}
	v.Groups = f.facts(f.Visible(q.Actor), rec, l, titles)
	if key, ok := f.Key(); ok && !key.Named && !key.Title {
		v.Key = key.Raw(rec.Value)
	}
	if f.Stands != nil {
		day := q.Today
		if v.AsOf != "" { // late is what was late then
			day = v.AsOf[:len(time.DateOnly)]
		}
		v.Stands = f.Stands(rec, day, l)
	}
	if v.AsOf != "" {
		return nil // what hangs on it hangs on it now
	}
	for _, panel := range f.Panels {
		html, err := panel(q, l, rec)
		if err != nil {
			return err
		}
		v.Panels = append(v.Panels, html)
	}
	for _, panel := range f.site.Panels() {
		html, err := panel(q, l, f.Ref(rec))
		if err != nil {
			return err
		}
		v.Panels = append(v.Panels, html)
	}
	leaves, err := q.LeavesAbout(f.Ref(rec), newest)
	if err != nil {
		return err
	}
	if v.History, err = f.kinds.Tell(q, leaves, l); err != nil {
		return err
	}
	if f.Kept { // it has no such pages: see tabs
		v.Whole = ""
		return nil
	}
	links, err := link.Of(q, f.Ref(rec))
	if err != nil {
		return err
	}
	if v.Related, err = relatedTo(q, f.site, f.Ref(rec), links); err != nil {
		return err
	}
	v.Tabs, err = tabs(q, f.Ref(rec), tabDetails, len(links))
	return err
}

// asOf is the end of a day that a person typed, or the instant that a program
// did; "" is now.
func asOf(text string) (string, error) {
	if _, err := time.Parse(time.RFC3339Nano, text); text == "" || err == nil {
		return text, nil
	}
	day, ok := field.ReadDay(text)
	if !ok || day == "" {
		return "", problem.Check(problem.Fields{"as_of": field.NoDate})
	}
	return i18n.EndOf(day), nil
}

// open reads a record; who opens one of a sensitive kind leaves a leaf.
func (f *face) open(ctx context.Context, verb, id string, fn func(*store.Read) error) error {
	if !f.Sensitive {
		return f.s.View(ctx, f.Can(verb), fn)
	}
	var rec record.Rec
	if err := f.s.View(ctx, f.Can(verb), func(q *store.Read) (err error) { // what is out of reach leaves no trace
		rec, err = f.Get(q, id)
		return err
	}); err != nil {
		return err
	}
	return f.s.Reveal(ctx, f.Can(verb), f.Ref(rec), fn)
}

func (f *face) facts(fields []field.Field, rec record.Rec, l i18n.Lang, titles map[string]record.Called) (out []factGroup) {
	for _, g := range groups(fields) {
		group := factGroup{Label: g.Label.In(l)}
		for _, fd := range g.Fields {
			raw := fd.Raw(rec.Value)
			if fd.Title || fd.Key || raw == "" || fd.IsUnit() && fd.Set { // that follows from another
				continue
			}
			line := fact{Name: fd.Name, Label: fd.Label.In(l), Text: f.says(&fd, rec, l, titles), Long: fd.Long && fd.Kind == field.Text}
			if fd.Kind == field.Ref {
				line.Link = "/" + fd.To + "/" + raw
			}
			group.Facts = append(group.Facts, line)
		}
		if len(group.Facts) > 0 {
			out = append(out, group)
		}
	}
	return out
}

// Pick adds the routes that fill the fields which point at records as a person
// types: options for a datalist. A field says its kind in its address; where
// the person chooses the kind first, the form does.
func Pick(site *web.Site, see func(kind string) access.Permission) {
	offer := func(kind func(*http.Request) string) web.Handler {
		return func(w http.ResponseWriter, r *http.Request) error {
			words := ""
			for name, given := range r.URL.Query() { // the field has the register's own name
				if len(given) > 0 && name != "kind" {
					words = given[0]
				}
			}
			return site.Store.View(r.Context(), see(kind(r)), func(q *store.Read) error {
				found, err := record.Offer(q, kind(r), words, 20)
				if err != nil {
					return err
				}
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				return options.Execute(w, found)
			})
		}
	}
	site.Handle("GET /pick/{kind}", web.SignedIn, offer(func(r *http.Request) string { return r.PathValue("kind") }))
	site.Handle("GET /pick", web.SignedIn, offer(func(r *http.Request) string { return r.URL.Query().Get("kind") }))
}

var options = template.Must(template.New("").Parse(`{{range .}}<option value="{{.Write}}"{{with .Place}} label="{{.}}"{{end}}></option>{{end}}`))
