package theme

import (
	"strings"
	"unicode"
)

// gap is how many words may stand where a pattern says "..".
const gap = 8

// A pattern is words that stand together in a clause, written as in a dictionary:
// "leverandør" meets every inflection, "beredskab-" every word that begins so,
// "-ejerskab" every word that ends so, "-risiko-" every word that contains it,
// ".." a few words between, and "^" the clause's beginning.
type pattern []part

type part struct {
	text        string // the letters, or the stem when both ends are closed
	open, close bool   // whether letters may come before, and after
	far         bool   // whether a few words may come before
}

func newPattern(text string) pattern {
	var parts pattern
	far := false
	for _, word := range strings.Fields(text) {
		if word == ".." {
			far = true
			continue
		}
		p := part{text: strings.Trim(word, "-"), far: far}
		p.open, p.close = strings.HasPrefix(word, "-"), strings.HasSuffix(word, "-")
		if !p.open && !p.close {
			p.text = stem(p.text)
		}
		parts, far = append(parts, p), false
	}
	return parts
}

// in says whether the pattern occurs among the words.
func (p pattern) in(words []word) bool {
	for i := range words {
		if len(p) == 0 || p[0].meets(&words[i]) && p[1:].at(words[i+1:]) {
			return true
		}
	}
	return false
}

// at says whether the pattern begins with the first of the words.
func (p pattern) at(words []word) bool {
	if len(p) == 0 {
		return true
	}
	reach := 1
	if p[0].far {
		reach += gap
	}
	for i := 0; i < reach && i < len(words); i++ {
		if p[0].meets(&words[i]) && p[1:].at(words[i+1:]) {
			return true
		}
	}
	return false
}

func (p *part) meets(w *word) bool {
	switch {
	case p.open && p.close:
		return strings.Contains(w.text, p.text)
	case p.open:
		return strings.HasSuffix(w.text, p.text)
	case p.close:
		return strings.HasPrefix(w.text, p.text)
	}
	return w.stem == p.text
}

type word struct{ text, stem string }

// wordsOf splits a clause into words in lower case, with "^" before the first.
// A hyphen parts words, so that "it-beredskabet" is found as "beredskab-".
func wordsOf(clause string) []word {
	words := []word{{"^", "^"}}
	apart := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	for _, text := range strings.FieldsFunc(strings.ToLower(clause), apart) {
		words = append(words, word{text, stem(text)})
	}
	return words
}
