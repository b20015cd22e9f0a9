package kit

import (
	"bytes"
	"cmp"
	"net/http"
	"slices"
	"strings"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/pdf"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/sheet"
	"vaern/internal/store"
	"vaern/internal/web"
)

// How much one file may hold: a spreadsheet what Excel opens at ease, a PDF
// what somebody reads, the first rows of a longer list.
const (
	mostExported = sheet.MostRows
	mostPrinted  = 2_000
)

// files are the addresses of the list as a file of each form: the whole of it, but of a long one, which nobody knows the length of,
// it is said how much a file holds.
func (f *face) files(asked listing, long bool, l i18n.Lang) (out []chip) {
	print, rows := i18n.Text{"Til udskrift (.pdf)", "For printing (.pdf)"}, i18n.Text{}
	if long {
		print = print.And(i18n.Text{": højst de første %s rækker", ": the first %s rows at most"}.With(l.Number(mostPrinted)))
		rows = i18n.Text{": op til %s rækker", ": up to %s rows"}.With(l.Number(mostExported))
	}
	for form, label := range map[string]i18n.Text{
		"csv": i18n.Text{"Kommasepareret tekst (.csv)", "Comma-separated text (.csv)"}.And(rows), "pdf": print, "xlsx": i18n.Text{"Regneark (.xlsx)", "Spreadsheet (.xlsx)"}.And(rows),
	} {
		values := asked.values(asked.Filter)
		values.Set("format", form)
		out = append(out, chip{label.In(l), f.at() + "/export" + query(values)})
	}
	slices.SortFunc(out, func(a, b chip) int { return strings.Compare(b.Text, a.Text) })
	return out
}

// exporting is a list on its way into a file: what the page shows, and all of
// it, not a page.
type exporting struct {
	*face
	q      *store.Read
	asked  listing
	listed []*field.Field
	lang   i18n.Lang
	most   int
	first  bool // of a longer list, the first rows are wanted
	cut    bool // there were more
}

// export writes what the list shows: the same filter, order and columns.
func (f *face) export(r *http.Request) (web.File, error) {
	form := cmp.Or(r.URL.Query().Get("format"), "xlsx")
	kind := map[string]string{"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8", "pdf": "application/pdf"}[form]
	if kind == "" {
		return web.File{}, problem.Field("format", "Vælg xlsx, csv eller pdf.", "Choose xlsx, csv or pdf.")
	}
	var file bytes.Buffer
	err := f.view(r, "see", func(q *store.Read) error {
		asked, err := f.listing(q, r.URL.Query(), f.language(q))
		if err != nil {
			return err
		}
		asked.onDay()
		if asked.wrong.Whole() { // the whole register instead of what was meant would be a leak
			return problem.Check(problem.Fields{"filter": asked.wrong})
		}
		asked.After, asked.Limit = "", 500
		e := &exporting{face: f, q: q, asked: asked, lang: i18n.Of(r.Context()), most: mostExported}
		switch form {
		case "csv":
			return e.sheet(func(head []sheet.Heading, rows sheet.Rows) error { return sheet.CSV(&file, e.lang, head, rows) })
		case "xlsx":
			return e.sheet(func(head []sheet.Heading, rows sheet.Rows) error {
				return sheet.XLSX(&file, f.Many.In(e.lang), head, rows)
			})
		}
		return e.pdf(&file)
	})
	return web.File{Type: kind, Name: f.Plural + "." + form, Body: file.Bytes()}, err
}

// rows hands over the rows of the list, page by page.
func (e *exporting) rows(write func(recs []record.Rec, titles map[string]record.Called) error) error {
	for left := e.most; ; {
		p, err := e.Page(e.q, e.asked.Query)
		if err != nil {
			return err
		}
		e.cut = len(p.Items) > left
		if e.cut && !e.first {
			return problem.New(problem.Invalid, "Listen har flere rækker, end én fil kan rumme. Gør den kortere med et filter.",
				"The list has more rows than one file can hold. Make it shorter with a filter.")
		}
		recs := p.Items[:min(len(p.Items), left)]
		left -= len(recs)
		if e.listed == nil {
			e.listed = e.face.listed(e.asked, recs)
		}
		titles, err := e.titles(e.q, recs...)
		if err != nil {
			return err
		}
		if err := write(recs, titles); err != nil || p.Next == "" || e.cut {
			return err
		}
		e.asked.After = p.Next
	}
}

// sheet writes the rows as a spreadsheet, whose columns are known with the
// first page.
func (e *exporting) sheet(into func([]sheet.Heading, sheet.Rows) error) error {
	first := e.asked
	p, err := e.Page(e.q, first.Query)
	if err != nil {
		return err
	}
	e.listed = e.face.listed(first, p.Items)
	var head []sheet.Heading
	for _, fd := range e.listed {
		head = append(head, sheet.Heading{Label: fd.Label.In(e.lang), Kind: map[field.Kind]sheet.Kind{field.Int: sheet.Number, field.Day: sheet.Day}[fd.Kind]})
	}
	return into(head, func(write func([]string) error) error {
		return e.rows(func(recs []record.Rec, titles map[string]record.Called) error {
			for _, rec := range recs {
				if err := write(e.cells(rec, titles, false)); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// cells are a record's values: as the list shows them, but days as programs
// read them unless they are to be read by people.
func (e *exporting) cells(rec record.Rec, titles map[string]record.Called, read bool) []string {
	out := make([]string, len(e.listed))
	for i, fd := range e.listed {
		if fd == &standing {
			out[i] = e.Stands(rec, e.asked.day(e.q), e.lang).Word
			continue
		}
		raw := fd.Raw(rec.Value)
		if out[i] = raw; fd.Kind != field.Day && fd.Kind != field.Int || read {
			out[i] = e.says(fd, rec, e.lang, titles)
		}
	}
	return out
}

func (e *exporting) pdf(file *bytes.Buffer) error {
	e.most, e.first = mostPrinted, true
	var body [][]string
	err := e.rows(func(recs []record.Rec, titles map[string]record.Called) error {
		for _, rec := range recs {
			body = append(body, e.cells(rec, titles, true))
		}
		return nil
	})
	if err != nil {
		return err
	}
	about, err := e.about(len(body))
	if err != nil {
		return err
	}
	title := e.Many.In(e.lang)
	doc := pdf.New(pdf.Meta{Title: title, Language: map[i18n.Lang]string{i18n.Da: "da-DK", i18n.En: "en-GB"}[e.lang], Subject: about, Author: e.site.Name, Created: e.q.Now})
	doc.Heading(1, title)
	doc.Paragraph(about)
	if e.cut {
		doc.Note(i18n.Text{"Listen er længere end her. Regnearket, som hentes samme sted, har op til %s rækker.",
			"The list is longer than this. The spreadsheet, which is downloaded in the same place, has up to %s rows."}.With(e.lang.Number(mostExported)).In(e.lang))
	}
	var head []string
	for _, fd := range e.listed {
		head = append(head, fd.Label.In(e.lang))
	}
	if len(body) > 0 {
		doc.Table("", head, body)
	}
	out, err := doc.Bytes()
	if err == nil {
		_, err = file.Write(out)
	}
	return err
}

// about says what the file shows: how many, which and when.
func (e *exporting) about(n int) (string, error) {
	said := e.lang.Plural(int64(n), i18n.Text{"række", "row"}, i18n.Text{"rækker", "rows"})
	if e.cut {
		said = i18n.Text{"De første ", "The first "}.In(e.lang) + said
	}
	conditions, err := e.conditions(e.q, e.asked.Filter, e.lang)
	for _, text := range conditions {
		said += " · " + text
	}
	if e.asked.typed != "" {
		said += " · »" + e.asked.typed + "«"
	}
	return said + " · " + e.lang.Instant(e.q.Now), err
}
