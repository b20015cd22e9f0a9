package pdf

// row is what stands side by side: a line of a paragraph, the cells of a table,
// a clause and its proof. Pages are filled row by row.
type row struct {
	space   float64 // above; not at the head of a page
	pad     float64 // above and below the lines, inside the row
	columns []column
	keep    bool // on the page of the next row
	head    []row
	shade   bool // a muted ground
	rule    bool // a hairline below
	left    float64
	width   float64 // of shade and rule
	mark    *bookmark
}

// column is lines under one another in a row.
type column struct {
	x       float64
	drop    float64 // below the top of the row
	leading float64
	lines   []line
}

// bookmark is a heading in the list of contents.
type bookmark struct {
	text  string
	level int // from 0
}

// height is that of the row without the space above.
func (r row) height() float64 {
	h := 0.0
	for _, c := range r.columns {
		h = max(h, c.drop+float64(len(c.lines))*c.leading)
	}
	return h + 2*r.pad
}

// split divides r after as many lines as fit in height. It fails when no line
// of some column with lines fits, or when all do.
func (r row) split(height float64) (top, rest row, ok bool) {
	top, rest = r, r
	top.columns, rest.columns = nil, nil
	for _, c := range r.columns {
		n := min(len(c.lines), int((height-2*r.pad-c.drop)/c.leading))
		if n <= 0 && len(c.lines) > 0 {
			return row{}, row{}, false
		}
		first, later := c, c
		first.lines, later.lines = c.lines[:n], c.lines[n:]
		ok = ok || len(later.lines) > 0
		top.columns = append(top.columns, first)
		rest.columns = append(rest.columns, later)
	}
	rest.space, rest.mark = 0, nil
	return top, rest, ok
}

// least is the height that must be free for the row to begin on a page: all of
// a short row, three lines of one that is higher than a third of a page.
func (r row) least() float64 {
	h := r.height()
	if h <= textHeight/3 || len(r.columns) == 0 {
		return h
	}
	lead := 0.0
	for _, c := range r.columns {
		lead = max(lead, c.leading)
	}
	return 3*lead + 2*r.pad
}
