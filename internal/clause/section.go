package clause

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// part is a block with its place in the outline: depth 1 heads a section, 2 a sub-section, 0 is content.
type part struct {
	Block
	depth  int
	number string // the number that the text gives a heading
	label  string
}

// divide parts the front matter from the sections.
func divide(blocks []Block) (front []Block, parts []part) {
	all := make([]part, len(blocks))
	for i, b := range blocks {
		all[i] = part{Block: b}
		all[i].Text = squeeze(Clean(b.Text))
		if b.Kind == Heading {
			all[i].readNumber()
		}
	}
	title := titleHeading(all)
	setDepths(all, title)
	start := bodyStart(all, title)
	for _, p := range all[:start] {
		p.Block.Text = squeeze(p.Marker + " " + p.Text)
		front = append(front, p.Block)
	}
	parts = all[start:]
	for i := range parts {
		if parts[i].depth == 0 && parts[i].Kind == Heading && i == 0 && parts[i].Level == UnknownLevel {
			parts[i].depth = 1 // a foreword
		}
	}
	return front, parts
}

// readNumber takes the number off a heading's text.
func (p *part) readNumber() {
	text := p.Text
	if p.Marker != "" {
		text = squeeze(p.Marker) + " " + text
	}
	m, rest := markOf(strings.TrimSpace(text))
	if m.number() == "" || m.kind == roman && !startsUpper(m.raw) {
		p.Text = squeeze(text)
		p.Marker = ""
		return
	}
	p.Marker, p.Text, p.number, p.label = m.raw, rest, m.number(), m.label()
}

// titleHeading finds the heading that names the whole document: the only one of the highest level, standing
// first and without a number. -1 when there is none.
func titleHeading(parts []part) int {
	first, same, others := -1, 0, 0
	for i, p := range parts {
		if p.Kind != Heading || p.Level < 1 || p.Level > 6 {
			continue
		}
		switch {
		case first < 0:
			first = i
		case p.Level < parts[first].Level:
			return -1
		case p.Level == parts[first].Level:
			same++
		default:
			others++
		}
	}
	if first < 0 || same > 0 || parts[first].number != "" || others == 0 && parts[first].Level != 1 && !documentWord.MatchString(parts[first].Text) {
		return -1
	}
	return first
}

// setDepths decides how deep each heading lies. Headings known by their looks alone head sections when nothing
// else does; beside numbered sections they are small headings inside them.
func setDepths(parts []part, title int) {
	base, numbered, levelled, chapters, capitals := 7, false, false, false, 0
	unknown := 0
	for i, p := range parts {
		if p.Kind != Heading || i == title {
			continue
		}
		depth := strings.Count(p.number, ".") + 1
		switch {
		case p.Level >= 1 && p.Level <= 6:
			levelled = true
			base = min(base, p.Level)
			numbered = numbered || p.number != "" && depth == 1
		case p.Level == UnknownLevel:
			unknown++
			if isCapitals(p.Text) {
				capitals++
			}
		}
		chapters = chapters || p.label != "" && !strings.HasPrefix(p.label, "§")
	}
	mixed := capitals > 1 && capitals < unknown
	for i := range parts {
		p := &parts[i]
		switch {
		case p.Kind != Heading || i == title || p.Level == SmallHeading:
		case strings.HasPrefix(p.label, "§") && chapters:
			p.depth = 2
		case p.number != "":
			p.depth = strings.Count(p.number, ".") + 1
		case p.Level >= 1:
			p.depth = p.Level - base + 1
		case numbered || levelled && hasTopLevel(parts, title):
		case mixed && !isCapitals(p.Text):
			p.depth = 2
		default:
			p.depth = 1
		}
	}
}

// hasTopLevel tells whether some heading with a level of its own lies at the first depth.
func hasTopLevel(parts []part, title int) bool {
	return slices.ContainsFunc(parts, func(p part) bool {
		return p.Kind == Heading && p.Level >= 1 && p.Level <= 6 && !strings.Contains(p.number, ".") && (title < 0 || p.Text != parts[title].Text)
	})
}

// bodyStart finds the first block that is no longer front matter: the first section heading, or the first
// running text with the heading right before it.
func bodyStart(parts []part, title int) int {
	named := false // a line of the front already names the document
	for i := title + 1; i < len(parts); i++ {
		p := parts[i]
		if p.depth > 0 && p.Level != UnknownLevel {
			return i
		}
		if p.Kind != Heading && !isFrontBlock(p.Block) {
			if i > title+1 && headsBody(parts[i-1], named || title >= 0) {
				return i - 1
			}
			return i
		}
		if i > title+1 && !named {
			named = documentWord.MatchString(parts[i-1].Text) && !typeLine.MatchString(parts[i-1].Text)
		}
	}
	return len(parts)
}

// headsBody tells whether the line before the first text is its heading rather than the document's title.
func headsBody(p part, named bool) bool {
	if p.Kind != Heading || isFrontLine(p.Text) || contentsTitle.MatchString(p.Text) {
		return false
	}
	return named || !documentWord.MatchString(p.Text)
}

var stopLast = regexp.MustCompile(`[.!?:;,]["”“»«')\]]*$`)

// isFrontBlock tells whether a block before the first heading still belongs to the front page.
func isFrontBlock(b Block) bool {
	text := squeeze(b.Marker + " " + b.Text)
	if isFrontLine(text) || leaderLine.MatchString(text) {
		return true
	}
	return b.Kind != Item && !stopLast.MatchString(text) && len(strings.Fields(text)) <= 12
}

// numbering gives sections and clauses their numbers.
type numbering struct {
	given    map[string]bool // numbers that the text itself gives
	used     map[string]bool
	free     map[string]int // per parent, up to where all numbers are taken
	repeated []string       // numbers that the text gives twice
}

func newNumbering(parts []part) *numbering {
	n := &numbering{given: map[string]bool{}, used: map[string]bool{}, free: map[string]int{}}
	for _, p := range parts {
		if p.depth > 0 && p.number != "" {
			n.given[p.number] = true
		}
	}
	return n
}

// sections builds the numbered sections with their clauses.
func (n *numbering) sections(parts []part) []Section {
	out := []Section{}
	parents := []string{} // the numbers on the way to the section in hand
	count := counter{}
	leads := leadText{}
	for _, p := range parts {
		if p.depth > 0 {
			depth := min(p.depth, len(parents)+1)
			number := n.take(p, parents[:depth-1])
			parents = append(parents[:depth-1], number)
			out = append(out, Section{Number: number, Title: p.Text, Label: p.label, Clauses: []Clause{}})
			count, leads = counter{}, leadText{}
			continue
		}
		if len(out) == 0 {
			n.used["0"] = true
			parents = []string{"0"}
			out = append(out, Section{Number: "0", Clauses: []Clause{}})
		}
		in := &out[len(out)-1]
		c := newClause(p.Block)
		c.ID = count.next(in.Number, c.Kind)
		leads.take(&c)
		in.Clauses = append(in.Clauses, c)
	}
	return out
}

// take finds the number of a section under its parents: the one the text gives, or the next free one.
func (n *numbering) take(p part, parents []string) string {
	number := p.number
	prefix := ""
	if len(parents) > 0 {
		prefix = parents[len(parents)-1] + "."
	}
	if strings.HasPrefix(p.label, "§") && number != "" {
		number = prefix + number
	}
	if number != "" && !n.used[number] {
		n.used[number] = true
		return number
	}
	if number != "" {
		n.repeated = append(n.repeated, number)
	}
	if number == "" && len(n.used) == 0 && prefix == "" && n.given["1"] && !n.given["0"] {
		n.used["0"] = true
		return "0"
	}
	for {
		n.free[prefix]++
		number = prefix + strconv.Itoa(n.free[prefix])
		if !n.used[number] && !n.given[number] {
			n.used[number] = true
			return number
		}
	}
}

// counter counts the clauses of one section: text and items together, small headings apart.
type counter struct{ text, headings int }

func (c *counter) next(section, kind string) string {
	if kind == Heading {
		c.headings++
		return section + ".h" + strconv.Itoa(c.headings)
	}
	c.text++
	return section + "." + strconv.Itoa(c.text)
}

var namedGoal = regexp.MustCompile(`(?i)^[^"”“„»«]{0,60}(målsætning|mål|objective|goal)\s?:\s?["”“„»«].+["”“»«]\.?$`)

func newClause(b Block) Clause {
	c := Clause{Kind: Paragraph, Text: b.Text, Sic: []string{}}
	switch {
	case b.Kind == Heading:
		c.Kind = Heading
	case b.Kind == Item:
		c.Kind, c.Level, c.Marker = Item, max(b.Level, 1), squeeze(b.Marker)
		if !b.Ordered {
			c.Marker = "-" // one bullet is as good as another
		}
	case isQuoted(b.Text) || namedGoal.MatchString(b.Text):
		c.Kind = Objective
	}
	return c
}

// leadText remembers what the coming items complete: the text before the list, and for a nested list the item
// it hangs on.
type leadText struct {
	text  string
	items []string // the last item of each depth
}

func (l *leadText) take(c *Clause) {
	switch c.Kind {
	case Item:
		depth := min(c.Level, len(l.items)+1)
		c.Level = depth
		c.Lead = l.text
		if depth > 1 {
			c.Lead = l.items[depth-2]
		}
		l.items = append(l.items[:depth-1], c.Text)
	case Objective:
		c.Lead = l.text
		*l = leadText{}
	default:
		*l = leadText{}
		if !stopped(c.Text) {
			l.text = c.Text
		}
	}
}
