package sheet

import (
	"bytes"
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
	"vaern/internal/problem"
)

const inMemory = 4 << 20 // bytes: rows and texts larger than this are unpacked to a file

// xlsx reads the first sheet that says something.
func (g *gathering) xlsx(data []byte) error {
	data, err := honest(data)
	if err != nil {
		return err
	}
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: mostUnpacked, UnzipXMLSizeLimit: inMemory})
	if err != nil {
		return noWorkbook()
	}
	defer book.Close()
	if props, err := book.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		g.source.Later = *props.Date1904
	}
	for _, name := range book.GetSheetList() {
		visible, err := book.GetSheetVisible(name)
		switch {
		case err != nil:
		case visible && len(g.rows) == 0:
			g.source.Sheet = name
			if err := g.worksheet(book, name); err != nil {
				return err
			}
		case !says(book, name):
		case visible:
			g.source.Left = append(g.source.Left, name)
		default:
			g.source.Covered = append(g.source.Covered, name)
		}
	}
	if len(g.source.Left)+len(g.source.Covered) == 0 {
		g.source.Sheet = "" // there is no other that could be meant
	}
	return nil
}

func noWorkbook() error {
	return problem.New(problem.Invalid, "Filen kan ikke læses som et regneark. Åbn den i Excel, gem den igen som .xlsx, og prøv igen.",
		"The file cannot be read as a spreadsheet. Open it in Excel, save it again as .xlsx, and try again.")
}

func says(book *excelize.File, name string) bool {
	rows, err := book.Rows(name)
	if err != nil {
		return false
	}
	defer rows.Close()
	for n := 0; rows.Next() && n < 50; n++ {
		if cells, err := rows.Columns(); err == nil && filled(cells) > 0 {
			return true
		}
	}
	return false
}

// worksheet walks the sheet twice side by side: the values as they are stored,
// and as they are shown. A number that is shown as a day is a day; any other
// number is read as it is stored, so that no format rounds it.
func (g *gathering) worksheet(book *excelize.File, name string) error {
	stored, err := book.Rows(name)
	if err != nil {
		return noWorkbook()
	}
	defer stored.Close()
	shown, err := book.Rows(name)
	if err != nil {
		return noWorkbook()
	}
	defer shown.Close()
	for number := 1; stored.Next() && shown.Next(); number++ {
		cells, err := stored.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return noWorkbook()
		}
		looks, err := shown.Columns(excelize.Options{ShortDatePattern: "yyyy-mm-dd"})
		if err != nil {
			return noWorkbook()
		}
		for i := range cells {
			if i < len(looks) {
				cells[i] = value(cells[i], looks[i], g.source.Later)
			}
		}
		if stored.GetRowOpts().Hidden {
			g.hides(number)
		}
		if err := g.add(number, cells); err != nil {
			return err
		}
	}
	if err := stored.Error(); err != nil && !errors.Is(err, excelize.ErrMaxRows) {
		return noWorkbook()
	}
	return nil
}

func (g *gathering) hides(row int) {
	if g.hidden == nil {
		g.hidden = map[int]bool{}
	}
	g.hidden[row] = true
}

// daylike is how a day may be shown: three parts, of which the middle one may
// be a name, perhaps after the weekday and before the time.
var daylike = regexp.MustCompile(`(?i)(\d{1,4})[-./ ]+(\d{1,2}|\pL{3,})[-./, ]+(\d{1,4})`)

// value is a cell as people mean it.
func value(stored, shown string, later bool) string {
	n, err := strconv.ParseFloat(stored, 64)
	if err != nil || stored == shown {
		return stored
	}
	if shown == "TRUE" || shown == "FALSE" {
		return strings.ToLower(shown)
	}
	if day, ok := day(n, shown, later); ok {
		return day
	}
	if n == math.Trunc(n) && math.Abs(n) < 1<<53 {
		return strconv.FormatInt(int64(n), 10) // not 1.2E+12
	}
	return stored
}

// day is the day that a number is, if it is shown as that day.
func day(n float64, shown string, later bool) (string, bool) {
	parts := daylike.FindStringSubmatch(shown)
	if n < 1 || n > 2_958_465 || parts == nil {
		return "", false
	}
	t, err := excelize.ExcelDateToTime(n, later)
	if err != nil {
		return "", false
	}
	year, short := strconv.Itoa(t.Year()), strconv.Itoa(t.Day())
	sameYear := func(s string) bool { return s == year || len(s) == 2 && s == year[2:] }
	sameDay := func(s string) bool { return strings.TrimPrefix(s, "0") == short }
	for _, fits := range []bool{
		sameYear(parts[1]) && sameDay(parts[3]),
		sameDay(parts[1]) && sameYear(parts[3]),
		sameDay(parts[2]) && sameYear(parts[3]), // American
	} {
		if fits {
			return t.Format(time.DateOnly), true
		}
	}
	return "", false
}
