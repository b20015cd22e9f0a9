package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// unrecorded stands where the number of the leaf that records an erasing should be.
const unrecorded = -1

// summary is what a bundle that fits holds.
type summary struct {
	origin      string
	leaves      int64
	first, last string // times
	checkpoints int
	known       int
	erased      map[int64]int64 // leaf without a body -> leaf that records why
	root        digest
}

// String tells it to a person.
func (s summary) String() string {
	var b strings.Builder
	line := func(name, format string, a ...any) {
		fmt.Fprintf(&b, "%-12s"+format+"\n", append([]any{name}, a...)...)
	}
	line("VERIFIED", "every byte of the bundle fits the key")
	if strings.HasPrefix(s.origin, "vaern-demo/") {
		line("origin", "%s (a demo: its clock may be invented)", s.origin)
	} else {
		line("origin", "%s", s.origin)
	}
	line("leaves", "%d", s.leaves)
	line("first", "%s", s.first)
	line("last", "%s", s.last)
	line("checkpoints", "%d, all signed by the key, the last covers every leaf", s.checkpoints)
	if s.known > 0 {
		line("known", "%d, all continued", s.known)
	}
	line("erased", "%s", s.erasings())
	line("root", "%s", s.root)
	line("seal", "fits")
	return b.String()
}

func (s summary) erasings() string {
	const most = 10
	if len(s.erased) == 0 {
		return "none"
	}
	seqs := slices.Sorted(maps.Keys(s.erased))
	var each []string
	for _, seq := range seqs[:min(len(seqs), most)] {
		each = append(each, fmt.Sprintf("%d by %d", seq, s.erased[seq]))
	}
	if len(seqs) > most {
		each = append(each, "…")
	}
	bodies := "bodies"
	if len(seqs) == 1 {
		bodies = "body"
	}
	return fmt.Sprintf("%d %s, each recorded by a later leaf: leaf %s", len(seqs), bodies, strings.Join(each, ", "))
}
