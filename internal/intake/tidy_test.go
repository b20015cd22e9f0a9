package intake_test

import (
	"slices"
	"strings"
	"testing"

	"vaern/internal/intake"
	"vaern/internal/sheet"
)

func TestNamesAreOneAndPersonalNumbersAreLeftOut(t *testing.T) {
	for _, c := range []struct{ file, head, row string }{
		{"Fornavn;Efternavn;Nr\nÅse;Sørensen;1\nJens;Holm;2", "Navn||Nr", "Åse Sørensen||1"},
		{"Efternavn;Fornavn;Nr\nSørensen;Åse;1\nHolm;Jens;2", "|Navn|Nr", "|Åse Sørensen|1"},
		{"Efternavn, fornavn;Nr\nSørensen, Åse;1\nHolm, Jens;2", "Navn|Nr", "Åse Sørensen|1"},
		{"First name;Last name;Nr\nÅse;Sørensen;1\nJens;Holm;2", "Name||Nr", "Åse Sørensen||1"},
		{"Navn;Fornavn;Efternavn\nÅse Sørensen;Åse;Sørensen\nJens Holm;Jens;Holm", "Navn|Fornavn|Efternavn", "Åse Sørensen|Åse|Sørensen"},
		{"Navn;CPR-nr.;Nr\nÅse;010203-0405;1\nJens;020304-0506;2", "Navn|CPR-nr.|Nr", "Åse||1"},
	} {
		table, err := sheet.Read(strings.NewReader(c.file))
		if err != nil {
			t.Fatal(err)
		}
		intake.Tidy(table)
		if head, row := strings.Join(table.Headings, "|"), strings.Join(table.Rows[0].Cells, "|"); head != c.head || row != c.row {
			t.Errorf("%q: %q and %q, want %q and %q", c.file, head, row, c.head, c.row)
		}
		if slices.ContainsFunc(table.Rows, func(r sheet.Row) bool { return strings.Contains(strings.Join(r.Cells, ""), "0203") }) {
			t.Errorf("%q: a personal number is kept", c.file)
		}
	}
}
