package app

import (
	"hash/maphash"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// runLength is how many words in a row are somebody else's text.
const runLength = 8

// wordsOf hands every word of a text to fn, small and without what stands
// around it, so that line breaks, quotes and Markdown hide nothing.
func wordsOf(text []byte, fn func(word []byte)) {
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			text = text[n:]
			continue
		}
		end := 0
		for end < len(text) {
			r, n := utf8.DecodeRune(text[end:])
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				break
			}
			end += n
		}
		fn([]byte(strings.ToLower(string(text[:end]))))
		text = text[end:]
	}
}

// runs hands the hash of every eight words in a row to fn, and the last word's
// place; fn says whether to go on.
func runs(seed maphash.Seed, text []byte, fn func(run uint64, last int)) {
	var ring [runLength]uint64
	n := 0
	wordsOf(text, func(word []byte) {
		ring[n%runLength] = maphash.Bytes(seed, word)
		n++
		if n < runLength {
			return
		}
		var sum uint64
		for i := range runLength {
			sum = sum*1099511628211 + ring[(n+i)%runLength]
		}
		fn(sum, n-1)
	})
}

// TestNoSampleStandsInTheRepository keeps the text of real policies, which is
// not ours, out of code, tests and content.
func TestNoSampleStandsInTheRepository(t *testing.T) {
	dir := os.Getenv("VAERN_SAMPLES")
	if dir == "" {
		t.Skip("VAERN_SAMPLES names no folder of samples")
	}
	samples, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil || len(samples) == 0 {
		t.Fatalf("VAERN_SAMPLES has no .txt: %v", err)
	}
	seed := maphash.MakeSeed()
	theirs := map[uint64]bool{}
	for _, name := range samples {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		runs(seed, text, func(run uint64, _ int) { theirs[run] = true })
	}
	if len(theirs) < 100 {
		t.Fatalf("the samples have only %d runs of words", len(theirs))
	}
	err = walk(func(name string) error {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil || !utf8.Valid(text) {
			return err
		}
		runs(seed, text, func(run uint64, last int) {
			if theirs[run] {
				t.Errorf("%s: the words %d to %d stand in a sample. Write it in words of our own; if it tests the import, invent a policy.", name, last-runLength+2, last+1)
			}
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRunsSeeThroughLinesAndMarks(t *testing.T) {
	seed := maphash.MakeSeed()
	of := func(text string) (out []uint64) {
		runs(seed, []byte(text), func(run uint64, _ int) { out = append(out, run) })
		return out
	}
	plain := of("Én to tre fire fem seks syv otte")
	for _, same := range []string{"én to\n// tre **fire** fem, seks\tsyv “otte”", "før: ÉN TO TRE FIRE FEM SEKS SYV OTTE"} {
		if got := of(same); len(got) == 0 || got[len(got)-1] != plain[0] {
			t.Errorf("%q is not seen as the same run", same)
		}
	}
	for _, other := range []string{"én to tre fire fem seks otte syv", "en to tre fire fem seks syv otte"} {
		if got := of(other); got[0] == plain[0] {
			t.Errorf("%q is taken for the same run", other)
		}
	}
	if n := len(of("én to tre fire fem seks syv")); n != 0 {
		t.Errorf("seven words have %d runs of eight", n)
	}
}
