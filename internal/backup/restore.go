package backup

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"unicode/utf8"

	"filippo.io/age"

	"vaern/internal/store"
)

// Target is an empty database and an empty folder.
type Target struct {
	Store  *store.Store
	Folder string
	Leave  func(string) bool // as of Source: no backup has such a file
}

// Restore fills a target from a backup: all of it or nothing. Files are written
// beside the folder's own and moved in at the end; none takes another's place.
func Restore(ctx context.Context, in io.Reader, identity age.Identity, to Target) (m Manifest, end End, err error) {
	staged, err := os.MkdirTemp(to.Folder, ".restoring-*")
	if err != nil {
		return m, end, err
	}
	defer os.RemoveAll(staged)
	var moved []string
	err = to.Store.Restore(ctx, func(r *store.Restoring) error {
		end, err = Read(in, identity, Visitor{
			Manifest: func(found Manifest) error { m = found; return nil },
			Table:    r.Table,
			Row:      r.Row,
			File: func(name string, content io.Reader) error {
				if to.Leave(filepath.FromSlash(name)) {
					return damaged("%.100q is in no backup", name)
				}
				return stage(staged, name, content)
			},
		})
		if err == nil {
			moved, err = move(staged, to.Folder)
		}
		return err
	})
	if err != nil {
		for _, path := range moved {
			os.RemoveAll(path)
		}
	}
	return m, end, err
}

// move moves what was staged into the folder, and returns where it is.
func move(staged, folder string) (moved []string, err error) {
	syscall.Sync()
	all, err := os.ReadDir(staged)
	for _, e := range all {
		to := filepath.Join(folder, e.Name())
		if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
			return moved, damaged("%.100q is there already", e.Name())
		}
		if err := os.Rename(filepath.Join(staged, e.Name()), to); err != nil {
			return moved, err
		}
		moved = append(moved, to)
	}
	return moved, err
}

// Files of ours stand some folders deep, and are called by few letters.
const (
	deepest     = 8
	longestName = 1000 // bytes
)

// named reports whether a file in the folder may be called so: a name that
// leads out of it is none of ours.
func named(name string) bool {
	return len(name) <= longestName && utf8.ValidString(name) && !strings.ContainsRune(name, 0) && path.Clean(name) == name &&
		filepath.IsLocal(filepath.FromSlash(name)) && strings.Count(name, "/") < deepest
}

// stage writes a file; move waits for the disk, once for all.
func stage(folder, name string, content io.Reader) error {
	path := filepath.Join(folder, filepath.FromSlash(name))
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	var f *os.File
	if err == nil {
		f, err = os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	}
	if errors.Is(err, fs.ErrExist) || errors.Is(err, syscall.ENOTDIR) || errors.Is(err, syscall.ENAMETOOLONG) {
		return damaged("%.100q cannot be called so", name)
	}
	if err != nil {
		return err
	}
	_, err = io.Copy(f, content)
	return errors.Join(err, f.Close())
}
