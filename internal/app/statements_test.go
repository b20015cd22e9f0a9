package app

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"vaern/internal/signin"
)

// mostStatements is what a main page may ask the database, who is asking
// included. It does not grow with what is on the page.
const mostStatements int64 = 13

// mainPages are the pages that everybody waits for: addresses, or the first
// link on the page before that fits.
var mainPages = []string{
	"/", "/policy",
	"/indicator", `href="(/indicator/[a-z_.-]+)"`,
	"/document", `href="(/document/[0-9a-f]{8}[^"/?]*)"`, `href="(/edition/[0-9a-f]{8}[^"/?]*)"`,
	"/rule", `href="(/rule/[0-9a-f]{8}[^"/?]*)"`,
	"/person", `href="(/person/[0-9a-f]{8}[^"/?]*)"`,
	"/unit/top", "/history",
}

func statementsAreFew(t *testing.T, in *town) {
	site, guests := (&serve{}).site(in)
	coordinator := slices.IndexFunc(guests, func(g signin.Guest) bool { return strings.Contains(strings.ToLower(g.What), "koordinator") })
	if coordinator < 0 {
		t.Fatalf("no coordinator among %v", guests)
	}
	v := signedIn(t, site, guests[coordinator].Mail)
	before := ""
	for _, path := range mainPages {
		if !strings.HasPrefix(path, "/") {
			found := regexp.MustCompile(path).FindStringSubmatch(v.send("GET", before, "").Body.String())
			if found == nil {
				t.Errorf("%s has no link like %s", before, path)
				continue
			}
			path = found[1]
		}
		before = path
		n := statements(t, in, v, path)
		t.Logf("%2d statements: %s", n, path)
		if n > mostStatements {
			t.Errorf("%s sends %d statements, more than %d. Join, or ask for all rows at once.", path, n, mostStatements)
		}
	}
}

// statements counts what a page sends to the database.
func statements(t *testing.T, in *town, v visitor, path string) int64 {
	t.Helper()
	before := in.Statements()
	if w := v.send("GET", path, ""); w.Code != http.StatusOK {
		t.Fatalf("%s answers %d", path, w.Code)
	}
	return in.Statements() - before
}

// TestPolicyPageAsksTheSameOfALongPolicy compares a policy of six sentences
// with one of two hundred.
func TestPolicyPageAsksTheSameOfALongPolicy(t *testing.T) {
	counts := map[string][]int64{}
	for _, sections := range []int{2, 40} {
		each(t, func(t *testing.T, in *town) {
			inForce(t, in, longPolicy(sections))
			s := &someone{in.roleActor("coordinator")}
			site, _ := new(serve).hang(in, s.who)
			v := visitor{site: site}
			page := v.send("GET", "/policy", "").Body.String()
			if last := fmt.Sprintf("kapitel %d fem", sections); !strings.Contains(page, last) {
				t.Fatalf("the page does not show %q", last)
			}
			for _, path := range []string{"/policy", "/", "/policy/coverage"} {
				counts[path] = append(counts[path], statements(t, in, v, path))
			}
		})
	}
	for path, n := range counts {
		if slices.Min(n) != slices.Max(n) {
			t.Errorf("%s sends %v statements: first for a short policy, then for a long one", path, n)
		}
		t.Logf("%s: %d statements", path, n[0])
	}
}

// longPolicy is an invented policy with five sentences in each section.
func longPolicy(sections int) string {
	var b strings.Builder
	b.WriteString("Prøve Kommune\n\nInformationssikkerhedspolitik\n\nVersion 1.0\n\n1. marts 2026\n\n")
	for n := 1; n <= sections; n++ {
		fmt.Fprintf(&b, "%d. Emne %d\n\n", n, n)
		for _, ordinal := range []string{"et", "to", "tre", "fire", "fem"} {
			fmt.Fprintf(&b, "Lederne skal sikre, at prøven i kapitel %d %s bliver gennemført hvert år.\n\n", n, ordinal)
		}
	}
	return b.String()
}
