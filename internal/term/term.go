// Package term makes the terms by which search finds Danish text: what a word
// is, its stem, and what a compound is put together of. Both databases get the
// same terms, so both find the same.
package term

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/danish"
	"golang.org/x/text/unicode/norm"
)

// Edition says which terms a text has: raise it when the same text gets others,
// and the index is filled again.
const Edition = 1

// Word is one word of a text, and where it stands in it.
type Word struct {
	From, To int
	Text     string   // folded; what a chain such as "R-12" is joined to
	Pieces   []string // the words of a chain, none for a plain word
}

// Numbered reports whether the word is a reference or a number, "§7" or "art28":
// it has no stem and is no beginning of another.
func (w Word) Numbered() bool { return strings.ContainsAny(w.Text, "0123456789") }

var (
	// A word is letters and digits; a chain is words that a single sign joins.
	wordOf = regexp.MustCompile(`§+|[\p{L}\p{N}\p{M}]+(?:[` + joints + `][\p{L}\p{N}\p{M}]+)*`)
	signs  = regexp.MustCompile(`[` + joints + `]`)
	within = regexp.MustCompile(`(\p{N})[-./_:](\p{N})`)
	blank  = regexp.MustCompile(`^[. \x{a0}]{1,3}$`)
	counts = regexp.MustCompile(`^\p{N}+[a-z]?$`)
)

// places are words that a number completes: "§ 7", "art. 28", "stk. 2".
var places = map[string]string{
	"§": "§", "§§": "§", "paragraf": "§", "art": "art", "artikel": "art", "article": "art", "stk": "stk", "stykke": "stk", "nr": "nr", "nummer": "nr",
	"kap": "kap", "kapitel": "kap", "chapter": "kap", "bilag": "bilag", "annex": "bilag", "pkt": "pkt", "punkt": "pkt",
}

const joints = `-./_@'’:&` // what joins the words of a chain

const longest = 64 // letters of a word that are looked at

// Words are the words of a text in order. A number after "§", "art." and the
// like makes one word with it, which ends where the number does.
func Words(text string) (out []Word) {
	for _, at := range wordOf.FindAllStringIndex(text, -1) {
		w := word(text[at[0]:at[1]])
		w.From, w.To = at[0], at[1]
		if n := len(out); n > 0 {
			if numbered := w.after(out[n-1], text); numbered != nil {
				if numbered[0].Text[0] == "§"[0] && out[n-1].To-out[n-1].From <= len("§§") {
					out = out[:n-1] // the sign alone is no word
				}
				out = append(out, numbered...)
				continue
			}
		}
		out = append(out, w)
	}
	return out
}

// after is a number as the word that the one before it makes of it; none, where
// it makes none. Of "§§ 7-9" there are two.
func (w Word) after(before Word, text string) (out []Word) {
	place, ok := places[before.Text]
	if !ok || place != "§" && !blank.MatchString(text[before.To:w.From]) {
		return nil
	}
	pieces := w.Pieces
	if len(pieces) == 0 || place != "§" {
		pieces = []string{w.Text}
	}
	for _, p := range pieces {
		if p = Fold(p); counts.MatchString(p) {
			out = append(out, Word{From: before.From, To: w.To, Text: place + p})
		}
	}
	return out
}

func word(text string) (w Word) {
	w.Text = Fold(text)
	if strings.ContainsAny(w.Text, joints) {
		w.Pieces = signs.Split(w.Text, -1)
		for within.MatchString(w.Text) { // between figures any sign is a dot, elsewhere none
			w.Text = within.ReplaceAllString(w.Text, "$1\x00$2")
		}
		w.Text = strings.ReplaceAll(signs.ReplaceAllString(w.Text, ""), "\x00", ".")
	}
	w.Text = cut(w.Text)
	return w
}

func cut(s string) string {
	if utf8.RuneCountInString(s) > longest {
		return string([]rune(s)[:longest])
	}
	return s
}

// Fold writes a word as it is compared: small letters, no accents, aa as å.
// Danish æ, ø and å stay what they are.
func Fold(s string) string {
	if !plain(s) {
		s = norm.NFC.String(s)
	}
	if s = strings.ToLower(s); !plain(s) {
		var b strings.Builder
		for _, r := range s {
			if r == 'å' {
				b.WriteRune(r)
				continue
			}
			first, _ := utf8.DecodeRuneInString(norm.NFD.String(string(r)))
			b.WriteRune(first)
		}
		s = b.String()
	}
	return strings.ReplaceAll(s, "aa", "å")
}

func plain(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

var envs = sync.Pool{New: func() any { return snowballstem.NewEnv("") }}

// Stem is a word without its ending: "aftalerne" and "aftale" have the same.
func Stem(word string) string {
	env := envs.Get().(*snowballstem.Env)
	defer envs.Put(env)
	env.SetCurrent(word)
	danish.Stem(env)
	return env.Current()
}
