package field

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Line is text as it stands on one line: a letter is written in one way, a
// control is a space, and what turns writing round or has no breadth goes, since
// who reads it does not see it.
func Line(text string) string {
	text = Composed(text)
	if !strings.ContainsFunc(text, unseen) {
		return text
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case !unseen(r) || r == 0: // which is refused
			return r
		case unicode.IsControl(r):
			return ' '
		}
		return -1
	}, text))
}

// Composed is text in which a letter and its ring or accent are one character
// (Unicode NFC): files from a Mac may hold two, and nobody sees the difference.
func Composed(text string) string { return norm.NFC.String(text) }

func unseen(r rune) bool {
	return r < ' ' || r > '~' && r < 0xa0 || r >= 0x61c && (unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp) || strings.ContainsRune("\u200b\u2060\ufeff", r))
}
