package backup

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"vaern/internal/access"
	"vaern/internal/hostile"
	"vaern/internal/store"
)

// forged is a file that opens with the key: whoever knows a public key can
// write one.
func forged(key *age.X25519Identity, parts []part) []byte {
	return sealed(key, func(w io.Writer) { pack(w, parts) })
}

func sealed(key *age.X25519Identity, fill func(io.Writer)) []byte {
	var out bytes.Buffer
	w, err := age.Encrypt(&out, key.Recipient())
	if err != nil {
		panic(err)
	}
	z := gzip.NewWriter(w)
	fill(z)
	if err := errors.Join(z.Close(), w.Close()); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// endless is a text again and again.
type endless string

func (e endless) Read(p []byte) (n int, _ error) {
	for n < len(p) {
		n += copy(p[n:], e)
	}
	return n, nil
}

// TestBackupsThatMeanHarmAreRefusedInBounds restores them: each is refused in a
// sentence, within bounds, and leaves nothing.
func TestBackupsThatMeanHarmAreRefusedInBounds(t *testing.T) {
	hostile.Alone(t, func(t *testing.T) {
		key, other := newKey(t), newKey(t)
		whole := forged(key, inside(file("x")))
		_, phrase, err := Passphrase("en lang sætning")
		must(t, err)
		s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "vaern.db"), time.Now, thing)
		must(t, err)
		defer s.Close()
		v := &victim{t, key, s}
		for name, c := range contents() {
			v.refuses(name, bytes.NewReader(forged(key, c.parts)), c.says)
		}
		for name, in := range map[string]io.Reader{
			"nothing":                             strings.NewReader(""),
			"noise":                               io.LimitReader(endless("noise "), 1<<20),
			"for somebody else":                   bytes.NewReader(forged(other, inside(file("x")))),
			"a head that does not end":            io.MultiReader(strings.NewReader("age-encryption.org/v1\n"), endless("-> X25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n")),
			"a line of it that does not":          io.MultiReader(strings.NewReader("age-encryption.org/v1\n-> "), endless("x")),
			"no archive":                          bytes.NewReader(sealed(key, func(w io.Writer) { io.WriteString(w, "noise") })),
			"twice":                               bytes.NewReader(append(bytes.Clone(whole), whole...)),
			"something behind":                    bytes.NewReader(append(bytes.Clone(whole), 0)),
			"zeros for ever":                      bytes.NewReader(sealed(key, func(w io.Writer) { hostile.Filled("", "\x00", "", 128<<20)(w) })),
			"zeros for ever behind":               bytes.NewReader(sealed(key, func(w io.Writer) { pack(w, rows(row)); hostile.Filled("", "\x00", "", 128<<20)(w) })),
			"50,000 files":                        bytes.NewReader(sealed(key, files)),
			"a folder":                            bytes.NewReader(sealed(key, folder)),
			"a name that is longer than the rest": bytes.NewReader(sealed(key, longName)),
		} {
			v.refuses(name, in, "damaged")
		}
		v.refuses("a file that is mostly not there", bytes.NewReader(sealed(key, sparse)), "is no file")
		for name, how := range map[string]string{"a passphrase that takes 4 GB": "22", "one that takes for ever": "62"} {
			v.with(phrase).refuses(name, strings.NewReader("age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA "+how+"\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"), "damaged")
		}
		for at := range hostile.Cuts(whole) {
			v.refuses(fmt.Sprintf("cut at %d", len(at)), bytes.NewReader(at), "damaged")
		}
	})
}

func newKey(t *testing.T) *age.X25519Identity {
	t.Helper()
	key, err := age.GenerateX25519Identity()
	must(t, err)
	return key
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// files are many without content.
func files(w io.Writer) {
	t := tar.NewWriter(w)
	for i := -1; i < 50_000; i++ {
		p := part{name: fmt.Sprintf("files/%0240d", i)}
		if i < 0 {
			p = manifest()
		}
		if err := t.WriteHeader(&tar.Header{Name: p.name, Size: int64(len(p.text))}); err != nil {
			panic(err)
		}
		io.WriteString(t, p.text)
	}
}

func folder(w io.Writer) {
	var out bytes.Buffer
	pack(&out, []part{manifest(), {name: "files/x", head: tar.Header{Typeflag: tar.TypeDir}}})
	out.WriteTo(w)
}

// sparse is a file that says of most of it that it is not there.
func sparse(w io.Writer) {
	var out bytes.Buffer
	pack(&out, []part{manifest(), {name: "files/x", text: "0\n" + strings.Repeat("\x00", 510), head: tar.Header{PAXRecords: map[string]string{
		"VNU.sparse.major": "1", "VNU.sparse.minor": "0", "VNU.sparse.name": "files/x", "VNU.sparse.realsize": fmt.Sprint(1 << 28)}}}, ending(0, 1)})
	w.Write(bytes.ReplaceAll(out.Bytes(), []byte("VNU."), []byte("GNU."))) // which no writer writes
}

// longName is an entry whose name alone is longer than memory.
func longName(w io.Writer) {
	h := make([]byte, 512)
	copy(h, "././@LongLink")
	copy(h[100:], "0000600\x000000000\x000000000\x0010000000000\x0000000000000\x00")
	h[156] = 'L'
	copy(h[257:], "ustar  \x00")
	copy(h[148:], "        ")
	sum := 0
	for _, b := range h {
		sum += int(b)
	}
	copy(h[148:], fmt.Sprintf("%06o\x00 ", sum))
	w.Write(h)
	hostile.Filled("", "x", "", 128<<20)(w)
}

// victim is an empty database and a folder that has a file of its own.
type victim struct {
	*testing.T
	identity age.Identity
	s        *store.Store
}

func (v *victim) with(identity age.Identity) *victim { return &victim{v.T, identity, v.s} }

func (v *victim) refuses(name string, in io.Reader, says string) {
	v.Helper()
	ctx := access.With(context.Background(), access.Machine("test", "test"))
	folder := v.TempDir()
	must(v.T, os.WriteFile(filepath.Join(folder, "kept"), []byte("kept"), 0o600))
	var err error
	to := Target{Store: v.s, Folder: folder, Leave: func(name string) bool { return strings.HasPrefix(name, "vaern.db") || strings.HasPrefix(name, ".") }}
	hostile.Cost(v.T, name, hostile.Whole, func() { _, _, err = Restore(ctx, in, v.identity, to) })
	if err == nil || !strings.Contains(err.Error(), says) || len(err.Error()) > 600 {
		v.Errorf("%s: %.700v, want %q", name, err, says)
	}
	if says == "damaged" && !errors.Is(err, ErrDamaged) {
		v.Errorf("%s: %v is no damage", name, err)
	}
	left, err := os.ReadDir(folder)
	must(v.T, err)
	for _, e := range left {
		if e.Name() != "kept" {
			v.Errorf("%s: %s is left", name, e.Name())
		}
	}
	if text, err := os.ReadFile(filepath.Join(folder, "kept")); err != nil || string(text) != "kept" {
		v.Errorf("%s: what was there says %q, %v", name, text, err)
	}
	if origin, err := v.s.Origin(ctx); err != nil || origin != "" {
		v.Errorf("%s: something was restored: %q %v", name, origin, err)
	}
}

// FuzzRead looks for entries that are neither whole nor refused as damage, and
// for a file that would stand elsewhere.
func FuzzRead(f *testing.F) {
	for _, c := range contents() {
		size := int64(0)
		for _, p := range c.parts {
			size += p.size + int64(len(p.text))
		}
		if size < 4<<10 && len(c.parts) < 10 {
			var out bytes.Buffer
			pack(&out, c.parts)
			f.Add(out.Bytes())
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r := &reader{seen: End{Rows: map[string]int64{}}}
		told := int64(0)
		r.Row = func(values []any) error {
			told++
			if len(values) == 0 {
				t.Error("a row of nothing")
			}
			return nil
		}
		r.File = func(name string, content io.Reader) error {
			if !filepath.IsLocal(name) || strings.ContainsRune(name, 0) {
				t.Errorf("the file %q", name)
			}
			_, err := io.Copy(io.Discard, io.LimitReader(content, 1<<20))
			return err
		}
		err := r.all(bytes.NewReader(data))
		if err != nil && !errors.Is(err, ErrDamaged) && !strings.HasPrefix(err.Error(), "the backup is of format") {
			t.Errorf("%v is no damage", err)
		}
		if err == nil && told != total(r.end.Rows) {
			t.Errorf("told of %d rows, the end of %v", told, r.end.Rows)
		}
	})
}

// FuzzRow looks for a row that does not read back as it was.
func FuzzRow(f *testing.F) {
	f.Add("a\n\"\\\u2028<&", int64(-1), []byte{0, 255}, true)
	f.Add("", int64(1<<62), []byte{}, false)
	f.Fuzz(func(t *testing.T, text string, n int64, b []byte, none bool) {
		text = strings.ToValidUTF8(text, "?")
		row := []any{text, n, b, nil, text}
		if none {
			row[0] = nil
		}
		w := &writer{name: "thing", end: End{Rows: map[string]int64{}}}
		if err := w.row(row); err != nil {
			t.Fatal(err)
		}
		back := make([]any, len(row))
		if err := valuesOf(bytes.TrimSuffix(w.buf.Bytes(), []byte("\n")), back); err != nil || fmt.Sprintf("%q", back) != fmt.Sprintf("%q", row) && !reflect.DeepEqual(back, row) {
			t.Errorf("%q is read as %q, %v", row, back, err)
		}
		var any5 [5]any
		if err := valuesOf([]byte(text), any5[:]); err != nil && !errors.Is(err, ErrDamaged) {
			t.Errorf("%v is no damage", err)
		}
	})
}
