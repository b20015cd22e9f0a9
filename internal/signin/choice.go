package signin

import (
	"cmp"
	"context"
	"hash/fnv"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/store"
	assets "vaern/web"
)

const (
	shortest = 12  // characters of a password
	lengthy  = 200 // bounds the work
	own      = 6   // letters that must be left when what anybody would guess is taken out
	varied   = 5   // different characters
)

// expected are words that people here begin a password with.
var expected = strings.Fields(`adgangskode kodeord password passord hemmelig velkommen welcome login admin administrator kommune kommunen
	sommer vinter efteraar foraar summer winter januar februar marts april maj juni juli august september oktober november december
	mandag tirsdag onsdag torsdag fredag loerdag soendag danmark vaern qwerty qwertyuiop asdfgh asdfghjkl zxcvbn zxcvbnm abcdef abcdefgh test`)

// leaked are the hashes of passwords that have leaked and are common, sorted; none
// where the program was built without its front end.
var leaked = sync.OnceValue(func() (out []uint64) {
	text, err := assets.Leaked()
	if err != nil {
		panic(err) // what the build packed is inside
	}
	for line := range strings.Lines(text) {
		out = append(out, short64(strings.TrimSuffix(line, "\n")))
	}
	slices.Sort(out)
	return out
})

func short64(text string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(text))
	return h.Sum64()
}

// choosable refuses a password that somebody would try: one that is short, has
// leaked, or is little more than words that are expected of the person.
func (d *Door) choosable(ctx context.Context, person, password string) error {
	n := utf8.RuneCountInString(password)
	if n < shortest || n > lengthy {
		return problem.Field("password", "Brug mindst 12 tegn. En sætning, du kan huske, er bedst.", "Use at least 12 characters. A sentence you can remember is best.")
	}
	small := strings.ToLower(password)
	if _, found := slices.BinarySearch(leaked(), short64(small)); found {
		return problem.Field("password", "Den adgangskode står på lister over dem, der er lækket, og bliver prøvet. Vælg en anden. En sætning, du kan huske, er bedst.",
			"That password is on lists of those that have leaked, and will be tried. Choose another. A sentence you can remember is best.")
	}
	words, err := d.wordsOf(ctx, person)
	if err != nil {
		return err
	}
	if guessable(small, append(words, expected...)) {
		return problem.Field("password", "Den adgangskode er let at gætte: den er næsten kun navne, tal og ord, som mange bruger. Vælg en sætning, du kan huske.",
			"That password is easy to guess: it is little more than names, numbers and words that many use. Choose a sentence you can remember.")
	}
	return nil
}

// wordsOf are the words that others know of a person: name, mail, number, and the
// municipality.
func (d *Door) wordsOf(ctx context.Context, person string) (out []string, err error) {
	err = d.Store.Peek(ctx, func(q *store.Read) error {
		var name, mail, number, here string
		err := q.Row(`SELECT p.name, p.mail, p.number, u.name FROM person p JOIN unit u ON u.id = :top WHERE p.id = :id`,
			store.Args{"id": person, "top": people.Top}, &name, &mail, &number, &here)
		out = strings.FieldsFunc(plain(strings.ToLower(name+" "+mail+" "+number+" "+here)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		return err
	})
	if problem.Of(err) == problem.NotFound {
		err = nil
	}
	return out, err
}

// plain writes Danish letters as people without them do, so that one word is
// found in either spelling.
func plain(text string) string {
	return strings.NewReplacer("æ", "ae", "ø", "oe", "å", "aa").Replace(text)
}

// unmask undoes the signs that people put for letters.
var unmask = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

// guessable reports whether few letters are left of a password when the words are
// taken out, the longest first, as they stand or with signs for letters; or
// whether it has few different characters.
func guessable(small string, words []string) bool {
	slices.SortFunc(words, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for _, text := range []string{plain(small), unmask.Replace(plain(small))} {
		for _, w := range words {
			if len(w) >= 3 {
				text = strings.ReplaceAll(text, w, " ")
			}
		}
		left, kinds := 0, map[rune]bool{}
		for _, r := range text {
			if unicode.IsLetter(r) {
				left++
				kinds[r] = true
			}
		}
		if left < own || len(kinds) < varied {
			return true
		}
	}
	return false
}
