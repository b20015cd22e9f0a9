package reading

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"vaern/internal/clause"
)

// word packs a Word file of the body's paragraphs, with the styles and lists that the tests use.
func word(t *testing.T, body string, more map[string]string) []byte {
	t.Helper()
	const space = ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"`
	parts := map[string]string{
		"word/document.xml": `<?xml version="1.0" encoding="UTF-8"?><w:document` + space + `><w:body>` + body + `</w:body></w:document>`,
		"word/styles.xml": `<w:styles` + space + `>
			<w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>
			<w:style w:styleId="Overskrift1"><w:name w:val="heading 1"/></w:style>
			<w:style w:styleId="Overskrift2"><w:name w:val="heading 2"/><w:basedOn w:val="Overskrift1"/></w:style>
			<w:style w:styleId="Kapitel"><w:name w:val="Kapitel"/><w:basedOn w:val="Overskrift1"/><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>
			<w:style w:styleId="Ring"><w:name w:val="Ring"/><w:basedOn w:val="Ring2"/></w:style>
			<w:style w:styleId="Ring2"><w:name w:val="Ring2"/><w:basedOn w:val="Ring"/></w:style>
			<w:style w:styleId="Indholdsfortegnelse1"><w:name w:val="toc 1"/></w:style></w:styles>`,
		"word/numbering.xml": `<w:numbering` + space + `>
			<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="·"/></w:lvl>
				<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl></w:abstractNum>
			<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
				<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>
			<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
			<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
			<w:num w:numId="3"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="4"/></w:lvlOverride></w:num></w:numbering>`,
	}
	for name, text := range more {
		parts[name] = text
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range parts {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func styled(style, text string) string {
	return `<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr><w:r><w:t>` + text + `</w:t></w:r></w:p>`
}

func plain(text string) string { return `<w:p><w:r><w:t>` + text + `</w:t></w:r></w:p>` }

func listed(id, level, text string) string {
	return `<w:p><w:pPr><w:numPr><w:ilvl w:val="` + level + `"/><w:numId w:val="` + id + `"/></w:numPr></w:pPr><w:r><w:t>` + text + `</w:t></w:r></w:p>`
}

// lines writes blocks one a line with their kind and depth.
func lines(blocks []clause.Block) string {
	var out []string
	for _, b := range blocks {
		line := strings.TrimSpace(b.Marker + " " + b.Text)
		switch b.Kind {
		case clause.Heading:
			line = strings.Repeat("#", b.Level) + " " + line
		case clause.Item:
			line = strings.Repeat("  ", b.Level) + line
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func TestWordFilesAreReadByTheirStyles(t *testing.T) {
	t.Parallel()
	for rule, c := range map[string]struct{ body, want string }{
		"title and headings by style": {
			styled("Titel", "Politik") + styled("Overskrift1", "Mål") + plain("Vi vil det.") + styled("Overskrift2", "Hvordan") + plain("Sådan."),
			"# Politik\n## Mål\nVi vil det.\n### Hvordan\nSådan."},
		"a style that is not described": {
			styled("Heading1", "Mål") + plain("Vi vil det."), "# Mål\nVi vil det."},
		"an outline level of the paragraph's own": {
			`<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:r><w:t>Mål</w:t></w:r></w:p>` + plain("Vi vil det."), "# Mål\nVi vil det."},
		"headings that Word numbers": {
			styled("Kapitel", "Mål") + plain("Vi vil det.") + styled("Kapitel", "Midler") + plain("Vi har det."), "# 4. Mål\nVi vil det.\n# 5. Midler\nVi har det."},
		"lists with bullets and numbers": {
			styled("Overskrift1", "Mål") + plain("Det er:") + listed("1", "0", "fred") + listed("1", "1", "her") + listed("1", "1", "der") + listed("1", "0", "ro") + listed("2", "0", "først") + listed("2", "1", "under"),
			"# Mål\nDet er:\n  - fred\n    a) her\n    b) der\n  - ro\n  1. først\n    1.1 under"},
		"what was deleted is left out, what was added stays": {
			styled("Overskrift1", "Mål") + `<w:p><w:r><w:t xml:space="preserve">Vi vil </w:t></w:r><w:del><w:r><w:delText>ikke </w:delText><w:t>ikke </w:t></w:r></w:del><w:ins><w:r><w:t>gerne det.</w:t></w:r></w:ins></w:p>`,
			"# Mål\nVi vil gerne det."},
		"hidden text and the table of contents are left out": {
			styled("Indholdsfortegnelse1", "Mål 1") + styled("Overskrift1", "Mål") + `<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>skjult</w:t></w:r><w:r><w:t>Synligt.</w:t></w:r></w:p>`,
			"# Mål\nSynligt."},
		"a table's rows are lines": {
			styled("Overskrift1", "Mål") + `<w:tbl><w:tr><w:tc>` + plain("Godkendt") + `</w:tc><w:tc>` + plain("3. maj") + plain("2024") + `</w:tc></w:tr></w:tbl>`,
			"# Mål\nGodkendt | 3. maj 2024"},
		"an empty cell keeps its place": {
			styled("Overskrift1", "Mål") + `<w:tbl><w:tr><w:tc>` + plain("Leder") + `</w:tc><w:tc><w:p></w:p></w:tc><w:tc>` + plain("Ja") + `</w:tc></w:tr><w:tr><w:tc><w:p></w:p></w:tc><w:tc><w:p></w:p></w:tc></w:tr></w:tbl>`,
			"# Mål\nLeder | | Ja"},
		"a frame of one cell is none": {
			`<w:tbl><w:tr><w:tc>` + styled("Overskrift1", "Mål") + plain("Vi vil det.") + `</w:tc></w:tr></w:tbl>`, "# Mål\nVi vil det."},
		"breaks, tabs and hyphens": {
			styled("Overskrift1", "Mål") + `<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr><w:r><w:t>It</w:t><w:noBreakHyphen/><w:t>drift</w:t><w:tab/><w:t>A.</w:t><w:br/><w:t>Ny linje.</w:t></w:r></w:p>`,
			"# Mål\nIt-drift A.\nNy linje."},
		"a drawing's text is read once": {
			styled("Overskrift1", "Mål") + `<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>` + plain("I en boks.") + `</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>` + plain("I en boks.") + `</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>`,
			"# Mål\nI en boks."},
		"styles that build on each other in a circle": {
			styled("Overskrift1", "Mål") + styled("Ring", "Vi vil det."), "# Mål\nVi vil det."},
		"without styles the text is read by its looks": {
			plain("1. Mål") + plain("Vi vil det, og vi gør det.") + plain("2. Midler") + plain("- Penge") + listed("1", "0", "Folk"),
			"# 1. Mål\nVi vil det, og vi gør det.\n# 2. Midler\n  - Penge\n  - Folk"},
		"letters as entities": {
			styled("Overskrift1", "M&#229;l &amp; midler") + plain("Vi vil det."), "# Mål & midler\nVi vil det."},
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			blocks, err := Read(context.Background(), "politik.docx", word(t, c.body, nil))
			if err != nil {
				t.Fatal(err)
			}
			if got := lines(blocks); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestHostileWordFilesAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		data []byte
		key  string
	}{
		"an entity from another file": {word(t, "", map[string]string{"word/document.xml": `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a><p><t>&x;</t></p></a>`}), Damaged},
		"an entity of its own":        {word(t, `<w:p><w:r><w:t>&lol;</w:t></w:r></w:p>`, nil), Damaged},
		"a bomb":                      {word(t, strings.Repeat(" ", int(most.Bytes)+1), nil), TooLarge},
		"more text than a policy":     {word(t, plain(strings.Repeat("alt ", mostText/4+1)), nil), TooLarge},
		"not to its end":              {word(t, `<w:p>`, nil), Damaged},
		"a spreadsheet":               {spreadsheet(t), Kind},
		"no words":                    {word(t, plain("12 34"), nil), NoText},
	} {
		_, err := Read(context.Background(), "politik.docx", c.data)
		var got *Error
		if !errors.As(err, &got) || got.Key != c.key {
			t.Errorf("%s: got %v, want %s", name, err, c.key)
		}
	}
}

func spreadsheet(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	if _, err := z.Create("xl/workbook.xml"); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
