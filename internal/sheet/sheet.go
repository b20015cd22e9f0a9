// Package sheet reads and writes what people keep in spreadsheets: XLSX, and
// CSV as Excel writes it. What it reads is bounded, whatever the file claims;
// what it writes cannot run as a formula.
package sheet

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"unicode"

	"vaern/internal/problem"

	"golang.org/x/text/unicode/norm"
)

// How large a spreadsheet may be.
const (
	MostBytes   = 20 << 20
	MostRows    = 200_000
	MostColumns = 200
	longestCell = 32_767    // characters: Excel's own bound
	longestRow  = 1 << 20   // bytes
	mostCells   = 2_000_000 // empty ones too: 200,000 rows of ten columns
	mostText    = 32 << 20
)

// Table is a spreadsheet as people mean it: a row of headings, and the rows
// below that say something.
type Table struct {
	Headings []string
	Rows     []Row
	Source
}

// Row is a row with its number in the spreadsheet, as Excel shows it.
type Row struct {
	Number int
	Cells  []string // as many as there are headings
}

// Read reads a spreadsheet. What is in the file decides what it is, not its
// name. A day is read as 2026-12-31, a formula as the value it showed.
func Read(file io.Reader) (*Table, error) {
	data, err := io.ReadAll(io.LimitReader(file, MostBytes+1))
	if err != nil {
		return nil, problem.New(problem.Invalid, "Filen kom ikke helt frem. Prøv igen.", "The file did not arrive whole. Try again.")
	}
	g := &gathering{}
	switch {
	case len(data) > MostBytes:
		return nil, problem.New(problem.Invalid, "Filen er over 20 MB. Del den i flere.", "The file is over 20 MB. Split it into several.")
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		err = g.xlsx(data)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		err = problem.New(problem.Invalid, "Filen er et gammelt Excel-format eller beskyttet med adgangskode. Gem den som .xlsx uden adgangskode, og prøv igen.",
			"The file is in an old Excel format or protected by a password. Save it as .xlsx without a password, and try again.")
	case bytes.HasPrefix(data, []byte("%PDF-")), bytes.HasPrefix(data, []byte("<")), bytes.HasPrefix(data, []byte(`{\rtf`)): // all letters, and yet no table
		err = noSpreadsheet()
	default:
		err = g.csv(data)
	}
	if err != nil {
		return nil, err
	}
	return g.table()
}

// gathering is what has been read so far, and what keeps it within bounds.
type gathering struct {
	rows   []Row
	size   int
	hidden map[int]bool // by number: rows that a person does not see
	source Source
}

func (g *gathering) add(number int, cells []string) error {
	for i, c := range cells {
		cells[i] = tidy(c)
		g.size += len(c)
		if len(c) > longestCell*4 {
			return tooLong()
		}
	}
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	switch {
	case len(cells) == 0:
		return nil
	case len(cells) > MostColumns:
		return problem.New(problem.Invalid, "Regnearket har over 200 kolonner. Slet dem, der ikke skal bruges.",
			"The spreadsheet has over 200 columns. Delete those that are not needed.")
	case len(g.rows) > MostRows:
		return tooManyRows()
	case g.size > mostText:
		return tooLarge()
	}
	g.rows = append(g.rows, Row{number, cells})
	return nil
}

// table finds the headings: the first row that is about as wide as the rows
// below it, since people write a title above.
func (g *gathering) table() (*Table, error) {
	widest := 0
	for _, r := range g.rows[:min(len(g.rows), 30)] {
		widest = max(widest, filled(r.Cells))
	}
	head := slices.IndexFunc(g.rows, func(r Row) bool { return filled(r.Cells)*10 >= widest*6 })
	if head < 0 || widest == 0 {
		return nil, problem.New(problem.Invalid, "Regnearket er tomt.", "The spreadsheet is empty.")
	}
	t := &Table{Headings: g.rows[head].Cells, Rows: g.rows[head+1:], Source: g.source}
	width := len(t.Headings)
	for _, r := range t.Rows {
		width = max(width, len(r.Cells))
		if g.hidden[r.Number] {
			t.Hidden++
		}
	}
	if width*len(t.Rows) > mostCells {
		return nil, tooManyCells()
	}
	t.Headings = wide(t.Headings, width)
	for i := range t.Rows {
		t.Rows[i].Cells = wide(t.Rows[i].Cells, width)
	}
	if len(t.Rows) == 0 {
		return nil, problem.New(problem.Invalid, "Der er kun overskrifter i regnearket, ingen rækker.", "There are only headings in the spreadsheet, no rows.")
	}
	return t, nil
}

func filled(cells []string) (n int) {
	for _, c := range cells {
		if c != "" {
			n++
		}
	}
	return n
}

func wide(cells []string, width int) []string {
	return append(cells, make([]string, width-len(cells))...)
}

// tidy takes away what nobody sees in a cell, and writes a letter with its ring or
// accent as one character, which a Mac may have parted.
func tidy(cell string) string {
	cell = norm.NFC.String(strings.ToValidUTF8(cell, ""))
	cell = strings.Map(func(r rune) rune {
		switch {
		case r == '\u00a0' || r == '\u202f':
			return ' '
		case r == '\u200b' || r == '\ufeff' || r == 0 || r < ' ' && r != '\n' && r != '\t', unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, cell)
	return strings.TrimSpace(cell)
}

// Column is the letters of a column, A for the first, as Excel shows it.
func Column(n int) string {
	var out []byte
	for n++; n > 0; n = (n - 1) / 26 {
		out = append([]byte{byte('A' + (n-1)%26)}, out...)
	}
	return string(out)
}

func tooLong() error {
	return problem.New(problem.Invalid, "En celle eller en række er længere, end et regneark kan rumme. Der mangler måske et anførselstegn.",
		"A cell or a row is longer than a spreadsheet can hold. Perhaps a quotation mark is missing.")
}

func noSpreadsheet() error {
	return problem.New(problem.Invalid, "Filen er ikke et regneark. Vælg en .xlsx- eller .csv-fil.", "The file is no spreadsheet. Choose an .xlsx or .csv file.")
}
