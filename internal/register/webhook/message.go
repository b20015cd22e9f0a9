package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode"

	"vaern/internal/ledger"
)

// Message is what is told of an act: who did what to which record, and where it
// stands in the ledger. What the record says is asked for by whoever may see it.
type Message struct {
	Type      string   `json:"type" doc:"What was done, as verb"`
	Timestamp string   `json:"timestamp" doc:"When, as at"`
	Seq       int64    `json:"seq" doc:"Where it stands in the ledger"`
	At        string   `json:"at" doc:"When it was done"`
	Verb      string   `json:"verb" doc:"What was done, as document.publish"`
	Kind      string   `json:"kind" doc:"The register of the record"`
	ID        string   `json:"id" doc:"The record, to be read by whoever may see it"`
	IDs       []string `json:"ids,omitempty" doc:"The records, where it was done to many at once"`
	Actor     string   `json:"actor" doc:"Who did it: the id of a person, or machine: and a name"`

	id string // stable: the same act has the same one, however often it is sent
}

// messageOf is what there is to tell of a leaf.
func messageOf(webhook string, l *ledger.Leaf) (*Message, error) {
	kind, id, _ := strings.Cut(l.About, "/")
	m := &Message{Type: l.Verb, Timestamp: l.At, Seq: l.Seq, At: l.At, Verb: l.Verb, Kind: kind, ID: id, Actor: l.Actor,
		id: fmt.Sprintf("msg_%s_%d", webhook, l.Seq)}
	if l.Type != ledger.Batch || l.Erased() {
		return m, nil
	}
	changes, err := l.Changes()
	for _, c := range changes {
		_, id, _ := strings.Cut(c.About, "/")
		m.IDs = append(m.IDs, id)
	}
	return m, err
}

const keyTag = "whsec_"

// newKey is a key as Standard Webhooks writes it.
func newKey() string {
	b := make([]byte, 32)
	rand.Read(b)
	return keyTag + base64.StdEncoding.EncodeToString(b)
}

// sign is the signature of a message (Standard Webhooks, v1).
func sign(key, id, at string, body []byte) (string, error) {
	secret, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(key, keyTag))
	if err != nil {
		return "", err
	}
	h := hmac.New(sha256.New, secret)
	fmt.Fprintf(h, "%s.%s.", id, at)
	h.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(h.Sum(nil)), nil
}

// outcome is what became of one try.
type outcome struct {
	arrived bool
	gone    bool // the receiver wants no more
	answer  string
}

// send sends a message once.
func send(ctx context.Context, c *http.Client, to *target, m *Message, now time.Time) outcome {
	body, err := json.Marshal(m)
	if err != nil {
		return outcome{answer: err.Error()}
	}
	at := strconv.FormatInt(now.Unix(), 10)
	signature, err := sign(to.key, m.id, at, body)
	if err != nil {
		return outcome{answer: "the key cannot be read"}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to.URL, bytes.NewReader(body))
	if err != nil {
		return outcome{answer: "the address cannot be read"}
	}
	for name, value := range map[string]string{"Content-Type": "application/json", "User-Agent": "Vaern-Webhook/1", "webhook-id": m.id, "webhook-timestamp": at, "webhook-signature": signature} {
		r.Header.Set(name, value)
	}
	res, err := c.Do(r)
	if err != nil {
		return outcome{answer: why(err)}
	}
	defer res.Body.Close()
	io.CopyN(io.Discard, res.Body, 4<<10) // what it says is not ours to keep
	return outcome{res.StatusCode >= 200 && res.StatusCode < 300, res.StatusCode == http.StatusGone, short(res.Status)}
}

// short is an answer as the page shows it: one line of text, whatever was said.
func short(text string) string {
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
	r := []rune(strings.TrimSpace(text))
	return string(r[:min(len(r), 200)])
}

// What Værn itself says of a try that nobody answered.
const (
	late    = "No answer in time."
	unknown = "No machine has that name."
	closed  = "The machine takes no connections there."
	untrue  = "The certificate is not valid for the address, or not from an authority that this machine trusts."
)

// why is why nothing was answered, without the address and what it resolved to.
func why(err error) string {
	var inside interface{ Timeout() bool }
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, errInner):
		return errInner.Error()
	case errors.As(err, &inside) && inside.Timeout():
		return late
	case errors.As(err, &name):
		return unknown
	case errors.Is(err, syscall.ECONNREFUSED):
		return closed
	case errors.As(err, &certificate):
		return untrue
	}
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return short(err.Error())
}
