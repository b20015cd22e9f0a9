package term

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Marks before a term say what it is of the word it was made from; a term
// without one is the word as it stands.
const (
	stem  = "="
	title = "^" // in the title
	part  = "~" // the stem of what a compound ends in
	kind  = "k:"
	unit  = "u:"
)

// Text is what an entry of the index is found by.
type Text struct {
	Kind, Unit  string
	Title, Body string
	Names       bool // the title is a name: it has no stems and is no compound
}

const longestBody = 200_000 // bytes of one text that are searched

// Terms are all terms of an entry, sorted.
func (t Text) Terms() []string {
	set := map[string]bool{kind + t.Kind: true, unit + t.Unit: true}
	for _, w := range Words(t.Title) {
		for _, text := range append(w.Pieces, w.Text) {
			t.add(set, cut(Fold(text)), true)
		}
	}
	for _, w := range Words(t.Body[:min(len(t.Body), longestBody)]) {
		for _, text := range append(w.Pieces, w.Text) {
			if text = cut(Fold(text)); !idle[text] {
				t.add(set, text, false)
			}
		}
	}
	return slices.Sorted(maps.Keys(set))
}

func (t Text) add(set map[string]bool, word string, inTitle bool) {
	if set[word] && !inTitle || word == "" {
		return
	}
	set[word] = true
	if inTitle {
		set[title+word] = true
	}
	if t.Names || strings.ContainsAny(word, "0123456789§") {
		return
	}
	if s := Stem(word); s != word {
		set[stem+s] = true
		if inTitle {
			set[title+stem+s] = true
		}
	}
	for _, tail := range Parts(word) {
		set[part+Stem(tail)] = true
	}
}

// idle are words that nobody looks for in a text: they stand everywhere.
var idle = set("ad af alle at blev bliver da de dem den der deres det dette disse du efter eller en end er et for fra han har hun hvad hvis hvor i ikke ind jeg kan kun man med men mod nu når og om op os over på sig sin skal som så til ud under var ved vi vil være a an and are as at be by for from has in is it its of on or that the this to was with")

func set(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}

func letters(s string) int { return utf8.RuneCountInString(s) }
