package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"runtime"
	"testing"
)

const (
	many  = 100_000
	every = 10_000 // leaves between two checkpoints; the scribe hashes all anew for each
)

// large is a bundle of many leaves of the size that a real change has.
func large() (*scribe, []byte) {
	s := newScribe(origin)
	for n := range many {
		s.leaf(entry{body: fmt.Sprintf(`{"after":{"id":"019598a0-7c1d-7000-8000-%012x","owner":"019598a0-7c1d-7000-8000-000000000007",`+
			`"review_by":"2027-03-01","state":"in_force","title":"Retningslinje for adgang til fællesdrev","updated_at":"2026-03-02T09:00:00.000000Z",`+
			`"version":%d},"before":{"owner":"019598a0-7c1d-7000-8000-000000000003","version":%d},"reason":"ny ejer efter omorganisering"}`, n, n+2, n+1)})
		if n%every == every-1 {
			s.checkpoint()
		}
	}
	return s, s.seal()
}

// Alone, not in parallel: it counts what the whole program allocates.
func TestMemoryDoesNotGrowWithTheLedger(t *testing.T) {
	s, text := large()
	key := s.key(t)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	found, err := verify(bytes.NewReader(text), key, nil)
	runtime.ReadMemStats(&after)
	if err != nil || found.leaves != many || found.checkpoints != many/every {
		t.Fatalf("got %v, %d leaves and %d checkpoints", err, found.leaves, found.checkpoints)
	}
	const most = 1 << 20
	if used := after.TotalAlloc - before.TotalAlloc; used > most {
		t.Errorf("a bundle of %d MB allocated %d KB in all, want at most %d KB", len(text)>>20, used>>10, most>>10)
	}
}

func BenchmarkVerify(b *testing.B) {
	s, text := large()
	key := s.key(b)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := verify(bytes.NewReader(text), key, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBareHash is what BenchmarkVerify is held against: the same bytes,
// hashed once.
func BenchmarkBareHash(b *testing.B) {
	_, text := large()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		sha256.Sum256(text)
	}
}

// BenchmarkNeededHashes is the hashing that the format asks for and nobody can
// leave out: each leaf's body, header and node, and the whole for the seal.
func BenchmarkNeededHashes(b *testing.B) {
	_, text := large()
	const body, header, node = 330, 160, 65
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		for leaf := range many {
			at := leaf * (len(text) - body) / many
			sha256.Sum256(text[at : at+body])
			sha256.Sum256(text[at : at+header])
			sha256.Sum256(text[at : at+node])
		}
		sha256.Sum256(text)
	}
}
