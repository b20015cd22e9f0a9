package theme

import (
	"fmt"
	"testing"

	"vaern/content"
)

func TestPatternMeetsWords(t *testing.T) {
	for _, c := range []struct {
		rule, pattern, clause string
		want                  bool
	}{
		{"a word meets its inflections", "leverandør", "Leverandørernes ansvar", true},
		{"a word does not meet a compound", "leverandør", "leverandørstyring", false},
		{"an open end meets compounds", "leverandør-", "god leverandørstyring", true},
		{"an open beginning meets compounds", "-ejerskab", "procesejerskab", true},
		{"an open beginning is closed at the end", "-ejer", "systemejerne", false},
		{"open at both ends meets the middle", "-risiko-", "restrisikoen", true},
		{"a hyphen in the text parts words", "beredskab-", "it-beredskabet", true},
		{"words stand together", "sikker mail", "sikker og hurtig mail", false},
		{"dots let words stand apart", "sikker .. mail", "sikker og hurtig mail", true},
		{"dots reach only so far", "sikker .. mail", "sikker a b c d e f g h i mail", false},
		{"the first place that fits is not the only one", "a b .. d", "a c a b c d", true},
		{"order matters", "mail .. sikker", "sikker mail", false},
		{"a hat is the beginning", "^ at", "At sikre driften", true},
		{"a hat is only the beginning", "^ at", "det at sikre", false},
		{"nothing meets nothing", "at", "", false},
	} {
		if got := newPattern(c.pattern).in(wordsOf(c.clause)); got != c.want {
			t.Errorf("%s: %q in %q = %t", c.rule, c.pattern, c.clause, got)
		}
	}
}

func TestStemsAreThoseOfDanishSnowball(t *testing.T) {
	for word, want := range map[string]string{
		"sikkerhed": "sikker", "sikkerheden": "sikker", "leverandørernes": "leverandør", "hændelser": "hænd",
		"risikovurderinger": "risikovurdering", "oplysningerne": "oplysning", "friheden": "frihed", "kommunens": "kommun",
		"underviste": "undervist", "billedlig": "billed", "skyldigst": "skyld", "løsningsløst": "løsningsløs", "bestemt": "bestemt",
		"øl": "øl", "at": "at", "": "", "skat": "skat", "indtægt": "indtæg", "hus": "hus", "børns": "børn",
	} {
		if got := stem(word); got != want {
			t.Errorf("stem(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestNoThemeSaysAWordTwice(t *testing.T) {
	for _, th := range loaded().themes {
		seen := map[string]bool{}
		for _, w := range th.words {
			key := fmt.Sprint(w.pattern)
			if seen[key] {
				t.Errorf("%s: two words mean %s", th.Key, key)
			}
			seen[key] = true
		}
	}
}

func TestThemesFileIsReadStrictly(t *testing.T) {
	for rule, data := range map[string]string{
		"an unknown key":    "themes:\n  - key: a\n    de: x\n",
		"a key given twice": "themes:\n  - key: a\n  - key: a\n",
		"no YAML":           "themes: [",
	} {
		if _, err := parse([]byte(data)); err == nil {
			t.Errorf("%s is accepted", rule)
		}
	}
	if _, err := parse(content.ThemesFile()); err != nil {
		t.Error(err)
	}
}
