package prose

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Bounds on what is read as Markdown. Texts beyond them are made to take long, or
// are no texts; they are shown letter by letter instead.
const (
	longest = 512 << 10 // bytes
	marks   = 1500      // of one sort between two empty lines: the parser's time grows with their square
	cells   = 200_000   // of tables: every row has as many as the widest, written or not
)

// beyond tells whether a text is beyond the bounds.
func beyond(text string) bool {
	if len(text) > longest {
		return true
	}
	var count [128]int
	lines, wide, total := 0, 0, 0
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == "" {
			total += lines * wide
			count, lines, wide = [128]int{}, 0, 0
			continue
		}
		for _, mark := range "[]*_<`" {
			count[mark] += strings.Count(line, string(mark))
			if count[mark] > marks {
				return true
			}
		}
		lines++
		wide = max(wide, strings.Count(line, "|"))
	}
	return total+lines*wide > cells
}

// deepest is how many quotes and lists may stand inside one another. What is
// deeper is words: nobody reads it, and every line of it costs its depth.
const deepest = 12

// shallow is a block parser that opens nothing below the deepest level.
type shallow struct{ parser.BlockParser }

func (p shallow) Open(parent ast.Node, r text.Reader, pc parser.Context) (ast.Node, parser.State) {
	depth := 0
	for n := parent; n != nil; n = n.Parent() {
		if n.Kind() == ast.KindBlockquote || n.Kind() == ast.KindList {
			depth++
		}
	}
	if depth >= deepest {
		return nil, parser.NoChildren
	}
	return p.BlockParser.Open(parent, r, pc)
}

// shallowBlocks are the parsers of CommonMark, those that nest kept shallow.
func shallowBlocks() []util.PrioritizedValue {
	list := parser.DefaultBlockParsers()
	for i, p := range list {
		switch b := p.Value.(type) {
		case parser.BlockParser:
			if b == parser.NewBlockquoteParser() || b == parser.NewListParser() {
				list[i].Value = shallow{b}
			}
		}
	}
	return list
}
