package app

import (
	"cmp"
	"database/sql"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"vaern/internal/demo"
)

// mostStatements is what a page may ask the database, the numbers in its menu
// included; who is asking takes three more.
const mostStatements = 10

// hears returns what a page sends to the database.
func (r *room) hears(e exhibit) (said []string, code int) {
	r.Hear = func(statement string, _ []any) { said = append(said, strings.Join(strings.Fields(statement), " ")) }
	defer func() { r.Hear = nil }()
	code = r.ask(e.As, "da", e.Path, nil).Code
	return said, code
}

// asGuests lets the demo's guests into a town.
func asGuests(t *testing.T, in *town) *room {
	t.Helper()
	r := &room{town: in}
	if err := r.hang(t.Context(), demo.Guests(today())); err != nil {
		t.Fatal(err)
	}
	return r
}

// statementsAreFew counts the statements of every page that the demo has, then
// makes four of everything and counts again: a page sends few, and no more when
// there is more on it. Nothing fits afterwards, so it is the last to look.
func statementsAreFew(t *testing.T, in *town, at string) {
	if engineOf(at) != "sqlite" {
		t.Skip("the statements are the same on every database")
	}
	r := asGuests(t, in)
	pages, _, err := r.open(t.Context(), "filled")
	if err != nil {
		t.Fatal(err)
	}
	pages = append(pages, exhibit{"/search", "filled", r.guests[0].Mail, "/search?q=adgang", nil})
	if len(pages) < 100 {
		t.Fatalf("only %d pages are open to somebody", len(pages))
	}
	before := map[string][]string{}
	for _, e := range pages {
		said, _ := r.hears(e)
		if before[e.Path] = said; len(said) > mostStatements {
			t.Errorf("%s sends %d statements, more than %d. Join, or ask for all rows at once:\n%s", e.Path, len(said), mostStatements, strings.Join(said, "\n"))
		}
	}
	fourfold(t, at)
	for _, e := range pages {
		said, code := r.hears(e)
		if code != http.StatusOK {
			t.Errorf("%s answers %d when there is four times as much", e.Path, code)
		}
		if was := before[e.Path]; len(said) > len(was)+1 { // one for what was not there at all
			t.Errorf("%s sends %d statements, and %d when there is four times as much. Most often: %s", e.Path, len(was), len(said), oftenest(said))
		}
	}
	most := slices.MaxFunc(pages, func(a, b exhibit) int { return cmp.Compare(len(before[a.Path]), len(before[b.Path])) })
	t.Logf("%d pages; the most statements are %d, on %s", len(pages), len(before[most.Path]), most.Pattern)
}

// oftenest is the statement that was sent most often.
func oftenest(said []string) (most string) {
	times := map[string]int{}
	for _, s := range said {
		if times[s]++; times[s] > times[most] {
			most = s
		}
	}
	return fmt.Sprintf("%d × %s", times[most], most)
}

// fourfold makes three copies of every row: with another id, so that every list
// grows, and pointing where the row points, so that every record has four times
// as much that hangs on it.
func fourfold(t *testing.T, at string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+at+"?_pragma=busy_timeout(5000)&_pragma=synchronous(off)&_pragma=cache_size(-64000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	names := column(t, db, `SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE TABLE%' AND name NOT LIKE '%\_history' ESCAPE '\'
		AND name NOT LIKE 'ledger%' AND name NOT LIKE 'work%' AND name NOT LIKE 'search%' AND name NOT IN ('schema_applied', 'attachment_content')`)
	grown := 0
	for _, name := range names {
		columns := column(t, db, `SELECT name FROM pragma_table_info('`+name+`')`)
		key := keys(t, db, name)
		if len(key) == 0 {
			continue
		}
		as := slices.Clone(columns)
		for i, c := range columns {
			if slices.Contains(key, c) {
				as[i] = fmt.Sprintf(`CASE WHEN %s <> '' THEN %s || copy.n ELSE %s END`, c, c, c)
			}
		}
		done, err := db.Exec(`INSERT OR IGNORE INTO ` + name + ` (` + strings.Join(columns, ", ") + `) SELECT ` + strings.Join(as, ", ") +
			` FROM ` + name + `, (SELECT '~1' AS n UNION SELECT '~2' UNION SELECT '~3') AS copy WHERE true`)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if made, _ := done.RowsAffected(); made > 0 {
			grown++
		}
	}
	if grown < 20 {
		t.Fatalf("only %d tables grew of %v", grown, names)
	}
}

// keys are the columns that must differ in a copy of a row: the id and what
// else is there once, or the last of a longer key that is no day.
func keys(t *testing.T, db *sql.DB, name string) []string {
	key := column(t, db, `SELECT name FROM pragma_table_info('`+name+`') WHERE pk > 0 AND type = 'TEXT' AND name <> 'starts' ORDER BY pk DESC`)
	if len(key) > 1 {
		key = key[:1]
	}
	for _, index := range column(t, db, `SELECT name FROM pragma_index_list('`+name+`') WHERE "unique" = 1 AND origin <> 'pk'`) {
		if of := column(t, db, `SELECT name FROM pragma_index_info('`+index+`')`); len(of) == 1 {
			key = append(key, of[0])
		}
	}
	return key
}

func column(t *testing.T, db *sql.DB, query string) (out []string) {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatalf("%v in %s", err, query)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
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
