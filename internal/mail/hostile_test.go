package mail_test

import (
	"bufio"
	"net"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"vaern/internal/hostile"
	"vaern/internal/mail"
	"vaern/internal/store"
)

// rogue is a mail server that says what it likes: to whoever comes, and then to
// each command by its first word; "" is said to every other.
type rogue struct {
	greets func(net.Conn)
	says   map[string]func(net.Conn)
}

func say(text string) func(net.Conn) { return func(c net.Conn) { c.Write([]byte(text)) } }

// endless says a beginning, and then the same for ever.
func endless(begin, again string) func(net.Conn) {
	return func(c net.Conn) {
		c.Write([]byte(begin))
		for block := []byte(strings.Repeat(again, 64<<10/len(again))); ; {
			if _, err := c.Write(block); err != nil {
				return
			}
		}
	}
}

// drip says a letter now and then.
func drip(c net.Conn) {
	for {
		if _, err := c.Write([]byte("2")); err != nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func silence(net.Conn) {}

// polite is what a server says that takes mail.
var polite = map[string]func(net.Conn){"EHLO": say("250-x\r\n250 8BITMIME\r\n"), "DATA": say("354 go on\r\n"), "": say("250 ok\r\n"), "QUIT": say("221 bye\r\n")}

func (r rogue) serve(c net.Conn) {
	defer c.Close()
	if r.greets == nil {
		r.greets = say("220 x\r\n")
	}
	r.greets(c)
	in := bufio.NewScanner(c)
	for letter := false; in.Scan(); {
		word, _, _ := strings.Cut(in.Text(), " ")
		if letter && word != "." {
			continue
		}
		answer := r.says[word]
		if answer == nil {
			answer = polite[word]
		}
		if answer == nil {
			answer = polite[""]
		}
		letter = word == "DATA"
		answer(c)
	}
}

func (r rogue) listen(t *testing.T) (host string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
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
			go r.serve(c)
		}
	}()
	return l.Addr().String()
}

// wrong is a server that means harm.
type wrong struct {
	rogue
	safe    bool // TLS is demanded
	refused bool // for good, and not tried again
	silent  bool // nothing but time ends it
}

// servers are all of them, by what they do.
func servers() map[string]wrong {
	on := func(word string, f func(net.Conn)) rogue { return rogue{says: map[string]func(net.Conn){word: f}} }
	tls := func(f func(net.Conn)) rogue {
		return rogue{says: map[string]func(net.Conn){"EHLO": say("250-x\r\n250 STARTTLS\r\n"), "STARTTLS": f}}
	}
	return map[string]wrong{
		"a line without end":           {rogue: rogue{greets: endless("220 ", "x")}},
		"lines without end":            {rogue: rogue{greets: endless("", "220-x\r\n")}},
		"never a word":                 {rogue: rogue{greets: silence}, silent: true},
		"a letter at a time":           {rogue: rogue{greets: drip}, silent: true},
		"no mail server":               {rogue: rogue{greets: say("HTTP/1.1 200 OK\r\n\r\n")}},
		"no number":                    {rogue: rogue{greets: say("\xff\x00\r\n")}},
		"a number of no kind":          {rogue: rogue{greets: say("999 x\r\n")}},
		"it takes none":                {rogue: rogue{greets: say("554 no\r\n")}},
		"abilities without end":        {rogue: on("EHLO", endless("", "250-X\r\n"))},
		"no abilities":                 {rogue: on("EHLO", silence), silent: true},
		"STARTTLS taken away":          {rogue: rogue{}, safe: true},
		"STARTTLS refused":             {rogue: tls(say("454 not now\r\n")), safe: true},
		"STARTTLS with more behind it": {rogue: tls(say("220 go\r\n250 ok\r\n")), safe: true},
		"STARTTLS and then noise":      {rogue: tls(endless("220 go\r\n", "\x16\x03\x01\xff\xff")), safe: true},
		"STARTTLS and then nothing":    {rogue: tls(say("220 go\r\n")), safe: true},
		"another answer to a sender":   {rogue: on("MAIL", say("354 go on\r\n"))},
		"an address refused in zeros":  {rogue: on("RCPT", say("550 5.1.1 \x00no\xff such\x1b[2J\r\n")), refused: true},
		"refused in many letters":      {rogue: on("RCPT", say("550 5.1.1 "+strings.Repeat("æ", 20_000)+"\r\n")), refused: true},
		"an address without end":       {rogue: on("RCPT", endless("250 ", "x"))},
		"a letter that is never taken": {rogue: on(".", silence), silent: true},
	}
}

func TestServersThatMeanHarmCostLittleAndTheMailWaits(t *testing.T) {
	for name, c := range servers() {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, s *store.Store, _ *clock, _ func() *store.Store) {
				put(t, s, hello(1))
				from := &mail.Sender{Store: s, From: "vaern@x.dk", Name: "X Kommune", Base: "https://vaern.x.dk"}
				at := c.rogue.listen(t)
				if c.safe {
					at = strings.Replace(at, "127.0.0.1", "x.invalid", 1) // this machine would do without
				}
				var err error
				if from.Server, err = mail.ParseServer("smtp://" + at); err != nil {
					t.Fatal(err)
				}
				from.Server.Host, from.Server.Timeout = "127.0.0.1", time.Minute
				if c.silent {
					from.Server.Timeout = 500 * time.Millisecond
				}
				sent, begun := 0, time.Now()
				hostile.Cost(t, name, hostile.Reader, func() { sent, err = from.Pass(t.Context()) })
				if sent != 0 || (err == nil) != c.refused || time.Since(begun) > 30*time.Second {
					t.Errorf("%d sent after %v: %v", sent, time.Since(begun), err)
				}
				if strings.HasSuffix(name, "s without end") && !strings.Contains(err.Error(), "more than any mail server") { // not only late
					t.Errorf("all of it was heard: %v", err)
				}
				state, refused := look(t, s)
				said := state.Fault
				if c.refused {
					holds(t, s, 0, 0, 1)
					said = refused[0].Answer
				} else {
					holds(t, s, 1, 0, 0)
				}
				if said == "" || len([]rune(said)) > 300 || !utf8.ValidString(said) || strings.ContainsAny(said, "\x00\x1b\n") {
					t.Errorf("the page says %q", said)
				}
			})
		})
	}
}
