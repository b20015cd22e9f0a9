package sheet

import (
	"encoding/xml"
	"errors"
	"strings"

	"vaern/internal/problem"
	"vaern/internal/unzip"
)

// What a workbook may hold. A list of 200,000 people with ten columns is within
// it; what holds more is refused before anything of it is kept.
const (
	mostUnpacked = 256 << 20 // bytes of XML: 200,000 rows have some hundred million
	mostElements = 10_000_000
	mostAside    = 400_000 // elements of what is neither rows nor texts: formats, names, relations
	mostTexts    = 1_000_000
	longestForm  = 300 // letters of a number's format; Excel takes 255
	mostSheets   = 200
)

// leftOut are parts of a workbook that say nothing of its cells. They are not
// unpacked, and what they point to outside the file is not looked at.
var leftOut = []string{"customxml/", "docprops/", "xl/activex/", "xl/calcchain", "xl/charts/", "xl/chartsheets/", "xl/comments", "xl/ctrlprops/", "xl/drawings/",
	"xl/embeddings/", "xl/externallinks/", "xl/media/", "xl/persons/", "xl/pivot", "xl/printersettings/", "xl/queries/", "xl/slicer", "xl/tables/",
	"xl/threadedcomments/", "xl/timeline", "xl/worksheets/_rels/"}

func wanted(name string) bool {
	for _, prefix := range leftOut {
		if strings.HasPrefix(name, prefix) {
			return false
		}
	}
	return strings.HasSuffix(name, ".xml") || strings.HasSuffix(name, ".rels")
}

// honest walks everything of a workbook that will be read, within bounds, and
// packs it anew without the rest.
func honest(data []byte) ([]byte, error) {
	a, err := unzip.Open(data, unzip.Bounds{Bytes: mostUnpacked, Elements: mostElements})
	if err != nil {
		return nil, unpacking(err)
	}
	c := census{}
	walked := map[string]bool{}
	for _, name := range a.Names {
		name = unzip.Same(name)
		if !wanted(name) || walked[name] {
			continue
		}
		walked[name] = true
		if err := a.Walk(name, c.counter(name)); err != nil {
			return nil, unpacking(err)
		}
	}
	out, err := a.Copy(wanted)
	if err != nil {
		return nil, unpacking(err)
	}
	return out, nil
}

func unpacking(err error) error {
	switch {
	case errors.Is(err, unzip.ErrTooLarge):
		return tooLarge()
	case errors.Is(err, unzip.ErrEncrypted), errors.Is(err, unzip.ErrDamaged), errors.Is(err, unzip.ErrNoPart):
		return noWorkbook()
	}
	return err
}

// census counts what is in a workbook.
type census struct {
	sheets, aside, texts int
}

// counter counts one part. Rows and cells are counted in each sheet.
func (c *census) counter(name string) func(xml.Token) error {
	rows, cells := 0, 0
	inSheet := strings.HasPrefix(name, "xl/worksheets/")
	if inSheet {
		c.sheets++
	}
	return func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		switch {
		case c.sheets > mostSheets:
			return tooLarge()
		case !ok:
			return nil
		case inSheet && e.Name.Local == "row":
			if rows++; rows > MostRows+1 {
				return tooManyRows()
			}
		case inSheet && e.Name.Local == "c":
			if cells++; cells > mostCells {
				return tooManyCells()
			}
		case inSheet, e.Name.Local == "t", e.Name.Local == "r", e.Name.Local == "rPr":
		case e.Name.Local == "si":
			if c.texts++; c.texts > mostTexts {
				return tooManyCells()
			}
		default:
			if c.aside++; c.aside > mostAside || e.Name.Local == "numFmt" && longForm(e) {
				return tooLarge()
			}
		}
		return nil
	}
}

func longForm(e xml.StartElement) bool {
	for _, a := range e.Attr {
		if len(a.Value) > longestForm {
			return true
		}
	}
	return false
}

func tooManyRows() error {
	return problem.New(problem.Invalid, "Regnearket har over 200.000 rækker. Del det i flere.",
		"The spreadsheet has over 200,000 rows. Split it into several.")
}

func tooManyCells() error {
	return problem.New(problem.Invalid, "Regnearket har over 2 millioner celler. Slet kolonner, der ikke skal bruges, eller del det i flere.",
		"The spreadsheet has over 2 million cells. Delete columns that are not needed, or split it into several.")
}

func tooLarge() error {
	return problem.New(problem.Invalid, "Regnearket fylder for meget, når det pakkes ud. Del det i flere.",
		"The spreadsheet is too large when unpacked. Split it into several.")
}
