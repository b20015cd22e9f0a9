package content_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"vaern/content"
	"vaern/internal/theme"
)

func TestPolicyHasTheShapeOfARealOne(t *testing.T) {
	for rule, form := range map[string]string{
		"a title":              `(?m)^# \S`,
		"its version":          `(?m)^Version 2\.1$`,
		"its date":             `(?m)^3\. december 2025$`,
		"a quoted objective":   `(?m)^"[^"]+"$`,
		"six offices, a chair": `består af kommunaldirektøren \(formand\)(, [^,.]+){4} og informationssikkerhedskoordinatoren\.`,
		"the committee's yes":  `(?m)^Godkendt af Informationssikkerhedsudvalget 3\. december 2025$`,
		"the board's yes":      `(?m)^Godkendt af Direktionen 13\. januar 2026$`,
		"the council's yes":    `(?m)^Vedtaget af Kommunalbestyrelsen 25\. februar 2026$`,
	} {
		if !regexp.MustCompile(form).MatchString(content.Policy()) {
			t.Errorf("the policy lacks %s", rule)
		}
	}
	if n := len(regexp.MustCompile(`(?m)^## \d\. `).FindAllString(content.Policy(), -1)); n < 8 || n > 9 {
		t.Errorf("got %d sections, want eight or nine", n)
	}
	if n := len(clauses(content.Policy())); n < 42 || n > 60 {
		t.Errorf("got %d clauses, want about 45 to 60", n)
	}
}

func TestPolicyTouchesMostThemes(t *testing.T) {
	touched := map[string]bool{}
	for _, c := range clauses(content.Policy()) {
		for _, m := range theme.Propose(c) {
			touched[m.Key] = true
		}
	}
	if all := len(theme.All()); len(touched)*10 < all*9 {
		t.Errorf("the policy's clauses touch %d of %d themes, want nine in ten", len(touched), all)
	}
}

func TestEarlierPolicyDiffersByATenth(t *testing.T) {
	now, before := clauses(content.Policy()), clauses(content.PolicyBefore())
	kept := 0
	for _, c := range now {
		if slices.Contains(before, c) {
			kept++
		}
	}
	changed := len(now) - kept
	if share := float64(changed) / float64(len(now)); share < 0.07 || share > 0.15 {
		t.Errorf("%d of %d clauses are new or reworded, want about a tenth", changed, len(now))
	}
	if len(before) >= len(now) {
		t.Errorf("the earlier has %d clauses, the later %d; want one that was not there", len(before), len(now))
	}
	if moved := outOfOrder(now, before); moved != 2 {
		t.Errorf("%d clauses are moved, want two", moved)
	}
}

// outOfOrder counts the clauses in both that do not stand in the same order.
func outOfOrder(now, before []string) int {
	var a, b []string
	for _, c := range now {
		if slices.Contains(before, c) {
			a = append(a, c)
		}
	}
	for _, c := range before {
		if slices.Contains(now, c) {
			b = append(b, c)
		}
	}
	return len(a) - int(likeness(a, b)*float64(len(a))+0.5)
}

// clauses are the paragraphs and list items between the date and the approvals.
func clauses(policy string) []string {
	var all []string
	_, body, _ := strings.Cut(policy, "\n## ")
	for line := range strings.Lines(body) {
		line = strings.TrimSpace(line)
		heading := strings.HasPrefix(line, "#") || regexp.MustCompile(`^\d\. Indledning$`).MatchString(line)
		approval := strings.HasPrefix(line, "Godkendt af") || strings.HasPrefix(line, "Vedtaget af")
		if line != "" && !heading && !approval {
			all = append(all, strings.TrimLeft(line, "-0123456789. "))
		}
	}
	return all
}
