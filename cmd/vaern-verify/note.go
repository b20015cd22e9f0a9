package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ed25519Key is what a signed note calls the kind of key.
const ed25519Key = 0x01

const keyHashSize = 4

// publicKey verifies the notes of one ledger; its name is the ledger's origin.
type publicKey struct {
	origin string
	hash   string // keyHashSize raw bytes
	key    ed25519.PublicKey
}

// parseKey reads "origin+keyhash+base64(0x01 || public key)".
func parseKey(text string) (k publicKey, err error) {
	origin, rest, _ := strings.Cut(text, "+")
	keyHash, encoded, ok := strings.Cut(rest, "+") // base64 may hold more of them
	if !ok {
		return k, errors.New("it must read origin+keyhash+key")
	}
	if !validOrigin(origin) {
		return k, fmt.Errorf("%s is not the name of a ledger", shown(origin))
	}
	var typed [1 + ed25519.PublicKeySize]byte
	if !decode(typed[:], encoded) || typed[0] != ed25519Key {
		return k, errors.New("its last part is not an Ed25519 key")
	}
	sum := sha256.Sum256(append([]byte(origin+"\n"), typed[:]...))
	if keyHash != hex.EncodeToString(sum[:keyHashSize]) {
		return k, errors.New("its key hash is not that of the key: was a letter lost?")
	}
	return publicKey{origin, string(sum[:keyHashSize]), typed[1:]}, nil
}

// validOrigin reports whether a text is "vaern/" or "vaern-demo/" and 16 hex digits.
func validOrigin(origin string) bool {
	kind, id, _ := strings.Cut(origin, "/")
	return (kind == "vaern" || kind == "vaern-demo") && len(id) == 16 && strings.Trim(id, "0123456789abcdef") == ""
}

// open verifies a signed note and returns its text, which has three lines in
// checkpoints and seals alike. One signature, by this key, is all it may carry.
// The error continues a sentence that began with what the note is.
func (k publicKey) open(note []byte) (text [3]string, err error) {
	lines := strings.Split(string(note), "\n")
	if len(lines) != 6 || lines[3] != "" || lines[5] != "" {
		return text, errors.New("is not three lines, an empty one and one signature")
	}
	encoded, ok := strings.CutPrefix(lines[4], "— "+k.origin+" ")
	if !ok {
		return text, fmt.Errorf("is not signed in the name of %s", k.origin)
	}
	var signature [keyHashSize + ed25519.SignatureSize]byte
	if !decode(signature[:], encoded) {
		return text, errors.New("has a signature that is not well formed")
	}
	if string(signature[:keyHashSize]) != k.hash {
		return text, errors.New("is signed by another key")
	}
	signed := strings.Join(lines[:3], "\n") + "\n"
	if !ed25519.Verify(k.key, []byte(signed), signature[keyHashSize:]) {
		return text, errors.New("has a signature that is not of this key and this text")
	}
	return [3]string(lines[:3]), nil
}

// checkpoint is a signed head of the tree.
type checkpoint struct {
	size int64
	root digest
}

// openCheckpoint verifies a checkpoint of the key's own ledger. Its error
// continues a sentence, as open's does.
func (k publicKey) openCheckpoint(note []byte) (c checkpoint, err error) {
	text, err := k.open(note)
	if err != nil {
		return c, err
	}
	if text[0] != k.origin {
		return c, fmt.Errorf("is of %s, not of %s", shown(text[0]), k.origin)
	}
	size, ok := decimal(text[1])
	if !ok || size == 0 {
		return c, fmt.Errorf("has a size that is not a number of leaves: %s", shown(text[1]))
	}
	if !decode(c.root[:], text[2]) {
		return c, fmt.Errorf("has a root that is not a hash: %s", shown(text[2]))
	}
	c.size = size
	return c, nil
}

// decode fills dst from padded standard base64. Exactly one text gives exactly
// these bytes: the length decides, since Go's decoder skips line breaks.
func decode[T string | []byte](dst []byte, src T) bool {
	if len(src) != base64.StdEncoding.EncodedLen(len(dst)) {
		return false
	}
	var room [3 + keyHashSize + ed25519.SignatureSize]byte // the longest, and what padding may ask for
	n, err := strict.Decode(room[:], []byte(src))
	return err == nil && n == len(dst) && copy(dst, room[:n]) == n
}

var strict = base64.StdEncoding.Strict()

// decimal reads a number from 0 without sign or leading zeros.
func decimal(text string) (int64, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil && n >= 0 && strconv.FormatInt(n, 10) == text
}

// shown quotes a piece of an untrusted file for a person: short, and with
// nothing that could steer a terminal.
func shown[T string | []byte](text T) string {
	const most = 60
	if len(text) > most {
		return strconv.QuoteToGraphic(strings.ToValidUTF8(string(text[:most]), "") + "…")
	}
	return strconv.QuoteToGraphic(string(text))
}
