package theme

import (
	"strings"
	"unicode/utf8"
)

// The Danish Snowball algorithm: "leverandørernes" and "leverandør" meet in one
// stem. English words pass through it nearly unharmed, since both the clause and
// the pattern do.
var (
	inflections = []string{
		"erendes", "erende", "hedens", "ethed", "erede", "heden", "heder", "endes", "ernes", "erens", "erets",
		"ered", "ende", "erne", "eren", "erer", "heds", "enes", "eres", "eret", "hed", "ene", "ere", "ens", "ers",
		"ets", "en", "er", "es", "et", "e",
	}
	derivations = []string{"elig", "løst", "lig", "els", "ig"}
)

const (
	vowels  = "aeiouyæøå"
	beforeS = "abcdfghjklmnoprtvyzå" // letters after which a final s is an ending
)

// stem returns the stem of one word in lower case.
func stem(word string) string {
	start := region(word)
	word = trimInflection(word, start)
	word = trimPair(word, start)
	word = trimDerivation(word, start)
	return undouble(word, start)
}

// region is where endings may begin: after the first consonant that follows a
// vowel, and never within the first three letters.
func region(word string) int {
	afterVowel, letters := false, 0
	for i, r := range word {
		letters++
		vowel := strings.ContainsRune(vowels, r)
		if afterVowel && !vowel && letters >= 3 {
			return i + utf8.RuneLen(r)
		}
		if vowel {
			afterVowel = true
		} else if afterVowel {
			return third(word)
		}
	}
	return len(word)
}

// third is the place after the third letter.
func third(word string) int {
	letters := 0
	for i := range word {
		if letters == 3 {
			return i
		}
		letters++
	}
	return len(word)
}

func trimInflection(word string, start int) string {
	for _, end := range inflections {
		if ends(word, end, start) {
			return strings.TrimSuffix(word, end)
		}
	}
	if ends(word, "s", start) {
		before, _ := utf8.DecodeLastRuneInString(word[:len(word)-1])
		if strings.ContainsRune(beforeS, before) {
			return word[:len(word)-1]
		}
	}
	return word
}

func trimPair(word string, start int) string {
	for _, pair := range []string{"gd", "dt", "gt", "kt"} {
		if ends(word, pair, start) {
			return word[:len(word)-1]
		}
	}
	return word
}

func trimDerivation(word string, start int) string {
	if strings.HasSuffix(word, "igst") {
		word = strings.TrimSuffix(word, "st")
	}
	for _, end := range derivations {
		if !ends(word, end, start) {
			continue
		}
		if end == "løst" {
			return strings.TrimSuffix(word, "t")
		}
		return trimPair(strings.TrimSuffix(word, end), start)
	}
	return word
}

func undouble(word string, start int) string {
	if len(word) < 2 || len(word)-1 < start {
		return word
	}
	last := word[len(word)-1]
	if last == word[len(word)-2] && last < utf8.RuneSelf && !strings.ContainsRune(vowels, rune(last)) {
		return word[:len(word)-1]
	}
	return word
}

// ends says whether the word has the ending inside the region that starts there.
func ends(word, end string, start int) bool {
	return strings.HasSuffix(word, end) && len(word)-len(end) >= start
}
