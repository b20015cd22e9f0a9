package reading

import (
	"encoding/xml"
	"strconv"
	"strings"

	"vaern/internal/clause"
	"vaern/internal/unzip"
)

// paragraph is a Word paragraph in the reading.
type paragraph struct {
	style   string
	outline int // -1 for none of its own
	list    string
	level   int
	text    strings.Builder
}

// table is a Word table in the reading; tables lie in tables.
type table struct {
	cells [][]*paragraph // of the row in hand
}

// bodyReader walks the body of a Word file.
type bodyReader struct {
	*docx
	open       []*paragraph // a text box lies inside a paragraph
	tables     []*table
	properties int // how deep inside the properties of a paragraph
	inText     bool
	hidden     bool // the run is
}

// left are elements whose content is not the document's text: what tracked changes took away, how paragraphs
// were before them, and the second rendering of drawings.
var left = map[string]bool{
	"del": true, "moveFrom": true, "pPrChange": true, "rPrChange": true, "sectPrChange": true, "tblPrChange": true,
	"Fallback": true, "sectPr": true,
}

func (d *docx) readBody(archive *unzip.Archive) error {
	r := bodyReader{docx: d}
	return archive.Walk("word/document.xml", func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			if left[t.Name.Local] {
				return unzip.Skip
			}
			r.start(t)
		case xml.CharData:
			if p := r.current(); p != nil && r.inText && !r.hidden {
				return r.write(p, t)
			}
		case xml.EndElement:
			return r.end(t.Name.Local)
		}
		return nil
	})
}

// write adds to a paragraph. A paragraph in a table waits for its row, so the
// text is counted here.
func (r *bodyReader) write(p *paragraph, text []byte) error {
	if r.size += len(text); r.size > mostText {
		return &Error{TooLarge}
	}
	p.text.Write(text)
	return nil
}

func (r *bodyReader) current() *paragraph {
	if len(r.open) == 0 {
		return nil
	}
	return r.open[len(r.open)-1]
}

func (r *bodyReader) start(e xml.StartElement) {
	switch e.Name.Local {
	case "p":
		r.open = append(r.open, &paragraph{outline: -1})
	case "tbl":
		r.tables = append(r.tables, &table{})
	case "tc":
		if n := len(r.tables); n > 0 {
			r.tables[n-1].cells = append(r.tables[n-1].cells, nil)
		}
	case "pPr":
		r.properties++
	case "r":
		r.hidden = false
	}
	p := r.current()
	switch {
	case p == nil:
	case r.properties > 0:
		p.property(e)
	default:
		r.inRun(p, e)
	}
}

// property takes what a paragraph's properties say of style, outline and list.
func (p *paragraph) property(e xml.StartElement) {
	value := attribute(e, "val")
	switch e.Name.Local {
	case "pStyle":
		p.style = value
	case "outlineLvl":
		p.outline = number(value)
	case "numId":
		p.list = value
	case "ilvl":
		p.level = number(value)
	}
}

func (r *bodyReader) inRun(p *paragraph, e xml.StartElement) {
	switch e.Name.Local {
	case "t":
		r.inText = true
	case "vanish":
		value := attribute(e, "val")
		r.hidden = value != "0" && value != "false"
	case "tab":
		p.text.WriteByte('\t')
	case "br", "cr":
		p.text.WriteByte('\n')
	case "noBreakHyphen":
		p.text.WriteByte('-')
	}
}

func (r *bodyReader) end(name string) error {
	switch name {
	case "t":
		r.inText = false
	case "pPr":
		r.properties = max(r.properties-1, 0)
	case "p":
		p := r.current()
		if p == nil {
			return nil
		}
		r.open = r.open[:len(r.open)-1]
		return r.put(p)
	case "tr":
		return r.endRow()
	case "tbl":
		r.tables = r.tables[:max(len(r.tables)-1, 0)]
	}
	return nil
}

// put gives a paragraph to the cell it stands in, or to the document.
func (r *bodyReader) put(p *paragraph) error {
	n := len(r.tables)
	if n == 0 || len(r.tables[n-1].cells) == 0 {
		return r.add(p)
	}
	cells := r.tables[n-1].cells
	cells[len(cells)-1] = append(cells[len(cells)-1], p)
	return nil
}

// endRow makes one line of a row's cells. A row of a single cell is only a frame around paragraphs.
func (r *bodyReader) endRow() error {
	n := len(r.tables)
	if n == 0 {
		return nil
	}
	cells := r.tables[n-1].cells
	r.tables[n-1].cells = nil
	outer := bodyReader{docx: r.docx, tables: r.tables[:n-1]}
	if len(cells) == 1 {
		for _, p := range cells[0] {
			if err := outer.put(p); err != nil {
				return err
			}
		}
		return nil
	}
	texts := make([]string, len(cells))
	for i, cell := range cells {
		var said []string
		for _, p := range cell {
			said = append(said, p.text.String())
		}
		texts[i] = strings.Join(said, " ")
	}
	row := &paragraph{outline: -1}
	row.text.WriteString(clause.Row(texts))
	return outer.put(row)
}

// number reads a small number of an attribute, -1 when it is none.
func number(value string) int {
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 || n > 1<<20 {
		return -1
	}
	return n
}
