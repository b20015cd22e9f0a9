package prose

import (
	"fmt"
	"html"
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"vaern/internal/pdf"
)

// HTML is the text for a page. Its "#" is an h2, since the page has an h1 of its
// own; headings have ids and table heads a scope. HTML in the text is left out.
func HTML(markdown string) template.HTML {
	p := page{ids: map[string]int{}}
	p.blocks(read(markdown))
	return template.HTML(p.String()) // page writes no markup but its own
}

// page writes blocks as HTML. Every word and address goes through html.EscapeString.
type page struct {
	strings.Builder
	ids map[string]int // how often each id was wanted
}

func (p *page) blocks(list []pdf.Block) {
	for _, b := range list {
		p.block(b)
	}
}

func (p *page) block(b pdf.Block) {
	switch b := b.(type) {
	case pdf.Heading:
		level := min(b.Level+1, 6)
		fmt.Fprintf(p, `<h%d id="%s">`, level, p.id(b.Text.String()))
		p.text(b.Text)
		fmt.Fprintf(p, "</h%d>\n", level)
	case pdf.Paragraph:
		p.WriteString("<p>")
		p.text(b.Text)
		p.WriteString("</p>\n")
	case pdf.Quote:
		p.WriteString("<blockquote>\n")
		p.blocks(b.Blocks)
		p.WriteString("</blockquote>\n")
	case pdf.List:
		p.list(b)
	case pdf.Code:
		p.WriteString("<pre><code>" + html.EscapeString(b.Words) + "</code></pre>\n")
	case pdf.Rule:
		p.WriteString("<hr>\n")
	case pdf.Table:
		p.table(b)
	}
}

func (p *page) list(l pdf.List) {
	tag, start := "ul", ""
	if l.Ordered {
		tag = "ol"
		if l.Start != 1 {
			start = fmt.Sprintf(` start="%d"`, l.Start)
		}
	}
	p.WriteString("<" + tag + start + ">\n")
	for _, item := range l.Items {
		p.WriteString("<li>")
		if first, ok := alone(item); ok {
			p.text(first.Text)
			item = item[1:]
		}
		p.blocks(item)
		p.WriteString("</li>\n")
	}
	p.WriteString("</" + tag + ">\n")
}

// alone is the paragraph that begins an item, if the item has no other.
func alone(item pdf.Item) (pdf.Paragraph, bool) {
	if len(item) == 0 {
		return pdf.Paragraph{}, false
	}
	for _, b := range item[1:] {
		if _, ok := b.(pdf.Paragraph); ok {
			return pdf.Paragraph{}, false
		}
	}
	first, ok := item[0].(pdf.Paragraph)
	return first, ok
}

// table stands in a frame that scrolls on narrow screens; the frame takes focus
// so that the keyboard can scroll it.
func (p *page) table(t pdf.Table) {
	p.WriteString("<div class=\"table\" tabindex=\"0\"><table>\n<thead><tr>")
	for _, c := range t.Head {
		p.cell("th", ` scope="col"`, c)
	}
	p.WriteString("</tr></thead>\n<tbody>\n")
	for _, r := range t.Rows {
		p.WriteString("<tr>")
		for _, c := range r {
			p.cell("td", "", c)
		}
		p.WriteString("</tr>\n")
	}
	p.WriteString("</tbody></table></div>\n")
}

func (p *page) cell(tag, attrs string, t pdf.Text) {
	p.WriteString("<" + tag + attrs + ">")
	p.text(t)
	p.WriteString("</" + tag + ">")
}

// text writes runs; those that follow one another to the same address are one link.
func (p *page) text(t pdf.Text) {
	link := ""
	for _, r := range t {
		if r.Link != link {
			p.linkEnd(link)
			p.linkBegin(r.Link)
			link = r.Link
		}
		p.run(r)
	}
	p.linkEnd(link)
}

func (p *page) linkBegin(address string) {
	switch {
	case address == "":
	case outside(address):
		p.WriteString(`<a href="` + html.EscapeString(address) + `" rel="noopener noreferrer">`)
	case strings.HasPrefix(address, "#"):
		heading, _ := url.PathUnescape(address[1:]) // it was parsed before
		p.WriteString(`<a href="#` + fragment(heading) + `">`)
	default:
		p.WriteString(`<a href="` + html.EscapeString(address) + `">`)
	}
}

func (p *page) linkEnd(address string) {
	if address != "" {
		p.WriteString("</a>")
	}
}

func (p *page) run(r pdf.Run) {
	begin, end := "", ""
	for _, style := range []struct {
		on  bool
		tag string
	}{{r.Bold, "strong"}, {r.Italic, "em"}, {r.Mono, "code"}} {
		if style.on {
			begin, end = begin+"<"+style.tag+">", "</"+style.tag+">"+end
		}
	}
	words := strings.ReplaceAll(html.EscapeString(r.Words), "\n", "<br>\n")
	p.WriteString(begin + words + end)
}

// id is an id that no other heading of the text has.
func (p *page) id(heading string) string {
	base := fragment(heading)
	p.ids[base]++
	if n := p.ids[base]; n > 1 {
		return base + "--" + strconv.Itoa(n) // two hyphens: no heading's own
	}
	return base
}

// prefix keeps the ids of a text apart from those of the page around it.
const prefix = "s-"

// fragment is the id of a heading with these words: small letters, digits and
// hyphens, Danish letters spelt out.
func fragment(heading string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(spelt.Replace(heading)) {
		if r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte('-')
			gap = false
		}
		b.WriteRune(r)
		if b.Len() >= 80 {
			break
		}
	}
	return prefix + b.String()
}

var spelt = strings.NewReplacer("æ", "ae", "ø", "oe", "å", "aa", "Æ", "ae", "Ø", "oe", "Å", "aa", "é", "e", "É", "e", "ä", "ae", "ö", "oe", "ü", "ue")
