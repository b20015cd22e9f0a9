package main

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"strconv"
)

// deepest is how far a body may nest, so that no file can exhaust the stack.
const deepest = 1000

// checkBody checks that a body is an object of the published form, in the only
// text that RFC 8785 gives it. The error continues a sentence about the body.
func checkBody(body []byte, batch bool) error {
	r := reader{text: body}
	if batch {
		r.word(`{"changes":`)
		r.changes()
	} else {
		r.change()
	}
	r.word(`,"reason":`)
	r.string()
	r.word(`}`)
	if r.at < len(r.text) {
		r.fail("something follows its end")
	}
	return r.err
}

// reader walks JSON and stops at the first byte that canonical JSON would have
// written otherwise. The text is known to be UTF-8.
type reader struct {
	text []byte
	at   int
	err  error
}

// fail keeps the first fault and goes to the end, where every rule stops.
func (r *reader) fail(why string) {
	if r.err == nil {
		r.err = fmt.Errorf("is not canonical JSON (RFC 8785) of the published form: at byte %d %s", r.at, why)
	}
	r.at = len(r.text)
}

// peek returns the next byte; 0, which no rule allows, at the end.
func (r *reader) peek() byte {
	if r.at == len(r.text) {
		return 0
	}
	return r.text[r.at]
}

func (r *reader) word(want string) {
	if rest := r.text[r.at:]; len(rest) < len(want) || string(rest[:len(want)]) != want {
		r.fail("should stand " + want)
		return
	}
	r.at += len(want)
}

// changes are those of a batch: one at least, each whole in itself.
func (r *reader) changes() {
	r.word("[")
	for more := true; more; {
		r.change()
		r.word("}")
		more = r.next()
	}
	r.word("]")
}

// change is what became of one record, up to its end or its reason.
func (r *reader) change() {
	r.word(`{"after":`)
	r.row()
	r.word(`,"before":`)
	r.row()
}

// row is what a record was or is: its columns, or nothing.
func (r *reader) row() {
	if r.peek() == 'n' {
		r.word("null")
		return
	}
	r.object(1)
}

func (r *reader) value(depth int) {
	if depth > deepest {
		r.fail(fmt.Sprintf("it nests deeper than %d", deepest))
	}
	switch c := r.peek(); {
	case c == '"':
		r.string()
	case c == '{':
		r.object(depth)
	case c == '[':
		r.list(depth)
	case c == 'n':
		r.word("null")
	case c == 't':
		r.word("true")
	case c == 'f':
		r.word("false")
	default:
		r.number()
	}
}

func (r *reader) list(depth int) {
	r.word("[")
	for more := r.peek() != ']'; more; {
		r.value(depth + 1)
		more = r.next()
	}
	r.word("]")
}

func (r *reader) object(depth int) {
	r.word("{")
	var last []byte
	for more := r.peek() != '}'; more; {
		name := r.string()
		if last != nil && compareNames(last, name) >= 0 {
			r.fail("a name stands twice or out of order: " + shown(name))
		}
		if bytes.HasSuffix(name, []byte("_secret")) {
			r.fail("stands a secret column: " + shown(name))
		}
		last = name
		r.word(":")
		r.value(depth + 1)
		more = r.next()
	}
	r.word("}")
}

// next steps over the comma before a further member.
func (r *reader) next() bool {
	if r.peek() != ',' {
		return false
	}
	r.at++
	return true
}

// string returns what stands between the quotes, escapes and all: never nil
// when there was one.
func (r *reader) string() []byte {
	r.word(`"`)
	text, from := r.text, r.at
	for i := from; i < len(text); {
		switch c := text[i]; {
		case ordinary[c]:
			i++
		case c == '"':
			r.at = i + 1
			return text[from:i]
		case c == '\\':
			_, n := unescape(text[i:])
			if n == 0 {
				r.at = i
				r.fail("a character is escaped in another way than RFC 8785 does")
				return nil
			}
			i += n
		default:
			r.at = i
			r.fail("a control character is not escaped")
			return nil
		}
	}
	r.fail("a text does not end")
	return nil
}

// ordinary are the bytes that stand in a text as they are.
var ordinary = func() (table [256]bool) {
	for c := range table {
		table[c] = c >= 0x20 && c != '"' && c != '\\'
	}
	return table
}()

// unescape returns the character of an escape and the escape's length; 0 when
// canonical JSON has no such escape.
func unescape(text []byte) (char byte, length int) {
	if len(text) < 2 {
		return 0, 0
	}
	if i := bytes.IndexByte([]byte(`"\bfnrt`), text[1]); i >= 0 {
		return "\"\\\b\f\n\r\t"[i], 2
	}
	if len(text) < 6 || string(text[:4]) != `\u00` {
		return 0, 0
	}
	code, err := strconv.ParseUint(string(text[4:6]), 16, 8)
	if err != nil || code >= 0x20 || bytes.IndexByte([]byte("\b\f\n\r\t"), byte(code)) >= 0 {
		return 0, 0
	}
	if string(text[4:6]) != fmt.Sprintf("%02x", code) {
		return 0, 0
	}
	return byte(code), 6
}

// compareNames orders names as RFC 8785 does: by UTF-16 units. That is the
// order of UTF-8 bytes, but for what UTF-16 writes as surrogates (four bytes,
// from 0xF0), which there come before U+E000 to U+FFFF (from 0xEE).
func compareNames(a, b []byte) int {
	a, b = plain(a), plain(b)
	for i := range min(len(a), len(b)) {
		if x, y := a[i], b[i]; x != y {
			if x >= 0xEE && y >= 0xEE && (x >= 0xF0) != (y >= 0xF0) {
				return cmp.Compare(y, x)
			}
			return cmp.Compare(x, y)
		}
	}
	return cmp.Compare(len(a), len(b))
}

// plain resolves the escapes of a text that string accepted.
func plain(text []byte) []byte {
	if bytes.IndexByte(text, '\\') < 0 {
		return text
	}
	var out []byte
	for len(text) > 0 {
		char, n := text[0], 1
		if char == '\\' {
			char, n = unescape(text)
		}
		out, text = append(out, char), text[n:]
	}
	return out
}

func (r *reader) number() {
	from := r.at
	for c := r.peek(); c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E'; c = r.peek() {
		r.at++
	}
	text := r.text[from:r.at]
	if isSmallWhole(text) {
		return
	}
	if f, err := strconv.ParseFloat(string(text), 64); err != nil || string(appendNumber(nil, f)) != string(text) {
		r.at = from
		r.fail("should stand a value, and a number as ECMAScript writes it")
	}
}

// isSmallWhole spares the common numbers the way through a double: any that has
// at most 15 digits comes back as it was.
func isSmallWhole(text []byte) bool {
	if len(text) == 1 && text[0] == '0' {
		return true
	}
	digits := bytes.TrimPrefix(text, []byte{'-'})
	if len(digits) == 0 || len(digits) > 15 || digits[0] == '0' {
		return false
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// appendNumber writes a number as ECMAScript does: the shortest digits that
// give it back, plain from 1e-6 to below 1e21.
func appendNumber(b []byte, f float64) []byte {
	if f == 0 {
		return append(b, '0') // -0 too
	}
	if size := math.Abs(f); size >= 1e-6 && size < 1e21 {
		return strconv.AppendFloat(b, f, 'f', -1, 64)
	}
	b = strconv.AppendFloat(b, f, 'e', -1, 64)
	// Go writes at least two digits of an exponent, ECMAScript does not.
	if n := len(b); n > 4 && b[n-2] == '0' && (b[n-3] == '-' || b[n-3] == '+') {
		b = append(b[:n-2], b[n-1])
	}
	return b
}
