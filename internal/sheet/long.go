package sheet

import (
	"bytes"
	"errors"

	"vaern/internal/problem"
)

// Long is a CSV file of any length. Its rows are read one by one, as often as
// somebody asks, and never stand in memory together.
type Long struct {
	Headings []string
	text     []byte
	between  rune
	head     int // the number of the row of headings
}

// errEnough ends the reading of a file of which enough was seen.
var errEnough = errors.New("enough")

// ReadLong reads a CSV file that may be longer than people's spreadsheets. A
// quotation mark that is missing is seen before any row is used.
func ReadLong(data []byte) (*Long, error) {
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) || bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")) {
		return nil, problem.New(problem.Invalid, "Så stor en fil skal være en .csv-fil. Gem den som CSV, og prøv igen.", "A file of that size must be a .csv file. Save it as CSV, and try again.")
	}
	text, err := decoded(data)
	if err != nil {
		return nil, err
	}
	f := &Long{}
	f.between, f.text = separator(text)
	top := &gathering{}
	err = lines(f.text, f.between, func(number int, cells []string) error {
		if len(top.rows) < 30 || len(cells) > MostColumns {
			return top.add(number, cells)
		}
		for _, c := range cells {
			if len(c) > longestCell*4 {
				return tooLong()
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	t, err := top.table()
	if err != nil {
		return nil, err
	}
	f.Headings, f.head = t.Headings, t.Rows[0].Number-1
	return f, nil
}

// Rows are the rows below the headings, each with its number in the file.
func (f *Long) Rows(yield func(int, []string) bool) {
	_ = lines(f.text, f.between, func(number int, cells []string) error { // ReadLong saw that it can be read
		for i, c := range cells {
			cells[i] = tidy(c)
		}
		if number > f.head && filled(cells) > 0 && !yield(number, cells) {
			return errEnough
		}
		return nil
	})
}
