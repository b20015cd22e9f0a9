package receipt

import (
	"slices"
	"strings"
	"testing"

	"vaern/internal/clause"
)

// editions reads two versions, the second with the ids of the first.
func editions(old, new string) (a, b []clause.Section) {
	a = clause.Parse(clause.FromMarkdown(old), "2026-03-02").Sections
	return a, clause.Carry(a, nil, clause.Parse(clause.FromMarkdown(new), "2026-03-02").Sections)
}

const first = `# Regler

## 1. Formål

Alle skal passe på kommunens oplysninger, også når de arbejder hjemme.

## 2. Adgang

Adgang lukkes inden for 24 timer, når en medarbejder stopper, jf. afsnit 3.

Adgangskoder er personlige og deles ikke med nogen.

## 3. Hændelser

Meld en hændelse med det samme til nærmeste leder.
`

func TestCommaAsksNobody(t *testing.T) {
	for name, new := range map[string]string{
		"the same":             first,
		"a comma":              strings.Replace(first, "oplysninger, også når", "oplysninger også, når", 1),
		"white space":          strings.ReplaceAll(first, "passe på", "passe  på"),
		"a word cut in two":    strings.Replace(first, "Adgangskoder", "Adgangs koder", 1),
		"a hyphen":             strings.Replace(first, "Adgangskoder", "Adgangs-koder", 1),
		"capitals":             strings.Replace(first, "Alle skal", "ALLE SKAL", 1),
		"a paragraph more":     strings.Replace(first, "personlige og deles", "personlige\n\nog deles", 1),
		"a section in between": strings.Replace(strings.Replace(strings.Replace(first, "## 3.", "## 4.", 1), "jf. afsnit 3", "jf. afsnit 4", 1), "## 4.", "## 3. Tomt\n\n## 4.", 1),
		"another order":        "# Regler\n\n## 1. Hændelser\n\nMeld en hændelse med det samme til nærmeste leder.\n\n## 2. Formål\n\nAlle skal passe på kommunens oplysninger, også når de arbejder hjemme.\n\n## 3. Adgang\n\nAdgang lukkes inden for 24 timer, når en medarbejder stopper, jf. afsnit 1.\n\nAdgangskoder er personlige og deles ikke med nogen.\n",
	} {
		t.Run(name, func(t *testing.T) {
			if got := Changed(editions(first, new)); len(got) != 0 {
				t.Errorf("asks about %+v", got)
			}
		})
	}
}

func TestWordsThatMeanSomethingAsk(t *testing.T) {
	for name, c := range map[string]struct {
		new    string
		change string
		text   string
	}{
		"a figure":      {strings.Replace(first, "24 timer", "72 timer", 1), clause.Reworded, "72 timer"},
		"a word":        {strings.Replace(first, "deles ikke med", "deles kun med", 1), clause.Reworded, "kun"},
		"a not":         {strings.Replace(first, "Meld en hændelse", "Meld ikke en hændelse", 1), clause.Reworded, "ikke en"},
		"a sentence":    {first + "\nLederen svarer samme dag.\n", clause.Added, "samme dag"},
		"one less":      {strings.Replace(first, "Adgangskoder er personlige og deles ikke med nogen.\n", "", 1), clause.Removed, "Adgangskoder"},
		"another place": {strings.Replace(first, "jf. afsnit 3", "jf. afsnit 1", 1), clause.Reworded, "afsnit 1"},
	} {
		t.Run(name, func(t *testing.T) {
			got := Changed(editions(first, c.new))
			if len(got) != 1 || got[0].Change != c.change || !strings.Contains(got[0].Old+got[0].New, c.text) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestCommaAsksNobodyBesideASentenceThatDoes(t *testing.T) {
	new := strings.Replace(strings.Replace(first, "personlige og deles ikke", "personlige, og deles ikke", 1), "24 timer", "72 timer", 1)
	if got := Changed(editions(first, new)); len(got) != 1 || !strings.Contains(got[0].New, "72 timer") {
		t.Errorf("got %+v", got)
	}
}

func TestSectionIsFollowedToItsNewNumber(t *testing.T) {
	a, b := editions(first, strings.Replace(strings.Replace(first, "## 3. Hændelser", "## 5. Hændelser", 1), "## 2. Adgang", "## 4. Adgang", 1))
	n := renumbered(a, b)
	got := []string{n["1"], n["2"], n["3"]}
	if !slices.Equal(got, []string{"1", "4", "5"}) {
		t.Errorf("the sections went to %v", got)
	}
}
