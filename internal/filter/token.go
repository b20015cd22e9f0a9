package filter

import (
	"strings"
	"unicode"
)

// token is a word, a quoted text or a sign.
type token struct {
	text   string // as it was written
	quoted bool
}

// lower is the word as it is compared; a quoted text is nobody's word.
func (t token) lower() string {
	if t.quoted {
		return ""
	}
	return strings.ToLower(t.text)
}

// closing is the quote that ends what another begins.
var closing = map[rune]rune{'"': '"', '“': '”', '”': '”', '„': '“', '»': '«', '«': '»'}

// tokens splits text into words, quoted texts, brackets and the signs of
// comparison. A quote that is not closed goes on to the end.
func tokens(text string) (out []token) {
	rs := []rune(text)
	for i := 0; i < len(rs); {
		switch r := rs[i]; {
		case unicode.IsSpace(r) || r == ',':
			i++
		case closing[r] != 0:
			var t token
			t, i = quotedText(rs, i)
			out = append(out, t)
		case r == '(' || r == ')' || r == ':':
			out = append(out, token{text: string(r)})
			i++
		case strings.ContainsRune("<>=!", r):
			j := i + 1
			if j < len(rs) && rs[j] == '=' {
				j++
			}
			out = append(out, token{text: string(rs[i:j])})
			i = j
		default:
			j := i
			for j < len(rs) && !unicode.IsSpace(rs[j]) && !strings.ContainsRune(`,()<>=!"“”„»«`, rs[j]) && !(rs[j] == ':' && j+1 < len(rs) && unicode.IsSpace(rs[j+1])) {
				j++
			}
			out = append(out, token{text: string(rs[i:j])})
			i = j
		}
	}
	return out
}

// quotedText reads from a quote to the one that closes it; a doubled quote is one.
func quotedText(rs []rune, i int) (token, int) {
	end := closing[rs[i]]
	var b strings.Builder
	for i++; i < len(rs); i++ {
		if rs[i] == end {
			if end != '"' || i+1 == len(rs) || rs[i+1] != '"' {
				return token{b.String(), true}, i + 1
			}
			i++
		}
		b.WriteRune(rs[i])
	}
	return token{b.String(), true}, i
}

// split is the words of a phrase in small letters.
func split(phrase string) (out []string) {
	for _, t := range tokens(phrase) {
		out = append(out, strings.ToLower(t.text))
	}
	return out
}
