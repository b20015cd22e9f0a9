package faults

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// signal sends a signal to all of the server's processes, itself first.
func (c *cluster) signal(s syscall.Signal) {
	c.t.Helper()
	text, err := os.ReadFile(filepath.Join(c.data, "postmaster.pid"))
	must(c.t, err)
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	must(c.t, err)
	must(c.t, syscall.Kill(pid, s))
	all, err := filepath.Glob("/proc/[0-9]*/stat")
	must(c.t, err)
	for _, path := range all {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended meanwhile
		}
		_, rest, _ := strings.Cut(string(stat), ") ")
		if fields := strings.Fields(rest); len(fields) > 1 && fields[1] == first {
			child, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			must(c.t, err)
			syscall.Kill(child, s) // one may have ended
		}
	}
}

// TestPostgresHangs stops the database as it stands, with its connections open,
// under load: nothing breaks, and nobody is let wait for it for ever. When it
// goes on, so does the program.
func TestPostgresHangs(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	s := (&home{t: t, data: t.TempDir(), database: c.url()}).settle()
	l := newLoad(t)
	rest := s.work(l, 1)
	time.Sleep(400 * time.Millisecond)
	c.signal(syscall.SIGSTOP)
	t.Cleanup(func() { c.signal(syscall.SIGCONT) })
	begun := time.Now()
	var crowd sync.WaitGroup
	for i := range 60 { // more than there are connections
		crowd.Go(func() {
			a, err := s.n.program(s.token).ask("GET", fmt.Sprintf("/api/v1/rules?limit=%d", i+1), "")
			if err != nil || a.status != http.StatusServiceUnavailable {
				t.Errorf("one of many is told %d %.300s, %v", a.status, a.body, err)
			}
		})
	}
	outage(t, s, "Databasen svarer ikke", "database does not answer")
	crowd.Wait()
	if a, err := s.n.program("").ask("GET", "/readyz", ""); err != nil || a.status != http.StatusServiceUnavailable {
		t.Errorf("it is ready: %d %v", a.status, err)
	}
	t.Logf("everybody is told within %v", time.Since(begun).Round(time.Millisecond))
	c.signal(syscall.SIGCONT)
	took := soon(t, 30*time.Second, "it answers again", s.ready)
	time.Sleep(300 * time.Millisecond)
	rest()
	t.Logf("it answers %v after the database; %d answers so far", took.Round(time.Millisecond), l.told)
	db := c.db()
	l.settle(s.n.program(s.token), db)
	l.compare(db)
	s.caughtUp(db)
	s.verify()
	s.n.stop()
	if l.refused == 0 {
		t.Error("no request met the hang")
	}
}
