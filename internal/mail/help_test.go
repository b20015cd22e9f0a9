package mail_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	netmail "net/mail"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vaern/internal/ledger"
	"vaern/internal/mail"
	"vaern/internal/store"
	"vaern/internal/store/storetest"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// clock is set by the test.
type clock struct{ at atomic.Pointer[time.Time] }

func (c *clock) now() time.Time { return *c.at.Load() }

func (c *clock) forward(d time.Duration) {
	at := c.now().Add(d)
	c.at.Store(&at)
}

// each opens an outbox on every database; open opens it once more, as another
// node would.
func each(t *testing.T, fn func(t *testing.T, s *store.Store, c *clock, open func() *store.Store)) {
	for _, url := range storetest.URLs(t) {
		name, _, _ := strings.Cut(strings.TrimPrefix(url, "/"), ":")
		t.Run(name[:min(8, len(name))], func(t *testing.T) {
			c := &clock{}
			at := storetest.Now
			c.at.Store(&at)
			open := func() *store.Store {
				s, err := store.Open(t.Context(), url, c.now, mail.Schema())
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { s.Close() })
				return s
			}
			s := open()
			if err := s.Begin(t.Context(), ledger.NewOrigin(true)); err != nil {
				t.Fatal(err)
			}
			fn(t, s, c, open)
		})
	}
}

// sink is a mail server that keeps what it takes.
type sink struct {
	*testing.T
	address string
	roots   *x509.CertPool
	mail    func(from string) error
	rcpt    func(to string) error
	data    func(*smtp.Conn) error // after the mail was taken
	auth    bool

	mu     sync.Mutex
	letter []*netmail.Message
	body   []string
	to     []string
	user   string
}

// listen starts a server: with TLS on offer, from the start, or without.
func listen(t *testing.T, kind string, set func(*sink)) *sink {
	t.Helper()
	k := &sink{T: t}
	if set != nil {
		set(k)
	}
	server := smtp.NewServer(k)
	server.Domain, server.AllowInsecureAuth = "sink.test", kind == "plain"
	server.ErrorLog = nothing{}
	var cert tls.Certificate
	cert, k.roots = certificate(t)
	conf := &tls.Config{Certificates: []tls.Certificate{cert}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	switch kind {
	case "starttls":
		server.TLSConfig = conf
	case "tls":
		l = tls.NewListener(l, conf)
	}
	k.address = l.Addr().String()
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	return k
}

type nothing struct{}

func (nothing) Printf(string, ...any) {}
func (nothing) Println(...any)        {}

// certificate is one that vouches for itself.
func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "sink"}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.ParseIP("127.0.0.1")}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(c)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}

// NewSession lets anybody in.
func (k *sink) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &session{sink: k, conn: c}, nil
}

type session struct {
	*sink
	conn   *smtp.Conn
	rcpt   []string
	signed bool
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "vaern" || password != "s:e/c@ret" {
			return errors.New("wrong password")
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.user, s.signed = user, true
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.sink.auth && !s.signed {
		return smtp.ErrAuthRequired
	}
	if s.sink.mail != nil {
		return s.sink.mail(from)
	}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.rcpt = append(s.rcpt, to)
	if s.sink.rcpt != nil {
		return s.sink.rcpt(to)
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	m, err := netmail.ReadMessage(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(m.Body)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.letter, s.body, s.to = append(s.letter, m), append(s.body, string(body)), append(s.to, s.rcpt...)
	s.mu.Unlock()
	if s.sink.data != nil {
		return s.sink.data(s.conn)
	}
	return nil
}

func (s *session) Reset()        { s.rcpt = nil }
func (s *session) Logout() error { return nil }

func (k *sink) ids() (out []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, m := range k.letter {
		out = append(out, m.Header.Get("Message-Id"))
	}
	slices.Sort(out)
	return out
}

// sender sends to the server at an address like smtp://vaern:…@
func (k *sink) sender(s *store.Store, scheme, user, query string) *mail.Sender {
	k.Helper()
	server, err := mail.ParseServer(fmt.Sprintf("%s://%s%s%s", scheme, user, k.address, query))
	if err != nil {
		k.Fatal(err)
	}
	server.Roots = k.roots
	return &mail.Sender{Store: s, Server: server, From: "vaern@x.dk", Name: "X Kommune", Base: "https://vaern.x.dk"}
}

func put(t *testing.T, s *store.Store, all ...mail.Message) {
	t.Helper()
	if err := s.Work(t.Context(), func(w *store.Work) error { return mail.Queue(w, all...) }); err != nil {
		t.Fatal(err)
	}
}

func look(t *testing.T, s *store.Store) (state mail.State, refused []mail.Refusal) {
	t.Helper()
	err := s.Peek(t.Context(), func(q *store.Read) (err error) {
		if state, err = mail.Look(q); err != nil {
			return err
		}
		refused, err = mail.Refusals(q, "", 100)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return state, refused
}

// holds fails the test when the outbox stands otherwise.
func holds(t *testing.T, s *store.Store, waiting, sent, refused int) {
	t.Helper()
	state, _ := look(t, s)
	if state.Waiting != waiting || state.Sent != sent || state.Refused != refused {
		t.Errorf("waiting %d, sent %d, refused %d; want %d, %d, %d (%s)", state.Waiting, state.Sent, state.Refused, waiting, sent, refused, state.Fault)
	}
}
