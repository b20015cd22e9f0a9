package content_test

import (
	"testing"
	"time"

	"vaern/content"
	"vaern/internal/theme"
)

func TestEveryObligationSaysWhatAndByWhichLaw(t *testing.T) {
	all := content.Obligations()
	if len(all) < 40 {
		t.Errorf("got %d obligations, want at least 40", len(all))
	}
	for _, o := range all {
		if o.Title == "" || o.Reference == "" || o.Note == "" || len(o.Themes) == 0 || o.Months < 1 {
			t.Errorf("%s is not whole: %+v", o.No, o)
		}
		for _, key := range o.Themes {
			if _, ok := theme.Get(key); !ok {
				t.Errorf("%s: no theme %q", o.No, key)
			}
		}
		for _, day := range []string{o.From, o.Until} {
			if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
				t.Errorf("%s: %q is no day", o.No, day)
			}
		}
	}
}
