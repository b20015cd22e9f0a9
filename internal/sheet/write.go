package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"vaern/internal/i18n"
)

// Kind is what the cells of a column hold.
type Kind int

// Kinds of columns. A day is written as 2026-12-31.
const (
	Text Kind = iota
	Number
	Day
)

// Heading is a column that is written.
type Heading struct {
	Label string
	Kind  Kind
}

// Rows hands over the rows one by one and ends with what went wrong, if anything.
type Rows func(write func(cells []string) error) error

// CSV writes a spreadsheet as Excel opens it in a language: UTF-8 with its mark,
// semicolons in Danish.
func CSV(out io.Writer, l i18n.Lang, head []Heading, rows Rows) error {
	if _, err := io.WriteString(out, "\ufeff"); err != nil {
		return err
	}
	w := csv.NewWriter(out)
	w.UseCRLF = true
	if l == i18n.Da {
		w.Comma = ';'
	}
	write := func(cells []string) error {
		safe := make([]string, len(cells))
		for i, c := range cells {
			safe[i] = harmless(c)
		}
		return w.Write(safe)
	}
	labels := make([]string, len(head))
	for i, h := range head {
		labels[i] = h.Label
	}
	if err := write(labels); err != nil {
		return err
	}
	if err := rows(write); err != nil {
		return err
	}
	w.Flush()
	return w.Error()
}

// XLSX writes a spreadsheet whose headings stay in sight. Text is stored as
// text, which no program runs.
func XLSX(out io.Writer, title string, head []Heading, rows Rows) (err error) {
	book := excelize.NewFile()
	defer book.Close()
	name := sheetName(title)
	if err := book.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	w, err := book.NewStreamWriter(name)
	if err != nil {
		return err
	}
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	format := "yyyy-mm-dd"
	date, err := book.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err != nil {
		return err
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	top := make([]any, len(head))
	for i, h := range head {
		if err := w.SetColWidth(i+1, i+1, float64(min(max(utf8.RuneCountInString(h.Label)+2, 14), 40))); err != nil {
			return err
		}
		top[i] = excelize.Cell{StyleID: bold, Value: h.Label}
	}
	if err := w.SetRow("A1", top); err != nil {
		return err
	}
	n := 1
	err = rows(func(cells []string) error {
		n++
		row := make([]any, len(cells))
		for i, c := range cells {
			row[i] = typed(head[i].Kind, c, date)
		}
		return w.SetRow("A"+strconv.Itoa(n), row)
	})
	if err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if _, err := book.WriteTo(out); err != nil {
		return fmt.Errorf("spreadsheet: %w", err)
	}
	return nil
}

// typed is a cell as its column holds it; what does not fit is text.
func typed(kind Kind, cell string, date int) any {
	switch kind {
	case Number:
		if n, err := strconv.ParseInt(cell, 10, 64); err == nil {
			return n
		}
	case Day:
		if t, err := time.Parse(time.DateOnly, cell); err == nil {
			return excelize.Cell{StyleID: date, Value: t}
		}
	}
	if cell == "" {
		return nil
	}
	return cell
}

// sheetName is a title as Excel allows one.
func sheetName(title string) string {
	title = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return ' '
		}
		return r
	}, title)
	if r := []rune(title); len(r) > 31 {
		title = string(r[:31])
	}
	if title = strings.TrimSpace(title); title == "" {
		return "Ark1"
	}
	return title
}
