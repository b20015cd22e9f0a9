package app

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/module"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/web"
)

var write = flag.Bool("write", false, "write testdata/rights.txt anew")

const rightsFile = "testdata/rights.txt"

// rightsHead says how the table is read.
const rightsHead = `# Who may use which way into the program. Written by TestRights: go test ./internal/app -run TestRights -args -write
# Each person has the role of the column, everybody is an employee as well, and - is nobody. The role reaches one unit; a record
# is tried there and in another unit.
#   .     refused          yes   may, in the own unit; no record is named
#   own   in the own unit; elsewhere it looks as if nothing were there
#   all   in every unit    ?     may, and there is no such record to try
#   form  what is sent from elsewhere is read before it is asked where; an empty form says what is lacking
`

// TestRights tries every way into the program as every role, and compares what
// is so with the table that people have read and agreed to.
func TestRights(t *testing.T) {
	if testing.Short() {
		t.Skip("filling the demo takes seconds")
	}
	all, err := furnish(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(all.close)
	got := rightsHead + (&bench{T: t, in: all.full.town}).table()
	if *write {
		if err := errors.Join(os.MkdirAll(filepath.Dir(rightsFile), 0o755), os.WriteFile(rightsFile, []byte(got), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(rightsFile)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	have := strings.Split(string(want), "\n")
	for _, line := range strings.Split(got, "\n") {
		if !slices.Contains(have, line) {
			t.Errorf("now: %s", line)
		}
	}
	for _, line := range have {
		if !slices.Contains(strings.Split(got, "\n"), line) {
			t.Errorf("was: %s", line)
		}
	}
	t.Error("Rights have changed. If they should, run: go test ./internal/app -run TestRights -args -write, and read the difference.")
}

// bench tries ways in.
type bench struct {
	*testing.T
	in *town
	someone
	site *web.Site
	at   *addresses
}

// far is a unit with nothing in it.
const far = "far"

func (b *bench) table() string {
	b.settleFar()
	b.site, _ = new(serve).hang(b.in, b.who)
	b.at = b.in.addresses()
	routes := slices.Clone(b.site.Routes())
	slices.SortFunc(routes, func(x, y web.Route) int {
		mx, px, _ := strings.Cut(x.Pattern, " ")
		my, py, _ := strings.Cut(y.Pattern, " ")
		return cmp.Or(cmp.Compare(px, py), cmp.Compare(mx, my))
	})
	var out strings.Builder
	columns := append(slices.Clone(module.Everyone), "-")
	fmt.Fprintf(&out, "%-58s", "")
	for _, role := range columns {
		fmt.Fprintf(&out, " %-4.4s", string(role))
	}
	out.WriteString("\n")
	for _, r := range routes {
		fmt.Fprintf(&out, "%-58s", r.Pattern)
		for _, role := range columns {
			fmt.Fprintf(&out, " %-4s", b.cell(r, role))
		}
		out.WriteString("\n")
	}
	out.WriteString(whoseHead + b.whoseTable(routes))
	out.WriteString(modelHead + b.modelTable())
	return trailing.ReplaceAllString(out.String(), "\n")
}

var trailing = regexp.MustCompile(` +\n`)

func (b *bench) settleFar() {
	err := b.in.Change(b.in.all(b.Context()), store.Intent{Verb: "test.settle", Need: "test"}, func(w *store.Write) error {
		return people.Units.Add(w, &people.Unit{Head: record.Head{ID: far, Unit: people.Top}, Number: far, Name: "Afsides", Kind: "department"})
	})
	if err != nil {
		b.Fatal(err)
	}
}

// as lets somebody act whose role reaches one unit and what is below it.
func (b *bench) as(role access.Role, unit string) {
	b.Actor = access.Actor{}
	if role == "-" {
		return
	}
	b.Actor = access.Actor{ID: "test-" + string(role), Name: string(role), May: map[access.Permission]access.Reach{}}
	for _, p := range b.in.roles[access.Holder] {
		b.May[p] = access.Reach{}
	}
	for _, p := range b.in.roles[role] {
		b.May[p] = access.Reach{Tops: []string{unit}}
	}
	for _, p := range b.in.roles[access.Employee] {
		b.May[p] = access.Reach{Whole: true}
	}
}

// cell says what a role may by a way in. Who lacks the permission is refused in
// fact; who has it looks in fact, and changes only what is out of reach.
func (b *bench) cell(r web.Route, role access.Role) string {
	method, pattern, _ := strings.Cut(r.Pattern, " ")
	path, real, err := b.at.of(b.Context(), pattern)
	if err != nil {
		b.Fatal(err)
	}
	b.as(role, people.Top)
	may := r.Need == web.Public || b.ID != "" && (r.Need == web.SignedIn || b.Can(r.Need))
	if !may {
		if code := b.code(method, path); !turnedAway(code) {
			b.Errorf("%s as %s: %d without the permission %s", r.Pattern, role, code, r.Need)
		}
		return "."
	}
	if r.Need == web.Public && !looks(method) {
		return "yes" // the door itself
	}
	own := http.StatusOK
	if looks(method) {
		own = b.code(method, path)
	}
	if own == http.StatusForbidden || own == http.StatusUnauthorized {
		return "." // another permission is needed inside
	}
	switch {
	case !strings.Contains(pattern, "{") || strings.HasSuffix(pattern, "{$}"):
		return "yes"
	case !real || own == http.StatusNotFound:
		return "?"
	}
	b.as(role, far)
	switch b.code(method, path) {
	case http.StatusNotFound, http.StatusForbidden:
		return "own"
	case http.StatusUnprocessableEntity:
		return "form"
	}
	return "all"
}

func looks(method string) bool { return method == http.MethodGet }

func turnedAway(code int) bool {
	return slices.Contains([]int{http.StatusForbidden, http.StatusUnauthorized, http.StatusSeeOther}, code)
}

// code is what a way in answers; what is sent is as little as can be read.
func (b *bench) code(method, path string) int {
	body, kind := "", ""
	switch {
	case method == http.MethodGet:
	case strings.HasPrefix(path, "/api/"):
		body, kind = "{}", "application/json"
	default:
		body, kind = "x=1", "application/x-www-form-urlencoded"
	}
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	r.Header.Set("If-Match", `"1000"`)
	w := httptest.NewRecorder()
	b.site.ServeHTTP(w, r)
	return w.Code
}
