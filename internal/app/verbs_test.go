package app

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"vaern/internal/i18n"
	"vaern/internal/ledger"
	"vaern/internal/module"
	"vaern/internal/record"
	"vaern/internal/register/webhook"
	"vaern/internal/store"
)

// acts are the verbs that our code writes into the ledger.
var acts = regexp.MustCompile(`Verb: +"([a-z_]+\.[a-z_]+)"`)

// TestHistoryHasWordsForWhatIsDone: a verb without words is told as the program
// calls it.
func TestHistoryHasWordsForWhatIsDone(t *testing.T) {
	each(t, func(t *testing.T, in *town) {
		told := module.Told(in.engine.Modules)
		verbs := []string{record.ViewKind + ".save", record.ViewKind + ".remove"}
		err := filepath.WalkDir("..", func(path string, _ os.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "test/") {
				return err
			}
			code, err := os.ReadFile(path)
			for _, m := range acts.FindAllSubmatch(code, -1) {
				verbs = append(verbs, string(m[1]))
			}
			return err
		})
		if err != nil || len(verbs) < 40 {
			t.Fatalf("%d verbs: %v", len(verbs), err)
		}
		for _, verb := range verbs {
			if !told.Says(verb) {
				t.Errorf("history has no words for %s: add it to Verbs of its module", verb)
			}
		}
		for event, known := range map[string]bool{"rule.*": true, "document.publish": true, "receipt.give": true, "rule.edit": true,
			"rul.*": false, "docment.edit": false, "document.publsh": false} {
			if webhook.Known(event) != known {
				t.Errorf("that a webhook may be told of %s is %v", event, !known)
			}
		}
		// what one register does may be about a record of another
		err = in.Store.Peek(t.Context(), func(q *store.Read) error {
			lines, err := told.Tell(q, []ledger.Leaf{{Verb: "reading.link", About: "person/anna", Actor: "machine:test"}}, i18n.Da)
			if len(lines) != 1 || lines[0].What != "lavede et link til" {
				t.Errorf("a link to a person is told as %+v", lines)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}
