package mail_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"vaern/internal/i18n"
	"vaern/internal/mail"
	"vaern/internal/store"

	"github.com/emersion/go-smtp"
)

const user = "vaern:s%3Ae%2Fc%40ret@"

func hello(n int) mail.Message {
	return mail.Message{To: fmt.Sprintf("p%d@x.dk", n), Person: fmt.Sprint("p", n), Subject: "Læs de nye regler", Text: "Hej. Læs reglerne.", Path: "/rule/1", Why: "du arbejder her."}
}

func TestMailIsSentOverTLSWithAPassword(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *clock, _ func() *store.Store) {
		for kind, scheme := range map[string]string{"starttls": "smtp", "tls": "smtps"} {
			k := listen(t, kind, func(k *sink) { k.auth = true })
			put(t, s, hello(1))
			from := k.sender(s, scheme, user, "")
			if kind == "starttls" { // 127.0.0.1 would do without
				from.Server, _ = mail.ParseServer("smtp://" + user + strings.Replace(k.address, "127.0.0.1", "x.invalid", 1))
				from.Server.Host, from.Server.Roots = "127.0.0.1", k.roots
			}
			n, err := from.Pass(t.Context())
			if err != nil || n != 1 || len(k.letter) != 1 || k.user != "vaern" {
				t.Fatalf("%s: %d sent by %q: %v", kind, n, k.user, err)
			}
			h := k.letter[0].Header
			for name, want := range map[string]string{
				"Auto-Submitted": "auto-generated", "List-Unsubscribe": "<https://vaern.x.dk/me/mail>", "To": "<p1@x.dk>",
				"Subject": "=?UTF-8?q?L=C3=A6s_de_nye_regler?=", "Date": "Mon, 02 Mar 2026 10:00:00 +0100", "Content-Language": "da",
			} {
				if got := h.Get(name); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
			if from, err := h.AddressList("From"); err != nil || from[0].Address != "vaern@x.dk" || from[0].Name != "Værn, X Kommune" {
				t.Errorf("from %v: %v", from, err)
			}
			for _, want := range []string{"https://vaern.x.dk/rule/1", "du arbejder her.", "https://vaern.x.dk/me/mail"} {
				if !strings.Contains(k.body[0], want) {
					t.Errorf("the mail lacks %q:\n%s", want, k.body[0])
				}
			}
		}
		holds(t, s, 0, 2, 0)
		kept := ""
		if err := s.Peek(t.Context(), func(q *store.Read) error { return q.Row(`SELECT max(text) FROM work_mail`, nil, &kept) }); err != nil || kept != "" {
			t.Errorf("the text %q is kept after it was sent: %v", kept, err)
		}
	})
}

func TestNothingIsSentToAServerThatIsNotVerified(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *clock, _ func() *store.Store) {
		put(t, s, hello(1))
		stranger, open := listen(t, "tls", nil), listen(t, "plain", nil)
		unknown := stranger.sender(s, "smtps", "", "")
		unknown.Server.Roots = nil
		plain := open.sender(s, "smtp", "", "")
		plain.Server, _ = mail.ParseServer("smtp://x.invalid:1") // STARTTLS, which is not on offer
		_, port, _ := strings.Cut(open.address, ":")
		plain.Server.Host = "127.0.0.1"
		fmt.Sscan(port, &plain.Server.Port)
		wrong := listen(t, "tls", func(k *sink) { k.auth = true }).sender(s, "smtps", "vaern:wrong@", "")
		for name, from := range map[string]*mail.Sender{"a stranger": unknown, "without TLS": plain, "a wrong password": wrong} {
			if n, err := from.Pass(t.Context()); err == nil || n != 0 || strings.Contains(err.Error(), "vaern:wrong") {
				t.Errorf("%s: %d sent: %v", name, n, err)
			}
			if state, _ := look(t, s); state.Fault == "" || state.Failed == "" {
				t.Errorf("%s: the page tells nothing", name)
			}
		}
		if len(stranger.letter)+len(open.letter) != 0 {
			t.Error("mail went out")
		}
		holds(t, s, 1, 0, 0)
		if n, err := open.sender(s, "smtp", "", "?tls=none").Pass(t.Context()); err != nil || n != 1 {
			t.Errorf("when it is said, it is sent without TLS: %d %v", n, err)
		}
		if state, _ := look(t, s); state.Fault != "" {
			t.Errorf("the page still tells of %s", state.Fault)
		}
	})
}

func TestARefusedAddressIsToldAndStopsNobodyElse(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *clock, _ func() *store.Store) {
		busy := true
		k := listen(t, "plain", func(k *sink) {
			k.rcpt = func(to string) error {
				switch {
				case strings.HasPrefix(to, "p1@"):
					return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
				case strings.HasPrefix(to, "p2@") && busy:
					return &smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 2, 1}, Message: "greylisted"}
				}
				return nil
			}
		})
		bad := hello(4)
		bad.To = "not an address"
		put(t, s, hello(1), hello(2), hello(3), bad)
		from := k.sender(s, "smtp", "", "")
		if n, err := from.Pass(t.Context()); err != nil || n != 1 {
			t.Fatalf("%d sent: %v", n, err)
		}
		holds(t, s, 1, 1, 2)
		_, refused := look(t, s)
		answers := map[string]string{}
		for _, r := range refused {
			answers[r.Person] = r.Answer
		}
		if answers["p1"] != `550 "5.1.1 no such user"` || answers["p4"] == "" {
			t.Errorf("told %v", answers)
		}
		refusing := map[string]bool{}
		err := s.Peek(t.Context(), func(q *store.Read) (err error) {
			refusing, err = mail.Refusing(q)
			return err
		})
		if err != nil || !refusing["p1@x.dk"] || refusing["p3@x.dk"] {
			t.Errorf("refusing are %v: %v", refusing, err)
		}
		busy = false
		if n, _ := from.Pass(t.Context()); n != 0 {
			t.Error("a busy server is asked again at once")
		}
		c.forward(time.Minute)
		if n, err := from.Pass(t.Context()); err != nil || n != 1 {
			t.Errorf("after a minute %d sent: %v", n, err)
		}
		// The administrator corrects the address and tries again.
		i := slices.IndexFunc(refused, func(r mail.Refusal) bool { return r.Person == "p1" })
		if err := mail.Again(t.Context(), s, refused[i].ID, "right@x.dk"); err != nil {
			t.Fatal(err)
		}
		if n, err := from.Pass(t.Context()); err != nil || n != 1 || k.to[len(k.to)-1] != "right@x.dk" {
			t.Errorf("tried again %d sent: %v", n, err)
		}
	})
}

func TestPausesGrowAndEnd(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *clock, _ func() *store.Store) {
		k := listen(t, "plain", func(k *sink) { k.rcpt = func(string) error { return &smtp.SMTPError{Code: 451, Message: "later"} } })
		put(t, s, hello(1))
		from := k.sender(s, "smtp", "", "")
		tries := 0
		k.rcpt = func(string) error { tries++; return &smtp.SMTPError{Code: 451, Message: "later"} }
		for range 3 * 24 * 4 {
			if _, err := from.Pass(t.Context()); err != nil {
				t.Fatal(err)
			}
			c.forward(15 * time.Minute)
		}
		if tries != 9 {
			t.Errorf("tried %d times in three days, want 9", tries)
		}
		holds(t, s, 0, 0, 1)
	})
}

func TestASenderThatTheServerDoesNotLetSendIsNoFaultOfTheMail(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *clock, _ func() *store.Store) {
		k := listen(t, "plain", func(k *sink) {
			k.mail = func(string) error { return &smtp.SMTPError{Code: 553, Message: "sender not allowed"} }
		})
		put(t, s, hello(1), hello(2))
		if n, err := k.sender(s, "smtp", "", "").Pass(t.Context()); err == nil || n != 0 {
			t.Errorf("%d sent: %v", n, err)
		}
		holds(t, s, 2, 0, 0)
		if state, _ := look(t, s); !strings.Contains(state.Fault, "sender not allowed") {
			t.Errorf("the page tells %q", state.Fault)
		}
	})
}

func TestASlowServerHoldsNobodyForLong(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *clock, _ func() *store.Store) {
		hang := make(chan struct{})
		k := listen(t, "plain", func(k *sink) { k.rcpt = func(string) error { <-hang; return nil } })
		t.Cleanup(func() { close(hang) })
		put(t, s, hello(1))
		from := k.sender(s, "smtp", "", "")
		from.Server.Timeout = 200 * time.Millisecond
		begun := time.Now()
		if n, err := from.Pass(t.Context()); err == nil || n != 0 || time.Since(begun) > 20*time.Second {
			t.Errorf("%d sent after %v: %v", n, time.Since(begun), err)
		}
		holds(t, s, 1, 0, 0)
	})
}

func TestAMailThatWasTakenWithoutAWordIsSentAgainUnderItsId(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *clock, _ func() *store.Store) {
		lost := true
		k := listen(t, "plain", func(k *sink) {
			k.data = func(c *smtp.Conn) error {
				if lost {
					lost = false
					return c.Close() // before the answer
				}
				return nil
			}
		})
		put(t, s, hello(1))
		from := k.sender(s, "smtp", "", "")
		if _, err := from.Pass(t.Context()); err == nil {
			t.Fatal("the answer came")
		}
		if n, err := from.Pass(t.Context()); err != nil || n != 1 {
			t.Fatalf("%d sent: %v", n, err)
		}
		if ids := k.ids(); len(ids) != 2 || ids[0] != ids[1] {
			t.Errorf("the ids are %v", ids)
		}
	})
}

func TestAWriterSaysWhatIsSoWhenTheMailGoesOut(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *clock, _ func() *store.Store) {
		k := listen(t, "plain", nil)
		from := k.sender(s, "smtp", "", "")
		remembered := 0
		from.Writers = map[string]mail.Writer{"thing": func(_ context.Context, _ *store.Store, person, about string) (mail.Content, error) {
			if about == "done" {
				return mail.Content{}, nil
			}
			return mail.Content{Lang: i18n.En, Subject: "Now\r\nBcc: all@x.dk", Text: person + " " + about, Sent: func(*store.Work) error { remembered++; return nil }}, nil
		}}
		put(t, s, mail.Message{To: "a@x.dk", Person: "anna", Writer: "thing/7"}, mail.Message{To: "a@x.dk", Person: "anna", Writer: "thing/done"},
			mail.Message{To: "a@x.dk\r\nBcc: all@x.dk", Person: "anna", Writer: "thing/7"})
		if n, err := from.Pass(t.Context()); err != nil || n != 1 || remembered != 1 {
			t.Fatalf("%d sent, %d remembered: %v", n, remembered, err)
		}
		holds(t, s, 0, 1, 1)
		h := k.letter[0].Header
		if h.Get("Bcc") != "" || h.Get("Subject") != "Now Bcc: all@x.dk" || !strings.HasPrefix(k.body[0], "anna 7") || !slices.Equal(k.to, []string{"a@x.dk"}) {
			t.Errorf("to %v: %v\n%s", k.to, h, k.body[0])
		}
	})
}

func TestWhatWaitedForAWeekIsGivenUp(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *clock, _ func() *store.Store) {
		put(t, s, hello(1))
		c.forward(6 * 24 * time.Hour)
		if err := mail.Sweep(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		holds(t, s, 1, 0, 0)
		c.forward(25 * time.Hour)
		if err := mail.Sweep(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		holds(t, s, 0, 0, 1)
		if _, refused := look(t, s); len(refused) != 1 || !refused[0].Stale() {
			t.Errorf("it is told of as %+v", refused)
		}
	})
}

func TestAddressesOfServersAreUnderstoodOrRefusedWithoutTheirPassword(t *testing.T) {
	for address, want := range map[string]string{
		"smtp://m.x.dk": "m.x.dk:587", "smtp://u:p@m.x.dk:25": "m.x.dk:25", "smtps://m.x.dk": "m.x.dk:465",
		"smtp://localhost": "localhost:25", "smtp://m.x.dk:25?tls=none": "m.x.dk:25", "smtp://[::1]:2525": "::1:2525",
	} {
		s, err := mail.ParseServer(address)
		if got := fmt.Sprintf("%s:%d", s.Host, s.Port); err != nil || got != want {
			t.Errorf("%s is %s: %v", address, got, err)
		}
	}
	for _, address := range []string{"", "m.x.dk:587", "http://u:hunter2@m.x.dk", "smtp://u:hunter2@", "smtp://u:hunter2@m.x.dk:99999",
		"smtp://u:hunter2@m.x.dk/path", "smtp://u:hunter2@m.x.dk?tls=none", "smtp://u:hun%zz2@m.x.dk", "smtp://u:hunter2@m.x.dk?tls=maybe", "smtps://u:hunter2@m.x.dk?tls=none"} {
		if _, err := mail.ParseServer(address); err == nil || strings.Contains(err.Error(), "hun") {
			t.Errorf("%s: %v", address, err)
		}
	}
}
