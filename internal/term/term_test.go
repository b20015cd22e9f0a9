package term

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

func TestWordsAreWhatPeopleLookFor(t *testing.T) {
	for text, want := range map[string]string{
		"Efter § 7, stk. 2 i loven":             "efter §7 stk stk2 i loven",
		"§§ 7-9":                                "§7 §9",
		"§7a":                                   "§7a",
		"art. 28 og artikel 32":                 "art art28 og artikel art32",
		"R-12 låser":                            "r12 låser",
		"sag 2026/123":                          "sag 2026.123",
		"A/S Ørsted":                            "as ørsted",
		"anne.lund@by.example":                  "annelundbyexample",
		"Café i Aabenraa, Müller":               "cafe i åbenrå muller",
		"punkt 3.4":                             "punkt 3.4",
		"it-sikkerhed — og":                     "itsikkerhed og",
		"år\u0061\u030a":                        "årå",
		"":                                      "",
		strings.Repeat("x", 200):                strings.Repeat("x", 64),
		"nr. 4 i rækken. 5 andre, artikel om 3": "nr nr4 i rækken 5 andre artikel om 3",
	} {
		var got []string
		for _, w := range Words(text) {
			got = append(got, w.Text)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q has the words %q, want %q", text, strings.Join(got, " "), want)
		}
	}
}

func TestPartsAreThoseOfTheCompound(t *testing.T) {
	for word, want := range map[string][]string{
		"leverandøraftale":     {"aftale"},
		"databehandleraftalen": {"behandleraftalen", "aftalen"},
		"databehandlertilsyn":  {"behandlertilsyn", "tilsyn"},
		"persondatalov":        {"lov"},
		"vuggestueplads":       {"plads"},
		"aftale":               nil,
		"kirken":               nil,
		"itsikkerhed":          {"sikkerhed"},
	} {
		got := Parts(word)
		for _, w := range want {
			if !slices.Contains(got, w) {
				t.Errorf("%s ends in %q, not in %q", word, got, w)
			}
		}
		if want == nil && got != nil {
			t.Errorf("%s ends in %q", word, got)
		}
	}
	for word, no := range map[string]string{"uddannelse": "annelse", "katalog": "log", "kvartal": "tal"} {
		if slices.Contains(Parts(word), no) {
			t.Errorf("%s is no compound with %q", word, no)
		}
	}
}

// TestGlossaryIsFoundByItsParts holds the splitting against the compounds whose
// parts the glossary marks.
func TestGlossaryIsFoundByItsParts(t *testing.T) {
	text, err := os.ReadFile("../clause/glossary.txt")
	if err != nil {
		t.Fatal(err)
	}
	parts, found := 0, 0
	for row := range strings.Lines(string(text)) {
		row, _, _ = strings.Cut(row, "#")
		for entry := range strings.FieldsSeq(row) {
			all := strings.Split(entry, "|")
			for i, p := range all[1:] {
				if i < len(all)-2 {
					p = strings.TrimSuffix(p, "s")
				}
				parts++
				if Ask(p + " x").asked[0].finds(Fold(p), Fold(strings.Join(all, ""))) {
					found++
				}
			}
		}
	}
	if parts < 300 || found*100 < parts*97 {
		t.Errorf("%d of %d parts are found", found, parts)
	}
}

func TestQueryFindsWhatItMarks(t *testing.T) {
	for _, c := range []struct{ words, word string }{{"aftale", "databehandleraftaler"}, {"behandler", "databehandleraftale"}, {"sikker", "sikkerhed"}, {"it", "it-chefen"}, {"§ 7", "§7"}} {
		if w := Words(c.word); !Ask(c.words).Finds(w[0]) {
			t.Errorf("%q does not mark %q", c.words, c.word)
		}
	}
	for _, c := range []struct{ words, word string }{{"§ 7", "§70"}, {"aftale", "aften"}, {"12", "123"}} {
		if w := Words(c.word); Ask(c.words).Finds(w[0]) {
			t.Errorf("%q marks %q", c.words, c.word)
		}
	}
}

func FuzzWordsLieInTheText(f *testing.F) {
	f.Add("Efter § 7, stk. 2 — R-12 aa\u030a § §§ 1a")
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		for _, w := range Words(text) {
			if w.From < 0 || w.To > len(text) || w.From >= w.To || w.To < at {
				t.Fatalf("%q lies at %d to %d of %q", w.Text, w.From, w.To, text)
			}
			at = w.From
			if strings.ContainsAny(w.Text, " \"'\\*&|!()") {
				t.Fatalf("%q is no term", w.Text)
			}
		}
		Text{Title: text, Body: text}.Terms()
		Ask(text).Ranks()
	})
}

// A word of a thousand pieces would ask the database for a thousand things.
func TestNoWordIsAskedForInMorePiecesThanAnybodyMeans(t *testing.T) {
	chain := ""
	for i := range 12 {
		chain += strings.Repeat(fmt.Sprintf("kol%d:", i), 30) + "slut "
	}
	if n := len(Ask(chain).groups(func(w string, _ asked) []Term { return []Term{{Text: w}} })); n > mostWords+mostPieces {
		t.Errorf("%d groups", n)
	}
}
