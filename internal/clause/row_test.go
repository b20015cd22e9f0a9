package clause

import (
	"slices"
	"strings"
	"testing"
)

const duties = `# Retningslinje

## 1 Roller

Sådan er det delt.

| Rolle | Ansvar | Frist |
|---|:--|---|
| Leder | Ser efter | 1. maj |
| Medarbejder | | Hver dag |

Ring ved tvivl.

| Telefon | 12 34 56 78 |
| Mail | sikker\|post@by.dk |
`

// tables writes the rows of each table of a document, its heads in brackets.
func tables(d Document) (out []string) {
	for _, s := range d.Sections {
		for _, st := range s.Stretches() {
			for i, row := range st.Rows {
				cells := row.Cells()
				for j := range cells {
					if scope := st.Scope(i, j); scope != "" {
						cells[j] = "[" + scope + " " + cells[j] + "]"
					}
				}
				out = append(out, strings.Join(cells, ";"))
			}
			if st.Rows == nil {
				out = append(out, st.Text)
			}
		}
	}
	return out
}

func TestRowsThatStandTogetherAreATable(t *testing.T) {
	d := Parse(FromMarkdown(duties), "2026-01-01")
	want := []string{"Sådan er det delt.", "[col Rolle];[col Ansvar];[col Frist]", "Leder;Ser efter;1. maj", "Medarbejder;;Hver dag", "Ring ved tvivl.",
		"[row Telefon];12 34 56 78", "[row Mail];sikker|post@by.dk"}
	if got := tables(d); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	again := Parse(FromMarkdown(Markdown(d)), "2026-01-01")
	if got := tables(again); !slices.Equal(got, want) {
		t.Errorf("after a round trip\n%s", strings.Join(got, "\n"))
	}
}

func TestWhatIsNoRow(t *testing.T) {
	for _, c := range []Clause{
		{Kind: Paragraph, Text: "Værdien er a|b og c||d."}, {Kind: Item, Text: "a | b"}, {Kind: Heading, Text: "a | b"}, {Kind: Paragraph, Text: ""},
	} {
		if cells := c.Cells(); cells != nil {
			t.Errorf("%s %q has the cells %q", c.Kind, c.Text, cells)
		}
	}
	for _, cells := range [][]string{{}, {""}, {" ", ""}} {
		if text := Row(cells); text != "" {
			t.Errorf("a row of %q is %q", cells, text)
		}
	}
	numbers := Stretch{Rows: []Clause{{Kind: Paragraph, Text: "2024 | 12 | ja"}, {Kind: Paragraph, Text: "2025 | 13 | nej"}}}
	if scope := numbers.Scope(0, 0); scope != "" {
		t.Errorf("a first row of numbers heads a %s", scope)
	}
}
