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

func TestRowsAreWrittenAsPeopleWriteThem(t *testing.T) {
	d := Parse(FromMarkdown(duties), "2026-01-01")
	text := Markdown(d)
	for _, want := range []string{"\n| Rolle | Ansvar | Frist |\n", "\n| Medarbejder |  | Hver dag |\n", "\n| Mail | sikker\\|post@by.dk |\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	dashes := Document{Sections: []Section{{Number: "1", Title: "Frister", Clauses: []Clause{{Kind: Paragraph, Text: "- | -"}}}}}
	if got := tables(Parse(FromMarkdown(Markdown(dashes)), "2026-01-01")); !slices.Equal(got, []string{"[row -];-"}) {
		t.Errorf("a row of dashes became %q", got) // the line below the heads of a table looks the same
	}
}

func TestARowIsComparedCellByCell(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"Leder | Ser efter", "Leder | Ser altid efter", "Leder;Ser [+altid ]efter"},
		{"", "Leder | Ser efter", "[+Leder];[+Ser efter]"},
		{"Leder | Ser efter", "", "[-Leder];[-Ser efter]"},
		{"Leder | Ser efter", "Leder | Ser efter | Nu", "Leder | Ser efter[+ | Nu]"},
		{"Hvert kvartal", "Hvert kvartal og mere", "Hvert kvartal[+ og mere]"},
		{"Hvert kvartal og mere", "Hvert kvartal", "Hvert kvartal[- og mere]"},
		{"Leder", "Hver leder", "[-Leder][+Hver leder]"},
		{"Vi læser.", "Vi læser alt.", "Vi [-læser.][+læser alt.]"},
	} {
		var got []string
		for _, part := range Parted(c.old, c.new) {
			var text strings.Builder
			for _, s := range part {
				switch s.Kind {
				case Inserted:
					text.WriteString("[+" + s.Text + "]")
				case Deleted:
					text.WriteString("[-" + s.Text + "]")
				default:
					text.WriteString(s.Text)
				}
			}
			got = append(got, text.String())
		}
		if strings.Join(got, ";") != c.want {
			t.Errorf("%q → %q is %q, want %q", c.old, c.new, strings.Join(got, ";"), c.want)
		}
	}
}
