package reading

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"vaern/internal/clause"
	"vaern/internal/hostile"
)

const space = `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`

// body is a Word file whose text is written piece by piece.
func body(long func(io.Writer)) []byte {
	return hostile.Zip(hostile.Part{Name: "word/document.xml", Text: space, Long: func(w io.Writer) {
		long(w)
		io.WriteString(w, `</w:body></w:document>`)
	}})
}

func beside(name string, long func(io.Writer)) []byte {
	return hostile.Zip(hostile.Part{Name: "word/document.xml", Text: space + styled("Overskrift1", "Mål") + plain("Vi vil det.") + `</w:body></w:document>`},
		hostile.Part{Name: name, Long: long})
}

// each writes n pieces that are all different.
func each(before, piece, after string, n int) func(io.Writer) {
	return func(w io.Writer) {
		io.WriteString(w, before)
		for i := range n {
			fmt.Fprintf(w, piece, i)
		}
		io.WriteString(w, after)
	}
}

// harmful are files that harm who reads them carelessly, and what may be said
// of each; "" is that it is read.
var harmful = map[string]struct {
	name string
	data func() []byte
	want []string
}{
	"docx: one text of 60 MB":      {"a.docx", func() []byte { return body(hostile.Filled("<w:p><w:r><w:t>", "alt ", "</w:t></w:r></w:p>", 15<<20)) }, []string{TooLarge}},
	"docx: one attribute of 60 MB": {"a.docx", func() []byte { return body(hostile.Filled(`<w:p w:a="`, "alt ", `"/>`, 15<<20)) }, []string{TooLarge}},
	"docx: a comment of 60 MB":     {"a.docx", func() []byte { return body(hostile.Filled(`<!--`, "alt ", `-->`, 15<<20)) }, []string{TooLarge}},
	"docx: elements in each other": {"a.docx", func() []byte { return body(hostile.Filled("", "<a>", "", 15<<20)) }, []string{TooLarge, Damaged}},
	"docx: tables in each other":   {"a.docx", func() []byte { return body(hostile.Filled("", "<w:tbl><w:tr><w:tc><w:p>", "", 2<<20)) }, []string{TooLarge, Damaged}},
	"docx: millions of paragraphs": {"a.docx", func() []byte {
		return body(hostile.Filled("<w:tbl><w:tr><w:tc>", "<w:p/>", "</w:tc></w:tr></w:tbl>", 8<<20))
	}, []string{TooLarge}},
	"docx: what was deleted, deep": {"a.docx", func() []byte { return body(hostile.Filled("<w:del>", "<a>", "", 15<<20)) }, []string{TooLarge, Damaged}},
	"docx: a million lists": {"a.docx", func() []byte {
		return beside("word/numbering.xml", each("<n>", `<abstractNum abstractNumId="%d"/>`, "</n>", 1_500_000))
	}, []string{TooLarge}},
	"docx: a million styles": {"a.docx", func() []byte {
		return beside("word/styles.xml", each("<s>", `<style styleId="%d"><name val="a"/></style>`, "</s>", 1_000_000))
	}, []string{TooLarge}},
	"docx: names of a million letters": {"a.docx", func() []byte {
		return beside("word/numbering.xml", each("<n>", `<abstractNum abstractNumId="%d"><lvl ilvl="0"><start val="1"/><numFmt val="decimal"/><lvlText val="`+strings.Repeat("%%1", 20_000)+`"/></lvl></abstractNum>`, "</n>", 200))
	}, []string{TooLarge, ""}},
	"docx: unpacks to a gigabyte": {"a.docx", func() []byte { return body(hostile.Filled("", " ", "", 1<<30)) }, []string{TooLarge}},
	"docx: a gigabyte beside":     {"a.docx", func() []byte { return beside("word/media/a.emf", hostile.Filled("", " ", "", 1<<30)) }, []string{""}},
	"docx: entries that overlap": {"a.docx", func() []byte {
		return hostile.Overlapping(1<<20, 5000, func(i int) string { return "word/document.xml"[:17-i%2] })
	}, []string{TooLarge, Damaged, Kind}},
	"docx: 300,000 entries": {"a.docx", func() []byte {
		return hostile.Overlapping(1, 300_000, func(i int) string { return fmt.Sprintf("%d", i) })
	}, []string{TooLarge, Damaged, Kind}},
	"docx: sizes that lie":         {"a.docx", func() []byte { return hostile.Lying(beside("a", nil), 1<<31) }, []string{Damaged, TooLarge}},
	"docx: an archive in it":       {"a.docx", func() []byte { return beside("word/document2.xml", func(w io.Writer) { w.Write(beside("a", nil)) }) }, []string{""}},
	"docx: laughs a billion times": {"a.docx", func() []byte { return laughing() }, []string{Damaged}},
	"docx: text from the network": {"a.docx", func() []byte {
		return beside("word/_rels/document.xml.rels", each("<r>", `<Relationship Id="r%d" TargetMode="External" Target="http://127.0.0.1:1/x"/>`, "</r>", 3))
	}, []string{""}},
	"docx: another encoding": {"a.docx", func() []byte {
		return hostile.Zip(hostile.Part{Name: "word/document.xml", Text: `<?xml version="1.0" encoding="UTF-16"?>` + space})
	}, []string{Damaged}},
	"txt: 20 MB of spaces":   {"a.txt", func() []byte { return []byte(strings.Repeat(" ", mostBytes-1) + "a") }, []string{TooLarge}},
	"txt: one line of 2 MB":  {"a.txt", func() []byte { return []byte(strings.Repeat("alt og ", mostText/7)) }, []string{TooLarge}},
	"txt: a million lines":   {"a.txt", func() []byte { return []byte(strings.Repeat("a\n", mostText/2)) }, []string{TooLarge}},
	"txt: empty lines":       {"a.txt", func() []byte { return []byte(strings.Repeat("\n", mostText-1) + "a") }, []string{""}},
	"txt: as many as can be": {"a.txt", func() []byte { return full("1. a\n", 40) }, []string{""}},
	"txt: headings":          {"a.txt", func() []byte { return full("Mål\n\n", 40) }, []string{""}},
	"txt: brackets":          {"a.txt", func() []byte { return full("(a", longestLine) }, []string{"", TooLarge}},
	"txt: bodies":            {"a.txt", func() []byte { return full("it-udvalg ", longestLine) }, []string{"", TooLarge}},
	"txt: broken words":      {"a.txt", func() []byte { return full("abe-\n", 60) }, []string{"", TooLarge}},
	"md: brackets":           {"a.md", func() []byte { return full(strings.Repeat("[", 1000)+"] ) ", longestLine) }, []string{"", NoText}},
	"md: emphasis":           {"a.md", func() []byte { return full("*a", longestLine) }, []string{""}},
	"md: links":              {"a.md", func() []byte { return full("[a](", longestLine) }, []string{""}},
	"md: quotes":             {"a.md", func() []byte { return full("> a", longestLine) }, []string{""}},
	"md: lists":              {"a.md", func() []byte { return nested(3000) }, []string{""}},
	"md: cells":              {"a.md", func() []byte { return full("|a", longestLine) }, []string{""}},
	"md: entities":           {"a.md", func() []byte { return full("&amp; a", longestLine) }, []string{""}},
	"md: headings":           {"a.md", func() []byte { return full("# a\n", 40) }, []string{""}},
}

// full is a text of as many lines of one thing as are read.
func full(what string, line int) []byte {
	one := strings.Repeat(what, (line-2)/len(what)) + "\n\n"
	out := strings.Repeat(one, (mostText-10)/len(one))
	if n := len(strings.Fields(out)); n > mostLines && strings.Contains(what, "\n") {
		out = out[:len(out)*(mostLines-1)/n]
		out = out[:strings.LastIndexByte(out, '\n')+1]
	}
	return []byte(out)
}

func nested(n int) []byte {
	var out strings.Builder
	for i := range n {
		out.WriteString(strings.Repeat(" ", min(2*i, 600)) + "- a\n")
	}
	return []byte(out.String())
}

func laughing() []byte {
	text := `<!DOCTYPE a [<!ENTITY a0 "ha">`
	for i := range 9 {
		text += fmt.Sprintf(`<!ENTITY a%d "%s">`, i+1, strings.Repeat(fmt.Sprintf("&a%d;", i), 10))
	}
	return hostile.Zip(hostile.Part{Name: "word/document.xml", Text: text + `]><a><p><t>&a9;</t></p></a>`})
}

// TestWhatHarmsIsRefusedInBounds reads each harmful file, and then finds the
// sentences in it as an import does.
func TestWhatHarmsIsRefusedInBounds(t *testing.T) {
	hostile.Alone(t, func(t *testing.T) {
		for name, c := range harmful {
			data := c.data()
			var err error
			hostile.Cost(t, name, hostile.Reader, func() {
				var blocks []clause.Block
				if blocks, err = Read(context.Background(), c.name, data); err == nil {
					clause.Parse(blocks, "2026-01-01")
				}
			})
			if said := key(err); !slices.Contains(c.want, said) {
				t.Errorf("%s: got %q, want %q", name, said, c.want)
			}
		}
	})
}

// key is what was said of a file, "" when it was read.
func key(err error) string {
	if wrong := (*Error)(nil); errors.As(err, &wrong) {
		return wrong.Key
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// TestHarmfulPDFsHarmAChild reads them as the program does. What the child and
// this process use is measured; the compiled reader is made before.
func TestHarmfulPDFsHarmAChild(t *testing.T) {
	if _, err := asProgram(t)(t.Context(), nil); key(err) != Damaged {
		t.Fatalf("an empty file is %v", err)
	}
	hostile.Alone(t, func(t *testing.T) {
		read := asProgram(t)
		whole := printed(t, false)
		text, err := read(t.Context(), whole)
		if err != nil || !strings.Contains(text, "Vi låser døren.") {
			t.Fatalf("a good one: %q %v", text, err)
		}
		for name, data := range hostile.PDFs() {
			hostile.Cost(t, "pdf: "+name, hostile.Reader, func() { _, err = read(t.Context(), data) })
			if said := key(err); said != "" && !strings.HasPrefix(said, "error.file.") {
				t.Errorf("%s: %s", name, said)
			}
			used := hostile.PeakOfChildren()
			t.Logf("%-40s %4d MB in the child, said %q", name, used>>20, key(err))
			if used > hostile.Whole {
				t.Errorf("%s: the child used %d MB", name, used>>20)
			}
		}
		n := 0
		for cut := range hostile.Cuts(whole) {
			if n++; n%6 == 0 {
				if _, err := read(t.Context(), cut); err != nil && !strings.HasPrefix(key(err), "error.file.") {
					t.Errorf("cut to %d bytes: %v", len(cut), err)
				}
			}
		}
	})
}

func TestFilesCutShortOrWronglyEncodedAreReadOrRefused(t *testing.T) {
	t.Parallel()
	try := func(what, name string, data []byte) {
		blocks, err := Read(t.Context(), name, data)
		if err != nil && !strings.HasPrefix(key(err), "error.file.") {
			t.Errorf("%s: %v", what, err)
		}
		for _, b := range blocks {
			if !utf8.ValidString(b.Text) || strings.ContainsRune(b.Text, 0) {
				t.Errorf("%s: %q is no text", what, b.Text)
			}
		}
	}
	whole := word(t, styled("Overskrift1", "Mål")+plain("Vi vil det."), nil)
	for cut := range hostile.Cuts(whole) {
		try("docx cut short", "a.docx", cut)
	}
	for name, data := range hostile.Encoded(danish) {
		try("txt, "+name, "a.txt", data)
		try("md, "+name, "a.md", append([]byte("# Mål\n\n"), data...))
	}
}

// FuzzRead looks for a file that is neither read as text nor refused in words.
// PDFs are read by a library in a child, which no fuzzing reaches from here.
func FuzzRead(f *testing.F) {
	f.Add("a.txt", []byte(danish))
	f.Add("a.md", []byte("# Mål\n\n[a](b) &amp; **c**\n\n| d | e |\n"))
	f.Add("a.docx", body(func(w io.Writer) { io.WriteString(w, styled("Overskrift1", "Mål")+plain("Vi vil det.")) }))
	f.Add("a.docx", beside("word/numbering.xml", each("<n>", `<abstractNum abstractNumId="%d"><lvl ilvl="0"><start val="99999999999"/></lvl></abstractNum>`, "</n>", 2)))
	for _, data := range hostile.Encoded(danish) {
		f.Add("a.txt", data)
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		if strings.Contains(string(data[:min(len(data), 1024)]), "%PDF-") {
			return
		}
		blocks, err := Read(t.Context(), name, data)
		if err != nil && !strings.HasPrefix(key(err), "error.file.") {
			t.Fatalf("%v is not for people", err)
		}
		for _, b := range blocks {
			if !utf8.ValidString(b.Text) || strings.ContainsRune(b.Text, 0) {
				t.Fatalf("%q is no text", b.Text)
			}
		}
	})
}
