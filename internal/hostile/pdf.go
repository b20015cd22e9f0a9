package hostile

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"strings"
)

// pdf writes objects with their table as a PDF whose catalog is object 1.
func pdf(objects ...string) []byte {
	var out bytes.Buffer
	out.WriteString("%PDF-1.7\n")
	at := make([]int, len(objects))
	for i, o := range objects {
		at[i] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	from := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(&out, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&out, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, from)
	return out.Bytes()
}

func packed(long func(io.Writer)) string {
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	long(z)
	if err := z.Close(); err != nil {
		panic(err)
	}
	return fmt.Sprintf("<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream", out.Len(), out.String())
}

const (
	catalog = "<</Type/Catalog/Pages 2 0 R>>"
	one     = "<</Type/Pages/Kids[3 0 R]/Count 1>>"
	page    = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
	font    = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
)

// PDFs are PDFs that harm who trusts them, by what is wrong with them.
func PDFs() map[string][]byte {
	line := "BT /F 10 Tf 50 800 Td (Politik for alt, hvad vi har.) Tj ET\n"
	return map[string][]byte{
		"pages in a circle":        pdf(catalog, "<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2>>", "<</Type/Pages/Parent 2 0 R/Kids[2 0 R]/Count 2>>"),
		"a page is its own parent": pdf(catalog, one, "<</Type/Page/Parent 3 0 R/Contents 3 0 R>>"),
		"a form that draws itself": pdf(catalog, one, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>",
			"<</Length 5>>stream\n/X Do\nendstream", "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>/Length 5>>stream\n/X Do\nendstream"),
		"a length that asks itself":  pdf(catalog, one, page, "<</Length 4 0 R>>stream\n"+line+"endstream", font),
		"a table of itself":          []byte("%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\nxref\n0 1\n0000000000 65535 f \ntrailer<</Size 2/Root 1 0 R/Prev 50>>\nstartxref\n50\n%%EOF"),
		"brackets in brackets":       pdf(catalog, one, page, strings.Repeat("[", 1_000_000), font),
		"dictionaries in each other": pdf(catalog, "<</Type/Pages/Count 1/Kids["+strings.Repeat("<</A", 500_000)+"]>>"),
		"a million pages":            pdf(catalog, "<</Type/Pages/Count 1000000/Kids["+strings.Repeat("3 0 R ", 1_000_000)+"]>>", page, "<</Length 0>>stream\nendstream", font),
		"a stream of a gigabyte":     pdf(catalog, one, page, packed(Filled("", " ", "", 1<<30)), font),
		"a page of a million words":  pdf(catalog, one, page, packed(Filled("BT /F 10 Tf 50 800 Td ", "(Politik for alt, hvad vi har.) Tj ", "ET", 1_000_000)), font),
		"a filter in a filter":       pdf(catalog, one, page, "<</Length 9/Filter["+strings.Repeat("/FlateDecode ", 100_000)+"]>>stream\n123456789\nendstream", font),
		"a page as large as Denmark": pdf(catalog, one, strings.Replace(page, "595 842", "1e30 1e30", 1), "<</Length 5>>stream\n"+line[:5]+"\nendstream", font),
		"twenty megabytes of noise":  append(append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("1 0 obj<</A 1 0 R>>endobj\n"), 20<<20/26-10)...), "%%EOF"...),
	}
}
