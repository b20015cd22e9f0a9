package term

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"vaern/internal/clause"
)

const (
	shortestCompound = 7
	shortestHead     = 3
	shortestKnown    = 3 // letters of a part that the glossary knows
	shortestTail     = 5 // letters of one that it does not
)

// Parts are what a word ends in after each place where a compound is probably
// put together: "databehandleraftale" ends in "behandleraftale" and "aftale".
// Where the glossary knows the parts they are those; else a part begins as a
// Danish word can begin. docs/decisions/0005 has what that was chosen from.
func Parts(word string) (tails []string) {
	letters := []rune(word)
	if len(letters) < shortestCompound {
		return nil
	}
	for i := shortestHead - 1; i+shortestKnown <= len(letters); i++ {
		head, tail := string(letters[:i]), letters[i:]
		if (i >= shortestHead || head == "it") && (len(tail) > shortestKnown || isKnown(head)) && beginsKnown(tail) {
			tails = append(tails, string(tail))
		}
	}
	if tails != nil {
		return tails
	}
	for i := shortestHead; i+shortestTail <= len(letters); i++ {
		if tail := string(letters[i:]); isHead(letters[:i]) && begins(tail, letters[i-1]) {
			tails = append(tails, tail)
		}
	}
	return tails
}

// isHead reports whether letters can stand before the rest of a compound: they
// have a vowel, and no Danish word ends in two like consonants.
func isHead(letters []rune) bool {
	last := letters[len(letters)-1]
	return strings.ContainsFunc(string(letters), vowel) && (vowel(last) || last != letters[len(letters)-2])
}

// beginsKnown reports whether letters are a known word, or begin with one that
// another follows.
func beginsKnown(letters []rune) bool {
	if clause.Inflected(string(letters)) && len(letters) >= shortestKnown {
		return true
	}
	for j := shortestKnown + 1; j+shortestKnown <= len(letters); j++ {
		if !clause.Part(string(letters[:j])) {
			continue
		}
		rest := string(letters[j:])
		if clause.Inflected(rest) || (rest[0] == 's' || rest[0] == 'e') && utf8.RuneCountInString(rest) > shortestKnown && clause.Inflected(rest[1:]) {
			return true
		}
	}
	return false
}

// isKnown reports whether the glossary knows a head, with the letter that may
// link it to the rest. A short tail needs one: "katalog" is about no log.
func isKnown(head string) bool {
	return clause.Inflected(head) || clause.Inflected(strings.TrimRight(head, "se"))
}

// onset is how a Danish word begins with consonants, before its first vowel;
// opening how one begins that has none, since most places with a vowel are no
// beginnings.
var (
	onset = regexp.MustCompile(`^(?:[bcdfghjklmnprstvw]|bj|bl|br|dr|dv|fj|fl|fr|gj|gl|gn|gr|hj|hv|kl|kn|kr|kv|ph|pj|pl|pr|sj|sk|skj|skr|sl|sm|sn|sp|spl|spr|st|stj|str|sv|tj|tr|tv|vr|ch)[aeiouyæøå]`)
	opens = regexp.MustCompile(`^(?:ad|af|ak|an|ar|au|ej|el|em|en|ev|ind|inf|inst|int|om|op|or|ov|ud|uh|und|æl|æn|øk|øv|år)`)
)

func begins(tail string, before rune) bool {
	first, _ := utf8.DecodeRuneInString(tail)
	if !vowel(first) {
		return onset.MatchString(tail)
	}
	return opens.MatchString(tail) && (!vowel(before) || before == 'e')
}

func vowel(r rune) bool { return strings.ContainsRune("aeiouyæøå", r) }
