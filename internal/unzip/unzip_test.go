package unzip

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"

	"vaern/internal/hostile"
)

// plenty is room for all that these tests read and is allowed.
var plenty = Bounds{Bytes: 64 << 20, Elements: 1 << 20}

func text(s string) []byte { return hostile.Zip(hostile.Part{Name: "a.xml", Text: s}) }

func long(before, again, after string, times int) []byte {
	return hostile.Zip(hostile.Part{Name: "a.xml", Long: hostile.Filled(before, again, after, times)})
}

// TestAnArchiveIsBoundedInEveryWay reads archives that each break one bound, and
// as many that stay just within it.
func TestAnArchiveIsBoundedInEveryWay(t *testing.T) {
	numbered := func(i int) string { return strconv.Itoa(i) }
	for name, c := range map[string]struct {
		data []byte
		most Bounds
		want error
	}{
		"as it should be":              {text("<a>b</a>"), plenty, nil},
		"no archive":                   {[]byte("PK"), plenty, ErrDamaged},
		"no such part":                 {hostile.Zip(hostile.Part{Name: "b.xml", Text: "<a/>"}), plenty, ErrNoPart},
		"a part in other letters":      {hostile.Zip(hostile.Part{Name: `\A.XML`, Text: "<a/>"}), plenty, nil},
		"protected by a password":      {hostile.Locked(text("<a>b</a>")), plenty, ErrEncrypted},
		"entries without number":       {hostile.Overlapping(1, mostEntries+1, numbered), plenty, ErrTooLarge},
		"entries that overlap":         {hostile.Overlapping(1<<20, 100, numbered), plenty, ErrDamaged},
		"an entry longer than it says": {hostile.Lying(text("<a>b</a>"), 2), plenty, ErrDamaged},
		"a document type":              {text(`<!DOCTYPE a><a>b</a>`), plenty, ErrDamaged},
		"an entity of its own":         {text(`<a>&b;</a>`), plenty, ErrDamaged},
		"elements as deep as is read":  {text(strings.Repeat("<a>", deepest) + strings.Repeat("</a>", deepest)), plenty, nil},
		"elements deeper":              {text(strings.Repeat("<a>", deepest+1) + strings.Repeat("</a>", deepest+1)), plenty, ErrTooLarge},
		"as many elements as is read":  {text("<a><b/><b/></a>"), Bounds{Bytes: 1 << 20, Elements: 3}, nil},
		"more elements":                {text("<a><b/><b/></a>"), Bounds{Bytes: 1 << 20, Elements: 2}, ErrTooLarge},
		"more bytes":                   {text("<a>" + strings.Repeat("b", 100) + "</a>"), Bounds{Bytes: 50, Elements: 10}, ErrTooLarge},
		"a token of a megabyte":        {long("<a>", "b", "</a>", longestToken/2), plenty, nil},
		"a longer token":               {long("<a>", "b", "</a>", 2*longestToken), plenty, ErrTooLarge},
		"many tokens, each short":      {long("<a>", "<b/>"+strings.Repeat("c", 1000), "</a>", 3000), plenty, nil},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := Open(c.data, c.most)
			if err == nil {
				err = a.Walk("a.xml", func(xml.Token) error { return nil })
			}
			if !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if a != nil && a.left.Bytes < 0 {
				t.Errorf("%d bytes more were read than there was room for", -a.left.Bytes)
			}
		})
	}
}

// TestEntriesAreNotLongerThanTheFile opens archives whose entries claim too much
// by themselves, and so much that the sum begins anew.
func TestEntriesAreNotLongerThanTheFile(t *testing.T) {
	for _, claims := range [][]uint64{{1 << 20}, {1 << 63, 1 << 63}} {
		var data bytes.Buffer
		z := zip.NewWriter(&data)
		for i, n := range claims {
			if _, err := z.CreateRaw(&zip.FileHeader{Name: strconv.Itoa(i), CompressedSize64: n, UncompressedSize64: 1}); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(data.Bytes(), plenty); !errors.Is(err, ErrDamaged) {
			t.Errorf("entries of %d bytes: %v, want %v", claims, err, ErrDamaged)
		}
	}
}

// TestBoundsAreOfAllPartsTogether reads two parts that are within the bounds one
// by one, and passes over what is not wanted without saving any of it.
func TestBoundsAreOfAllPartsTogether(t *testing.T) {
	part := "<a>" + strings.Repeat("<b/>", 10) + "</a>"
	a, err := Open(hostile.Zip(hostile.Part{Name: "a.xml", Text: part}, hostile.Part{Name: "b.xml", Text: part}), Bounds{Bytes: 1 << 20, Elements: 15})
	if err != nil {
		t.Fatal(err)
	}
	all := func(t xml.Token) error {
		if _, ok := t.(xml.StartElement); ok {
			return Skip
		}
		return nil
	}
	if err := a.Walk("a.xml", all); err != nil {
		t.Fatal(err)
	}
	if err := a.Walk("b.xml", all); !errors.Is(err, ErrTooLarge) {
		t.Errorf("the second part: %v, want %v", err, ErrTooLarge)
	}
}

// TestOfTwoPartsWithOneNameTheFirstIsCopied keeps a reader that takes the last
// from reading another one than was looked at.
func TestOfTwoPartsWithOneNameTheFirstIsCopied(t *testing.T) {
	a, err := Open(hostile.Zip(hostile.Part{Name: "a.xml", Text: "first"}, hostile.Part{Name: "/A.xml", Text: "second"}, hostile.Part{Name: "b.xml", Text: "unwanted"}), plenty)
	if err != nil {
		t.Fatal(err)
	}
	data, err := a.Copy(func(name string) bool { return name == "a.xml" })
	if err != nil {
		t.Fatal(err)
	}
	b, err := Open(data, plenty)
	if err != nil || len(b.Names) != 1 {
		t.Fatalf("%v, %v, want one part", b, err)
	}
	part, err := b.part("a.xml")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(part); err != nil || string(got) != "first" {
		t.Errorf("%q, %v", got, err)
	}
}
