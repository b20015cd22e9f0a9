package sheet

import (
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
	"vaern/internal/i18n"
)

// Source is what a spreadsheet was read from, where that is not all that its file holds, or not only what people see in it.
type Source struct {
	Sheet   string   `json:"sheet,omitempty"`           // the one that was read, where others say something too
	Left    []string `json:"sheets_not_read,omitempty"` // those
	Covered []string `json:"hidden_sheets,omitempty"`   // and those of which a person sees nothing
	Hidden  int      `json:"hidden_rows,omitempty"`     // rows that were read, and that a person does not see
	Later   bool     `json:"since_1904,omitempty"`      // days are counted from 1904, as Excel for Mac did
}

// Day is a cell of a column of days. One that has lost its format holds how many have passed: since 1900, as who reads days takes
// it, or since 1904, and then this is that day.
func (s Source) Day(cell string) string {
	n, err := strconv.ParseFloat(cell, 64)
	if !s.Later || err != nil || n < 10_000 || n >= 100_000 { // of five figures, as those of people's days are
		return cell
	}
	day, err := excelize.ExcelDateToTime(n, true)
	if err != nil {
		return cell
	}
	return day.Format(time.DateOnly)
}

// Told is what people are told of it before anything counts.
func (s Source) Told() (out []i18n.Text) {
	for _, some := range []struct {
		names []string
		text  i18n.Text
	}{
		{s.Left, i18n.Text{"Filen har flere ark. Kun %s er læst; sprunget over er %s. Skal et andet læses, så flyt det forrest i regnearket, og vælg filen igen.",
			"The file has several sheets. Only %s was read; skipped are %s. To read another, move it to the front of the spreadsheet, and choose the file again."}},
		{s.Covered, i18n.Text{"Filen har skjulte ark. Kun %s er læst; sprunget over er %s.", "The file has hidden sheets. Only %s was read; skipped are %s."}},
	} {
		if len(some.names) > 0 {
			out = append(out, some.text.Naming(quoted(s.Sheet), quoted(some.names...)))
		}
	}
	if s.Hidden > 0 {
		out = append(out, i18n.Text{"%s er taget med. Er det ikke meningen, så slet det skjulte i regnearket, og vælg filen igen.",
			"Also read: %s. If that is not meant, delete what is hidden in the spreadsheet, and choose the file again."}.Naming(many(s.Hidden)))
	}
	return out
}

func many(rows int) i18n.Text {
	one, more := i18n.Text{"skjult række", "hidden row"}, i18n.Text{"skjulte rækker", "hidden rows"}
	return i18n.Text{i18n.Da.Plural(int64(rows), one, more), i18n.En.Plural(int64(rows), one, more)}
}

func quoted(names ...string) i18n.Text {
	return i18n.Text{"»" + strings.Join(names, "«, »") + "«", "“" + strings.Join(names, "”, “") + "”"}
}
