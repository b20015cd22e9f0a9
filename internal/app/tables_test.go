package app

import (
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	tableMade  = regexp.MustCompile(`CREATE (?:TABLE|VIEW) (?:IF NOT EXISTS )?([a-z_]+)`)
	tableNamed = regexp.MustCompile(`\b(?:(?:(DISTINCT) )?FROM|JOIN|INTO|UPDATE|REFERENCES)\s+([a-z_]+)`)
	tableAlias = regexp.MustCompile(`(?:WITH(?: RECURSIVE)?|,)\s+([a-z_]+)(?:\s*\([^)]*\))?\s+AS\s+\(`)
)

// tablesIn are the tables and views that the schema files of a package make.
func tablesIn(t *testing.T, room string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, "internal", room, "schema", "*.sql"))
	if err != nil {
		t.Fatal(err)
	}
	made := map[string]bool{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range tableMade.FindAllStringSubmatch(string(text), -1) {
			made[m[1]] = true
		}
	}
	return made
}

// named are the tables that a text of SQL reads or writes.
func named(sql string) (out []string) {
	alias := map[string]bool{}
	for _, m := range tableAlias.FindAllStringSubmatch(sql, -1) {
		alias[m[1]] = true
	}
	for _, m := range tableNamed.FindAllStringSubmatch(sql, -1) {
		if m[1] == "" && !alias[m[2]] {
			out = append(out, strings.TrimSuffix(m[2], "_history"))
		}
	}
	return out
}

func TestNamedFindsTheTablesOfAStatement(t *testing.T) {
	for sql, want := range map[string][]string{
		`SELECT a FROM rule r JOIN holding h ON h.a = r.b`:         {"rule", "holding"},
		`UPDATE unit SET a = 1`:                                    {"unit"},
		`INSERT INTO unit_under (a) VALUES (1)`:                    {"unit_under"},
		`DELETE FROM theme_link`:                                   {"theme_link"},
		`SELECT met FROM measure_history`:                          {"measure"},
		`WITH newest AS (SELECT a FROM body) SELECT a FROM newest`: {"body"},
		`SELECT a IS DISTINCT FROM b FROM office`:                  {"office"},
		`unit TEXT REFERENCES unit (id)`:                           {"unit"},
		`Rows come from many places`:                               nil,
	} {
		if got := named(sql); !slices.Equal(got, want) {
			t.Errorf("%s names %v, want %v", sql, got, want)
		}
	}
}

// TestSQLNamesOnlyItsOwnTables holds registers apart where the compiler cannot
// see it: in their SQL.
func TestSQLNamesOnlyItsOwnTables(t *testing.T) {
	kernel := tablesIn(t, "store")
	maps.Copy(kernel, tablesIn(t, "people"))
	rooms := map[string]map[string]bool{"policy": tablesIn(t, "policy"), "signin": {}, "demo": {}}
	for _, room := range []string{"mail", "notify", "task", "schedule", "link", "comment", "attach"} {
		rooms[room] = tablesIn(t, room)
	}
	found, err := filepath.Glob(filepath.Join(root, "internal", "register", "*"))
	if err != nil || len(found) < 4 {
		t.Fatalf("found the registers %v: %v", found, err)
	}
	for _, f := range found {
		room := "register/" + filepath.Base(f)
		rooms[room] = tablesIn(t, room)
	}
	refuse := func(where, room, table string) {
		if !kernel[table] && !rooms[room][table] && !strings.HasPrefix(table, "pub_") {
			t.Errorf("%s: %s reads or writes the table %q of another register. Read its pub_%s, or add a column to that view; or let app hand in a function of the register that owns it.", where, room, table, table)
		}
	}
	statements := 0
	for _, s := range sources(t) {
		if _, ok := rooms[s.room]; !ok || s.test {
			continue
		}
		s.texts(func(line int, text string) {
			for _, table := range named(text) {
				statements++
				refuse(s.path, s.room, table)
			}
		})
	}
	if statements < 50 {
		t.Errorf("only %d tables are named in all registers: this test does not see the SQL", statements)
	}
	err = walk(func(name string) error {
		room := strings.TrimPrefix(path.Dir(path.Dir(name)), "internal/")
		if _, ok := rooms[room]; !ok || path.Ext(name) != ".sql" {
			return nil
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		for _, table := range named(string(text)) {
			refuse(name, room, table)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestKitNamesNoRegister keeps what serves every register from a branch for
// one of them. The kernel's own kinds (units, people, bodies) are no registers.
func TestKitNamesNoRegister(t *testing.T) {
	var names []string
	for _, m := range Modules() {
		if !tablesIn(t, "people")[m.Name] && !m.Hangs { // what hangs on every kind is the kit's to show
			names = append(names, m.Name)
		}
	}
	if len(names) < 5 {
		t.Fatalf("only the registers %v", names)
	}
	speaks := regexp.MustCompile(`^/?(` + strings.Join(names, "|") + `)([./].*)?$`)
	for _, s := range sources(t) {
		if s.test || !slices.Contains([]string{"web/kit", "record", "internal/web", "history", "store", "field", "module", "indicator"}, s.room) {
			continue
		}
		s.texts(func(line int, text string) {
			if speaks.MatchString(text) {
				t.Errorf("%s:%d names the register in %q. What serves every register knows none: add what differs to the declaration (kit.Register, module.Module) and let the register say it.", s.path, line, text)
			}
		})
	}
}
