package backup

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"unicode/utf8"
)

// valuesOf reads a row as the writer wrote it: text, whole numbers, bytes and
// nothing, as many as there are places. It holds no more than they say.
func valuesOf(line []byte, values []any) (err error) {
	rest, ok := bytes.CutPrefix(line, []byte("["))
	if !ok || !utf8.Valid(line) {
		return damaged("a row is no row")
	}
	for i := range values {
		if i > 0 {
			if rest, ok = bytes.CutPrefix(rest, []byte(",")); !ok {
				return damaged("a row has %d values and not %d", i, len(values))
			}
		}
		if values[i], rest, err = value(rest); err != nil {
			return damaged("a row holds what no row does: %w", err)
		}
	}
	if string(rest) != "]" {
		return damaged("a row has more than %d values", len(values))
	}
	return nil
}

var (
	nothing    = []byte("null")
	asBytes    = []byte(`{"base64":`)
	endOfBytes = []byte("}")
)

// value reads the next value and returns what follows it.
func value(text []byte) (v any, rest []byte, err error) {
	if rest, ok := bytes.CutPrefix(text, nothing); ok {
		return nil, rest, nil
	}
	if packed, ok := bytes.CutPrefix(text, asBytes); ok {
		in, rest, err := quoted(packed)
		if err != nil {
			return nil, nil, err
		}
		b, err := base64.StdEncoding.DecodeString(in)
		if rest, ok = bytes.CutPrefix(rest, endOfBytes); err == nil && !ok {
			err = strconv.ErrSyntax
		}
		return b, rest, err
	}
	if bytes.HasPrefix(text, []byte(`"`)) {
		s, rest, err := quoted(text)
		return s, rest, err
	}
	n := 0
	for n < len(text) && (text[n] == '-' || text[n] >= '0' && text[n] <= '9') {
		n++
	}
	number, err := strconv.ParseInt(string(text[:min(n, 20)]), 10, 64)
	return number, text[n:], err
}

// quoted reads a text in quotes and returns what follows it.
func quoted(text []byte) (s string, rest []byte, err error) {
	if !bytes.HasPrefix(text, []byte(`"`)) {
		return "", nil, strconv.ErrSyntax
	}
	plain := true
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			plain = false
			i++
		case '"':
			if inside := text[1:i]; plain && !bytes.ContainsFunc(inside, func(r rune) bool { return r < 0x20 }) {
				return string(inside), text[i+1:], nil
			}
			err := json.Unmarshal(text[:i+1], &s)
			return s, text[i+1:], err
		}
	}
	return "", nil, strconv.ErrSyntax
}
