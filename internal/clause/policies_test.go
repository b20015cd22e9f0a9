package clause

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// shape is what a policy in testdata must be read as. A section is "number title (clauses)", small headings
// not counted.
type shape struct {
	Organisation, Title, Version, Dated string

	Sections   []string
	Items      map[string]int // per section
	Nested     int            // items inside items
	Objectives []string       // their ids
	Offices    map[string][]string
	Approvals  []string // "body date"
	Slips      []string // "word proposal"
	Findings   []string // their codes, each once
}

func shapeOf(d Document) shape {
	s := shape{Organisation: d.Organisation, Title: d.Title, Version: d.Version, Dated: d.Dated,
		Items: map[string]int{}, Offices: map[string][]string{}}
	for _, section := range d.Sections {
		clauses := 0
		for _, c := range section.Clauses {
			if c.Kind != Heading {
				clauses++
			}
			if c.Kind == Item {
				s.Items[section.Number]++
			}
			if c.Level > 1 {
				s.Nested++
			}
			if c.Kind == Objective {
				s.Objectives = append(s.Objectives, c.ID)
			}
		}
		s.Sections = append(s.Sections, fmt.Sprintf("%s %s (%d)", section.Number, section.Title, clauses))
	}
	for _, b := range d.Bodies {
		s.Offices[b.Name] = officeLines(b)
	}
	for _, a := range d.Approvals {
		s.Approvals = append(s.Approvals, a.Body+" "+a.Date)
	}
	for _, f := range d.Findings {
		s.Findings = append(s.Findings, f.Code)
		if f.Code == ProbableSlip {
			s.Slips = append(s.Slips, f.Word+" "+f.Proposal)
		}
	}
	s.Findings, s.Slips = sortedSet(s.Findings), sortedSet(s.Slips)
	return s
}

// readPolicy reads a file of testdata by its kind.
func readPolicy(t *testing.T, file string) Document {
	t.Helper()
	blocks := FromText
	if strings.HasSuffix(file, ".md") {
		blocks = FromMarkdown
	}
	return Parse(blocks(read(t, file)), "2026-11-23")
}

func policies(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"testdata/*.txt", "testdata/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) < 6 {
		t.Fatalf("got %d policies in testdata, want at least six", len(files))
	}
	return files
}

func TestPoliciesOfManyShapesAreReadRightly(t *testing.T) {
	for _, file := range policies(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			var want shape
			decode(t, strings.TrimSuffix(file, filepath.Ext(file))+".json", &want)
			want.Findings, want.Slips = sortedSet(want.Findings), sortedSet(want.Slips)
			got := shapeOf(readPolicy(t, file))
			for _, c := range []struct {
				what      string
				got, want any
			}{
				{"organisation", got.Organisation, want.Organisation}, {"title", got.Title, want.Title},
				{"version", got.Version, want.Version}, {"dated", got.Dated, want.Dated},
				{"sections", got.Sections, want.Sections}, {"items", got.Items, want.Items},
				{"nested items", got.Nested, want.Nested}, {"objectives", got.Objectives, want.Objectives},
				{"offices", got.Offices, want.Offices}, {"approvals", got.Approvals, want.Approvals},
				{"slips", got.Slips, want.Slips}, {"findings", got.Findings, want.Findings},
			} {
				same(t, c.what, c.got, c.want)
			}
		})
	}
}

func TestMarkdownIsReadAsWhatItWasWrittenFrom(t *testing.T) {
	for _, file := range policies(t) {
		t.Run(filepath.Base(file), func(t *testing.T) { checkRoundTrip(t, readPolicy(t, file)) })
	}
}

func TestClauseIDsAreUnique(t *testing.T) {
	for _, file := range policies(t) {
		seen := map[string]bool{}
		for _, s := range readPolicy(t, file).Sections {
			for _, c := range s.Clauses {
				if seen[c.ID] {
					t.Errorf("%s: id %s is given twice", file, c.ID)
				}
				seen[c.ID] = true
			}
		}
	}
}
