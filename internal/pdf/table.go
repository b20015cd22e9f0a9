package pdf

// cellPad is between the words of a cell and its edges.
const cellPad = 4.0

func (t Table) set(_ setter, in place) []row {
	cols := len(t.Head)
	for _, r := range t.Rows {
		cols = max(cols, len(r))
	}
	if cols == 0 {
		return nil
	}
	widths := t.widths(cols, in.width)
	in = in.under("Table")
	var rows []row
	if t.Caption.String() != "" {
		st := style{face: bold, size: noteSize + 1, owner: in.in.under("Caption")}
		rows = stack(breakLines(t.Caption, st, in.width), in.x, 13)
		for i := range rows {
			rows[i].keep = true
		}
	}
	var head []row
	if len(t.Head) > 0 {
		h := t.row(t.Head, widths, in, true)
		rows = append(rows, h)
		if h.height() < textHeight/3 { // a higher one is not worth repeating
			head = []row{h}
		}
	}
	for _, cells := range t.Rows {
		r := t.row(cells, widths, in, false)
		r.head = head
		rows = append(rows, r)
	}
	rows[len(rows)-1].keep = false
	rows[0].space += paragraph + 2
	return append(rows, row{pad: 2})
}

// row sets the cells of one row; a missing cell is an empty one.
func (t Table) row(cells []Text, widths []float64, in place, head bool) row {
	tr := in.in.under("TR")
	r := row{pad: 3, rule: true, left: in.x, width: in.width, keep: head, shade: head}
	x := in.x
	for i, w := range widths {
		st := style{size: bodySize - 1, owner: tr.under("TD")}
		if head {
			st.face = bold
			st.owner.tag, st.owner.attrs = "TH", "/O /Table /Scope /Column"
		}
		var cell Text
		if i < len(cells) {
			cell = cells[i]
		}
		c := column{x: x + cellPad, leading: 13, lines: breakLines(cell, st, w-2*cellPad)}
		r.columns = append(r.columns, c)
		x += w
	}
	return r
}

// widths shares out the width: no column narrower than its longest word if all
// can have that, and the rest by how much text they have.
func (t Table) widths(cols int, width float64) []float64 {
	need, wish := make([]float64, cols), make([]float64, cols)
	for i := range cols {
		need[i], wish[i] = 2*cellPad+6, 2*cellPad+6
	}
	measure := func(cells []Text, st style) {
		for i, cell := range cells {
			word, whole := extent(cell, st)
			need[i] = max(need[i], word+2*cellPad)
			wish[i] = max(wish[i], min(whole+2*cellPad, 2*width))
		}
	}
	measure(t.Head, style{face: bold, size: bodySize - 1})
	for _, r := range t.Rows {
		measure(r, style{size: bodySize - 1})
	}
	return share(need, wish, width)
}

// share gives each its wish if there is room, else its need and a part of what
// is left, else a part of what there is.
func share(need, wish []float64, width float64) []float64 {
	needs, wishes := sum(need), sum(wish)
	out := make([]float64, len(need))
	for i := range out {
		switch {
		case wishes <= width:
			out[i] = wish[i] * width / wishes
		case needs <= width:
			out[i] = need[i] + (width-needs)*(wish[i]-need[i])/(wishes-needs)
		default:
			// a long word in one column may not starve the others
			out[i] = min(need[i], width/float64(len(need)))
		}
	}
	if left := width - sum(out); needs > width && left > 0 {
		scale := left / (needs - sum(out))
		for i := range out {
			out[i] += (need[i] - out[i]) * scale
		}
	}
	return out
}

func sum(list []float64) float64 {
	total := 0.0
	for _, v := range list {
		total += v
	}
	return total
}
