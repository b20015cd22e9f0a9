package pdf

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// place is where a block goes: across, from the left margin, and in the tree.
type place struct {
	x, width float64
	in       *element
}

// indented is the place d points to the right, as long as words have room.
func (p place) indented(d float64) place {
	if p.width-d < 100 {
		return p
	}
	p.x += d
	p.width -= d
	return p
}

// under is the same place one element further down.
func (p place) under(tag string) place {
	p.in = p.in.under(tag)
	return p
}

// setter turns blocks into rows.
type setter struct{ outline *outline }

// outline remembers the level of the last heading and how many notes there are.
type outline struct{ level, notes int }

// Sizes of letters and the distance between lines, in points.
const (
	bodySize    = 10.5
	bodyLeading = 15.0
	noteSize    = 8.5
	noteLeading = 11.5
	codeSize    = 9.0
	paragraph   = 6.0 // between paragraphs
	indent      = 20.0
)

// headings are the sizes, leadings and spaces above of the levels.
var headings = [...]struct{ size, leading, space float64 }{{20, 26, 20}, {15, 20, 18}, {12.5, 17, 14}, {11, 15, 12}, {10.5, 15, 10}, {10.5, 15, 10}}

func (s setter) blocks(list []Block, in place) []row {
	var rows []row
	for _, b := range list {
		rows = append(rows, b.set(s, in)...)
	}
	return rows
}

// stack makes a row of each line, and keeps the first two and the last two together.
func stack(lines []line, x, leading float64) []row {
	rows := make([]row, len(lines))
	for i := range lines {
		rows[i] = row{
			columns: []column{{x: x, leading: leading, lines: lines[i : i+1]}},
			keep:    i < len(lines)-1 && (i == 0 || i == len(lines)-2),
		}
	}
	return rows
}

func (h Heading) set(s setter, in place) []row {
	level := max(1, min(h.Level, s.outline.level+1, len(headings)))
	s.outline.level = level
	look := headings[level-1]
	e := in.in.under("H" + strconv.Itoa(level))
	rows := stack(breakLines(h.Text, style{face: bold, size: look.size, owner: e}, in.width), in.x, look.leading)
	for i := range rows {
		rows[i].keep = true
	}
	rows[0].space = look.space
	rows[0].mark = &bookmark{text: h.Text.String(), level: level - 1}
	return append(rows, row{pad: 1, keep: true}) // a little air, on the same page
}

func (p Paragraph) set(_ setter, in place) []row {
	e := in.in.under("P")
	rows := stack(breakLines(p.Text, style{size: bodySize, owner: e}, in.width), in.x, bodyLeading)
	rows[0].space = paragraph
	return rows
}

func (n Note) set(s setter, in place) []row {
	e := s.note(in.in)
	rows := stack(breakLines(n.Text, style{size: noteSize, ink: muted, owner: e}, in.width), in.x, noteLeading)
	rows[0].space = paragraph
	return rows
}

// note makes a Note element. Notes must have names of their own. ISO 14289-1:7.9
func (s setter) note(in *element) *element {
	e := in.under("Note")
	s.outline.notes++
	e.id = "note" + strconv.Itoa(s.outline.notes)
	return e
}

func (c Code) set(_ setter, in place) []row {
	e := in.in.under("P").under("Code")
	in = in.indented(indent)
	words := strings.ReplaceAll(strings.TrimRight(c.Words, "\n"), " ", "\u00a0")
	rows := stack(breakLines(Words(words), style{face: mono, size: codeSize, owner: e}, in.width), in.x, 13)
	rows[0].space = paragraph
	return rows
}

func (q Quote) set(s setter, in place) []row {
	return s.blocks(q.Blocks, in.under("BlockQuote").indented(indent))
}

func (l List) set(s setter, in place) []row {
	in = in.under("L")
	in.in.attrs = "/O /List /ListNumbering /Disc"
	if l.Ordered {
		in.in.attrs = "/O /List /ListNumbering /Decimal"
	}
	number := max(l.Start, 1)
	var rows []row
	for i, item := range l.Items {
		label := "•"
		if l.Ordered {
			label = strconv.Itoa(number+i) + "."
		}
		rows = append(rows, item.set(s, in, label)...)
	}
	return rows
}

func (i Item) set(s setter, in place, label string) []row {
	li := in.in.under("LI")
	st := style{size: bodySize, owner: li.under("Lbl")}
	in.in = li
	body := in.under("LBody").indented(max(indent, 6+6*float64(utf8.RuneCountInString(label))))
	rows := s.blocks(i, body)
	if len(rows) == 0 || len(rows[0].columns) != 1 {
		rows = append([]row{{keep: len(rows) > 0}}, rows...) // nothing to stand beside
	}
	lead := bodyLeading
	if len(rows[0].columns) > 0 {
		lead = rows[0].columns[0].leading
	}
	mark := column{x: in.x + 4, leading: lead, lines: breakLines(Words(label+" "), st, in.width)}
	rows[0].columns = append([]column{mark}, rows[0].columns...)
	rows[0].space = min(paragraph/2, max(rows[0].space, 2))
	return rows
}

// The columns of a clause, as parts of the width: words, then the margin.
const (
	numberWidth = 46.0
	wordsShare  = 0.62
	marginShare = 0.34
)

func (c Clause) set(s setter, in place) []row {
	sect := in.in.under("Sect")
	p := sect.under("P")
	words := column{x: in.x + numberWidth, leading: bodyLeading, lines: breakLines(c.Words, style{size: bodySize, owner: p}, in.width*wordsShare-numberWidth)}
	return []row{{space: paragraph + 3, columns: slices.Concat([]column{numbered(c.Number, in, p), words}, proof(c.Margin, s, in, sect))}}
}

func (c Clauses) set(s setter, in place) (rows []row) {
	t := Table{}
	for _, r := range c.Rows {
		t.Rows = append(t.Rows, r.Cells)
	}
	widths := t.widths(len(t.Rows[0]), in.width*wordsShare-numberWidth)
	for _, r := range c.Rows {
		sect := in.in.under("Sect")
		out := row{space: paragraph + 3, keep: r.Head, columns: []column{numbered(r.Number, in, sect.under("P"))}}
		x := in.x + numberWidth
		for i, cell := range r.Cells {
			st := style{size: bodySize - 1, owner: sect.under("P")}
			if r.Head {
				st.face = bold
			}
			out.columns = append(out.columns, column{x: x, leading: bodyLeading, lines: breakLines(cell, st, widths[i]-2*cellPad)})
			x += widths[i]
		}
		out.columns = append(out.columns, proof(r.Margin, s, in, sect)...)
		rows = append(rows, out)
	}
	rows[len(rows)-1].keep = false
	return rows
}

// numbered is the column of a clause's number.
func numbered(text string, in place, owner *element) column {
	return column{x: in.x, leading: bodyLeading, lines: breakLines(Words(text+" "), style{face: bold, size: bodySize, owner: owner}, numberWidth)}
}

// proof is the column of what stands in a clause's margin, none where that is nothing.
func proof(margin []Text, s setter, in place, sect *element) []column {
	if len(margin) == 0 {
		return nil
	}
	st := style{size: noteSize, ink: muted, owner: s.note(sect)}
	var lines []line
	for _, t := range margin {
		lines = append(lines, breakLines(append(t[:len(t):len(t)], Run{Words: "\u00a0"}), st, in.width*marginShare)...)
	}
	return []column{{
		x: in.x + in.width*(1-marginShare), drop: 2.5, leading: noteLeading, lines: lines, // 2.5: on the same baseline as the words
	}}
}

func (Rule) set(_ setter, in place) []row {
	return []row{{space: paragraph, pad: 3, rule: true, left: in.x, width: in.width}}
}

// String is the words without their styles.
func (t Text) String() string {
	var b strings.Builder
	for _, r := range t {
		b.WriteString(r.Words)
	}
	return b.String()
}
