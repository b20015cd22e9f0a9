package intake

import (
	"slices"
	"strings"

	"vaern/internal/i18n"
	"vaern/internal/sheet"
)

// Secret reports whether a heading is that of personal numbers, which are not read.
func Secret(heading string) bool {
	word := letters(heading)
	return strings.Contains(word, "cpr") || word == "personnummer" || word == "personnr"
}

var (
	firsts = []string{"fornavn", "fornavne", "firstname", "givenname"}
	lasts  = []string{"efternavn", "efternavne", "lastname", "surname", "familyname"}
	wholes = []string{"navn", "name", "fuldenavn", "fuldtnavn", "fullname"}
)

// Tidy makes of a spreadsheet what a register asks for: personal numbers are left out before anything is kept,
// and a name in two columns, or with the last name first, is one.
func Tidy(t *sheet.Table) {
	at := func(words []string) int {
		return slices.IndexFunc(t.Headings, func(h string) bool { return slices.Contains(words, letters(h)) })
	}
	for c, heading := range t.Headings {
		if Secret(heading) {
			each(t, c, func([]string) string { return "" })
		}
	}
	if turned := at([]string{"efternavnfornavn", "efternavnfornavne", "lastnamefirstname"}); turned >= 0 {
		each(t, turned, func(row []string) string {
			if last, first, ok := strings.Cut(row[turned], ","); ok {
				return strings.TrimSpace(strings.TrimSpace(first) + " " + strings.TrimSpace(last))
			}
			return row[turned]
		})
		t.Headings[turned] = name(t.Headings[turned])
	}
	first, last := at(firsts), at(lasts)
	if first < 0 || last < 0 || at(wholes) >= 0 {
		return
	}
	each(t, first, func(row []string) string { return strings.TrimSpace(row[first] + " " + row[last]) })
	each(t, last, func([]string) string { return "" })
	t.Headings[first], t.Headings[last] = name(t.Headings[first]), ""
}

// name heads a column of names in the language of what it headed.
func name(heading string) string {
	word := i18n.Text{"Navn", "Name"}
	if strings.HasSuffix(letters(heading), "name") {
		return word[i18n.En]
	}
	return word[i18n.Da]
}

func each(t *sheet.Table, column int, cell func(row []string) string) {
	for _, row := range t.Rows {
		row.Cells[column] = cell(row.Cells)
	}
}
