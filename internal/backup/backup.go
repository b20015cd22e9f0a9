// Package backup keeps a whole municipality in one encrypted file: database,
// files and keys, in a form that both databases read.
//
// The file is age (C2SP age v1) around gzip around tar. Its entries are
// manifest.json; tables/000001.jsonl and on, each a line that names table and
// columns and then a line for each row; files/…; and end.json, which says how
// much there was. age authenticates every byte and sees a file cut short.
package backup

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"

	"vaern/internal/access"
	"vaern/internal/durable"
	"vaern/internal/store"
)

const (
	format    = 1
	chunkSize = 1 << 20 // of one entry with rows: what is held in memory
)

// Manifest says what a backup is of.
type Manifest struct {
	Format  int    `json:"format"`
	Version string `json:"version"` // of the program that made it
	Origin  string `json:"origin"`  // the ledger's name
	At      string `json:"at"`      // UTC instant at which it was begun
	Leaves  int64  `json:"leaves"`  // of the ledger, at least
}

// End says how much a whole backup holds.
type End struct {
	Rows  map[string]int64 `json:"rows"` // by table
	Files int              `json:"files"`
}

// Source is what is backed up.
type Source struct {
	Store   *store.Store
	Need    access.Permission
	Folder  string            // with files and keys
	Leave   func(string) bool // says of a path in the folder that it is not copied: the database itself
	Version string
}

// Write writes a backup to a file for recipients, beside its place first, so
// that a file of that name is always whole; then it reads what reached the
// disk. identity, where there is one, opens it again for a complete reading.
func Write(ctx context.Context, src Source, path string, to []age.Recipient, identity age.Identity) (end End, err error) {
	err = durable.Write(path, func(f *os.File) (err error) {
		sum := sha256.New()
		if end, err = src.write(ctx, io.MultiWriter(f, sum), to); err != nil {
			return err
		}
		if err = f.Sync(); err != nil {
			return err
		}
		if err = reread(f, sum, end, identity); err != nil {
			return fmt.Errorf("the backup cannot be read back: %w", err)
		}
		return nil
	})
	return end, err
}

// reread compares what the disk holds with what was written.
func reread(f *os.File, sum hash.Hash, end End, identity age.Identity) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	again := sha256.New()
	if _, err := io.Copy(again, f); err != nil {
		return err
	}
	if !bytes.Equal(again.Sum(nil), sum.Sum(nil)) {
		return errors.New("the disk holds other bytes than were written")
	}
	if identity == nil {
		return nil
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	seen, err := Read(f, identity, Visitor{})
	if err == nil && total(seen.Rows) != total(end.Rows) {
		err = errors.New("rows are missing")
	}
	return err
}

func total(rows map[string]int64) (n int64) {
	for _, r := range rows {
		n += r
	}
	return n
}

func (src Source) write(ctx context.Context, out io.Writer, to []age.Recipient) (end End, err error) {
	sealed, err := age.Encrypt(out, to...)
	if err != nil {
		return end, err
	}
	packed := gzip.NewWriter(sealed)
	w := &writer{tar: tar.NewWriter(packed), end: End{Rows: map[string]int64{}}}
	steps := []func() error{
		func() error { return src.manifest(ctx, w) },
		func() error { return src.Store.Dump(ctx, src.Need, w.table, w.row) },
		w.flush,
		func() error { return src.files(w) },
		func() error { return w.json("end.json", w.end) },
		w.tar.Close, packed.Close, sealed.Close,
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return end, err
		}
	}
	return w.end, nil
}

func (src Source) manifest(ctx context.Context, w *writer) error {
	origin, err := src.Store.Origin(ctx)
	if err != nil {
		return err
	}
	m := Manifest{Format: format, Version: src.Version, Origin: origin, At: src.Store.Clock().UTC().Format(time.RFC3339)}
	err = src.Store.View(ctx, src.Need, func(q *store.Read) error {
		head, err := q.Head()
		m.Leaves = head.Size
		return err
	})
	if err != nil {
		return err
	}
	return w.json("manifest.json", m)
}

// files copies the folder: files, keys and the newest checkpoint. What appears
// or goes meanwhile belongs to a later backup.
func (src Source) files(w *writer) error {
	return filepath.WalkDir(src.Folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(src.Folder, path)
		if err != nil || src.Leave(name) || !d.Type().IsRegular() {
			return err
		}
		return w.file(path, filepath.ToSlash(name))
	})
}

// writer gathers rows into entries.
type writer struct {
	tar    *tar.Writer
	name   string // of the table
	head   []byte // its first line
	buf    bytes.Buffer
	chunks int
	end    End
}

func (w *writer) entry(name string, text []byte) error {
	return w.copy(name, bytes.NewReader(text), int64(len(text)))
}

// copy writes an entry of so many bytes.
func (w *writer) copy(name string, content io.Reader, size int64) error {
	if err := w.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size}); err != nil {
		return err
	}
	_, err := io.CopyN(w.tar, content, size)
	return err
}

// file copies a file, as long as it is when it is opened.
func (w *writer) file(path, name string) error {
	if !named(name) {
		return fmt.Errorf("the file %.100q has a name that no backup can hold; move it out of the folder", name)
	}
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	is, err := f.Stat()
	if err != nil {
		return err
	}
	w.end.Files++
	if err := w.copy("files/"+name, f, is.Size()); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func (w *writer) json(name string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return w.entry(name, text)
}

// heading is the first line of an entry with rows.
type heading struct {
	Table   string   `json:"table"`
	Columns []string `json:"columns"`
}

func (w *writer) table(name string, columns []string) error {
	if err := w.flush(); err != nil {
		return err
	}
	head, err := json.Marshal(heading{name, columns})
	w.name, w.head = name, append(head, '\n')
	w.end.Rows[name] = 0
	return err
}

func (w *writer) row(values []any) error {
	if w.buf.Len() == 0 {
		w.buf.Write(w.head)
	}
	line := make([]any, len(values))
	for i, v := range values {
		if b, ok := v.([]byte); ok {
			v = map[string]string{"base64": base64.StdEncoding.EncodeToString(b)}
		}
		line[i] = v
	}
	before := w.buf.Len()
	out := json.NewEncoder(&w.buf)
	out.SetEscapeHTML(false)
	if err := out.Encode(line); err != nil {
		return err
	}
	if n := w.buf.Len() - before; n > longestRow {
		return fmt.Errorf("a row of %s has %d bytes, more than a backup can hold", w.name, n)
	}
	w.end.Rows[w.name]++
	if w.buf.Len() >= chunkSize {
		return w.flush()
	}
	return nil
}

func (w *writer) flush() error {
	if w.buf.Len() == 0 {
		return nil
	}
	w.chunks++
	err := w.entry(chunkName(w.chunks), w.buf.Bytes())
	w.buf.Reset()
	return err
}

// chunkName is what the n-th entry with rows is called, from 1.
func chunkName(n int) string { return fmt.Sprintf("tables/%06d.jsonl", n) }

// hardness is how hard a passphrase is made to guess, for us and for others:
// scrypt with 2^hardness takes a second and 256 MB. A file that asks for more,
// and so for memory that a machine may not have, is none of ours.
const hardness = 18

// Passphrase closes and opens a backup with a passphrase.
func Passphrase(phrase string) (age.Recipient, age.Identity, error) {
	to, err := age.NewScryptRecipient(phrase)
	if err != nil {
		return nil, nil, err
	}
	to.SetWorkFactor(hardness)
	identity, err := age.NewScryptIdentity(phrase)
	if err != nil {
		return nil, nil, err
	}
	identity.SetMaxWorkFactor(hardness)
	return to, identity, nil
}

// Digest is the SHA-256 of a file, for people to compare copies by.
func Digest(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
