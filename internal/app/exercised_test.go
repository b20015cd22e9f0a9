package app

import (
	"go/ast"
	"path"
	"testing"
)

// TestEveryRegisterIsExercised finds declared registers that no test holds to
// what a register promises.
func TestEveryRegisterIsExercised(t *testing.T) {
	declared, exercised := map[string]int{}, map[string]int{}
	for _, s := range sources(t) {
		dir := path.Dir(s.path)
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			f, ok := call.Fun.(*ast.SelectorExpr)
			switch {
			case !ok:
			case !s.test && isName(f.X, "kit") && f.Sel.Name == "Module":
				declared[dir]++
			case s.test && isName(f.X, "moduletest") && f.Sel.Name == "Exercise":
				exercised[dir]++
			case s.test && isName(f.X, "moduletest") && f.Sel.Name == "ExerciseAll":
				exercised[dir] += 1000 // all that the package declares
			}
			return true
		})
	}
	if len(declared) < 7 {
		t.Fatalf("registers are declared only in %v: this test looks for kit.Module in vain", declared)
	}
	for dir, n := range declared {
		if exercised[dir] < n {
			t.Errorf("%s declares %d registers and its tests exercise %d. Write moduletest.Exercise(t, Module()), or moduletest.ExerciseAll(t, Modules(), nil); say a moduletest.Example of each field whose values must fit.", dir, n, exercised[dir])
		}
	}
}
