package term

import (
	"slices"
	"strings"
)

// Term is one term of the index, or all that begin with it.
type Term struct {
	Text   string
	Prefix bool
}

// Match says which entries fit: those that have a term of every group, but
// not those that fit one of the others.
type Match struct {
	All [][]Term
	But [][][]Term
}

// Of keeps the entries of some kinds.
func (m Match) Of(names ...string) Match {
	group := make([]Term, len(names))
	for i, name := range names {
		group[i].Text = kind + name
	}
	return m.and(group)
}

// Like matches the entries that have a word with such a beginning.
func Like(beginning string) Match {
	return Match{All: [][]Term{{{Text: beginning, Prefix: true}}}}
}

// In keeps the entries of some units.
func (m Match) In(units []string) Match {
	group := make([]Term, len(units))
	for i, u := range units {
		group[i].Text = unit + u
	}
	return m.and(group)
}

func (m Match) and(group []Term) Match {
	m.All = append([][]Term{group}, m.All...)
	return m
}

// Query is what somebody looks for: every word of it must be found.
type Query struct{ asked []asked }

// asked is a word to be found. A short one is a beginning only while it is
// being typed, as the last.
type asked struct {
	Word
	begins bool
}

const (
	mostWords  = 12 // nobody means more
	mostPieces = 24 // of all words together: each is asked for by itself
)

// Ask reads what a person typed.
func Ask(text string) (q Query) {
	left := mostPieces
	for _, w := range Words(text) {
		if n := len(q.asked); n > 0 && q.asked[n-1].From == w.From && q.asked[n-1].To < w.To { // "art. 28" is more than "art"
			q.asked = q.asked[:n-1]
		}
		if len(q.asked) < mostWords && !slices.ContainsFunc(q.asked, func(a asked) bool { return a.Text == w.Text }) {
			w.Pieces = several(w.Pieces, left)
			left -= len(w.Pieces)
			q.asked = append(q.asked, asked{Word: w})
		}
	}
	if some := slices.DeleteFunc(slices.Clone(q.asked), func(a asked) bool { return idle[a.Text] }); len(some) > 0 {
		q.asked = some
	}
	for i := range q.asked {
		a := &q.asked[i]
		n, last := letters(a.Text), i == len(q.asked)-1
		switch {
		case strings.Trim(a.Text, "0123456789") == "":
			a.begins = n >= 3
		case !a.Numbered():
			a.begins = n >= 4 || last && n >= 2
		}
	}
	return q
}

// several are the first pieces of a word, each once.
func several(pieces []string, most int) (out []string) {
	for _, p := range pieces {
		if len(out) < most && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// Empty reports whether there is nothing to look for.
func (q Query) Empty() bool { return len(q.asked) == 0 }

// Words are the words looked for.
func (q Query) Words() (out []string) {
	for _, a := range q.asked {
		out = append(out, a.Text)
	}
	return out
}

// Ranks are the matches from the best to the widest: words in the title as they
// stand, in the title in any form, anywhere as they stand, anywhere in any
// form, and as parts of compounds. No entry fits two of them.
func (q Query) Ranks() (out []Match) {
	ways := []func(string, asked) []Term{
		func(w string, _ asked) []Term { return []Term{{Text: title + w}} },
		func(w string, a asked) []Term { return inflected(title, w, a) },
		func(w string, _ asked) []Term { return []Term{{Text: w}} },
		func(w string, a asked) []Term { return inflected("", w, a) },
		func(w string, a asked) []Term { return append(inflected("", w, a), parts(w)...) },
	}
	var all [][][]Term
	for _, way := range ways {
		all = append(all, q.groups(way))
	}
	for i, but := range [][][][]Term{nil, all[:1], all[1:2], all[1:3], all[3:4]} {
		out = append(out, Match{All: all[i], But: but})
	}
	return out
}

// Whole is the match of all ranks together.
func (q Query) Whole() Match {
	return Match{All: q.groups(func(w string, a asked) []Term { return append(inflected("", w, a), parts(w)...) })}
}

// groups are what must be found. A chain is found joined, or by all its pieces.
func (q Query) groups(way func(string, asked) []Term) (all [][]Term) {
	for _, a := range q.asked {
		joined := way(a.Text, a)
		if len(a.Pieces) == 0 {
			all = append(all, joined)
		}
		for _, p := range a.Pieces {
			all = append(all, append(slices.Clone(joined), way(cut(Fold(p)), a)...))
		}
	}
	return all
}

func inflected(mark, w string, a asked) []Term {
	out := []Term{{mark + w, a.begins}}
	if strings.ContainsAny(w, "0123456789§") {
		return out
	}
	s := Stem(w)
	out = append(out, Term{Text: mark + stem + s})
	if s != w {
		out = append(out, Term{Text: mark + s})
	}
	return out
}

func parts(w string) []Term {
	if letters(w) < shortestKnown || strings.ContainsAny(w, "0123456789§") {
		return nil
	}
	out := []Term{{Text: part + Stem(w)}}
	if letters(w) > shortestKnown {
		out = append(out, Term{part + w, true})
	}
	return out
}

// Finds reports whether a word of a text is among those looked for.
func (q Query) Finds(w Word) bool {
	return slices.ContainsFunc(q.asked, func(a asked) bool {
		return a.finds(a.Text, w.Text) || slices.ContainsFunc(w.Pieces, func(p string) bool { return a.finds(a.Text, Fold(p)) }) ||
			slices.ContainsFunc(a.Pieces, func(p string) bool { return a.finds(Fold(p), w.Text) })
	})
}

func (a asked) finds(want, have string) bool {
	if want == have || a.begins && strings.HasPrefix(have, want) {
		return true
	}
	if strings.ContainsAny(want+have, "0123456789§") {
		return false
	}
	s := Stem(want)
	if Stem(have) == s {
		return true
	}
	return letters(want) >= shortestKnown && slices.ContainsFunc(Parts(have), func(tail string) bool {
		return Stem(tail) == s || letters(want) > shortestKnown && strings.HasPrefix(Stem(tail), want)
	})
}
