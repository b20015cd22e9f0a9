// Package prose reads what people write in Markdown, and gives it to pages, to
// PDF and to search. Whatever is written, nothing comes out but words, headings,
// lists, tables, quotes, code and links to safe addresses.
package prose

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"vaern/internal/pdf"
)

// PDF appends the text to a document. The text's "#" is a heading of level 2,
// since the document has a title of its own.
func PDF(doc *pdf.Document, markdown string) {
	for _, b := range read(markdown) {
		if h, ok := b.(pdf.Heading); ok {
			h.Level++
			b = h
		}
		doc.Add(b)
	}
}

// read is the only way from Markdown to anything else.
func read(markdown string) []pdf.Block {
	clean := strings.ReplaceAll(strings.ToValidUTF8(markdown, "\ufffd"), "\x00", "\ufffd")
	if beyond(clean) {
		return []pdf.Block{pdf.Code{Words: clean}}
	}
	s := &source{text: []byte(clean), addresses: longest}
	return s.blocks(markdownParser.Parse(text.NewReader(s.text)))
}

// markdownParser reads CommonMark and tables. It is safe for concurrent use.
var markdownParser = parser.NewParser(
	parser.WithBlockParsers(shallowBlocks()...),
	parser.WithInlineParsers(append(parser.DefaultInlineParsers(),
		util.Prioritized(extension.NewLinkifyParser(extension.WithLinkifyAllowedProtocols([]string{"http:", "https:"})), 999))...),
	parser.WithParagraphTransformers(append(parser.DefaultParagraphTransformers(),
		util.Prioritized(extension.NewTableParagraphTransformer(), 200))...),
	parser.WithASTTransformers(util.Prioritized(extension.NewTableASTTransformer(), 0)),
)

// source is the Markdown that a tree points into.
type source struct {
	text      []byte
	addresses int // bytes of addresses left: one that is written once may be linked to a thousand times
}

// blocks are the children of n that stand on lines of their own. HTML is left out.
func (s *source) blocks(n ast.Node) []pdf.Block {
	var list []pdf.Block
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if b := s.block(c); b != nil {
			list = append(list, b)
		}
	}
	return list
}

func (s *source) block(n ast.Node) pdf.Block {
	switch n := n.(type) {
	case *ast.Heading:
		return pdf.Heading{Level: n.Level, Text: s.line(n)}
	case *ast.Paragraph, *ast.TextBlock:
		if t := s.line(n); strings.TrimSpace(t.String()) != "" {
			return pdf.Paragraph{Text: t}
		}
	case *ast.Blockquote:
		return pdf.Quote{Blocks: s.blocks(n)}
	case *ast.List:
		l := pdf.List{Ordered: n.IsOrdered(), Start: n.Start}
		for item := n.FirstChild(); item != nil; item = item.NextSibling() {
			l.Items = append(l.Items, s.blocks(item))
		}
		return l
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		return pdf.Code{Words: string(n.Lines().Value(s.text))}
	case *ast.ThematicBreak:
		return pdf.Rule{}
	case *east.Table:
		return s.table(n)
	}
	return nil
}

func (s *source) table(n *east.Table) pdf.Table {
	var t pdf.Table
	for r := n.FirstChild(); r != nil; r = r.NextSibling() {
		var cells []pdf.Text
		for c := r.FirstChild(); c != nil; c = c.NextSibling() {
			cells = append(cells, s.line(c))
		}
		if _, head := r.(*east.TableHeader); head {
			t.Head = cells
			continue
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// line is what stands inside a line.
func (s *source) line(n ast.Node) pdf.Text {
	var t pdf.Text
	s.runs(&t, n, pdf.Run{})
	return joined(t)
}

// runs appends the children of n in the style of like.
func (s *source) runs(t *pdf.Text, n ast.Node, like pdf.Run) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			add(t, like, words(c.Value(s.text))+lineEnd(c))
		case *ast.String:
			add(t, like, words(c.Value))
		case *ast.CodeSpan:
			code := like
			code.Mono = true
			add(t, code, string(bytes.ReplaceAll(plainText(c, s), []byte("\n"), []byte(" "))))
		case *ast.Emphasis:
			strong := like
			strong.Italic = like.Italic || c.Level == 1
			strong.Bold = like.Bold || c.Level == 2
			s.runs(t, c, strong)
		case *ast.Link:
			link := like
			link.Link = s.address(c.Destination)
			s.runs(t, c, link)
		case *ast.AutoLink:
			link := like
			link.Link = s.address(c.URL(s.text))
			if c.AutoLinkType == ast.AutoLinkEmail {
				link.Link = s.address(append([]byte("mailto:"), c.URL(s.text)...))
			}
			add(t, link, string(c.Label(s.text)))
		case *ast.Image:
			s.runs(t, c, like) // its description: a page fetches nothing from elsewhere
		}
	}
}

// plainText is the raw text below a code span.
func plainText(n ast.Node, s *source) []byte {
	var b []byte
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b = append(b, t.Value(s.text)...)
		}
	}
	return b
}

func lineEnd(t *ast.Text) string {
	switch {
	case t.HardLineBreak():
		return "\n"
	case t.SoftLineBreak():
		return " "
	}
	return ""
}

// add appends words in the style of like.
func add(t *pdf.Text, like pdf.Run, words string) {
	if words != "" {
		like.Words = words
		*t = append(*t, like)
	}
}

// joined makes one run of those in a row that look alike.
func joined(t pdf.Text) pdf.Text {
	var out pdf.Text
	for len(t) > 0 {
		like := t[0]
		like.Words = ""
		var b strings.Builder
		n := 0
		for ; n < len(t); n++ {
			same := t[n]
			same.Words = ""
			if same != like {
				break
			}
			b.WriteString(t[n].Words)
		}
		like.Words = b.String()
		out, t = append(out, like), t[n:]
	}
	return out
}

// address is a link's address, "" when it is unsafe or all addresses together are too long.
func (s *source) address(raw []byte) string {
	if s.addresses -= len(raw); s.addresses < 0 {
		return ""
	}
	return address(raw)
}
