package attach

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"vaern/internal/durable"
	"vaern/internal/store"
)

// Shelf keeps the content of files by its hash. Put is within the change that
// mentions the content, so that what a committed row names is there; Drop is
// while no change is under way.
type Shelf interface {
	Put(w *store.Write, hash string, content io.Reader) error
	Open(q *store.Read, hash string) (io.ReadSeekCloser, error)
	Drop(w *store.Work, hash string) error
}

// Folder keeps content as files in a folder: right beside the embedded database.
type Folder string

func (d Folder) path(hash string) string { return filepath.Join(string(d), hash[:2], hash) }

// Put writes the content and has the disk keep it before it gets its name.
func (d Folder) Put(_ *store.Write, hash string, content io.Reader) error {
	to := d.path(hash)
	if _, err := os.Stat(to); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	if err := durable.Copy(to, content); err != nil {
		return err
	}
	return durable.Names(string(d)) // its folder may be new
}

// Open opens content that is there.
func (d Folder) Open(_ *store.Read, hash string) (io.ReadSeekCloser, error) {
	f, err := os.Open(d.path(hash))
	if err != nil {
		return nil, fmt.Errorf("the content of a file: %w", err)
	}
	return f, nil
}

// Drop forgets content.
func (d Folder) Drop(_ *store.Work, hash string) error {
	if err := os.Remove(d.path(hash)); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// Table keeps content in the database: right where several nodes share it.
type Table struct{}

// Put keeps content in the transaction of the change.
func (Table) Put(w *store.Write, hash string, content io.Reader) error {
	whole, err := io.ReadAll(content)
	if err != nil {
		return err
	}
	return w.Also(`INSERT INTO attachment_content (sha256, content) VALUES (:hash, :content) ON CONFLICT (sha256) DO NOTHING`,
		store.Args{"hash": hash, "content": whole})
}

type held struct{ *bytes.Reader }

func (held) Close() error { return nil }

// Open reads content that is there.
func (Table) Open(q *store.Read, hash string) (io.ReadSeekCloser, error) {
	var whole []byte
	if err := q.Row(`SELECT content FROM attachment_content WHERE sha256 = :hash`, store.Args{"hash": hash}, &whole); err != nil {
		return nil, fmt.Errorf("the content of a file: %w", err)
	}
	return held{bytes.NewReader(whole)}, nil
}

// Drop forgets content.
func (Table) Drop(w *store.Work, hash string) error {
	return w.Do(`DELETE FROM attachment_content WHERE sha256 = :hash`, store.Args{"hash": hash})
}
