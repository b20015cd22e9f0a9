package pdf

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// update appends objects to a finished file: those that it replaces and new ones.
type update struct {
	file    []byte
	old     []int // where each object of the file begins
	xref    int   // where its table of objects begins
	root    int
	info    string
	size    int // one more than the highest object number
	written map[int]int
}

// reopen reads the table of objects at the end of a file that fpdf wrote.
func reopen(file []byte) (*update, error) {
	u := &update{file: bytes.Clone(file), written: map[int]int{}}
	tail := file[max(0, len(file)-64):]
	_, after, ok := bytes.Cut(tail, []byte("startxref\n"))
	if !ok {
		return nil, fmt.Errorf("no startxref")
	}
	at, _, _ := strings.Cut(string(after), "\n")
	xref, err := strconv.Atoi(at)
	if err != nil || xref < 0 || xref > len(file) {
		return nil, fmt.Errorf("startxref %q", at)
	}
	u.xref = xref
	table := string(file[xref:])
	if _, err := fmt.Sscanf(table, "xref\n0 %d\n", &u.size); err != nil {
		return nil, fmt.Errorf("table of objects: %w", err)
	}
	lines := strings.Split(table, "\n")
	if len(lines) < u.size+2 {
		return nil, fmt.Errorf("table of objects: %d lines for %d objects", len(lines), u.size)
	}
	for _, entry := range lines[2 : u.size+2] {
		begin, err := strconv.Atoi(entry[:min(10, len(entry))])
		if err != nil || begin > len(file) {
			return nil, fmt.Errorf("table of objects: entry %q", entry)
		}
		u.old = append(u.old, begin)
	}
	for _, l := range lines[u.size+2:] {
		if n, ok := strings.CutPrefix(l, "/Root "); ok {
			u.root, _ = strconv.Atoi(strings.TrimSuffix(n, " 0 R"))
		}
		if n, ok := strings.CutPrefix(l, "/Info "); ok {
			u.info = n
		}
	}
	if u.root <= 0 || u.root >= u.size {
		return nil, fmt.Errorf("trailer: root %d of %d", u.root, u.size)
	}
	return u, nil
}

// next is a new object number.
func (u *update) next() int {
	u.size++
	return u.size - 1
}

// object writes one object.
func (u *update) object(n int, body string) {
	u.written[n] = len(u.file)
	u.file = fmt.Appendf(u.file, "%d 0 obj\n%s\nendobj\n", n, body)
}

// amend writes object n of the file again, with extra after its beginning.
func (u *update) amend(n int, begins, extra string) error {
	if n >= len(u.old) {
		return fmt.Errorf("object %d of %d", n, len(u.old))
	}
	body, _, ok := bytes.Cut(u.file[u.old[n]:], []byte("\nendobj"))
	head := fmt.Sprintf("%d 0 obj\n", n)
	rest, begun := strings.CutPrefix(string(body), head+begins)
	if !ok || !begun {
		return fmt.Errorf("object %d does not begin with %q", n, begins)
	}
	u.object(n, begins+extra+"\n"+rest)
	return nil
}

// close writes the table of the update and returns the file. The identity is
// that of the content, so that the same document is the same file.
func (u *update) close(identity [32]byte) []byte {
	numbers := make([]int, 0, len(u.written))
	for n := range u.written {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	begin := len(u.file)
	b := append(u.file, "xref\n"...)
	for i := 0; i < len(numbers); {
		j := i + 1
		for j < len(numbers) && numbers[j] == numbers[j-1]+1 {
			j++
		}
		b = fmt.Appendf(b, "%d %d\n", numbers[i], j-i)
		for _, n := range numbers[i:j] {
			b = fmt.Appendf(b, "%010d 00000 n \n", u.written[n])
		}
		i = j
	}
	return fmt.Appendf(b, "trailer\n<</Size %d /Root %s /Info %s /Prev %d /ID [<%x> <%x>]>>\nstartxref\n%d\n%%%%EOF\n",
		u.size, ref(u.root), u.info, u.xref, identity[:16], identity[:16], begin)
}
