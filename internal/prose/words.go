package prose

import (
	"html"
	"net/url"
	"strings"

	"github.com/yuin/goldmark/util"
)

// words is Markdown text with its escapes and entities read: `\*` is "*" and
// "&aring;" is "å".
func words(raw []byte) string {
	if !strings.ContainsAny(string(raw), `\&`) {
		return string(raw)
	}
	var b strings.Builder
	for i := 0; i < len(raw); i++ {
		switch {
		case raw[i] == '\\' && i+1 < len(raw) && util.IsPunct(raw[i+1]):
			i++
			b.WriteByte(raw[i])
		case raw[i] == '&':
			entity := raw[i:min(i+40, len(raw))]
			end := strings.IndexByte(string(entity), ';') + 1
			b.WriteString(html.UnescapeString(string(entity[:max(end, 1)])))
			i += max(end, 1) - 1
		default:
			b.WriteByte(raw[i])
		}
	}
	return b.String()
}

// address is a link's address if it is safe: the web, mail, or a place in Værn.
// Every other address is "", and its words are no link.
func address(raw []byte) string {
	written := words(raw)
	if strings.ContainsFunc(written, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\\' }) {
		return "" // browsers drop some of these and read a backslash as a slash
	}
	a := string(util.URLEscape([]byte(strings.TrimSpace(written)), false))
	u, err := url.Parse(a)
	if err != nil {
		return ""
	}
	switch {
	case (u.Scheme == "http" || u.Scheme == "https") && u.Host != "":
	case u.Scheme == "mailto" && u.Opaque != "":
	case u.Scheme == "" && u.Host == "" && !strings.HasPrefix(a, "//"):
	default:
		return ""
	}
	return a
}

// outside tells whether a safe address leads out of Værn.
func outside(address string) bool {
	a := strings.ToLower(address)
	return strings.HasPrefix(a, "http:") || strings.HasPrefix(a, "https:")
}
