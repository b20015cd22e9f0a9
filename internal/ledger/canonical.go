package ledger

import (
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Canonical appends v as RFC 8785 canonical JSON. It takes what a row holds:
// text, whole numbers, booleans and nothing, in maps and lists. Text that is
// no UTF-8 is an error, and so is a number that a double cannot hold.
func Canonical(b []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...), nil
	case bool:
		return strconv.AppendBool(b, v), nil
	case int:
		return whole(b, int64(v))
	case int64:
		return whole(b, v)
	case string:
		return quote(b, v)
	case []any:
		return list(b, v)
	case map[string]any:
		return object(b, v)
	}
	return nil, fmt.Errorf("ledger: a body cannot hold %T", v)
}

func whole(b []byte, n int64) ([]byte, error) {
	const most = 1 << 53
	if n > most || n < -most {
		return nil, fmt.Errorf("ledger: %d is no number of RFC 8785", n)
	}
	return strconv.AppendInt(b, n, 10), nil
}

func list(b []byte, v []any) (_ []byte, err error) {
	b = append(b, '[')
	for i, x := range v {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = Canonical(b, x); err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}

// object sorts by bytes, which for the ASCII names of columns is the order of
// UTF-16 units that the RFC asks for; any other name is refused.
func object(b []byte, v map[string]any) (_ []byte, err error) {
	names := make([]string, 0, len(v))
	for name := range v {
		if slices.ContainsFunc([]byte(name), func(c byte) bool { return c >= utf8.RuneSelf }) {
			return nil, fmt.Errorf("ledger: %q is no column", name)
		}
		names = append(names, name)
	}
	slices.Sort(names)
	b = append(b, '{')
	for i, name := range names {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = quote(b, name); err != nil {
			return nil, err
		}
		if b, err = Canonical(append(b, ':'), v[name]); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

func quote(b []byte, s string) ([]byte, error) {
	if !utf8.ValidString(s) {
		return nil, fmt.Errorf("ledger: text is not UTF-8")
	}
	b = append(b, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\b':
			b = append(b, `\b`...)
		case c == '\t':
			b = append(b, `\t`...)
		case c == '\n':
			b = append(b, `\n`...)
		case c == '\f':
			b = append(b, `\f`...)
		case c == '\r':
			b = append(b, `\r`...)
		case c < 0x20:
			b = fmt.Appendf(b, `\u%04x`, c)
		default:
			b = append(b, c)
		}
	}
	return append(b, '"'), nil
}
