package backup

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strings"

	"filippo.io/age"
)

// How much a backup may make this program hold or write. Who knows a public key
// can write a file for it, so that it opens says nothing of who made it.
const (
	longestRow  = 36 << 20 // bytes: twice the longest body, and what stands beside it
	longestHead = 64 << 10 // of the line that names a table and its columns
	longestJSON = 1 << 20  // of the manifest and of the end
	mostTables  = 1000     // a program has some hundred
	mostFolded  = 200      // bytes that one packed byte may unpack to: rows of JSON are some ten
	alwaysFine  = 32 << 20 // bytes that any backup may unpack to
)

// Visitor is told what a backup holds, in its order; nil is not told.
type Visitor struct {
	Manifest func(Manifest) error
	Table    func(name string, columns []string) error
	Row      func([]any) error
	File     func(name string, content io.Reader) error
}

// ErrDamaged is the error of a file that is no whole backup, or not for this key.
var ErrDamaged = errors.New("the backup is damaged or cut short, or the key does not fit; nothing was restored")

func damaged(format string, a ...any) error {
	return fmt.Errorf("%w (%w)", ErrDamaged, fmt.Errorf(format, a...))
}

// Read reads a whole backup, row by row and file by file. What is damaged, or
// not whole, is ErrDamaged.
func Read(in io.Reader, identity age.Identity, v Visitor) (End, error) {
	r := &reader{Visitor: v, seen: End{Rows: map[string]int64{}}}
	outside := &counted{Reader: in}
	plain, err := age.Decrypt(bufio.NewReader(outside), identity)
	if err != nil {
		return r.seen, damaged("%w", err)
	}
	debug.FreeOSMemory() // a passphrase took 256 MB
	packed, err := gzip.NewReader(plain)
	if err != nil {
		return r.seen, damaged("%w", err)
	}
	return r.seen, r.all(&counted{Reader: packed, from: outside})
}

// all reads what is inside, to its last byte.
func (r *reader) all(in io.Reader) error {
	t := tar.NewReader(in)
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return damaged("%w", err)
		}
		if err := r.entry(h, t); err != nil {
			return err
		}
	}
	if _, err := io.Copy(io.Discard, in); err != nil { // age tells at the last byte that all were there
		return damaged("%w", err)
	}
	return r.whole()
}

// counted counts what is read; one that is unpacked from another refuses to
// become much more than that.
type counted struct {
	io.Reader
	from *counted
	n    int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += int64(n)
	if c.from != nil && c.n > alwaysFine && c.n/mostFolded > c.from.n {
		return 0, errors.New("it unpacks to far more than any backup does")
	}
	return n, err
}

type reader struct {
	Visitor
	manifest bool
	end      *End
	seen     End
	table    heading // whose rows came last
	chunks   int
	line     []byte
}

// whole reports whether everything was there that the end speaks of.
func (r *reader) whole() error {
	switch {
	case r.end == nil:
		return damaged("its end is missing")
	case r.end.Files != r.seen.Files:
		return damaged("it should have %d files and has %d", r.end.Files, r.seen.Files)
	}
	for name, n := range r.end.Rows {
		if r.seen.Rows[name] != n {
			return damaged("%q should have %d rows and has %d", name, n, r.seen.Rows[name])
		}
	}
	for name, n := range r.seen.Rows {
		if r.end.Rows[name] != n {
			return damaged("%q has rows that its end does not speak of", name)
		}
	}
	return nil
}

// entry reads one entry. They come in one order: the manifest, tables, files,
// the end.
func (r *reader) entry(h *tar.Header, content io.Reader) error {
	if h.Typeflag != tar.TypeReg || h.PAXRecords["GNU.sparse.major"] != "" || h.PAXRecords["GNU.sparse.map"] != "" {
		return damaged("%.100q is no file", h.Name)
	}
	if r.end != nil || !r.manifest && h.Name != "manifest.json" {
		return damaged("%.100q stands in the wrong place", h.Name)
	}
	file, isFile := strings.CutPrefix(h.Name, "files/")
	switch {
	case !r.manifest:
		return r.opening(content)
	case h.Name == "end.json":
		return small(content, &r.end)
	case isFile:
		r.seen.Files++
		if !named(file) {
			return damaged("%.100q is no name of a file", h.Name)
		}
		if r.File == nil {
			return nil
		}
		return r.File(file, &certain{content})
	case h.Name == chunkName(r.chunks+1) && r.seen.Files == 0:
		r.chunks++
		return r.rows(bufio.NewReaderSize(content, 64<<10))
	}
	return damaged("%.100q stands in the wrong place", h.Name)
}

// certain tells what cannot be read as damage, apart from what cannot be written.
type certain struct{ io.Reader }

func (c *certain) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = damaged("%w", err)
	}
	return n, err
}

func (r *reader) opening(content io.Reader) error {
	var m Manifest
	if err := small(content, &m); err != nil {
		return err
	}
	if m.Format != format {
		return fmt.Errorf("the backup is of format %d, which this version does not know; nothing was restored", m.Format)
	}
	r.manifest = true
	if r.Manifest == nil {
		return nil
	}
	return r.Manifest(m)
}

func small(content io.Reader, v any) error {
	text, err := io.ReadAll(io.LimitReader(content, longestJSON+1))
	if err == nil && len(text) > longestJSON {
		err = errors.New("the manifest or the end is too long")
	}
	if err == nil {
		err = json.Unmarshal(text, v)
	}
	if err != nil {
		return damaged("%w", err)
	}
	return nil
}

// next returns the next line of an entry, without its end; it is valid until
// the next call, and io.EOF is that there is none.
func (r *reader) next(in *bufio.Reader, most int) ([]byte, error) {
	r.line = r.line[:0]
	for {
		part, err := in.ReadSlice('\n')
		if len(r.line)+len(part) > most {
			return nil, damaged("a line has more than %d bytes", most)
		}
		if len(r.line)+len(part) > cap(r.line) { // grown once: of room that is not used there is no memory
			r.line = append(make([]byte, 0, most), r.line...)
		}
		r.line = append(r.line, part...)
		switch {
		case err == nil:
			return r.line[:len(r.line)-1], nil
		case errors.Is(err, io.EOF) && len(r.line) == 0:
			return nil, io.EOF
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, damaged("%w", err)
		}
	}
}

// rows reads an entry with rows: what is whole of it is told at once.
func (r *reader) rows(in *bufio.Reader) error {
	if err := r.heading(in); err != nil {
		return err
	}
	values := make([]any, len(r.table.Columns))
	for {
		line, err := r.next(in, longestRow)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = valuesOf(line, values)
		}
		if err != nil {
			return err
		}
		r.seen.Rows[r.table.Table]++
		if r.Row != nil {
			if err := r.Row(values); err != nil {
				return err
			}
		}
	}
}

// heading reads of which table the rows are. All rows of one come together.
func (r *reader) heading(in *bufio.Reader) error {
	line, err := r.next(in, longestHead)
	if errors.Is(err, io.EOF) {
		return damaged("an entry is empty")
	}
	if err != nil {
		return err
	}
	var h heading
	if err := json.Unmarshal(line, &h); err != nil || len(h.Columns) == 0 {
		return damaged("an entry names no table")
	}
	if h.Table == r.table.Table && slices.Equal(h.Columns, r.table.Columns) {
		return nil
	}
	if _, twice := r.seen.Rows[h.Table]; twice || len(r.seen.Rows) == mostTables {
		return damaged("the table %.100q comes twice, or there are too many", h.Table)
	}
	r.table, r.seen.Rows[h.Table] = h, 0
	if r.Table == nil {
		return nil
	}
	return r.Table(h.Table, h.Columns)
}
