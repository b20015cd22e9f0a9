// Package ledger is the format of the record that a stranger can verify: what
// a leaf, the tree, a checkpoint and a bundle are. docs/ledger.md publishes it.
// It knows no database; package store writes it, in the transaction of the
// change it records.
package ledger

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/tlog"
)

// Type says what kind of act a leaf records.
type Type string

const (
	Change Type = "change" // one record
	Batch  Type = "batch"  // many records, one act
	Reveal Type = "reveal" // somebody saw a sensitive record
	Root   Type = "root"   // the root of something sealed elsewhere
)

// Verb and kind of the leaf that records an erased body.
const (
	EraseVerb = "ledger.erase"
	LeafKind  = "leaf"
)

// Hash is a node of the tree.
type Hash = tlog.Hash

// Leaf is one act. Salt and Body are empty when the body was erased; Inner is
// then what remains of them.
type Leaf struct {
	Seq                    int64
	At, Actor, Verb, About string
	Type                   Type
	Salt                   []byte
	Body                   []byte // canonical JSON
	Inner                  []byte
}

// Erased reports whether the body is gone.
func (l *Leaf) Erased() bool { return len(l.Salt) == 0 }

// LongestBody is how many bytes a body has at most: less than half of what a
// line of a bundle may have, since what keeps leaves elsewhere may escape them.
const LongestBody = 16 << 20

// NewSalt returns the 16 random bytes that keep a body from being guessed.
func NewSalt() []byte {
	salt := make([]byte, 16)
	rand.Read(salt)
	return salt
}

// InnerHash is H(salt ‖ body), or what was kept of it.
func (l *Leaf) InnerHash() []byte {
	if l.Erased() {
		return l.Inner
	}
	h := sha256.New()
	h.Write(l.Salt)
	h.Write(l.Body)
	return h.Sum(nil)
}

// Header is the part that is never erased: who, when and what kind of act.
func (l *Leaf) Header() string { return string(l.header(nil)) }

func (l *Leaf) header(b []byte) []byte {
	b = append(strconv.AppendInt(b, l.Seq, 10), '\n')
	for _, part := range [...]string{l.At, l.Actor, l.Verb, l.About, string(l.Type)} {
		b = append(append(b, part...), '\n')
	}
	return b
}

// Hash is the leaf's hash in the tree.
func (l *Leaf) Hash() Hash {
	room := make([]byte, 0, 512)
	inner := l.Inner
	if !l.Erased() {
		sum := sha256.Sum256(append(append(room, l.Salt...), l.Body...))
		inner = sum[:]
	}
	return sha256.Sum256(append(l.header(append(room, 0)), inner...)) // RFC 6962, 2.1: 0 begins a leaf
}

// Check refuses a header that a bundle could not hold or a verifier would
// refuse: once written, it would stand for ever.
func (l *Leaf) Check() error {
	for _, part := range []string{l.At, l.Actor, l.Verb, l.About, string(l.Type)} {
		if part == "" || !utf8.ValidString(part) || strings.ContainsFunc(part, func(r rune) bool { return r < 0x20 }) {
			return fmt.Errorf("ledger: %q cannot stand in a leaf's header", part)
		}
	}
	if a, b, ok := strings.Cut(l.Verb, "."); !ok || a == "" || b == "" {
		return fmt.Errorf("ledger: %q is no verb", l.Verb)
	}
	if a, b, ok := strings.Cut(l.About, "/"); !ok || a == "" || b == "" {
		return fmt.Errorf("ledger: %q is no record", l.About)
	}
	if !slices.Contains([]Type{Change, Batch, Reveal, Root}, l.Type) {
		return fmt.Errorf("ledger: %q is no type of leaf", l.Type)
	}
	return nil
}

// Text is a hash as the tables and the bundle write it.
func Text(h []byte) string { return base64.StdEncoding.EncodeToString(h) }

// ParseHash reads what Text wrote.
func ParseHash(s string) (h Hash, err error) {
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	if err == nil && len(b) != len(h) {
		err = fmt.Errorf("ledger: %d bytes are no hash", len(b))
	}
	copy(h[:], b)
	return h, err
}
