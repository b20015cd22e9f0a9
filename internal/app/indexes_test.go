package app

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"vaern/internal/module"
	"vaern/internal/policy"
)

var (
	indexMade    = regexp.MustCompile(`CREATE (?:UNIQUE )?INDEX ([a-z_]+)\s+ON ([a-z_]+) \(([^)]*)\)\s*(WHERE)?`)
	indexDropped = regexp.MustCompile(`DROP INDEX ([a-z_]+)`)
)

// indexed are the columns of each index, one after another, by table. One of
// some rows only serves no order.
func indexed(t *testing.T, schemas []module.Module) map[string][]string {
	t.Helper()
	type index struct{ table, columns string }
	made := map[string]index{}
	for _, s := range module.Schemas(schemas) {
		names, err := fs.Glob(s.Files, "*.sql")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			text, err := fs.ReadFile(s.Files, name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range indexDropped.FindAllStringSubmatch(string(text), -1) {
				delete(made, m[1])
			}
			for _, m := range indexMade.FindAllStringSubmatch(string(text), -1) {
				if m[4] == "" {
					made[m[1]] = index{m[2], strings.ReplaceAll(m[3], " ", "")}
				}
			}
		}
	}
	out := map[string][]string{}
	for _, i := range made {
		out[i.table] = append(out[i.table], i.columns)
	}
	return out
}

// TestEverySortHasItsIndex holds every order that a list offers against the
// indexes: the column and the id, and nothing else, so that a page of a long
// list is found without sorting it.
func TestEverySortHasItsIndex(t *testing.T) {
	all := policy.NewEngine(nil, Modules()).Modules
	have := indexed(t, all)
	sorts := 0
	for _, m := range all {
		for _, f := range m.Fields {
			if !f.Sort {
				continue
			}
			sorts++
			want := f.Sorter() + ",id"
			found := false
			for _, columns := range have[m.Name] {
				found = found || columns == want
			}
			if !found {
				t.Errorf("%s can be sorted by %s, and no index serves it: add CREATE INDEX %s_%s ON %s (%s, id); in a new file of the register's schema, or take the word sort from the field",
					m.Name, f.Name, m.Name, f.Name, m.Name, f.Sorter())
			}
		}
	}
	if sorts < 40 {
		t.Errorf("only %d sorts were looked at", sorts)
	}
}
