package app

import (
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// How large a piece of code may be before nobody sees it whole.
const (
	mostLines      = 400
	mostInFunction = 60
	mostParameters = 5
)

// larger are the pieces that may be larger, and why.
var larger = map[string]string{
	"internal/web/page.go Show":                                                        "what every handler has at hand; a struct would say the same names twice",
	"internal/register/document/page_edit.go editForm":                                 "a form is shown as it was, with what was typed and what was wrong with it",
	"internal/web/kit/kit_test.go TestWhoOpensASensitiveRecordIsRecordedAndNobodyElse": "a register that there is only in the test, and what happens to it in order",
	"internal/demo/demo.go each":                                                       "generic, so no method of the seeder; the seeder and its context are two of the six",
	"test/faults/kill_test.go TestKilledAtAnyMoment":                                   "one story in its order: load, kill, look, again; what is looked at has its own functions",
	"test/faults/nodes_test.go TestTwoNodes":                                           "one story in its order: two nodes, each killed in turn, and what the other did",
	"test/faults/together_test.go TestTwoPeopleOnOneRecord":                            "one story in its order: two people, by page and by program, on one record",
}

// TestCodeStaysSmall keeps files, functions and parameter lists within what a
// person sees at once.
func TestCodeStaysSmall(t *testing.T) {
	met := map[string]bool{}
	tooMuch := func(what, measure string, n, most int) {
		if n <= most {
			return
		}
		if met[what] = true; larger[what] == "" {
			t.Errorf("%s has %d %s, more than %d. Find the noun that hides in it and take that out; if there is none, name it with a reason in larger in source_test.go.", what, n, measure, most)
		}
	}
	for _, s := range sources(t) {
		tooMuch(s.path, "lines", s.lines, mostLines)
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			name := s.path + " " + f.Name.Name
			tooMuch(name, "lines", fset.Position(f.End()).Line-fset.Position(f.Pos()).Line+1, mostInFunction)
			tooMuch(name, "parameters", f.Type.Params.NumFields(), mostParameters)
		}
	}
	for what := range larger {
		if !met[what] {
			t.Errorf("larger in source_test.go names %s, which is small enough. Take it away.", what)
		}
	}
}

func TestOnlyAppReadsTheClock(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || s.room == "app" || s.room == "web/build" || strings.HasPrefix(s.path, "cmd/") || strings.HasSuffix(s.path, "store/silence.go") {
			continue // silence.go: the deadline of a connection is the machine's time, not the municipality's
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if x, ok := n.(*ast.SelectorExpr); ok && isName(x.X, "time") && slices.Contains([]string{"Now", "Since", "Until"}, x.Sel.Name) {
				t.Errorf("%s: time.%s. Take the day or the instant as an argument, or q.Today and q.Now from the store: there is one clock.", fset.Position(x.Pos()), x.Sel.Name)
			}
			return true
		})
	}
}

func isName(x ast.Expr, name string) bool {
	id, ok := x.(*ast.Ident)
	return ok && id.Name == name
}

// saysNothing are names of packages that hold anything.
var saysNothing = []string{"util", "utils", "common", "helper", "helpers", "types", "models", "misc", "shared", "base"}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	said := map[string]int{}
	begins := regexp.MustCompile(`^(Package|Command) \S+ \S`)
	for _, s := range sources(t) {
		if slices.Contains(saysNothing, s.file.Name.Name) {
			t.Errorf("%s: a package called %s can hold anything. Name it after what it keeps or does.", s.path, s.file.Name.Name)
		}
		if s.test {
			continue
		}
		dir := path.Dir(s.path)
		said[dir] += 0
		if s.file.Doc == nil {
			continue
		}
		said[dir]++
		if !begins.MatchString(s.file.Doc.Text()) {
			t.Errorf("%s: begin the package comment with “Package %s …”.", s.path, s.file.Name.Name)
		}
	}
	for dir, n := range said {
		if n != 1 {
			t.Errorf("%s has %d package comments, want one: what it keeps or does, in a sentence.", dir, n)
		}
	}
}

// spoken are methods that other packages demand, whose meaning their interface says.
var spoken = []string{"String", "Error", "Unwrap", "Len", "Less", "Swap", "Read", "Write", "Close", "ServeHTTP", "Scan", "Value", "MarshalJSON", "UnmarshalJSON"}

// TestEveryExportedNameHasASentence holds what other packages may use to being
// explained where it is declared.
func TestEveryExportedNameHasASentence(t *testing.T) {
	lacks := func(at token.Pos, name string) {
		t.Errorf("%s: %s is exported and says nothing of itself. Write what it is in a sentence above it, or do not export it.", fset.Position(at), name)
	}
	for _, s := range sources(t) {
		if s.test || s.file.Name.Name == "main" {
			continue
		}
		for _, d := range s.file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Doc == nil && d.Name.IsExported() && receiverExported(d) && !slices.Contains(spoken, d.Name.Name) {
					lacks(d.Pos(), d.Name.Name)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if name := silent(d, spec); name != nil {
						lacks(name.Pos(), name.Name)
					}
				}
			}
		}
	}
}

// silent is the first exported name of a declaration that nothing explains:
// not a comment of its own, nor that of its group.
func silent(d *ast.GenDecl, spec ast.Spec) *ast.Ident {
	if d.Doc != nil {
		return nil
	}
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		if spec.Name.IsExported() && spec.Doc == nil {
			return spec.Name
		}
	case *ast.ValueSpec:
		for _, name := range spec.Names {
			// A constant of a type that has its own sentence is one of its values,
			// and so is what follows iota.
			if name.IsExported() && spec.Doc == nil && spec.Comment == nil && spec.Type == nil && len(spec.Values) > 0 {
				return name
			}
		}
	}
	return nil
}

func receiverExported(f *ast.FuncDecl) bool {
	if f.Recv == nil {
		return true
	}
	x := f.Recv.List[0].Type
	for {
		switch y := x.(type) {
		case *ast.StarExpr:
			x = y.X
		case *ast.IndexExpr:
			x = y.X
		case *ast.IndexListExpr:
			x = y.X
		case *ast.Ident:
			return y.IsExported()
		default:
			return false
		}
	}
}
