package intake

import (
	"slices"
	"strings"
	"unicode"

	"vaern/internal/field"
	"vaern/internal/i18n"
)

// alike are other words that people use for what fields are called.
var alike = map[string][]string{
	"number":     {"nummer", "nr", "id", "medarbejdernummer", "lønnummer", "tjenestenummer", "staffno", "employeeid", "no"},
	"name":       {"navn", "fuldenavn", "fornavnogefternavn", "fullname"},
	"title":      {"titel", "navn", "overskrift", "emne", "betegnelse", "name"},
	"mail":       {"email", "emailadresse", "mailadresse", "epost", "emailaddress"},
	"unit":       {"enhed", "afdeling", "organisation", "organisationsenhed", "arbejdssted", "center", "department", "organisationunit"},
	"owner":      {"ejer", "ansvarlig", "ejeransvarlig", "responsible"},
	"ends":       {"slut", "slutdato", "udløber", "fratrådt", "til", "enddate", "until"},
	"starts":     {"start", "startdato", "ansat", "ansættelsesdato", "fra", "startdate", "from"},
	"due":        {"frist", "deadline", "forfald", "forfaldsdato"},
	"category":   {"type", "kategori", "tilknytning", "ansættelsestype"},
	"kind":       {"art", "type", "slags"},
	"reference":  {"lov", "lovgivning", "lovgrundlag", "hjemmel", "retsgrundlag", "henvisning", "law"},
	"valid_from": {"gyldigfra", "gældendefra", "ikrafttræden", "fra", "startdato"},
	"valid_to":   {"gyldigtil", "gældendetil", "udløber", "til", "slutdato"},
	"note":       {"bemærkning", "bemærkninger", "noter", "kommentar", "remarks"},
}

// Guess says which field each heading means: by name and label in both
// languages, by what people also call it, and by close spellings. Each field is
// given once, to the heading that fits best.
func Guess(fields []field.Field, headings []string) []string {
	type fit struct{ column, field, distance int }
	var fits []fit
	for c, heading := range headings {
		for i, f := range fields {
			if d, ok := distance(f, letters(heading)); ok {
				fits = append(fits, fit{c, i, d})
			}
		}
	}
	slices.SortStableFunc(fits, func(a, b fit) int { return a.distance - b.distance })
	out, given := make([]string, len(headings)), map[string]bool{}
	for _, f := range fits {
		if name := fields[f.field].Name; out[f.column] == "" && !given[name] {
			out[f.column], given[name] = name, true
		}
	}
	return out
}

// distance is how far a heading is from a field: 0 is what it is called.
func distance(f field.Field, heading string) (int, bool) {
	if heading == "" {
		return 0, false
	}
	best, ok := 99, false
	near := func(word string, from int) {
		if d := from + edits(heading, word); word != "" && d < best && (d == from || d-from <= len(word)/4) {
			best, ok = d, true
		}
		if d := from + 3; d < best && shortens(heading, word) {
			best, ok = d, true
		}
	}
	for _, name := range []string{f.Name, f.Label[i18n.Da], f.Label[i18n.En]} {
		near(letters(name), 0)
	}
	for _, word := range alike[f.Name] {
		near(word, 2)
	}
	return best, ok
}

// shortens reports whether a heading leaves letters out of a word, but not the
// first two: "medarbnr" of "medarbejdernr".
func shortens(heading, word string) bool {
	if len(heading) < 3 || len(heading) >= len(word) || !strings.HasPrefix(word, heading[:2]) {
		return false
	}
	rest := []rune(word)
	for _, r := range heading {
		i := slices.Index(rest, r)
		if i < 0 {
			return false
		}
		rest = rest[i+1:]
	}
	return true
}

// letters are the letters and digits of a heading, in lower case.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// edits is how many letters must be changed, added, taken away or swapped.
func edits(a, b string) int {
	x, y := []rune(a), []rune(b)
	d := make([][]int, len(x)+1)
	for i := range d {
		d[i] = make([]int, len(y)+1)
		d[i][0] = i
	}
	for j := range y {
		d[0][j+1] = j + 1
	}
	for i := range x {
		for j := range y {
			cost := d[i][j]
			if x[i] != y[j] {
				cost++
			}
			cost = min(cost, d[i][j+1]+1, d[i+1][j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				cost = min(cost, d[i-1][j-1]+1)
			}
			d[i+1][j+1] = cost
		}
	}
	return d[len(x)][len(y)]
}
