package clause

import (
	"regexp"
	"strings"
)

// Markdown writes a document's title, sections and clauses so that reading it again gives the same ones.
func Markdown(d Document) string {
	var out strings.Builder
	if d.Title != "" {
		out.WriteString("# " + escapeEnd(escape(d.Title)) + "\n")
	}
	for i, s := range d.Sections {
		if i > 0 || !isPreamble(s) {
			out.WriteString("\n" + sectionLine(s) + "\n")
		}
		w := itemWriter{}
		for _, c := range s.Clauses {
			if c.Kind != Item || !w.inList {
				out.WriteString("\n")
			}
			out.WriteString(w.clause(c) + "\n")
		}
	}
	return strings.TrimLeft(out.String(), "\n")
}

// isPreamble tells whether a section is text before the first heading, which reads as such without one.
func isPreamble(s Section) bool {
	if s.Number != "0" || s.Title != "" || s.Label != "" || len(s.Clauses) == 0 || s.Clauses[0].Kind == Heading {
		return false
	}
	first := s.Clauses[0]
	kind := BlockKind(Paragraph)
	if first.Kind == Item {
		kind = Item
	}
	return !isFrontBlock(Block{Kind: kind, Text: first.Text})
}

// sectionLine writes a section's heading: "## 2. Roles", "### 2.1 The committee", "## § 4 Scope".
func sectionLine(s Section) string {
	depth := strings.Count(s.Number, ".") + 1
	number := s.Number
	if depth == 1 {
		number += "."
	}
	if s.Label != "" {
		number = s.Label
	}
	return strings.TrimRight(strings.Repeat("#", min(depth+1, 6))+" "+number+" "+escapeEnd(escape(s.Title)), " ")
}

// itemWriter remembers how far the items of each depth are moved in.
type itemWriter struct {
	inList bool
	width  []int // of each depth's marker with its space
}

func (w *itemWriter) clause(c Clause) string {
	if c.Kind != Item {
		*w = itemWriter{}
	}
	switch c.Kind {
	case Heading:
		return "**" + escape(c.Text) + "**"
	case Item:
		return w.item(c)
	}
	if cells := c.Cells(); cells != nil {
		for i := range cells {
			cells[i] = escape(cells[i])
		}
		if row := "| " + strings.Join(cells, " | ") + " |"; !mdRule.MatchString(row) {
			return row
		}
	}
	return escapeStart(escape(c.Text))
}

var (
	listNumber = regexp.MustCompile(`^\d{1,3}[.)]$`)
	lineStart  = regexp.MustCompile(`^(\d{1,3}|\(?[\p{L}ivx\d]{1,5})([.)])`)
)

func (w *itemWriter) item(c Clause) string {
	w.inList = true
	depth := min(max(c.Level, 1), len(w.width)+1)
	indent := 0
	for _, n := range w.width[:depth-1] {
		indent += n
	}
	marker, text := "- ", escapeStart(escape(c.Text))
	switch {
	case listNumber.MatchString(c.Marker):
		marker = c.Marker + " "
	case c.Marker != "-":
		text = c.Marker + " " + text
	}
	w.width = append(w.width[:depth-1], len(marker))
	return strings.Repeat(" ", indent) + marker + text
}

var inlineSigns = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "<", `\<`, "&", `\&`, "|", `\|`)

// escape keeps signs that mean something inside Markdown as the signs they are.
func escape(text string) string { return inlineSigns.Replace(text) }

// escapeEnd keeps the last sign of a heading, which Markdown takes off when it is a hash.
func escapeEnd(text string) string {
	if rest, ok := strings.CutSuffix(text, "#"); ok {
		return rest + `\#`
	}
	return text
}

// escapeStart keeps a text that begins like a heading, a list or a quotation a plain paragraph.
func escapeStart(text string) string {
	if text == "" {
		return text
	}
	for sign, entity := range map[string]string{"•": "&bull;", "–": "&ndash;"} { // a backslash before them would show
		if rest, ok := strings.CutPrefix(text, sign); ok {
			return entity + rest
		}
	}
	if strings.IndexByte("#+->=~", text[0]) >= 0 {
		return `\` + text
	}
	if at := lineStart.FindStringSubmatchIndex(text); at != nil {
		return text[:at[4]] + `\` + text[at[4]:]
	}
	return text
}
