package document

import (
	"net/http"
	"strings"

	"vaern/internal/clause"
	"vaern/internal/i18n"
	"vaern/internal/pdf"
	"vaern/internal/store"
	"vaern/internal/web"
)

// pdf is the version as a tagged document: its text with the numbers of the
// clauses, and who approved it.
func (d *desk) pdf(r *http.Request) (web.File, error) {
	l := i18n.Of(r.Context())
	var o opened
	var approvals []Approved
	var now string
	err := d.site.Store.View(r.Context(), "document.see", func(q *store.Read) (err error) {
		if o, err = open(q, r.PathValue("id")); err != nil {
			return err
		}
		now = q.Now
		approvals, err = Approvals(q, o.ID)
		return err
	})
	if err != nil {
		return web.File{}, err
	}
	doc := pdf.New(pdf.Meta{Title: o.Name(), Language: map[i18n.Lang]string{i18n.Da: "da-DK", i18n.En: "en-GB"}[l], Author: d.site.Name, Created: now})
	o.print(doc, approvals, l)
	file, err := doc.Bytes()
	return web.File{Type: "application/pdf", Name: plainName(o.Doc.Number) + "-" + plainName(o.Label) + ".pdf", Shown: true, Body: file}, err
}

func (o *opened) print(doc *pdf.Document, approvals []Approved, l i18n.Lang) {
	doc.Heading(1, o.Doc.Title)
	line := []string{i18n.Text{"Version %s", "Version %s"}.With(o.Label).In(l), o.State.Word().In(l)}
	if o.Starts != "" {
		line = append(line, i18n.Text{"gældende fra %s", "in force from %s"}.With(l.Date(string(o.Starts))).In(l))
	}
	if o.Dated != "" {
		line = append(line, i18n.Text{"dateret %s", "dated %s"}.With(l.Date(string(o.Dated))).In(l))
	}
	doc.Note(strings.Join(line, " · "))
	for _, s := range o.Sections {
		if s.Title != "" {
			doc.Heading(min(strings.Count(s.Number, ".")+2, 6), strings.TrimSpace(strings.TrimPrefix(s.Number, "0")+" "+s.Title))
		}
		for _, c := range s.Stretches() {
			switch {
			case c.Rows != nil:
				tabled(doc, c)
			case c.Kind == clause.Heading:
				doc.Heading(4, c.Text)
			default:
				doc.Clause(c.ID, c.Text, nil)
			}
		}
	}
	if len(approvals) == 0 {
		return
	}
	doc.Heading(2, i18n.Text{"Godkendelser", "Approvals"}.In(l))
	var rows [][]string
	for _, a := range approvals {
		rows = append(rows, []string{a.Body, l.Date(a.Decided), a.Meeting, a.Case})
	}
	head := []i18n.Text{{"Udvalg", "Body"}, {"Dato", "Date"}, {"Møde og punkt", "Meeting and item"}, {"Sagsnummer", "Case number"}}
	var names []string
	for _, h := range head {
		names = append(names, h.In(l))
	}
	doc.Table("", names, rows)
}

// tabled sets the rows of a table, each with the number of its clause.
func tabled(doc *pdf.Document, table clause.Stretch) {
	var head []string
	var rows [][]string
	for i, row := range table.Rows {
		cells := append([]string{row.ID}, row.Cells()...)
		if table.Scope(i, 0) == "col" {
			head = cells
			continue
		}
		rows = append(rows, cells)
	}
	doc.Table("", head, rows)
}

// plainName keeps of a name what every system takes in the name of a file.
func plainName(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' {
			return r
		}
		return '_'
	}, s)
}
