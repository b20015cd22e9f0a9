package app

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/web"

	"golang.org/x/net/html"
)

// inspects looks at what every page says of itself and asks for.
func (b *burglar) inspects() {
	opened := 0
	for _, signedIn := range []bool{true, false} {
		b.Actor = access.Actor{}
		if signedIn {
			b.everything()
		}
		b.ways(func(r web.Route, method, path string, _ bool) {
			w := b.ask(method, path, "")
			opened++
			b.strict(r.Pattern, w)
			b.plain(r.Pattern, w)
		})
	}
	b.strict("an address that is not text", b.ask("GET", "/rule?q=%ff", ""))
	b.strict("no such page", b.ask("GET", "/"+nothing, ""))
	if opened < 500 {
		b.Errorf("only %d answers were looked at", opened)
	}
}

// strict holds an answer to the headers that keep browsers from mischief.
func (b *burglar) strict(from string, w *httptest.ResponseRecorder) {
	h := w.Header()
	if csp := h.Get("Content-Security-Policy"); !(strings.Contains(csp, "default-src 'self'") && strings.Contains(csp, "frame-ancestors 'none'") &&
		strings.Contains(csp, "base-uri 'none'") && strings.Contains(csp, "form-action 'self'") || strings.Contains(csp, "default-src 'none'; sandbox")) ||
		strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") {
		b.Errorf("%s: the policy is %q", from, csp)
	}
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
		"Strict-Transport-Security": "max-age=31536000; includeSubDomains"} {
		if got := h.Get(name); got != want {
			b.Errorf("%s: %s is %q", from, name, got)
		}
	}
	if !strings.Contains(h.Get("Cache-Control"), "no-store") {
		b.Errorf("%s may be kept: %q", from, h.Get("Cache-Control"))
	}
	for name := range h {
		if strings.HasPrefix(name, "Access-Control-") || name == "Server" || name == "X-Powered-By" {
			b.Errorf("%s says %s", from, name)
		}
	}
	for _, c := range w.Result().Cookies() {
		if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || !strings.HasPrefix(c.Name, "__Host-") {
			b.Errorf("%s sets a cookie that others can use: %s", from, c.Raw)
		}
	}
}

// asks are the attributes that make a browser ask for something.
var asks = []string{"src", "srcset", "action", "formaction", "poster", "data", "background", "ping", "manifest", "hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete"}

// plain finds script and style in the page itself, and whatever is asked for
// elsewhere.
func (b *burglar) plain(from string, w *httptest.ResponseRecorder) {
	if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		return
	}
	z := html.NewTokenizer(w.Body)
	for {
		switch z.Next() {
		case html.ErrorToken:
			if z.Err() != io.EOF {
				b.Errorf("%s: %v", from, z.Err())
			}
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			b.tag(from, z.Token())
		}
	}
}

func (b *burglar) tag(from string, t html.Token) {
	attr := map[string]string{}
	for _, a := range t.Attr {
		attr[a.Key] = a.Val
		value := strings.ToLower(strings.TrimSpace(a.Val))
		switch {
		case strings.HasPrefix(a.Key, "on"), a.Key == "style", strings.HasPrefix(a.Key, "hx-on"), strings.HasPrefix(a.Key, "hx-vals") && strings.HasPrefix(value, "js:"):
			b.Errorf("%s: <%s %s> acts in the page", from, t.Data, a.Key)
		case strings.HasPrefix(value, "javascript:"), strings.HasPrefix(value, "vbscript:"), strings.HasPrefix(value, "data:") && !strings.HasPrefix(value, "data:image/png"):
			b.Errorf("%s: <%s %s=%.40s>", from, t.Data, a.Key, a.Val)
		case slices.Contains(asks, a.Key) || a.Key == "href" && t.Data != "a":
			if !(strings.HasPrefix(value, "/") && !strings.HasPrefix(value, "//") || value == "" || strings.HasPrefix(value, "?") || strings.HasPrefix(value, "#") || strings.HasPrefix(value, "data:image/png")) {
				b.Errorf("%s asks elsewhere: <%s %s=%.60s>", from, t.Data, a.Key, a.Val)
			}
		}
	}
	switch t.Data {
	case "style", "iframe", "object", "embed", "base", "frame", "applet":
		b.Errorf("%s has <%s>", from, t.Data)
	case "script":
		if attr["src"] == "" {
			b.Errorf("%s has a script in the page", from)
		}
	case "a":
		if attr["target"] == "_blank" && !strings.Contains(attr["rel"], "noopener") {
			b.Errorf("%s opens %s with a way back", from, attr["href"])
		}
	}
}

// hostile is a text that breaks out of whatever is not written as text.
const hostile = `x"'><script>alert(1)</script><img src=x onerror=alert(2)>[a](javascript:alert(3))`

// unharmed finds what of a hostile text came back as more than text.
func (b *burglar) unharmed(from string, w *httptest.ResponseRecorder) {
	if w.Code >= 500 {
		b.Errorf("%s: %d", from, w.Code)
	}
	kind := w.Header().Get("Content-Type")
	if w.Body.Len() > 0 && kind == "" && w.Code != http.StatusSeeOther && w.Code != http.StatusNotModified {
		b.Errorf("%s does not say what it answers with: %d", from, w.Code)
	}
	b.plain(from, w)
}

// reflects asks for every page with a hostile text in every parameter that its
// forms have.
func (b *burglar) reflects() {
	b.everything()
	names := map[string]bool{"q": true, "filter": true, "sort": true, "next": true, "after": true, "before": true, "as": true, "at": true, "lang": true, "from": true, "view": true}
	b.ways(func(_ web.Route, method, path string, _ bool) {
		if looks(method) && !strings.HasPrefix(path, "/api/") {
			for _, f := range formsIn(b.ask(method, path, "").Body.String()) {
				for name := range f.values {
					names[name] = true
				}
			}
		}
	})
	query := url.Values{}
	for name := range names {
		query.Set(name, hostile)
	}
	b.ways(func(r web.Route, method, path string, _ bool) {
		if looks(method) {
			b.unharmed(r.Pattern, b.ask(method, path+"?"+query.Encode(), ""))
		}
	})
}

// plants sends every form with a hostile text wherever one can write, and then
// looks at every page.
func (b *burglar) plants() {
	b.everything()
	var all []form
	b.ways(func(_ web.Route, method, path string, _ bool) {
		if looks(method) && !strings.HasPrefix(path, "/api/") {
			all = append(all, formsIn(b.ask(method, path, "").Body.String())...)
		}
	})
	sent, kept := 0, 0
	for _, f := range all {
		if f.method != "post" || f.action == "" || f.action == "/sign-out" {
			continue
		}
		everywhere := url.Values{}
		for name := range f.values {
			everywhere.Set(name, hostile)
		}
		b.unharmed("POST "+f.action, b.ask(http.MethodPost, f.action, everywhere.Encode()))
		sent++
		if b.insists(f) {
			kept++
		}
	}
	b.Logf("%d forms sent, %d kept", sent, kept)
	if sent < 80 || kept < 20 {
		b.Errorf("only %d forms were sent and %d kept", sent, kept)
	}
	b.ways(func(r web.Route, method, path string, _ bool) {
		if looks(method) {
			b.unharmed(r.Pattern+" afterwards", b.ask(method, path, ""))
		}
	})
	b.plantsEverywhere()
}

// plantsEverywhere writes the hostile text into every field of every register
// that takes words, and looks at each page that shows the record.
func (b *burglar) plantsEverywhere() {
	planted := 0
	for _, m := range b.in.engine.Modules {
		id, err := b.at.record(b.Context(), m.Name)
		if err != nil {
			b.Fatal(err)
		}
		if m.Plural == "" || m.Kept || id == "" {
			continue
		}
		kept := false
		for _, f := range m.Fields {
			if f.Set || f.Kind != field.Text {
				continue
			}
			path, body := "/api/v1/"+m.Plural+"/"+id, ""
			if text, err := json.Marshal(map[string]string{f.Name: hostile}); err == nil {
				body = string(text)
			}
			tag := b.ask("GET", path, "").Header().Get("ETag")
			kept = b.ask("PATCH", path, body, "If-Match", tag).Code == http.StatusOK || kept // a mail address takes no such words
		}
		if !kept {
			continue
		}
		planted++
		on := "/on/" + m.Name + "/" + id + "/"
		shown := 0
		for _, path := range []string{"/" + m.Name + "?q=alert", "/" + m.Name + "/" + id, "/" + m.Name + "/" + id + "?lang=en", "/" + m.Name + "/" + id + "/edit", "/" + m.Name + "/" + id + "/versions",
			on + "history", on + "link", on + "comment", on + "file", on + "tasks", "/history/" + m.Name + "/" + id, "/pick/" + m.Name + "?q=alert", "/search?q=alert", "/search/suggest?q=alert"} {
			w := b.ask("GET", path, "")
			shown += strings.Count(w.Body.String(), "&lt;script")
			b.unharmed(path, w)
		}
		if shown < 3 {
			b.Errorf("what is planted in a %s is shown %d times: this test plants in vain", m.Name, shown)
		}
	}
	if planted < 10 {
		b.Errorf("only %d registers took a hostile text", planted)
	}
}

// insists sends a form with a hostile text wherever one can write, then without
// it in the fields that were refused, until it is kept or nothing is left.
func (b *burglar) insists(f form) (kept bool) {
	written := maps.Clone(f.free)
	for range 4 {
		values := maps.Clone(f.values)
		for name := range written {
			values.Set(name, hostile)
		}
		w := b.ask(http.MethodPost, f.action, values.Encode())
		if w.Code == http.StatusSeeOther {
			return true
		}
		before := len(written)
		for _, again := range formsIn(w.Body.String()) {
			for name := range again.wrong {
				delete(written, name)
			}
		}
		b.unharmed("POST "+f.action, w)
		if len(written) == before {
			return false
		}
	}
	return false
}
