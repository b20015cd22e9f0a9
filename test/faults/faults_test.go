// Package faults breaks what the program stands on while people use it, and
// looks at what is left. The program is the real one, as a process of its own;
// so are the databases. Everything stands on 127.0.0.1 and is set up here.
package faults

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"vaern/internal/app"
)

const asProgram = "VAERN_TEST_AS_PROGRAM"

// TestMain makes the test binary be the program itself.
func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(app.Run(app.Build{Version: "test", Commit: "0123456789ab"}, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	code := m.Run()
	if tools != "" {
		os.RemoveAll(tools)
	}
	os.Exit(code)
}

// tools is the folder of what is built for the tests; "" while there is none.
var tools string

const admin = "anna@example.dk"

// home is where a municipality is kept.
type home struct {
	t        *testing.T
	data     string
	database string   // "" is the one in the folder
	inside   []string // what a command is put behind, to run in another place
	seen     string   // the folder as the test sees it from here, where that differs
	env      []string
}

// homes are empty ones, one for each database.
func homes(t *testing.T, fn func(*testing.T, *home)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, &home{t: t, data: t.TempDir()}) })
	if at := os.Getenv("TEST_POSTGRES"); at != "" {
		t.Run("postgres", func(t *testing.T) { fn(t, &home{t: t, data: t.TempDir(), database: schemaIn(t, at)}) })
	}
}

// schemaIn makes an empty schema that is dropped after the test.
func schemaIn(t *testing.T, at string) string {
	t.Helper()
	db := opened(t, at)
	b := make([]byte, 8)
	rand.Read(b)
	name := "f" + hex.EncodeToString(b)
	must(t, exec1(db, "CREATE SCHEMA "+name))
	t.Cleanup(func() {
		if err := exec1(db, "DROP SCHEMA "+name+" CASCADE"); err != nil {
			t.Errorf("the test's schema stays: %v", err)
		}
	})
	return at + "&search_path=" + name
}

func opened(t *testing.T, at string) *sql.DB {
	t.Helper()
	driver := "pgx"
	if !strings.HasPrefix(at, "postgres://") {
		driver, at = "sqlite", "file:"+at+"?_pragma=busy_timeout(20000)&_pragma=synchronous(full)"
	}
	db, err := sql.Open(driver, at)
	must(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

// here is the folder as it is seen from here.
func (h *home) here() string { return cmp.Or(h.seen, h.data) }

func exec1(db *sql.DB, query string, args ...any) error {
	_, err := db.Exec(query, args...)
	return err
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// db opens the municipality's database beside the program.
func (h *home) db() *sql.DB {
	h.t.Helper()
	if h.database != "" {
		return opened(h.t, h.database)
	}
	return opened(h.t, filepath.Join(h.here(), "vaern.db"))
}

// name is what the program from here calls itself to PostgreSQL, which keeps 63
// letters.
func (h *home) name() string {
	name := strings.ReplaceAll(h.data, string(filepath.Separator), "-")
	return name[max(0, len(name)-60):]
}

// command is the program as a process, there.
func (h *home) command(args ...string) *exec.Cmd {
	args = append(args, "--data", h.data)
	if h.database != "" {
		args = append(args, "--database", h.database+"&application_name="+h.name())
	}
	line := append(append([]string{}, h.inside...), append([]string{os.Args[0]}, args...)...)
	c := exec.CommandContext(h.t.Context(), line[0], line[1:]...)
	c.Env = append(append(os.Environ(), asProgram+"=1"), h.env...)
	return c
}

// try runs a command to its end.
func (h *home) try(args ...string) (string, error) {
	c := h.command(args...)
	var errs bytes.Buffer
	c.Stderr = &errs
	out, err := c.Output()
	if err != nil {
		err = fmt.Errorf("vaern %s: %w\n%s", strings.Join(args, " "), err, &errs)
	}
	return string(out), err
}

func (h *home) run(args ...string) string {
	h.t.Helper()
	out, err := h.try(args...)
	must(h.t, err)
	return out
}

var link = regexp.MustCompile(`/link/[A-Za-z0-9_-]{40,}`)

// found makes an empty municipality and returns the first person's link.
func (h *home) found() string {
	h.t.Helper()
	return link.FindString(h.run("init", "--name", "Prøve Kommune", "--admin", admin))
}

// token makes a token of the administrator's.
func (h *home) token(person string) string {
	h.t.Helper()
	return strings.TrimSpace(h.run("token", "add", "--person", person, "--name", "faults"))
}

// verify derives the whole ledger again, beside whatever serves.
func (h *home) verify() {
	h.t.Helper()
	if out := h.run("ledger", "verify"); !strings.HasPrefix(out, "The ledger fits.") {
		h.t.Errorf("verify: %s", out)
	}
}

// vouch lets the verifier, which shares no code with the program, look at an
// exported bundle.
func (h *home) vouch() {
	h.t.Helper()
	bundle, key := filepath.Join(h.here(), "bundle.txt"), filepath.Join(h.here(), "key.txt")
	h.run("ledger", "export", "--out", filepath.Join(h.data, "bundle.txt"))
	must(h.t, os.WriteFile(key, []byte(h.run("ledger", "key")), 0o600))
	if out, err := exec.Command(verifier(h.t), bundle, "--key", key).CombinedOutput(); err != nil {
		h.t.Errorf("vaern-verify: %v\n%s", err, out)
	}
}

var verifier = func() func(testing.TB) string {
	var once sync.Once
	var at string
	return func(t testing.TB) string {
		once.Do(func() {
			var err error
			tools, err = os.MkdirTemp("", "vaern-verify")
			must(t, err)
			at = filepath.Join(tools, "vaern-verify")
			out, err := exec.Command("go", "build", "-o", at, "vaern/cmd/vaern-verify").CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
		})
		return at
	}
}()

// node is a program that serves.
type node struct {
	t   *testing.T
	url string
	cmd *exec.Cmd
	log *shared
	out *bufio.Reader
}

var address = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// serve serves on a free port and returns when the program says where.
func (h *home) serve(more ...string) *node {
	h.t.Helper()
	n, err := h.start(more...)
	must(h.t, err)
	return n
}

// start is serve for a program that may not come up.
func (h *home) start(more ...string) (*node, error) {
	n := &node{t: h.t, cmd: h.command(append([]string{"serve", "--listen", "127.0.0.1:0"}, more...)...), log: &shared{}}
	n.cmd.Stderr = n.log
	pipe, err := n.cmd.StdoutPipe()
	if err == nil {
		err = n.cmd.Start()
	}
	if err != nil {
		return nil, err
	}
	h.t.Cleanup(n.kill)
	n.out = bufio.NewReader(pipe)
	late := time.AfterFunc(time.Minute, func() { n.cmd.Process.Kill() })
	line, err := n.out.ReadString('\n')
	late.Stop()
	if n.url = address.FindString(line); n.url == "" {
		n.kill()
		return nil, fmt.Errorf("the program says %q (%v) and logs:\n%s", line, err, n.log)
	}
	return n, nil
}

// kill ends it as a power cut does: nothing is finished.
func (n *node) kill() {
	if n.cmd.ProcessState == nil {
		n.cmd.Process.Signal(syscall.SIGKILL)
		n.cmd.Wait()
	}
}

// stop asks it to end and waits until it has.
func (n *node) stop() {
	n.t.Helper()
	must(n.t, n.cmd.Process.Signal(syscall.SIGTERM))
	io.Copy(io.Discard, n.out)
	if err := n.cmd.Wait(); err != nil {
		n.t.Errorf("it ends with %v and logs:\n%s", err, n.log)
	}
}

// shared is a buffer that a process writes while a test may read.
type shared struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *shared) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *shared) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// soon asks again and again until ok, for a while.
func soon(t *testing.T, within time.Duration, what string, ok func() bool) time.Duration {
	t.Helper()
	begun := time.Now()
	for !ok() {
		if time.Since(begun) > within {
			t.Fatalf("%s: not within %v", what, within)
		}
		select {
		case <-t.Context().Done():
			t.Fatal(context.Cause(t.Context()))
		case <-time.After(50 * time.Millisecond):
		}
	}
	return time.Since(begun)
}
