package clause

import (
	"strings"
	"testing"
	"unicode"
)

// layout writes blocks one a line: "# heading", "- item", "  - item in an item", "paragraph".
func layout(blocks []Block) string {
	var out []string
	for _, b := range blocks {
		line := b.Text
		switch b.Kind {
		case Heading:
			line = "# " + strings.TrimSpace(b.Marker+" "+b.Text)
		case Item:
			marker := b.Marker
			if !b.Ordered {
				marker = "-"
			}
			line = strings.Repeat("  ", b.Level-1) + marker + " " + b.Text
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func TestTextIsCutIntoBlocks(t *testing.T) {
	t.Parallel()
	for rule, c := range map[string]struct{ text, want string }{
		"lines broken in a sentence are joined": {
			"Vi passer på alle de oplysninger, som\nborgerne giver os, og vi sletter dem\nigen i tide.", "Vi passer på alle de oplysninger, som borgerne giver os, og vi sletter dem igen i tide."},
		"a word broken at the line end is joined": {
			"Vi gennemgår hvert år kommunens bered-\nskab og skriver ned, hvad vi så.", "Vi gennemgår hvert år kommunens beredskab og skriver ned, hvad vi så."},
		"a hyphen that belongs to the word stays": {
			"Det gælder også for dem, der arbejder i it-\nafdelingen og i borger-\nog kulturcentret.", "Det gælder også for dem, der arbejder i it-afdelingen og i borger- og kulturcentret."},
		"a date at a line's beginning is no list item": {
			"Aftalen med vores leverandør af drift løber til den\n3. maj 2027 og kan forlænges.", "Aftalen med vores leverandør af drift løber til den 3. maj 2027 og kan forlænges."},
		"paragraphs one a line stay apart": {
			"Vi skriver ned, hvad vi gør.\nVi gør, hvad vi skriver ned.", "Vi skriver ned, hvad vi gør.\nVi gør, hvad vi skriver ned."},
		"bullets of many kinds nest": {
			"Det gælder:\n• biler\n   o store\n   o små\n• cykler", "Det gælder:\n- biler\n  - store\n  - små\n- cykler"},
		"letters nest in numbers without indent": {
			"Sådan:\n1. først dette,\na) så det,\nb) og det,\n2. siden hint.", "Sådan:\n1. først dette,\n  a) så det,\n  b) og det,\n2. siden hint."},
		"a short numbered list is no row of headings": {
			"1. Mål\n\nVi vil tre ting:\n1. Fred\n2. Ro\n3. Orden\n\n2. Midler\n\nVi har penge.", "# 1. Mål\nVi vil tre ting:\n1. Fred\n2. Ro\n3. Orden\n# 2. Midler\nVi har penge."},
		"a numbered sentence is a clause": {
			"1. Mål\n1.1 Vi holder det, vi har lovet borgerne.\n1.2 Vi siger til, når vi ikke kan.", "# 1. Mål\n1.1 Vi holder det, vi har lovet borgerne.\n1.2 Vi siger til, når vi ikke kan."},
		"capitals head a section": {
			"Vi har skrevet dette til alle.\n\nHVORFOR DET\n\nFordi det er nødvendigt for os.", "Vi har skrevet dette til alle.\n# HVORFOR DET\nFordi det er nødvendigt for os."},
		"a list that lost its bullets is still a list": {
			"Vi har brug for:\nTid\nPenge\nFolk\n\nUden dem går det ikke.", "Vi har brug for:\n- Tid\n- Penge\n- Folk\nUden dem går det ikke."},
		"a list of which only the margin is left": {
			"Vi har brug for:\n\n    Tid nok til at gøre det ordentligt.\n    Penge nok til at betale for det.\n\nUden dem går det ikke.",
			"Vi har brug for:\n- Tid nok til at gøre det ordentligt.\n- Penge nok til at betale for det.\nUden dem går det ikke."},
		"numbers written Roman": {
			"I. Mål\n\nVi vil det bedste.\n\nII. Midler\n\nVi har penge.", "# I. Mål\nVi vil det bedste.\n# II. Midler\nVi har penge."},
		"a bullet alone on its line belongs to the next": {
			"Vi har:\n•\nTid nok til det hele.\n•\nPenge nok til det hele.", "Vi har:\n- Tid nok til det hele.\n- Penge nok til det hele."},
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			if got := strings.ReplaceAll(layout(FromText(c.text)), "-  ", "- "); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestPageFurnitureIsTakenOff(t *testing.T) {
	t.Parallel()
	text := "Østby Kommune – sikkerhed\nVi passer på det hele, og det har vi altid gjort her i\n1\f" +
		"Østby Kommune – sikkerhed\nkommunen, også før 2 af os begyndte.\n2\f" +
		"Østby Kommune – sikkerhed\nDet bliver vi ved med.\n3"
	want := "# Østby Kommune – sikkerhed\nVi passer på det hele, og det har vi altid gjort her i kommunen, også før 2 af os begyndte.\nDet bliver vi ved med."
	if got := layout(FromText(text)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestATextNumberedTwiceGetsUniqueSections(t *testing.T) {
	t.Parallel()
	d := Parse([]Block{
		{Kind: Heading, Level: 1, Text: "1. Mål"}, {Kind: Paragraph, Text: "Vi vil det bedste for alle."},
		{Kind: Heading, Level: 1, Text: "1. Midler"}, {Kind: Paragraph, Text: "Vi har penge."},
		{Kind: Heading, Level: 1, Text: "Bilag"}, {Kind: Paragraph, Text: "Se også her."},
	}, "2026-01-01")
	var got []string
	for _, s := range d.Sections {
		got = append(got, s.Number+" "+s.Title)
	}
	same(t, "sections", got, []string{"1 Mål", "2 Midler", "3 Bilag"})
	if d.Findings[len(d.Findings)-2].Code != RepeatedNumber {
		t.Errorf("got %v, want a finding on the repeated number", d.Findings)
	}
}

// letters counts the letters of a text.
func letters(texts ...string) map[rune]int {
	count := map[rune]int{}
	for _, text := range texts {
		for _, r := range Clean(text) {
			if unicode.IsLetter(r) {
				count[r]++
			}
		}
	}
	return count
}

// checkNothingLost holds the letters of the blocks against those of the document.
func checkNothingLost(t *testing.T, blocks []Block, d Document) {
	t.Helper()
	var out []string
	out = append(out, d.Front...)
	for _, s := range d.Sections {
		out = append(out, s.Title, s.Label)
		for _, c := range s.Clauses {
			out = append(out, c.Text)
		}
	}
	have := letters(out...)
	for _, b := range blocks {
		for r, n := range letters(b.Text) {
			have[r] -= n
			if have[r] < 0 {
				t.Fatalf("the letter %q of %q was lost", r, b.Text)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "\f\f", "1.\n2.\n3.", "§ 1.\n\n§ 1. a", "# \n## 1.2.3 x\n- \n  - a", "Kapitel IV\n\nA. B\n\"x\"", "o\no a\n•\n\x00\xff",
		"Version\n2.0\nDato\n1/6 2022", "**a**\n\n\\- b\n\n> c\n\n| d | e |", "a-\nb\u00ad\nc", "I. A\n\nb b b b.\n\nII. C\n\nd d d.",
		"Østby Kommune\n\nPolitik\n\nHvorfor\n\nDerfor gør vi det.\n\n\"Mål: x\"\n\nUdvalget består af A-chef (formand) og B-chef.",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, blocks := range [][]Block{FromText(text), FromMarkdown(text)} {
			d := Parse(blocks, "2026-01-01")
			checkNothingLost(t, blocks, d)
			ids := map[string]bool{}
			for _, s := range d.Sections {
				for _, c := range s.Clauses {
					if ids[c.ID] {
						t.Fatalf("id %s is given twice", c.ID)
					}
					ids[c.ID] = true
				}
			}
			again := Parse(FromMarkdown(Markdown(d)), "2026-01-01")
			if got, want := outline(again), outline(d); got != want {
				t.Fatalf("got after a round trip\n%s\nwant\n%s\nby\n%s", got, want, Markdown(d))
			}
		}
	})
}

// outline writes what a round trip must keep.
func outline(d Document) string {
	var out strings.Builder
	for _, s := range d.Sections {
		out.WriteString("## " + s.Number + " " + s.Title + "\n")
		for _, c := range s.Clauses {
			out.WriteString(c.ID + " " + c.Kind + " " + c.Text + "\n")
		}
	}
	return out.String()
}
