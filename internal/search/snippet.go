package search

import (
	"strings"
	"unicode/utf8"

	"vaern/internal/term"
)

// Piece is a stretch of a text; what was looked for is marked.
type Piece struct {
	Text string
	Mark bool
}

const (
	shown  = 220 // bytes of a text that stand below a hit
	before = 70  // of them before the first word that was found
)

// marked cuts a text at the words that were looked for.
func marked(query term.Query, text string) (out []Piece) {
	at := 0
	for _, w := range term.Words(text) {
		if w.From < at || !query.Finds(w) {
			continue
		}
		if w.From > at {
			out = append(out, Piece{text[at:w.From], false})
		}
		out = append(out, Piece{text[w.From:w.To], true})
		at = w.To
	}
	if at < len(text) {
		out = append(out, Piece{text[at:], false})
	}
	return out
}

// snippet is the stretch of a text around the first word that was looked for;
// its beginning, where none is in it.
func snippet(query term.Query, text string) []Piece {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) <= shown {
		return marked(query, text)
	}
	from := 0
	for _, w := range term.Words(text) {
		if query.Finds(w) {
			from = max(w.From-before, 0)
			break
		}
	}
	until := min(from+shown, len(text))
	from = max(min(from, until-shown), 0)
	lead, tail := "", ""
	if from > 0 {
		from += boundary(text[from:])
		lead = "… "
	}
	if until < len(text) {
		until = from + max(strings.LastIndexByte(text[from:until], ' '), 0)
		tail = " …"
	}
	out := marked(query, text[from:until])
	if lead != "" {
		out = append([]Piece{{lead, false}}, out...)
	}
	if tail != "" {
		out = append(out, Piece{tail, false})
	}
	return out
}

// boundary is where the next word of a text begins that may be cut within one,
// or within a letter.
func boundary(text string) int {
	if i := strings.IndexByte(text, ' '); i >= 0 {
		return i + 1
	}
	for i := range text {
		if utf8.RuneStart(text[i]) {
			return i
		}
	}
	return 0
}
