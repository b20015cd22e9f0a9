package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
)

// Secret returns 32 random bytes as text, and the hash under which it is kept:
// who reads the database cannot come in with it.
func Secret() (text, hash string) {
	b := make([]byte, 32)
	rand.Read(b)
	text = base64.RawURLEncoding.EncodeToString(b)
	return text, Hashed(text)
}

// Hashed is the hash under which a secret is kept.
func Hashed(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
