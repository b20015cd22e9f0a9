package i18n

import "testing"

func TestATextWithinASentenceBeginsSmall(t *testing.T) {
	for text, want := range map[Text]Text{{"Ændring af organisationen", "Change of the organisation"}: {"ændring af organisationen", "change of the organisation"},
		{"DPIA", "DPIA"}: {"DPIA", "DPIA"}, {"", ""}: {"", ""}} {
		if got := text.Lower(); got != want {
			t.Errorf("%q within a sentence is %q, want %q", text, got, want)
		}
	}
}
