package faults

import (
	"crypto/tls"
	"encoding/json"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// postbox is a mail server that keeps what it takes.
type postbox struct {
	at     string
	server *smtp.Server
	mu     sync.Mutex
	taken  map[string]int // Message-ID → how often it was taken
	to     map[string]string
	text   map[string]string
}

func newPostbox(t *testing.T) *postbox {
	p := &postbox{taken: map[string]int{}, to: map[string]string{}, text: map[string]string{}}
	p.open(t, "127.0.0.1:0")
	return p
}

// open lets the server be there, at an address.
func (p *postbox) open(t *testing.T, at string) {
	t.Helper()
	var listener net.Listener
	var err error
	for range 50 { // the port of a moment ago may be in use still
		if listener, err = net.Listen("tcp", at); err == nil {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	must(t, err)
	p.at = listener.Addr().String()
	p.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &delivery{p: p}, nil }))
	p.server.Domain, p.server.ErrorLog = "127.0.0.1", log.New(io.Discard, "", 0)
	go p.server.Serve(listener)
	t.Cleanup(func() { p.server.Close() })
}

// close lets the server be gone.
func (p *postbox) close() { p.server.Close() }

func (p *postbox) args() []string {
	return []string{"--smtp", "smtp://" + p.at + "?tls=none", "--mail-from", "vaern@example.dk", "--mail-hour", "0", "--url", "http://127.0.0.1"}
}

// count says how many mails there are of a text, and how many deliveries.
func (p *postbox) count() (mails, deliveries int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, n := range p.taken {
		deliveries += n
	}
	return len(p.taken), deliveries
}

type delivery struct {
	p  *postbox
	to string
}

func (d *delivery) Mail(string, *smtp.MailOptions) error { return nil }

func (d *delivery) Rcpt(to string, _ *smtp.RcptOptions) error {
	d.to = to
	return nil
}

func (d *delivery) Data(r io.Reader) error {
	m, err := netmail.ReadMessage(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(m.Body)
	if err != nil {
		return err
	}
	d.p.mu.Lock()
	defer d.p.mu.Unlock()
	id := m.Header.Get("Message-Id")
	d.p.taken[id]++
	d.p.to[id], d.p.text[id] = d.to, string(body)
	return nil
}

func (d *delivery) Reset()        {}
func (d *delivery) Logout() error { return nil }

// hook is a program that is told of acts, by https.
type hook struct {
	*httptest.Server
	roots string // file with its certificate
	mu    sync.Mutex
	seqs  []int64          // in the order in which they came
	times map[string]int   // webhook-id → how often
	acts  map[int64]string // seq → id of the record
}

func newHook(t *testing.T) *hook {
	h := &hook{times: map[string]int{}, acts: map[int64]string{}}
	h.Server = httptest.NewUnstartedServer(http.HandlerFunc(h.take))
	h.Config.ErrorLog = log.New(io.Discard, "", 0) // connections of a program that was killed
	h.TLS = &tls.Config{}
	h.StartTLS()
	t.Cleanup(h.Close)
	h.roots = filepath.Join(t.TempDir(), "roots.pem")
	must(t, os.WriteFile(h.roots, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: h.Certificate().Raw}), 0o600))
	return h
}

func (h *hook) take(w http.ResponseWriter, r *http.Request) {
	var m struct {
		Seq int64    `json:"seq"`
		ID  string   `json:"id"`
		IDs []string `json:"ids"`
	}
	if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seqs = append(h.seqs, m.Seq)
	h.times[r.Header.Get("webhook-id")]++
	h.acts[m.Seq] = m.ID
}
