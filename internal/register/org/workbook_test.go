package org

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"mime/multipart"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"vaern/internal/sheet"
)

// workbook is a file as Excel keeps it: a row of headings and some more.
func (o *office) workbook(fill func(*excelize.File) error, rows ...[]any) string {
	o.Helper()
	book := excelize.NewFile()
	defer book.Close()
	for i, row := range rows {
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err == nil {
			err = book.SetSheetRow("Sheet1", at, &row)
		}
		if err != nil {
			o.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := fill(book); err != nil {
		o.Fatal(err)
	}
	if err := book.Write(&out); err != nil {
		o.Fatal(err)
	}
	return out.String()
}

// send hands in a file, and returns the page it leads to.
func (o *office) send(path, name, data string, fields ...[2]string) string {
	o.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for _, f := range fields {
		w.WriteField(f[0], f[1])
	}
	file, _ := w.CreateFormFile("file", name)
	file.Write([]byte(data))
	w.Close()
	got := o.ask("POST", path, w.FormDataContentType(), form.String())
	if got.Code != 303 {
		o.Fatalf("%s: %d %s", path, got.Code, got.Body)
	}
	o.site.Work.Wait()
	return got.Header().Get("Location")
}

// shows tries that a page says all of these.
func (o *office) shows(path string, says ...string) {
	o.Helper()
	page := strings.ReplaceAll(o.ask("GET", path, "", "").Body.String(), "\u00a0", " ")
	for _, s := range says {
		if !strings.Contains(page, s) {
			o.Errorf("%s does not say %q: %s", path, s, page)
		}
	}
}

// covered has two of three rows hidden, a sheet of help and one that is hidden.
func covered(book *excelize.File) error {
	for row := 3; row <= 4; row++ {
		if err := book.SetRowVisible("Sheet1", row, false); err != nil {
			return err
		}
	}
	for _, name := range []string{"Vejledning", "Lister"} {
		if _, err := book.NewSheet(name); err != nil {
			return err
		}
		if err := book.SetCellValue(name, "A1", "Sådan"); err != nil {
			return err
		}
	}
	return book.SetSheetVisible("Lister", false)
}

func TestWhatAPersonDoesNotSeeInAWorkbookIsTold(t *testing.T) {
	told := []string{"Also read: 2 hidden rows.", "Only “Sheet1” was read; skipped are “Vejledning”. To read another, move it to the front", "The file has hidden sheets. Only “Sheet1” was read; skipped are “Lister”."}
	inOffice(t, func(o *office) {
		units := o.workbook(covered, []any{"Nr.", "Navn", "Art"}, []any{"1", "Skole 1", "team"}, []any{"2", "Skole 2", "team"}, []any{"3", "Skole 3", "team"})
		path := o.send("/unit/import", "enheder.xlsx", units)
		o.shows(path, told...)
		o.post(path+"/columns", map[string][]string{"column-A": {"number"}, "column-B": {"name"}, "column-C": {"kind"}})
		o.site.Work.Wait()
		o.shows(path, append(told, "3 new")...)

		people := o.workbook(covered, []any{"Medarbejdernr.", "Navn", "Enhed"}, []any{"71", "Anna", "a"}, []any{"72", "Bo", "a"}, []any{"73", "Ida", "a"})
		o.shows(o.send("/people/feed", "personer.xlsx", people, [2]string{"about", "people"}), told...)

		body, _ := json.Marshal(map[string]any{"about": "people", "xlsx": base64.StdEncoding.EncodeToString([]byte(people)), "dry_run": true})
		var answer FeedAnswer
		if err := json.Unmarshal(o.ask("POST", "/api/v1/people/feed", "application/json", string(body)).Body.Bytes(), &answer); err != nil || answer.Hidden != 2 || strings.Join(answer.Left, " ") != "Vejledning Lister" {
			o.Errorf("a program is told %+v, %v", answer, err)
		}

		plain := o.workbook(func(*excelize.File) error { return nil }, []any{"Nr.", "Navn"}, []any{"1", "Skole 1"})
		if page := o.ask("GET", o.send("/unit/import", "enheder.xlsx", plain), "", "").Body.String(); strings.Contains(page, "Also read") || strings.Contains(page, "Sheet1") {
			o.Error("a file that hides nothing is said to")
		}
	})
}

// since1904 counts its days from 1904, as those of Excel for Mac did: 44653 is 2 April 2026, formatted or not.
func since1904(book *excelize.File) error {
	later, day := true, "dd-mm-yyyy"
	style, err := book.NewStyle(&excelize.Style{CustomNumFmt: &day})
	if err == nil {
		err = book.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &later})
	}
	if err == nil {
		err = book.SetCellStyle("Sheet1", "D2", "D2", style)
	}
	return err
}

func TestADayOfAWorkbookThatCountsFrom1904IsThatDay(t *testing.T) {
	number := int(time.Date(2026, 4, 2, 0, 0, 0, 0, time.UTC).Sub(time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)).Hours()) / 24
	inOffice(t, func(o *office) {
		people := o.workbook(since1904, []any{"Medarbejdernr.", "Navn", "Enhed", "Adgang slutter", "Tilknytning"},
			[]any{"81", "Anna", "a", number, "Medarbejder"}, []any{"82", "Bo", "a", number, "Medarbejder"}, []any{"83", "Ida", "a", number, "Marsmand"})
		path := o.send("/person/import", "personer.xlsx", people)
		o.post(path+"/columns", map[string][]string{"column-A": {"number"}, "column-B": {"name"}, "column-C": {"unit"}, "column-D": {"ends"}, "column-E": {"category"}})
		o.site.Work.Wait()
		wrong, err := sheet.Read(o.ask("GET", path+"/wrong", "", "").Body)
		if err != nil || len(wrong.Rows) != 1 || wrong.Rows[0].Cells[3] != "2026-04-02" {
			o.Errorf("the wrong row to correct is %+v, %v", wrong, err)
		}
		o.post(path+"/save", nil)
		o.site.Work.Wait()
		if n := o.count(`SELECT count(*) FROM person WHERE ends = '2026-04-02'`); n != 2 {
			o.Errorf("%d of 2 have access until that day: %s", n, o.text(`SELECT coalesce(min(ends), '') || ' ' || coalesce(max(ends), '') FROM person`))
		}

		file := o.workbook(since1904, []any{"Medarbejdernr.", "Navn", "Enhed", "Fratrådt"}, []any{"91", "Per", "a", number}, []any{"92", "Eva", "a", number})
		o.post(o.send("/people/feed", "personer.xlsx", file, [2]string{"about", "people"}, [2]string{"date", "2026-03-01"})+"/take", nil)
		o.site.Work.Wait()
		if n := o.count(`SELECT count(*) FROM person WHERE fed_ends = '2026-04-02'`); n != 2 {
			o.Errorf("by the personnel file %d of 2 have access until that day", n)
		}
	})
}
