package main

import (
	"bytes"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// folder writes the sample, its key and files around them, and returns where.
func folder(t *testing.T) string {
	t.Helper()
	s, text := sample()
	flipped := bytes.Replace(text, []byte("anna"), []byte("bent"), 1)
	short := newScribe(origin)
	short.leaf(entry{})
	longer := newScribe(origin)
	for range 7 {
		longer.leaf(entry{})
	}
	dir := t.TempDir()
	for name, content := range map[string]string{
		"good":       string(text),
		"flipped":    string(flipped),
		"key":        s.public(),
		"key.spaced": "\n  " + s.public() + " \r\n",
		"key.other":  newScribe(otherOrigin).public(),
		"key.bad":    strings.Replace(s.public(), "+", "-", 1),
		"known":      s.head(),
		"known.long": longer.head(),
		"known.one":  short.head(),
		"known.bad":  s.head() + "\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestExitAndWordsForEachUse(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	for _, c := range []struct {
		args string // names of files begin with @
		exit int
		out  string // part of what is said on stdout
		err  string // part of what is said on stderr
	}{
		{"@good --key @key", 0, "VERIFIED", ""},
		{"--key @key @good", 0, "VERIFIED", ""},
		{"-key=@key.spaced @good", 0, "VERIFIED", ""},
		{"--known @known @good --key @key --known @known", 0, "known       2, all continued", ""},
		{"@flipped --key @key", 1, "NOT VERIFIED: leaf 0 (", ""},
		{"@good --key @key.other", 1, "NOT VERIFIED: the bundle is of the ledger", ""},
		{"@good --key @key --known @known.long", 1, "NOT VERIFIED: the database was rolled back or rewritten", ""},
		{"@good --key @key --known @known.one", 1, "NOT VERIFIED: the database was rolled back or rewritten", ""},
		{"@good --key @key --known @known.bad", 1, "known.bad is not three lines", ""},
		{"@key --key @key", 1, "NOT VERIFIED: this is no bundle", ""},
		{"--help", 0, "Usage:", ""},
		{"", 2, "", "name one bundle, not 0"},
		{"@good", 2, "", "name the public key"},
		{"@good @good --key @key", 2, "", "name one bundle, not 2"},
		{"@good --key", 2, "", "flag needs an argument"},
		{"@good --key @key --quick", 2, "", "-quick"},
		{"@none --key @key", 2, "", "none"},
		{"@good --key @none", 2, "", "none"},
		{"@good --key @key --known @none", 2, "", "none"},
		{"@good --key @key.bad", 2, "", "key.bad holds no public verification key"},
		{"@good --key @good", 2, "", "good holds no public verification key"},
	} {
		t.Run(c.args, func(t *testing.T) {
			args := strings.Fields(strings.ReplaceAll(c.args, "@", dir+string(filepath.Separator)))
			var stdout, stderr bytes.Buffer
			if exit := run(args, &stdout, &stderr); exit != c.exit {
				t.Errorf("got exit %d, want %d", exit, c.exit)
			}
			if (c.out == "") != (stdout.Len() == 0) || !strings.Contains(stdout.String(), c.out) {
				t.Errorf("stdout: got %q, want %q", &stdout, c.out)
			}
			if (c.err == "") != (stderr.Len() == 0) || !strings.Contains(stderr.String(), c.err) {
				t.Errorf("stderr: got %q, want %q", &stderr, c.err)
			}
			if c.exit == exitUsage && !strings.Contains(stderr.String(), "Usage:") {
				t.Error("wrong use is told without the help")
			}
		})
	}
}

func TestAKeyIsReadStrictly(t *testing.T) {
	t.Parallel()
	good := newScribe(origin).public()
	if _, err := parseKey(good); err != nil {
		t.Fatal(err)
	}
	for i := range good {
		for _, other := range []byte{good[i] ^ 1, good[i] ^ 0x20, '\n', '+', '='} {
			changed := []byte(good)
			if changed[i] == other {
				continue
			}
			changed[i] = other
			if _, err := parseKey(string(changed)); err == nil {
				t.Errorf("%q is taken for a key", changed)
			}
		}
	}
}

func TestNothingOfTheWriterIsShared(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no source", err)
	}
	for _, file := range files {
		source, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range source.Imports {
			path, _ := strconv.Unquote(spec.Path.Value)
			first, _, _ := strings.Cut(path, "/")
			if first == "vaern" || strings.Contains(first, ".") {
				t.Errorf("%s imports %s; the verifier takes the standard library alone", file, path)
			}
		}
	}
}
