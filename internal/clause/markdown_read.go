package clause

import (
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	hashes     = regexp.MustCompile(`^ {0,3}(#{1,6})(?:\s+(.*?))?(?:\s+#+)?\s*$`)
	underline  = regexp.MustCompile(`^ {0,3}(=+|-{2,})\s*$`)
	mdBullet   = regexp.MustCompile(`^(\s*)([-+*•–])\s+(.*)$`)
	mdNumber   = regexp.MustCompile(`^(\s*)(\d{1,3}[.)])\s+(.*)$`)
	mdRow      = regexp.MustCompile(`^\s*\|(.*)\|\s*$`)
	mdRule     = regexp.MustCompile(`^[\s|:*_-]*$`)
	innerMark  = regexp.MustCompile(`^(\(?(?:\d{1,2}|[a-zæøåA-ZÆØÅ]|[ivx]{1,5}|[IVX]{1,5})[.)]|\d{1,2}(?:\.\d{1,2})+\.?)\s+`)
	entityText = regexp.MustCompile(`^&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,20});`)
)

// markdownReader collects the lines of a paragraph or item until it ends.
type markdownReader struct {
	blocks []Block
	open   *Block   // its text is in lines
	lines  []string // still with their signs
	blank  bool     // an empty line stands before this one
	lists  []int    // the indents of the open lists
}

// FromMarkdown reads Markdown: headings, paragraphs, lists and tables. A paragraph wholly in bold is a small
// heading. Signs of emphasis and links are taken off.
func FromMarkdown(text string) []Block {
	r := markdownReader{}
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\f", "\n\n").Replace(Clean(text))
	properties := false // "title: …" between dashes, as some editors put first
	for i, l := range strings.Split(text, "\n") {
		if strings.TrimSpace(l) == "---" && (i == 0 || properties) {
			properties = i == 0
			continue
		}
		r.line(strings.ReplaceAll(l, "\t", "    "))
		if properties {
			r.close()
		}
	}
	r.close()
	return r.blocks
}

func (r *markdownReader) line(l string) {
	l = strings.TrimRightFunc(l, func(c rune) bool { return c != ' ' && unicode.IsSpace(c) })
	blank := r.blank
	r.blank = false
	if found := underline.FindStringSubmatch(l); found != nil && r.open != nil && r.open.Kind == Paragraph && len(r.lines) == 1 && !blank {
		level := 1
		if found[1][0] == '-' {
			level = 2
		}
		r.open.Kind, r.open.Level = Heading, level
		r.close()
		return
	}
	switch {
	case strings.TrimSpace(l) == "":
		r.blank = true
		return
	case hashes.MatchString(l):
		found := hashes.FindStringSubmatch(l)
		r.start(Block{Kind: Heading, Level: len(found[1]), Text: found[2]}, nil)
		r.close()
	case mdRow.MatchString(l):
		if !mdRule.MatchString(l) {
			r.start(Block{Kind: Paragraph, Text: row(mdRow.FindStringSubmatch(l)[1])}, nil)
		}
		r.close()
	case mdRule.MatchString(l) && len(strings.TrimSpace(l)) >= 3:
		r.close()
	case mdBullet.MatchString(l):
		r.item(mdBullet.FindStringSubmatch(l), false)
	case mdNumber.MatchString(l) && (r.open == nil || blank || r.open.Kind == Item):
		r.item(mdNumber.FindStringSubmatch(l), true)
	case r.open != nil && (!blank || r.open.Kind == Item && strings.HasPrefix(l, "  ") && startsLower(strings.TrimSpace(l))):
		r.lines = append(r.lines, l)
	default:
		r.start(Block{Kind: Paragraph, Text: l}, nil)
	}
}

func row(cells string) string {
	parts := strings.Split(strings.ReplaceAll(cells, `\|`, "\x00"), bar)
	for i, p := range parts {
		parts[i] = strings.TrimSpace(p)
	}
	return strings.ReplaceAll(Row(parts), "\x00", `\|`)
}

func (r *markdownReader) item(found []string, ordered bool) {
	indent := len(found[1])
	for len(r.lists) > 0 && indent < r.lists[len(r.lists)-1] {
		r.lists = r.lists[:len(r.lists)-1]
	}
	if len(r.lists) == 0 || indent > r.lists[len(r.lists)-1]+1 {
		r.lists = append(r.lists, indent)
	}
	b := Block{Kind: Item, Level: len(r.lists), Ordered: ordered, Marker: found[2], Text: found[3]}
	if at := innerMark.FindStringSubmatch(b.Text); at != nil && !ordered && !startsWithDate(b.Text) {
		b.Ordered, b.Marker, b.Text = true, at[1], b.Text[len(at[0]):]
	}
	r.start(b, r.lists)
}

// start closes the open block and opens another; lists are the lists that stay open with it.
func (r *markdownReader) start(b Block, lists []int) {
	r.close()
	r.lists = lists
	r.open, r.lines = &b, []string{b.Text}
}

// close ends the open block. Lines that end in a hard break are blocks of their own.
func (r *markdownReader) close() {
	if r.open == nil {
		return
	}
	b := *r.open
	r.open = nil
	var lines []string
	for _, l := range r.lines {
		l = strings.TrimLeft(l, " >")
		if hard := strings.HasSuffix(l, "  "); hard {
			l = strings.TrimRight(l, " ") + "\n"
		}
		lines = append(lines, l)
	}
	for l := range strings.SplitSeq(strings.Join(lines, " "), "\n") {
		part := b
		raw := squeeze(l)
		if bold, ok := wholeBold(raw); ok && b.Kind == Paragraph {
			part.Kind, part.Level, raw = Heading, SmallHeading, bold
		}
		part.Text = squeeze(plainText(raw))
		if part.Text != "" {
			r.blocks = append(r.blocks, part)
		}
	}
}

// wholeBold tells whether a paragraph is bold from end to end, and what it says.
func wholeBold(text string) (string, bool) {
	inner, ok := strings.CutPrefix(text, "**")
	if !ok {
		return "", false
	}
	inner, ok = strings.CutSuffix(inner, "**")
	return inner, ok && inner != "" && !strings.Contains(inner, "**")
}

// plainText takes the signs of Markdown off a line and leaves what they mark.
func plainText(text string) string {
	var out strings.Builder
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case c == '\\' && i+1 < len(text) && strings.IndexByte("\\`*_{}[]()<>#+-.!|=~&>", text[i+1]) >= 0:
			_, next := utf8.DecodeRuneInString(text[i+1:])
			out.WriteString(text[i+1 : i+1+next])
			i += 1 + next
			continue
		case c == '`':
		case (c == '*' || c == '_') && isEmphasis(text, i):
		case c == '[' && link(text[i:]) > 0:
			said, _, _ := strings.Cut(text[i+1:], "]")
			out.WriteString(plainText(said))
			i += link(text[i:])
			continue
		case c == '&' && entityText.MatchString(text[i:min(len(text), i+30)]):
			found := entityText.FindString(text[i:min(len(text), i+30)])
			out.WriteString(html.UnescapeString(found))
			i += len(found)
			continue
		default:
			out.WriteString(text[i : i+size])
		}
		i += size
	}
	return out.String()
}

// link is how long the link is that a text begins with, 0 for none. What is looked at is bounded, so that a
// million open brackets are not each followed to the end.
func link(text string) int {
	text = text[:min(len(text), 2000)]
	said := strings.IndexByte(text, ']')
	if said < 0 || !strings.HasPrefix(text[said:], "](") {
		return 0
	}
	to := strings.IndexByte(text[said:], ')')
	if to < 0 || strings.IndexByte(text[:said+to], '\n') >= 0 {
		return 0
	}
	return said + to + 1
}

// isEmphasis tells whether the star or underscore at a place stands at the edge of a word: alone between
// spaces, or inside a word, it is itself.
func isEmphasis(text string, at int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	after, _ := utf8.DecodeRuneInString(text[at+1:])
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	space := func(r rune) bool { return r == utf8.RuneError || unicode.IsSpace(r) }
	if text[at] == '_' && word(before) && word(after) {
		return false
	}
	return !(space(before) && space(after))
}
