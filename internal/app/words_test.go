package app

import (
	"go/ast"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/template/parse"
	"unicode"

	"golang.org/x/net/html"
)

// names are words on the screen that no language changes.
var names = []string{"Værn", "Menu", "Pdf", "Mail", "sic", "min"}

// same are words that are the same in Danish and English.
var same = []string{"Find", "Organisation", "Person", "Register", "Version", "Webhook", "Webhooks"}

// shown are the attributes that people read or hear.
var shown = []string{"alt", "title", "placeholder", "aria-label", "aria-description", "label"}

// words are what a page says outside its actions: text, and attributes that
// people read.
func words(page string) (out []string) {
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if z.Err() == io.EOF {
				return out
			}
			return append(out, z.Err().Error())
		case html.TextToken:
			out = append(out, strings.FieldsFunc(z.Token().Data, unicode.IsSpace)...)
		case html.StartTagToken, html.SelfClosingTagToken:
			for _, a := range z.Token().Attr {
				if slices.Contains(shown, a.Key) {
					out = append(out, strings.Fields(a.Val)...)
				}
			}
		}
	}
}

// visit hands every node of a template to fn.
func visit(n parse.Node, fn func(parse.Node)) {
	if n == nil || reflect.ValueOf(n).IsNil() {
		return
	}
	fn(n)
	branch := func(b *parse.BranchNode) {
		visit(b.Pipe, fn)
		visit(b.List, fn)
		visit(b.ElseList, fn)
	}
	switch n := n.(type) {
	case *parse.ListNode:
		for _, x := range n.Nodes {
			visit(x, fn)
		}
	case *parse.ActionNode:
		visit(n.Pipe, fn)
	case *parse.TemplateNode:
		visit(n.Pipe, fn)
	case *parse.PipeNode:
		for _, c := range n.Cmds {
			visit(c, fn)
		}
	case *parse.CommandNode:
		for _, a := range n.Args {
			visit(a, fn)
		}
	case *parse.IfNode:
		branch(&n.BranchNode)
	case *parse.RangeNode:
		branch(&n.BranchNode)
	case *parse.WithNode:
		branch(&n.BranchNode)
	}
}

func TestPagesSayEverythingInBothLanguages(t *testing.T) {
	pages := 0
	err := walk(func(name string) error {
		if filepath.Ext(name) != ".html" || !strings.HasPrefix(name, "internal/") {
			return nil
		}
		pages++
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return err
		}
		tree := parse.New(name)
		tree.Mode = parse.SkipFuncCheck
		sets := map[string]*parse.Tree{}
		if _, err := tree.Parse(string(text), "", "", sets); err != nil {
			return err
		}
		speaks(t, name, sets)
		return nil
	})
	if err != nil || pages < 20 {
		t.Fatalf("%d pages: %v", pages, err)
	}
}

// TestDaysAreTypedOneWay: a browser's own field for a date follows the language of the browser, not that of the page.
func TestDaysAreTypedOneWay(t *testing.T) {
	err := walk(func(name string) error {
		if filepath.Ext(name) != ".html" || !strings.HasPrefix(name, "internal/") {
			return nil
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if strings.Contains(string(text), `type="date"`) {
			t.Errorf(`%s: write {{typesday}} instead of type="date", and read it by field.TypedDay.`, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// speaks checks the templates of a file: no words outside their actions, and
// pairs that are pairs. What is called in the file is read where it is called:
// it may stand inside a tag.
func speaks(t *testing.T, name string, sets map[string]*parse.Tree) {
	called := map[string]bool{}
	for _, set := range sets {
		visit(set.Root, func(n parse.Node) {
			switch n := n.(type) {
			case *parse.TemplateNode:
				called[n.Name] = true
			case *parse.CommandNode:
				checkCall(t, name, n)
			}
		})
	}
	for key, set := range sets {
		if called[key] {
			continue
		}
		for _, w := range words(plain(set, sets)) {
			if strings.ContainsFunc(w, unicode.IsLetter) && !slices.Contains(names, strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) })) {
				t.Errorf("%s: %q stands outside {{t …}} and so in one language only. Write {{t \"Dansk\" \"English\"}}.", name, w)
			}
		}
	}
}

// plain is what a template says outside its actions, with what it calls.
func plain(set *parse.Tree, sets map[string]*parse.Tree) string {
	var b strings.Builder
	visit(set.Root, func(n parse.Node) {
		switch n := n.(type) {
		case *parse.TextNode:
			b.Write(n.Text)
		case *parse.TemplateNode:
			if other, ok := sets[n.Name]; ok && other != set {
				b.WriteString(plain(other, sets))
			}
		}
	})
	return b.String()
}

// checkCall checks the texts that a template hands to t and plural.
func checkCall(t *testing.T, name string, n *parse.CommandNode) {
	t.Helper()
	said := texts(n)
	switch n.Args[0].String() {
	case "t":
		if len(n.Args) != 3 || len(said) != 2 {
			t.Errorf("%s: %s is no pair. Write {{t \"Dansk\" \"English\"}}; for text with numbers in it use plural, or a view with an i18n.Text.", name, n)
			return
		}
		checkPair(t, name, said[0], said[1])
	case "plural":
		if len(said) != 4 {
			t.Errorf("%s: %s takes a number and four texts.", name, n)
			return
		}
		checkPair(t, name, said[0], said[2])
		checkPair(t, name, said[1], said[3])
	}
}

// texts are the literals among the arguments of a call.
func texts(n *parse.CommandNode) (out []string) {
	for _, a := range n.Args {
		if s, ok := a.(*parse.StringNode); ok {
			out = append(out, s.Text)
		}
	}
	return out
}

// checkPair checks a Danish text and its English one.
func checkPair(t *testing.T, where, da, en string) {
	t.Helper()
	word := strings.TrimSpace(strings.ReplaceAll(da, "%s", ""))
	letters := strings.ContainsFunc(word, unicode.IsLetter)
	english := en
	for _, n := range names {
		english = strings.ReplaceAll(english, n, "")
	}
	switch {
	case strings.TrimSpace(da) == "" || strings.TrimSpace(en) == "":
		t.Errorf("%s: %q / %q: one language says nothing.", where, da, en)
	case da == "English" && en == "Dansk": // the link to the other language is in that language
	case strings.ContainsAny(strings.ToLower(english), "æøå"):
		t.Errorf("%s: %q / %q: the English has Danish letters. Danish stands first.", where, da, en)
	case letters && da == en && !slices.Contains(names, word) && !slices.ContainsFunc(same, func(s string) bool { return strings.EqualFold(s, word) }):
		t.Errorf("%s: %q is the same in both languages. Translate it, or if it is right name it in same in words_test.go.", where, da)
	}
}

// TestCodeSaysEverythingInBothLanguages checks the pairs that stand in Go:
// i18n.Text, problems, and the labels of declared fields.
func TestCodeSaysEverythingInBothLanguages(t *testing.T) {
	pairs := 0
	check := func(at token.Pos, da, en string) {
		pairs++
		checkPair(t, fset.Position(at).String(), da, en)
	}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				for _, pair := range pairsOf(n) {
					check(n.Pos(), pair[0], pair[1])
				}
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.SelectorExpr); ok && isName(f.X, "problem") && (f.Sel.Name == "New" || f.Sel.Name == "Field") && len(n.Args) == 3 {
					da, en := literal(n.Args[1]), literal(n.Args[2])
					if da != nil && en != nil {
						check(n.Pos(), *da, *en)
					}
				}
			case *ast.Field:
				if n.Tag == nil {
					return true
				}
				text, _ := strconv.Unquote(n.Tag.Value) // the parser has read it
				tag := reflect.StructTag(text)
				for _, kind := range []string{"", "help"} {
					da, some := tag.Lookup(kind + "da")
					en, other := tag.Lookup(kind + "en")
					if some || other {
						check(n.Pos(), da, en)
					}
				}
			}
			return true
		})
	}
	if pairs < 300 {
		t.Errorf("only %d pairs: this test does not see the texts", pairs)
	}
}

// pairsOf are the pairs of literals in i18n.Text{…} and in lists and maps of it.
func pairsOf(n *ast.CompositeLit) (out [][2]string) {
	add := func(list []ast.Expr) {
		if len(list) != 2 {
			return
		}
		if da, en := literal(list[0]), literal(list[1]); da != nil && en != nil {
			out = append(out, [2]string{*da, *en})
		}
	}
	isText := func(x ast.Expr) bool {
		s, ok := x.(*ast.SelectorExpr)
		return ok && isName(s.X, "i18n") && s.Sel.Name == "Text"
	}
	var inner ast.Expr
	switch kind := n.Type.(type) {
	case *ast.MapType:
		inner = kind.Value
	case *ast.ArrayType:
		inner = kind.Elt
	}
	switch {
	case isText(n.Type):
		add(n.Elts)
	case inner != nil && isText(inner):
		for _, x := range n.Elts {
			if kv, ok := x.(*ast.KeyValueExpr); ok {
				x = kv.Value
			}
			if c, ok := x.(*ast.CompositeLit); ok && c.Type == nil {
				add(c.Elts)
			}
		}
	}
	return out
}

func literal(x ast.Expr) *string {
	l, ok := x.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return nil
	}
	text, err := strconv.Unquote(l.Value)
	if err != nil {
		return nil
	}
	return &text
}
