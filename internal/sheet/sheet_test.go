package sheet_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/sheet"
)

func read(t *testing.T, data string) *sheet.Table {
	t.Helper()
	got, err := sheet.Read(strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestCSVIsReadAsExcelAndOthersWriteIt(t *testing.T) {
	windows, _ := charmap.Windows1252.NewEncoder().String("Navn;Sted\r\nÆrø Åberg;Øst\r\n")
	wide, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String("Navn\tSted\nÆrø Åberg\tØst\n")
	for name, text := range map[string]string{
		"semicolons":         "Navn;Sted\nÆrø Åberg;Øst\n",
		"commas":             "Navn,Sted\nÆrø Åberg,Øst\n",
		"tabs":               "Navn\tSted\nÆrø Åberg\tØst\n",
		"with a mark":        "\ufeffNavn;Sted\r\nÆrø Åberg;Øst\r\n",
		"Windows":            windows,
		"UTF-16":             wide,
		"the separator said": "sep=,\r\nNavn,Sted\r\nÆrø Åberg,Øst\r\n",
		"quoted":             "\"Navn\";\"Sted\"\n\"Ærø Åberg\";\"Øst\"\n",
		"a title above":      "Personaleliste pr. 1.11.2026\n\nNavn;Sted\nÆrø Åberg;Øst\n",
		"from a Mac":         norm.NFD.String("Navn;Sted\nÆrø Åberg;Øst\n"),
		"spaces around":      "Navn ; Sted\n  Ærø\u00a0Åberg;Øst  \n\n;\n",
	} {
		got := read(t, text)
		if fmt.Sprint(got.Headings) != "[Navn Sted]" || len(got.Rows) != 1 || fmt.Sprint(got.Rows[0].Cells) != "[Ærø Åberg Øst]" {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestRowsHaveTheNumbersThatExcelShows(t *testing.T) {
	got := read(t, "Navn;Note\nA;\"to\nlinjer\"\n\nB;\"citat \"\"her\"\"\"\nC;1,5\n")
	want := "[{2 [A to\nlinjer]} {4 [B citat \"her\"]} {5 [C 1,5]}]"
	if fmt.Sprint(got.Rows) != want {
		t.Errorf("got %v", got.Rows)
	}
	if sheet.Column(0)+sheet.Column(25)+sheet.Column(26)+sheet.Column(701)+sheet.Column(702) != "AZAAZZAAA" {
		t.Error("the letters of the columns")
	}
}

// workbook writes an XLSX as a municipality's might be.
func workbook(t *testing.T, fill func(*excelize.File)) string {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	fill(book)
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func set(t *testing.T, book *excelize.File, name string, cells map[string]any) {
	t.Helper()
	for at, v := range cells {
		if err := book.SetCellValue(name, at, v); err != nil {
			t.Fatal(err)
		}
	}
}

func TestXLSXIsReadAsItsReaderMeans(t *testing.T) {
	day := time.Date(2026, 12, 3, 0, 0, 0, 0, time.UTC)
	got := read(t, workbook(t, func(book *excelize.File) {
		set(t, book, "Sheet1", map[string]any{
			"A1": "Liste", "A3": "Nr.", "B3": "Navn", "C3": "Dag", "D3": "Antal", "E3": "Ja", "F3": "Sum",
			"A4": 5798009811578, "B4": "Ærø", "C4": day, "D4": 1234.5, "E4": true, "F4": 7,
			"A6": "007", "B6": "Åse", "C6": day, "D6": 12345678, "E6": false, "F6": 8,
			"A7": "8", "C7": day, "C8": day, "C9": day, "D7": 46000, "A8": "9", "A9": "10",
		})
		for format, at := range map[string]string{"dd-mm-yy": "C6", "[$-406]d. mmmm yyyy;@": "C7", "dddd d mmm yyyy": "C8", "#,##0": "D6", "00-00-00": "D7"} {
			style, err := book.NewStyle(&excelize.Style{CustomNumFmt: &format})
			if err != nil {
				t.Fatal(err)
			}
			if err := book.SetCellStyle("Sheet1", at, at, style); err != nil {
				t.Fatal(err)
			}
		}
		if err := book.SetCellFormula("Sheet1", "F4", "3+4"); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"Vejledning", "Tom"} {
			if _, err := book.NewSheet(name); err != nil {
				t.Fatal(err)
			}
		}
		set(t, book, "Vejledning", map[string]any{"A1": "Sådan"})
		for _, row := range []int{1, 2, 5, 7, 9} { // a title, nothing, nothing, and two rows
			if err := book.SetRowVisible("Sheet1", row, false); err != nil {
				t.Fatal(err)
			}
		}
	}))
	want := "[{4 [5798009811578 Ærø 2026-12-03 1234.5 true 7]} {6 [007 Åse 2026-12-03 12345678 false 8]} {7 [8  2026-12-03 46000  ]} {8 [9  2026-12-03   ]} {9 [10  2026-12-03   ]}]"
	if fmt.Sprint(got.Headings) != "[Nr. Navn Dag Antal Ja Sum]" || fmt.Sprint(got.Rows) != want {
		t.Errorf("got  %v\nwant %s", got.Rows, want)
	}
	if got.Sheet != "Sheet1" || fmt.Sprint(got.Left) != "[Vejledning]" || got.Hidden != 2 {
		t.Errorf("read from %+v", got.Source)
	}
}

func TestWhatIsWrittenIsReadAgainAndRunsNowhere(t *testing.T) {
	head := []sheet.Heading{{"Navn", sheet.Text}, {"Antal", sheet.Number}, {"Dag", sheet.Day}}
	rows := [][]string{{"=cmd|' /c calc'!A0", "4", "2026-12-31"}, {"+45 12345678", "-5", ""}, {"@x\nto", "0", "2026-01-02"}, {"-12,5", "1", ""}, {"＝1+1", "1", ""}}
	each := func(write func([]string) error) error {
		for _, r := range rows {
			if err := write(r); err != nil {
				return err
			}
		}
		return nil
	}
	for _, l := range i18n.Langs {
		var out bytes.Buffer
		if err := sheet.CSV(&out, l, head, each); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), "'=cmd") || !strings.Contains(out.String(), "'+45") || !strings.Contains(out.String(), "'@x") || !strings.Contains(out.String(), "'＝") || strings.Contains(out.String(), "'-") {
			t.Errorf("a formula in CSV: %s", out.String())
		}
		same(t, read(t, out.String()), rows)
	}
	var out bytes.Buffer
	if err := sheet.XLSX(&out, "Personer: 1/2 [alle], og flere end der kan stå", head, each); err != nil {
		t.Fatal(err)
	}
	same(t, read(t, out.String()), rows)
	book, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	name := book.GetSheetName(0)
	if f, err := book.GetCellFormula(name, "A2"); f != "" || err != nil {
		t.Errorf("a formula in XLSX: %s %v", f, err)
	}
	if kind, err := book.GetCellType(name, "B2"); kind == excelize.CellTypeInlineString || err != nil {
		t.Errorf("a number is stored as text: %v", err)
	}
}

func same(t *testing.T, got *sheet.Table, want [][]string) {
	t.Helper()
	var cells [][]string
	for _, r := range got.Rows {
		cells = append(cells, r.Cells)
	}
	if fmt.Sprintf("%q", cells) != fmt.Sprintf("%q", want) {
		t.Errorf("got  %q\nwant %q", cells, want)
	}
}

func TestWhatIsNoSpreadsheetIsRefusedInWords(t *testing.T) {
	var bomb bytes.Buffer
	z := zip.NewWriter(&bomb)
	f, _ := z.Create("xl/worksheets/sheet1.xml")
	zeros := make([]byte, 1<<20)
	for range 450 {
		f.Write(zeros)
	}
	z.Close()
	for name, c := range map[string]struct{ data, says string }{
		"nothing":        {"", "tomt"},
		"spaces":         {"  \n ; \n", "tomt"},
		"only headings":  {"Navn;Sted\n", "kun overskrifter"},
		"old Excel":      {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "gammelt Excel-format"},
		"a picture":      {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "ikke et regneark"},
		"a PDF":          {"%PDF-1.7\n1 0 obj;x\n2;3\n", "ikke et regneark"},
		"a page":         {"<table><tr><td>1;2</td></tr>\n</table>", "ikke et regneark"},
		"a broken zip":   {"PK\x03\x04 og så ikke mere", "kan ikke læses som et regneark"},
		"a zip bomb":     {bomb.String(), "fylder for meget"},
		"many columns":   {strings.Repeat("a;", 300) + "\n1;2\n", "200 kolonner"},
		"an open quote":  {"Navn;Sted\n\"A;" + strings.Repeat("x", 200_000) + "\n", "anførselstegn"},
		"many rows":      {"a;b\n" + strings.Repeat("1;2\n", sheet.MostRows+1), "200.000 rækker"},
		"too many bytes": {strings.Repeat("x", sheet.MostBytes+1), "20 MB"},
	} {
		_, err := sheet.Read(strings.NewReader(c.data))
		if p := problem.As(err); p == nil || p.Kind != problem.Invalid || !strings.Contains(p.Text[0], c.says) || !p.Text.Whole() {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("Navn;Sted\nA;B\n"))
	f.Add([]byte("\"a\"\"b\";\"\n\"\nx"))
	f.Add([]byte("sep=|\na|b\n\xe6|\xf8\n"))
	f.Add([]byte("\xff\xfea\x00;\x00b\x00\n\x001\x00;\x002\x00"))
	book := excelize.NewFile()
	book.SetCellValue("Sheet1", "A1", "Navn")
	book.SetCellValue("Sheet1", "B2", 46000)
	var out bytes.Buffer
	book.Write(&out)
	f.Add(out.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := sheet.Read(bytes.NewReader(data))
		if err != nil {
			if problem.As(err) == nil {
				t.Fatalf("no error for people: %v", err)
			}
			return
		}
		for _, r := range got.Rows {
			if len(r.Cells) != len(got.Headings) || r.Number < 1 {
				t.Fatalf("row %d has %d cells for %d headings", r.Number, len(r.Cells), len(got.Headings))
			}
		}
	})
}
