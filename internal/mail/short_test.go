package mail

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// What a server says stands on a page: one line that shows what it holds.
func TestWhatAServerSaysIsOneLineOfText(t *testing.T) {
	for said, want := range map[string]string{
		"550 5.1.1 no such\r\nSet-Cookie: x\x00\x1b[2J":   "550 5.1.1 no such Set-Cookie: x [2J",
		"550 a\u0085b\u2028c\u202ed\u200fe\tf \x7f\u00a0": "550 a b c d e f",
		"550 \xffx":                   "550 x",
		"":                            "",
		strings.Repeat("æ ", 400):     strings.TrimSpace(strings.Repeat("æ ", 150)) + " ",
		"550 Ukendt modtager på Ærø.": "550 Ukendt modtager på Ærø.",
	} {
		got := short(said)
		if got != want && strings.TrimSpace(got) != strings.TrimSpace(want) {
			t.Errorf("%q is kept as %q, want %q", said, got, want)
		}
		if len([]rune(got)) > 300 || !utf8.ValidString(got) || strings.ContainsFunc(got, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("%q is kept as %q", said, got)
		}
	}
}

func TestAServerThatHangsUpSaysNothing(t *testing.T) {
	for fault, want := range map[string]bool{"EOF": true, "dial failed: EOF": true, "550 no such user": false, "": false} {
		if s := (&State{Fault: fault}); s.HungUp() != want {
			t.Errorf("%q: hung up %v, want %v", fault, !want, want)
		}
	}
}
