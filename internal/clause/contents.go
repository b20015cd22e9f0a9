package clause

import (
	"regexp"
	"strings"
)

var (
	contentsTitle = regexp.MustCompile(`(?i)^(indhold|indholdsfortegnelse|contents|table of contents)\s*:?$`)
	leaderLine    = regexp.MustCompile(`^(.*\p{L}.*?)\s?(?:\.{4,}|…{2,}|(?:\. ){3,}|_{4,})\s?\d{1,3}$`)
	pageAtEnd     = regexp.MustCompile(`^(.*\p{L}.*?)\s\d{1,3}$`)
)

// contents marks the passages that are a table of contents: lines led to a page number by dots, and after the
// words "Table of contents" those that end in a number or come again as headings.
func contents(passages []passage) []bool {
	in := make([]bool, len(passages))
	for i := 0; i < len(passages); i++ {
		if leaderLine.MatchString(passages[i].text) {
			in[i] = true
		}
		if !contentsTitle.MatchString(passages[i].text) {
			continue
		}
		in[i] = true
		later := texts(passages[i+1:])
		for i+1 < len(passages) && isEntry(passages[i+1].text, later) {
			i++
			in[i] = true
			later[key(passages[i].text)]--
		}
	}
	return in
}

func texts(passages []passage) map[string]int {
	count := map[string]int{}
	for _, p := range passages {
		count[key(p.text)]++
	}
	return count
}

func isEntry(text string, later map[string]int) bool {
	if leaderLine.MatchString(text) || later[key(text)] > 1 {
		return true
	}
	found := pageAtEnd.FindStringSubmatch(text)
	return found != nil && later[key(found[1])] > 0
}

// key is a line as it is compared: without marker, page number, dots and case.
func key(text string) string {
	if found := leaderLine.FindStringSubmatch(text); found != nil {
		text = found[1]
	}
	_, rest := markOf(text)
	return strings.ToLower(strings.Trim(rest, " .:"))
}
