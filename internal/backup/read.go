package backup

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"

	"vaern/internal/store"
)

// largestEntry bounds what one entry may make this program hold.
const largestEntry = 1 << 30

// Visitor is told what a backup holds, in its order; nil is not told.
type Visitor struct {
	Manifest func(Manifest) error
	Table    func(name string, columns []string) error
	Row      func([]any) error
	File     func(name string, text []byte) error
}

// ErrDamaged is the error of a file that is no whole backup, or not for this key.
var ErrDamaged = errors.New("the backup is damaged or cut short, or the key does not fit; nothing was restored")

// Read reads a whole backup. What is damaged, or not whole, is ErrDamaged.
func Read(in io.Reader, identity age.Identity, v Visitor) (End, error) {
	r := &reader{Visitor: v, seen: End{Rows: map[string]int64{}}}
	plain, err := age.Decrypt(bufio.NewReader(in), identity)
	if err != nil {
		return r.seen, fmt.Errorf("%w (%w)", ErrDamaged, err)
	}
	packed, err := gzip.NewReader(plain)
	if err != nil {
		return r.seen, fmt.Errorf("%w (%w)", ErrDamaged, err)
	}
	t := tar.NewReader(packed)
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil && h.Size > largestEntry {
			err = errors.New("an entry is too large")
		}
		var text []byte
		if err == nil {
			text, err = io.ReadAll(t)
		}
		if err != nil {
			return r.seen, fmt.Errorf("%w (%w)", ErrDamaged, err)
		}
		if err := r.entry(h.Name, text); err != nil {
			return r.seen, err
		}
	}
	if _, err := io.Copy(io.Discard, packed); err != nil { // to the last authenticated byte
		return r.seen, fmt.Errorf("%w (%w)", ErrDamaged, err)
	}
	return r.seen, r.whole()
}

type reader struct {
	Visitor
	manifest bool
	end      *End
	seen     End
	table    string
}

// whole reports whether everything was there that the end speaks of.
func (r *reader) whole() error {
	if !r.manifest || r.end == nil || r.end.Files != r.seen.Files {
		return ErrDamaged
	}
	for name, n := range r.seen.Rows {
		if r.end.Rows[name] != n {
			return ErrDamaged
		}
	}
	if total(r.end.Rows) != total(r.seen.Rows) {
		return ErrDamaged
	}
	return nil
}

func (r *reader) entry(name string, text []byte) error {
	switch {
	case name == "manifest.json":
		var m Manifest
		if err := json.Unmarshal(text, &m); err != nil {
			return ErrDamaged
		}
		if m.Format != format {
			return fmt.Errorf("the backup is of format %d, which this version does not know", m.Format)
		}
		r.manifest = true
		if r.Manifest != nil {
			return r.Manifest(m)
		}
	case name == "end.json":
		if err := json.Unmarshal(text, &r.end); err != nil {
			return ErrDamaged
		}
	case strings.HasPrefix(name, "tables/"):
		return r.rows(text)
	case strings.HasPrefix(name, "files/"):
		r.seen.Files++
		if r.File != nil {
			return r.File(strings.TrimPrefix(name, "files/"), text)
		}
	}
	return nil
}

func (r *reader) rows(text []byte) error {
	head, rest, _ := bytes.Cut(text, []byte("\n"))
	var h heading
	if err := json.Unmarshal(head, &h); err != nil {
		return ErrDamaged
	}
	if r.Table != nil && h.Table != r.table {
		if err := r.Table(h.Table, h.Columns); err != nil {
			return err
		}
	}
	r.table = h.Table
	for line := range bytes.Lines(rest) {
		values, err := valuesOf(line)
		if err != nil || len(values) != len(h.Columns) {
			return ErrDamaged
		}
		r.seen.Rows[h.Table]++
		if r.Row != nil {
			if err := r.Row(values); err != nil {
				return err
			}
		}
	}
	return nil
}

// valuesOf reads a row: text, whole numbers, bytes and nothing.
func valuesOf(line []byte) ([]any, error) {
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.UseNumber()
	var values []any
	if err := dec.Decode(&values); err != nil {
		return nil, err
	}
	for i, v := range values {
		switch v := v.(type) {
		case json.Number:
			n, err := v.Int64()
			if err != nil {
				return nil, err
			}
			values[i] = n
		case map[string]any:
			text, _ := v["base64"].(string)
			b, err := base64.StdEncoding.DecodeString(text)
			if err != nil {
				return nil, err
			}
			values[i] = b
		}
	}
	return values, nil
}

// Restore fills an empty database and an empty folder from a backup: all of it
// or nothing. Files are written beside the folder and moved in at the end.
func Restore(ctx context.Context, in io.Reader, identity age.Identity, s *store.Store, folder string) (m Manifest, end End, err error) {
	staged, err := os.MkdirTemp(folder, ".restoring-*")
	if err != nil {
		return m, end, err
	}
	defer os.RemoveAll(staged)
	var moved []string
	err = s.Restore(ctx, func(r *store.Restoring) error {
		var names []string
		end, err = Read(in, identity, Visitor{
			Manifest: func(found Manifest) error { m = found; return nil },
			Table:    r.Table,
			Row:      r.Row,
			File: func(name string, text []byte) error {
				names = append(names, name)
				return stage(staged, name, text)
			},
		})
		if err != nil {
			return err
		}
		for _, name := range names {
			to := filepath.Join(folder, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
				return err
			}
			if err := os.Rename(filepath.Join(staged, filepath.FromSlash(name)), to); err != nil {
				return err
			}
			moved = append(moved, to)
		}
		return nil
	})
	if err != nil {
		for _, path := range moved {
			os.Remove(path)
		}
	}
	return m, end, err
}

// stage writes a file and waits for the disk; a name that leads out of the
// folder is no name of ours.
func stage(folder, name string, text []byte) error {
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return ErrDamaged
	}
	path := filepath.Join(folder, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Sync(), f.Close())
}
