package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"
)

// Server is the mail server that takes our mail, and how it is spoken to.
type Server struct {
	Host           string
	Port           int
	User, Password string
	security       security
	Roots          *x509.CertPool // who vouches for the server; nil for the system's own
	Timeout        time.Duration
}

type security int

const (
	startTLS security = iota // begins open, and goes no further without TLS
	fromStart
	none
)

var errServer = errors.New(`the mail server is written smtp://user:password@host:587 (STARTTLS), smtps://user:password@host:465 (TLS from the start), ` +
	`or smtp://host:25?tls=none for a server that is reached without TLS`)

// ParseServer reads the address of a mail server. Without TLS only this very
// machine is spoken to, unless that is said. The password is in no error.
func ParseServer(address string) (s Server, err error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Path != "" && u.Path != "/" {
		return s, errServer
	}
	s = Server{Host: u.Hostname(), Port: 587, User: u.User.Username(), Timeout: 30 * time.Second}
	s.Password, _ = u.User.Password()
	switch {
	case u.Scheme == "smtps" && u.RawQuery == "":
		s.security, s.Port = fromStart, 465
	case u.Scheme == "smtp" && u.RawQuery == "tls=none", u.Scheme == "smtp" && u.RawQuery == "" && here(s.Host):
		s.security, s.Port = none, 25
	case u.Scheme != "smtp" || u.RawQuery != "":
		return Server{}, errServer
	}
	if text := u.Port(); text != "" {
		if s.Port, err = strconv.Atoi(text); err != nil || s.Port < 1 || s.Port > 65535 {
			return Server{}, errServer
		}
	}
	if s.security == none && s.User != "" && !here(s.Host) {
		return Server{}, errors.New("a password is not sent without TLS; leave out tls=none, or the password")
	}
	return s, nil
}

// here reports whether a host is this very machine.
func here(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// client speaks to the server.
func (s Server) client() (*mail.Client, error) {
	conf := &tls.Config{ServerName: s.Host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12}
	dial := s.dial
	options := []mail.Option{mail.WithPort(s.Port), mail.WithTimeout(s.Timeout), mail.WithTLSConfig(conf)}
	switch s.security {
	case startTLS:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	case fromStart: // the connection is safe before it is handed over
		options = append(options, mail.WithTLSPolicy(mail.TLSOpportunistic))
		dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			plain, err := s.dial(ctx, network, address)
			if err != nil {
				return nil, err
			}
			safe := tls.Client(plain, conf)
			if err := safe.HandshakeContext(ctx); err != nil {
				return nil, errors.Join(err, plain.Close())
			}
			return safe, nil
		}
	case none:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	}
	options = append(options, mail.WithDialContextFunc(dial))
	if s.User != "" {
		auth := mail.SMTPAuthAutoDiscover
		if s.security == none { // on this machine, where nobody listens
			auth = mail.SMTPAuthPlainNoEnc
		}
		options = append(options, mail.WithSMTPAuth(auth), mail.WithUsername(s.User), mail.WithPassword(s.Password))
	}
	return mail.NewClient(s.Host, options...)
}

func (s Server) dial(ctx context.Context, network, address string) (net.Conn, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &brief{Conn: c, left: mostSaid}, nil
}

// mostSaid is how many bytes a server may say in one connection: fifty mails
// take some thirty thousand. The library reads lines of any length.
const mostSaid = 1 << 20

var errTooMuch = errors.New("the mail server answers more than any mail server does")

// brief is a connection on which no more than so much is heard.
type brief struct {
	net.Conn
	left int
}

func (b *brief) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooMuch
	}
	n, err := b.Conn.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}
