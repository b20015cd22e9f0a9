package pdf

// A4 and its margins in points.
const (
	pageWidth  = 595.28
	pageHeight = 841.89
	marginX    = 62.0
	marginTop  = 62.0
	marginFoot = 74.0
	textWidth  = pageWidth - 2*marginX
	textHeight = pageHeight - marginTop - marginFoot
)

// placed is a row on a page, y from the top of the page.
type placed struct {
	row
	y        float64
	repeated bool // the head of a table that goes on: there for the eye only
}

// filler fills pages from the top.
type filler struct {
	pages [][]placed
	y     float64
}

// paginate spreads rows over pages. A row that is kept with the next begins on
// the same page; a table that goes on has its head again.
func paginate(rows []row) [][]placed {
	f := &filler{pages: [][]placed{nil}, y: marginTop}
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n-1].keep {
			n++
		}
		f.group(rows[:n])
		rows = rows[n:]
	}
	return f.pages
}

// group places rows that belong together.
func (f *filler) group(rows []row) {
	need := 0.0
	for i, r := range rows {
		need += r.space
		if i == len(rows)-1 {
			need += r.least()
			break
		}
		need += r.height()
	}
	if f.y > marginTop && need > f.left() {
		f.turn(rows[0].head)
	}
	for _, r := range rows {
		f.put(r)
	}
}

// put places one row, over several pages if it must.
func (f *filler) put(r row) {
	for {
		if f.y > marginTop {
			f.y += r.space
		}
		if r.height() <= f.left() {
			f.add(r, false)
			return
		}
		top, rest, ok := r.split(f.left())
		if !ok && f.y <= marginTop+headHeight(r.head) {
			f.add(r, false) // not even an empty page holds a line of it
			return
		}
		if ok {
			f.add(top, false)
			r = rest
		}
		f.turn(r.head)
	}
}

func (f *filler) add(r row, repeated bool) {
	last := len(f.pages) - 1
	f.pages[last] = append(f.pages[last], placed{row: r, y: f.y, repeated: repeated})
	f.y += r.height()
}

func (f *filler) turn(head []row) {
	f.pages = append(f.pages, nil)
	f.y = marginTop
	for _, r := range head {
		f.add(r, true)
	}
}

func (f *filler) left() float64 { return pageHeight - marginFoot - f.y }

func headHeight(head []row) float64 {
	h := 0.0
	for _, r := range head {
		h += r.height()
	}
	return h
}
