package clause

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// classifier tells headings, items and paragraphs apart by what stands around them.
type classifier struct {
	passages []passage
	heading  []bool
	contents []bool
	lastBody int // no heading stands below the last text
	top      int // the last section number of the first depth
	lists    []listLevel
	margin   int // of the list without bullets in hand
}

// listLevel is one open list: how far in it stands and what its items begin with.
type listLevel struct {
	indent int
	kind   markKind
	raw    string
}

// classify makes blocks of passages.
func classify(passages []passage) []Block {
	c := classifier{passages: passages, heading: make([]bool, len(passages)), contents: contents(passages)}
	for i := range passages {
		if c.isBody(i) {
			c.lastBody = i
		}
	}
	for i := range passages {
		c.heading[i] = c.isHeading(i)
	}
	c.dropRows()
	var blocks []Block
	for i, p := range passages {
		var before *Block
		if len(blocks) > 0 {
			before = &blocks[len(blocks)-1]
		}
		blocks = append(blocks, c.blocks(i, p, before)...)
	}
	return blocks
}

func (c *classifier) blocks(i int, p passage, before *Block) []Block {
	switch {
	case c.contents[i]:
		return []Block{{Kind: Paragraph, Text: p.text}}
	case p.mark.kind == law && !c.heading[i]: // "§ 3. The council decides …": a number, then its text
		c.lists = nil
		if p.rest == "" {
			return []Block{{Kind: Heading, Level: 1, Marker: p.mark.raw}}
		}
		return []Block{{Kind: Heading, Level: 1, Marker: p.mark.raw}, {Kind: Paragraph, Text: p.rest}}
	case c.heading[i] && p.mark.number() != "":
		c.lists = nil
		return []Block{{Kind: Heading, Level: len(p.mark.numbers), Marker: p.mark.raw, Text: p.rest}}
	case c.heading[i] && strings.HasSuffix(p.text, ":"):
		c.lists = nil
		return []Block{{Kind: Heading, Level: SmallHeading, Text: p.text}}
	case c.heading[i]:
		c.lists = nil
		return []Block{{Kind: Heading, Level: UnknownLevel, Text: p.text}}
	case p.mark.kind != noMark && p.mark.kind != plain && p.mark.kind != chapter && p.rest != "":
		return []Block{{Kind: Item, Level: c.depth(p), Ordered: p.mark.kind != bullet, Marker: p.mark.raw, Text: p.rest}}
	case c.isUnmarkedItem(i, before):
		return []Block{{Kind: Item, Level: 1, Text: p.text}}
	}
	c.lists = nil
	return []Block{{Kind: Paragraph, Text: p.text}}
}

// depth finds how deep an item lies, by its indent and by what it begins with.
func (c *classifier) depth(p passage) int {
	kind := p.mark.kind
	if kind == roman && len(c.lists) > 0 && c.lists[len(c.lists)-1].kind == letter {
		if top := c.lists[len(c.lists)-1]; p.indent <= top.indent+1 && len(p.mark.raw) == 2 {
			kind = letter // "i)" after "h)"
		}
	}
	for len(c.lists) > 0 && p.indent < c.lists[len(c.lists)-1].indent-1 {
		c.lists = c.lists[:len(c.lists)-1]
	}
	for i, l := range c.lists {
		if l.kind == kind && (kind != bullet || l.raw == p.mark.raw) && p.indent <= l.indent+1 {
			c.lists = c.lists[:i+1]
			return i + 1
		}
	}
	c.lists = append(c.lists, listLevel{p.indent, kind, p.mark.raw})
	return len(c.lists)
}

// isUnmarkedItem tells whether a short line is one of a list whose bullets were lost: "… gælder for:" before it.
func (c *classifier) isUnmarkedItem(i int, before *Block) bool {
	p := c.passages[i]
	if c.isIndented(i, before) {
		return true
	}
	if before == nil || p.lines > 1 || stopped(p.text) || strings.HasSuffix(p.text, ":") || len(strings.Fields(p.text)) > 12 {
		return false
	}
	if before.Kind == Item {
		return before.Marker == "" && !p.gap
	}
	next := i+1 < len(c.passages) && !c.passages[i+1].gap && c.passages[i+1].mark.kind == noMark
	return before.Kind == Paragraph && strings.HasSuffix(before.Text, ":") && next && !isQuoted(p.text)
}

// isIndented tells whether a passage is one of a list whose bullets were drawn rather than written, as in PDFs
// of web pages: what is left is the margin, below a line that ends in a colon.
func (c *classifier) isIndented(i int, before *Block) bool {
	if before == nil || i == 0 {
		return false
	}
	indent, last := c.passages[i].indent, c.passages[i-1]
	if isQuoted(c.passages[i].text) {
		return false
	}
	if before.Kind == Item {
		return before.Marker == "" && c.margin > 0 && indent >= c.margin-1
	}
	c.margin = 0
	if before.Kind == Paragraph && strings.HasSuffix(before.Text, ":") && indent >= last.indent+3 {
		c.margin = indent
	}
	return c.margin > 0
}

// isHeading tells whether passage i heads what follows it.
func (c *classifier) isHeading(i int) bool {
	p := c.passages[i]
	if c.contents[i] || p.lines > 2 || i+1 == len(c.passages) {
		return false
	}
	switch p.mark.kind {
	case number, plain, decimal, roman:
		return c.isNumberedHeading(i)
	case law:
		return looksLikeHeading(p.rest) && !strings.HasSuffix(p.rest, ":")
	case chapter:
		return p.rest == "" || looksLikeHeading(p.rest)
	case bullet:
		return false
	case letter:
		return startsUpper(p.mark.raw) && looksLikeHeading(p.rest) && c.isBody(i+1) && !c.passages[i+1].mark.follows(p.mark)
	}
	return looksLikeHeading(p.text) && c.standsApart(i)
}

// standsApart tells whether an unmarked short line stands where a heading stands.
func (c *classifier) standsApart(i int) bool {
	p, next := c.passages[i], c.passages[i+1]
	if strings.HasSuffix(p.text, ":") {
		row := looksLikeHeading(next.text) && !next.gap || next.indent >= p.indent+3 && !isQuoted(next.text) // a list without bullets
		return !row && next.mark.kind == noMark && len(strings.Fields(p.text)) <= 6 && !isFrontLine(p.text+" "+next.text)
	}
	if i == 0 {
		return true
	}
	before := c.passages[i-1]
	if !p.gap && !c.heading[i-1] && (strings.HasSuffix(before.text, ":") || before.mark.kind == noMark && looksLikeHeading(before.text)) {
		return false
	}
	return i < c.lastBody && (p.gap || c.heading[i-1] || stopped(before.text) || !c.isBody(i-1))
}

// isBody tells whether passage i is running text or a list rather than one more heading.
func (c *classifier) isBody(i int) bool {
	if i < 0 || i >= len(c.passages) {
		return false
	}
	p := c.passages[i]
	return p.mark.kind == bullet || p.lines > 2 || !looksLikeHeading(p.rest) && (!isFrontLine(p.text) || decided.MatchString(p.text))
}

// isNumberedHeading tells "3. Roles", which heads a section, from "3. Roles", the third item of a list: a
// heading takes up the row of section numbers, an item stands among its like.
func (c *classifier) isNumberedHeading(i int) bool {
	p, next := c.passages[i], c.passages[i+1]
	if !looksLikeHeading(p.rest) || strings.HasSuffix(p.mark.raw, ")") || p.mark.kind == roman && !startsUpper(p.mark.raw) {
		return false
	}
	if p.mark.kind == decimal && len(p.mark.numbers) > 1 {
		within := c.top == 0 || p.mark.numbers[0] == c.top || p.mark.numbers[0] == c.top+1
		return within && !next.mark.follows(p.mark)
	}
	if p.mark.last() != c.top+1 && !(c.top == 0 && p.mark.last() == 0) {
		return false
	}
	if next.mark.follows(p.mark) && !c.headsLater(i) {
		return false
	}
	if before := i - 1; before >= 0 && p.mark.follows(c.passages[before].mark) && !c.heading[before] {
		if !p.gap || !c.isBody(i+1) && next.mark.kind != decimal {
			return false
		}
	}
	c.top = p.mark.last()
	return true
}

// headsLater tells whether a row of numbered lines, none with text below, is nevertheless one of sections: the
// rest of the numbering goes on after it.
func (c *classifier) headsLater(i int) bool {
	p, next := c.passages[i], c.passages[i+1]
	return p.gap && next.gap && i+2 < len(c.passages) && c.passages[i+2].mark.kind == noMark && c.isBody(i+2)
}

// dropRows makes paragraphs of three or more short lines right below each other in the midst of the text: an
// address or a table, not headings. The lines before the first text are left, they are the front page.
func (c *classifier) dropRows() {
	text := false
	for i := 0; i < len(c.passages); i++ {
		if !c.isShort(i) {
			text = text || c.isBody(i)
			continue
		}
		end := i
		for end < len(c.passages) && c.isShort(end) && (end == i || !c.passages[end].gap) {
			end++
		}
		if text && end-i >= 3 {
			for j := i; j < end-1; j++ {
				c.heading[j] = false
			}
		}
		i = end - 1
	}
}

func (c *classifier) isShort(i int) bool {
	return c.heading[i] && c.passages[i].mark.kind == noMark && !strings.HasSuffix(c.passages[i].text, ":")
}

var twoSentences = regexp.MustCompile(`\p{Ll}{2}[.!?] \p{Lu}`)

// looksLikeHeading tells whether text has the shape of a heading: short, capital first, no stop last.
func looksLikeHeading(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	words := len(strings.Fields(text))
	if words == 0 || words > 12 || utf8.RuneCountInString(text) > 90 || !unicode.IsUpper(r) && !strings.HasPrefix(text, "it-") {
		return false
	}
	if strings.ContainsRune(".;,!?-–", lastRune(text)) || twoSentences.MatchString(text) || strings.Contains(text, "|") {
		return false
	}
	return len(dates(text)) == 0 && !decided.MatchString(text) && !strings.Contains(text, "@") && !versionLine.MatchString(text)
}

func lastRune(text string) rune {
	r, _ := utf8.DecodeLastRuneInString(text)
	return r
}

// isCapitals tells whether a heading is set in capitals throughout.
func isCapitals(text string) bool {
	letters := 0
	for _, r := range text {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			letters++
		}
	}
	return letters >= 4
}

const quotes = `"”“„»«`

// isQuoted tells whether a whole paragraph is a quotation.
func isQuoted(text string) bool {
	return utf8.RuneCountInString(text) > 2 && quoteOpens(text) && quoteCloses(text)
}

func quoteOpens(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return strings.ContainsRune(quotes, r)
}

func quoteCloses(text string) bool {
	return strings.ContainsRune(quotes, lastRune(strings.TrimSuffix(text, ".")))
}
