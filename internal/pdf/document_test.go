package pdf

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"strings"
	"sync"
	"testing"
)

const created = "2026-03-02T09:00:00Z"

func build(t testing.TB, d *Document) []byte {
	t.Helper()
	file, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// sample has every kind of block, over several pages.
func sample() *Document {
	d := New(Meta{Title: "Politik – Nordkyst", Author: "Nordkyst Kommune", Subject: "Årets <bilag>", Created: created})
	d.Heading(1, "Overordnet politik")
	d.Paragraph("Æbler, øer og åer: »citat« – café. " + strings.Repeat("Vi passer på det, vi har fået betroet. ", 300))
	d.Note("Gælder indtil videre.")
	d.Heading(2, "Mål")
	d.List(false, []string{"Første", "Andet"})
	d.Add(List{Ordered: true, Start: 3, Items: []Item{{Paragraph{Words("Ydre")}, List{Items: []Item{{Paragraph{Words("Indre")}}}}}, {}}})
	d.Add(Paragraph{Text{{Words: "Læs "}, {Words: "mere", Link: "https://example.org/a(b)"}, {Words: " nu", Bold: true}}})
	d.Add(Quote{[]Block{Paragraph{Words("Sagt af andre.")}}}, Code{"x := 1\n  y"})
	d.Clause("3.5", "Driften fortsætter.", []string{"Delvist", "7 af 9"})
	d.Rule()
	var rows [][]string
	for i := range 80 {
		rows = append(rows, []string{fmt.Sprint("System ", i), strings.Repeat("ord ", i)})
	}
	d.Table("Systemer", []string{"Navn", "Bemærkning"}, rows)
	return d
}

func TestEveryMarkedSequenceHasItsElement(t *testing.T) {
	t.Parallel()
	r := read(t, build(t, sample()))
	root := r.dict(number(t, regexp.MustCompile(`/StructTreeRoot (\d+) 0 R`), r.catalogue()))
	for i, page := range r.pages() {
		if got := number(t, regexp.MustCompile(`/StructParents (\d+)`), r.dict(page)); got != i {
			t.Errorf("page %d: StructParents %d", i+1, got)
		}
		m := regexp.MustCompile(fmt.Sprintf(`(?:\[|\n)%d \[([^\]]*)\]`, i)).FindStringSubmatch(root)
		if m == nil {
			t.Fatalf("page %d is not in the parent tree", i+1)
		}
		owners, next := refs(m[1]), 0
		for _, s := range r.sequences(page) {
			if s.mcid < 0 {
				continue
			}
			if s.mcid != next {
				t.Errorf("page %d: MCID %d, want %d", i+1, s.mcid, next)
			}
			next++
			owner := r.dict(owners[s.mcid])
			want := fmt.Sprintf("<</Type /MCR /Pg %d 0 R /MCID %d>>", page, s.mcid)
			if !strings.Contains(owner, "/S /"+s.tag+" ") || !strings.Contains(owner, want) {
				t.Errorf("page %d, MCID %d: %s does not own it: %s", i+1, s.mcid, s.tag, owner)
			}
		}
		if len(owners) != next {
			t.Errorf("page %d: %d owners of %d sequences", i+1, len(owners), next)
		}
	}
}

func TestStructureReadsInOrder(t *testing.T) {
	t.Parallel()
	d := New(Meta{Title: "T", Created: created})
	d.Heading(1, "Mål")
	d.Add(Paragraph{Text{{Words: "Læs "}, {Words: "mere", Link: "https://example.org"}, {Words: " nu"}}})
	d.List(true, []string{"Et"})
	d.Add(List{Items: []Item{{Paragraph{Words("Ydre")}, List{Items: []Item{{Paragraph{Words("Indre")}}}}}}})
	d.Table("Tal", []string{"A", "B"}, [][]string{{"1"}})
	d.Clause("3.5", "Ord.", []string{"Bevis", "Ejer"})
	d.Row("3.6", []string{"Leder", "Ser efter"}, false, []string{"Nu"})
	d.Rule()
	d.Add(Quote{[]Block{Paragraph{Words("Q")}}}, Code{"x y"})
	want := `Document
 H1: Mål
 P: Læs  nu
  Link: mere@
 L
  LI
   Lbl: 1.
   LBody
    P: Et
 L
  LI
   Lbl: •
   LBody
    P: Ydre
    L
     LI
      Lbl: •
      LBody
       P: Indre
 Table
  Caption: Tal
  TR
   TH: A
   TH: B
  TR
   TD: 1
   TD
 Sect
  P: 3.5 Ord.
  Note: Bevis` + "\u00a0Ejer" + `
 Sect
  P: 3.6
  P: Leder
  P: Ser efter
  Note: Nu
 BlockQuote
  P: Q
 P
  Code: x` + "\u00a0y\n"
	if got := read(t, build(t, d)).tree(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTheFileSaysWhatItIs(t *testing.T) {
	t.Parallel()
	r := read(t, build(t, sample()))
	for _, want := range []string{"/Lang (da-DK)", "/MarkInfo <</Marked true>>", "/DisplayDocTitle true", "/Version /1.7", "/Outlines"} {
		if !strings.Contains(r.catalogue(), want) {
			t.Errorf("the catalogue lacks %s", want)
		}
	}
	about := r.stream(number(t, regexp.MustCompile(`/Metadata (\d+) 0 R`), r.catalogue()))
	for _, want := range []string{"<pdfuaid:part>1</pdfuaid:part>", "Politik – Nordkyst", "Årets &lt;bilag&gt;", "2026-03-02T09:00:00Z"} {
		if !strings.Contains(about, want) {
			t.Errorf("the metadata lack %s", want)
		}
	}
	for x := xml.NewDecoder(strings.NewReader(about)); ; {
		if _, err := x.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("the metadata are no XML: %v", err)
		}
	}
	fonts := 0
	for n := range r.objects {
		if dict := r.dict(n); strings.HasPrefix(dict, "<</Type /Font\n/Subtype /Type0") {
			fonts++
			if !strings.Contains(r.stream(number(t, regexp.MustCompile(`/ToUnicode (\d+)`), dict)), "beginbfrange") {
				t.Errorf("font %d cannot be read as text", n)
			}
		}
	}
	if fonts != 3 {
		t.Errorf("%d fonts, want regular, bold and mono", fonts)
	}
}

func TestWordsComeBackAsWritten(t *testing.T) {
	t.Parallel()
	for _, words := range []string{
		"Blåbærgrød på øen: »Æ Ø Å« – „citat“, café, 5 ≥ 3 · 1.000 €", `parentes ( ) og \ skråstreg`,
		"bindestreg- og ord-deling 2026-03-02",
	} {
		d := New(Meta{Title: "T", Created: created})
		d.Paragraph(words)
		if got, want := read(t, build(t, d)).tree(), "Document\n P: "+words+"\n"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestACharacterNoFontHasKeepsItsMeaning(t *testing.T) {
	t.Parallel()
	d := New(Meta{Title: "T", Created: created})
	d.Paragraph("før ✓ 𝔘 efter")
	r := read(t, build(t, d))
	var kept []string
	for n := range len(r.objects) {
		if m := regexp.MustCompile(`/S /Span .*/ActualText (<\w+>)`).FindStringSubmatch(r.dict(n + 1)); m != nil {
			kept = append(kept, unhex(t, m[1]))
		}
	}
	if got := strings.Join(kept, ""); got != "✓𝔘" {
		t.Errorf("got %q", got)
	}
	if got := r.tree(); !strings.HasPrefix(got, "Document\n P: før   efter\n  Span: □\n  Span: □\n") {
		t.Errorf("got %q", got)
	}
}

func TestHeadingsSkipNoLevel(t *testing.T) {
	t.Parallel()
	d := New(Meta{Title: "T", Created: created})
	for _, level := range []int{3, 2, 6, 0, 9} {
		d.Heading(level, "x")
	}
	if got, want := read(t, build(t, d)).tree(), "Document\n H1: x\n H2: x\n H3: x\n H1: x\n H2: x\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLinksLeadOnlyToTheWebAndToMail(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"https://a.dk/(x)": true, "HTTP://a.dk": true, "mailto:a@b.dk": true,
		"javascript:alert(1)": false, "file:///etc/passwd": false, "/risks": false, "": false,
	} {
		d := New(Meta{Title: "T", Created: created})
		d.Add(Paragraph{Text{{Words: "her", Link: address}}})
		file := build(t, d)
		if got := bytes.Contains(file, []byte("/URI "+ascii(address))) && strings.Contains(read(t, file).tree(), "Link: her@"); got != want {
			t.Errorf("%q: link %v, want %v", address, got, want)
		}
	}
}

func TestTheSameDocumentIsTheSameFile(t *testing.T) {
	t.Parallel()
	want := build(t, sample())
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if got, err := sample().Bytes(); err != nil || !bytes.Equal(got, want) {
				t.Errorf("another file, error %v", err)
			}
		})
	}
	all.Wait()
}

func TestADocumentNeedsATime(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "i går", "2026-03-02", "0001-01-01T00:00:00Z"} {
		if _, err := New(Meta{Title: "T", Created: bad}).Bytes(); err == nil {
			t.Errorf("%q was taken for a time", bad)
		}
	}
}

func TestTheFooterCountsPagesInTheLanguage(t *testing.T) {
	t.Parallel()
	for language, want := range map[string]string{"da-DK": "side 2 af 2", "en-GB": "page 2 of 2"} {
		d := New(Meta{Title: "Titel", Language: language, Created: created})
		d.Paragraph(strings.Repeat("Ord på en side. ", 500))
		r := read(t, build(t, d))
		list := r.sequences(r.pages()[1])
		if got := list[len(list)-1]; got.tag != "Artifact" || got.text != "Titel\u00a0· "+want {
			t.Errorf("%s: got %+v", language, got)
		}
	}
}

func TestHostileTextIsOnlyText(t *testing.T) {
	t.Parallel()
	for _, words := range []string{
		"", "\x00\x01\x1b", `\) Tj ET EMC (`, "EMC\r\nEMC", "\xff\xfe\xc3", "\uffff\ufffe\ud7ff", strings.Repeat("a", 100000),
		strings.Repeat("\n", 3000), strings.Repeat("- ", 20000), strings.Repeat("✓", 500),
	} {
		d := New(Meta{Title: words, Author: words, Subject: words, Created: created})
		d.Heading(1, words)
		d.Paragraph(words)
		d.Add(Paragraph{Text{{Words: words, Link: "https://a.dk/" + words}}})
		d.List(true, []string{words})
		d.Table(words, []string{words, words}, [][]string{{words, "x", words}})
		d.Clause(words, words, []string{words})
		r := read(t, build(t, d))
		for _, page := range r.pages() {
			r.sequences(page) // fails when the text broke out of its sequence
		}
	}
}

func BenchmarkFiftyPages(b *testing.B) {
	d := New(Meta{Title: "T", Created: created})
	for i := range 190 {
		d.Heading(2, fmt.Sprint("Afsnit ", i))
		d.Clause(fmt.Sprint("3.", i), strings.Repeat("Vi passer på det, vi har fået betroet. ", 8), []string{"Delvist", "7 af 9 planer prøvet"})
		d.Table("Systemer", []string{"Navn", "Ejer"}, [][]string{{"ESDH", "Arkivet"}, {"Løn", "HR"}})
	}
	for b.Loop() {
		file := build(b, d)
		b.ReportMetric(float64(len(file)), "bytes")
		b.ReportMetric(float64(bytes.Count(file, []byte("/Type /Page\n/StructParents"))), "pages")
	}
}
