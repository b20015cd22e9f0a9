package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func TestAWholeBundleFits(t *testing.T) {
	t.Parallel()
	s, text := sample()
	got, err := verify(bytes.NewReader(text), s.key(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf(`VERIFIED    every byte of the bundle fits the key
origin      vaern/0123456789abcdef
leaves      6
first       2026-03-02T00:00:00.000000Z
last        2026-03-02T00:00:05.000005Z
checkpoints 2, all signed by the key, the last covers every leaf
erased      1 body, each recorded by a later leaf: leaf 1 by 4
root        %s
seal        fits
`, digest(rootOf(s.leaves)))
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestHowABundleArrivesDoesNotMatter(t *testing.T) {
	t.Parallel()
	s, text := sample()
	if _, err := verify(iotest.OneByteReader(bytes.NewReader(text)), s.key(t), nil); err != nil {
		t.Errorf("byte by byte: %v", err)
	}
	if _, err := verify(iotest.DataErrReader(bytes.NewReader(text)), s.key(t), nil); err != nil {
		t.Errorf("with the end of file beside the last bytes: %v", err)
	}
	if _, err := verify(iotest.TimeoutReader(bytes.NewReader(text)), s.key(t), nil); err == nil {
		t.Error("a disk that fails on the second read passes for the end of a good bundle")
	}
}

func TestAnyChangedByteIsFound(t *testing.T) {
	t.Parallel()
	s, text := sample()
	key := s.key(t)
	refuse := func(at int, what string, changed []byte) {
		if bytes.Equal(changed, text) {
			return
		}
		if _, err := verify(bytes.NewReader(changed), key, nil); err == nil {
			t.Errorf("%s at byte %d is not found", what, at)
		}
	}
	for i, was := range text {
		for _, flip := range []byte{0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xFF} {
			changed := bytes.Clone(text)
			changed[i] = was ^ flip
			refuse(i, fmt.Sprintf("a flip of %#x", flip), changed)
		}
		for _, other := range []byte("\t\n\r 0+=A") {
			changed := bytes.Clone(text)
			changed[i] = other
			refuse(i, fmt.Sprintf("%q in place of %q", other, was), changed)
			refuse(i, fmt.Sprintf("%q put in", other), slices.Insert(bytes.Clone(text), i, other))
		}
		refuse(i, "a byte less", slices.Delete(bytes.Clone(text), i, i+1))
		refuse(i, "the end", text[:i])
	}
	for _, more := range []string{"\n", " ", "\x00", "seal\t0\n", string(text)} {
		refuse(len(text), fmt.Sprintf("%.10q put after", more), append(bytes.Clone(text), more...))
	}
}

func TestAnyMovedLineIsFound(t *testing.T) {
	t.Parallel()
	s, text := sample()
	key := s.key(t)
	lines := strings.SplitAfter(strings.TrimSuffix(string(text), "\n"), "\n")
	lines[len(lines)-1] += "\n"
	refuse := func(what string, changed []string) {
		other := strings.Join(changed, "")
		if other == string(text) {
			return
		}
		if _, err := verify(strings.NewReader(other), key, nil); err == nil {
			t.Errorf("%s is not found", what)
		}
	}
	for i := range lines {
		refuse(fmt.Sprintf("line %d removed", i), slices.Delete(slices.Clone(lines), i, i+1))
		for j := range lines {
			refuse(fmt.Sprintf("line %d also at %d", i, j), slices.Insert(slices.Clone(lines), j, lines[i]))
			swapped := slices.Clone(lines)
			swapped[i], swapped[j] = swapped[j], swapped[i]
			refuse(fmt.Sprintf("lines %d and %d swapped", i, j), swapped)
		}
	}
}

// edit is one change by somebody who has the bundle, but not the key.
type edit struct {
	name string
	from string // a part of the line that is changed
	do   func(line string) string
	want string
}

func TestWhoHasNoKeyIsNamedTheLeaf(t *testing.T) {
	t.Parallel()
	forged := newScribe(origin) // hashes the changed leaf anew, which needs no key
	forged.leaves = make([][32]byte, 3)
	forged.out.Reset()
	forged.leaf(entry{kind: "batch", about: "document/1", body: `{"changes":[{"after":null,"before":{}}],"reason":"intet"}`})

	erased := newScribe(origin)
	erased.leaves = make([][32]byte, 3)
	erased.out.Reset()
	erased.leaf(entry{kind: "batch", about: "document/1", erased: true, body: `{"changes":[{"after":{"id":"3"},"before":null},{"after":null,"before":{"id":"4"}}],"reason":"indlæst"}`})

	for _, c := range []edit{
		{"a reason", "leaf\t3", swap("indlæst", "udlæst"), "leaf 3 (\"document.revise\" of \"document/1\" by \"019598a0-anna\" at 2026-03-02T00:00:03.000003Z) does not fit: what it says is not what was hashed"},
		{"an actor", "leaf\t0", swap("anna", "bent"), "leaf 0 (\"document.create\" of \"document/0\" by \"019598a0-bent\""},
		{"a time", "leaf\t5", swap("00:00:05", "00:00:06"), "leaf 5"},
		{"an erased leaf's verb", "erased\t1", swap("revise", "create"), "leaf 1"},
		{"a leaf hashed anew", "leaf\t3", func(string) string { return forged.out.String() }, "the checkpoint after leaf 5 does not fit: each leaf fits its own hash, but together they are not what was signed; the first wrong leaf is one of 3 to 5"},
		{"a body dropped without a record", "leaf\t3", func(string) string { return erased.out.String() }, "leaf 3 does not fit: its body is missing, and no later leaf records"},
		{"a leaf removed", "leaf\t3", func(string) string { return "" }, "leaf 3 (\"ledger.erase\" of \"leaf/1\" by \"019598a0-anna\" at 2026-03-02T00:00:04.000004Z) does not fit: its number is \"4\""},
		{"the last leaf removed", "leaf\t5", func(string) string { return "" }, "the checkpoint after leaf 4 was signed for 6 leaves, but 5 stand before it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, text := sample()
			lines := strings.SplitAfter(string(text), "\n")
			at := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, c.from) })
			before := lines[at]
			if lines[at] = c.do(before); lines[at] == before {
				t.Fatal("nothing was changed")
			}
			wantMisfit(t, s, []byte(strings.Join(lines, "")), c.want)
		})
	}
}

func swap(from, to string) func(string) string {
	return func(line string) string { return strings.Replace(line, from, to, 1) }
}

func wantMisfit(t *testing.T, s *scribe, text []byte, want string) {
	t.Helper()
	found, err := verify(bytes.NewReader(text), s.key(t), nil)
	if err == nil {
		t.Fatalf("verified, want %q; found\n%s", want, found)
	}
	if !strings.Contains(err.Error(), want) {
		t.Errorf("got  %q\nwant %q", err, want)
	}
}

func TestALeafOfAnotherFormIsRefusedEvenWhenSigned(t *testing.T) {
	t.Parallel()
	const nothing = `{"after":null,"before":null,"reason":""}`
	for _, c := range []struct {
		name string
		leaf entry
		want string
	}{
		{"number with a zero", entry{seq: "01"}, `its number is "01"`},
		{"number of another", entry{seq: "2"}, `its number is "2"`},
		{"time with a comma", entry{at: "2026-03-02T00:00:01,000000Z"}, "its time"},
		{"time in another zone", entry{at: "2026-03-02T00:00:01.00+01:00"}, "its time"},
		{"time to the millisecond", entry{at: "2026-03-02T00:00:01.000Z"}, "its time"},
		{"no such day", entry{at: "2026-02-29T00:00:01.000000Z"}, "its time"},
		{"no such hour", entry{at: "2026-03-02T24:00:00.000000Z"}, "its time"},
		{"leap second", entry{at: "2026-06-30T23:59:60.000000Z"}, "its time"},
		{"older than the leaf before", entry{at: "2026-03-01T23:59:59.999999Z"}, "it is older than the leaf before it (2026-03-02T00:00:00.000000Z)"},
		{"control character in the actor", entry{actor: "an\x1bna"}, "control character"},
		{"carriage return in the actor", entry{actor: "anna\r"}, "control character"},
		{"not UTF-8", entry{actor: "\xff"}, "not UTF-8"},
		{"verb of no register", entry{verb: "publish"}, "its verb"},
		{"verb of an empty register", entry{verb: ".publish"}, "its verb"},
		{"about no kind", entry{about: "7"}, "what it is about"},
		{"about no id", entry{about: "document/"}, "what it is about"},
		{"type of its own", entry{kind: "note"}, "its type"},
		{"type in capitals", entry{kind: "Change"}, "its type"},
		{"short salt", entry{salt: "AAAA"}, "its salt"},
		{"salt without padding", entry{salt: "AAAAAAAAAAAAAAAAAAAAAA"}, "its salt"},
		{"salt with stray bits", entry{salt: "AAAAAAAAAAAAAAAAAAAAAB=="}, "its salt"},
		{"salt in the URL alphabet", entry{salt: "__________________8A=="[:22] + "=="}, "its salt"},
		{"inner hash cut short", entry{erased: true, inner: "AAAA"}, "what remains of its body"},
		{"inner hash of another body", entry{erased: true, inner: strings.Repeat("A", 43) + "="}, "what it says is not what was hashed"},
		{"hash without padding", entry{hash: strings.Repeat("A", 43)}, "what it says is not what was hashed"},
		{"a field more", entry{salt: "AAAAAAAAAAAAAAAAAAAAAA==\tx"}, "its body is not canonical"},
		{"a field more in an erased leaf", entry{erased: true, inner: strings.Repeat("A", 43) + "=\tx"}, "what remains of its body"},
		{"body with a space", entry{body: strings.Replace(nothing, ":", ": ", 1)}, "its body is not canonical"},
		{"body of a batch in a change", entry{body: `{"changes":[],"reason":""}`}, "its body is not canonical"},
		{"a batch of nothing", entry{kind: "batch", body: `{"changes":[],"reason":""}`}, "its body is not canonical"},
		{"a batch of something else than changes", entry{kind: "batch", body: `{"changes":[{"after":{"id":"3"}}],"reason":""}`}, "its body is not canonical"},
		{"a secret column in a batch", entry{kind: "batch", body: `{"changes":[{"after":{"id":"3","key_secret":"x"},"before":null}],"reason":""}`}, "a secret column"},
		{"body of a change in a batch", entry{kind: "batch", body: nothing}, "its body is not canonical"},
		{"erasing of a leaf that stands", entry{verb: "ledger.erase", about: "leaf/0", body: nothing}, "records that leaf 0 was erased, but"},
		{"erasing of a leaf to come", entry{verb: "ledger.erase", about: "leaf/2", body: nothing}, "records that leaf 2 was erased, but"},
		{"erasing of itself", entry{verb: "ledger.erase", about: "leaf/1", erased: true}, "records that leaf 1 was erased, but"},
		{"erasing of a leaf with a zero", entry{verb: "ledger.erase", about: "leaf/00", body: nothing}, "not of which leaf"},
		{"erasing of a document", entry{verb: "ledger.erase", about: "document/0", body: nothing}, "not of which leaf"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScribe(origin)
			s.leaf(entry{})
			s.leaf(c.leaf)
			s.checkpoint()
			text := s.seal()
			wantMisfit(t, s, text, "leaf 1 ")
			wantMisfit(t, s, text, c.want)
		})
	}
}

func TestLeavesOfOneMomentFit(t *testing.T) {
	t.Parallel()
	s := newScribe(origin)
	s.leaf(entry{at: "2028-02-29T23:59:59.999999Z"})
	s.leaf(entry{at: "2028-02-29T23:59:59.999999Z"})
	s.checkpoint()
	if _, err := verify(bytes.NewReader(s.seal()), s.key(t), nil); err != nil {
		t.Error(err)
	}
}

func TestAnErasedRecordOfAnErasingStillCounts(t *testing.T) {
	t.Parallel()
	s := newScribe(origin)
	s.leaf(entry{erased: true})
	s.leaf(entry{verb: "ledger.erase", about: "leaf/0", erased: true})
	s.leaf(entry{verb: "ledger.erase", about: "leaf/1"})
	s.checkpoint()
	got, err := verify(bytes.NewReader(s.seal()), s.key(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := "2 bodies, each recorded by a later leaf: leaf 0 by 1, 1 by 2"; got.erasings() != want {
		t.Errorf("got %q, want %q", got.erasings(), want)
	}
}

// shape is a bundle that is signed by the key, and yet none.
type shape struct {
	name  string
	write func(s *scribe)
	want  string
}

func wantRefused(t *testing.T, shapes []shape) {
	t.Helper()
	for _, c := range shapes {
		t.Run(c.name, func(t *testing.T) {
			s := newScribe(origin)
			c.write(s)
			wantMisfit(t, s, s.seal(), c.want)
		})
	}
}

// twice adds a note's signature once more.
func twice(note string) string {
	_, signature, _ := strings.Cut(note, "\n\n")
	return note + signature
}

func TestACheckpointOfAnotherFormIsRefusedEvenWhenSigned(t *testing.T) {
	t.Parallel()
	other := newScribe(otherOrigin)
	namesake := newScribe(otherOrigin)
	namesake.origin = origin // signs in the name of the ledger, with another key
	wantRefused(t, []shape{
		{"a checkpoint of nothing", func(s *scribe) { s.checkpoint() }, "has a size that is not a number of leaves"},
		{"a checkpoint twice", func(s *scribe) { s.leaf(entry{}); s.checkpoint(); s.checkpoint() }, "covers no leaf that is new"},
		{"a checkpoint of another ledger", func(s *scribe) {
			s.leaf(entry{})
			other.leaves = s.leaves
			s.part("checkpoint", other.head())
		}, "the checkpoint after leaf 0 is not signed in the name of vaern/0123456789abcdef"},
		{"a checkpoint by another key", func(s *scribe) {
			s.leaf(entry{})
			namesake.leaves = s.leaves
			s.part("checkpoint", namesake.head())
		}, "the checkpoint after leaf 0 is signed by another key"},
		{"a checkpoint that names another ledger", func(s *scribe) {
			s.leaf(entry{})
			s.part("checkpoint", s.note(strings.Replace(s.head(), origin, otherOrigin, 1)[:len(origin)+1+2+45]))
		}, "is of \"vaern/fedcba9876543210\""},
		{"a checkpoint with two signatures", func(s *scribe) { s.leaf(entry{}); s.part("checkpoint", twice(s.head())) }, "is not three lines, an empty one and one signature"},
		{"a checkpoint with a line more", func(s *scribe) {
			s.leaf(entry{})
			s.part("checkpoint", s.note(fmt.Sprintf("%s\n1\n%s\nmore\n", origin, digest(rootOf(s.leaves)))))
		}, "is not three lines, an empty one and one signature"},
		{"a checkpoint with a zero before its size", func(s *scribe) {
			s.leaf(entry{})
			s.part("checkpoint", s.note(fmt.Sprintf("%s\n01\n%s\n", origin, digest(rootOf(s.leaves)))))
		}, "has a size that is not a number of leaves: \"01\""},
		{"a checkpoint with half a root", func(s *scribe) {
			s.leaf(entry{})
			s.part("checkpoint", s.note(origin+"\n1\nAAAA\n"))
		}, "has a root that is not a hash"},
		{"a checkpoint with another root", func(s *scribe) {
			s.leaf(entry{})
			s.part("checkpoint", s.note(fmt.Sprintf("%s\n1\n%s\n", origin, digest{})))
		}, "the wrong leaf is leaf 0"},
		{"a checkpoint with a zero before its length", func(s *scribe) {
			s.leaf(entry{})
			fmt.Fprintf(&s.out, "checkpoint\t0%d\n%s", len(s.head()), s.head())
		}, "has no sensible length"},
		{"a checkpoint that would fill the memory", func(s *scribe) {
			s.leaf(entry{})
			s.out.WriteString("checkpoint\t9000000000000\n")
		}, "has no sensible length"},
	})
}

func TestABundleOfAnotherShapeIsRefusedEvenWhenSigned(t *testing.T) {
	t.Parallel()
	wantRefused(t, []shape{
		{"no leaf", func(s *scribe) {}, "the bundle has no leaf"},
		{"no checkpoint", func(s *scribe) { s.leaf(entry{}) }, "leaf 0 does not fit: no checkpoint covers it"},
		{"a leaf after the last checkpoint", func(s *scribe) { s.leaf(entry{}); s.checkpoint(); s.leaf(entry{}) }, "leaf 1 does not fit: no checkpoint covers it"},
		{"an empty line", func(s *scribe) { s.leaf(entry{}); s.checkpoint(); s.out.WriteString("\n") }, "after leaf 0 stands a line that is no leaf, checkpoint or seal"},
		{"a second origin", func(s *scribe) { s.out.WriteString("origin\t" + origin + "\n") }, "before the first leaf stands a line"},
		{"a seal of another size", func(s *scribe) {
			s.leaf(entry{})
			s.checkpoint()
			s.part("seal", s.note(strings.Replace(s.sealText(), "\n1\n", "\n2\n", 1)))
		}, "the seal does not fit"},
		{"a checkpoint for a seal", func(s *scribe) { s.leaf(entry{}); s.checkpoint(); s.part("seal", s.head()) }, "the seal does not fit"},
		{"a seal with two signatures", func(s *scribe) {
			s.leaf(entry{})
			s.checkpoint()
			s.part("seal", twice(s.note(s.sealText())))
		}, "the seal is not three lines"},
	})
}

func TestAKeyOfAnotherLedgerIsNamed(t *testing.T) {
	t.Parallel()
	_, text := sample()
	wantMisfit(t, newScribe(otherOrigin), text, "the bundle is of the ledger \"vaern/0123456789abcdef\", the key of vaern/fedcba9876543210")
}

func TestAFileThatIsNoBundleIsCalledSo(t *testing.T) {
	t.Parallel()
	s := newScribe(origin)
	for text, want := range map[string]string{
		"":                              "its first line is not vaern-bundle/1",
		"vaern-bundle/2\n":              "its first line is not vaern-bundle/1",
		"vaern-bundle/1\r\n":            "its first line is not vaern-bundle/1",
		"vaern-bundle/1\n":              "its second line names no origin",
		"vaern-bundle/1\n" + origin:     "breaks off in the middle of a line",
		"vaern-bundle/1\nleaf\t0\n":     "its second line names no origin",
		"vaern-bundle/1":                "breaks off in the middle of a line",
		strings.Repeat("x", longest+10): "a line of more than 64 MB",
	} {
		wantMisfit(t, s, []byte(text), "this is no bundle: ")
		wantMisfit(t, s, []byte(text), want)
	}
}

func TestALineThatWouldFillTheMemoryIsRefused(t *testing.T) {
	t.Parallel()
	s := newScribe(origin)
	s.leaf(entry{})
	s.leaf(entry{actor: strings.Repeat("a", longest)})
	s.checkpoint()
	wantMisfit(t, s, s.seal(), "the bundle has a line of more than 64 MB, after leaf 0")
}
