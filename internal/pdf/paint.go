package pdf

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// marks is what the painted pages hold, for the structure tree to point at.
type marks struct {
	pages [][]*element // per page, the element of each marked sequence
	areas []*area      // the links, in painted order
}

// painter puts rows on pages and marks each piece with its element; everything
// else is marked as an artifact, which a screen reader passes over.
type painter struct {
	pdf   *fpdf.Fpdf
	meta  Meta
	marks *marks
	open  *element // whose marked sequence is open
	face  face
	size  float64
	known [faces]bool
}

// producer is said of every file; it bears no version, so that an upgrade alone changes no file.
const producer = "Værn"

func newPainter(m Meta, created time.Time) *painter {
	f := fpdf.New("P", "pt", "A4", "")
	f.SetCatalogSort(true)
	f.SetAutoPageBreak(false, 0)
	f.SetCreationDate(created)
	f.SetModificationDate(created)
	f.SetTitle(m.Title, true)
	f.SetAuthor(m.Author, true)
	f.SetSubject(m.Subject, true)
	f.SetProducer(producer, true)
	f.SetXmpMetadata(xmp(m, created))
	return &painter{pdf: f, meta: m, marks: new(marks)}
}

// page paints the rows of page n of total, and its footer.
func (p *painter) page(rows []placed, n, total int) {
	p.pdf.AddPage()
	p.marks.pages = append(p.marks.pages, nil)
	p.size = 0 // a page begins without a font
	for _, r := range rows {
		p.row(r)
	}
	p.close()
	p.footer(n, total)
}

func (p *painter) row(r placed) {
	p.decorate(r)
	if r.mark != nil {
		p.font(bold, bodySize) // bookmarks are written in the encoding of the font in use
		p.pdf.Bookmark(strings.TrimSpace(alike.Replace(r.mark.text)), r.mark.level, r.y-6)
	}
	if r.repeated {
		p.artifact("/Artifact <</Type /Pagination>> BDC", func() { p.columns(r) })
		return
	}
	p.columns(r)
}

func (p *painter) columns(r placed) {
	for _, c := range r.columns {
		for i, l := range c.lines {
			// the letters stand in the middle of the line's height
			y := r.y + r.pad + c.drop + (float64(i)+0.5)*c.leading
			p.line(l, marginX+c.x, y, r.repeated)
		}
	}
}

func (p *painter) decorate(r placed) {
	if !r.shade && !r.rule {
		return
	}
	p.artifact("/Artifact BMC", func() {
		if r.shade {
			p.pdf.SetFillColor(0xee, 0xf1, 0xf4)
			p.pdf.Rect(marginX+r.left, r.y, r.width, r.height(), "F")
		}
		if r.rule {
			p.pdf.SetDrawColor(0xb4, 0xbb, 0xc2)
			p.pdf.SetLineWidth(0.5)
			p.pdf.Line(marginX+r.left, r.y+r.height(), marginX+r.left+r.width, r.y+r.height())
		}
	})
}

func (p *painter) line(l line, x, middle float64, artifact bool) {
	for _, pc := range l {
		y := middle + 0.36*pc.size // the baseline
		if !artifact {
			p.mark(pc.owner)
			p.link(pc, x+pc.x, middle)
		}
		p.piece(pc, x+pc.x, y)
	}
}

func (p *painter) piece(pc piece, x, y float64) {
	p.font(pc.face, pc.size)
	switch pc.ink {
	case muted:
		p.pdf.SetTextColor(0x50, 0x55, 0x5b)
	case linked:
		p.pdf.SetTextColor(0x00, 0x3f, 0x8a)
	default:
		p.pdf.SetTextColor(0x16, 0x18, 0x1b)
	}
	p.pdf.Text(x, y, pc.text)
}

func (p *painter) font(fc face, size float64) {
	if !p.known[fc] {
		load(p.pdf, fc)
		p.known[fc] = true
	}
	if p.face != fc || p.size != size {
		p.pdf.SetFont(family[fc], "", size)
		p.face, p.size = fc, size
	}
}

// mark opens a marked sequence for e, unless it is the open one.
func (p *painter) mark(e *element) {
	if p.open == e {
		return
	}
	p.close()
	last := len(p.marks.pages) - 1
	n := len(p.marks.pages[last])
	p.marks.pages[last] = append(p.marks.pages[last], e)
	e.join()
	e.kids = append(e.kids, kid{page: last + 1, mark: n})
	p.pdf.RawWriteStr(fmt.Sprintf("/%s <</MCID %d%s>> BDC", e.tag, n, e.replacement()))
	p.open = e
}

func (p *painter) close() {
	if p.open != nil {
		p.pdf.RawWriteStr("EMC")
		p.open = nil
	}
}

// artifact marks what draw paints as no part of the content.
func (p *painter) artifact(begin string, draw func()) {
	p.close()
	p.pdf.RawWriteStr(begin)
	draw()
	p.pdf.RawWriteStr("EMC")
}

// link makes a piece clickable and underlines it: colour alone says nothing to some.
func (p *painter) link(pc piece, x, middle float64) {
	if pc.link == "" {
		return
	}
	a := &area{
		page: len(p.marks.pages), left: x, right: x + pc.width,
		bottom: pageHeight - middle - 0.6*pc.size, top: pageHeight - middle + 0.6*pc.size,
		address: pc.link, words: pc.words, element: pc.owner,
	}
	p.marks.areas = append(p.marks.areas, a)
	pc.owner.kids = append(pc.owner.kids, kid{link: a})
	y := middle + 0.36*pc.size + 1.4
	p.pdf.SetDrawColor(0x00, 0x3f, 0x8a)
	p.pdf.SetLineWidth(0.5)
	p.pdf.Line(x, y, x+pc.width, y)
}

func (p *painter) footer(n, total int) {
	of := fmt.Sprintf("side %d af %d", n, total)
	if strings.HasPrefix(strings.ToLower(p.meta.Language), "en") {
		of = fmt.Sprintf("page %d of %d", n, total)
	}
	st := style{size: noteSize, ink: muted, owner: new(element)}
	right := breakLines(Words("\u00a0· "+of), st, textWidth)[0]
	title := breakLines(Words(p.meta.Title[:min(len(p.meta.Title), longest)]), st, textWidth-right.width())[0]
	p.artifact("/Artifact <</Type /Pagination /Subtype /Footer>> BDC", func() {
		y := pageHeight - marginFoot/2 - 4
		p.line(title, marginX, y, true)
		p.line(right, marginX+title.width(), y, true)
	})
}

// plain is the file without its structure tree.
func (p *painter) plain() ([]byte, error) {
	var b bytes.Buffer
	err := p.pdf.Output(&b)
	return b.Bytes(), err
}
