// Package unzip opens what Office programs write, an archive of XML, when a
// stranger may have written it instead: whatever an archive claims, what is
// taken out of it is bounded.
package unzip

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
)

// What can be wrong with an archive.
var (
	ErrDamaged   = errors.New("the archive is damaged")
	ErrEncrypted = errors.New("the archive is protected by a password")
	ErrTooLarge  = errors.New("the archive unpacks to too much")
	ErrNoPart    = errors.New("the archive has no such part")
)

const (
	mostEntries  = 10_000  // a workbook with a picture in every row has thousands
	longestToken = 1 << 20 // bytes: a cell's 32,767 letters are less, however they are written
	deepest      = 256     // elements in each other; Word's tables in tables reach some forty
)

// Bounds is how much may be taken out of an archive altogether.
type Bounds struct {
	Bytes    int64
	Elements int
}

// Archive hands out parts until its bounds are reached.
type Archive struct {
	Names []string // of its parts, as they are written
	zip   *zip.Reader
	left  Bounds
}

// Open reads the table of an archive, and refuses one whose entries cannot all
// be what they claim.
func Open(data []byte, most Bounds) (*Archive, error) {
	if bytes.Count(data, []byte("PK\x01\x02")) > mostEntries { // before the table is made
		return nil, ErrTooLarge
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, ErrDamaged
	}
	a := &Archive{zip: z, left: most}
	packed := uint64(0)
	for _, f := range z.File {
		if f.CompressedSize64 > uint64(len(data)) {
			return nil, ErrDamaged
		}
		packed += f.CompressedSize64
		a.Names = append(a.Names, f.Name)
	}
	if packed > uint64(len(data)) { // they overlap: the same bytes would be unpacked again and again
		return nil, ErrDamaged
	}
	return a, nil
}

// Same is the name of a part as programs compare it.
func Same(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/"))
}

// part opens the first part of a name.
func (a *Archive) part(name string) (io.ReadCloser, error) {
	i := slices.IndexFunc(a.zip.File, func(f *zip.File) bool { return Same(f.Name) == Same(name) })
	if i < 0 {
		return nil, ErrNoPart
	}
	f := a.zip.File[i]
	if f.Flags&1 != 0 {
		return nil, ErrEncrypted
	}
	r, err := f.Open()
	if err != nil {
		return nil, ErrDamaged
	}
	return r, nil
}

// Skip makes Walk pass over what is in an element.
var Skip = errors.New("pass over this element")

// Walk hands out the XML of a part, piece by piece. A document type, which
// could name other files or grow without end, is refused; entities are not
// known beyond XML's own five.
func (a *Archive) Walk(name string, each func(t xml.Token) error) error {
	part, err := a.part(name)
	if err != nil {
		return err
	}
	defer part.Close()
	in := &meter{from: part, left: &a.left.Bytes}
	d := xml.NewDecoder(in)
	depth, passing := 0, 0 // passing: the depth of the element that is passed over
	for {
		t, err := d.Token()
		in.begun = in.read
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case in.over:
			return ErrTooLarge
		case err != nil:
			return ErrDamaged
		}
		switch t.(type) {
		case xml.Directive:
			return ErrDamaged
		case xml.StartElement:
			if depth++; depth > deepest {
				return ErrTooLarge
			}
			if a.left.Elements--; a.left.Elements < 0 {
				return ErrTooLarge
			}
		case xml.EndElement:
			if depth--; depth < passing {
				passing = 0
				continue
			}
		}
		if passing > 0 {
			continue
		}
		if err := each(t); errors.Is(err, Skip) {
			passing = depth
		} else if err != nil {
			return err
		}
	}
}

// meter hands on what it reads until it was too much, altogether or since the
// last token ended.
type meter struct {
	from  io.Reader
	left  *int64
	read  int64
	begun int64
	over  bool
}

func (m *meter) Read(p []byte) (int, error) {
	if *m.left <= 0 || m.read-m.begun > longestToken {
		m.over = true
		return 0, ErrTooLarge
	}
	n, err := m.from.Read(p[:min(int64(len(p)), *m.left)])
	m.read += int64(n)
	*m.left -= int64(n)
	return n, err
}

// Copy packs the parts that are wanted into an archive of their own, as they
// are: nothing is unpacked, and of two with the same name the first is taken.
func (a *Archive) Copy(want func(name string) bool) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	taken := map[string]bool{}
	for _, f := range a.zip.File {
		if name := Same(f.Name); taken[name] || !want(name) {
			continue
		} else {
			taken[name] = true
		}
		if err := w.Copy(f); err != nil {
			return nil, ErrDamaged
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
