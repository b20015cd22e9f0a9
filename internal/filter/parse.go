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
	Today  string    // 2026-12-31, in the municipality
	Called i18n.Text // what the records are called; "" is nothing
	Strict bool      // what stands before a comparison is a field, and no text: programs say nothing by chance
}

// Parse reads a filter in Danish, English or its canonical form. What is no
// condition is searched for as text. A part that begins as a condition and is
// none is an *Error; the filter is then what was understood before it.
func (l Language) Parse(text string) (Filter, error) {
	if utf8.RuneCountInString(text) > longest {
		return All, unknown("", "Filteret er for langt. Del det op.", "The filter is too long. Split it.")
	}
	p := l.parser(text)
	f := p.either()
	for p.err == nil && p.pos < len(p.all) { // a bracket too many
		p.pos++
		f = Join(f, p.either())
	}
	if p.err != nil {
		return f, p.err
	}
	return l.uncalled(f), nil
}

// uncalled is the filter without what the register itself is called: "forpligtelser uden ejer".
func (l Language) uncalled(f Filter) Filter {
	if f.Kind != And {
		return f
	}
	return Join(slices.DeleteFunc(f.Parts, func(part Filter) bool {
		word := strings.TrimPrefix(strings.TrimPrefix(part.Value, "alle "), "all ")
		return part.Kind == Words && len(f.Parts) > 1 && slices.ContainsFunc(l.Called[:], func(name string) bool { return strings.EqualFold(word, name) })
	})...)
}

func (l Language) parser(text string) *parser {
	p := &parser{Language: l, all: tokens(text)}
	for i := range l.Fields {
		if f := &l.Fields[i]; !f.Sensitive && len(p.all) > 0 {
			for _, name := range names(f) {
				p.called = append(p.called, calling{f, split(name)})
			}
		}
	}
	return p
}

type parser struct {
	Language
	all    []token
	called []calling
	pos    int
	said   int
	depth  int
	err    *Error
}

// calling is one of the names of a field.
type calling struct {
	field *field.Field
	words []string
}

func (p *parser) fail(at, da, en string) {
	if p.err == nil {
		p.err = unknown(at, da, en)
	}
}

func (p *parser) peek(n int) token {
	if 0 <= p.pos+n && p.pos+n < len(p.all) {
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
	if f, c, ok := p.alone(); ok {
		return f, c, true
	}
	f, n := p.named()
	if f == nil {
		return nil, comparison{}, false
	}
	at := p.pos
	p.pos += n
	if f.Kind == field.Day || f.Kind == field.Int {
		if ends, n := p.span(f); n > 0 {
			p.pos += n
			return f, comparison{made: ends}, true
		}
	}
	if c, ok := p.comparison(f); ok {
		return f, c, true
	}
	if f.Kind == field.Day || f.Kind == field.Choice || f.Kind == field.Int {
		if _, n := p.known(f); n > 0 {
			return f, comparison{op: Is}, true
		}
	}
	p.pos = at
	return nil, comparison{}, false
}

// alone reads what is a condition without a comparison: "uden ejer", "mine", "forfaldne".
func (p *parser) alone() (*field.Field, comparison, bool) {
	at := p.pos
	for _, words := range lacking {
		if n := p.fitsHere(words); n > 0 {
			p.pos += n
			f, n := p.named()
			p.pos += n
			if f != nil && slices.Contains(fits[f.Kind], Missing) {
				if _, more := p.comparison(f); !more {
					return f, comparison{op: Missing}, true
				}
			}
			p.pos = at
		}
	}
	word := p.peek(0).lower()
	for i := range p.Fields {
		switch f := &p.Fields[i]; {
		case f.Sensitive:
		case owned[word] && f.Name == "owner" && f.Kind == field.Ref:
			p.pos++
			return f, comparison{made: []Filter{{Field: f.Name, Op: Is, Value: "me"}}}, true
		case overdue[word] && f.Name == "due" && f.Kind == field.Day:
			p.pos++
			return f, comparison{op: late}, true
		}
	}
	return nil, comparison{}, false
}

// named is the field that is called what stands here, the longest name that fits.
func (p *parser) named() (found *field.Field, words int) {
	for _, c := range p.called {
		if n := p.fitsHere(c.words); n > words {
			found, words = c.field, n
		}
	}
	return found, words
}

// names are what a field is called: by its labels, without what they have in brackets, and in the forms of a Danish noun.
func names(f *field.Field) []string {
	out := append([]string{f.Name, strings.ReplaceAll(f.Name, "_", " ")}, alias[f.Name]...)
	for _, label := range f.Label {
		out = append(out, label)
		if short, _, ok := strings.Cut(label, " ("); ok {
			out = append(out, short)
		}
	}
	for _, name := range append([]string{f.Label[0]}, alias[f.Name]...) {
		switch {
		case strings.Contains(name, " "):
		case f.Kind == field.Several:
			out = append(out, strings.TrimSuffix(name, "er"), strings.TrimSuffix(name, "r"))
		default:
			out = append(out, name+"en", name+"et", name+"n")
		}
	}
	return out
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
		if f.Kind == field.Int && c.op == Under {
			c.op = Before
		}
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
	if ok && found.op == Is && p.pos > 0 && p.peek(-1).text == ":" { // "frist: før 1/3"
		if c, more := p.comparison(f); more {
			return c, true
		}
	}
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
		if wrote, near, ok := p.slip(); ok {
			p.fail(wrote, "Værn kender ikke »"+wrote+"« her. Mente du »"+near[0]+"«?", "Værn does not know “"+wrote+"” here. Did you mean “"+near[1]+"”?")
			break
		}
		if p.Strict && len(said) > 0 && p.compares(said) {
			break
		}
		said = append(said, p.peek(0).text)
		p.pos++
	}
	return Filter{Kind: Words, Value: strings.Join(said, " ")}
}

// condition reads the value of a field, and others of it with or between.
func (p *parser) condition(f *field.Field, c comparison) Filter {
	if c.made != nil {
		return Join(c.made...)
	}
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
		p.fail(at, "»"+da+"« er en af disse: "+f.Offered(i18n.Da, field.AtAGlance)+".", "“"+en+"” is one of these: "+f.Offered(i18n.En, field.AtAGlance)+".")
	case field.Bool:
		p.fail(at, "»"+da+"« er ja eller nej.", "“"+en+"” is yes or no.")
	default:
		p.fail(at, "Skriv, hvad »"+da+"« skal være.", "Write what “"+en+"” should be.")
	}
}
