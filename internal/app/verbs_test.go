package app

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"vaern/internal/module"
	"vaern/internal/record"
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
	})
}
