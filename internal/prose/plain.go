package prose

import (
	"strconv"
	"strings"

	"vaern/internal/pdf"
)

// Plain is the words alone, for search and for mail: a line for each paragraph,
// item and row, an empty line between blocks, a tab between cells.
func Plain(markdown string) string {
	var b strings.Builder
	for _, block := range read(markdown) {
		plain(&b, block, "")
		b.WriteByte('\n')
	}
	return strings.TrimRight(b.String(), "\n")
}

// plain writes one block, every line of it after indent.
func plain(b *strings.Builder, block pdf.Block, indent string) {
	line := func(s string) { b.WriteString(indent + s + "\n") }
	switch block := block.(type) {
	case pdf.Heading:
		line(block.Text.String())
	case pdf.Paragraph:
		line(strings.ReplaceAll(block.Text.String(), "\n", "\n"+indent))
	case pdf.Code:
		line(strings.ReplaceAll(strings.TrimRight(block.Words, "\n"), "\n", "\n"+indent))
	case pdf.Quote:
		for _, c := range block.Blocks {
			plain(b, c, indent)
		}
	case pdf.List:
		for i, item := range block.Items {
			label := "- "
			if block.Ordered {
				label = strconv.Itoa(block.Start+i) + ". "
			}
			plainItem(b, item, indent, label)
		}
	case pdf.Table:
		for _, cells := range append([][]pdf.Text{block.Head}, block.Rows...) {
			words := make([]string, len(cells))
			for i, c := range cells {
				words[i] = c.String()
			}
			line(strings.Join(words, "\t"))
		}
	}
}

// plainItem writes an item with its label before the first line.
func plainItem(b *strings.Builder, item pdf.Item, indent, label string) {
	var inner strings.Builder
	for _, c := range item {
		plain(&inner, c, indent+"  ")
	}
	b.WriteString(indent + label + strings.TrimPrefix(strings.TrimLeft(inner.String(), " "), "\n"))
	if inner.Len() == 0 {
		b.WriteByte('\n')
	}
}
