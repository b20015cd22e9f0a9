package main

import (
	"bytes"
	"strings"
	"testing"
)

// ledgerOf writes a bundle of leaves with these reasons, a checkpoint at the
// end, and returns it with the checkpoints of every size.
func ledgerOf(t *testing.T, reasons ...string) (s *scribe, text []byte, points []checkpoint) {
	t.Helper()
	s = newScribe(origin)
	points = []checkpoint{{}}
	for _, reason := range reasons {
		s.leaf(entry{body: `{"after":null,"before":null,"reason":"` + reason + `"}`})
		point, err := s.key(t).openCheckpoint([]byte(s.head()))
		if err != nil {
			t.Fatal(err)
		}
		points = append(points, point)
	}
	s.checkpoint()
	return s, s.seal(), points
}

func TestAKnownCheckpointSeesWhatTheKeyHolderRewrote(t *testing.T) {
	t.Parallel()
	_, _, before := ledgerOf(t, "a", "b", "c", "d")
	for _, c := range []struct {
		name    string
		reasons string
		known   []int
		want    string
	}{
		{"continued", "abcdef", []int{4}, ""},
		{"the same", "abcd", []int{4}, ""},
		{"several, in any order", "abcdef", []int{4, 1, 3, 1}, ""},
		{"cut off", "abc", []int{4}, "rolled back or rewritten: the known checkpoint known.txt was signed for 4 leaves, the bundle has 3"},
		{"rolled back and gone on", "abcxy", []int{4}, "rolled back or rewritten: its first 4 leaves are not those of the known checkpoint known.txt; the first wrong leaf is one of 0 to 3"},
		{"rewritten between two known ones", "abxd", []int{2, 4}, "the first wrong leaf is one of 2 to 3"},
		{"rewritten after a known one", "abcx", []int{3, 4}, "the wrong leaf is leaf 3"},
		{"rewritten before one that is cut off", "xb", []int{1, 4}, "its first 1 leaves are not those"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, text, _ := ledgerOf(t, strings.Split(c.reasons, "")...)
			var known []knownCheckpoint
			for _, size := range c.known {
				known = append(known, knownCheckpoint{before[size], "known.txt"})
			}
			found, err := verify(bytes.NewReader(text), s.key(t), known)
			switch {
			case c.want == "" && err != nil:
				t.Errorf("got %v, want it verified", err)
			case c.want == "" && found.known != len(known):
				t.Errorf("got %d known checkpoints, want %d", found.known, len(known))
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestAKnownCheckpointDoesNotReplaceOneInTheBundle(t *testing.T) {
	t.Parallel()
	_, _, points := ledgerOf(t, "a")
	s := newScribe(origin)
	s.leaf(entry{body: `{"after":null,"before":null,"reason":"a"}`})
	_, err := verify(bytes.NewReader(s.seal()), s.key(t), []knownCheckpoint{{points[1], "known.txt"}})
	if err == nil || !strings.Contains(err.Error(), "no checkpoint covers it") {
		t.Errorf("got %v, want the bundle without a checkpoint refused", err)
	}
}
