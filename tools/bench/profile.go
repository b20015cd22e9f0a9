package main

import (
	"bufio"
	"cmp"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// profile is where a suite computes: parts of the program → hundredths.
type profile map[string]float64

// profiled runs a suite's command so that it says where it computes, too; read
// the profile when it has ended.
func profiled(cmd *exec.Cmd) (of func() (profile, error), done func(), err error) {
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return nil, nil, err
	}
	program, samples := filepath.Join(folder, "test"), filepath.Join(folder, "cpu")
	cmd.Args = slices.Insert(cmd.Args, 2, "-o", program, "-cpuprofile", samples)
	return func() (profile, error) {
		said, err := exec.Command("go", "tool", "pprof", "-top", "-nodecount=100000", "-nodefraction=0", program, samples).Output()
		return shares(string(said)), err
	}, func() { _ = os.RemoveAll(folder) }, nil
}

// spent is a line of pprof: what a function computed itself, and its name.
var spent = regexp.MustCompile(`^\s*[\d.]+\w*\s+([\d.]+)%\s+[\d.]+%\s+[\d.]+\w*\s+[\d.]+%\s+(\S+)`)

// shares adds up what functions computed by what they belong to.
func shares(top string) profile {
	p := profile{}
	for lines := bufio.NewScanner(strings.NewReader(top)); lines.Scan(); {
		if m := spent.FindStringSubmatch(lines.Text()); m != nil {
			n, _ := strconv.ParseFloat(m[1], 64) // digits
			p[belongs(m[2])] += n
		}
	}
	return p
}

// owners says to which part of the program a function belongs, by how its name
// begins; the first that fits.
var owners = []struct{ begins, part string }{
	{"runtime.gc", "memory and goroutines"}, {"modernc.org/", "SQLite"}, {"github.com/jackc/", "the driver of PostgreSQL"}, {"database/sql", "database/sql"},
	{"vaern/internal/store", "store"}, {"vaern/internal/ledger", "ledger"}, {"vaern/internal/record", "record"}, {"vaern/internal/field", "record"}, {"vaern/internal/term", "search terms"}, {"github.com/blevesearch/", "search terms"},
	{"vaern/internal/web", "pages and REST"}, {"vaern/", "the rest of Værn"}, {"crypto/", "hashes and TLS"}, {"golang.org/x/text", "Danish order and Unicode"},
	{"encoding/", "encoding"}, {"net", "network"}, {"internal/poll", "system calls"}, {"syscall", "system calls"}, {"internal/runtime/syscall", "system calls"},
	{"runtime", "memory and goroutines"}, {"internal/runtime", "memory and goroutines"}, {"sync", "memory and goroutines"},
}

func belongs(function string) string {
	for _, o := range owners {
		if strings.HasPrefix(function, o.begins) {
			return o.part
		}
	}
	return "the rest of Go's library"
}

// profileTable tells of the suites that were profiled where they compute.
func profileTable(b *strings.Builder, found map[string]profile) {
	for _, s := range suites {
		p := found[s.bench]
		if s.done == "" || p == nil {
			continue
		}
		parts := slices.SortedFunc(maps.Keys(p), func(a, b string) int { return cmp.Or(cmp.Compare(p[b], p[a]), strings.Compare(a, b)) })
		for i, part := range parts {
			parts[i] = fmt.Sprintf("%s %.0f %%", part, p[part])
		}
		fmt.Fprintf(b, "- **%s**: %s. %s\n", s.called, strings.Join(parts[:min(7, len(parts))], ", "), s.done)
	}
}
