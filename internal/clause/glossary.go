package clause

import (
	_ "embed"
	"iter"
	"maps"
	"strings"
	"sync"
)

var (
	//go:embed glossary.txt
	danishTerms string
	//go:embed glossary_en.txt
	englishTerms string
)

// lexicon is the words that a language of policies is known to use.
type lexicon struct {
	words     map[string]bool
	compounds [][]string // terms of three parts or more, by their parts
	byLength  map[int][]string
}

var (
	danish  = sync.OnceValue(func() lexicon { return newLexicon(danishTerms) })
	english = sync.OnceValue(func() lexicon { return newLexicon(englishTerms) })
)

// Part reports whether policies are known to use the word as a part of others.
func Part(word string) bool { return danish().isPart(word) }

// Inflected reports whether policies are known to use the word, with whatever
// ending.
func Inflected(word string) bool { return danish().isInflected(word) }

// Terms are the words that policies are known to use.
func Terms() iter.Seq[string] { return maps.Keys(danish().words) }

// newLexicon reads a glossary: words between spaces, the parts of compounds joined by "|", "#" before remarks.
func newLexicon(text string) lexicon {
	l := lexicon{words: map[string]bool{}, byLength: map[int][]string{}}
	for row := range strings.Lines(text) {
		row, _, _ = strings.Cut(row, "#")
		for entry := range strings.FieldsSeq(row) {
			parts := strings.Split(entry, "|")
			word := strings.Join(parts, "")
			if l.words[word] {
				continue
			}
			l.words[word] = true
			for _, p := range parts { // the parts of a compound are words too: they build others
				l.words[p] = true
			}
			if len(parts) >= 3 {
				l.compounds = append(l.compounds, parts)
			}
			size := len([]rune(word))
			l.byLength[size] = append(l.byLength[size], word)
		}
	}
	return l
}

// lexiconFor chooses the language by the small words that only one of the two has.
func lexiconFor(text string) lexicon {
	count := 0
	for word := range strings.FieldsSeq(strings.ToLower(text)) {
		switch word {
		case "og", "at", "er", "af", "til", "som", "det", "den", "skal":
			count++
		case "the", "and", "of", "to", "is", "that", "must", "shall", "with":
			count--
		}
	}
	if count < 0 {
		return english()
	}
	return danish()
}
