package kit

import (
	"html/template"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/filter"
	"vaern/internal/i18n"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/web"
)

var listPage = web.NewPage[*listView](pages, "list")

const counted = 1000 // a list says how many up to here, and "over 1.000" beyond

type listView struct {
	At, Here  string // the register's list, and this one with its filter, order and columns
	About     i18n.Text
	One       i18n.Text
	Count     int
	Over      bool // more than counted
	Typed     string
	Filter    string    // canonical, less what is typed
	Wrong     i18n.Text // what was not understood
	AsOf      string    // the instant of a list of the past
	Today     string    // what is late is late on that day
	Example   string
	Why       []i18n.Text // perhaps why nothing matches
	Filtered  bool
	Chips     []chip
	Adds      []adder
	Keep      []pair // what a form carries on from the address
	Choices   []columnChoice
	Shown     int
	Views     viewsView
	Columns   []column
	Rows      []row
	First     string // where the list begins, on a later page
	Next      string
	Files     []chip // the whole list as a file
	CanCreate bool
	Owned     bool      // the person sees only what an own position owns
	Change    []option  // the fields that can be changed for many; none where nothing can
	Starter   i18n.Text // the button that begins with what Værn brings
}

type column struct {
	Label, Sort, Aria string // Sort is the address that orders by it, "" if none can
	Right             bool
}

type row struct {
	ID, Title string
	Cells     template.HTML
}

// brief is how many bytes a cell stays under that is not worth breaking.
const brief = 16

// isAddress tells mail and web addresses, which have no room between their words.
func isAddress(text string) bool {
	return strings.ContainsAny(text, "@/") && !strings.ContainsAny(text, " \n")
}

// joints are before which an address is broken where it does not fit.
var joints = strings.NewReplacer("@", "<wbr>@", ".", "<wbr>.", "/", "<wbr>/", "_", "<wbr>_")

// long is a word that a column breaks, and endings within it that the next word
// of a Danish compound is joined to: Informationssikkerheds|koordinator.
var (
	long    = regexp.MustCompile(`\p{L}{18,}`)
	endings = regexp.MustCompile(`(ions|heds|ings|elses|tets|skabs)(\p{L}{4})`)
)

// jointed lets long words be broken, with a hyphen, where they are joined.
func jointed(html string) string {
	return long.ReplaceAllStringFunc(html, func(word string) string { return endings.ReplaceAllString(word, "$1&shy;$2") })
}

// daysLate is how many days ago something was to be done.
func (f *face) daysLate(fd *field.Field, rec record.Rec, today string) int {
	if !fd.Deadline || f.Over(rec, today) {
		return 0
	}
	due, err := time.Parse(time.DateOnly, fd.Raw(rec.Value))
	now, wrong := time.Parse(time.DateOnly, today)
	if err != nil || wrong != nil {
		return 0
	}
	return int(now.Sub(due).Hours() / 24)
}

// broken is an address that is broken between its words, not in the middle of one.
func broken(address string) string { return joints.Replace(template.HTMLEscapeString(address)) }

// begins is how a cell of the column begins: what it is called where rows are
// cards, and how it stands, the same of all.
func (c *column) begins(class string) string {
	if c.Right {
		class = "right " + class
	}
	return `<td role="cell" data-label="` + template.HTMLEscapeString(c.Label) + `" class="` + class + `"><span>`
}

// chip is one condition, and where the list is without it.
type chip struct{ Text, Remove string }

// pair is a hidden field.
type pair struct{ Name, Value string }

func (f *face) list(w http.ResponseWriter, r *http.Request) error {
	l := i18n.Of(r.Context())
	get := r.URL.Query()
	v := &listView{At: f.at(), About: f.About, One: f.One, CanCreate: !f.Kept && f.site.May(r, f.Can("create"))}
	far := access.Of(r.Context()).May[f.Can("see")]
	v.Owned = f.Rows == record.ByOwner && !far.Whole && len(far.Tops) == 0
	if f.Starter != nil && v.CanCreate {
		v.Starter = f.Starter.Label
	}
	usual := ""
	err := f.view(r, "see", func(tx *store.Read) error {
		var err error
		if len(get) == 0 {
			if usual, err = record.Usual(tx, f.Name); err != nil || usual != "" {
				return err
			}
		}
		asked, err := f.listing(tx, get, f.language(tx))
		if err != nil {
			return err
		}
		asked.onDay()
		v.AsOf, v.Today = asked.AsOf, asked.day(tx)
		return f.fill(tx, v, asked, l)
	})
	if err != nil {
		return err
	}
	if usual != "" {
		http.Redirect(w, r, f.at()+"?view="+usual, http.StatusSeeOther)
		return nil
	}
	return listPage.Show(f.site, w, r, http.StatusOK, web.Head{Title: f.Many, Crumbs: f.crumbs(), Path: f.at()}, v)
}

// fill asks for everything that the page shows.
func (f *face) fill(tx *store.Read, v *listView, asked listing, l i18n.Lang) error {
	p, err := f.Page(tx, asked.Query)
	if err != nil {
		return err
	}
	if v.Count, err = f.Count(tx, asked.Query, counted+1); err != nil {
		return err
	}
	v.Over = v.Count > counted
	if v.Count == 0 {
		if v.Why, err = f.nothing(tx, asked); err != nil {
			return err
		}
	}
	recs := p.Items
	titles, err := f.titles(tx, recs...)
	if err != nil {
		return err
	}
	if err := f.said(tx, v, asked, l); err != nil {
		return err
	}
	listed := f.listed(asked, recs)
	f.rows(v, recs, listed, titles, l)
	f.order(v, asked, listed)
	f.columnChoices(v, listed, l)
	if v.Views, err = f.views(tx, asked); err != nil {
		return err
	}
	if tx.Actor.Can(f.Can("edit")) && !f.Sensitive && !f.Kept {
		v.Change = f.changeable(tx.Actor, l)
	}
	if p.Next != "" {
		next := asked.values(asked.Filter)
		next.Set("cursor", p.Next)
		v.Next = f.at() + query(next)
	}
	if asked.After != "" {
		v.First = v.Here
	}
	v.Files = f.files(asked, v.Over, l)
	return nil
}

// said is what the list is asked, as chips and as what was typed.
func (f *face) said(tx *store.Read, v *listView, asked listing, l i18n.Lang) error {
	conditions, err := f.conditions(tx, asked.Filter, l)
	if err != nil {
		return err
	}
	for i, text := range conditions {
		v.Chips = append(v.Chips, chip{text, asked.address(f.at(), asked.Filter.Without(i))})
	}
	chips, lang := asked.Filter.Chips(), f.language(tx)
	v.Here = asked.address(f.at(), asked.Filter)
	v.Typed, v.Wrong, v.Example = asked.typed, asked.wrong, lang.Example(l)
	v.Filter = filter.Join(chips...).String()
	v.Filtered = !asked.Filter.Empty()
	for name, values := range asked.values(filter.Join(chips...)) {
		v.Keep = append(v.Keep, pair{name, values[0]})
	}
	slices.SortFunc(v.Keep, func(a, b pair) int { return slices.Compare([]byte(a.Name), []byte(b.Name)) })
	v.Adds = f.adders(asked, lang, l)
	return nil
}

// conditions are what a list is asked for, each in words.
func (f *face) conditions(q *store.Read, asked filter.Filter, l i18n.Lang) (out []string, err error) {
	lang := f.language(q)
	titles, err := f.Named(q, lang.References(asked))
	for _, c := range asked.Chips() {
		out = append(out, lang.Show(c, l, titles))
	}
	return out, err
}

// rows fills the table. A list has hundreds of cells, and a template takes ten
// times as long for each.
func (f *face) rows(v *listView, recs []record.Rec, listed []*field.Field, titles map[string]record.Called, l i18n.Lang) {
	begins := make([][4]string, len(listed))
	for i, fd := range listed {
		c := column{Label: fd.Label.In(l), Right: fd.Kind == field.Int}
		v.Columns, begins[i] = append(v.Columns, c), [4]string{c.begins(""), c.begins("short"), c.begins("address"), c.begins("number")}
	}
	v.Rows = make([]row, len(recs))
	var b strings.Builder
	for i, rec := range recs {
		b.Reset()
		for c, fd := range listed {
			if fd == &standing {
				is := f.Stands(rec, v.Today, l)
				b.WriteString(begins[c][0] + string(is.Mark()) + `</span></td>`)
				continue
			}
			text := f.says(fd, rec, l, titles)
			html, begin := template.HTMLEscapeString(text), begins[c][0]
			switch {
			case fd.Key && len(text) < brief: // R-01 is not broken at its hyphen
				begin = begins[c][3]
			case len(text) < brief:
				begin = begins[c][1]
			case isAddress(text):
				html, begin = broken(text), begins[c][2]
			default:
				html = jointed(html)
			}
			if late := f.daysLate(fd, rec, v.Today); late > 0 {
				html += `<br><span class="muted">` + l.Plural(int64(late), i18n.Text{"dag over", "day late"}, i18n.Text{"dage over", "days late"}) + `</span>`
			}
			if fd.Title {
				b.WriteString(`<th scope="row" role="rowheader" class="title"><a href="` + template.HTMLEscapeString(f.link(rec)) + `">` + html + `</a></th>`)
			} else {
				b.WriteString(begin + html + `</span></td>`)
			}
		}
		v.Rows[i] = row{rec.Head().ID, f.Title(rec), template.HTML(b.String())}
	}
}

func (f *face) link(rec record.Rec) string {
	if f.Show != nil {
		return f.Show(rec)
	}
	return f.at() + "/" + rec.Head().ID
}

// order makes the headings that can sort into links.
func (f *face) order(v *listView, asked listing, listed []*field.Field) {
	by := asked.Sort
	for i, fd := range listed {
		if !fd.Sort {
			continue
		}
		up := by == fd.Name && !asked.Desc
		turned := asked
		turned.Sort, turned.Desc = fd.Name, up
		v.Columns[i].Sort = turned.address(f.at(), asked.Filter)
		if by == fd.Name {
			v.Columns[i].Aria = map[bool]string{true: "ascending", false: "descending"}[up]
		}
	}
}
