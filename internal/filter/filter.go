// Package filter is what people ask a list for, in words: "ejer er mig og frist
// før 1/3". The same words stand in the address of a page, in a saved view and
// in a program's request; each filter has one canonical form that reads back as
// itself.
package filter

import (
	"strings"
	"unicode"

	"vaern/internal/i18n"
)

// Op is how a field is compared.
type Op string

// The comparisons. A day that is before, after or is a period means its first
// or last day, or any in it.
const (
	Is      Op = "is"
	Has     Op = "has" // text that contains the words
	Before  Op = "before"
	After   Op = "after"
	AtMost  Op = "at most"
	AtLeast Op = "at least"
	Under   Op = "under"   // a unit and all below it
	Missing Op = "missing" // nothing is there
)

// Kind says what a filter is made of.
type Kind int

// A filter is a condition on a field, words to search for, or made of others.
const (
	Condition Kind = iota
	Words
	And
	Or
	Not
)

// Filter is one filter. The zero Filter with Kind And admits everything.
type Filter struct {
	Kind  Kind
	Field string // of a condition: its name
	Op    Op
	Exact bool     // a text that is meant whole: it stands in quotes
	Value string   // canonical: a code, a number, an id or a title, me, a day or a period; for Words the words
	Parts []Filter // of And, Or and Not
}

// All admits everything.
var All = Filter{Kind: And}

// Equals admits what has the value in a field.
func Equals(field, value string) Filter {
	return Filter{Kind: Condition, Field: field, Op: Is, Value: value}
}

// Empty reports whether the filter admits everything.
func (f Filter) Empty() bool { return f.Kind == And && len(f.Parts) == 0 }

// Join admits what all of the filters admit.
func Join(all ...Filter) Filter {
	out := All
	for _, f := range all {
		switch {
		case f.Kind == And:
			out.Parts = append(out.Parts, f.Parts...)
		case f.Kind == Words && f.Value == "":
		default:
			out.Parts = append(out.Parts, f)
		}
	}
	if len(out.Parts) == 1 {
		return out.Parts[0]
	}
	return out
}

// Chips are the parts that each narrow the list, words left out.
func (f Filter) Chips() (out []Filter) {
	for _, p := range f.top() {
		if p.Kind != Words {
			out = append(out, p)
		}
	}
	return out
}

// Search is what is searched for as text.
func (f Filter) Search() string {
	var words []string
	for _, p := range f.top() {
		if p.Kind == Words {
			words = append(words, p.Value)
		}
	}
	return strings.Join(words, " ")
}

// Without is the filter less the n-th of its chips.
func (f Filter) Without(n int) Filter {
	var rest []Filter
	for _, p := range f.top() {
		if p.Kind != Words {
			if n--; n == -1 {
				continue
			}
		}
		rest = append(rest, p)
	}
	return Join(rest...)
}

func (f Filter) top() []Filter {
	if f.Kind == And {
		return f.Parts
	}
	return []Filter{f}
}

// String is the canonical form; "" admits everything.
func (f Filter) String() string {
	switch f.Kind {
	case Words:
		return Quote(f.Value)
	case Not:
		return "not (" + f.Parts[0].String() + ")"
	case And, Or:
		word := map[Kind]string{And: " and ", Or: " or "}[f.Kind]
		parts := make([]string, len(f.Parts))
		for i, p := range f.Parts {
			// a text after an or would be another value of the condition before it
			if parts[i] = p.String(); p.Kind == And || p.Kind == Or || p.Kind == Words && f.Kind == Or && i > 0 {
				parts[i] = "(" + parts[i] + ")"
			}
		}
		return strings.Join(parts, word)
	}
	if f.Op == Missing {
		return f.Field + " missing"
	}
	if f.Exact {
		return f.Field + " " + string(f.Op) + " " + Quote(f.Value)
	}
	return f.Field + " " + string(f.Op) + " " + value(f.Value)
}

// value writes a value so that it reads back as one: what is more than a word
// stands in quotes.
func value(text string) string {
	if text == "" || strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(`"“”„»«()`, r) || r == ','
	}) || reserved[strings.ToLower(text)] {
		return Quote(text)
	}
	return text
}

// Quote writes text so that it is read as one, whatever is in it.
func Quote(text string) string { return `"` + strings.ReplaceAll(text, `"`, `""`) + `"` }

// Error is what was not understood, and where.
type Error struct {
	At   string // the words in question, as they were written
	Text i18n.Text
}

// Error is the English text: programs read it.
func (e *Error) Error() string { return e.Text.In(i18n.En) }

func unknown(at, da, en string) *Error {
	return &Error{At: at, Text: i18n.Text{da, en}}
}
