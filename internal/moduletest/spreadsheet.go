package moduletest

import (
	"bytes"
	"encoding/csv"
	"html"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"vaern/internal/field"
	"vaern/internal/sheet"
)

// spread are rows as a spreadsheet has them, under the labels of the fields that any of them says.
func (t *try) spread(rows ...url.Values) (text string, fields []field.Field) {
	for _, f := range t.m.Fields {
		if !f.Set && !f.Sensitive && slices.ContainsFunc(rows, func(row url.Values) bool { return row.Has(f.Name) }) {
			fields = append(fields, f)
		}
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.Comma = ';'
	var head []string
	for _, f := range fields {
		head = append(head, f.Label[0])
	}
	w.Write(head)
	for _, row := range rows {
		var cells []string
		for _, f := range fields {
			cells = append(cells, row.Get(f.Name))
		}
		w.Write(cells)
	}
	w.Flush()
	return out.String(), fields
}

// handIn hands in a spreadsheet and confirms its columns; it returns the page
// that tells what the rows would do.
func (t *try) handIn(rows ...url.Values) string {
	t.Helper()
	text, fields := t.spread(rows...)
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	file, _ := w.CreateFormFile("file", "liste.csv")
	file.Write([]byte(text))
	w.Close()
	path := t.want(t.send("POST", t.at()+"/import", w.FormDataContentType(), form.String()), 303).Header().Get("Location")
	columns := t.want(t.get(path), 200)
	mapping := url.Values{}
	for i, f := range fields {
		name := "column-" + sheet.Column(i)
		if t.want(columns, 200, `name="`+name+`"`); !strings.Contains(columns.Body.String(), `<option value="`+f.Name+`" selected>`) {
			t.Errorf("the heading %q is not taken for %s", f.Label[0], f.Name)
		}
		mapping.Set(name, f.Name)
	}
	t.want(t.form(path+"/columns", mapping), 303)
	t.site.Work.Wait()
	return path
}

// unformatted is a row whose cells have lost their formats: Excel shows days as numbers then.
func (t *try) unformatted(row url.Values) url.Values {
	for _, f := range t.m.Fields {
		if day, err := time.Parse(time.DateOnly, row.Get(f.Name)); f.Kind == field.Day && err == nil {
			row.Set(f.Name, strconv.Itoa(int(day.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours())/24))
		}
	}
	return row
}

// excelDay is a cell that holds Excel's number of a day of these years.
var excelDay = regexp.MustCompile(`<span>4[4-9]\d{3}</span>`)

// step posts a step of an import and returns the page when it is over.
func (t *try) step(path, step string) *httptest.ResponseRecorder {
	t.Helper()
	t.want(t.form(path+"/"+step, nil), 303)
	t.site.Work.Wait()
	return t.want(t.get(path), 200)
}

func imports(t *try) {
	before, there := t.leaves(), t.found(nil)
	path := t.handIn(t.sample(1, "a"), t.unformatted(t.sample(2, "a")), t.sample(3, "b"))
	t.want(t.get(path), 200, "2\u00a0nye", "1\u00a0forkert.", "adgang")
	if n := t.leaves(); n != before {
		t.Errorf("looking at what rows would do left %d leaves", n-before)
	}
	if !strings.HasPrefix(t.want(t.get(path+"/wrong"), 200).Body.String(), "PK") {
		t.Error("the wrong rows are no spreadsheet")
	}
	if day, ok := t.the(func(f field.Field) bool { return f.Kind == field.Day && !f.Set && !f.Sensitive }); ok && !t.m.Sensitive {
		n := 6
		for t.sample(n, "a").Get(day.Name) == "" && n < 30 {
			n++
		}
		short := url.Values{} // a row of few columns is shown with all of them
		for _, f := range t.m.Fields {
			if f.Required || f.Key || f.Name == day.Name {
				short.Set(f.Name, t.sample(n, "a").Get(f.Name))
			}
		}
		if page := t.want(t.get(t.handIn(t.unformatted(short))), 200).Body.String(); excelDay.MatchString(page) {
			t.Error("a day is shown as the number that stands in the cell, not as it was read")
		}
	}
	if f, ok := t.the(func(f field.Field) bool { return f.Required && !f.Set && !f.IsUnit() && !f.Key && f.Kind == field.Text }); ok {
		both := t.sample(4, "a") // all that is wrong with a row is told at once
		both.Set(f.Name, "")
		both.Set("unit", "xyzzy")
		t.want(t.get(t.handIn(both)), 200, "»xyzzy«", field.Needed[0])
	}
	t.want(t.step(path, "save"), 200, "2 er oprettet", "Fortryd hele indlæsningen")
	if t.leaves() == before {
		t.Error("an import left no leaf")
	}
	made := slices.DeleteFunc(t.found(nil), func(id string) bool { return slices.Contains(there, id) })
	if len(made) != 2 {
		t.Fatalf("%d records were made of 2 rows", len(made))
	}
	if page := t.want(t.get(t.at()+"/"+made[0]), 200).Body.String(); !strings.Contains(page, "indlæste") && !t.m.Sensitive {
		t.Error("the history of a record does not know that it was imported")
	}
	t.as("bo")
	t.want(t.get(path), 404)
	t.want(t.form(path+"/undo", nil), 404)
	for _, id := range made {
		if slices.Contains(t.found(nil), id) {
			t.Error("who reaches unit b finds what was imported into a")
		}
	}
	t.as("anna", "see")
	t.want(t.get(t.at()+"/import"), 403)
	t.want(t.form(path+"/save", nil), 403)
	t.as("anna")
	t.want(t.step(path, "undo"), 200, "fortrudt")
	if now := t.found(nil); len(now) != len(there) {
		t.Errorf("%d records are left where there were %d", len(now), len(there))
	}
}

func reimports(t *try) {
	key, ok := t.the(func(f field.Field) bool { return f.Key && !f.Set })
	if !ok {
		t.Skip("its rows are known by no number")
	}
	first := t.handIn(t.sample(1, "a"), t.sample(2, "a"))
	t.want(t.step(first, "save"), 200, "2 er oprettet")
	changed := t.sample(2, "a")
	f, value := t.altered(3)
	changed.Set(f.Name, value)
	shouted := t.sample(1, "a") // it means the same record, which keeps its key
	shouted.Set(key.Name, otherCase(shouted.Get(key.Name)))
	again := t.handIn(shouted, changed)
	page := t.want(t.get(again+"?show=changed"), 200, "0\u00a0nye", "1\u00a0ændret,", "1\u00a0uændret ")
	if t.free(f) {
		t.want(page, 200, "<ins>"+value+"</ins>")
	}
	if t.free(f) && !t.m.Sensitive {
		t.want(page, 200, "<del>"+t.sample(2, "a").Get(f.Name)+"</del>")
	}
	if page := t.want(t.step(again, "save"), 200, "1 er ændret").Body.String(); strings.Contains(page, noRows) {
		t.Error("what an import changed is not shown once it is stored")
	}
	t.want(t.step(first, "undo"), 200, "kan ikke fortrydes", "er rettet siden")
	t.want(t.step(again, "undo"), 200, "fortrudt")
	t.want(t.step(first, "undo"), 200, "fortrudt")
	other := t.sample(1, "a")
	other.Set(f.Name, value)
	first, again = t.handIn(t.sample(1, "a")), t.handIn(other) // two at a time
	t.want(t.step(first, "save"), 200, "1 er oprettet")
	if page := t.want(t.step(again, "save"), 200, "1 forkerte er ikke gemt", "siden du så listen").Body.String(); strings.Contains(page, "Fortryder du") {
		t.Error("an import of which nothing was stored says what undoing it does")
	}
	t.want(t.step(first, "undo"), 200, "fortrudt")

	changed.Set(key.Name, otherCase(changed.Get(key.Name)))
	twice := t.handIn(t.sample(2, "a"), changed)
	asking := t.want(t.get(twice), 200, "2\u00a0forkerte", "Hvilken gælder", "både i række 2 og 3").Body.String()
	answer := url.Values{"twice": {"last"}}
	for _, m := range saidColumn.FindAllStringSubmatch(asking, -1) {
		answer.Set(m[1], m[2])
	}
	t.want(t.form(twice+"/columns", answer), 303)
	t.site.Work.Wait()
	t.want(t.get(twice), 200, "1\u00a0ny,", "1\u00a0forkert.", "Række 3 gælder")
}

// noRows is what a list of rows says that has none.
const noRows = "Ingen rækker her"

// otherCase has every letter as it was not.
func otherCase(text string) string {
	if up := strings.ToUpper(text); up != text {
		return up
	}
	return strings.ToLower(text)
}

var saidColumn = regexp.MustCompile(`name="(column-[A-Z]+)" value="([^"]*)"`)

// exports: what is downloaded is the list as it is shown, with its rows, its
// order and its columns, and nobody else's.
func exports(t *try) {
	t.create(1, "a")
	t.create(2, "a")
	before := t.leaves()
	f := t.alterable()
	title, _ := t.the(func(f field.Field) bool { return f.Title })
	for _, list := range []url.Values{{}, {"sort": {title.Name}}, {"sort": {"-" + title.Name}},
		{"filter": {asked(f, t.sample(1, "a").Get(f.Name))}}, {"columns": {"no_such,unit," + f.Name}}} {
		for _, form := range []string{"csv", "xlsx"} {
			t.asShown(form, list)
		}
	}
	w := t.want(t.get(t.at()+"/export?format=pdf"), 200, "%PDF-", "/StructTreeRoot")
	if w.Header().Get("Content-Disposition") != `attachment; filename="`+t.m.Plural+`.pdf"` {
		t.Errorf("a PDF is downloaded as %q", w.Header().Get("Content-Disposition"))
	}
	if n := t.leaves(); n != before {
		t.Errorf("downloading left %d leaves", n-before)
	}
	t.as("bo")
	t.asShown("csv", nil)
	t.as("anna", "create")
	t.want(t.get(t.at()+"/export"), 403)
}

// asShown compares a file with the page that it is downloaded from.
func (t *try) asShown(form string, list url.Values) {
	t.Helper()
	page := t.want(t.get(t.at()+"?"+list.Encode()), 200).Body.String()
	columns, titles := headings(page), []string(nil)
	for _, m := range shownTitle.FindAllStringSubmatch(page, -1) {
		titles = append(titles, plain(m[1]))
	}
	file, err := sheet.Read(t.want(t.get(t.at()+"/export?format="+form+"&"+list.Encode()), 200).Body)
	if err != nil { // what has no rows is no spreadsheet
		if len(titles) > 0 {
			t.Errorf("%s of %v: %v", form, list, err)
		}
		return
	}
	var has []string
	for _, row := range file.Rows {
		has = append(has, row.Cells[0])
	}
	if !slices.Equal(has, titles) || len(titles) > 0 && !slices.Equal(file.Headings, columns) {
		t.Errorf("%s of %v holds %q of %q, the page shows %q of %q", form, list, file.Headings, has, columns, titles)
	}
}

var (
	shownColumn = regexp.MustCompile(`(?s)role="columnheader"[^>]*>(.*?)</th>`)
	shownTitle  = regexp.MustCompile(`(?s)<th scope="row"[^>]*class="title">(.*?)</th>`)
	anyTag      = regexp.MustCompile(`<[^>]*>`)
)

func plain(text string) string {
	return strings.Trim(html.UnescapeString(anyTag.ReplaceAllString(text, "")), " ↑↓")
}
