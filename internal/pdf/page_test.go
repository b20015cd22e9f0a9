package pdf

import (
	"strings"
	"testing"
)

// paged sets blocks as Bytes does.
func paged(blocks ...Block) [][]placed {
	in := place{width: textWidth, in: &element{tag: "Document"}}
	return paginate(setter{outline: new(outline)}.blocks(blocks, in))
}

func TestAHeadingNeverStandsAloneAtTheFootOfAPage(t *testing.T) {
	t.Parallel()
	after := map[string]Block{
		"paragraph": Paragraph{Words(strings.Repeat("Tekst der fylder. ", 40))},
		"list":      List{Items: []Item{{Paragraph{Words("Punkt")}}}},
		"table":     Table{Caption: Words("Tal"), Head: []Text{Words("A")}, Rows: [][]Text{{Words("1")}, {Words("2")}}},
		"clause":    Clause{Number: "1", Words: Words("Ord"), Margin: []Text{Words("Bevis")}},
		"head row":  Clauses{[]ClauseRow{{Number: "1", Cells: []Text{Words("Rolle")}, Head: true}, {Number: "2", Cells: []Text{Words("Leder")}}}},
		"high row":  Table{Rows: [][]Text{{Words(strings.Repeat("Tekst der fylder. ", 400))}}},
		"heading":   Heading{Level: 2, Text: Words("Under")},
	}
	for name, block := range after {
		for lines := range 60 {
			blocks := make([]Block, 0, 64)
			for range lines {
				blocks = append(blocks, Paragraph{Words("x")})
			}
			blocks = append(blocks, Heading{Level: 1, Text: Words("Overskrift")}, block, Paragraph{Words("slut")})
			for n, page := range paged(blocks...) {
				if page[len(page)-1].keep {
					t.Fatalf("%s after %d lines: page %d ends with a row that belongs to the next", name, lines, n+1)
				}
			}
		}
	}
}

func TestNothingLeavesThePage(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Speciallægepraksisplanlægningsstabiliseringsperiode", 30)
	pages := paged(Heading{1, Words(long)}, Paragraph{Words(long)}, Note{Words(long)}, Code{long}, Quote{[]Block{Paragraph{Words(long)}}},
		List{Items: []Item{{Paragraph{Words(long)}}}}, Clause{Number: "12.10.3", Words: Words(long), Margin: []Text{Words(long)}},
		Clauses{[]ClauseRow{{"12.10.4", []Text{Words(long), Words("B"), Words(long)}, false, []Text{Words(long)}}}},
		Table{Words(long), []Text{Words(long), Words("B")}, [][]Text{{Words(strings.Repeat(long, 20)), Words(long)}}})
	for n, page := range pages {
		for _, r := range page {
			if foot := r.y + r.height(); foot > pageHeight-marginFoot+0.01 {
				t.Errorf("page %d: a row ends at %.1f", n+1, foot)
			}
			for _, c := range r.columns {
				for _, l := range c.lines {
					if end := c.x + l.width(); end > textWidth+0.01 {
						t.Errorf("page %d: %q ends at %.1f", n+1, l[0].text, end)
					}
				}
			}
		}
	}
}

func TestATableThatGoesOnRepeatsItsHeadForTheEyeOnly(t *testing.T) {
	t.Parallel()
	table := Table{Head: []Text{Words("Navn")}, Rows: make([][]Text, 120)}
	for i := range table.Rows {
		table.Rows[i] = []Text{Words("x")}
	}
	d := New(Meta{Title: "T", Created: created})
	d.Add(table)
	r := read(t, build(t, d))
	if len(r.pages()) < 3 {
		t.Fatalf("%d pages", len(r.pages()))
	}
	for i, page := range r.pages() {
		var as []string
		for _, s := range r.sequences(page) {
			if s.text == "Navn" {
				as = append(as, s.tag)
			}
		}
		if want := map[bool]string{true: "TH", false: "Artifact"}[i == 0]; strings.Join(as, " ") != want {
			t.Errorf("page %d: head as %v, want %s", i+1, as, want)
		}
	}
	if got := strings.Count(r.tree(), "TR\n"); got != 121 {
		t.Errorf("%d rows in the tree", got)
	}
}

func TestAHighRowIsSplitAndLosesNoLine(t *testing.T) {
	t.Parallel()
	cell := breakLines(Words(strings.Repeat("Tekst der fylder. ", 900)), style{size: bodySize - 1, owner: new(element)}, textWidth-2*cellPad)
	got := 0
	for _, page := range paged(Table{Head: []Text{Words("H")}, Rows: [][]Text{{Words(strings.Repeat("Tekst der fylder. ", 900))}}}) {
		for _, r := range page {
			if !r.shade && len(r.columns) > 0 {
				got += len(r.columns[0].lines)
			}
		}
	}
	if got != len(cell) {
		t.Errorf("%d lines of %d", got, len(cell))
	}
}

func TestParagraphsLeaveNoLineAlone(t *testing.T) {
	t.Parallel()
	for before := range 55 {
		blocks := make([]Block, 0, 64)
		for range before {
			blocks = append(blocks, Paragraph{Words("x")})
		}
		blocks = append(blocks, Paragraph{Words(strings.Repeat("Tekst der fylder. ", 30))})
		for n, page := range paged(blocks...) {
			if page[len(page)-1].keep {
				t.Fatalf("after %d lines: page %d ends with the first of a paragraph's lines", before, n+1)
			}
		}
	}
}

func TestColumnsShareTheWidth(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ need, wish, want []float64 }{
		"room for all":                {[]float64{10, 10}, []float64{20, 30}, []float64{40, 60}},
		"the rest goes to the wishes": {[]float64{20, 20}, []float64{20, 200}, []float64{20, 80}},
		"a long word starves nobody":  {[]float64{500, 20}, []float64{500, 20}, []float64{80, 20}},
		"all too wide":                {[]float64{200, 400}, []float64{200, 400}, []float64{50, 50}},
	} {
		got := share(c.need, c.wish, 100)
		if total := sum(got); total > 100.001 {
			t.Errorf("%s: %v are %.1f wide", name, got, total)
		}
		for i := range got {
			if d := got[i] - c.want[i]; d > 0.001 || d < -0.001 {
				t.Errorf("%s: got %v, want %v", name, got, c.want)
			}
		}
	}
}
