package kit

import (
	"net/http"
	"net/url"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/web"
)

var listPage = web.NewPage[*listView](pages, "list")

const counted = 1000 // a list says how many up to here, and "over 1.000" beyond

type listView struct {
	At        string
	About     i18n.Text
	One       i18n.Text
	Count     int
	Over      bool // more than counted
	Search    string
	Filters   []input
	Filtered  bool
	Columns   []column
	Rows      []row
	Next      string
	CanCreate bool
	Starter   i18n.Text // the button that begins with what Værn brings
}

type column struct {
	Label, Sort, Aria string // Sort is the address that orders by it, "" if none can
	Right             bool
}

type row struct {
	Link  string
	Cells []cell
}

type cell struct {
	Label, Text string
	Title       bool
	Right       bool
}

func (f *face[T]) list(w http.ResponseWriter, r *http.Request) error {
	l := i18n.Of(r.Context())
	get := r.URL.Query()
	q := f.query(get.Get)
	v := &listView{At: f.at(), About: f.About, One: f.One, Search: q.Search, Filtered: q.Search != "" || len(q.Where) > 0,
		CanCreate: f.site.May(r, f.Can("create"))}
	if f.Starter != nil && v.CanCreate {
		v.Starter = f.Starter.Label
	}
	err := f.view(r, "see", func(tx *store.Read) error {
		p, err := f.Page(tx, q)
		if err != nil {
			return err
		}
		if v.Count, err = f.Count(tx, q, counted+1); err != nil {
			return err
		}
		v.Over = v.Count > counted
		recs := make([]*T, len(p.Items))
		for i := range p.Items {
			recs[i] = &p.Items[i]
		}
		titles, err := f.titles(tx, recs...)
		if err != nil {
			return err
		}
		f.order(v, f.rows(v, recs, titles, l), r.URL.Query())
		if p.Next != "" {
			get.Set("cursor", p.Next)
			v.Next = f.at() + "?" + get.Encode()
		}
		return f.filters(tx, v, r.URL.Query(), l)
	})
	if err != nil {
		return err
	}
	return listPage.Show(f.site, w, r, http.StatusOK, web.Head{Title: f.Many, Crumbs: f.crumbs()}, v)
}

// listed are the columns: the title first, everything long left out, and the
// unit last, where the rows are of more than one.
func (f *face[T]) listed(recs []*T) (out []*field.Field) {
	fields := f.Fields()
	var unit *field.Field
	if f.Sensitive { // what a record says is seen one at a time, and recorded
		title, _ := f.Field(f.TitleField())
		return []*field.Field{title}
	}
	for i := range fields {
		switch fd := &fields[i]; {
		case fd.Title:
			out = append([]*field.Field{fd}, out...)
		case fd.IsUnit():
			unit = fd
		case !fd.Long && !fd.Sensitive:
			out = append(out, fd)
		}
	}
	for _, rec := range recs {
		if record.HeadOf(rec).Unit != record.HeadOf(recs[0]).Unit {
			return append(out, unit)
		}
	}
	return out
}

// rows fills the table and returns its columns.
func (f *face[T]) rows(v *listView, recs []*T, titles map[string]record.Called, l i18n.Lang) []*field.Field {
	listed := f.listed(recs)
	for _, fd := range listed {
		v.Columns = append(v.Columns, column{Label: fd.Label.In(l), Right: fd.Kind == field.Int})
	}
	cells := make([]cell, len(recs)*len(listed))
	v.Rows = make([]row, len(recs))
	for i, rec := range recs {
		line := cells[i*len(listed) : (i+1)*len(listed)]
		for c, fd := range listed {
			line[c] = cell{fd.Label.In(l), show(fd, fd.Raw(record.Value(rec)), l, titles), fd.Title, fd.Kind == field.Int}
		}
		v.Rows[i] = row{f.link(rec), line}
	}
	return listed
}

func (f *face[T]) link(rec *T) string {
	if f.Show != nil {
		return f.Show(*rec)
	}
	return f.at() + "/" + record.HeadOf(rec).ID
}

// filters are the choices on top of the list. A reference is filtered by what
// a link to the list says; as a choice it would be too long to read.
func (f *face[T]) filters(q *store.Read, v *listView, get url.Values, l i18n.Lang) error {
	for _, fd := range f.Fields() {
		value := get.Get(fd.Name)
		if !fd.Filter || fd.Kind == field.Ref && value == "" {
			continue
		}
		in := f.input(&fd, value, l)
		if fd.Kind == field.Ref {
			titles, err := record.Titles(q, func(yield func(string) bool) { yield(value) })
			if err != nil {
				return err
			}
			if titles[value].Kind != fd.To {
				return problem.Field(fd.Name, "Der kan ikke filtreres på det.", "That cannot be filtered by.")
			}
			in.Options = []option{{value, titles[value].Title, true}}
			in.Type = "select"
		}
		v.Filters = append(v.Filters, in)
	}
	return nil
}

// order makes the headings that can sort into links.
func (f *face[T]) order(v *listView, listed []*field.Field, get url.Values) {
	for i, fd := range listed {
		if !fd.Sort {
			continue
		}
		up := get.Get("sort") == fd.Name && get.Get("desc") == ""
		link := url.Values{}
		for name, values := range get {
			link[name] = values
		}
		link.Del("cursor")
		link.Del("desc")
		link.Set("sort", fd.Name)
		if up {
			link.Set("desc", "1")
		}
		v.Columns[i].Sort = f.at() + "?" + link.Encode()
		if get.Get("sort") == fd.Name {
			v.Columns[i].Aria = map[bool]string{true: "ascending", false: "descending"}[up]
		}
	}
}
