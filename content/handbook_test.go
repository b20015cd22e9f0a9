package content_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"vaern/content"
	"vaern/internal/theme"
)

func TestHandbookElaboratesEveryTheme(t *testing.T) {
	elaborated := map[string]bool{}
	for _, r := range content.Handbook() {
		for _, key := range r.Themes {
			if _, ok := theme.Get(key); !ok {
				t.Errorf("%s: no theme %q", r.No, key)
			}
			elaborated[key] = true
		}
	}
	for _, th := range theme.All() {
		if !elaborated[th.Key] {
			t.Errorf("no rule elaborates %s", th.Key)
		}
	}
}

func TestHandbookIsLargeEnoughToStartFrom(t *testing.T) {
	if n := len(content.Handbook()); n < 66 {
		t.Errorf("got %d rules, want at least 66", n)
	}
}

func TestRuleIsTwoToFourSentencesUnderItsOwnTitle(t *testing.T) {
	titles := map[string]string{}
	for _, r := range content.Handbook() {
		if n := len(sentences(r.Text)); n < 2 || n > 4 {
			t.Errorf("%s has %d sentences, want two to four", r.No, n)
		}
		if other, taken := titles[r.Title]; taken || r.Title == "" || len(r.Title) > 60 {
			t.Errorf("%s: title %q, also of %q; want a short one of its own", r.No, r.Title, other)
		}
		titles[r.Title] = r.No
		if len(r.Themes) == 0 || len(r.Themes) > 2 {
			t.Errorf("%s has %d themes, want one or two", r.No, len(r.Themes))
		}
	}
}

// What a rule must answer, and the beginnings or ends of words that answer it. They
// are wide, so that rules can be written as people write; a rule with none of them
// leaves the question open.
var answers = map[string]*regexp.Regexp{
	"who": regexp.MustCompile(`^(\pL*(leder|lederen|lederne|chefen|direktør|direktøren|direktører|direktionen|ejeren|koordinatoren|` +
		`rådgiveren|medarbejder|medarbejderen|medarbejdere|afdelingen|udvalget|værten)|hr|alle|ansatte|den|enhver|ingen|indkøb|udviklere)$`),
	"when": regexp.MustCompile(`^(når|før|inden|senest|hvert|dag|årligt|straks|samme|gang|gange|døgnet|dage|dagen|uger|år|året|måned|måneder|` +
		`kvartal|halvår|timer|time|februar|april|maj|august|september|oktober|november|december)$`),
	"with what evidence": regexp.MustCompile(`^(\pL*(protokol|protokollen|referat|referatet|referater|listen|oversigten|rapporten|notat|skemaet|loggen|mappen?|` +
		`journalen|kortet?|udtræk|nummer|dagsordenen)|kvitter\pL*|underskr\pL*|attest\pL*|gemmes|opbevare\pL*|bevares|noter\pL*|skriver?|skrives|` +
		`skriftlig\pL*|sagen|sag|opgør\pL*|måler|målt|bilag|personalemappen|papirer|navn|dato|initialer|bogen|journaliseres|registreres|` +
		`underskrevet|udskrifter|fortegnelsen|erklæringen|bestillingen|varslingens|kørslen|budgetsagen|vurderingen|\pL*planen|tal|skema)$`),
}

func TestRuleSaysWhoWhenAndWithWhatEvidence(t *testing.T) {
	for _, r := range content.Handbook() {
		for question, answer := range answers {
			if !slices.ContainsFunc(words(r.Text), answer.MatchString) {
				t.Errorf("%s %s does not say %s", r.No, r.Title, question)
			}
		}
	}
}

func TestRulesShareNoPhrases(t *testing.T) {
	rules := content.Handbook()
	for i, a := range rules {
		for _, b := range rules[i+1:] {
			if share := overlap(grams(words(a.Text), 4), grams(words(b.Text), 4)); share > 0.08 {
				t.Errorf("%s and %s share %.0f %% of their runs of four words", a.No, b.No, 100*share)
			}
		}
	}
}

// TestRulesDifferByMoreThanTheirNouns compares what is left when the nouns, names
// and numbers are taken out: the little words and their places.
func TestRulesDifferByMoreThanTheirNouns(t *testing.T) {
	rules := content.Handbook()
	for i, a := range rules {
		for _, b := range rules[i+1:] {
			if like := likeness(shape(a.Text), shape(b.Text)); like > 0.62 {
				t.Errorf("%s and %s are %.0f %% alike without their nouns", a.No, b.No, 100*like)
			}
		}
	}
}

func TestShapeOfRulesThatDifferByNounsAloneIsTheSame(t *testing.T) {
	a := "Systemejeren gennemgår hvert år listen over brugere og skriver under på den, når den er rettet."
	b := "Bygningslederen gennemgår hvert år mappen over nøgler og skriver under på den, når den er samlet."
	if like := likeness(shape(a), shape(b)); like < 0.95 {
		t.Errorf("got %.2f, want the comparison to see through the nouns", like)
	}
}

func sentences(text string) []string {
	return regexp.MustCompile(`[.?]( |$)`).FindAllString(text, -1)
}

func words(text string) []string {
	return regexp.MustCompile(`[\pL\d]+`).FindAllString(strings.ToLower(text), -1)
}

// little are the words that carry a sentence's form, not its matter.
var little = strings.Fields(`og eller men at som der det den de en et er har kan skal må vil bliver blev i på til fra for med af om over
	under efter før inden når hvis så ikke ingen alle hver hvert hvem hvad hvor hvornår også kun end sin sit sine dem ham man
	mindst højst senest samme gang gange år måned uger dage året selv altid`)

// shape keeps the little words and puts one mark for what stands between them.
func shape(text string) []string {
	var kept []string
	for _, w := range words(text) {
		if slices.Contains(little, w) {
			kept = append(kept, w)
		} else if len(kept) == 0 || kept[len(kept)-1] != "…" {
			kept = append(kept, "…")
		}
	}
	return kept
}

// likeness is the longest common subsequence's share of the longer of the two.
func likeness(a, b []string) float64 {
	row := make([]int, len(b)+1)
	for i := range a {
		corner := 0
		for j := range b {
			above := row[j+1]
			row[j+1] = max(row[j+1], row[j])
			if a[i] == b[j] {
				row[j+1] = corner + 1
			}
			corner = above
		}
	}
	return float64(row[len(b)]) / float64(max(len(a), len(b)))
}

func grams(words []string, n int) map[string]bool {
	all := map[string]bool{}
	for i := 0; i+n <= len(words); i++ {
		all[strings.Join(words[i:i+n], " ")] = true
	}
	return all
}

// overlap is the share of the smaller set that is in both.
func overlap(a, b map[string]bool) float64 {
	both := 0
	for g := range a {
		if b[g] {
			both++
		}
	}
	return float64(both) / float64(max(1, min(len(a), len(b))))
}
