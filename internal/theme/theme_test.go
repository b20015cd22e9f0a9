package theme_test

import (
	"bufio"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"vaern/internal/theme"
)

func TestClauseIsProposedItsThemesAndNoOthers(t *testing.T) {
	for _, c := range slices.Concat(danish, english) {
		must, may := expected(c.themes)
		got := keys(theme.Propose(c.clause))
		for _, key := range must {
			if !slices.Contains(got, key) {
				t.Errorf("%q: got %v, want %s", c.clause, theme.Propose(c.clause), key)
			}
		}
		for _, key := range got {
			if !slices.Contains(must, key) && !slices.Contains(may, key) {
				t.Errorf("%q: %s is proposed in %v, want only %s", c.clause, key, theme.Propose(c.clause), c.themes)
			}
		}
	}
}

func TestExplanationIsProposedNothing(t *testing.T) {
	for _, clause := range silent {
		if got := theme.Propose(clause); len(got) > 0 {
			t.Errorf("%q: got %v, want nothing", clause, got)
		}
	}
}

func TestProposalsAreFewOrderedAndRepeatable(t *testing.T) {
	everything := ""
	for _, c := range danish {
		everything += c.clause + " "
	}
	first := theme.Propose(everything)
	if len(first) == 0 || len(first) > 3 {
		t.Fatalf("got %d proposals, want one to three", len(first))
	}
	if !slices.IsSortedFunc(first, func(a, b theme.Match) int { return int(100 * (b.Score - a.Score)) }) {
		t.Errorf("got %v, want the best first", first)
	}
	for range 20 {
		if again := theme.Propose(everything); !slices.Equal(again, first) {
			t.Fatalf("got %v, then %v", first, again)
		}
	}
}

func TestEveryThemeIsProposedForSomeClause(t *testing.T) {
	proposed := map[string]bool{}
	for _, c := range slices.Concat(danish, english) {
		for _, key := range keys(theme.Propose(c.clause)) {
			proposed[key] = true
		}
	}
	for _, th := range theme.All() {
		if !proposed[th.Key] {
			t.Errorf("%s: no test clause is proposed it", th.Key)
		}
	}
}

func TestThemeSaysItselfInBothLanguages(t *testing.T) {
	form := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	labels := map[string]bool{}
	for _, th := range theme.All() {
		if !form.MatchString(th.Key) {
			t.Errorf("key %q is not kebab-case", th.Key)
		}
		if th.Da == "" || th.En == "" || labels[th.Da] || labels[th.En] {
			t.Errorf("%s: labels %q and %q; want each its own", th.Key, th.Da, th.En)
		}
		labels[th.Da], labels[th.En] = true, true
		for _, text := range []string{th.Description.Da, th.Description.En} {
			if !strings.HasSuffix(text, ".") || strings.Count(text, ". ") > 0 {
				t.Errorf("%s: %q is not one sentence", th.Key, text)
			}
		}
		if got, ok := theme.Get(th.Key); !ok || got.Da != th.Da {
			t.Errorf("Get(%q) = %q, %t", th.Key, got.Da, ok)
		}
	}
	if _, ok := theme.Get("no-such-theme"); ok {
		t.Error("Get finds a theme that is not there")
	}
}

// TestSamplePolicyItemsGetThemes reads policies that are not ours to publish.
func TestSamplePolicyItemsGetThemes(t *testing.T) {
	folder := os.Getenv("VAERN_SAMPLES")
	if folder == "" {
		t.Skip("VAERN_SAMPLES names no folder")
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no policy in %s: %v", folder, err)
	}
	for _, file := range files {
		total, met := 0, 0
		for _, item := range items(t, file) {
			total++
			if len(theme.Propose(item)) > 0 {
				met++
			}
		}
		t.Logf("%s: %d of %d list items get a theme", filepath.Base(file), met, total)
		if total > 0 && met*100 < total*80 {
			t.Errorf("%s: %d of %d list items get a theme, want 80 %%", filepath.Base(file), met, total)
		}
	}
}

// items returns the file's list items: lines that begin with a bullet, or with a
// number and go on for more than a heading does.
func items(t *testing.T, file string) []string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	mark := regexp.MustCompile(`^\s*(?:[-•*]|\d+\.)\s+(.+)$`)
	var found []string
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if m := mark.FindStringSubmatch(lines.Text()); m != nil && len(strings.Fields(m[1])) > 5 {
			found = append(found, m[1])
		}
	}
	return found
}

func expected(themes string) (must, may []string) {
	for _, key := range strings.Fields(themes) {
		if inner, ok := strings.CutPrefix(key, "["); ok {
			may = append(may, strings.TrimSuffix(inner, "]"))
		} else {
			must = append(must, key)
		}
	}
	return must, may
}

func keys(matches []theme.Match) []string {
	var all []string
	for _, m := range matches {
		all = append(all, m.Key)
	}
	return all
}
