package webhook

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"vaern/internal/hostile"
)

// endless says a beginning, and then the same for ever.
func endless(begin, again string) func(net.Conn) {
	return func(c net.Conn) {
		io.WriteString(c, begin)
		for block := strings.Repeat(again, 64<<10/len(again)); ; {
			if _, err := io.WriteString(c, block); err != nil {
				return
			}
		}
	}
}

func say(text string) func(net.Conn) { return func(c net.Conn) { io.WriteString(c, text) } }

// drip says a letter now and then.
func drip(begin string) func(net.Conn) {
	return func(c net.Conn) {
		io.WriteString(c, begin)
		for {
			if _, err := io.WriteString(c, "x"); err != nil {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
}

// bomb is a gigabyte that comes as a megabyte.
func bomb() string {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	hostile.Filled("", " ", "", 1<<30)(z)
	z.Close()
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", out.Len(), out.String())
}

// listen takes connections over TLS, reads what was asked and answers so.
func listen(t *testing.T, conf *tls.Config, answer func(net.Conn)) string {
	l, err := tls.Listen("tcp", "127.0.0.1:0", conf)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				if r, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
					io.Copy(io.Discard, r.Body)
					answer(c)
				}
			}()
		}
	}()
	return "https://" + l.Addr().String()
}

const fine = "HTTP/1.1 200 OK\r\n"

type rogue struct {
	says    func(net.Conn)
	arrives bool // the message, whatever comes with it
	silent  bool // nothing but time ends it
}

// receivers are all that mean harm; elsewhere is an address inside.
func receivers(elsewhere string) map[string]rogue {
	return map[string]rogue{
		"a body without end":           {says: endless(fine+"\r\n", "x"), arrives: true},
		"chunks without end":           {says: endless(fine+"Transfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n"), arrives: true},
		"a chunk without end":          {says: endless(fine+"Transfer-Encoding: chunked\r\n\r\nffffffff\r\n", "x"), arrives: true},
		"a gigabyte in a megabyte":     {says: say(bomb()), arrives: true},
		"a body letter by letter":      {says: drip(fine + "\r\n"), arrives: true, silent: true},
		"longer than it says":          {says: say(fine + "Content-Length: 1\r\n\r\n" + strings.Repeat("x", 1<<20)), arrives: true},
		"shorter than it says":         {says: say(fine + "Content-Length: 9223372036854775807\r\n\r\nx"), arrives: true},
		"headers of 100 kB":            {says: say(fine + "X: " + strings.Repeat("x", 100<<10) + "\r\n\r\n")},
		"headers without end":          {says: endless(fine, "X: x\r\n")},
		"a header without end":         {says: endless(fine+"X: ", "x")},
		"a first line without end":     {says: endless("HTTP/1.1 200 ", "x")},
		"headers letter by letter":     {says: drip(fine + "X: "), silent: true},
		"go on, without end":           {says: endless("", "HTTP/1.1 100 Continue\r\n\r\n")},
		"early hints, without end":     {says: endless("", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")},
		"another protocol":             {says: say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n")},
		"never a word":                 {says: func(c net.Conn) { io.Copy(io.Discard, c) }, silent: true},
		"nothing":                      {says: func(net.Conn) {}},
		"no HTTP":                      {says: say("220 x ESMTP\r\n")},
		"a number of no kind":          {says: say("HTTP/1.1 -200 OK\r\n\r\n")},
		"two lengths":                  {says: say(fine + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nx")},
		"zeros and no letters":         {says: say("HTTP/1.1 500 \x00\xff\x1b[2J\u202e\r\n\r\n")},
		"many letters":                 {says: say("HTTP/1.1 500 " + strings.Repeat("æ", 7000) + "\r\n\r\n")},
		"elsewhere, inside":            {says: say("HTTP/1.1 302 Found\r\nLocation: " + elsewhere + "\r\nContent-Length: 0\r\n\r\n")},
		"elsewhere, with what we said": {says: say("HTTP/1.1 307 Temporary Redirect\r\nLocation: " + elsewhere + "\r\nContent-Length: 0\r\n\r\n")},
		"elsewhere, a file":            {says: say("HTTP/1.1 301 Moved\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n")},
		"a way through another":        {says: say("HTTP/1.1 407 Proxy\r\nProxy-Authenticate: Basic\r\nRefresh: 0; url=" + elsewhere + "\r\n\r\n")},
	}
}

func TestReceiversThatMeanHarmCostLittle(t *testing.T) {
	signed := httptest.NewUnstartedServer(nil)
	signed.StartTLS()
	defer signed.Close()
	pool := x509.NewCertPool()
	pool.AddCert(signed.Certificate())
	var inside atomic.Int64
	secret := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { inside.Add(1) }))
	defer secret.Close()
	for name, c := range receivers(secret.URL) {
		client := client(append(loopback, netip.MustParsePrefix("::1/128")), &tls.Config{RootCAs: pool})
		if client.Timeout < time.Second || client.Timeout > 20*time.Second {
			t.Fatalf("it waits for %v", client.Timeout)
		}
		if client.Timeout = time.Minute; c.silent {
			client.Timeout = 2 * time.Second
		}
		to := &target{key: newKey()}
		to.URL = listen(t, signed.TLS, c.says)
		var o outcome
		begun := time.Now()
		hostile.Cost(t, name, hostile.Reader, func() { o = send(context.Background(), client, to, &Message{Type: "unit.create", id: "msg_1"}, begun) })
		if o.arrived != c.arrives || o.gone || time.Since(begun) > 30*time.Second {
			t.Errorf("%s: %+v after %v", name, o, time.Since(begun))
		}
		if o.answer == "" || len([]rune(o.answer)) > 200 || !utf8.ValidString(o.answer) || strings.ContainsFunc(o.answer, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("%s: the page says %q", name, o.answer)
		}
		client.CloseIdleConnections()
	}
	if inside.Load() != 0 {
		t.Error("somebody inside was asked")
	}
}

// A proxy that the machine's environment names would connect in our place, to
// addresses that it alone looks up.
func TestNothingGoesThroughAProxy(t *testing.T) {
	if client(nil, nil).Transport.(*http.Transport).Proxy != nil {
		t.Error("a proxy is asked for")
	}
}

// endlessBody is an answer that goes on, and knows how much of it was read.
type endlessBody struct{ read int }

func (b *endlessBody) Read(p []byte) (int, error) {
	if b.read > 1<<20 {
		return 0, io.EOF
	}
	b.read += len(p)
	return len(p), nil
}

func (b *endlessBody) Close() error { return nil }

// RoundTrip answers every message.
func (b *endlessBody) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Status: "200 OK", Body: b}, nil
}

// What a receiver answers is not read to its end.
func TestLittleOfAnAnswerIsRead(t *testing.T) {
	b := &endlessBody{}
	o := send(context.Background(), &http.Client{Transport: b}, &target{key: newKey(), Webhook: Webhook{URL: "https://x.example"}}, &Message{Type: "unit.create", id: "msg_1"}, time.Now())
	if !o.arrived || b.read == 0 || b.read > 32<<10 {
		t.Errorf("%+v, and %d bytes of the answer were read", o, b.read)
	}
}
