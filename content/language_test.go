package content_test

import (
	"regexp"
	"testing"

	"vaern/content"
)

// TestTextsArePlainDanish finds what slips in when one writes fast: English words
// where Danish has its own, words only specialists know, and parted compounds.
func TestTextsArePlainDanish(t *testing.T) {
	texts := map[string]string{"policy": content.Policy(), "earlier policy": content.PolicyBefore()}
	for _, r := range content.Handbook() {
		texts[r.No] = r.Title + ". " + r.Text
	}
	for _, d := range content.Documents() {
		texts[d.Slug] = d.Title + ". " + d.Audience + ". " + d.Body
	}
	for rule, form := range map[string]string{
		"it is written in lower case": `\bIT\b|It-[a-zæøå]+`,
		"an English word":             `(?i)(^|\PL)(awareness|compliance|governance|backup|asset|assets|incident|data breach|stakeholder|mindset|workshop|device|password|policy|review|tool|onboarding|offboarding|least|patch)(\PL|$)`,
		"a specialist's word":         `(?i)(^|\PL)(isms|soa|kpi|rto|rpo|mtpd|bia|siem|mfa|iam|capa|fit-|residual|mitiger|eskaler|implementer)`,
		"a parted compound":           `(?i)(^|\PL)(informations sikkerhed|sikkerheds|risiko vurdering|leder gruppe|it system|it systemer|data behandler|beredskabs plan)(\PL|$)`,
		"two spaces or a stray mark":  `[^\n ]  +\S| [,.;:]|,,|\.\.`,
		"the same word twice":         `(?i)(^|\PL)(og og|at at|en en|er er|på på|af af|til til|den den|som som|med med)(\PL|$)`,
	} {
		bad := regexp.MustCompile(form)
		for name, text := range texts {
			for _, found := range bad.FindAllString(text, -1) {
				if rule == "it is written in lower case" && begins(text, found) {
					continue
				}
				t.Errorf("%s: %s: %q", name, rule, found)
			}
		}
	}
}

// begins says whether the word stands only where a sentence begins.
func begins(text, word string) bool {
	inside := regexp.MustCompile(`[a-zæøå,;] ` + regexp.QuoteMeta(word))
	return word != "IT" && !inside.MatchString(text)
}
