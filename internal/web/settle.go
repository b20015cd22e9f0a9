package web

import (
	"html/template"
	"slices"
	"text/template/parse"

	"vaern/internal/i18n"
	assets "vaern/web"
)

// settle writes what a template says alike each time it is shown, its own texts
// in its language, our pictures and the addresses of our files, into the template.
// Texts are escaped as text and values of attributes are; nothing else of ours
// stands in a script or a style.
func settle(list *parse.ListNode, l i18n.Lang) {
	if list == nil {
		return
	}
	out := list.Nodes[:0]
	for _, node := range list.Nodes {
		switch n := node.(type) {
		case *parse.ActionNode:
			if html, ok := constant(n.Pipe, l); ok {
				node = &parse.TextNode{NodeType: parse.NodeText, Pos: n.Pos, Text: []byte(html)}
			}
		case *parse.IfNode:
			settle(n.List, l)
			settle(n.ElseList, l)
		case *parse.RangeNode:
			settle(n.List, l)
			settle(n.ElseList, l)
		case *parse.WithNode:
			settle(n.List, l)
			settle(n.ElseList, l)
		}
		out = joined(out, node)
	}
	list.Nodes = out
}

// joined appends a node; texts that follow each other become one.
func joined(out []parse.Node, node parse.Node) []parse.Node {
	text, ok := node.(*parse.TextNode)
	if ok && len(out) > 0 {
		if last, ok := out[len(out)-1].(*parse.TextNode); ok {
			last.Text = slices.Concat(last.Text, text.Text)
			return out
		}
	}
	return append(out, node)
}

// constant is what {{t "Gem" "Save"}}, {{icon "i-ok"}} or {{asset "app.js"}} says
// in a language.
func constant(pipe *parse.PipeNode, l i18n.Lang) (template.HTML, bool) {
	if len(pipe.Decl) > 0 || len(pipe.Cmds) != 1 {
		return "", false
	}
	var said []string
	for _, arg := range pipe.Cmds[0].Args[1:] {
		text, ok := arg.(*parse.StringNode)
		if !ok {
			return "", false
		}
		said = append(said, text.Text)
	}
	word, ok := pipe.Cmds[0].Args[0].(*parse.IdentifierNode)
	switch {
	case ok && word.Ident == "t" && len(said) == len(i18n.Langs):
		return template.HTML(template.HTMLEscapeString(said[l])), true
	case !ok || len(said) != 1:
		return "", false
	}
	switch word.Ident {
	case "asset":
		return template.HTML(template.HTMLEscapeString(assets.URL(said[0]))), true
	case "icon":
		return icon(said[0]), true
	case "mark":
		return mark(said[0]), true
	}
	return "", false
}
