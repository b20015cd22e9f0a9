package clause

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// passage is what stood on one line or on several that were broken by the width of a page.
type passage struct {
	text   string // while lines are still joined, the first of them
	parts  []string
	indent int
	gap    bool
	lines  int
	mark   mark
	rest   string // the text after the mark
}

// joinLines puts broken lines together again.
func joinLines(lines []line) []passage {
	width := breakWidth(lines)
	spelling := newSpelling(lines)
	var passages []passage
	for i, l := range lines {
		if len(passages) > 0 && continues(passages, lines[i-1], l, width) {
			p := &passages[len(passages)-1]
			p.parts = append(p.parts, l.text)
			p.lines++
			continue
		}
		passages = append(passages, passage{text: l.text, parts: []string{l.text}, indent: l.indent, gap: l.gap, lines: 1})
	}
	for i := range passages {
		p := &passages[i]
		p.text, p.parts = spelling.join(p.parts), nil
		p.mark, p.rest = markOf(p.text)
	}
	return passages
}

// breakWidth finds the column at which the text was broken, or 0 when each line is a paragraph of its own.
func breakWidth(lines []line) int {
	var widths []int
	lower := 0
	for i := 1; i < len(lines); i++ {
		if m, _ := markOf(lines[i].text); lines[i].gap || m.kind != noMark {
			continue
		}
		widths = append(widths, width(lines[i-1]))
		if startsLower(lines[i].text) {
			lower++
		}
	}
	if lower < 2 || lower*4 < len(widths) {
		return 0
	}
	slices.Sort(widths)
	if w := widths[len(widths)*9/10]; w <= 160 {
		return w
	}
	return 0
}

func width(l line) int { return l.indent + utf8.RuneCountInString(l.text) }

// continues tells whether b goes on where the last passage, whose last line is a, broke off.
func continues(passages []passage, a, b line, columns int) bool {
	p := passages[len(passages)-1]
	m, rest := markOf(b.text)
	if before, after := markOf(p.text); before.kind == bullet && after == "" && !b.gap && m.kind == noMark {
		return true // a bullet that came on a line of its own
	}
	if m.kind != noMark && !midSentence(passages, a, m, rest, columns) {
		return false
	}
	switch {
	case isLabelled(b.text), startsUpper(b.text) && decided.MatchString(b.text[:min(len(b.text), 40)]):
		return false
	case startsUpper(b.text) && (quoteOpens(p.text) && quoteCloses(a.text) || p.lines == 1 && looksLikeHeading(p.text) && width(a)*10 < columns*7):
		return false
	case brokenWord(a.text) && startsLower(b.text) && (!b.gap || b.page):
		return true
	case !b.gap && smallWord.MatchString(a.text):
		return true
	case b.gap:
		return open(a.text) && startsLower(b.text) && utf8.RuneCountInString(a.text) >= 40
	case startsLower(b.text) && !strings.HasSuffix(a.text, ":") && !strings.HasSuffix(a.text, ";"):
		return utf8.RuneCountInString(a.text) >= 25
	}
	return full(a, b, columns)
}

// listAhead ends a line that a list goes on with.
var listAhead = regexp.MustCompile(`(?i)(,|herunder|blandt andet|såsom|including|such as)$`)

// smallWord ends a line that cannot be the last of a paragraph.
var smallWord = regexp.MustCompile(`\p{L}.{20,} (og|eller|samt|i|på|af|til|fra|for|som|at|med|ved|om|den|det|de|en|et|der|er|pr\.|the|of|and|or|to|in|on|by|a|an|with|for)$`)

// midSentence tells whether what looks like a number before a line belongs to the sentence: "… kapitel / 3. Den",
// "… nye opgaver / - store som små - udføres".
func midSentence(passages []passage, a line, m mark, rest string, columns int) bool {
	if m.raw == "-" || m.raw == "–" { // a dash inside a sentence
		return startsLower(rest) && open(a.text) && !listAhead.MatchString(a.text) && full(a, line{text: m.raw}, columns)
	}
	if m.kind != number && m.kind != plain && m.kind != law {
		return false
	}
	if m.kind == number && m.last() <= 1 || !open(a.text) || strings.HasSuffix(a.text, ",") {
		return false
	}
	for _, p := range passages[max(0, len(passages)-30):] {
		if before, _ := markOf(p.text); m.follows(before) {
			return false
		}
	}
	return full(a, line{text: m.raw + " " + rest}, columns)
}

// full tells whether the first word of b had no room on the line of a.
func full(a, b line, columns int) bool {
	first, _, _ := strings.Cut(b.text, " ")
	return columns > 0 && !b.gap && width(a)+1+utf8.RuneCountInString(first) > columns*85/100
}

// brokenWord tells whether a line ends in a hyphen right after a letter.
func brokenWord(text string) bool {
	before, ok := strings.CutSuffix(text, "-")
	r, _ := utf8.DecodeLastRuneInString(before)
	return ok && unicode.IsLetter(r)
}

// spelling knows how words are written elsewhere in the same text.
type spelling map[string]bool

func newSpelling(lines []line) spelling {
	s := spelling{}
	for _, l := range lines {
		for word := range strings.FieldsSeq(l.text) {
			s[strings.ToLower(strings.Trim(word, `.,;:()"”“»«`))] = true
		}
	}
	return s
}

// join puts the lines of a passage together.
func (s spelling) join(lines []string) string {
	var out strings.Builder
	for i, l := range lines {
		if i+1 == len(lines) {
			out.WriteString(l)
			break
		}
		switch space, hyphen := s.seam(l, lines[i+1]); {
		case space:
			out.WriteString(l + " ")
		case hyphen:
			out.WriteString(l)
		default:
			out.WriteString(l[:len(l)-1])
		}
	}
	return out.String()
}

// seam tells how line a goes on in line b: with a space, with the hyphen that a ends in because the word needs
// it ("it-sikkerhed", "borger- og"), or without it because it only shows the break.
func (s spelling) seam(a, b string) (space, hyphen bool) {
	if !brokenWord(a) || !startsLower(b) {
		return true, true
	}
	stood := a[strings.LastIndexByte(a, ' ')+1 : len(a)-1]
	head := strings.ToLower(stood)
	next, _, _ := strings.Cut(b, " ")
	tail := strings.ToLower(strings.Trim(next, `.,;:()"”“»«`))
	switch {
	case tail == "og" || tail == "eller" || tail == "samt" || tail == "and" || tail == "or":
		return true, true
	case s[head+tail]:
		return false, false
	case s[head+"-"+tail], strings.Contains(" it e hr pc tv ai ad ip ", " "+head+" "), strings.ToUpper(stood) == stood:
		return false, true
	}
	return false, false
}
