package durable

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// TestTwoWritersAtOnce has programs write the same file all at once: each
// succeeds, and whoever reads meanwhile finds one of the texts, whole.
func TestTwoWritersAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "checkpoint")
	if err := Text(path, bytes.Repeat([]byte{'a'}, 100_000)); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for _, letter := range []byte("abcd") {
		all.Go(func() {
			for range 20 {
				if err := Text(path, bytes.Repeat([]byte{letter}, 100_000)); err != nil {
					t.Error(err)
				}
				text, err := os.ReadFile(path)
				if err != nil || len(text) != 100_000 || !bytes.Equal(bytes.TrimLeft(text, string(text[:1])), nil) {
					t.Errorf("read %d bytes, which are not one whole text: %v", len(text), err)
				}
			}
		})
	}
	all.Wait()
	alone(t, path)
}

// TestAnErrorLeavesWhatWasThere fails half-way, and looks for what is left.
func TestAnErrorLeavesWhatWasThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "checkpoint")
	if err := Text(path, []byte("before")); err != nil {
		t.Fatal(err)
	}
	wrong := errors.New("the disk is full")
	err := Write(path, func(f *os.File) error {
		_, err := f.WriteString("half")
		return errors.Join(err, wrong)
	})
	if !errors.Is(err, wrong) {
		t.Errorf("the error was %v", err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "before" {
		t.Errorf("the file holds %q: %v", text, err)
	}
	alone(t, path)
	if err := Copy(filepath.Join(path, "below a file"), strings.NewReader("x")); err == nil {
		t.Error("a file was written below a file")
	}
}

// alone fails when anything else lies beside the file.
func alone(t *testing.T, path string) {
	t.Helper()
	all, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(all) != 1 {
		t.Errorf("beside the file lie %v: %v", all, err)
	}
}
