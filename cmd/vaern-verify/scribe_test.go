package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

const (
	origin      = "vaern/0123456789abcdef"
	otherOrigin = "vaern/fedcba9876543210"
)

// scribe writes bundles as docs/ledger.md says, also wrong ones: what it writes
// is always hashed and signed anew, so that only the form can give it away.
type scribe struct {
	origin  string
	private ed25519.PrivateKey
	out     bytes.Buffer
	leaves  [][sha256.Size]byte
}

// entry is a leaf to write; what is empty is filled in.
type entry struct {
	seq, at, actor, verb, about, kind, body string
	salt, inner, hash                       string // as the bundle writes them
	erased                                  bool
}

func newScribe(name string) *scribe {
	seed := sha256.Sum256([]byte("the key of " + name))
	s := &scribe{origin: name, private: ed25519.NewKeyFromSeed(seed[:])}
	s.out.WriteString("vaern-bundle/1\norigin\t" + name + "\n")
	return s
}

func (s *scribe) keyHash() []byte {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n\x01%s", s.origin, s.private.Public())
	return h.Sum(nil)[:4]
}

func (s *scribe) public() string {
	typed := append([]byte{1}, s.private.Public().(ed25519.PublicKey)...)
	return s.origin + "+" + hex.EncodeToString(s.keyHash()) + "+" + encode(typed)
}

func (s *scribe) key(t testing.TB) publicKey {
	t.Helper()
	k, err := parseKey(s.public())
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func (s *scribe) leaf(e entry) {
	n := len(s.leaves)
	fill := func(field *string, value string) {
		if *field == "" {
			*field = value
		}
	}
	fill(&e.seq, fmt.Sprint(n))
	fill(&e.at, fmt.Sprintf("2026-03-%02dT%02d:%02d:%02d.%06dZ", 2+n/86400, n/3600%24, n/60%60, n%60, n))
	fill(&e.actor, "019598a0-anna")
	fill(&e.verb, "document.revise")
	fill(&e.about, fmt.Sprintf("document/%d", n))
	fill(&e.kind, "change")
	fill(&e.body, fmt.Sprintf(`{"after":{"id":"%d","title":"Håndbog","version":2},"before":{"title":"Haandbog"},"reason":"stavning"}`, n))
	salt := sha256.Sum256([]byte("salt" + e.seq))
	fill(&e.salt, encode(salt[:16]))
	raw, _ := base64.StdEncoding.DecodeString(e.salt)
	inner := sha256.Sum256(append(raw, e.body...))
	fill(&e.inner, encode(inner[:]))
	header := strings.Join([]string{e.seq, e.at, e.actor, e.verb, e.about, e.kind, ""}, "\n")
	hash := sha256.Sum256([]byte("\x00" + header + string(inner[:])))
	s.leaves = append(s.leaves, hash)
	fill(&e.hash, encode(hash[:]))
	common := strings.Join([]string{e.seq, e.at, e.actor, e.verb, e.about, e.kind, e.hash}, "\t")
	if e.erased {
		fmt.Fprintf(&s.out, "erased\t%s\t%s\n", common, e.inner)
		return
	}
	fmt.Fprintf(&s.out, "leaf\t%s\t%s\t%s\n", common, e.salt, e.body)
}

// note signs a text in the scribe's name.
func (s *scribe) note(text string) string {
	signature := append(s.keyHash(), ed25519.Sign(s.private, []byte(text))...)
	return text + "\n— " + s.origin + " " + encode(signature) + "\n"
}

// head is the signed checkpoint of the leaves so far.
func (s *scribe) head() string {
	root := rootOf(s.leaves)
	return s.note(fmt.Sprintf("%s\n%d\n%s\n", s.origin, len(s.leaves), encode(root[:])))
}

func (s *scribe) checkpoint() { s.part("checkpoint", s.head()) }

// part writes a note with its length before it.
func (s *scribe) part(word, note string) {
	fmt.Fprintf(&s.out, "%s\t%d\n%s", word, len(note), note)
}

func (s *scribe) sealText() string {
	sum := sha256.Sum256(s.out.Bytes())
	return fmt.Sprintf("vaern-bundle/1\n%d\n%s\n", len(s.leaves), encode(sum[:]))
}

func (s *scribe) seal() []byte {
	s.part("seal", s.note(s.sealText()))
	return s.out.Bytes()
}

// rootOf is RFC 6962's own recursive definition of a tree's hash.
func rootOf(leaves [][sha256.Size]byte) [sha256.Size]byte {
	switch len(leaves) {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return leaves[0]
	}
	half := 1
	for half*2 < len(leaves) {
		half *= 2
	}
	left, right := rootOf(leaves[:half]), rootOf(leaves[half:])
	return sha256.Sum256(bytes.Join([][]byte{{1}, left[:], right[:]}, nil))
}

func encode(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

// sample is a bundle of six leaves: leaf 1 is erased and leaf 4 records it;
// checkpoints after leaf 2 and leaf 5.
func sample() (*scribe, []byte) {
	s := newScribe(origin)
	s.leaf(entry{body: `{"after":{"id":"0"},"before":null,"reason":""}`, verb: "document.create"})
	s.leaf(entry{erased: true})
	s.leaf(entry{kind: "reveal", verb: "person.reveal", about: "person/7", body: `{"after":null,"before":null,"reason":""}`})
	s.checkpoint()
	s.leaf(entry{kind: "batch", about: "document/1", body: `{"changes":[{"after":{"id":"3"},"before":null},{"after":null,"before":{"id":"4"}}],"reason":"indlæst"}`})
	s.leaf(entry{verb: "ledger.erase", about: "leaf/1", body: `{"after":null,"before":null,"reason":"art. 17"}`})
	s.leaf(entry{kind: "root", verb: "activity.seal", about: "segment/1"})
	s.checkpoint()
	return s, s.seal()
}
