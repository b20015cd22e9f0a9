package app

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	paragraph = regexp.MustCompile(`(?s)<p([^>]*)>(.*?)</p>`)
	pressed   = regexp.MustCompile(`(?s)<button[^>]*>.*?</button>`)
	goes      = regexp.MustCompile(`(?s)<a ([^>]*)>(.*?)</a>`)
	steered   = regexp.MustCompile(`(?s)\{\{-?\s*(?:if|else|end|with|range)\b.*?\}\}`)
)

// onlyGoes reports whether a paragraph is nothing but links to other pages. How something stands is worth its ink though
// it is a link, so is an address that is written out; buttons are hidden anyway.
func onlyGoes(attributes, inside string) bool {
	links := goes.FindAllStringSubmatch(inside, -1)
	for _, part := range []*regexp.Regexp{goes, pressed, steered} {
		inside = part.ReplaceAllString(inside, "")
	}
	if links == nil || strings.TrimSpace(inside) != "" {
		return false
	}
	return !strings.Contains(attributes, "standing") &&
		slices.ContainsFunc(links, func(l []string) bool {
			return !strings.Contains(l[1], `class="button`) && !strings.Contains(l[2], "<code>")
		})
}

var (
	anyAction = regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	element   = regexp.MustCompile(`(?s)<(/?)([a-z][a-z0-9]*)((?:[^>"]|"[^"]*")*)>`)
	childless = []string{"br", "hr", "img", "input", "link", "meta"}
)

// offPaper finds which places of a template are in an element that is not printed, and which elements say so in vain.
func offPaper(text string) (hidden func(at int) bool, twice []string) {
	type open struct {
		name string
		off  int // where the outermost element that is not printed begins, -1 is none
	}
	var stack []open
	var spans [][2]int
	close := func(to, at int) {
		if off := stack[to].off; off >= 0 && (to == 0 || stack[to-1].off < 0) {
			spans = append(spans, [2]int{off, at})
		}
		stack = stack[:to]
	}
	plain := anyAction.ReplaceAllStringFunc(text, func(s string) string { return strings.Repeat(" ", len(s)) })
	for _, m := range element.FindAllStringSubmatchIndex(plain, -1) {
		name := plain[m[4]:m[5]]
		if m[2] < m[3] { // it ends, and with it what was left open in it
			for i, o := range slices.Backward(stack) {
				if o.name == name {
					close(i, m[1])
					break
				}
			}
			continue
		}
		off := -1
		if len(stack) > 0 {
			off = stack[len(stack)-1].off
		}
		if says := strings.Contains(text[m[0]:m[1]], "noprint"); says && off >= 0 {
			twice = append(twice, text[m[0]:m[1]])
		} else if says {
			off = m[0]
		}
		if !slices.Contains(childless, name) {
			stack = append(stack, open{name, off})
		}
	}
	return func(at int) bool {
		return slices.ContainsFunc(spans, func(s [2]int) bool { return s[0] <= at && at < s[1] })
	}, twice
}

// TestLinksAloneStayOffPaper: "See all" leads nowhere from a sheet of paper.
func TestLinksAloneStayOffPaper(t *testing.T) {
	found := 0
	err := walk(func(name string) error {
		if filepath.Ext(name) != ".html" || !strings.HasPrefix(name, "internal/") {
			return nil
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		hidden, twice := offPaper(string(text))
		for _, tag := range twice {
			t.Errorf(`%s: %.90s: what it stands in is off paper already. Take the class "noprint" away.`, name, tag)
		}
		for _, at := range paragraph.FindAllStringSubmatchIndex(string(text), -1) {
			if p := string(text[at[0]:at[1]]); onlyGoes(string(text[at[2]:at[3]]), string(text[at[4]:at[5]])) {
				if found++; !hidden(at[0]) {
					t.Errorf(`%s: %.90s: give a paragraph of nothing but links the class "noprint".`, name, p)
				}
			}
		}
		return err
	})
	if err != nil || found < 20 {
		t.Fatalf("%d paragraphs of links: %v", found, err)
	}
}
