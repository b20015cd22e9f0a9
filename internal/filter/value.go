package filter

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"vaern/internal/field"
	"vaern/internal/i18n"
)

// known is the canonical value of the field that stands here, and how many
// words it takes; none is 0.
func (p *parser) known(f *field.Field) (value string, words int) {
	switch f.Kind {
	case field.Day:
		return p.phrase(6, func(text string) string { return p.means(f, text) })
	case field.Choice, field.Several:
		value, words = p.phrase(8, func(text string) string { return code(f.Choices, text) })
		if words == 0 {
			value, words = p.phrase(8, func(text string) string { return begun(f.Choices, text) })
		}
		return value, words
	case field.Int:
		value, words = p.phrase(1, number)
		if words > 0 && measure(f.Label, p.peek(words).lower()) {
			words++
		}
		return value, words
	case field.Bool:
		if v, n := p.phrase(1, func(text string) string { return truth[text] }); n > 0 {
			return v, n
		}
		return "yes", 0
	}
	return p.text(f.Kind)
}

// phrase is the longest run of words that means something.
func (p *parser) phrase(most int, means func(string) string) (string, int) {
	if t := p.peek(0); t.quoted {
		if v := means(strings.ToLower(t.text)); v != "" {
			return v, 1
		}
		return "", 0
	}
	for n := min(most, len(p.all)-p.pos); n > 0; n-- {
		parts := make([]string, n)
		for i := range parts {
			parts[i] = p.peek(i).lower()
		}
		if v := means(strings.Join(parts, " ")); v != "" {
			return v, n
		}
	}
	return "", 0
}

// text is a quoted text, me, or all words up to the next condition.
func (p *parser) text(kind field.Kind) (string, int) {
	if t := p.peek(0); t.quoted {
		return t.text, 1
	}
	if kind == field.Ref && mine[p.peek(0).lower()] {
		return "me", 1
	}
	at := p.pos
	defer func() { p.pos = at }()
	var said []string
	for p.more() && p.peek(0).text != "(" {
		w := p.peek(0).lower()
		if len(said) > 0 && (p.opens(0) || ors[w] || ands[w] && (p.opens(1) || p.peek(1).quoted || p.pos+1 == len(p.all))) {
			break
		}
		said = append(said, p.peek(0).text)
		p.pos++
	}
	return strings.Join(said, " "), p.pos - at
}

func code(choices field.Choices, text string) string {
	for _, c := range choices {
		if text == strings.ToLower(c[0]) || text == strings.ToLower(c[1]) || text == strings.ToLower(c[2]) {
			return c[0]
		}
	}
	return ""
}

// begun is the one choice that begins with a text of some length; where more do, none.
func begun(choices field.Choices, text string) (found string) {
	if utf8.RuneCountInString(text) < 4 || nots[text] {
		return ""
	}
	for _, c := range choices {
		if !strings.HasPrefix(strings.ToLower(c[1]), text) && !strings.HasPrefix(strings.ToLower(c[2]), text) {
			continue
		}
		if found != "" {
			return ""
		}
		found = c[0]
	}
	return found
}

// measure reports whether a word is what a field's label says that it counts: "Gennemgås hver (måneder)".
func measure(label i18n.Text, word string) bool {
	return word != "" && (strings.HasSuffix(strings.ToLower(label[0]), "("+word+")") || strings.HasSuffix(strings.ToLower(label[1]), "("+word+")"))
}

var truth = map[string]string{"ja": "yes", "yes": "yes", "true": "yes", "1": "yes", "nej": "no", "no": "no", "false": "no", "0": "no"}

func number(text string) string {
	n, err := strconv.ParseInt(strings.ReplaceAll(text, ".", ""), 10, 64)
	if err != nil {
		return ""
	}
	return strconv.FormatInt(n, 10)
}
