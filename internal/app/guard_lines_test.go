package app

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"

	"vaern/internal/web"
)

// forgery ends a line, and then begins a header, an answer and a line of the log.
const forgery = "x\r\nX-Forged: 1\r\nSet-Cookie: forged4711=1\r\n\r\n<b>\n{\"level\":\"ERROR\",\"msg\":\"forged4711\"}\n\u2028\x1b[2J"

// lines is a log that several write to.
type lines struct {
	mu sync.Mutex
	bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Buffer.Write(p)
}

// injects puts ends of lines wherever a request has words: in places, parameters,
// headers and fields. No answer has a header of ours, and the log no line of ours.
func (b *burglar) injects() {
	b.everything()
	log, was, site := &lines{}, slog.Default(), b.site
	slog.SetDefault(slog.New(slog.NewJSONHandler(log, nil)))
	defer slog.SetDefault(was)
	front := new(serve).watched(b.in, site)
	send := func(from, method, path, body string) {
		w := b.through(front, method, path, body)
		b.unforged(from, w)
	}
	query := url.Values{}
	for _, name := range []string{"q", "filter", "sort", "next", "back", "cursor", "as_of", "lang", "from", "to", "view", "columns", "limit", "saved", "unit", "title"} {
		query.Set(name, forgery)
	}
	sent := 0
	b.ways(func(r web.Route, method, path string, _ bool) {
		_, pattern, _ := strings.Cut(r.Pattern, " ")
		send(r.Pattern, method, path+"?"+query.Encode(), "")
		send(r.Pattern+" in its place", method, aPlace.ReplaceAllString(strings.TrimSuffix(pattern, "{$}"), url.PathEscape(forgery)), "")
		sent += 2
		if !looks(method) || strings.HasPrefix(path, "/api/") {
			return
		}
		for _, f := range formsIn(b.ask(method, path, "").Body.String()) {
			if f.method != "post" || f.action == "" || f.action == "/sign-out" {
				continue
			}
			values := url.Values{}
			for name := range f.values {
				values.Set(name, forgery)
			}
			send("POST "+f.action, http.MethodPost, f.action, values.Encode())
			sent++
		}
	})
	written := strings.TrimSpace(log.String())
	if n := strings.Count(written, "\n") + 1; sent < 800 || n < 2*sent {
		b.Errorf("%d requests left %d lines", sent, n)
	}
	for line := range strings.SplitSeq(written, "\n") {
		var said map[string]any
		if err := json.Unmarshal([]byte(line), &said); err != nil || said["level"] != "INFO" || said["msg"] != "request" || strings.Contains(line, "forged4711") {
			b.Errorf("the log has the line %.300s", line)
		}
	}
}

// forgeable are the headers that somebody may read of a request.
var forgeable = []string{"Accept", "Accept-Language", "Authorization", "Content-Type", "Cookie", "Forwarded", "If-Match", "If-None-Match", "Idempotency-Key", "Range",
	"Referer", "User-Agent", "X-Forwarded-For", "X-Forwarded-Host", "X-Request-Id", "HX-Current-URL", "HX-Request"}

// through asks twice, the second time with the forgery in every header, and
// returns the headers of both answers.
func (b *burglar) through(front http.Handler, method, path, body string) http.Header {
	all := http.Header{}
	for _, forged := range []bool{false, true} {
		r := httptest.NewRequestWithContext(b.Context(), method, "/", strings.NewReader(body))
		at, err := url.ParseRequestURI(path)
		if err != nil {
			b.Fatalf("%s: %v", path, err)
		}
		r.URL, r.RequestURI = at, path
		switch {
		case forged:
			for _, name := range forgeable {
				r.Header.Set(name, forgery)
			}
		case !looks(method):
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		w := httptest.NewRecorder()
		front.ServeHTTP(w, r)
		for name, values := range w.Header() {
			all[name] = append(all[name], values...)
		}
	}
	return all
}

// unforged holds that an answer's headers are its own.
func (b *burglar) unforged(from string, h http.Header) {
	for name, values := range h {
		for _, value := range values {
			if name == "X-Forged" || strings.ContainsAny(value, "\r\n\x00") || name == "Set-Cookie" && strings.HasPrefix(value, "forged") {
				b.Errorf("%s: %s is %q", from, name, value)
			}
		}
	}
}
