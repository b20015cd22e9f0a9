package clause

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Words shorter than these are too often right words beside each other ("bevares", "besvares").
const (
	shortestSlip    = 9  // held against the glossary
	shortestOwnSlip = 10 // held against the document's own words
)

// Bounds on what a hostile file can make the proofreader do. No policy comes near them.
const (
	mostOwnWords = 1000 // of one length
	longestWord  = 60
)

var wordPattern = regexp.MustCompile(`\p{L}+(?:-\p{L}+)*`)

// markSlips finds words that are probably slips of the pen and proposes what they should be. The text stays.
func (d *Document) markSlips() {
	var all strings.Builder
	for _, s := range d.Sections {
		for _, c := range s.Clauses {
			all.WriteString(c.Text + " ")
		}
	}
	p := newProofreader(all.String())
	for i := range d.Sections {
		for j := range d.Sections[i].Clauses {
			c := &d.Sections[i].Clauses[j]
			for _, word := range wordPattern.FindAllString(c.Text, -1) {
				proposal := p.proposal(word)
				if proposal == "" || slices.Contains(c.Sic, word) {
					continue
				}
				c.Sic = append(c.Sic, word)
				d.Findings = append(d.Findings, Finding{
					Code: ProbableSlip, Clause: c.ID, Word: word, Proposal: proposal,
					Text:    fmt.Sprintf("»%s« er nok »%s«. Den vedtagne tekst ændres ikke.", word, proposal),
					English: fmt.Sprintf("“%s” is probably “%s”. The adopted text is not changed.", word, proposal),
				})
			}
		}
	}
}

// proofreader holds one document's words against the glossary and against each other.
type proofreader struct {
	lexicon
	own      map[string]int
	frequent map[int][]string  // the document's own words that it uses at least three times, by length
	known    map[string]string // word to proposal, "" for none
}

func newProofreader(text string) *proofreader {
	p := &proofreader{lexicon: lexiconFor(text), own: map[string]int{}, frequent: map[int][]string{}, known: map[string]string{}}
	for _, word := range wordPattern.FindAllString(text, -1) {
		p.own[strings.ToLower(word)]++
	}
	for _, word := range sortedKeys(p.own) {
		if size := utf8.RuneCountInString(word); p.own[word] >= 3 && size >= shortestOwnSlip-1 && len(p.frequent[size]) < mostOwnWords {
			p.frequent[size] = append(p.frequent[size], word)
		}
	}
	return p
}

// proposal gives what a word probably should be, in the word's own case, "" when the word may stand.
func (p *proofreader) proposal(word string) string {
	lower := strings.ToLower(word)
	found, done := p.known[lower]
	if !done {
		found = p.look(lower)
		p.known[lower] = found
	}
	if found == "" || lower == word {
		return found
	}
	first, size := utf8.DecodeRuneInString(found)
	if upper := strings.ToUpper(found); strings.ToUpper(word) == word {
		return upper
	}
	return strings.ToUpper(string(first)) + found[size:]
}

func (p *proofreader) look(word string) string {
	size := utf8.RuneCountInString(word)
	if size < shortestSlip || size > longestWord || p.words[word] {
		return ""
	}
	if proposal := p.confusedPart(word); proposal != "" {
		return proposal
	}
	if p.isBuilt(word) {
		return ""
	}
	for n := size - 7; n <= size+1; n++ { // a longer word may be an inflected term
		for _, term := range p.byLength[n] {
			if proposal := p.near(word, term); proposal != "" {
				return proposal
			}
		}
	}
	if size < shortestOwnSlip || p.own[word] > 1 {
		return ""
	}
	return p.nearOwn(word)
}

// near proposes term, with the inflection that word carries, when word is one slip away from it.
func (p *proofreader) near(word, term string) string {
	if utf8.RuneCountInString(term) < shortestSlip-1 {
		return ""
	}
	for _, ending := range endings {
		stem, ok := strings.CutSuffix(word, ending)
		if !ok || stem == term {
			continue
		}
		if slip(stem, term) {
			return term + ending
		}
	}
	return ""
}

// nearOwn proposes a word that the document itself uses at least three times.
func (p *proofreader) nearOwn(word string) string {
	size := utf8.RuneCountInString(word)
	for n := size - 1; n <= size+1; n++ {
		for _, other := range p.frequent[n] {
			if slip(word, other) && !sameStem(word, other) {
				return other
			}
		}
	}
	return ""
}

func sortedKeys(count map[string]int) []string {
	keys := make([]string, 0, len(count))
	for k := range count {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// confusedPart finds a compound in which the middle part was mistaken for a word that begins alike.
func (p *proofreader) confusedPart(word string) string {
	for _, parts := range p.compounds {
		first, last := parts[0], parts[len(parts)-1]
		middle := strings.Join(parts[1:len(parts)-1], "")
		rest, ok := strings.CutPrefix(word, first)
		if !ok {
			continue
		}
		for _, ending := range endings {
			found, ok := strings.CutSuffix(rest, last+ending)
			if ok && alike(found, middle) {
				return first + middle + last + ending
			}
		}
	}
	return ""
}

// alike tells whether two middle parts begin with the same four letters, are about as long and yet differ in
// more than inflection.
func alike(found, middle string) bool {
	a, b := []rune(found), []rune(middle)
	same := 0
	for same < len(a) && same < len(b) && a[same] == b[same] {
		same++
	}
	return same >= 4 && same < len(a) && same < len(b) && abs(len(a)-len(b)) <= 3 && !sameStem(found, middle)
}

func abs(n int) int { return max(n, -n) }
