package pdf

import (
	"bytes"
	"strings"
	"sync"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gobolditalic"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// face is one of the embedded fonts.
type face int

const (
	regular face = iota
	bold
	italic
	boldItalic
	mono
	faces
)

// faceOf is the face of a run. Code has one face: weight inside code says nothing.
func faceOf(r Run) face {
	switch {
	case r.Mono:
		return mono
	case r.Bold && r.Italic:
		return boldItalic
	case r.Bold:
		return bold
	case r.Italic:
		return italic
	}
	return regular
}

var trueType = [faces][]byte{goregular.TTF, gobold.TTF, goitalic.TTF, gobolditalic.TTF, gomono.TTF}

// family is the name of a face inside the file.
var family = [faces]string{"goregular", "gobold", "goitalic", "gobolditalic", "gomono"}

// load gives a face to f, which gets its own copy since it writes into what it is given.
func load(f *fpdf.Fpdf, fc face) {
	f.AddUTF8FontFromBytes(family[fc], "", bytes.Clone(trueType[fc]))
}

// advances holds the width of each character in thousandths of the font size,
// 0 for those a face cannot draw. Read once: parsing a font costs more than a page.
var advances = sync.OnceValue(func() *[faces][1 << 16]uint16 {
	widths := new([faces][1 << 16]uint16)
	var buf sfnt.Buffer
	for fc := range faces {
		f, err := sfnt.Parse(trueType[fc])
		if err != nil {
			panic("pdf: font " + family[fc] + ": " + err.Error()) // part of the program, like a bad template
		}
		for r := range 1 << 16 {
			glyph, err := f.GlyphIndex(&buf, rune(r))
			if err != nil || glyph == 0 {
				continue
			}
			w, err := f.GlyphAdvance(&buf, glyph, fixed.I(1000), font.HintingNone)
			if err == nil && w > 0 {
				widths[fc][r] = uint16(w.Round())
			}
		}
	}
	return widths
})

// advance is the width of r at size 1, and whether the face can draw it.
func advance(fc face, r rune) (float64, bool) {
	if r >= 1<<16 {
		return 0, false
	}
	w := advances()[fc][r]
	return float64(w) / 1000, w > 0
}

// alike maps characters that the faces lack to ones that look and mean the same.
var alike = strings.NewReplacer(
	"\u2010", "-", "\u2011", "-", // hyphens
	"\u2009", "\u00a0", "\u202f", "\u00a0", "\u2007", "\u00a0", // narrow spaces that may not break
	"\r\n", "\n", "\r", "\n", "\t", " ",
	"\u00ad", "", "\u200b", "", "\u200c", "", "\u200d", "", "\ufeff", "", "\ufe0f", "",
	// letters written as two characters, as some machines store them
	"a\u030a", "å", "A\u030a", "Å", "e\u0301", "é", "E\u0301", "É",
	"a\u0308", "ä", "A\u0308", "Ä", "o\u0308", "ö", "O\u0308", "Ö", "u\u0308", "ü", "U\u0308", "Ü",
)
