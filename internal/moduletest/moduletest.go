// Package moduletest is what every declared register must pass, in one line:
//
//	func TestModule(t *testing.T) { moduletest.Exercise(t, Module()) }
package moduletest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/ledger"
	"vaern/internal/module"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
	"vaern/internal/web"
	"vaern/internal/web/kit"
)

// Exercise tries what a declared register promises, on every database, with a
// narrow and a wide reach.
func Exercise(t *testing.T, m module.Module, said ...Setting) {
	ground := storetest.NewGround(t)
	for _, rule := range rules {
		if m.Kept && !rule.kept {
			continue
		}
		for _, wide := range []bool{false, true} { // the hint may change speed, never rows
			if wide && !rule.rows {
				continue
			}
			fine := t.Run(fmt.Sprintf("%s/wide=%v", rule.name, wide), func(t *testing.T) {
				ground.Each(t, func(t *testing.T, s *store.Store) {
					tr := &try{TB: t, m: m, s: s, wide: wide}
					tr.hear(said)
					tr.begin()
					rule.try(tr)
				}, schemas(m, said)...)
			})
			if !fine && rule.name == rules[0].name {
				t.Fatal("the other rules are tried when a sample can be created and found")
			}
		}
	}
}

// ExerciseAll tries every declared register of several modules; said is what
// the samples of each need, by its name.
func ExerciseAll(t *testing.T, mods []module.Module, said map[string][]Setting) {
	for _, m := range mods {
		if m.Plural == "" {
			continue // a kind without a register
		}
		t.Run(m.Name, func(t *testing.T) { Exercise(t, m, said[m.Name]...) })
	}
	for name := range said {
		if !slices.ContainsFunc(mods, func(m module.Module) bool { return m.Name == name && m.Plural != "" }) {
			t.Errorf("there is no register %s to say anything of", name)
		}
	}
}

// rule is one promise that every register keeps.
type rule struct {
	name string
	try  func(*try)
	rows bool // it is about which rows there are: tried with a wide reach too
	kept bool // it holds for what is made by no form too
}

var rules = []rule{
	{"create and find", createAndFind, true, false},
	{"required fields are marked and nothing is lost", requiredFields, false, false},
	{"a change needs the newest version", staleVersions, false, false},
	{"every verb needs its permission", permissions, false, false},
	{"each role may do what it carries and nothing else", roles, false, true},
	{"no page offers what would be refused", offers, true, false},
	{"outside the scope nothing exists", scope, true, false},
	{"what is sensitive is for those who may see it", sensitive, false, false},
	{"its number finds it where it is picked", picked, true, false},
	{"pages are whole in every order", paging, true, true},
	{"a GET leaves no trace, a change leaves one leaf", traces, false, false},
	{"history tells what was so", history, false, false},
	{"a spreadsheet is tried, stored and undone", imports, true, false},
	{"a row that is known changes what is there", reimports, false, false},
	{"a list is downloaded as it is shown", exports, true, false},
	{"a filter finds what a record has", filters, true, false},
	{"what is late is counted as its list shows it", late, true, true},
	{"a filter is clicked and narrows the list", clicks, false, true},
	{"a page belongs to its list", cursors, true, true},
	{"columns are those that were chosen", columns, false, true},
	{"a list is kept under a name", savedViews, true, false},
	{"several are changed as was shown", severalChanged, true, false},
	{"programs are answered as the standards say", programs, false, false},
	{"what cannot be read changes nothing", brokenBodies, false, false},
	{"nobody sets what no form has", smuggling, false, false},
	{"a program changes the version it names", versions, false, false},
	{"what is sent again is done once", safeAgain, false, false},
	{"many at once are answered each", manyAtOnce, false, false},
	{"who may only look changes nothing", onlyLooking, false, false},
	{"changes of different fields meet, of the same one ask", changesMeet, false, false},
	{"a change can be taken back", takenBack, false, false},
	{"it has a past", itsPast, false, false},
	{"links hold both ways, each end for who sees it", links, true, false},
	{"files come down as they went up, and only for who sees them", attached, true, false},
	{"a file is what it is and is called so", uploads, false, false},
	{"comments mention, are corrected and withdrawn", comments, false, false},
	{"what is kept is read, and made by no form", readOnly, true, true},
	{"a page's statements do not grow with its rows", statements, true, true},
}

// try is one rule being tried by one actor at a time. Units a and b stand under
// the top; anna reaches a, bo reaches b.
type try struct {
	testing.TB
	m       module.Module
	s       *store.Store
	site    *web.Site
	front   http.Handler // what is asked: the site, or one that a test of the suite breaks
	actor   access.Actor
	wide    bool
	said    Example
	given   []Given
	made    Made
	pointed map[string]int    // field → which record of its kind a sample points at
	there   map[string]string // kind and unit → the record that was given
	folder  string            // where files are kept
}

// begin settles the units and hangs the register on a site.
func (t *try) begin() {
	t.point()
	t.settle()
	t.hang()
}

// point lets two fields that point at a kind point at different records of it.
func (t *try) point() {
	t.pointed, t.there = map[string]int{}, map[string]string{}
	seen := map[string]int{}
	for _, f := range t.m.Fields {
		if f.Kind == field.Ref {
			t.pointed[f.Name] = seen[f.To]
			seen[f.To]++
		}
	}
}

func (t *try) hang() {
	t.as("anna")
	t.site = web.New(t.s, func(*http.Request) (access.Actor, error) { return t.actor, nil })
	t.m.Mount(t.site)
	kit.Pick(t.site, func(kind string) access.Permission { return access.Permission(kind + ".see") })
	t.front = t.site
	t.around()
}

var verbs = []string{"see", "create", "edit", "sensitive"}

// as makes somebody act, with these verbs only; none are all.
func (t *try) as(who string, only ...string) {
	if len(only) == 0 {
		only = verbs
	}
	reach := access.Reach{Tops: []string{map[string]string{"anna": "a", "bo": "b"}[who]}, Wide: t.wide}
	t.actor = access.Actor{ID: who, Name: who, May: map[access.Permission]access.Reach{}}
	for _, v := range only {
		t.actor.May[access.Permission(t.m.Name+"."+v)] = reach
	}
	for _, c := range kit.Capabilities() {
		for _, p := range c.Roles[access.Holder] {
			t.actor.May[p] = access.Reach{}
		}
	}
}

func (t *try) send(method, path, kind, body string, head ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for i := 0; i < len(head); i += 2 {
		r.Header.Set(head[i], head[i+1])
	}
	w := httptest.NewRecorder()
	t.front.ServeHTTP(w, r)
	return w
}

func (t *try) get(path string) *httptest.ResponseRecorder {
	t.Helper()
	return t.send("GET", path, "", "")
}

func (t *try) form(path string, v url.Values) *httptest.ResponseRecorder {
	t.Helper()
	return t.send("POST", path, "application/x-www-form-urlencoded", v.Encode())
}

// want fails unless the answer has the status and contains the texts.
func (t *try) want(w *httptest.ResponseRecorder, code int, has ...string) *httptest.ResponseRecorder {
	t.Helper()
	if w.Code != code {
		t.Fatalf("got %d, want %d: %s", w.Code, code, words(w))
	}
	for _, h := range has {
		if !strings.Contains(w.Body.String(), h) {
			t.Fatalf("want %q in %s", h, w.Body)
		}
	}
	return w
}

var tags = regexp.MustCompile(`(?:\s*<[^>]*>)+\s*`)

// words are what an answer says; of a page, what stands in it besides the frame.
func words(w *httptest.ResponseRecorder) string {
	_, page, ok := strings.Cut(w.Body.String(), "<main")
	if !ok {
		return w.Body.String()
	}
	page, _, _ = strings.Cut(page, "</main>")
	return tags.ReplaceAllString("<main"+page, "\n\t")
}

// make makes the n-th record of what is made by no form.
func (t *try) make(n int, unit string) (path string) {
	t.Helper()
	ctx := access.With(t.Context(), access.Machine("test", "test"))
	err := t.s.Change(ctx, store.Intent{Verb: "test.make", Need: "test"}, func(w *store.Write) error {
		id, err := t.made(w, n, unit)
		path = t.api() + "/" + id
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// create makes the n-th sample in a unit through REST and returns its path there.
func (t *try) create(n int, unit string) string {
	t.Helper()
	if t.made != nil {
		return t.make(n, unit)
	}
	w := t.send("POST", t.api(), asJSON, t.body(t.sample(n, unit)))
	return t.want(w, 201).Header().Get("Location")
}

func (t *try) at() string  { return "/" + t.m.Name }
func (t *try) api() string { return "/api/v1/" + t.m.Plural }

// page is the page of a record whose address for programs is path.
func (t *try) page(path string) string { return t.at() + path[strings.LastIndex(path, "/"):] }

func (t *try) leaves() (n int) {
	ctx := access.With(t.Context(), access.Machine("test", "test"))
	err := t.s.View(ctx, "test", func(q *store.Read) error {
		return q.Leaves(func(*ledger.Leaf) error {
			n++
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
