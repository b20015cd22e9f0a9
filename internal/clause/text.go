package clause

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// line is one line of a text file or of a page.
type line struct {
	text   string // without the margins
	indent int
	gap    bool // an empty line, or the edge of a page, stands before it
	page   bool // the first of a page
}

// FromText reads plain text, with form feeds between pages if it came from pages. Text with Markdown headings
// is read as Markdown.
func FromText(text string) []Block {
	if markdownHeading.MatchString(text) {
		return FromMarkdown(text)
	}
	pages := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(Clean(text)), "\f")
	var lines []line
	for _, page := range withoutFurniture(pages) {
		lines = append(lines, pageLines(page)...)
	}
	return classify(joinLines(lines))
}

func pageLines(page []string) []line {
	var lines []line
	gap := true
	for _, raw := range page {
		raw = strings.ReplaceAll(raw, "\t", "    ")
		text := squeeze(softHyphens(raw))
		if text == "" || isRule(text) {
			gap = true
			continue
		}
		indent := utf8.RuneCountInString(raw) - utf8.RuneCountInString(strings.TrimLeft(raw, " "))
		lines = append(lines, line{text: text, indent: indent, gap: gap, page: len(lines) == 0})
		gap = false
	}
	return lines
}

// softHyphens makes the hyphen that shows a break visible and takes the others, which show nothing, away.
func softHyphens(text string) string {
	if trimmed := strings.TrimSpace(text); strings.HasSuffix(trimmed, "\u00ad") {
		text = strings.TrimSuffix(trimmed, "\u00ad") + "-"
	}
	return strings.ReplaceAll(text, "\u00ad", "")
}

// isRule tells whether a line is only drawn: "-----", "=====".
func isRule(text string) bool {
	return utf8.RuneCountInString(text) >= 3 && strings.Trim(text, "-_=*~.· ") == ""
}

var (
	markdownHeading = regexp.MustCompile(`(?m)^#{1,6} \S`)

	pageNumber = regexp.MustCompile(`(?i)^\W*(side|page|s\.|p\.)\s*\d+(\s*(af|of|/|-)\s*\d+)?\W*$`)
	loneNumber = regexp.MustCompile(`^\W{0,3}\d{1,3}(\s*(af|of|/)\s*\d{1,3})?\W{0,3}$`)
	digits     = regexp.MustCompile(`\d+`)
)

// withoutFurniture takes page numbers and repeated headers and footers off the pages. The first page keeps a
// repeated header, since a policy's name or owner may stand nowhere else.
func withoutFurniture(pages []string) [][]string {
	out := make([][]string, len(pages))
	edges := map[string]int{} // how many pages have the line at their edge
	for i, page := range pages {
		out[i] = strings.Split(page, "\n")
		for _, text := range edgesOf(out[i]) {
			edges[text]++
		}
	}
	for i := range out {
		edge := edgesOf(out[i])
		for at, text := range edge {
			repeated := edges[text] >= 3 || edges[text] == 2 && len(pages) <= 3
			original := squeeze(out[i][at])
			switch {
			case len(pages) > 1 && loneNumber.MatchString(original),
				repeated && (i > 0 || pageNumber.MatchString(original) || digits.MatchString(original)):
				out[i][at] = ""
			}
		}
		for at, text := range out[i] {
			if pageNumber.MatchString(squeeze(text)) {
				out[i][at] = ""
			}
		}
	}
	return out
}

// edgesOf gives the two first and two last filled lines of a page by place, with digits made alike.
func edgesOf(page []string) map[int]string {
	var filled []int
	for at, text := range page {
		if squeeze(text) != "" {
			filled = append(filled, at)
		}
	}
	if len(filled) > 4 {
		filled = append(filled[:2:2], filled[len(filled)-2:]...)
	}
	edges := map[int]string{}
	for _, at := range filled {
		edges[at] = digits.ReplaceAllString(squeeze(page[at]), "0")
	}
	return edges
}
