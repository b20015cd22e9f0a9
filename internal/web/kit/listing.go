package kit

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"vaern/internal/field"
	"vaern/internal/filter"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
)

// listing is a list as an address asks for it; a page, a saved view and a
// program say it in the same words:
//
//	filter   what is asked for, in the words of package filter
//	q        the same, as it was typed: added to the filter
//	op       a field and a comparison, with value the words for it: added too
//	<field>  a value of a field, as links say it: added to the filter
//	sort     a field to order by; a minus before it, or desc=1, turns the order
//	columns  the fields shown, with commas between; col repeated says the same
//	view     a saved view; what else the address says goes before it
//	cursor   next of the page before
//	as_of    an instant at which the list is looked at
type listing struct {
	record.Query
	typed   string   // words that are searched for
	columns []string // "" are the register's own
	view    string
	wrong   i18n.Text // what of the filter was not understood
}

// language is what filters of the register can say.
func (f *face) language(q *store.Read) filter.Language {
	return filter.Language{Fields: f.Fields(), Today: q.Today, Called: f.Many}
}

// listing reads an address. What is not understood is told, and the list is
// what was understood. A saved view may hold words that a strict language refuses.
func (f *face) listing(q *store.Read, get url.Values, lang filter.Language) (listing, error) {
	l := listing{view: get.Get("view")}
	var err error
	if l.view != "" {
		var saved record.View
		if saved, err = record.ViewOf(q, f.Name, l.view); err != nil {
			return l, err
		}
		get = saved.Under(get)
		lang.Strict = false
	}
	said := []filter.Filter{f.understood(&l, lang, get.Get("filter"))}
	lang.Strict = false
	for _, fd := range f.Fields() {
		if value := get.Get(fd.Name); value != "" && !fd.Sensitive {
			one, err := given(fd, value)
			if err != nil {
				return l, err
			}
			said = append(said, one)
		}
	}
	if op := get.Get("op"); op != "" {
		said = append(said, f.understood(&l, lang, op+" "+filter.Quote(get.Get("value"))))
	}
	said = append(said, f.understood(&l, lang, get.Get("q")))
	l.Filter = filter.Join(said...)
	l.typed = l.Filter.Search()
	if l.wrong.Whole() {
		l.typed = get.Get("q")
	}
	l.Sort, l.Desc = strings.CutPrefix(get.Get("sort"), "-")
	l.Desc = l.Desc || get.Get("desc") == "1"
	l.After, l.AsOf = get.Get("cursor"), get.Get("as_of")
	l.columns = f.chosen(get)
	return l, nil
}

// day is the day on which the list is looked at.
func (l *listing) day(q *store.Read) string {
	if l.AsOf != "" {
		return l.AsOf[:len(time.DateOnly)]
	}
	return q.Today
}

// onDay reads the day of a list as a person says it; what is none is told, and the list is today's.
func (l *listing) onDay() {
	at, err := asOf(l.AsOf)
	if err != nil {
		l.wrong = i18n.Text{"»%s« er ingen dato. Skriv for eksempel 31.12.2026.", "“%s” is no date. Write for example 2026-12-31."}.With(l.AsOf)
	}
	l.AsOf = at
}

func (f *face) understood(l *listing, lang filter.Language, text string) filter.Filter {
	said, err := lang.Parse(text)
	if err != nil {
		l.wrong = i18n.Same(err.Error())
		if wrong := (*filter.Error)(nil); errors.As(err, &wrong) {
			l.wrong = wrong.Text
		}
	}
	return said
}

// given is the condition that a link says of one field.
func given(fd field.Field, value string) (filter.Filter, error) {
	f := filter.Equals(fd.Name, value)
	switch fd.Kind {
	case field.Bool:
		f.Value = map[bool]string{true: "yes", false: "no"}[value == "1" || value == "yes"]
	case field.Choice, field.Several:
		if !slices.ContainsFunc(fd.Choices, func(c [3]string) bool { return c[0] == value }) {
			return f, problem.Check(problem.Fields{fd.Name: fd.NoChoice()})
		}
	}
	return f, nil
}

// chosen are the columns an address asks for; unknown ones are left out.
func (f *face) chosen(get url.Values) (out []string) {
	asked := get["col"]
	if len(asked) == 0 {
		asked = strings.Split(get.Get("columns"), ",")
	}
	for _, name := range asked {
		if fd, ok := f.column(name); ok && !fd.Sensitive && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	if up := slices.Index(out, get.Get("up")); up > 0 {
		out[up-1], out[up] = out[up], out[up-1]
	}
	return out
}

// address is where the list stands, with another filter; page is left out.
func (l listing) address(at string, asked filter.Filter) string {
	return at + query(l.values(asked))
}

// values are what the address of the list says.
func (l listing) values(asked filter.Filter) url.Values {
	v := url.Values{}
	if text := asked.String(); text != "" {
		v.Set("filter", text)
	}
	if l.Sort != "" {
		v.Set("sort", map[bool]string{true: "-"}[l.Desc]+l.Sort)
	}
	if len(l.columns) > 0 {
		v.Set("columns", strings.Join(l.columns, ","))
	}
	if l.AsOf != "" {
		v.Set("as_of", l.AsOf)
	}
	return v
}

// query writes an address's query; commas stay readable.
func query(v url.Values) string {
	if len(v) == 0 {
		return ""
	}
	return "?" + strings.ReplaceAll(v.Encode(), "%2C", ",")
}
