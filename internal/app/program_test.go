package app

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// asProgram makes the test binary be the program itself, so that tests can
// start it and stop it as an administrator would.
const asProgram = "VAERN_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" || len(os.Args) > 1 && os.Args[1] == "read-pdf" { // the program calls itself without its environment
		os.Exit(Run(Build{"test", "0123456789ab"}, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// program is the program as a process of its own.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0], args...)
	c.Env = append(os.Environ(), asProgram+"=1")
	return c
}

// command runs a command to its end and returns what it printed.
func command(t *testing.T, args ...string) string {
	t.Helper()
	c := program(t, args...)
	var errs bytes.Buffer
	c.Stderr = &errs
	out, err := c.Output()
	if err != nil {
		t.Fatalf("vaern %s: %v\n%s", strings.Join(args, " "), err, &errs)
	}
	return string(out)
}

// served is a program that serves.
type served struct {
	url    string
	guests string // what it printed about who may sign in
	took   time.Duration
	ending bool // it was asked to end
	cmd    *exec.Cmd
	log    *safeBuffer
	out    *bufio.Reader
}

var address = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// start serves at a free port and returns when the program says where.
func start(t *testing.T, args ...string) *served {
	t.Helper()
	s := &served{cmd: program(t, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...), log: &safeBuffer{}}
	s.cmd.Stderr = s.log
	pipe, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.out = bufio.NewReader(pipe)
	line, err := s.out.ReadString('\n')
	s.took = time.Since(begun)
	if s.url = address.FindString(line); err != nil || s.url == "" {
		s.cmd.Process.Kill()
		s.cmd.Wait()
		t.Fatalf("the program says %q (%v) and logs:\n%s", line, err, s.log)
	}
	t.Cleanup(func() {
		if s.cmd.ProcessState == nil {
			s.cmd.Process.Kill()
			s.cmd.Wait()
		}
	})
	return s
}

// stop asks the program to end and waits until it has, with everything said.
func (s *served) stop(t *testing.T) {
	t.Helper()
	s.signal(t)
	rest, err := io.ReadAll(s.out)
	if err != nil {
		t.Error(err)
	}
	s.guests = string(rest)
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("the program ends with %v and logs:\n%s", err, s.log)
	}
}

// signal asks it once: a second time would cut it off.
func (s *served) signal(t *testing.T) {
	t.Helper()
	if s.ending {
		return
	}
	s.ending = true
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
}

// safeBuffer is a buffer that a process writes while a test may read.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
