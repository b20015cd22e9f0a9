package receipt

import (
	"context"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// linkDays is how long a link works after the day that the text is to be read by.
const linkDays = 14

// link makes a link for one person and one version within a change, and
// returns its path.
func link(w *store.Write, reading, person, due string) (string, error) {
	token, hash := access.Secret()
	err := w.Also(`INSERT INTO reading_link (hash, reading, person, expires) VALUES (:hash, :reading, :person, :expires)`,
		store.Args{"hash": hash, "reading": reading, "person": person, "expires": later(max(due, w.Today), linkDays)})
	return "/read/" + token, err
}

// Link makes a link for somebody within reach who is asked and has not
// answered: for a leader whose people lost theirs.
func (d *Desk) Link(ctx context.Context, s *store.Store, reading, person string) (path string, err error) {
	err = s.Change(ctx, store.Intent{Verb: "reading.link", Need: Gather}, func(w *store.Write) error {
		var due string
		err := w.Row(`SELECT due FROM asked WHERE reading = :reading AND person = :person AND state IN ('open', 'spared') AND here = 1 AND :scope`,
			store.Args{"reading": reading, "person": person}, &due)
		if err != nil {
			return err
		}
		if path, err = link(w, reading, person, due); err != nil {
			return err
		}
		return w.Note(ref.Ref{Kind: "person", ID: person})
	})
	return path, err
}

var errLink = problem.New(problem.NotFound, "Linket virker ikke længere. Spørg din leder, så får du et nyt. Der er ikke sket noget galt.",
	"The link does not work any more. Ask your manager for a new one. Nothing went wrong.")

// held is whose a link is, and what it is good for.
type held struct{ reading, person, name, until string }

// opened looks a link up. It uses nothing: mail scanners open links. Who has
// left opens nothing by it, from that moment on.
func opened(q *store.Read, token string) (h held, err error) {
	err = q.Row(`SELECT l.reading, l.person, p.name, l.expires FROM reading_link l JOIN person p ON p.id = l.person WHERE l.hash = :hash AND l.expires >= :today AND `+people.Here,
		store.Args{"hash": access.Hashed(token)}, &h.reading, &h.person, &h.name, &h.until)
	if problem.Of(err) == problem.NotFound {
		err = errLink
	}
	return h, err
}

// isThem reports whether what somebody typed are the person's initials. Initials
// are asked for, and not a number, since everybody knows their own and nothing
// has to be looked up: they show that a human being meant to confirm, which a
// scanner that presses buttons does not. Who it was they cannot prove, so a
// receipt by link stays the weaker one. All initials, those of first and last
// name, and the whole name will do, however they are written.
func isThem(typed, name string) bool {
	got := letters(typed)
	parts := strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || r == '-' })
	var all string
	for _, p := range parts {
		all += string([]rune(letters(p) + " ")[:1])
	}
	all = strings.TrimSpace(all)
	if got == "" || all == "" {
		return false
	}
	runes := []rune(all)
	ends := string(runes[0]) + string(runes[len(runes)-1])
	return got == all || got == ends || got == letters(name)
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, norm.NFC.String(strings.ToLower(s)))
}

// signByLink makes a receipt for whoever a link is of.
func (d *Desk) signByLink(ctx context.Context, s *store.Store, token, typed string) error {
	ctx = access.With(ctx, byLink)
	return s.Change(ctx, store.Intent{Verb: "receipt.give", Need: Give}, func(w *store.Write) error {
		h, err := opened(&w.Read, token)
		if err != nil {
			return err
		}
		if !isThem(typed, h.name) {
			return problem.Check(problem.Fields{"initials": i18n.Text{
				"Det passer ikke med navnet %s. Skriv de første bogstaver i dit navn.", "That does not fit the name %s. Type the first letters of your name."}.With(h.name)})
		}
		return sign(w, act{reading: h.reading, person: h.person, how: ByLink})
	})
}
