package clause

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// expected is what a file beside a sample says must be found in it. Its date of reading is in the findings.
type expected struct {
	Organisation string              `json:"organisation"`
	Title        string              `json:"title"`
	Version      string              `json:"version"`
	Dated        string              `json:"dated"`
	Sections     []string            `json:"sections"`
	ListItems    map[string]int      `json:"list_items"`
	Offices      map[string][]string `json:"offices"`
	Approvals    []struct{ Body, Date string }
	Findings     []struct{ Code, Why string }
}

// TestSamplesAreReadAsTheirExpectationsSay reads real policies that are not in the repository. Each lies as
// NAME-VERSION.txt with expected-VERSION.json in the folder that VAERN_SAMPLES names.
func TestSamplesAreReadAsTheirExpectationsSay(t *testing.T) {
	folder := os.Getenv("VAERN_SAMPLES")
	if folder == "" {
		t.Skip("VAERN_SAMPLES names no folder")
	}
	files, err := filepath.Glob(filepath.Join(folder, "expected-*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no expectations in %s: %v", folder, err)
	}
	for _, file := range files {
		version := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(file), "expected-"), ".json")
		t.Run(version, func(t *testing.T) {
			var want expected
			decode(t, file, &want)
			texts, _ := filepath.Glob(filepath.Join(folder, "*-"+version+".txt"))
			if len(texts) != 1 {
				t.Fatalf("got %d texts for version %s, want one", len(texts), version)
			}
			got := Parse(FromText(read(t, texts[0])), "2026-11-23")
			want.check(t, got)
			checkRoundTrip(t, got)
		})
	}
}

func (want expected) check(t *testing.T, got Document) {
	t.Helper()
	same(t, "organisation", got.Organisation, want.Organisation)
	same(t, "title", got.Title, want.Title)
	same(t, "version", got.Version, want.Version)
	same(t, "dated", got.Dated, want.Dated)
	var titles, approvals, wantApprovals []string
	items := map[string]int{}
	for _, s := range got.Sections {
		titles = append(titles, s.Title)
		for _, c := range s.Clauses {
			if c.Kind == Item {
				items[s.Number]++
			}
		}
	}
	same(t, "sections", titles, want.Sections)
	same(t, "list items", items, want.ListItems)
	offices := map[string][]string{}
	for _, b := range got.Bodies {
		offices[b.Name] = officeLines(b)
	}
	same(t, "offices", offices, want.Offices)
	for _, a := range got.Approvals {
		approvals = append(approvals, a.Body+" "+a.Date)
	}
	for _, a := range want.Approvals {
		wantApprovals = append(wantApprovals, a.Body+" "+a.Date)
	}
	same(t, "approvals", approvals, wantApprovals)
	want.checkFindings(t, got)
}

var slipPair = regexp.MustCompile(`'(\p{L}+)' (?:is )?probably (\p{L}+)`)

func (want expected) checkFindings(t *testing.T, got Document) {
	t.Helper()
	var codes, wantCodes, slips, wantSlips []string
	for _, f := range got.Findings {
		codes = append(codes, f.Code)
		if f.Code == ProbableSlip {
			slips = append(slips, f.Word+" "+f.Proposal)
		}
	}
	for _, f := range want.Findings {
		wantCodes = append(wantCodes, f.Code)
		for _, found := range slipPair.FindAllStringSubmatch(f.Why, -1) {
			wantSlips = append(wantSlips, found[1]+" "+found[2])
		}
	}
	same(t, "finding codes", sortedSet(codes), sortedSet(wantCodes))
	same(t, "slips", sortedSet(slips), sortedSet(wantSlips))
}

func officeLines(b Body) []string {
	var out []string
	for _, o := range b.Offices {
		line := o.Title
		if o.Chair {
			line += " (chair)"
		}
		out = append(out, line)
	}
	return out
}

func sortedSet(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if g, w := fmt.Sprintf("%q", got), fmt.Sprintf("%q", want); g != w {
		t.Errorf("%s: got %s, want %s", what, g, w)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func decode(t *testing.T, file string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(read(t, file)), into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// checkRoundTrip holds a document against what its own Markdown is read as.
func checkRoundTrip(t *testing.T, d Document) {
	t.Helper()
	text := Markdown(d)
	again := Parse(FromMarkdown(text), "2026-11-23")
	same(t, "title after a round trip", again.Title, d.Title)
	for i, s := range d.Sections {
		if i >= len(again.Sections) {
			t.Fatalf("section %s was lost in a round trip:\n%s", s.Number, text)
		}
		same(t, "section after a round trip", again.Sections[i], s)
	}
	same(t, "number of sections after a round trip", len(again.Sections), len(d.Sections))
}
