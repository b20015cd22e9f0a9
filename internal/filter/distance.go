package filter

import (
	"slices"
	"strings"
	"unicode/utf8"

	"vaern/internal/i18n"
)

// slip finds what stands here nearly: a field's name before a comparison, or a
// comparison after a field's name.
func (p *parser) slip() (wrote string, near i18n.Text, ok bool) {
	at := p.pos
	defer func() { p.pos = at }()
	for i := range p.Fields {
		f := &p.Fields[i]
		if f.Sensitive {
			continue
		}
		for _, label := range append([]i18n.Text{f.Label}, pairs(alias[f.Name])...) {
			for _, name := range label {
				n := strings.Count(name, " ") + 1
				if wrote = p.run(n); nearly(wrote, strings.ToLower(name)) && p.comparesAt(n) {
					return wrote, label, true
				}
			}
		}
	}
	f, n := p.named()
	if f == nil {
		return "", near, false
	}
	p.pos += n
	for op, word := range opWords {
		if !slices.Contains(fits[f.Kind], op) {
			continue
		}
		for _, w := range word {
			n := strings.Count(w, " ") + 1
			if wrote = p.run(n); p.pos+n < len(p.all) && nearly(wrote, w) {
				return wrote, word, true
			}
		}
	}
	return "", near, false
}

// pairs are words that are the same in both languages.
func pairs(words []string) (out []i18n.Text) {
	for _, w := range words {
		out = append(out, i18n.Same(w))
	}
	return out
}

// run is what the next n words say.
func (p *parser) run(n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = p.peek(i).lower()
	}
	return strings.Join(words, " ")
}

// nearly reports whether a word of some length was meant to be another.
func nearly(wrote, name string) bool {
	if n := len(wrote) - len(name); n < -4 || n > 4 || utf8.RuneCountInString(wrote) < 4 {
		return false
	}
	d := distanceOf(wrote, name)
	return d == 1 || d == 2 && len(wrote) > 5
}

// comparesAt reports whether a comparison stands n words on.
func (p *parser) comparesAt(n int) bool {
	p.pos += n
	defer func() { p.pos -= n }()
	return slices.ContainsFunc(comparisons, func(c comparison) bool { return p.fitsHere(c.words) > 0 })
}

// distanceOf counts the letters to change, add, leave out or swap between two words.
func distanceOf(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range y {
		rows[0][j+1] = j + 1
	}
	for i := range x {
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			d := min(rows[i][j]+cost, rows[i][j+1]+1, rows[i+1][j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				d = min(d, rows[i-1][j-1]+1)
			}
			rows[i+1][j+1] = d
		}
	}
	return rows[len(x)][len(y)]
}
