package app

import (
	"slices"
	"strings"
	"testing"
)

// heights are the floors of docs/ARCHITECTURE.md: a package imports only what
// stands lower than itself. What stands on the same floor does not know of each
// other, so no register imports another.
var heights = map[string]int{
	"content": 0, "content/nordkyst": 0, "web": 0,
	"ref": 0, "i18n": 0, "durable": 0, "clause": 0, "pdf": 0, "unzip": 0,
	"hostile":          0, // only tests know it
	"cmd/vaern-verify": 0, // shares nothing with the writer but docs/ledger.md

	"theme": 1, "nordkyst": 1, // read content
	"term":    1, // knows the glossary
	"problem": 1, "clause/reading": 1,
	"ledger":            1, // keeps its key durably
	"prose":             1, // writes a text as a web page and as a PDF, so it knows pdf
	"web/build":         1,
	"tools/register":    1,
	"tools/bench":       1,
	"test/browser/page": 1,
	"access":            2,
	"sheet":             2,

	"store": 3, "field": 3,

	"filter": 4, "progress": 4, "intake": 4,

	"record": 5, "indicator": 5, "themed": 5,
	"internal/web":    5,
	"store/storetest": 5,
	"mail":            5, "schedule": 5,
	"history": 6, "people": 6, "people/feed": 7,
	"task": 6, "notify": 7,

	"link": 8, "comment": 8, "attach": 8,

	"module": 9, "signin": 9,
	"web/kit": 10, "moduletest": 11,

	"register": 11, // and each register in it

	"readers": 12,
	"policy":  12, // how a document's sentences stand is what it is for, so it knows register/document
	"search":  12,
	"demo":    13,
	"backup":  13,
	"app":     14,

	"cmd/vaern": 15, "test/script": 15, "test/faults": 15,
}

// roomOf is the name in heights of an import path of ours. Two packages are
// called web; the one that serves is internal/web, and kit stands in it.
func roomOf(name string) string {
	name = strings.TrimPrefix(name, "vaern/")
	if name == "internal/web" {
		return name
	}
	return strings.TrimPrefix(name, "internal/")
}

// floorOf is the name in heights that a room stands under: every register has
// the registers' floor, so that a new one needs no line here.
func floorOf(room string) string {
	if strings.HasPrefix(room, "register/") {
		return "register"
	}
	return room
}

func heightOf(room string) (int, bool) {
	height, known := heights[floorOf(room)]
	return height, known
}

func TestPackagesImportOnlyWhatStandsLower(t *testing.T) {
	used := map[string]bool{}
	for _, s := range sources(t) {
		used[floorOf(s.room)] = true
		height, known := heightOf(s.room)
		if !known {
			t.Errorf("%s: the package %s stands on no floor. Put it into heights in layers_test.go, above all that it imports, and into docs/ARCHITECTURE.md.", s.path, s.room)
			continue
		}
		if s.test {
			continue // a test may look down from above
		}
		for _, name := range s.imports() {
			if !strings.HasPrefix(name, "vaern/") {
				continue
			}
			other := roomOf(name)
			if below, ok := heightOf(other); ok && below < height {
				continue
			}
			if strings.HasPrefix(s.room, "register/") && strings.HasPrefix(other, "register/") {
				t.Errorf("%s imports %s: registers never import each other. Take a function in the constructor and let app hand it in, or move what both need below the registers.", s.path, other)
				continue
			}
			t.Errorf("%s: %s (floor %d) imports %s (floor %d). Import only what stands lower: turn it round with a function or an interface that app hands in, or move what both need down.",
				s.path, s.room, height, other, heights[floorOf(other)])
		}
	}
	for room := range heights {
		if !used[room] && room != "test/script" && room != "test/faults" {
			t.Errorf("heights in layers_test.go names %s, which is no package any more. Take it away.", room)
		}
	}
}

// kept are things of the outside world that one package keeps from all others.
var kept = []struct {
	path string
	in   []string
	why  string
}{
	{"database/sql", []string{"store", "store/storetest"}, "only store talks to a database; take a *store.Read or *store.Write"},
	{"modernc.org/sqlite", []string{"store"}, "only store knows which databases there are"},
	{"github.com/jackc/pgx", []string{"store"}, "only store knows which databases there are"},
	{"os/signal", []string{"app"}, "only app knows how the program ends; take a context"},
	{"log/slog", []string{"app", "internal/web"}, "return the error; app and web log it"},
	{"github.com/wneessen/go-mail", []string{"mail"}, "queue a mail through package mail, in the transaction of what it is about"},
	{"github.com/alecthomas/kong", []string{"app"}, "only app knows the commands"},
	{"codeberg.org/go-pdf/fpdf", []string{"pdf"}, "write PDF through package pdf, which tags it"},
}

func TestOutsideWorldIsKeptInOnePackage(t *testing.T) {
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		for _, name := range s.imports() {
			for _, k := range kept {
				if (name == k.path || strings.Contains(k.path, ".") && strings.HasPrefix(name, k.path+"/")) && !slices.Contains(k.in, s.room) {
					t.Errorf("%s imports %s: %s.", s.path, name, k.why)
				}
			}
			first, _, _ := strings.Cut(name, "/")
			if s.room == "cmd/vaern-verify" && (strings.Contains(first, ".") || first == "vaern") {
				t.Errorf("%s imports %s: the verifier is a second opinion, of the standard library alone.", s.path, name)
			}
		}
	}
}
