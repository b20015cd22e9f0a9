package reading

import (
	"encoding/xml"
	"errors"
	"regexp"
	"strings"

	"vaern/internal/clause"
	"vaern/internal/unzip"
)

// A Word file of two hundred pages unpacks to some five megabytes of XML with
// a hundred thousand elements, a hundred lists and as many styles.
var most = unzip.Bounds{Bytes: 64 << 20, Elements: 1_000_000}

const (
	mostLists  = 10_000
	mostStyles = 10_000
)

// docx is a Word file as it is read.
type docx struct {
	styles    styles
	numbering numbering
	blocks    []clause.Block
	titled    bool // there is a paragraph in the style "Title"
	size      int  // of the text so far
}

// readDocx gives the blocks of a Word file. A file without heading styles is read by its looks, as plain text.
func readDocx(data []byte) ([]clause.Block, error) {
	d := docx{}
	archive, err := unzip.Open(data, most)
	if err == nil {
		d.styles, err = readStyles(archive)
	}
	if err == nil {
		d.numbering, err = readNumbering(archive)
	}
	if err == nil {
		err = d.readBody(archive)
	}
	if err != nil {
		return nil, unpacking(err)
	}
	return withText(d.finished())
}

// unpacking is what is wrong with a file, by what was wrong with its archive.
func unpacking(err error) error {
	switch {
	case errors.Is(err, unzip.ErrNoPart):
		return &Error{Kind}
	case errors.Is(err, unzip.ErrEncrypted):
		return &Error{Encrypted}
	case errors.Is(err, unzip.ErrTooLarge):
		return &Error{TooLarge}
	case errors.Is(err, unzip.ErrDamaged):
		return &Error{Damaged}
	}
	return err
}

// attribute gives an attribute of an element by its plain name.
func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

var typedBullet = regexp.MustCompile(`^[-•–*·]\s+`)

// add makes blocks of a paragraph that has ended.
func (d *docx) add(p *paragraph) error {
	text := strings.TrimSpace(p.text.String())
	s := d.styles.resolve(p.style)
	if text == "" || s.contents {
		return nil
	}
	outline := s.outline
	if p.outline >= 0 {
		outline = p.outline
	}
	list, level := s.list, s.level
	if p.list != "" {
		list, level = p.list, p.level
	}
	b := clause.Block{Kind: clause.Paragraph}
	switch {
	case s.title:
		d.titled = true
		b.Kind, b.Level = clause.Heading, 0
	case outline >= 0 && outline < 9:
		b.Kind, b.Level = clause.Heading, min(outline+1, 5)
		b.Marker, _ = d.numbering.next(list, level)
	default:
		marker, ordered := d.numbering.next(list, level)
		if marker != "" || s.bullet {
			b.Kind, b.Level, b.Marker, b.Ordered = clause.Item, level+1, marker, ordered
		}
	}
	for _, line := range softLines(text) {
		part := b
		part.Text = strings.Join(strings.Fields(line), " ")
		if bullet := typedBullet.FindString(part.Text); bullet != "" && b.Kind == clause.Paragraph {
			part.Kind, part.Level, part.Marker, part.Text = clause.Item, 1, "-", part.Text[len(bullet):]
		}
		if part.Text != "" {
			d.blocks = append(d.blocks, part)
		}
		if b.Kind == clause.Item {
			b = clause.Block{Kind: clause.Paragraph} // what follows a break in an item is text of its own
		}
	}
	return nil
}

// softLines parts a paragraph at its line breaks, save those inside a sentence.
func softLines(text string) []string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		if n := len(out); n > 0 && line != "" && startsLower(line) && !strings.HasSuffix(out[n-1], ":") {
			out[n-1] += " " + line
			continue
		}
		if line != "" {
			out = append(out, line)
		}
	}
	return out
}

func startsLower(text string) bool {
	for _, r := range text {
		return strings.ToUpper(string(r)) != string(r)
	}
	return false
}

// finished gives the blocks with the title as the highest heading; without any heading, as text is read.
func (d *docx) finished() []clause.Block {
	headings := 0
	for i, b := range d.blocks {
		if b.Kind != clause.Heading {
			continue
		}
		if b.Level > 0 {
			headings++
		}
		if d.titled {
			d.blocks[i].Level++
		}
	}
	if headings > 0 {
		return d.blocks
	}
	var text strings.Builder
	for _, b := range d.blocks {
		switch {
		case b.Kind == clause.Item:
			text.WriteString(strings.Repeat("   ", max(b.Level-1, 0)))
			if b.Marker == "" {
				b.Marker = "-"
			}
			text.WriteString(b.Marker + " " + b.Text + "\n")
		default:
			text.WriteString("\n" + b.Text + "\n\n")
		}
	}
	return clause.FromText(text.String())
}
