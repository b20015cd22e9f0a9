package hostile

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"iter"
	"slices"
	"strings"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Part is one file of an archive: its content, or what says it piece by piece.
type Part struct {
	Name string
	Text string
	Long func(w io.Writer)
}

// Zip packs an archive.
func Zip(parts ...Part) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, p := range parts {
		w := must(z.Create(p.Name))
		must(io.WriteString(w, p.Text))
		if p.Long != nil {
			p.Long(w)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// Filled writes a text again and again between two others, without holding it.
func Filled(before, again, after string, times int) func(w io.Writer) {
	return func(w io.Writer) {
		must(io.WriteString(w, before))
		block := strings.Repeat(again, max(1, 64<<10/len(again)))
		for n := times * len(again); n > 0; n -= len(block) {
			must(io.WriteString(w, block[:min(n, len(block))]))
		}
		must(io.WriteString(w, after))
	}
}

// Overlapping packs an archive whose many entries are all the same bytes: it is
// small, and unpacks to times as much. The names come from name.
func Overlapping(size, times int, name func(i int) string) []byte {
	one := Zip(Part{Name: name(0), Long: Filled("", " ", "", size)})
	from := bytes.Index(one, []byte("PK\x01\x02"))
	end := bytes.LastIndex(one, []byte("PK\x05\x06"))
	entry := one[from:end]
	named := 46
	was := int(binary.LittleEndian.Uint16(entry[28:]))
	out := bytes.NewBuffer(slices.Clone(one[:from]))
	for i := range times {
		e := slices.Clone(entry[:named])
		binary.LittleEndian.PutUint16(e[28:], uint16(len(name(i))))
		out.Write(e)
		out.WriteString(name(i))
		out.Write(entry[named+was:])
	}
	size, tail := out.Len()-from, slices.Clone(one[end:])
	binary.LittleEndian.PutUint16(tail[8:], uint16(times))
	binary.LittleEndian.PutUint16(tail[10:], uint16(times))
	binary.LittleEndian.PutUint32(tail[12:], uint32(size))
	out.Write(tail)
	return out.Bytes()
}

// Lying makes each entry of an archive claim another size than it has.
func Lying(archive []byte, size uint32) []byte {
	out := slices.Clone(archive)
	for at := 0; ; at += 4 {
		next := bytes.Index(out[at:], []byte("PK\x01\x02"))
		if next < 0 {
			return out
		}
		at += next
		binary.LittleEndian.PutUint32(out[at+24:], size)
	}
}

// Locked is an archive whose parts say that a password protects them.
func Locked(archive []byte) []byte {
	out := bytes.Clone(archive)
	for head, flags := range map[string]int{"PK\x03\x04": 6, "PK\x01\x02": 8} {
		for at := 0; ; at += flags {
			i := bytes.Index(out[at:], []byte(head))
			if i < 0 {
				break
			}
			at += i
			out[at+flags] |= 1
		}
	}
	return out
}

// Cuts are a file cut short at many places, the last of them near its end.
func Cuts(whole []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		const places = 60
		for i := 1; i <= places; i++ {
			if !yield(whole[:len(whole)*i/(places+1)]) {
				return
			}
		}
		for i := range min(8, len(whole)) {
			if !yield(whole[:len(whole)-1-i]) {
				return
			}
		}
	}
}

// Encoded is a text in every encoding that it may come in and in those that
// are none; Good says of which a reader should find the letters again.
func Encoded(text string) iter.Seq2[string, []byte] {
	wide := func(order unicode.Endianness, mark unicode.BOMPolicy) []byte {
		return must(unicode.UTF16(order, mark).NewEncoder().Bytes([]byte(text)))
	}
	// What Windows lacks becomes a question mark.
	windows := []byte(strings.Map(func(r rune) rune {
		if _, ok := charmap.Windows1252.EncodeRune(r); !ok {
			return '?'
		}
		return r
	}, text))
	all := map[string][]byte{
		"Windows-1252":                 must(charmap.Windows1252.NewEncoder().Bytes(windows)),
		"UTF-8 with a mark":            []byte("\ufeff" + text),
		"UTF-16":                       wide(unicode.LittleEndian, unicode.UseBOM),
		"UTF-16, other order":          wide(unicode.BigEndian, unicode.UseBOM),
		"UTF-16 without a mark":        wide(unicode.LittleEndian, unicode.IgnoreBOM),
		"UTF-16 cut in half a letter":  wide(unicode.LittleEndian, unicode.UseBOM)[:len(text)|1],
		"bytes of zero":                []byte(strings.ReplaceAll(text, " ", "\x00")),
		"broken UTF-8":                 []byte(text + "\xc3\x28 \xe2\x28\xa1 \xff"),
		"overlong UTF-8":               []byte(text + "\xc0\xaf\xe0\x80\xaf\xf0\x80\x80\xaf"),
		"surrogates in UTF-8":          []byte(text + "\xed\xa0\x80\xed\xb0\x80"),
		"letters turned round":         []byte(text + " \u202egnp.exe\u202c \u2066x\u2069"),
		"UTF-8 read as Windows's once": []byte(string(must(charmap.Windows1252.NewDecoder().Bytes([]byte(text))))),
	}
	return func(yield func(string, []byte) bool) {
		for name, data := range all {
			if !yield(name, data) {
				return
			}
		}
	}
}

// PNG is a picture that claims a size it does not have.
func PNG(width, height uint32) []byte {
	out := []byte("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, body []byte) {
		out = binary.BigEndian.AppendUint32(out, uint32(len(body)))
		out = append(append(out, kind...), body...)
		out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(append([]byte(kind), body...)))
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	chunk("IHDR", append(head, 8, 6, 0, 0, 0))
	chunk("IDAT", []byte{0x78, 0x9c, 3, 0, 0, 0, 0, 1})
	chunk("IEND", nil)
	return out
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err) // what is written here stands in this file
	}
	return v
}
