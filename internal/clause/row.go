package clause

import (
	"slices"
	"strings"
	"unicode"
)

// bar stands between the cells of a table's row, with room around it. A row is a paragraph of its own: it can be
// changed, bound and asked about as any other.
const bar = "|"

// Row is the text of a table's row. An empty cell keeps its place; a row of nothing is "".
func Row(cells []string) string {
	if strings.TrimSpace(strings.Join(cells, "")) == "" {
		return ""
	}
	return squeeze(strings.Join(cells, " "+bar+" "))
}

// Cells are the cells of a clause that is a row of a table, nil of any other.
func (c Clause) Cells() []string {
	if c.Kind != Paragraph {
		return nil
	}
	return cellsOf(c.Text)
}

func cellsOf(text string) []string {
	if !strings.Contains(text, bar) {
		return nil
	}
	cells := [][]string{nil}
	for word := range strings.FieldsSeq(text) {
		if word == bar {
			cells = append(cells, nil)
			continue
		}
		last := len(cells) - 1
		cells[last] = append(cells[last], word)
	}
	if len(cells) == 1 {
		return nil
	}
	out := make([]string, len(cells))
	for i, words := range cells {
		out[i] = strings.Join(words, " ")
	}
	return out
}

// Parted is how an old text became a new one, cell by cell where it is the row of a table; any other has one part.
// A text that was or is not there is "".
func Parted(old, new string) (out [][]Span) {
	was, is := cellsOf(old), cellsOf(new)
	switch {
	case old == "":
		was = make([]string, len(is))
	case new == "":
		is = make([]string, len(was))
	}
	if len(was) != len(is) || len(is) == 0 {
		return [][]Span{Words(old, new)}
	}
	for i := range is {
		out = append(out, Words(was[i], is[i]))
	}
	return out
}

// Stretch is a clause, or the rows of a table that stand together.
type Stretch struct {
	Clause
	Rows []Clause
}

// Stretches are the clauses of a section with the rows of each table gathered.
func (s Section) Stretches() (out []Stretch) {
	columns := 0 // of the table that the last clause belongs to
	for _, c := range s.Clauses {
		n := len(c.Cells())
		switch {
		case n == 0:
			out = append(out, Stretch{Clause: c})
		case n == columns:
			last := &out[len(out)-1]
			last.Rows = append(last.Rows, c)
		default:
			out = append(out, Stretch{Rows: []Clause{c}})
		}
		columns = n
	}
	return out
}

// Heads are the ids of the rows that say what the columns of their table are.
func (s Section) Heads() map[string]bool {
	out := map[string]bool{}
	for _, st := range s.Stretches() {
		if st.Rows != nil && st.Scope(0, 0) == "col" {
			out[st.Rows[0].ID] = true
		}
	}
	return out
}

// Scope is what a cell of a table heads: "col" is its column, "row" its row, "" nothing. Of two columns the first says
// what the other is about. Of more, the first row says what they are, if it is something short of each and no number:
// files rarely tell.
func (s Stretch) Scope(row, column int) string {
	cells := s.Rows[0].Cells()
	switch {
	case len(cells) == 2 && column == 0:
		return "row"
	case len(cells) > 2 && row == 0 && len(s.Rows) > 1 && !slices.ContainsFunc(cells, unfit):
		return "col"
	}
	return ""
}

// unfit reports whether a cell cannot be what a column is called.
func unfit(cell string) bool {
	return cell == "" || len(strings.Fields(cell)) > 4 || stopLast.MatchString(cell) || strings.ContainsFunc(cell, unicode.IsDigit)
}
