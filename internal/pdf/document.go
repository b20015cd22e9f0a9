// Package pdf writes tagged PDF: documents that a screen reader reads in order,
// with headings, lists and tables as what they are.
package pdf

import (
	"fmt"
	"time"
)

// Meta is what a document says about itself.
type Meta struct {
	Title    string // shown in the window bar, in the footer and by screen readers
	Language string // "da-DK" when empty; decides the words of the footer
	Author   string
	Subject  string
	Created  string // RFC 3339; a document has no clock of its own
}

// Document is blocks in reading order. The zero value is not usable; see New.
type Document struct {
	meta   Meta
	blocks []Block
}

// New returns an empty document.
func New(m Meta) *Document {
	if m.Language == "" {
		m.Language = "da-DK"
	}
	return &Document{meta: m}
}

// Add appends blocks.
func (d *Document) Add(blocks ...Block) { d.blocks = append(d.blocks, blocks...) }

// Heading appends a heading; level 1 is the highest.
func (d *Document) Heading(level int, text string) { d.Add(Heading{Level: level, Text: Words(text)}) }

// Paragraph appends running text.
func (d *Document) Paragraph(text string) { d.Add(Paragraph{Words(text)}) }

// Note appends a remark in small, muted letters.
func (d *Document) Note(text string) { d.Add(Note{Words(text)}) }

// List appends a list of one paragraph an item.
func (d *Document) List(ordered bool, items []string) {
	l := List{Ordered: ordered}
	for _, item := range items {
		l.Items = append(l.Items, Item{Paragraph{Words(item)}})
	}
	d.Add(l)
}

// Table appends a table; the caption may be empty.
func (d *Document) Table(caption string, head []string, rows [][]string) {
	t := Table{Caption: Words(caption), Head: texts(head)}
	for _, r := range rows {
		t.Rows = append(t.Rows, texts(r))
	}
	d.Add(t)
}

// Clause appends a policy's sentence with its proof in the margin.
func (d *Document) Clause(number, words string, margin []string) {
	d.Add(Clause{Number: number, Words: Words(words), Margin: texts(margin)})
}

// Row appends a policy's sentence that is the row of a table, to the rows just before it where there are as many cells;
// head is a row that says what its columns are.
func (d *Document) Row(number string, cells []string, head bool, margin []string) {
	row := ClauseRow{number, texts(cells), head, texts(margin)}
	if n := len(d.blocks); n > 0 {
		if table, ok := d.blocks[n-1].(Clauses); ok && len(table.Rows[0].Cells) == len(cells) {
			d.blocks[n-1] = Clauses{append(table.Rows, row)}
			return
		}
	}
	d.Add(Clauses{[]ClauseRow{row}})
}

// Rule appends a line across the page.
func (d *Document) Rule() { d.Add(Rule{}) }

// Bytes is the finished file. The same document gives the same bytes. It fails
// when Meta.Created is no time.
func (d *Document) Bytes() ([]byte, error) {
	created, err := time.Parse(time.RFC3339, d.meta.Created)
	if err != nil {
		return nil, fmt.Errorf("pdf %q: created: %w", d.meta.Title, err)
	}
	if created.IsZero() {
		return nil, fmt.Errorf("pdf %q: created: the zero time", d.meta.Title) // fpdf would take it for now
	}
	root := &element{tag: "Document"}
	pages := paginate(setter{outline: new(outline)}.blocks(d.blocks, place{width: textWidth, in: root}))
	p := newPainter(d.meta, created.UTC())
	for i := range pages {
		p.page(pages[i], i+1, len(pages))
	}
	plain, err := p.plain()
	if err != nil {
		return nil, fmt.Errorf("pdf %q: %w", d.meta.Title, err)
	}
	tagged, err := tag(plain, root, p.marks, d.meta)
	if err != nil {
		return nil, fmt.Errorf("pdf %q: %w", d.meta.Title, err)
	}
	return tagged, nil
}

func texts(words []string) []Text {
	list := make([]Text, len(words))
	for i, w := range words {
		list[i] = Words(w)
	}
	return list
}
