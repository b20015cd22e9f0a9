package app

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/web"
)

// TestEveryWayInIsGuarded walks the router: whatever is added is tried as well.
func TestEveryWayInIsGuarded(t *testing.T) {
	if testing.Short() {
		t.Skip("filling the demo takes seconds")
	}
	all, err := furnish(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(all.close)
	b := &bench{T: t, in: all.full.town}
	b.settleFar()
	b.site, _ = (&serve{URL: "https://vaern.example"}).hang(b.in, b.who)
	b.at = b.in.addresses()
	for _, rule := range []struct {
		name string
		try  func(*burglar)
	}{
		{"another site can neither send nor read", (*burglar).comesFromElsewhere},
		{"an id of another kind is nothing", (*burglar).mistakesKinds},
		{"what is out of reach looks as if it were not there", (*burglar).peeks},
		{"an address leads nowhere else", (*burglar).climbs},
		{"pages are strict", (*burglar).inspects},
		{"what is asked comes back as text", (*burglar).reflects},
		{"what is sent comes back as text, and stays text", (*burglar).plants},
		{"a redirect stays here", (*burglar).redirects},
		{"an end of a line ends nothing", (*burglar).injects},
	} {
		t.Run(rule.name, func(t *testing.T) {
			b.T = t
			rule.try(&burglar{bench: b, guest: all.full.guests[0].Mail, actors: all.full.actors})
		})
	}
}

// burglar tries what people try who should not.
type burglar struct {
	*bench
	guest  string
	actors map[string]access.Actor
}

// everything lets the first guest do all that there is, everywhere.
func (b *burglar) everything() {
	b.Actor = access.Actor{ID: b.actors[b.guest].ID, Name: b.actors[b.guest].Name, May: map[access.Permission]access.Reach{}}
	for _, p := range b.in.everything() {
		b.May[p] = access.Reach{Whole: true}
	}
}

// ways hands each way in to fn, with an address that is there.
func (b *burglar) ways(fn func(r web.Route, method, path string, real bool)) {
	tried := 0
	for _, r := range b.site.Routes() {
		method, pattern, _ := strings.Cut(r.Pattern, " ")
		path, real, err := b.at.of(b.Context(), pattern)
		if err != nil {
			b.Fatal(err)
		}
		tried++
		fn(r, method, path, real)
	}
	if tried < 300 {
		b.Errorf("only %d ways in were tried", tried)
	}
}

// ask sends a request; head are names and values.
func (b *burglar) ask(method, path, body string, head ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(b.Context(), method, "/", strings.NewReader(body))
	at, err := url.ParseRequestURI(path)
	if err != nil {
		b.Fatalf("%s: %v", path, err)
	}
	r.URL, r.RequestURI = at, path
	switch {
	case method == http.MethodGet:
	case strings.HasPrefix(path, "/api/"):
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("If-Match", `"1000"`)
	default:
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(head); i += 2 {
		r.Header.Set(head[i], head[i+1])
	}
	w := httptest.NewRecorder()
	b.site.ServeHTTP(w, r)
	return w
}

func (b *burglar) comesFromElsewhere() {
	b.everything()
	b.ways(func(r web.Route, method, path string, _ bool) {
		for _, head := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}} {
			if looks(method) {
				continue
			}
			if w := b.ask(method, path, "", head...); w.Code != http.StatusForbidden {
				b.Errorf("%s with %v: %d", r.Pattern, head, w.Code)
			}
		}
		w := b.ask(http.MethodOptions, path, "", "Origin", "https://evil.example", "Access-Control-Request-Method", method)
		for name := range w.Header() {
			if strings.HasPrefix(name, "Access-Control-") {
				b.Errorf("%s lets another site read: %s", r.Pattern, name)
			}
		}
	})
}

// mistakesKinds puts a person's id in the place of every other id, and a
// rule's in that of a person's.
func (b *burglar) mistakesKinds() {
	b.everything()
	person, err := b.at.record(b.Context(), "person")
	if err != nil {
		b.Fatal(err)
	}
	rule, err := b.at.record(b.Context(), "rule")
	if err != nil {
		b.Fatal(err)
	}
	tried := 0
	for _, r := range b.site.Routes() {
		method, pattern, _ := strings.Cut(r.Pattern, " ")
		if !strings.Contains(pattern, "{") || strings.HasSuffix(pattern, "{$}") {
			continue
		}
		wrong := person
		if strings.Contains(pattern, "/person/") || strings.Contains(pattern, "/people/") || strings.Contains(pattern, "/persons/") {
			wrong = rule
		}
		path := strings.Replace(pattern, "/{kind}/{id}", "/control/{id}", 1)
		path = strings.Replace(path, "{kind}", "rule", 1)
		path = aPlace.ReplaceAllString(path, wrong)
		tried++
		body := ""
		if strings.HasPrefix(path, "/api/") {
			body = "{}"
		}
		w := b.ask(method, path, body)
		if nothingThere := []int{404, 422, 428, 400, 403}; !slices.Contains(nothingThere, w.Code) || looks(method) && w.Code != 404 {
			if !known[r.Pattern] {
				b.Errorf("%s with the id of another kind: %d", r.Pattern, w.Code)
			}
		}
	}
	if tried < 150 {
		b.Errorf("only %d ways in take an id", tried)
	}
}

var aPlace = regexp.MustCompile(`\{[a-z]+\}`)

// known are ways in whose last word is no id of a record.
var known = map[string]bool{
	"GET /pick/{kind}":        true, // the kind is the place
	"POST /webhook/{id}/test": true, // it is said first that nothing can be sent from here
}

var variable = regexp.MustCompile(`[0-9a-f]{10}`)

// peeks compares, for a role that reaches one empty unit, a record elsewhere
// with one that does not exist: status, words and what is asked of the database.
func (b *burglar) peeks() {
	const absent = "01900000-0000-7000-8000-000000000000"
	compared := 0
	for _, role := range []access.Role{access.Coordinator, access.Manager, access.Auditor} {
		b.ways(func(r web.Route, method, path string, real bool) {
			pattern := r.Pattern
			if !real || !strings.Contains(pattern, "{id}") || r.Need == web.Public {
				return
			}
			b.as(role, far)
			if r.Need != web.SignedIn && !b.Can(r.Need) {
				return
			}
			_, only, _ := strings.Cut(pattern, " ")
			id := b.idIn(only, path)
			body := ""
			if strings.HasPrefix(path, "/api/") {
				body = "{}"
			}
			there, asked := b.counted(method, path, body)
			if there.Code != http.StatusNotFound {
				return // it is not out of reach, or the form is read first: TestRights has the table
			}
			gone, askedGone := b.counted(method, strings.Replace(path, id, absent, 1), body)
			compared++
			if gone.Code != there.Code || alike(gone, absent) != alike(there, id) {
				b.Errorf("%s as %s: what is out of reach answers %d, what is not there %d, or in other words\n%.300s\n%.300s", pattern, role,
					there.Code, gone.Code, alike(there, id), alike(gone, absent))
			}
			if asked != askedGone && !public[pattern] {
				b.Errorf("%s as %s: what is out of reach takes %d statements, what is not there %d", pattern, role, asked, askedGone)
			}
		})
	}
	if compared < 100 {
		b.Errorf("only %d were compared", compared)
	}
}

// public are ways to records that the same person sees by another way, so that
// they exist is no secret.
var public = map[string]bool{"GET /reading/{id}/read": true, "POST /on/{kind}/{id}/file": true}

// idIn is what stands in an address in the place of {id}.
func (b *burglar) idIn(pattern, path string) string {
	pattern = strings.Replace(pattern, "/{kind}/{id}", "/rule/{id}", 1)
	parts := strings.Split(path, "/")
	for i, part := range strings.Split(pattern, "/") {
		if part == "{id}" {
			return parts[i]
		}
	}
	b.Fatalf("%s has no id", pattern)
	return ""
}

func (b *burglar) counted(method, path, body string) (*httptest.ResponseRecorder, int64) {
	before := b.in.Statements()
	w := b.ask(method, path, body)
	return w, b.in.Statements() - before
}

// alike is an answer without what differs between any two requests.
func alike(w *httptest.ResponseRecorder, id string) string {
	text := strings.ReplaceAll(w.Body.String(), id, "ID")
	return variable.ReplaceAllString(strings.ReplaceAll(text, url.QueryEscape(id), "ID"), "N")
}

// climbs puts in every place of an address what leads elsewhere on a disk or
// in a statement.
func (b *burglar) climbs() {
	b.everything()
	tricks := []string{"..%2f..%2f..%2fetc%2fpasswd", "%2e%2e%2fledger.key", "..%5c..%5cwin.ini", "'%20OR%20''='", "a%22;%20--", "%0d%0aSet-Cookie:%20a=b",
		strings.Repeat("x", 5000), "%F0%9F%92%A3", "-1", "1e9", "%7B%7B.%7D%7D", "${jndi}"}
	for _, r := range b.site.Routes() {
		method, pattern, _ := strings.Cut(r.Pattern, " ")
		if !strings.Contains(pattern, "{") || strings.HasSuffix(pattern, "{$}") {
			continue
		}
		for _, trick := range tricks {
			path := aPlace.ReplaceAllStringFunc(pattern, func(string) string { return trick })
			w := b.ask(method, path, "")
			if w.Code >= 500 || w.Code == http.StatusOK && looks(method) && !strings.HasPrefix(pattern, "/pick/") {
				b.Errorf("%s with %.30s: %d", r.Pattern, trick, w.Code)
			}
			if w.Header().Get("Set-Cookie") == "a=b" {
				b.Errorf("%s with %.30s sets a header", r.Pattern, trick)
			}
		}
	}
	for _, path := range []string{"/assets/../ledger.key", "/assets/..%2f..%2fledger.key", "/assets/%2e%2e/vaern.db", "//etc/passwd", "/assets/"} {
		if w := b.ask("GET", path, ""); w.Code == http.StatusOK {
			b.Errorf("%s is handed out", path)
		}
	}
}

func (b *burglar) redirects() {
	b.everything()
	for _, next := range []string{"https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "/%0d%0aLocation:https://evil.example", "javascript:alert(1)", "///evil.example"} {
		b.ways(func(r web.Route, method, path string, _ bool) {
			query := "?next=" + url.QueryEscape(next) + "&back=" + url.QueryEscape(next) + "&return=" + url.QueryEscape(next)
			if strings.HasPrefix(path, "/api/") {
				return
			}
			w := b.ask(method, path+query, strings.TrimPrefix(query, "?"), "Referer", next)
			to := w.Header().Get("Location")
			if to == "" {
				return
			}
			if at, err := url.Parse(to); err != nil || at.Host != "" || at.Scheme != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.Contains(to, `\`) {
				b.Errorf("%s leads to %s", r.Pattern, to)
			}
		})
	}
}
