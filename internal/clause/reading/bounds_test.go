package reading

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"
	"github.com/klippa-app/go-pdfium/requests"

	"vaern/internal/hostile"
)

// lineOf is a line of a text, and paragraphs are as many of them, an empty line after every tenth.
const lineOf = "Vi passer på det, som borgerne har betroet os, og det gør vi alle sammen.\n"

func paragraphs(n int) string {
	return strings.Repeat(strings.Repeat(lineOf, 10)+"\n", n/10)
}

// drawn is a PDF of pages, each with so many lines in letters so small that they fit.
func drawn(t *testing.T, pages, lines int) []byte {
	t.Helper()
	p := fpdf.New("P", "mm", "A4", "")
	p.SetFont("Helvetica", "", 1)
	for page := range pages {
		p.AddPage()
		for i := range lines {
			p.Text(10, 5+float64(i)*0.4, fmt.Sprintf("Vi passer nr. %d, som borgerne har betroet os, og det er vi alle sammen om at huske.", page*lines+i))
		}
	}
	var out bytes.Buffer
	if err := p.Output(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// wordOf is a Word file whose body is written piece by piece beside another part.
func wordOf(piece string, n int, more ...hostile.Part) []byte {
	return hostile.Zip(append(more, hostile.Part{Name: "word/document.xml", Text: space, Long: func(w io.Writer) {
		io.WriteString(w, strings.Repeat(piece, n)+`</w:body></w:document>`)
	}})...)
}

// Each of these breaks one bound and no other, so that nothing else refuses it; what stands beside it keeps the bound.
func TestEachBoundOfAPolicyHolds(t *testing.T) {
	styles := func(n int) hostile.Part {
		return hostile.Part{Name: "word/styles.xml", Long: each("<s>", `<style styleId="%d"/>`, "</s>", n)}
	}
	lists := func(n int) hostile.Part {
		return hostile.Part{Name: "word/numbering.xml", Long: each("<n>", `<abstractNum abstractNumId="%d"/>`, "</n>", n)}
	}
	long := func(n int) []byte {
		return []byte(strings.Repeat("Vi passer på\n"+strings.Repeat("det, som borgerne har betroet os, og\n", 8)+"det gør vi alle.\n\n", n))
	}
	wide := func(n int) []byte { return []byte("Vi vil" + strings.Repeat(" ", n) + "det.\n") }
	goal, body := styled("Overskrift1", "Mål"), plain(strings.TrimSpace(lineOf))
	for bound, c := range map[string]struct {
		name       string
		over, kept []byte
	}{
		"bytes of the file":           {"a.txt", []byte(strings.Repeat(" ", mostBytes+1)), nil},
		"decoded text":                {"a.txt", []byte(paragraphs(mostText/len(lineOf) + 100)), []byte(paragraphs(mostText/len(lineOf) - 1000))},
		"lines":                       {"a.txt", long(mostLines/10 + 1), long(mostLines / 10)},
		"one line":                    {"a.txt", wide(longestLine), wide(longestLine - 100)},
		"one paragraph of many lines": {"a.txt", []byte("Mål\n\nVi passer på\n" + strings.Repeat("det, som borgerne har betroet os, og\n", longestLine/30)), nil},
		"text of a Word file":         {"a.docx", wordOf(body, mostText/70), wordOf(body, mostText/80)},
		"blocks of a Word file":       {"a.docx", wordOf(goal+plain("Alt."), mostLines/2+1), wordOf(goal+plain("Alt."), mostLines/2)},
		"a paragraph of a Word file":  {"a.docx", wordOf(goal+plain(strings.Repeat("alt ", longestLine/4+1)), 1), wordOf(goal+plain(strings.Repeat("alt ", longestLine/4-1)), 1)},
		"styles":                      {"a.docx", wordOf(body, 1, styles(mostStyles+1)), wordOf(body, 1, styles(mostStyles))},
		"lists":                       {"a.docx", wordOf(body, 1, lists(mostLists+1)), wordOf(body, 1, lists(mostLists))},
		"pages of a PDF":              {"a.pdf", drawn(t, mostPages+1, 1), nil},
		"signs of a page":             {"a.pdf", drawn(t, 1, 700), drawn(t, 1, 550)},
		"text of a PDF":               {"a.pdf", drawn(t, 900, 30), nil},
	} {
		t.Run(bound, func(t *testing.T) {
			if _, err := Read(context.Background(), c.name, c.over); key(err) != TooLarge {
				t.Errorf("over it: got %q, want %q", key(err), TooLarge)
			}
			if c.kept == nil {
				return
			}
			if _, err := Read(context.Background(), c.name, c.kept); err != nil {
				t.Errorf("within it: %v", err)
			}
		})
	}
}

// A text has none of the signs that turn it round or that nobody sees.
func TestWhatNobodySeesIsNotRead(t *testing.T) {
	blocks, err := Read(context.Background(), "a.txt", []byte("Mål\n\nVi \u202elåser\u202c \u2066døren\u2069\x01 hver dag, når vi går hjem til os selv.\n"))
	if err != nil || len(blocks) != 2 || blocks[1].Text != "Vi låser døren hver dag, når vi går hjem til os selv." {
		t.Errorf("%+v, %v", blocks, err)
	}
}

// A PDF made to be shown page by page has its table in front: cut short, its first pages can be read, and a policy
// would come in without its end.
func TestAPDFCutShortIsNotReadInPart(t *testing.T) {
	page := func(object int, text string) string {
		content := fmt.Sprintf("BT /F 10 Tf 50 800 Td (%s) Tj ET", text)
		return fmt.Sprintf("%d 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</Font<</F 3 0 R>>>>>>\nendobj\n%[2]d 0 obj\n<</Length %d>>stream\n%s\nendstream\nendobj\n", object, object+1, len(content), content)
	}
	front := "%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[4 0 R 6 0 R]/Count 2>>\nendobj\n3 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>\nendobj\ntrailer\n<</Size 8/Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
	first, last := page(4, "Vi passer det, som borgerne har betroet os."), page(6, "Den, der bryder det, mister sin adgang.")
	padding := "% " + strings.Repeat("-", 2000) + "\n"
	whole := front + first + padding + last + "startxref\n9\n%%EOF\n"
	if blocks, err := Read(t.Context(), "a.pdf", []byte(whole)); err != nil || !strings.Contains(fmt.Sprint(blocks), "mister") {
		t.Fatalf("whole: %v, %v", blocks, err)
	}
	cut := whole[:strings.Index(whole, "7 0 obj")]
	if text, err := ReadPDF([]byte(cut), os.Getenv(compiledIn)); err != nil || !strings.Contains(text, "betroet") {
		t.Fatalf("the reader of PDF finds no page in it (%q, %v): this test looks in vain", text, err)
	}
	if blocks, err := Read(t.Context(), "a.pdf", []byte(cut)); key(err) != Damaged {
		t.Errorf("cut short: %v, %v", blocks, err)
	}
}

func TestTheReaderOfPDFSeesNoDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, printed(t, false), 0o600); err != nil {
		t.Fatal(err)
	}
	pool, err := readers(os.Getenv(compiledIn))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	reader, err := pool.GetInstance(childTime)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if _, err := reader.OpenDocument(&requests.OpenDocument{FilePath: &path}); err == nil {
		t.Error("it opens a file of this machine")
	}
}
