package app

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// source is one Go file of the house.
type source struct {
	path  string // from the root, with slashes
	room  string // its package, as heights names it
	test  bool
	lines int
	file  *ast.File
}

var (
	fset  = token.NewFileSet()
	house = sync.OnceValues(readHouse)
)

// root is where the tests of this package find the repository.
const root = "../.."

// foreign are folders that hold nothing of ours.
var foreign = []string{"node_modules", ".git", "dist", ".demo", "bin", "screens", "testdata"}

func readHouse() (all []source, err error) {
	err = walk(func(name string) error {
		if path.Ext(name) != ".go" {
			return nil
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		all = append(all, source{name, roomOf(path.Dir(name)), strings.HasSuffix(name, "_test.go"),
			strings.Count(string(text), "\n"), f})
		return nil
	})
	return all, err
}

// walk hands every file of ours to fn, by its path from the root.
func walk(fn func(name string) error) error {
	return filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains(foreign, d.Name()):
			return filepath.SkipDir
		case d.IsDir() || !d.Type().IsRegular():
			return nil
		}
		name, err = filepath.Rel(root, name)
		if err != nil {
			return err
		}
		return fn(filepath.ToSlash(name))
	})
}

// sources are all Go files of the house.
func sources(t *testing.T) []source {
	t.Helper()
	all, err := house()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 100 {
		t.Fatalf("only %d Go files found: this test looks in the wrong place", len(all))
	}
	return all
}

// imports are the paths that a file imports.
func (s source) imports() (out []string) {
	for _, i := range s.file.Imports {
		name, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			panic(err) // the parser has read it
		}
		out = append(out, name)
	}
	return out
}

// texts hands every string literal of a file to fn, with its line.
func (s source) texts(fn func(line int, text string)) {
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.BasicLit:
			if text, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING {
				fn(fset.Position(n.Pos()).Line, text)
			}
		}
		return true
	})
}
