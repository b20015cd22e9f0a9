package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"vaern/internal/problem"
)

// csv reads text with separators.
func (g *gathering) csv(data []byte) error {
	text, err := decoded(data)
	if err != nil {
		return err
	}
	if bytes.IndexByte(text, 0) >= 0 {
		return noSpreadsheet()
	}
	between, text := separator(text)
	return lines(text, between, g.add)
}

// lines hands every row of a text to fn, with its number as Excel shows it.
func lines(text []byte, between rune, fn func(number int, cells []string) error) error {
	rows := &meter{from: bytes.NewReader(text)}
	r := reader(rows, between)
	number, line := 0, 0 // of the row before, and of the line where it ended
	for {
		cells, err := r.Read()
		if err == io.EOF {
			return nil
		}
		rows.begun = r.InputOffset()
		if errors.Is(err, errTooLong) {
			return tooLong()
		}
		if err != nil {
			return problem.New(problem.Invalid, "Filen kan ikke læses. Der mangler måske et anførselstegn.", "The file cannot be read. Perhaps a quotation mark is missing.")
		}
		begin, _ := r.FieldPos(0)
		number += begin - line // an empty line is a row, too
		line = begin
		for i, c := range cells {
			line += strings.Count(c, "\n")
			cells[i] = plain(c)
		}
		if err := fn(number, cells); err != nil {
			return err
		}
	}
}

// meter hands on a text until one row of it is too long.
type meter struct {
	from        io.Reader
	read, begun int64
}

var errTooLong = errors.New("a row is too long")

func (m *meter) Read(p []byte) (int, error) {
	if m.read-m.begun > longestRow {
		return 0, errTooLong
	}
	n, err := m.from.Read(p)
	m.read += int64(n)
	return n, err
}

func reader(text io.Reader, between rune) *csv.Reader {
	r := csv.NewReader(text)
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = between, true, -1
	return r
}

// decoded is the text in UTF-8: it says so, or it is, or Windows wrote it.
func decoded(data []byte) ([]byte, error) {
	var from encoding.Encoding
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return bytes.ToValidUTF8(data[3:], []byte("�")), nil
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		from = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
	case utf8.Valid(data):
		return data, nil
	default:
		from = charmap.Windows1252
	}
	var text bytes.Buffer
	text.Grow(len(data) + len(data)/8) // Danish letters take two bytes
	n, err := io.Copy(&text, io.LimitReader(from.NewDecoder().Reader(bytes.NewReader(data)), mostText+1))
	if err != nil {
		return nil, errors.Join(problem.New(problem.Invalid, "Filens tegn kan ikke læses. Gem den som UTF-8, og prøv igen.",
			"The characters of the file cannot be read. Save it as UTF-8, and try again."), err)
	}
	if n > mostText {
		return nil, tooLarge()
	}
	return text.Bytes(), nil
}

// separator finds what stands between the cells: Excel says it in the first
// line, or the rows at the top fall most evenly into the most cells.
func separator(text []byte) (rune, []byte) {
	if rest, ok := bytes.CutPrefix(text, []byte("sep=")); ok && len(rest) > 1 {
		if between := rune(rest[0]); strings.ContainsRune(";,\t|", between) {
			_, rest, _ = bytes.Cut(rest, []byte("\n"))
			return between, rest
		}
	}
	best, most := ';', 0
	for _, between := range ";,\t|" {
		widths := map[int]int{}
		r := reader(bytes.NewReader(text[:min(len(text), 64<<10)]), between)
		for range 50 {
			cells, err := r.Read()
			if err != nil {
				break
			}
			widths[len(cells)]++
		}
		for width, rows := range widths {
			if score := rows * (width - 1); score > most {
				best, most = between, score
			}
		}
	}
	return best, text
}

// A cell that a program could run as a formula is written behind an apostrophe;
// plain takes it away again.
const formulas = "=+-@\t\r＝＋－＠"

func plain(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && runs(rest) {
		return rest
	}
	return cell
}

func harmless(cell string) string {
	if !runs(cell) || number(cell) {
		return cell
	}
	return "'" + cell
}

func runs(cell string) bool {
	first, _ := utf8.DecodeRuneInString(cell)
	return strings.ContainsRune(formulas, first)
}

// number reports whether a text is a number as people write it, which runs as
// nothing else.
func number(text string) bool {
	digits := strings.TrimLeft(text, "-+")
	return len(text)-len(digits) <= 1 && digits != "" && strings.Trim(digits, "0123456789.,") == ""
}
