package filter

import (
	"slices"
	"strings"
	"unicode/utf8"

	"vaern/internal/field"
	"vaern/internal/i18n"
)

// How much a filter may say.
const (
	longest  = 2000 // characters
	mostSaid = 60   // conditions and words
	deepest  = 12   // brackets in brackets
)

// Language is what a filter can speak of: the fields of a register, and the day.
type Language struct {
	Fields []field.Field
	Today  string // 2026-12-31, in the municipality
}

// Parse reads a filter in Danish, English or its canonical form. What is no
// condition is searched for as text. A part that begins as a condition and is
// none is an *Error; the filter is then what was understood before it.
func (l Language) Parse(text string) (Filter, error) {
	if utf8.RuneCountInString(text) > longest {
		return All, unknown("", "Filteret er for langt. Del det op.", "The filter is too long. Split it.")
	}
	p := &parser{Language: l, all: tokens(text)}
	f := p.either()
	for p.err == nil && p.pos < len(p.all) { // a bracket too many
		p.pos++
		f = Join(f, p.either())
	}
	if p.err != nil {
		return f, p.err
	}
	return f, nil
}

type parser struct {
	Language
	all   []token
	pos   int
	said  int
	depth int
	err   *Error
}

func (p *parser) fail(at, da, en string) {
	if p.err == nil {
		p.err = unknown(at, da, en)
	}
}

func (p *parser) peek(n int) token {
	if p.pos+n < len(p.all) {
		return p.all[p.pos+n]
	}
	return token{}
}

func (p *parser) more() bool { return p.err == nil && p.pos < len(p.all) && p.peek(0).text != ")" }

// either reads parts with or between them.
func (p *parser) either() Filter {
	parts := []Filter{p.every()}
	for p.more() && ors[p.peek(0).lower()] {
		p.pos++
		parts = append(parts, p.every())
	}
	parts = slices.DeleteFunc(parts, Filter.Empty)
	switch len(parts) {
	case 0:
		return All
	case 1:
		return parts[0]
	}
	return Filter{Kind: Or, Parts: parts}
}

// every reads parts that all hold, with and between them or not.
func (p *parser) every() Filter {
	var parts []Filter
	for p.more() {
		if ands[p.peek(0).lower()] && (len(parts) > 0 || p.opens(1)) {
			p.pos++
			continue
		}
		if ors[p.peek(0).lower()] && len(parts) > 0 {
			break
		}
		parts = append(parts, p.one())
	}
	return Join(parts...)
}

// opens reports whether a condition or a bracket begins n words on.
func (p *parser) opens(n int) bool {
	at := p.pos
	defer func() { p.pos = at }()
	if p.pos += n; p.pos >= len(p.all) {
		return false
	}
	if nots[p.peek(0).lower()] {
		p.pos++
	}
	if t := p.peek(0); t.text == "(" && !t.quoted {
		return true
	}
	_, _, ok := p.begins()
	return ok
}

func (p *parser) one() Filter {
	if p.said++; p.said > mostSaid {
		p.fail("", "Filteret siger for meget på én gang. Del det op.", "The filter says too much at once. Split it.")
		return All
	}
	if nots[p.peek(0).lower()] && p.opens(1) {
		p.pos++
		return turned(p.one(), true)
	}
	if t := p.peek(0); t.text == "(" && !t.quoted {
		p.pos++
		if p.depth++; p.depth > deepest {
			p.fail("(", "Der er for mange parenteser i hinanden.", "There are too many brackets in brackets.")
			return All
		}
		f := p.either()
		p.depth--
		p.pos++ // the closing one, or the end
		return f
	}
	if f, c, ok := p.begins(); ok {
		return p.condition(f, c)
	}
	return p.words()
}

func turned(f Filter, not bool) Filter {
	if !not || f.Empty() {
		return f
	}
	return Filter{Kind: Not, Parts: []Filter{f}}
}

// begins reports whether a condition begins here: a field with a comparison, or
// with a value that only that field can have. It goes past what it found.
func (p *parser) begins() (*field.Field, comparison, bool) {
	f, n := p.named()
	if f == nil {
		return nil, comparison{}, false
	}
	at := p.pos
	p.pos += n
	if c, ok := p.comparison(f); ok {
		return f, c, true
	}
	if f.Kind == field.Day || f.Kind == field.Choice {
		if _, n := p.known(f); n > 0 {
			return f, comparison{op: Is}, true
		}
		if w := p.peek(0).lower(); w == "i" || w == "in" || w == "den" || w == "on" { // "frist i marts"
			p.pos++
			if _, n := p.known(f); n > 0 {
				return f, comparison{op: Is}, true
			}
		}
	}
	p.pos = at
	return nil, comparison{}, false
}

// named is the field that is called what stands here, the longest name that fits.
func (p *parser) named() (found *field.Field, words int) {
	for i := range p.Fields {
		f := &p.Fields[i]
		if f.Sensitive {
			continue
		}
		for _, name := range append(alias[f.Name], f.Name, f.Label[0], f.Label[1], strings.ReplaceAll(f.Name, "_", " ")) {
			if n := p.fitsHere(split(name)); n > words {
				found, words = f, n
			}
		}
	}
	return found, words
}

func (p *parser) fitsHere(words []string) int {
	for i, w := range words {
		if p.peek(i).lower() != w {
			return 0
		}
	}
	return len(words)
}

// comparison reads the longest one that the field knows. A choice may itself
// begin with a not: "er ikke opfyldt" is no "er ikke".
func (p *parser) comparison(f *field.Field) (found comparison, ok bool) {
	for _, c := range comparisons {
		if !slices.Contains(fits[f.Kind], c.op) || p.fitsHere(c.words) == 0 {
			continue
		}
		if f.Kind == field.Choice && !c.not && c.op == Is && p.choiceAfter(f, len(c.words)) {
			p.pos += len(c.words)
			return c, true
		}
		if len(c.words) > len(found.words) {
			found, ok = c, true
		}
	}
	p.pos += len(found.words)
	return found, ok
}

func (p *parser) choiceAfter(f *field.Field, words int) bool {
	p.pos += words
	defer func() { p.pos -= words }()
	_, n := p.known(f)
	return n > 0
}

// words reads what is searched for, up to the next condition. Between two texts of
// which the second stands in quotes, and and or are no words: so Filter writes them.
func (p *parser) words() Filter {
	var said []string
	for p.more() {
		if t := p.peek(0); t.text == "(" && !t.quoted && len(said) > 0 {
			break
		}
		if len(said) > 0 && (p.opens(0) || (ands[p.peek(0).lower()] || ors[p.peek(0).lower()]) && (p.opens(1) || p.peek(1).quoted)) {
			break
		}
		if near, ok := p.slip(); ok {
			p.fail(p.peek(0).text, "Værn kender ikke »"+p.peek(0).text+"« her. Mente du »"+near[0]+"«?", "Værn does not know “"+p.peek(0).text+"” here. Did you mean “"+near[1]+"”?")
			break
		}
		said = append(said, p.peek(0).text)
		p.pos++
	}
	return Filter{Kind: Words, Value: strings.Join(said, " ")}
}

// slip reports whether the word here is nearly a field's name, and a comparison
// comes after it.
func (p *parser) slip() (near i18n.Text, ok bool) {
	word := p.peek(0).lower()
	if utf8.RuneCountInString(word) < 4 || !p.comparesNext() {
		return near, false
	}
	for i := range p.Fields {
		f := &p.Fields[i]
		for _, name := range f.Label {
			if d := distanceOf(word, strings.ToLower(name)); !f.Sensitive && (d == 1 || d == 2 && len(word) > 5) {
				return f.Label, true
			}
		}
	}
	return near, false
}

func (p *parser) comparesNext() bool {
	p.pos++
	defer func() { p.pos-- }()
	return slices.ContainsFunc(comparisons, func(c comparison) bool { return p.fitsHere(c.words) > 0 })
}

// condition reads the value of a field, and others of it with or between.
func (p *parser) condition(f *field.Field, c comparison) Filter {
	switch c.op {
	case Missing:
		return turned(Filter{Field: f.Name, Op: Missing}, c.not)
	case late:
		return turned(Filter{Field: f.Name, Op: Before, Value: "today"}, c.not)
	}
	var any []Filter
	for {
		v, n := p.known(f)
		if n == 0 {
			p.refuse(f)
			break
		}
		p.pos += n
		op := c.op
		if f.Kind == field.Text && op == Is && !p.all[p.pos-1].quoted {
			op = Has // people who write "titel er aftale" mean the word
		}
		any = append(any, Filter{Field: f.Name, Op: op, Value: v, Exact: f.Kind == field.Text && op == Is})
		if !p.more() || !ors[p.peek(0).lower()] || p.opens(1) {
			break
		}
		p.pos++
		if _, n := p.known(f); n == 0 {
			p.pos--
			break
		}
	}
	switch len(any) {
	case 0:
		return All
	case 1:
		return turned(any[0], c.not)
	}
	return turned(Filter{Kind: Or, Parts: any}, c.not)
}

// refuse says what the field takes instead of what stands here.
func (p *parser) refuse(f *field.Field) {
	at := p.peek(0).text
	da, en := f.Label[0], f.Label[1]
	switch f.Kind {
	case field.Day:
		p.fail(at, "»"+da+"« er en dato. Skriv for eksempel 1/3, 1.3.2027, om 14 dage eller uge 48.", "“"+en+"” is a date. Write for example 1/3, 1.3.2027, in 14 days or week 48.")
	case field.Int:
		p.fail(at, "»"+da+"« er et tal.", "“"+en+"” is a number.")
	case field.Choice, field.Several:
		var labels [2][]string
		for _, c := range f.Choices {
			labels[0], labels[1] = append(labels[0], c[1]), append(labels[1], c[2])
		}
		p.fail(at, "»"+da+"« er en af disse: "+strings.Join(labels[0], ", ")+".", "“"+en+"” is one of these: "+strings.Join(labels[1], ", ")+".")
	case field.Bool:
		p.fail(at, "»"+da+"« er ja eller nej.", "“"+en+"” is yes or no.")
	default:
		p.fail(at, "Skriv, hvad »"+da+"« skal være.", "Write what “"+en+"” should be.")
	}
}
