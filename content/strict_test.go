package content

import "testing"

func TestHandbookIsReadStrictly(t *testing.T) {
	for rule, data := range map[string]string{
		"an unknown key":         "chapters:\n  - title: A\n    rules:\n      - {no: R-01, name: x}\n",
		"the same number twice":  "chapters:\n  - title: A\n    rules: [{no: R-01}, {no: R-01}]\n",
		"a number out of order":  "chapters:\n  - title: A\n    rules: [{no: R-02}]\n  - title: B\n    rules: [{no: R-01}]\n",
		"a text where a list is": "chapters: all\n",
	} {
		if _, err := parseHandbook([]byte(data)); err == nil {
			t.Errorf("%s is accepted", rule)
		}
	}
}

func TestDocumentIsReadStrictly(t *testing.T) {
	for rule, data := range map[string]string{
		"an unknown key":      "---\nlevel: guideline\nstatus: draft\n---\nBody",
		"no front matter":     "# Title\n",
		"unclosed matter":     "---\nlevel: guideline\n",
		"months in words":     "---\nreview_months: twelve\n---\nBody",
		"dashes of a heading": "Title\n---\nlevel: guideline\n---\n",
	} {
		if _, err := parseDocument("x", []byte(data)); err == nil {
			t.Errorf("%s is accepted", rule)
		}
	}
	d, err := parseDocument("x", []byte("---\nlevel: guideline\nreview_months: 12\nthemes: [a, b]\n---\n\nBody\n---\nmore\n"))
	if err != nil || d.Slug != "x" || d.ReviewMonths != 12 || len(d.Themes) != 2 || d.Body != "Body\n---\nmore" {
		t.Errorf("got %+v, %v", d, err)
	}
}

func TestCallersCannotChangeTheHandbook(t *testing.T) {
	Handbook()[0].Title = "changed"
	Documents()[0].Title = "changed"
	if Handbook()[0].Title == "changed" || Documents()[0].Title == "changed" {
		t.Error("a caller changed what the next one gets")
	}
}
