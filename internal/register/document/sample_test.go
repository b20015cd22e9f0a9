package document

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"vaern/internal/clause"
	"vaern/internal/store"
)

// expected is what a file beside a sample says must come out of it.
type expected struct {
	Version   string
	Dated     string
	Sections  []string
	Offices   map[string][]string
	Approvals []struct{ Body, Date string }
	Findings  []struct{ Code string }
}

// The samples are adopted policies that the project may read and not keep.
func TestSamplesAreStoredAsTheyStand(t *testing.T) {
	folder := os.Getenv("VAERN_SAMPLES")
	if folder == "" {
		t.Skip("VAERN_SAMPLES names no folder")
	}
	files, err := filepath.Glob(filepath.Join(folder, "expected-*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no expectations in %s: %v", folder, err)
	}
	each(t, func(t town) {
		for _, name := range files {
			var want expected
			data, err := os.ReadFile(name)
			t.must(err)
			t.must(json.Unmarshal(data, &want))
			texts, err := filepath.Glob(filepath.Join(folder, "*-"+want.Version+".txt"))
			if err != nil || len(texts) != 1 {
				t.Fatalf("%s: got %d texts, %v", name, len(texts), err)
			}
			text, err := os.ReadFile(texts[0])
			t.must(err)
			d, err := ImportFile(t.coord, t.Store, filepath.Base(texts[0]), text, "2026-11-23")
			t.must(err)
			id, err := Store(t.coord, t.Store, d)
			t.must(err)
			want.check(t, d, t.edition(id))
		}
	})
}

func (want expected) check(t town, read clause.Document, e Edition) {
	t.Helper()
	if e.Label != want.Version || string(e.Dated) != want.Dated {
		t.Errorf("got version %s of %s, want %s of %s", e.Label, e.Dated, want.Version, want.Dated)
	}
	var titles, was, is []string
	for i, s := range e.Sections {
		titles = append(titles, s.Title)
		for _, c := range s.Clauses {
			is = append(is, c.ID+" "+c.Kind+" "+c.Text)
		}
		for _, c := range read.Sections[i].Clauses {
			was = append(was, c.ID+" "+c.Kind+" "+c.Text)
		}
	}
	if !slices.Equal(titles, want.Sections) {
		t.Errorf("got sections %q, want %q", titles, want.Sections)
	}
	if !slices.Equal(was, is) {
		t.Errorf("the clauses as stored are not those that were read")
	}
	for _, f := range want.Findings {
		if !slices.ContainsFunc(e.Findings, func(g clause.Finding) bool { return g.Code == f.Code }) {
			t.Errorf("the draft lacks the finding %s", f.Code)
		}
	}
	seats := 0
	for _, offices := range want.Offices {
		seats += len(offices)
	}
	t.view(func(q *store.Read) error {
		have, err := Approvals(q, e.ID)
		t.must(err)
		if len(have) != len(want.Approvals) {
			t.Fatalf("got %d approvals, want %d", len(have), len(want.Approvals))
		}
		for i, a := range want.Approvals {
			if have[i].Body != a.Body || have[i].Decided != a.Date {
				t.Errorf("got %s %s, want %s %s", have[i].Body, have[i].Decided, a.Body, a.Date)
			}
		}
		var n int
		err = q.Row(`SELECT count(*) FROM office`, nil, &n)
		if n != seats {
			t.Errorf("got %d seats, want %d", n, seats)
		}
		return err
	})
}
