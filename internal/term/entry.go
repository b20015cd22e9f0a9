package term

import (
	"maps"
	"slices"
	"strings"
	"sync"
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
	for _, form := range formsOf(word) {
		set[form] = true
		if inTitle && strings.HasPrefix(form, stem) {
			set[title+form] = true
		}
	}
}

// forms keeps what words were found to be put together of: texts have the same
// words again and again, and finding it out costs more than all the rest.
var forms = struct {
	sync.RWMutex
	of map[string][]string
}{of: map[string][]string{}}

const mostForms = 5000 // words of which they are kept

// formsOf are the terms of a word by its stem, and by those of its parts.
func formsOf(word string) (out []string) {
	forms.RLock()
	out, known := forms.of[word]
	forms.RUnlock()
	if known {
		return out
	}
	if s := Stem(word); s != word {
		out = append(out, stem+s)
	}
	for _, tail := range Parts(word) {
		out = append(out, part+Stem(tail))
	}
	forms.Lock()
	defer forms.Unlock()
	if len(forms.of) == mostForms {
		clear(forms.of)
	}
	forms.of[strings.Clone(word)] = out // the word is a piece of its text
	return out
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
