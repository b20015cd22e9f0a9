package content_test

import (
	"strings"
	"testing"

	"vaern/content"
	"vaern/content/nordkyst"
	"vaern/internal/theme"
)

func TestDocumentsAreFourteenGuidelinesTwelveProceduresSixInstructions(t *testing.T) {
	count := map[string]int{}
	for _, d := range content.Documents() {
		count[d.Level]++
	}
	for level, want := range map[string]int{"guideline": 14, "procedure": 12, "instruction": 6} {
		if count[level] != want {
			t.Errorf("%s: got %d, want %d", level, count[level], want)
		}
	}
	if len(count) != 3 {
		t.Errorf("levels are %v, want three", count)
	}
}

func TestDocumentIsShortAndKnowsItsThemesAndReaders(t *testing.T) {
	prefix := map[string]string{"guideline": "retningslinje-", "procedure": "forretningsgang-", "instruction": "instruks-"}
	titles := map[string]bool{}
	for _, d := range content.Documents() {
		if n := len(words(d.Body)); n < 150 || n > 350 {
			t.Errorf("%s has %d words, want 150 to 350", d.Slug, n)
		}
		if !strings.HasPrefix(d.Slug, prefix[d.Level]) {
			t.Errorf("%s is a %s", d.Slug, d.Level)
		}
		if d.Title == "" || titles[d.Title] || d.Audience == "" || d.ReviewMonths < 6 || d.ReviewMonths > 24 {
			t.Errorf("%s: title %q, audience %q, review after %d months", d.Slug, d.Title, d.Audience, d.ReviewMonths)
		}
		titles[d.Title] = true
		for _, key := range d.Themes {
			if _, ok := theme.Get(key); !ok {
				t.Errorf("%s: no theme %q", d.Slug, key)
			}
		}
	}
}

func TestDocumentOwnerIsAPositionOfTheDemo(t *testing.T) {
	organisation := string(nordkyst.Organisation())
	for _, d := range content.Documents() {
		if d.Owner == "" || !strings.Contains(organisation, d.Owner) {
			t.Errorf("%s: nobody in Nordkyst is %q", d.Slug, d.Owner)
		}
	}
}

func TestProcedureSaysItsStepsAndItsEvidence(t *testing.T) {
	for _, d := range content.Documents() {
		if d.Level == "procedure" && (!strings.Contains(d.Body, "\n5. ") || !strings.Contains(d.Body, "**Dokumentation:**")) {
			t.Errorf("%s lacks five steps or its evidence", d.Slug)
		}
	}
}
