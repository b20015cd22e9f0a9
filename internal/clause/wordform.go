package clause

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// endings are what inflection puts behind a Danish word, the empty one first. English has some of them too.
var endings = []string{
	"", "s", "e", "t", "n", "r", "en", "et", "er", "es", "ne", "ns", "ts", "rs", "ens", "ets", "ers", "ede", "ene", "rne", "rnes",
	"erne", "ernes", "enes", "ing", "ed",
}

// linked are the letters that may stand between the parts of a compound.
var linked = []string{"", "s", "e", "-", "s-"}

// isBuilt tells whether a word is a known word, inflected or built of known parts.
func (p *proofreader) isBuilt(word string) bool {
	return p.builtFrom(word, 0)
}

func (p *proofreader) builtFrom(word string, depth int) bool {
	if depth > 4 {
		return false
	}
	if p.isInflected(word) {
		return true
	}
	for i := range word {
		if i < 2 || !utf8.RuneStart(word[i]) {
			continue
		}
		head, tail := word[:i], word[i:]
		if utf8.RuneCountInString(tail) < 2 || !p.isPart(head) {
			continue
		}
		for _, link := range linked {
			if rest, ok := strings.CutPrefix(tail, link); ok && utf8.RuneCountInString(rest) >= 3 && p.builtFrom(rest, depth+1) {
				return true
			}
		}
	}
	return false
}

// isPart tells whether a word may stand first in a compound. Two letters are too few, "it" and "e" apart.
func (l lexicon) isPart(word string) bool {
	return l.words[word] && (utf8.RuneCountInString(word) >= 3 || word == "it")
}

// isInflected tells whether a word is known but for its ending: "aftalernes", "kontrollerede", "planlægger".
func (l lexicon) isInflected(word string) bool {
	for _, ending := range endings {
		stem, ok := strings.CutSuffix(word, ending)
		if !ok || utf8.RuneCountInString(stem) < 2 {
			continue
		}
		if l.words[stem] || l.words[stem+"e"] || l.words[stem+"er"] && ending != "" {
			return true
		}
		if single := undoubled(stem); ending != "" && l.words[single] {
			return true
		}
	}
	return false
}

// undoubled takes one of two like consonants off the end: "kontroll" before "-er" is "kontrol".
func undoubled(stem string) string {
	n := len(stem)
	if n > 3 && stem[n-1] == stem[n-2] && !strings.ContainsRune("aeiouy", rune(stem[n-1])) {
		return stem[:n-1]
	}
	return stem
}

// sameStem tells whether two words differ by inflection only.
func sameStem(a, b string) bool {
	if strings.ReplaceAll(a, "-", "") == strings.ReplaceAll(b, "-", "") {
		return true
	}
	for _, ending := range endings {
		stem, ok := strings.CutSuffix(a, ending)
		if !ok || utf8.RuneCountInString(stem) < 4 {
			continue
		}
		rest, ok := strings.CutPrefix(b, undoubled(stem))
		if ok && (slices.Contains(endings, rest) || len(rest) > 0 && slices.Contains(endings, rest[1:])) {
			return true
		}
	}
	return false
}

// slip tells whether a is b with one slip of the pen inside it: a letter doubled, dropped, added or swapped
// with the next, or in long words another letter. The first letter never differs ("tilsigtet" and its
// opposite are both right), nor do the last ones, where words are inflected.
func slip(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if abs(len(x)-len(y)) > 1 || len(x) < 4 || len(y) < 4 || a == b {
		return false
	}
	from := 0
	for from < len(x) && from < len(y) && x[from] == y[from] {
		from++
	}
	until := 0
	for until < len(x)-from && until < len(y)-from && x[len(x)-1-until] == y[len(y)-1-until] {
		until++
	}
	if from < 2 || until < 1 {
		return false
	}
	dx, dy := len(x)-from-until, len(y)-from-until
	switch {
	case dx == 1 && dy == 0:
		return x[from] != '-' && (x[from] == x[from-1] && until >= 2 || until >= 3)
	case dx == 0 && dy == 1:
		return y[from] != '-' && until >= 2
	case dx == 2 && dy == 2:
		return x[from] == y[from+1] && x[from+1] == y[from]
	case dx == 1 && dy == 1:
		return len(x) >= 12 && from >= 3 && until >= 3
	}
	return false
}
