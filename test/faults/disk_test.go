package faults

import (
	"bufio"
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// small is a disk of a few megabytes, in memory, in a room of its own: it goes
// with the process that holds it, whatever becomes of the test.
type small struct {
	dir    string   // where it is in there
	inside []string // what a command is put behind to see it
	seen   string   // where it is seen from here
	fill   string
}

func newSmall(t *testing.T, dir string, megabytes int) *small {
	t.Helper()
	room, enter := []string{"-m"}, []string{"-m"}
	if os.Getuid() != 0 {
		room, enter = []string{"-U", "-r", "-m"}, []string{"-U", "--preserve-credentials", "-m"}
	}
	script := fmt.Sprintf(`mount -t tmpfs -o size=%dm,mode=0777 tmpfs "$1" && echo there && exec cat`, megabytes)
	holder := exec.Command("unshare", append(room, "sh", "-c", script, "sh", dir)...)
	held, err := holder.StdinPipe()
	must(t, err)
	out, err := holder.StdoutPipe()
	must(t, err)
	must(t, holder.Start())
	t.Cleanup(func() {
		held.Close()
		holder.Wait()
	})
	if line, _ := bufio.NewReader(out).ReadString('\n'); line != "there\n" {
		t.Skip("no small disk can be made here: unshare and mount are not allowed")
	}
	pid := fmt.Sprint(holder.Process.Pid)
	s := &small{dir: dir, inside: append(append([]string{"nsenter"}, enter...), "-t", pid, "--"), seen: "/proc/" + pid + "/root" + dir}
	s.fill = filepath.Join(s.seen, "fill")
	return s
}

// full fills the disk to the last byte.
func (s *small) full(t *testing.T) {
	t.Helper()
	f, err := os.Create(s.fill)
	must(t, err)
	defer f.Close()
	for size := 1 << 20; size > 0; size /= 16 {
		for block, err := make([]byte, size), error(nil); err == nil; {
			_, err = f.Write(block)
		}
	}
}

func (s *small) room(t *testing.T) {
	t.Helper()
	must(t, os.Remove(s.fill))
}

// TestDiskFull fills the disk that the database is on, under load, three times:
// people are told, what was acknowledged is there, and when there is room again
// the program goes on by itself.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		disk := newSmall(t, t.TempDir(), 48)
		h := &home{t: t, data: disk.dir, inside: disk.inside, seen: disk.seen}
		fillAgain(t, h, disk)
	})
	t.Run("postgres", func(t *testing.T) {
		if os.Getuid() != 0 {
			t.Skip("a server on a small disk needs root: PostgreSQL does not run as the user that may mount one")
		}
		c := place(t)
		tiny := filepath.Join(filepath.Dir(c.data), "tiny")
		must(t, os.Mkdir(tiny, 0o777))
		disk := newSmall(t, tiny, 48)
		must(t, os.Mkdir(filepath.Join(disk.seen, "space"), 0o777))
		c.inside = disk.inside
		c.must("initdb", "-D", c.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
		c.run("chown", strings.TrimSpace(string(c.run("stat", "-c", "%u", c.data))), filepath.Join(tiny, "space"))
		c.start()
		must(t, exec1(c.db(), "CREATE TABLESPACE tiny LOCATION '"+filepath.Join(tiny, "space")+"'"))
		must(t, exec1(c.db(), "CREATE DATABASE town TABLESPACE tiny"))
		fillAgain(t, &home{t: t, data: t.TempDir(), database: strings.Replace(c.url(), "/postgres?", "/town?", 1)}, disk)
	})
}

// run runs a command of the system where the server is.
func (c *cluster) run(args ...string) []byte {
	c.t.Helper()
	line := append(append([]string{}, c.inside...), args...)
	out, err := exec.Command(line[0], line[1:]...).CombinedOutput()
	if err != nil {
		c.t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return out
}

func fillAgain(t *testing.T, h *home, disk *small) {
	s := h.settle()
	l := newLoad(t)
	for i := range 3 {
		rest := s.work(l, uint64(i))
		time.Sleep(300 * time.Millisecond)
		disk.full(t)
		before := l.met()
		soon(t, 30*time.Second, "somebody is told that the disk is full", func() bool { return l.met() > before+3 })
		if told := s.told(t); !strings.Contains(told, "Serverens disk er fuld") {
			t.Errorf("a person is told: %.2000s", told)
		}
		if a, err := s.b.get("/rule"); err != nil || a.status != http.StatusOK {
			t.Errorf("with a full disk one cannot even read: %d %v", a.status, err)
		}
		disk.room(t)
		before = l.acknowledged()
		took := soon(t, 30*time.Second, "it saves again", func() bool { return l.acknowledged() > before+10 })
		rest()
		t.Logf("it saves again %v after there was room; %d answers so far, %d told of the outage", took.Round(time.Millisecond), l.told, l.refused)
		soon(t, 30*time.Second, "all is signed", func() bool {
			a, err := s.n.program("").ask("GET", "/metrics", "")
			return err == nil && strings.Contains(a.body, "vaern_ledger_unsigned_leaves 0")
		})
		h.verify()
	}
	s.n.stop()
	before := h.copied()
	s.n = h.serve()
	l.settle(s.n.program(s.token), before)
	s.n.stop()
	l.compare(h.copied())
	h.verify()
	h.vouch()
}

// copied opens the database; of one that cannot be opened from here a copy,
// while nobody serves it.
func (h *home) copied() *sql.DB {
	h.t.Helper()
	if h.seen == "" {
		return h.db()
	}
	text, err := os.ReadFile(filepath.Join(h.seen, "vaern.db"))
	must(h.t, err)
	copied := filepath.Join(h.t.TempDir(), "copy.db")
	must(h.t, os.WriteFile(copied, text, 0o600))
	if at, err := os.Stat(filepath.Join(h.seen, "vaern.db-wal")); err == nil && at.Size() > 0 {
		h.t.Fatal("the program has ended and left something beside its database")
	}
	return opened(h.t, copied)
}

// told is what a person is told who sends a form with more than fits anywhere.
func (s *settled) told(t *testing.T) string {
	t.Helper()
	for range 50 {
		a, _, err := s.b.post("/rule", map[string][]string{"unit": {"top"}, "number": {"X-never"}, "title": {"Ikke gemt"}, "text": {strings.Repeat("Meget tekst. ", 20_000)}})
		must(t, err)
		if a.status >= 500 {
			return a.body
		}
	}
	return "nothing"
}

func (l *load) met() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.refused
}

func (l *load) acknowledged() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.told
}
