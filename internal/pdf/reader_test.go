package pdf

import (
	"compress/zlib"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// reader reads files as strictly as a viewer does: through the tables of
// objects, the newest first. It shares nothing with the writer.
type reader struct {
	t       *testing.T
	objects map[int]string
	trailer string // of the update
}

func read(t *testing.T, written []byte) *reader {
	t.Helper()
	r, file := &reader{t: t, objects: map[int]string{}}, string(written)
	if !strings.HasSuffix(file, "%%EOF\n") {
		t.Fatal("the file has no end")
	}
	at := number(t, regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`), file[len(file)-64:])
	for at > 0 {
		table, trailer, ok := strings.Cut(file[at:], "trailer\n")
		if !ok || !strings.HasPrefix(table, "xref\n") {
			t.Fatalf("no table of objects at %d", at)
		}
		trailer, _, _ = strings.Cut(trailer, "startxref")
		if r.trailer == "" {
			r.trailer = trailer
		}
		r.table(file, strings.Split(table, "\n")[1:])
		at = 0
		if strings.Contains(trailer, "/Prev") {
			at = number(t, regexp.MustCompile(`/Prev (\d+)`), trailer)
		}
	}
	return r
}

func (r *reader) table(file string, lines []string) {
	r.t.Helper()
	for len(lines) > 1 {
		var first, count int
		if _, err := fmt.Sscanf(lines[0], "%d %d", &first, &count); err != nil {
			r.t.Fatalf("table of objects: %q", lines[0])
		}
		for i := range count {
			n, entry := first+i, lines[1+i]
			if _, newer := r.objects[n]; newer || strings.Contains(entry, "f") {
				continue
			}
			begin, _ := strconv.Atoi(entry[:10])
			body, ok := strings.CutPrefix(file[begin:], fmt.Sprintf("%d 0 obj\n", n))
			if !ok {
				r.t.Fatalf("object %d is not at %d", n, begin)
			}
			r.objects[n] = body
		}
		lines = lines[1+count:]
	}
}

func number(t *testing.T, re *regexp.Regexp, s string) int {
	t.Helper()
	m := re.FindStringSubmatch(s)
	if m == nil {
		t.Fatalf("%s not found in %.80q", re, s)
	}
	n, _ := strconv.Atoi(m[1])
	return n
}

// dict is an object up to its end or its stream.
func (r *reader) dict(n int) string {
	body, ok := r.objects[n]
	if !ok {
		r.t.Fatalf("object %d does not exist", n)
	}
	i := strings.Index(body, "endobj")
	if j := strings.Index(body, "stream\n"); j >= 0 && j < i {
		i = j
	}
	return body[:i]
}

// stream is the content of a stream, inflated.
func (r *reader) stream(n int) string {
	r.t.Helper()
	dict := r.dict(n)
	data := r.objects[n][len(dict)+len("stream\n"):][:number(r.t, regexp.MustCompile(`/Length (\d+)`), dict)]
	if !strings.Contains(dict, "/FlateDecode") {
		return data
	}
	z, err := zlib.NewReader(strings.NewReader(data))
	if err != nil {
		r.t.Fatal(err)
	}
	out, err := io.ReadAll(z)
	if err != nil {
		r.t.Fatal(err)
	}
	return string(out)
}

func (r *reader) catalogue() string {
	return r.dict(number(r.t, regexp.MustCompile(`/Root (\d+) 0 R`), r.trailer))
}

// pages are the object numbers of the pages in order.
func (r *reader) pages() []int {
	root := r.dict(number(r.t, regexp.MustCompile(`/Pages (\d+) 0 R`), r.catalogue()))
	return refs(regexp.MustCompile(`(?s)/Kids \[(.*?)\]`).FindStringSubmatch(root)[1])
}

func refs(s string) []int {
	var list []int
	for _, m := range regexp.MustCompile(`(\d+) 0 R`).FindAllStringSubmatch(s, -1) {
		n, _ := strconv.Atoi(m[1])
		list = append(list, n)
	}
	return list
}

// sequence is marked content of a page.
type sequence struct {
	tag  string
	mcid int // -1 for artifacts
	text string
}

var operator = regexp.MustCompile(`(?s)/(\w+) (<<.*?>> BDC|BMC)|\bEMC\b|\(((?:[^\\)]|\\.)*)\) Tj|\bre f\b| l S\b`)

// sequences reads a page's content and fails on paint outside marked content,
// on sequences inside one another and on those left open.
func (r *reader) sequences(page int) []sequence {
	r.t.Helper()
	content := r.stream(number(r.t, regexp.MustCompile(`/Contents (\d+) 0 R`), r.dict(page)))
	var list []sequence
	open := false
	for _, m := range operator.FindAllStringSubmatch(content, -1) {
		switch {
		case m[1] != "":
			if open {
				r.t.Fatalf("%s inside %s", m[0], list[len(list)-1].tag)
			}
			open = true
			s := sequence{tag: m[1], mcid: -1}
			if strings.Contains(m[2], "/MCID") {
				s.mcid = number(r.t, regexp.MustCompile(`/MCID (\d+)`), m[2])
			}
			list = append(list, s)
		case m[0] == "EMC":
			if !open {
				r.t.Fatal("EMC closes nothing")
			}
			open = false
		case !open:
			r.t.Fatalf("painted outside marked content: %q", m[0])
		case strings.HasSuffix(m[0], "Tj"):
			list[len(list)-1].text += codes(m[3])
		}
	}
	if open {
		r.t.Fatal("a marked sequence is never closed")
	}
	return list
}

// codes are the characters of a string of the page: Identity-H with a ToUnicode
// map that is the identity, two bytes each.
func codes(s string) string {
	s = strings.NewReplacer(`\\`, `\`, `\(`, `(`, `\)`, `)`, `\r`, "\r").Replace(s)
	var units []uint16
	for i := 0; i+1 < len(s); i += 2 {
		units = append(units, uint16(s[i])<<8|uint16(s[i+1]))
	}
	return string(utf16.Decode(units))
}

// tree is the structure tree as indented lines, "tag: text".
func (r *reader) tree() string {
	r.t.Helper()
	texts := map[[2]int]string{}
	for _, page := range r.pages() {
		for _, s := range r.sequences(page) {
			texts[[2]int{page, s.mcid}] += s.text
		}
	}
	root := r.dict(number(r.t, regexp.MustCompile(`/StructTreeRoot (\d+) 0 R`), r.catalogue()))
	var b strings.Builder
	r.branch(&b, number(r.t, regexp.MustCompile(`/K \[(\d+) 0 R\]`), root), 0, texts)
	return b.String()
}

var child = regexp.MustCompile(`<</Type /MCR /Pg (\d+) 0 R /MCID (\d+)>>|<</Type /OBJR /Obj (\d+) 0 R /Pg (\d+) 0 R>>|(\d+) 0 R`)

func (r *reader) branch(b *strings.Builder, n, depth int, texts map[[2]int]string) {
	dict := r.dict(n)
	kids := dict[strings.Index(dict, "/K [")+4:]
	tag := regexp.MustCompile(`/S /(\w+)`).FindStringSubmatch(dict)[1]
	fmt.Fprintf(b, "%s%s", strings.Repeat(" ", depth), tag)
	var below []int
	var text string
	for _, m := range child.FindAllStringSubmatch(kids, -1) {
		switch {
		case m[1] != "":
			page, _ := strconv.Atoi(m[1])
			mcid, _ := strconv.Atoi(m[2])
			text += texts[[2]int{page, mcid}]
		case m[3] != "":
			text += "@"
		default:
			below = append(below, atoi(m[5]))
		}
	}
	if text != "" {
		b.WriteString(": " + strings.TrimSpace(text))
	}
	b.WriteByte('\n')
	for _, k := range below {
		r.branch(b, k, depth+1, texts)
	}
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// unhex decodes a string written by utf16Hex.
func unhex(t *testing.T, s string) string {
	t.Helper()
	raw, err := hex.DecodeString(strings.Trim(s, "<>"))
	if err != nil || len(raw) < 2 || raw[0] != 0xfe || raw[1] != 0xff {
		t.Fatalf("no text: %q", s)
	}
	return codes(strings.ReplaceAll(string(raw[2:]), `\`, `\\`))
}
