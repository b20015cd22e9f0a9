// Package i18n holds the two languages of the user interface: every text is
// written where it is used, Danish first, so that none can be missing.
package i18n

import (
	"context"
	"fmt"
	"strings"
	"unicode"
)

// Lang is a language of the user interface.
type Lang int

const (
	Da Lang = iota
	En
)

// Langs are the languages every text must have.
var Langs = []Lang{Da, En}

// String is the language's tag, as HTML and HTTP write it.
func (l Lang) String() string { return [...]string{"da", "en"}[l] }

// Other is the language that a page offers to switch to.
func (l Lang) Other() Lang { return 1 - l }

// Text is one text in all languages, Danish first.
type Text [2]string

// In returns the text in a language.
func (t Text) In(l Lang) string { return t[l] }

// Whole reports whether no language is missing.
func (t Text) Whole() bool { return t[Da] != "" && t[En] != "" }

// With puts values into the text, in the order of its verbs.
func (t Text) With(values ...any) Text {
	return Text{fmt.Sprintf(t[Da], values...), fmt.Sprintf(t[En], values...)}
}

// Naming puts other texts into the text, each language into its own.
func (t Text) Naming(others ...Text) Text {
	var da, en []any
	for _, other := range others {
		da, en = append(da, other[Da]), append(en, other[En])
	}
	return Text{fmt.Sprintf(t[Da], da...), fmt.Sprintf(t[En], en...)}
}

// Lower is the text as it stands within a sentence: with a small first letter, unless the first word is all capitals.
func (t Text) Lower() Text {
	for i, s := range t {
		r := []rune(s)
		if len(r) > 0 && (len(r) == 1 || !unicode.IsUpper(r[1])) {
			r[0] = unicode.ToLower(r[0])
			t[i] = string(r)
		}
	}
	return t
}

// And puts another text after the text.
func (t Text) And(other Text) Text { return Text{t[Da] + other[Da], t[En] + other[En]} }

// Same is a text that reads alike in both languages: a name, a number.
func Same(s string) Text { return Text{s, s} }

type key struct{}

// With returns a context that carries the language.
func With(ctx context.Context, l Lang) context.Context { return context.WithValue(ctx, key{}, l) }

// Of returns the language of the context, Danish when none was chosen.
func Of(ctx context.Context) Lang {
	l, _ := ctx.Value(key{}).(Lang)
	return l
}

// Parse understands a language tag or an Accept-Language header: the first
// language named decides, Danish unless it is English.
func Parse(s string) Lang {
	if strings.HasPrefix(strings.ToLower(strings.TrimSpace(s)), "en") {
		return En
	}
	return Da
}
