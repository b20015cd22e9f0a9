package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"
)

// again is a text without end.
type again string

func (a again) Read(p []byte) (n int, _ error) {
	for n < len(p) {
		n += copy(p[n:], a)
	}
	return n, nil
}

// within is a text so many times between two others.
func within(before, text string, times int, after string) io.Reader {
	return io.MultiReader(strings.NewReader(before), io.LimitReader(again(text), int64(len(text)*times)), strings.NewReader(after))
}

// unsigned are leaves without end that fit their own hashes, which needs no key.
func unsigned(e entry) io.Reader {
	in, out := io.Pipe()
	go func() {
		s := newScribe(origin)
		w := bufio.NewWriterSize(out, 1<<16)
		for {
			s.leaf(e)
			if _, err := w.Write(s.out.Bytes()); err != nil {
				return
			}
			s.out.Reset()
		}
	}()
	return in
}

type harm struct {
	in   io.Reader
	want string
}

// harmful are bundles that cost who trusts what they say, and what is said of
// each.
func harmful(whole []byte) map[string]harm {
	const head = "vaern-bundle/1\norigin\t" + origin + "\n"
	const leaf = head + "leaf\t0\t2026-03-02T00:00:00.000000Z\tanna\trule.create\trule/1\tchange\tAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\tAAAAAAAAAAAAAAAAAAAAAA==\t"
	wide := func(mark string, order func(r rune) []byte) io.Reader {
		out := []byte(mark)
		for _, r := range string(whole) {
			out = append(out, order(r)...)
		}
		return bytes.NewReader(out)
	}
	return map[string]harm{
		"a line without end":             {again("x"), "a line of more than 64 MB"},
		"lines without end":              {again("\n"), "this is no bundle"},
		"heads without end":              {again(head), "no leaf, checkpoint or seal"},
		"a header without end":           {within(head+"leaf\t0\t2026-03-02T00:00:00.000000Z\t", "x", 1<<30, ""), "a line of more than 64 MB"},
		"tabs without end":               {within(head+"leaf\t", "\t", 60<<20, "\n"), "empty"},
		"a body of 60 MB":                {within(leaf+`{"after":{"a":"`, "x", 60<<20, `"},"before":null,"reason":""}`+"\n"), "not what was hashed"},
		"a body of 60 MB that is none":   {within(leaf+`{"after":{"a":"`, "x", 60<<20, "\n"), "a text does not end"},
		"a name of 60 MB":                {within(leaf+`{"after":{"`, `\\`, 30<<20, `":1,"\\":2},"before":null,"reason":""}`+"\n"), "out of order"},
		"lists in lists":                 {within(leaf+`{"after":{"a":`, "[", 60<<20, "\n"), "nests deeper than 1000"},
		"objects in objects":             {within(leaf+`{"after":`, `{"a":`, 12<<20, "\n"), "nests deeper than 1000"},
		"a list of 30 million":           {within(leaf+`{"after":{"a":[`, "1,", 30<<20, "1]},\"before\":null,\"reason\":\"\"}\n"), "not what was hashed"},
		"numbers of 60 MB":               {within(leaf+`{"after":{"a":`, "9", 60<<20, "\n"), "a number as ECMAScript"},
		"leaves that nobody signed":      {io.LimitReader(unsigned(entry{}), 100<<20), "breaks off"},
		"erased leaves without end":      {unsigned(entry{erased: true, at: "2026-03-02T00:00:00.000000Z"}), "has more than 1000000 erased leaves"},
		"the same leaf without end":      {io.MultiReader(bytes.NewReader(whole[:bytes.Index(whole, []byte("erased"))]), again(whole[bytes.Index(whole, []byte("leaf\t0")):bytes.Index(whole, []byte("erased"))])), "its number is"},
		"a number beyond":                {strings.NewReader(strings.Replace(string(whole), "leaf\t0\t", "leaf\t99999999999999999999\t", 1)), "its number is"},
		"a number below":                 {strings.NewReader(strings.Replace(string(whole), "leaf\t0\t", "leaf\t-1\t", 1)), "its number is"},
		"a note of a gigabyte":           {within(head+"checkpoint\t1073741824\n", "x", 1<<30, ""), "no sensible length"},
		"a note of fewer than none":      {strings.NewReader(head + "checkpoint\t-1\n"), "no sensible length"},
		"a note of more than a number":   {strings.NewReader(head + "checkpoint\t99999999999999999999\n"), "no sensible length"},
		"notes without end":              {again(head + "checkpoint\t4096\n" + strings.Repeat("\n", 4096)), "is not three lines"},
		"UTF-16":                         {wide("\xff\xfe", func(r rune) []byte { return []byte{byte(r), byte(r >> 8)} }), "this is no bundle"},
		"UTF-16, other order":            {wide("\xfe\xff", func(r rune) []byte { return []byte{byte(r >> 8), byte(r)} }), "this is no bundle"},
		"UTF-8 with a mark":              {io.MultiReader(strings.NewReader("\ufeff"), bytes.NewReader(whole)), "this is no bundle"},
		"Latin-1":                        {strings.NewReader(strings.ReplaceAll(string(whole), "å", "\xe5")), "is not UTF-8"},
		"lines that end as Windows's do": {strings.NewReader(strings.ReplaceAll(string(whole), "\n", "\r\n")), "this is no bundle"},
		"something behind without end":   {io.MultiReader(bytes.NewReader(whole), again("x")), "something follows"},
	}
}

// peak is the most memory that this process held since it was last forgotten.
func peak(t *testing.T) int {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip("memory is read where there is /proc")
	}
	_, rest, _ := bytes.Cut(text, []byte("VmHWM:"))
	kb, err := strconv.Atoi(strings.Fields(string(rest))[0])
	if err != nil {
		t.Fatal(err)
	}
	return kb >> 10
}

// Alone, not in parallel: it counts what the whole program holds.
func TestBundlesThatMeanHarmAreRefusedInBounds(t *testing.T) {
	if testing.Short() {
		t.Skip("reading them takes seconds")
	}
	s, whole := sample()
	key := s.key(t)
	for name, c := range harmful(whole) {
		debug.FreeOSMemory()
		os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // the highest use so far, counted anew
		begun := time.Now()
		_, err := verify(c.in, key, nil)
		if closer, ok := c.in.(io.Closer); ok {
			closer.Close()
		}
		t.Logf("%-32s %3d MB in %v", name, peak(t), time.Since(begun).Round(time.Millisecond))
		if err == nil || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 1000 {
			t.Errorf("%s: %.1000v, want %q", name, err, c.want)
		}
		if n := peak(t); n > 300 {
			t.Errorf("%s: the process used %d MB", name, n)
		}
	}
}

// A key or a checkpoint that does not end is neither.
func TestFilesWithoutEndAreNoKeys(t *testing.T) {
	s, whole := sample()
	dir := t.TempDir()
	bundle, key := filepath.Join(dir, "bundle"), filepath.Join(dir, "key")
	for name, text := range map[string]string{bundle: string(whole), key: s.public()} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{bundle, "--key", "/dev/zero"}, {bundle, "--key", key, "--known", "/dev/zero"}, {"/dev/zero", "--key", key}} {
		var out bytes.Buffer
		if code := run(args, &out, &out); code == exitFits || out.Len() == 0 || out.Len() > 2000 {
			t.Errorf("%v: %d %.2000s", args, code, fmt.Sprint(&out))
		}
	}
}
