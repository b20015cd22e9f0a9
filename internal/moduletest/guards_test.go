package moduletest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/module"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

// ruins are registers that are broken in one way each.
var ruins = []broken{
	{"a record's page has no heading", on("GET", "/thing/*", saying("<h1>", "<h2>")), []string{"create and find"}},
	{"a demand is left out of a form", on("POST", "/thing", sending("number=&", "number=uden&")), []string{"required fields are marked and nothing is lost"}},
	{"a mistake takes the place of the help", on("POST", "/thing", saying(`number-error number-help"`, `number-error"`)), []string{"required fields are marked and nothing is lost"}},
	{"a form overwrites what is newer", on("POST", aThing, newest),
		[]string{"a change needs the newest version", "changes of different fields meet, of the same one ask"}},
	{"a form makes records for everybody", on("POST", "/thing", allowed("thing.create")),
		[]string{"every verb needs its permission", "each role may do what it carries and nothing else"}},
	{"a role may open a form that it may not send", on("GET", "/thing/*/edit", allowed("thing.edit")),
		[]string{"each role may do what it carries and nothing else"}},
	{"a page offers to change what may only be seen", on("GET", aThing, acting(func(a *access.Actor) { a.May["thing.edit"] = a.May["thing.see"] })),
		[]string{"no page offers what would be refused"}},
	{"a page forgets the scope", on("GET", aThing, everywhere),
		[]string{"outside the scope nothing exists", "each role may do what it carries and nothing else", "no page offers what would be refused", keptRule}},
	{"the list of programs forgets the scope", on("GET", "/api/v1/things", everywhere),
		[]string{"outside the scope nothing exists", "a filter finds what a record has", importRule, keptRule}},
	{"a page shows what is sensitive", on("GET", "/thing/*/versions", allowed("thing.sensitive")), []string{"what is sensitive is for those who may see it"}},
	{"a picker forgets the scope", on("GET", "/pick/thing", everywhere), []string{"its number finds it where it is picked"}},
	{"a picker does not hear what is typed", on("GET", "/pick/thing", without("field", "")), []string{"its number finds it where it is picked"}},
	{"the last page comes too early", on("GET", "/api/v1/things", answering(firstPageOnly)), []string{"pages are whole in every order", "a page belongs to its list"}},
	{"a page writes", on("GET", aThing, writing), []string{"a GET leaves no trace, a change leaves one leaf", keptRule}},
	{"a spreadsheet is stored before it is confirmed", on("POST", "/thing/import/file/*/columns", confirming), []string{importRule, knownRule}},
	{"a spreadsheet is not one's own", on("GET", "/thing/import/file/*", acting(func(a *access.Actor) { a.ID = "anna" })), []string{importRule}},
	{"who only looks hands in spreadsheets", on("GET", "/thing/import", allowed("thing.create")), []string{importRule}},
	{"an import is not taken back", on("POST", "/thing/import/file/*/undo", silent), []string{importRule, knownRule}},
	{"what something builds on is undone", on("GET", "/thing/import/file/*", saying("kan ikke fortrydes", "er fortrudt")), []string{knownRule}},
	{"which row counts is not asked", on("GET", "/thing/import/file/*", saying("Hvilken gælder", "Den første gælder")), []string{knownRule}},
	{"what a row changes is not shown", on("GET", "/thing/import/file/*", saying("<ins>", "<em>")), []string{knownRule}},
	{"a download forgets the scope", on("GET", "/thing/export", everywhere), []string{exportRule}},
	{"a download forgets the filter", on("GET", "/thing/export", without("filter", "")), []string{exportRule}},
	{"a download forgets the order", on("GET", "/thing/export", without("sort", "")), []string{exportRule}},
	{"a download has columns of its own", on("GET", "/thing/export", without("columns", "")), []string{exportRule}},
	{"a download writes", on("GET", "/thing/export", writing), []string{exportRule}},
	{"history has no reasons", on("GET", "/thing/*", saying("fordi", "uden")), []string{"history tells what was so"}},
	{"a filter is not turned round", on("GET", "/api/v1/things", without("filter", "not (")), []string{"a filter finds what a record has"}},
	{"a list has more than what is late", on("GET", "/api/v1/things", without("filter", "day before today")), []string{"what is late is counted as its list shows it"}},
	{"a clicked filter forgets the search", on("GET", "/thing", saying(`<input type="hidden" name="q" value="ordet">`, "")), []string{"a filter is clicked and narrows the list"}},
	{"a cursor forgets the search", on("GET", "/api/v1/things", cursorAlone), []string{"a page belongs to its list"}},
	{"chosen columns are not heard", on("GET", "/thing", without("columns", "no_such")), []string{"columns are those that were chosen", exportRule}},
	{"a view of one's own is everybody's", on("GET", "/thing", acting(func(a *access.Actor) { a.ID = strings.Replace(a.ID, "bo", "anna", 1) })), []string{"a list is kept under a name"}},
	{"many are changed beyond the scope", on("POST", "/thing/bulk", everywhere), []string{"several are changed as was shown"}},
	{"a preview saves", on("POST", "/thing/bulk", sending("step=preview", "step=save&reason=x")), []string{"several are changed as was shown"}},
	{"a parameter with a slip gives everything", on("GET", "/api/v1/things", without("soort", "")), []string{"programs are answered as the standards say"}},
	{"what cannot be read fails inside", on("POST", "/api/v1/things", failing), []string{"what cannot be read changes nothing", "programs are answered as the standards say"}},
	{"any kind of body is taken for JSON", on("POST", "/api/v1/things", reading(func(r *http.Request) { r.Header.Set("Content-Type", asJSON) })),
		[]string{"what cannot be read changes nothing"}},
	{"a program says who changed it", on("POST", "/api/v1/things", sending(`"updated_by":`, `"note":`)), []string{"nobody sets what no form has"}},
	{"a form takes what it does not have", on("POST", "/thing", sending("updated_by=", "note=")), []string{"nobody sets what no form has"}},
	{"a weak tag is taken for a strong one", on("PATCH", "/api/v1/things/*", reading(func(r *http.Request) {
		if tag, weak := strings.CutPrefix(r.Header.Get("If-Match"), "W/"); weak {
			r.Header.Set("If-Match", tag)
		}
	})), []string{"a program changes the version it names"}},
	{"what is sent again is done again", on("POST", "/api/v1/things", reading(func(r *http.Request) { r.Header.Del("Idempotency-Key") })), []string{"what is sent again is done once"}},
	{"all or nothing becomes some", on("POST", "/api/v1/things/bulk", sending(`"atomic":true`, `"atomic":false`)), []string{"many at once are answered each", "nobody sets what no form has"}},
	{"a program that may only look changes", on("PATCH", "/api/v1/things/*", acting(func(a *access.Actor) { a.Reads = false })), []string{"who may only look changes nothing"}},
	{"a clash is always mine to win", on("POST", "/thing/*", sending("=theirs", "=mine")), []string{"changes of different fields meet, of the same one ask"}},
	{"nothing is taken back", on("POST", "/thing/*/undo", sending("version=2", "version=1")), []string{"a change can be taken back"}},
	{"a day in the past shows today", on("GET", "/thing/*", without("as_of", "")), []string{"it has a past"}},
	{"a link goes beyond the scope", on("POST", "/on/thing/*/link", everywhere), []string{"links hold both ways, each end for who sees it"}},
	{"a file may run as a page", on("GET", "/on/thing/*/file/*", answering(func(w *httptest.ResponseRecorder, body string) string {
		w.Header().Del("Content-Security-Policy")
		return body
	})), []string{"files come down as they went up, and only for who sees them", "a file is what it is and is called so"}},
	{"a file is called as its sender says", on("GET", "/on/thing/*/file/*", answering(func(w *httptest.ResponseRecorder, body string) string {
		if says := w.Header().Get("Content-Disposition"); strings.Contains(says, "_con") {
			w.Header().Set("Content-Disposition", strings.Replace(says, "_con", "con", 1))
		}
		return body
	})), []string{"a file is what it is and is called so"}},
	{"anybody corrects a comment", on("POST", "/on/thing/*/comment/*", acting(func(a *access.Actor) { a.ID = "anna" })), []string{"comments mention, are corrected and withdrawn"}},
	{"each row asks the database", on("GET", "/thing", askingByRow), []string{"a page's statements do not grow with its rows"}},
	{"what is kept can be made by a form", on("POST", "/thing", whereKept(200)), []string{keptRule}},
}

const (
	keptRule   = "what is kept is read, and made by no form"
	importRule = "a spreadsheet is tried, stored and undone"
	knownRule  = "a row that is known changes what is there"
	exportRule = "a list is downloaded as it is shown"
)

// aThing is the address of a record, not of a page of the register.
const aThing = "/thing/*-*"

// confirming goes on where a person is asked first.
func confirming(t *try, w http.ResponseWriter, r *http.Request) {
	t.site.ServeHTTP(w, r)
	t.site.Work.Wait()
	at := strings.TrimSuffix(r.URL.Path, "columns") + "save"
	t.site.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", at, nil))
	t.site.Work.Wait()
}

// silent does nothing and says that it did.
func silent(_ *try, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusSeeOther) }

// whereKept answers so where no form makes records.
func whereKept(code int) glass {
	return func(t *try, w http.ResponseWriter, r *http.Request) {
		if !t.m.Kept {
			t.site.ServeHTTP(w, r)
			return
		}
		w.WriteHeader(code)
	}
}

// firstPageOnly says of a list in falling order that there is no more.
func firstPageOnly(w *httptest.ResponseRecorder, body string) string {
	before, _, ok := strings.Cut(body, `"next":"`)
	if !ok || w.Code != 200 {
		return body
	}
	return before + `"next":""}`
}

// writing leaves a leaf when a record's page is opened.
func writing(t *try, w http.ResponseWriter, r *http.Request) {
	ctx := access.With(t.Context(), access.Machine("test", "test"))
	err := t.s.Change(ctx, store.Intent{Verb: "test.look", Need: "test"}, func(w *store.Write) error {
		b := people.Body{Head: record.Head{Unit: "b"}, Name: "Besøg " + w.NewID(), Kind: people.Committee}
		return people.Bodies.Add(w, &b)
	})
	if err != nil {
		t.Error(err)
	}
	t.site.ServeHTTP(w, r)
}

// cursorAlone forgets what else a list was asked for.
func cursorAlone(t *try, w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("cursor") == "" {
		t.site.ServeHTTP(w, r)
		return
	}
	without("q", "")(t, w, r)
}

// failing fails inside on what is no JSON.
func failing(t *try, w http.ResponseWriter, r *http.Request) {
	if r.ContentLength == 1 {
		http.Error(w, "unexpected end of JSON input", http.StatusInternalServerError)
		return
	}
	t.site.ServeHTTP(w, r)
}

// askingByRow asks once more for each row of a list.
func askingByRow(t *try, w http.ResponseWriter, r *http.Request) {
	answering(func(_ *httptest.ResponseRecorder, body string) string {
		for range strings.Count(body, `href="/thing/`) {
			var n int
			err := t.s.Peek(t.Context(), func(q *store.Read) error { return q.Row(`SELECT count(*) FROM thing`, nil, &n) })
			if err != nil {
				t.Error(err)
			}
		}
		return body
	})(t, w, r)
}

// listener hears what a rule says, instead of the test that tries it.
type listener struct {
	testing.TB
	failed bool
	said   []string
}

func (l *listener) Helper()             {}
func (l *listener) Log(...any)          {}
func (l *listener) Logf(string, ...any) {}
func (l *listener) Failed() bool        { return l.failed }
func (l *listener) Fail()               { l.failed = true }
func (l *listener) FailNow()            { l.failed = true; runtime.Goexit() }
func (l *listener) Error(args ...any)   { l.Errorf("%s", fmt.Sprint(args...)) }
func (l *listener) Errorf(f string, args ...any) {
	l.failed = true
	l.said = append(l.said, fmt.Sprintf(f, args...))
}
func (l *listener) Fatal(args ...any)            { l.Error(args...); runtime.Goexit() }
func (l *listener) Fatalf(f string, args ...any) { l.Errorf(f, args...); runtime.Goexit() }
func (l *listener) Skip(...any)                  { runtime.Goexit() }
func (l *listener) Skipf(string, ...any)         { runtime.Goexit() }
func (l *listener) SkipNow()                     { runtime.Goexit() }

// settled is a database in which the units are settled, to be copied: making
// one anew for each of a thousand tries takes a minute.
func settled(t *testing.T) []byte {
	m := thing(false)
	name := filepath.Join(t.TempDir(), "t.db")
	s := storetest.Open(t, name, module.Schemas([]module.Module{m})...)
	tr := &try{TB: t, m: m, s: s}
	tr.point()
	tr.settle()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// hears runs one rule on a register behind a glass and says what it complained of.
func hears(t *testing.T, data []byte, r rule, through glass) *listener {
	t.Helper()
	m := thing(r.name == keptRule)
	l := &listener{TB: t}
	name := filepath.Join(t.TempDir(), "t.db")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), name, storetest.Clock(), module.Schemas([]module.Module{m})...)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	done := make(chan struct{})
	go func() {
		defer close(done)
		tr := &try{TB: l, m: m, s: s}
		if m.Kept {
			tr.made = madeThing
		}
		tr.point()
		tr.hang()
		if through != nil {
			tr.front = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { through(tr, w, r) })
		}
		r.try(tr)
	}()
	<-done
	return l
}

// TestEveryRuleSeesWhatItIsFor breaks a good register in one way after another:
// the rules that are meant to see it do, and no others.
func TestEveryRuleSeesWhatItIsFor(t *testing.T) {
	data := settled(t)
	for _, r := range rules {
		if l := hears(t, data, r, nil); l.failed {
			t.Fatalf("%s complains of a good register: %v", r.name, l.said)
		}
		if !slices.ContainsFunc(ruins, func(b broken) bool { return b.seen[0] == r.name }) {
			t.Errorf("no register is broken so that %q sees it. Break one in ruins.", r.name)
		}
	}
	for _, b := range ruins {
		t.Run(b.how, func(t *testing.T) {
			for _, r := range rules {
				if meant := slices.Contains(b.seen, r.name); meant || !testing.Short() {
					if l := hears(t, data, r, b.by); l.failed != meant {
						t.Errorf("%q complains: %v, want %v: %.300v", r.name, l.failed, meant, l.said)
					}
				}
			}
		})
	}
}
