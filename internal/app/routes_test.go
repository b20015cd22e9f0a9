package app

import (
	"html"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/module"
	"vaern/internal/web"
)

// someone is a Who that says whatever a test wants.
type someone struct{ access.Actor }

func (s *someone) who(*http.Request) (access.Actor, error) { return s.Actor, nil }

// TestEveryPageIsWrittenRight reads all pages, which a start does not.
func TestEveryPageIsWrittenRight(t *testing.T) {
	if n := web.ReadPages(); n < 2*70 {
		t.Errorf("only %d pages were read", n)
	}
}

// TestEveryRouteCanBeReachedBySomebody finds routes whose permission no role
// carries: pages that nobody can open.
func TestEveryRouteCanBeReachedBySomebody(t *testing.T) {
	each(t, func(t *testing.T, in *town) {
		site, _ := new(serve).hang(in, in.door.Who)
		given := map[access.Permission]bool{web.Public: true, web.SignedIn: true}
		for _, p := range in.everything() {
			given[p] = true
		}
		if len(site.Routes()) < 50 {
			t.Fatalf("only %d routes", len(site.Routes()))
		}
		for _, r := range site.Routes() {
			if !given[r.Need] {
				t.Errorf("%s needs %q, which no role carries. Grant it in the module's Roles.", r.Pattern, r.Need)
			}
		}
	})
}

// TestNoPageBreaksForAnyRole opens every page that takes no id as every role:
// it is shown or refused, and never fails. What the menu offers is never refused.
func TestNoPageBreaksForAnyRole(t *testing.T) {
	each(t, pagesHold) // an empty municipality; the demo's turn is in TestDemoHolds
}

func pagesHold(t *testing.T, in *town) {
	s := &someone{}
	site, _ := new(serve).hang(in, s.who)
	pages := plainPages(site)
	if len(pages) < 30 {
		t.Fatalf("only the pages %v", pages)
	}
	for _, role := range append(slices.Clone(module.Everyone), "") {
		s.Actor = access.Actor{}
		if role != "" {
			s.Actor = in.roleActor(role)
		}
		v := visitor{site: site}
		opened := 0
		for _, path := range pages {
			w := v.send("GET", path, "")
			switch {
			case w.Code == http.StatusOK:
				opened++
			case strings.HasPrefix(path, "/api/") && s.ID == "" && w.Code == http.StatusUnauthorized:
			case !slices.Contains([]int{http.StatusSeeOther, http.StatusForbidden, http.StatusNotFound}, w.Code):
				t.Errorf("%s as %q: %d %s", path, role, w.Code, firstLine(w.Body.String()))
			}
		}
		if role != "" && opened < 5 {
			t.Errorf("%q can open only %d pages", role, opened)
		}
		menuHolds(t, v, string(role))
	}
}

var menuLink = regexp.MustCompile(`<li><a href="([^"?]+)"`)

// menuHolds follows every line of the menu.
func menuHolds(t *testing.T, v visitor, role string) {
	t.Helper()
	page := v.send("GET", "/", "").Body.String()
	_, menu, _ := strings.Cut(page, `<nav class="menu"`)
	menu, _, _ = strings.Cut(menu, "</nav>")
	lines := menuLink.FindAllStringSubmatch(menu, -1)
	if role == "" && len(lines) > 0 || role != "" && len(lines) < 3 {
		t.Errorf("the menu of %q has %d lines", role, len(lines))
	}
	for _, m := range lines {
		if code := v.send("GET", m[1], "").Code; code != http.StatusOK {
			t.Errorf("the menu of %q offers %s, which answers %d", role, m[1], code)
		}
	}
}

var (
	leads = regexp.MustCompile(`href="(/[^"#?]*)`)
	anyID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)
)

// ofAKind is how many addresses of one kind are followed: enough that some are of other units.
const ofAKind = 6

// linksLead follows, as each role everywhere and as each guest of the demo where that person is, links that pages show,
// two steps from those that are open: none leads to a refusal, or to nothing.
func linksLead(t *testing.T, in *town) {
	s := &someone{}
	site, _ := new(serve).hang(in, s.who)
	v := visitor{site: site}
	for _, role := range module.Everyone {
		s.Actor = in.roleActor(role)
		follow(t, string(role), plainPages(site), func(path string) *httptest.ResponseRecorder { return v.send("GET", path, "") })
	}
	r := asGuests(t, in)
	for _, g := range r.guests {
		follow(t, g.Mail, plainPages(site), func(path string) *httptest.ResponseRecorder { return r.ask(g.Mail, "da", path, nil) })
	}
}

func follow(t *testing.T, who string, plain []string, ask func(path string) *httptest.ResponseRecorder) {
	t.Helper()
	type link struct{ path, from string }
	var here []link
	for _, path := range plain {
		here = append(here, link{path: path})
	}
	seen, kinds := map[string]bool{}, map[string]int{}
	for range 3 {
		var next []link
		for _, l := range here {
			path := l.path
			kind := anyID.ReplaceAllString(path, "{id}")
			if seen[path] || kinds[kind] == ofAKind || strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/assets/") {
				continue
			}
			w := ask(path)
			if fine := w.Code == http.StatusOK || w.Code == http.StatusSeeOther; !fine {
				if l.from != "" {
					t.Errorf("%s is offered %s on %s, which answers %d", who, path, l.from, w.Code)
				}
				continue // it may still be offered
			}
			seen[path] = true
			kinds[kind]++
			_, main, _ := strings.Cut(w.Body.String(), "<main")
			for _, m := range leads.FindAllStringSubmatch(main, -1) {
				next = append(next, link{html.UnescapeString(m[1]), path})
			}
		}
		here = next
	}
	if len(kinds) < 20 {
		t.Errorf("%s found only %d kinds of pages", who, len(kinds))
	}
}

// plainPages are the addresses that take no id: pages, and lists for programs.
func plainPages(site *web.Site) (out []string) {
	for _, r := range site.Routes() {
		method, path, _ := strings.Cut(r.Pattern, " ")
		if path = strings.TrimSuffix(path, "{$}"); method == "GET" && !strings.Contains(path, "{") {
			out = append(out, path)
		}
	}
	slices.Sort(out)
	return out
}

func firstLine(s string) string {
	if i := strings.Index(s, "<h1>"); i >= 0 {
		s = s[i:]
	}
	return s[:min(len(s), 200)]
}
