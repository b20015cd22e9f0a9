package moduletest

import (
	"fmt"
	"mime"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script><a xlink:href="javascript:alert(3)"/></svg>`

// acts are files that would run where a browser opened them as what they are.
var acts = map[string]string{
	"tegning.svg": svg, "tegning.SVG": svg, "tegning.svgz": svg, "tegning.png.svg": svg,
	"tegning.png": svg, "tegning.jpg": svg, "tegning.webp": svg, "tegning.pdf": svg, "tegning.docx": svg, "tegning.txt": svg, "tegning.md": svg,
	"tegning.csv": svg, "tegning.json": svg, "tegning.eml": svg, "tegning.log": "\xef\xbb\xbf" + svg,
	"erklæret.txt": `<?xml version="1.0"?>` + svg, "med ord.txt": "Se her: " + svg, "brev.md": "# Hej\n\n" + svg + "\n<img src=x onerror=alert(4)>\n",
	"side.html": "<html>" + svg, "side.xhtml": `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">` + svg + "</html>", "side.xml": svg, "side.mht": svg, "side.txt": "<!DOCTYPE html><script>alert(5)</script>",
	"billede.gif": "GIF89a/*" + svg + "*/=alert(6)",
}

// names are what somebody may call a file; each is taken under another name
// where it would lead elsewhere, break a header or deceive.
var names = []string{
	"../../etc/passwd.pdf", `..\..\win.pdf`, `C:\Windows\system.pdf`, "/rod.pdf", "a\r\nSet-Cookie: session=x.pdf", "a\nX-Injected: 1.pdf", "a\x00.exe.pdf", "a\x1b[2J.pdf", "a\u0085\u2028\u2029b.pdf",
	"faktura\u202efdp.exe.pdf", "\u2066a\u2069\u200f\u061c.pdf", `a".pdf`, `a"; filename="ond.exe"; x=".pdf`, "a';filename*=utf-8''ond.exe;.pdf", "a%0d%0aX-Injected: 1.pdf", "%2e%2e%2fa.pdf",
	"con.pdf", "NUL.tar.pdf", "com1.pdf", "LPT³.pdf", "aux .pdf", "a.pdf:ond.exe.pdf", "<script>alert(1)</script>.pdf", `"><img src=x onerror=alert(1)>.pdf`, "{{.}}.pdf", "=cmd|' /C calc'!A0.pdf",
	strings.Repeat("x", 3000) + ".pdf", strings.Repeat("æ", 1000) + ".pdf", ".pdf", " .pdf", "-rf.pdf", "~.pdf", "årsrapport 2026 (endelig).pdf", "平.pdf",
}

// uploads attaches files that would act and files with names that deceive, and
// looks at how they come down.
func uploads(t *try) {
	path := t.create(1, "a")
	for name, content := range acts {
		code := t.upload(path, name, []byte(content)).Code
		if code != 422 && code != 303 || code == 303 && strings.Contains(strings.ToLower(name), "svg") {
			t.Errorf("%s: %d", name, code)
		}
	}
	for _, name := range names {
		if code := t.calling(path, name).Code; code != 303 {
			t.Errorf("%.60q: %d, want 303", name, code)
		}
	}
	page := t.want(t.get(t.on(path)+"file"), 200).Body.String()
	for _, bad := range []string{"<script>alert", "<img src=x", "\u202e", "\u2066", "\x1b", "Set-Cookie: session=x\r"} {
		if strings.Contains(page, bad) {
			t.Errorf("the list of files holds %q", bad)
		}
	}
	all := regexp.MustCompile(t.on(path)+`file/[0-9a-f-]{36}"`).FindAllString(page, -1)
	slices.Sort(all)
	all = slices.Compact(all)
	if len(all) < len(names) {
		t.Errorf("%d files are listed", len(all))
	}
	for _, file := range all {
		file = strings.TrimSuffix(file, `"`)
		for how, w := range map[string]*httptest.ResponseRecorder{
			"": t.get(file), "head": t.send("HEAD", file, "", ""), "a part": t.send("GET", file, "", "", "Range", "bytes=0-3"),
			"another type": t.send("GET", file, "", "", "Accept", "image/svg+xml,text/html"), "with words": t.get(file + "?type=text/html&disposition=inline"),
		} {
			if wrong := comesDown(w); wrong != "" {
				t.Errorf("%s (%s): %s", w.Header().Get("Content-Disposition"), how, wrong)
			}
		}
	}
}

// calling uploads a PDF under a name in which any letter can stand (RFC 8187).
func (t *try) calling(path, name string) *httptest.ResponseRecorder {
	body := "--line\r\nContent-Disposition: form-data; name=\"file\"; filename*=utf-8''" + strings.ReplaceAll(url.QueryEscape(name), "+", "%20") +
		"\r\nContent-Type: image/svg+xml\r\n\r\n%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n\r\n--line--\r\n"
	return t.send("POST", t.on(path)+"file", "multipart/form-data; boundary=line", body)
}

var device = regexp.MustCompile(`(?i)^(con|prn|aux|nul|(com|lpt)[0-9¹²³])([ .]|$)`)

// comesDown says what is wrong with how a file comes down, "" for nothing.
func comesDown(w *httptest.ResponseRecorder) string {
	h := w.Header()
	kind, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil || strings.Contains(kind, "svg") || strings.Contains(kind, "html") || strings.Contains(kind, "xml") && !strings.Contains(kind, "openxml") || strings.Contains(kind, "script") {
		return "it is of type " + h.Get("Content-Type")
	}
	if h.Get("Content-Security-Policy") != "default-src 'none'; sandbox" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "private, no-store" {
		return fmt.Sprintf("its headers are %v", h)
	}
	raw := h.Values("Content-Disposition")
	if len(raw) != 1 || strings.ContainsFunc(raw[0], func(r rune) bool { return r < ' ' || r > '~' }) {
		return fmt.Sprintf("its name stands as %q", raw)
	}
	how, params, err := mime.ParseMediaType(raw[0])
	name := params["filename"]
	if err != nil || how != "attachment" || len(params) != 1 {
		return fmt.Sprintf("it comes as %s with %v, %v", how, params, err)
	}
	if name == "" || !utf8.ValidString(name) || utf8.RuneCountInString(name) > 151 || device.MatchString(name) || strings.ContainsAny(name, `/\:*?"<>|`) ||
		strings.ContainsFunc(name, func(r rune) bool {
			return unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp)
		}) {
		return fmt.Sprintf("it is called %q", name)
	}
	for name, values := range h {
		if name == "X-Injected" || name == "Set-Cookie" || strings.ContainsAny(strings.Join(values, ""), "\r\n\x00") {
			return fmt.Sprintf("it sets %s: %q", name, values)
		}
	}
	return ""
}
