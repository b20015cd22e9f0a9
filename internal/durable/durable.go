// Package durable writes files that are whole and on the disk, or not there:
// whatever happens to the program or the machine meanwhile.
package durable

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// Write has write make the file under a name of its own, beside its place, and
// gives it its place when the disk holds all of it. Two who write the same file
// at once do not meet; the last of them counts. A file that was there is
// untouched until then, and after any error. Only its owner may read it.
func Write(path string, write func(*os.File) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	err = write(f)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), path); err != nil {
		return err
	}
	return Names(filepath.Dir(path))
}

// Text writes a file that holds the text.
func Text(path string, text []byte) error {
	return Write(path, func(f *os.File) error {
		_, err := f.Write(text)
		return err
	})
}

// Copy writes a file that holds all that is read.
func Copy(path string, content io.Reader) error {
	return Write(path, func(f *os.File) error {
		_, err := io.Copy(f, content)
		return err
	})
}

// Names has the disk keep the names in a folder.
func Names(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
