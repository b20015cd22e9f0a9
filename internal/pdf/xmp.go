package pdf

import (
	"encoding/xml"
	"strings"
	"time"
)

// xmp is what the file says about itself for programs, and that it is made to be
// read by everybody. ISO 14289-1:5
func xmp(m Meta, created time.Time) []byte {
	var b strings.Builder
	text := func(s string) string {
		var e strings.Builder
		_ = xml.EscapeText(&e, []byte(s)) // a strings.Builder does not fail
		return e.String()
	}
	b.WriteString("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"` +
		` xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">`)
	b.WriteString("<pdfuaid:part>1</pdfuaid:part>")
	b.WriteString(`<dc:title><rdf:Alt><rdf:li xml:lang="x-default">` + text(m.Title) + "</rdf:li></rdf:Alt></dc:title>")
	if m.Author != "" {
		b.WriteString("<dc:creator><rdf:Seq><rdf:li>" + text(m.Author) + "</rdf:li></rdf:Seq></dc:creator>")
	}
	if m.Subject != "" {
		b.WriteString(`<dc:description><rdf:Alt><rdf:li xml:lang="x-default">` + text(m.Subject) + "</rdf:li></rdf:Alt></dc:description>")
	}
	b.WriteString("<dc:language><rdf:Bag><rdf:li>" + text(m.Language) + "</rdf:li></rdf:Bag></dc:language>")
	b.WriteString("<xmp:CreateDate>" + created.Format(time.RFC3339) + "</xmp:CreateDate>")
	b.WriteString("<pdf:Producer>" + producer + "</pdf:Producer>")
	b.WriteString("</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>")
	return []byte(b.String())
}
