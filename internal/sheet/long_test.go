package sheet_test

import (
	"fmt"
	"strings"
	"testing"

	"vaern/internal/problem"
	"vaern/internal/sheet"
)

func TestALongFileIsReadRowByRowAsOftenAsAsked(t *testing.T) {
	var text strings.Builder
	text.WriteString("Personaleliste\n\nNr;Navn;Sted\n")
	for n := range sheet.MostRows + 10 { // longer than people's spreadsheets
		fmt.Fprintf(&text, "%d; Navn %d ;\n", n, n)
	}
	f, err := sheet.ReadLong([]byte(text.String()))
	if err != nil || fmt.Sprint(f.Headings) != "[Nr Navn Sted]" {
		t.Fatalf("%v %v", f, err)
	}
	for range 2 {
		rows := 0
		for n, cells := range f.Rows {
			if rows == 0 && (n != 4 || cells[1] != "Navn 0") {
				t.Errorf("the first row: %d %q", n, cells)
			}
			rows++
		}
		if rows != sheet.MostRows+10 {
			t.Errorf("%d rows", rows)
		}
	}
	for n := range f.Rows {
		if n > 10 {
			break // nothing says that all of them are wanted
		}
	}
}

func TestWhatIsNoLongFileIsRefusedInWords(t *testing.T) {
	for name, text := range map[string]string{
		"a workbook": "PK\x03\x04x", "a picture": "\x89PNG\x00", "nothing": "\n\n",
		"columns late":       "Nr;Navn\n" + strings.Repeat("1;A\n", 100) + strings.Repeat("1;", sheet.MostColumns) + "1\n",
		"an open quote late": "Nr;Navn\n" + strings.Repeat("1;A\n", 100) + "2;\"" + strings.Repeat("x", 200_000),
	} {
		if _, err := sheet.ReadLong([]byte(text)); problem.Of(err) != problem.Invalid || !problem.As(err).Text.Whole() {
			t.Errorf("%s: %v", name, err)
		}
	}
}
