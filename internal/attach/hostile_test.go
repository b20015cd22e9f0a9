package attach

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"vaern/internal/hostile"
	"vaern/internal/problem"
)

func office(name string, parts ...hostile.Part) []byte {
	return hostile.Zip(append([]hostile.Part{{Name: "[Content_Types].xml", Text: "<Types/>"}, {Name: name, Text: "<a/>"}}, parts...)...)
}

// TestATitleIsTextAndShort says what else people may write of a file.
func TestATitleIsTextAndShort(t *testing.T) {
	for title, ok := range map[string]bool{"Aftalen": true, strings.Repeat("æ", 200): true, strings.Repeat("æ", 201): false, "a\x00b": false, "\xff": false} {
		_, err := Upload{Title: title, Name: "a.png", Content: bytes.NewReader(hostile.PNG(1, 1)), Size: int64(len(hostile.PNG(1, 1)))}.check()
		if p := problem.As(err); ok && err != nil || !ok && (p == nil || !p.Fields["title"].Whole()) {
			t.Errorf("%.20q: %v", title, err)
		}
	}
}

// TestFilesThatMeanHarmAreRefusedInBounds attaches them; "" is that it is
// taken, since nothing here opens what it holds.
func TestFilesThatMeanHarmAreRefusedInBounds(t *testing.T) {
	png := hostile.PNG(1, 1)
	long := func(w io.Writer) { hostile.Filled("", " ", "", 64<<20)(w) }
	for name, c := range map[string]struct {
		file string
		data []byte
		says string
	}{
		"nothing":                       {"a.pdf", nil, "tom"},
		"a picture":                     {"a.png", png, ""},
		"a picture that claims a size":  {"a.png", hostile.PNG(1<<31-1, 1<<31-1), ""},
		"a picture cut short":           {"a.png", png[:9], ""},
		"a picture that is a page":      {"a.png", []byte("<!DOCTYPE html><script>alert(1)</script>"), "noget andet"},
		"text that is a program":        {"a.txt", []byte("\x7fELF\x02\x01\x01\x00\x00\x00"), "noget andet"},
		"text of zero bytes":            {"a.txt", make([]byte, 1000), "noget andet"},
		"no ending":                     {"a", png, "kan ikke vedhæftes"},
		"another ending behind":         {"a.pdf.exe", png, "kan ikke vedhæftes"},
		"an ending turned round":        {"a\u202egnp.exe", png, "kan ikke vedhæftes"},
		"an archive cut short":          {"a.docx", office("word/document.xml")[:60], ""},
		"macros":                        {"a.docx", office("word/document.xml", hostile.Part{Name: "word/vbaProject.bin", Text: "x"}), "kører"},
		"macros in another case":        {"a.docx", office("word/document.xml", hostile.Part{Name: `word\VBAPROJECT.BIN`, Text: "x"}), "kører"},
		"unpacks to a gigabyte":         {"a.docx", office("word/document.xml", hostile.Part{Name: "word/b.xml", Long: long}), ""},
		"300,000 entries":               {"a.docx", append(office("word/document.xml"), hostile.Overlapping(1, 300_000, func(i int) string { return fmt.Sprint(i) })...), "beskadiget"},
		"a PDF that acts":               {"a.pdf", []byte("%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj"), "kører"},
		"a PDF that acts, in disguise":  {"a.pdf", []byte("%PDF-1.7\n1 0 obj<</OpenAction<</S/Java#53cript/JS(x)>>>>endobj"), "kører"},
		"more than may be":              {"a.txt", bytes.Repeat([]byte("a"), Largest+1), "for stor"},
		"a name of a thousand letters":  {strings.Repeat("æ", 1000) + ".png", png, ""},
		"an ending of a thousand":       {"a." + strings.Repeat("æ", 1000), png, "kan ikke vedhæftes"},
		"a name that leads elsewhere":   {`..\..\/etc/passwd.png`, png, ""},
		"a name of lines and zeros":     {"a\r\nSet-Cookie: x\x00.png", png, ""},
		"a name that is only an ending": {".png", png, ""},
	} {
		f, err := Upload{Name: c.file, Content: bytes.NewReader(c.data), Size: int64(len(c.data))}.check()
		said := ""
		if p := problem.As(err); p != nil {
			if said = p.Fields["file"][0]; !p.Fields["file"].Whole() {
				t.Errorf("%s: not in both languages: %v", name, p.Fields)
			}
		} else if err != nil {
			said = "not for people: " + err.Error()
		}
		if c.says == "" && name != "an archive cut short" && name != "a picture cut short" && err != nil || !strings.Contains(said, c.says) || strings.HasPrefix(said, "not for") {
			t.Errorf("%s: %q, want %q", name, said, c.says)
		}
		if strings.ContainsAny(f.Name, "/\\\r\n\x00\u202e") || len([]rune(f.Name)) > 150 || !utf8.ValidString(f.Name) {
			t.Errorf("%s: is called %q", name, f.Name)
		}
	}
}

// FuzzUpload looks for a file or a name that is neither taken nor refused in words.
func FuzzUpload(f *testing.F) {
	f.Add("a.png", hostile.PNG(1, 1))
	f.Add("a.docx", office("word/document.xml"))
	f.Add("a.docx", office("word/document.xml")[:60])
	f.Add("a.pdf", []byte("%PDF-1.7\n/Java#53cript"))
	f.Add("..\\\u202ea.txt", []byte("tekst"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		got, err := Upload{Name: name, Content: bytes.NewReader(data), Size: int64(len(data))}.check()
		if err != nil && problem.As(err) == nil {
			t.Fatalf("%q: %v is not for people", name, err)
		}
		if strings.ContainsAny(got.Name, "/\\\r\n\x00") || !utf8.ValidString(got.Name) {
			t.Fatalf("%q is called %q", name, got.Name)
		}
	})
}
