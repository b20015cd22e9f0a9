package main

import (
	"bytes"
	"testing"
)

// FuzzVerify looks for a bundle that is taken though nobody signed it.
func FuzzVerify(f *testing.F) {
	s, text := sample()
	signed := [][]byte{text}
	for _, end := range []int{1, 2, 17} {
		other := newScribe(origin)
		for range end {
			other.leaf(entry{})
		}
		other.checkpoint()
		signed = append(signed, other.seal())
	}
	for _, seed := range signed {
		f.Add(seed)
		f.Add(seed[:len(seed)/2])
		f.Add(bytes.ReplaceAll(seed, []byte("leaf\t"), []byte("erased\t")))
		f.Add(bytes.ReplaceAll(seed, []byte("\n"), []byte("\r\n")))
	}
	f.Add([]byte("vaern-bundle/1\norigin\t" + origin + "\nseal\t0\n"))
	f.Add([]byte{})
	key := s.key(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		found, err := verify(bytes.NewReader(text), key, nil)
		if err != nil {
			if found.leaves != 0 || err.Error() == "" {
				t.Errorf("refused with %d leaves and the reason %q", found.leaves, err)
			}
			return
		}
		for _, was := range signed {
			if bytes.Equal(text, was) {
				return
			}
		}
		t.Errorf("taken though nobody signed it: %q", text)
	})
}
