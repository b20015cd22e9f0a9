package kit

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/intake"
	"vaern/internal/problem"
	"vaern/internal/progress"
	"vaern/internal/sheet"
	"vaern/internal/store"
	"vaern/internal/web"
)

var rowsPage = web.NewPage[*rowsView](pages, "import_rows")

const rowsShown = 100

// rowsView is what the rows would do, are doing, or did.
type rowsView struct {
	At      string
	In      intake.Intake
	Count   intake.Count
	Tabs    []rowsTab
	Is      string
	What    string   // what the title of a row is
	Heads   []string // the columns shown beside it
	Rows    []shownRow
	Most    []often // what is wrong most often
	Next    string
	Working progress.State
	Undoing bool
	Keyless bool
	Key     string     // what rows are known by
	Said    []mappedTo // which column is which field, to say it again
}

type mappedTo struct{ Name, Field string }

// rowsTab is one kind of rows.
type rowsTab struct {
	Label, Path string
	N           int
	Current     bool
}

type shownRow struct {
	Number      int
	Title, Link string
	Cells       []string
	Faults      []shownFault
	Changes     []shownChange
}

// often is something that is wrong with several rows.
type often struct {
	Column, Text string
	N            int
}

type shownFault struct{ Cell, Text string }

type shownChange struct{ Label, Was, Is string }

// importShow is the page of an intake, wherever it stands.
func (f *face) importShow(w http.ResponseWriter, r *http.Request) error {
	in, err := f.intake(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if in.Step == intake.Columns || in.Step == intake.Tried && r.URL.Query().Get("columns") == "1" {
		return f.columns(w, r, in, nil)
	}
	l := i18n.Of(r.Context())
	v := &rowsView{At: f.at() + "/import/file/" + in.ID, In: in}
	err = f.view(r, "create", func(q *store.Read) (err error) {
		if v.Count, err = in.Count(q); err != nil {
			return err
		}
		for _, kind := range []string{saving, taking} {
			s, err := progress.Of(q, f.Name+kind, in.ID)
			if err != nil {
				return err
			}
			if s.Running() || s.Failed() {
				v.Working, v.Undoing = s, kind == taking
			}
		}
		key, ok := f.Key()
		v.Keyless = ok && in.Column(key.Name) < 0
		if in.Twice != "" {
			v.Key = key.Label.In(l)
			for c, name := range in.Mapping {
				v.Said = append(v.Said, mappedTo{columnName(c), name})
			}
		}
		v.tabs(r.URL.Query().Get("show"), l)
		return f.shown(q, v, r.URL.Query(), l)
	})
	if err != nil {
		return err
	}
	if v.Working.Running() {
		w.Header().Set("Refresh", "2")
	}
	return rowsPage.Show(f.site, w, r, http.StatusOK, f.importHead(), v)
}

// tabs are the kinds of rows; the wrong ones are what one looks at first, and
// once some are stored, those.
func (v *rowsView) tabs(asked string, l i18n.Lang) {
	stored := v.In.Step == intake.Saved && v.Count.Good() > 0
	for _, kind := range []struct {
		is    string
		n     int
		label i18n.Text
	}{
		{intake.Wrong, v.Count.Wrong, i18n.Text{"Forkerte", "Wrong"}},
		{intake.New, v.Count.New, i18n.Text{"Nye", "New"}},
		{intake.Changed, v.Count.Changed, i18n.Text{"Ændrede", "Changed"}},
		{intake.Same, v.Count.Same, i18n.Text{"Uændrede", "Unchanged"}},
	} {
		if asked == "" && kind.n > 0 && !(stored && kind.is == intake.Wrong) {
			asked = kind.is
		}
		v.Tabs = append(v.Tabs, rowsTab{kind.label.In(l), v.At + "?show=" + kind.is, kind.n, kind.is == asked})
	}
	if v.Is = asked; asked == "" {
		v.Is = intake.Same
	}
}

// shown are the rows of the chosen kind, from the place in the address on.
func (f *face) shown(q *store.Read, v *rowsView, get url.Values, l i18n.Lang) error {
	part, row, _ := strings.Cut(get.Get("from"), ".")
	var from intake.At
	from.Part, _ = strconv.Atoi(part) // an address of nobody's begins at the beginning
	from.Row, _ = strconv.Atoi(row)
	rows, next, err := v.In.Rows(q, v.Is, from, rowsShown)
	if err == nil && v.Is == intake.Wrong && from == (intake.At{}) {
		err = v.often(q, l)
	}
	if err != nil {
		return err
	}
	beside := f.beside(v, l)
	if next.Part >= 0 {
		v.Next = v.At + "?show=" + v.Is + "&from=" + strconv.Itoa(next.Part) + "." + strconv.Itoa(next.Row)
	}
	for _, s := range rows {
		line := shownRow{Number: s.Number, Title: s.Title}
		if s.ID != "" && s.Is != intake.Wrong && v.In.Step != intake.Undone {
			line.Link = f.at() + "/" + s.ID
		}
		for _, c := range beside {
			line.Cells = append(line.Cells, readAs(s, v.In.Mapping[c], s.Cells[c], l))
		}
		for _, fault := range s.Faults {
			line.Faults = append(line.Faults, shownFault{cellName(&v.In, fault.Column, s.Number), fault.Text.In(l)})
		}
		for _, c := range s.Changes {
			if fd, ok := f.Field(c.Field); ok {
				line.Changes = append(line.Changes, shownChange{fd.Label.In(l), c.Was.In(l), c.Is.In(l)})
			}
		}
		v.Rows = append(v.Rows, line)
	}
	return nil
}

// readAs is a cell of a new row as it was understood.
func readAs(s intake.Shown, name, cell string, l i18n.Lang) string {
	for _, c := range s.Changes {
		if c.Field == name {
			return c.Is.In(l)
		}
	}
	return cell
}

// beside are the columns that new rows are shown with, as many as a page holds.
func (f *face) beside(v *rowsView, l i18n.Lang) (columns []int) {
	title, _ := f.Field(f.TitleField())
	v.What = title.Label.In(l)
	for c, name := range v.In.Mapping {
		if fd, ok := f.Field(name); ok && !fd.Title && v.Is == intake.New && len(columns) < 5 {
			v.Heads, columns = append(v.Heads, fd.Label.In(l)), append(columns, c)
		}
	}
	return columns
}

// often tells what is wrong with many rows alike: one correction mends them all.
func (v *rowsView) often(q *store.Read, l i18n.Lang) error {
	alike, err := v.In.Alike(q)
	for _, a := range alike {
		if a.N < 2 || len(v.Most) == 5 {
			break
		}
		one := often{Text: a.Text.In(l), N: a.N}
		if a.Column >= 0 {
			one.Column = v.In.Headings[a.Column]
		}
		v.Most = append(v.Most, one)
	}
	return err
}

// cellName is a cell as Excel and the person call it: "C12 Mail".
func cellName(in *intake.Intake, column, row int) string {
	if column < 0 {
		return ""
	}
	return strings.TrimSpace(sheet.Column(column) + strconv.Itoa(row) + " " + in.Headings[column])
}

// mappingSaid reads which column is which field; two cannot be the same.
func (f *face) mappingSaid(r *http.Request, in *intake.Intake, may []field.Field) ([]string, error) {
	out, given := make([]string, len(in.Headings)), map[string]bool{}
	var failed error
	for c := range out {
		name := r.PostFormValue(columnName(c))
		for _, fd := range may {
			if fd.Name != name {
				continue
			}
			if out[c] = name; given[name] {
				failed = &problem.Error{Kind: problem.Invalid, Text: i18n.Text{"To kolonner kan ikke begge være %s. Vælg kun én.", "Two columns cannot both be %s. Choose one."}.Naming(fd.Label)}
			}
			given[name] = true
		}
	}
	if len(given) == 0 {
		failed = problem.New(problem.Invalid, "Vælg mindst én kolonne.", "Choose one column at least.")
	}
	return out, failed
}

// faults heads the last column of rows to correct.
var faults = i18n.Text{"Hvad er galt", "What is wrong"}

// importWrong is the wrong rows as a spreadsheet to correct: as they were, and
// a last column that says what is wrong.
func (f *face) importWrong(w http.ResponseWriter, r *http.Request) error {
	in, err := f.intake(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	l := i18n.Of(r.Context())
	var head []sheet.Heading
	for _, h := range in.Headings {
		head = append(head, sheet.Heading{Label: h})
	}
	head = append(head, sheet.Heading{Label: faults.In(l)})
	var file bytes.Buffer
	err = f.view(r, "create", func(q *store.Read) error {
		return sheet.XLSX(&file, f.Many.In(l), head, func(write func([]string) error) error {
			rows, _, err := in.Rows(q, intake.Wrong, intake.At{}, in.Lines)
			for _, row := range rows {
				if err != nil {
					return err
				}
				var why []string
				for _, fault := range row.Faults {
					why = append(why, strings.TrimSpace(cellName(&in, fault.Column, row.Number)+": "+fault.Text.In(l)))
				}
				for c, name := range in.Mapping { // the new file counts days from 1900
					if fd, ok := f.Field(name); ok && fd.Kind == field.Day {
						row.Cells[c] = in.Source.Day(row.Cells[c])
					}
				}
				err = write(append(row.Cells, strings.TrimPrefix(strings.Join(why, " "), ": ")))
			}
			return err
		})
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	w.Header().Set("Content-Disposition", `attachment; filename="`+f.Plural+`-ret.xlsx"`)
	_, err = file.WriteTo(w)
	return err
}
