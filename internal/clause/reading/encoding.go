package reading

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	utf "golang.org/x/text/encoding/unicode"
)

// decode gives the text of a text file, in whichever of the usual encodings it was saved.
func decode(data []byte) (string, error) {
	text, err := encodingOf(data).NewDecoder().Bytes(data)
	if err != nil {
		return "", &Error{Damaged}
	}
	out := strings.TrimPrefix(string(text), "\ufeff")
	switch {
	case len(out) > mostText:
		return "", &Error{TooLarge}
	case !isText(out):
		return "", &Error{Kind}
	}
	return strings.Map(shown, out), nil
}

// shown drops what no reader sees and no database keeps, and what turns text round.
func shown(r rune) rune {
	if r == utf8.RuneError || unicode.IsControl(r) && !strings.ContainsRune("\n\r\t\f\v", r) || unicode.Is(unicode.Bidi_Control, r) {
		return -1
	}
	return r
}

func encodingOf(data []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		return utf.UTF16(utf.LittleEndian, utf.ExpectBOM)
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return utf.UTF16(utf.BigEndian, utf.ExpectBOM)
	case utf8.Valid(data) && !bytes.ContainsRune(data, 0):
		return encoding.Nop
	}
	switch odd, even := zeros(data); { // UTF-16 without a mark: every other byte of Danish text is zero
	case odd > len(data)/4:
		return utf.UTF16(utf.LittleEndian, utf.IgnoreBOM)
	case even > len(data)/4:
		return utf.UTF16(utf.BigEndian, utf.IgnoreBOM)
	}
	return charmap.Windows1252
}

// zeros counts the zero bytes at odd and at even places.
func zeros(data []byte) (odd, even int) {
	for i, b := range data {
		if b == 0 && i%2 == 1 {
			odd++
		} else if b == 0 {
			even++
		}
	}
	return odd, even
}

// isText tells text from pictures and programs, and from text that is the source of something else.
func isText(text string) bool {
	start := strings.ToLower(strings.TrimSpace(text[:min(len(text), 200)]))
	for _, other := range []string{`{\rtf`, "<!doctype", "<html", "<?xml", "%!ps"} {
		if strings.HasPrefix(start, other) {
			return false
		}
	}
	strange, all := 0, 0
	for _, r := range text {
		all++
		if r == utf8.RuneError || unicode.IsControl(r) && !strings.ContainsRune("\n\r\t\f\v", r) {
			strange++
		}
	}
	return strange*50 <= all
}
