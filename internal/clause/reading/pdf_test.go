package reading

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"

	"vaern/internal/clause"
)

// TestMain lets the test binary stand in for the program: with the name of a child as its first argument it is that. The reader is
// compiled once for all tests.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && children[os.Args[1]] != nil {
		if err := children[os.Args[1]](os.Args[len(os.Args)-1]); err != nil {
			os.Exit(1)
		}
		return
	}
	os.Exit(tests(m))
}

const compiledIn = "VAERN_TEST_COMPILED"

func tests(m *testing.M) int {
	if os.Getenv(compiledIn) == "" {
		folder, err := os.MkdirTemp("", "compiled-*")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(folder)
		os.Setenv(compiledIn, folder)
	}
	PDF = func(_ context.Context, data []byte) (string, error) { return ReadPDF(data, os.Getenv(compiledIn)) }
	return m.Run()
}

// asProgram is how the program reads PDFs.
func asProgram(t *testing.T) func(context.Context, []byte) (string, error) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	folder := os.Getenv(compiledIn)
	return InChild(folder, self, "read-pdf", folder)
}

// printed makes a PDF of two pages with header, footer, headings, a list and a broken line.
func printed(t *testing.T, protect bool) []byte {
	t.Helper()
	p := fpdf.New("P", "mm", "A4", "")
	tr := p.UnicodeTranslatorFromDescriptor("")
	if protect {
		p.SetProtection(0, "hemmelig", "ejer")
	}
	p.SetHeaderFunc(func() {
		p.SetFont("Helvetica", "", 8)
		p.CellFormat(0, 6, tr("Grønlund Kommune · Politik"), "", 1, "L", false, 0, "")
		p.Ln(4)
	})
	p.SetFooterFunc(func() {
		p.SetY(-15)
		p.SetFont("Helvetica", "", 8)
		p.CellFormat(0, 6, tr("Side ")+string(rune('0'+p.PageNo())), "", 0, "C", false, 0, "")
	})
	heading := func(text string) {
		p.Ln(4)
		p.SetFont("Helvetica", "B", 13)
		p.MultiCell(0, 7, tr(text), "", "L", false)
		p.Ln(2)
		p.SetFont("Helvetica", "", 11)
	}
	p.AddPage()
	p.SetFont("Helvetica", "B", 20)
	p.MultiCell(0, 10, tr("Politik for sikkerhed på øen"), "", "L", false)
	p.SetFont("Helvetica", "", 11)
	p.MultiCell(0, 6, tr("Version 1.2\n3. juni 2025"), "", "L", false)
	heading("Hvorfor vi gør det")
	p.MultiCell(0, 6, tr("Grønlund Kommune har mange oplysninger om sine borgere, og de skal være i gode hænder. Derfor beskriver denne politik, hvad vi gør, hvem der gør det, og hvordan vi ved, at det virker."), "", "L", false)
	heading("Sådan gør vi")
	p.MultiCell(0, 6, tr("Vi holder fast i dette:"), "", "L", false)
	p.MultiCell(0, 6, tr("- Vi låser døren."), "", "L", false)
	p.MultiCell(0, 6, tr("- Vi spørger, når vi er i tvivl."), "", "L", false)
	p.AddPage()
	heading("Godkendelse")
	p.MultiCell(0, 6, tr("Vedtaget af Byrådet den 3. juni 2025."), "", "L", false)
	var out bytes.Buffer
	if err := p.Output(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestAPDFIsReadAsThePolicyItShows(t *testing.T) {
	blocks, err := Read(context.Background(), "politik.pdf", printed(t, false))
	if err != nil {
		t.Fatal(err)
	}
	d := clause.Parse(blocks, "2026-01-01")
	got := []string{d.Organisation, d.Title, d.Version, d.Dated}
	for _, s := range d.Sections {
		got = append(got, s.Number+" "+s.Title)
		for _, c := range s.Clauses {
			got = append(got, c.Kind+": "+c.Text)
		}
	}
	want := []string{"Grønlund Kommune", "Politik for sikkerhed på øen", "1.2", "2025-06-03",
		"1 Hvorfor vi gør det", "paragraph: Grønlund Kommune har mange oplysninger om sine borgere, og de skal være i gode hænder. Derfor beskriver denne politik, hvad vi gør, hvem der gør det, og hvordan vi ved, at det virker.",
		"2 Sådan gør vi", "paragraph: Vi holder fast i dette:", "item: Vi låser døren.", "item: Vi spørger, når vi er i tvivl.",
		"3 Godkendelse", "paragraph: Vedtaget af Byrådet den 3. juni 2025."}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("got\n%s\nwant\n%s\nfrom\n%v", g, w, blocks)
	}
}

func TestPDFsThatCannotBeReadSayWhy(t *testing.T) {
	empty := fpdf.New("P", "mm", "A4", "")
	empty.AddPage()
	empty.Rect(10, 10, 50, 50, "F")
	var scanned bytes.Buffer
	if err := empty.Output(&scanned); err != nil {
		t.Fatal(err)
	}
	whole := printed(t, false)
	for name, c := range map[string]struct {
		data []byte
		key  string
	}{
		"with a password":         {printed(t, true), Encrypted},
		"a picture of text":       {scanned.Bytes(), NoText},
		"only the first bytes":    {whole[:60], Damaged},
		"nothing behind the mark": {[]byte("%PDF-1.7\nnot one"), Damaged},
	} {
		_, err := Read(context.Background(), "x.pdf", c.data)
		var got *Error
		if !errors.As(err, &got) || got.Key != c.key {
			t.Errorf("%s: got %v, want %s", name, err, c.key)
		}
	}
}
