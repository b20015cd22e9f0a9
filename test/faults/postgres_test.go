package faults

import (
	"database/sql"
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// cluster is a PostgreSQL server of the test's own, that it may stop.
type cluster struct {
	t      *testing.T
	bin    string // folder with PostgreSQL's programs
	data   string
	port   int
	inside []string // what its programs are put behind
	as     []string // PostgreSQL refuses to run as root
}

// room makes a folder that the server's user can reach.
func room(t *testing.T) (dir string, as []string) {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "vaern-faults-")
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	if os.Getuid() != 0 {
		return dir, nil
	}
	name := "nobody"
	if _, err := user.Lookup("postgres"); err == nil {
		name = "postgres"
	}
	u, err := user.Lookup(name)
	must(t, err)
	uid, err := strconv.Atoi(u.Uid)
	must(t, err)
	must(t, os.Chown(dir, uid, -1))
	return dir, []string{"setpriv", "--reuid", u.Uid, "--regid", u.Gid, "--clear-groups", "env", "HOME=" + dir}
}

// newCluster makes a server and starts it.
func newCluster(t *testing.T) *cluster {
	t.Helper()
	c := place(t)
	c.must("initdb", "-D", c.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	c.start()
	return c
}

// place is where a server will be.
func place(t *testing.T) *cluster {
	t.Helper()
	if os.Getenv("TEST_POSTGRES") == "" {
		t.Skip("TEST_POSTGRES is not set: no PostgreSQL is tried")
	}
	out, err := exec.Command("../../tools/need.sh", "postgres").Output()
	must(t, err)
	dir, as := room(t)
	return &cluster{t: t, bin: filepath.Dir(strings.TrimSpace(string(out))), data: filepath.Join(dir, "data"), port: port(t), as: as}
}

// given are the ports that servers have, also while they are stopped.
var given struct {
	mu    sync.Mutex
	ports map[int]bool
}

// port is one that stays free while nobody listens there: the system gives
// those above 32768 to whoever asks for any.
func port(t *testing.T) int {
	t.Helper()
	given.mu.Lock()
	defer given.mu.Unlock()
	for range 100 {
		at := 10_000 + mathrand.IntN(10_000)
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", at))
		if err != nil || given.ports[at] {
			continue
		}
		listener.Close()
		if given.ports == nil {
			given.ports = map[int]bool{}
		}
		given.ports[at] = true
		return at
	}
	t.Fatal("no port is free")
	return 0
}

func (c *cluster) command(name string, args ...string) ([]byte, error) {
	line := append(append(append([]string{}, c.inside...), c.as...), append([]string{filepath.Join(c.bin, name)}, args...)...)
	cmd := exec.Command(line[0], line[1:]...)
	cmd.Dir = "/"
	return cmd.CombinedOutput()
}

func (c *cluster) must(name string, args ...string) {
	c.t.Helper()
	if out, err := c.command(name, args...); err != nil {
		c.t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// start starts it, with more settings than those of its file.
func (c *cluster) start(more ...string) {
	c.t.Helper()
	options := fmt.Sprintf("-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories=", c.port)
	for _, o := range more {
		options += " -c " + o
	}
	c.must("pg_ctl", "start", "-D", c.data, "-w", "-s", "-l", filepath.Join(c.data, "..", "log"), "-o", options)
	c.t.Cleanup(func() { c.stop("immediate") })
}

// stop stops it: "fast" is orderly, "immediate" as when it crashes.
func (c *cluster) stop(mode string) {
	c.command("pg_ctl", "stop", "-D", c.data, "-w", "-s", "-m", mode)
}

const pgTail = "/postgres?sslmode=disable"

func (c *cluster) host() string { return fmt.Sprintf("127.0.0.1:%d", c.port) }
func (c *cluster) url() string  { return "postgres://postgres@" + c.host() + pgTail }
func (c *cluster) db() *sql.DB  { return opened(c.t, c.url()) }

// standby copies the server as one that follows it. Nothing is acknowledged any
// more that the standby does not have.
func (c *cluster) standby() *cluster {
	c.t.Helper()
	return c.standbyAt(place(c.t))
}

func (c *cluster) standbyAt(s *cluster) *cluster {
	c.t.Helper()
	s.must("pg_basebackup", "-h", "127.0.0.1", "-p", strconv.Itoa(c.port), "-U", "postgres", "-D", s.data, "-R", "-c", "fast", "--no-sync")
	s.start()
	db := c.db()
	must(c.t, exec1(db, `ALTER SYSTEM SET synchronous_standby_names = '*'`))
	must(c.t, exec1(db, `SELECT pg_reload_conf()`))
	soon(c.t, 30*time.Second, "the standby follows", func() bool {
		n := 0
		must(c.t, db.QueryRow(`SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'`).Scan(&n))
		return n == 1
	})
	return s
}

// settled is a municipality with somebody and a program signed in.
type settled struct {
	*home
	n     *node
	b     *browser
	token string
}

// settle founds a municipality and serves it.
func (h *home) settle(more ...string) *settled {
	h.t.Helper()
	first := h.found()
	s := &settled{home: h, n: h.serve(more...)}
	s.b = s.n.browser(h.t).come(h.t, first)
	s.token = h.token(admin)
	return s
}

func (s *settled) work(l *load, seed uint64) func() {
	p := s.n.program(s.token)
	busy := l.work(seed, l.editor(p, "a"), l.editor(p, "c"), l.bulk(p), l.writer(s.b))
	return func() {
		l.end()
		busy.Wait()
	}
}

// TestPostgresGoneAndBack stops the database under load, in order and not, and
// starts it again: the program says so meanwhile, and goes on by itself.
func TestPostgresGoneAndBack(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	s := (&home{t: t, data: t.TempDir(), database: c.url()}).settle()
	l := newLoad(t)
	for i, mode := range []string{"fast", "immediate", "immediate"} {
		rest := s.work(l, uint64(i))
		time.Sleep(400 * time.Millisecond)
		c.stop(mode)
		outage(t, s, "Databasen svarer ikke", "database does not answer")
		c.start()
		took := soon(t, 30*time.Second, "it answers again", s.ready)
		time.Sleep(300 * time.Millisecond)
		rest()
		t.Logf("%s: it answers %v after the database; %d answers so far", mode, took.Round(time.Millisecond), l.told)
		db := c.db()
		l.settle(s.n.program(s.token), db)
		l.compare(db)
		s.caughtUp(db)
		s.verify()
	}
	s.n.stop()
	s.vouch()
	if l.refused == 0 {
		t.Error("no request met the outage")
	}
}

// TestFailover kills the primary under load and promotes the standby that
// followed it, twice: the program finds the new one by itself.
func TestFailover(t *testing.T) {
	t.Parallel()
	primary := newCluster(t)
	standby, third := primary.standby(), place(t)
	at := "postgres://postgres@" + strings.Join([]string{primary.host(), standby.host(), third.host()}, ",") + pgTail + "&target_session_attrs=read-write"
	s := (&home{t: t, data: t.TempDir(), database: at}).settle()
	l := newLoad(t)
	for i := range 2 {
		rest := s.work(l, uint64(i))
		time.Sleep(500 * time.Millisecond)
		primary.stop("immediate")
		outage(t, s, "Databasen svarer ikke", "database does not answer")
		must(t, exec1(standby.db(), `ALTER SYSTEM RESET synchronous_standby_names`)) // it stands alone now
		standby.must("pg_ctl", "promote", "-D", standby.data, "-w", "-s")
		took := soon(t, 30*time.Second, "it answers again", s.ready)
		time.Sleep(300 * time.Millisecond)
		rest()
		t.Logf("it answers %v after the promotion; %d answers so far", took.Round(time.Millisecond), l.told)
		db := standby.db()
		l.settle(s.n.program(s.token), db)
		l.compare(db)
		s.caughtUp(db)
		s.verify()
		if i == 0 {
			primary, standby = standby, standby.standbyAt(third)
		}
	}
	s.n.stop()
	s.vouch()
}

func (s *settled) ready() bool {
	a, err := s.n.program("").ask("GET", "/readyz", "")
	return err == nil && a.status == http.StatusOK
}

// outage looks at what people and programs are told while something is gone.
func outage(t *testing.T, s *settled, da, en string) {
	t.Helper()
	a, err := s.n.program(s.token).ask("POST", "/api/v1/rules", ruleBody("X-never", "Ikke gemt"), "Accept-Language", "en")
	must(t, err)
	if a.status != http.StatusServiceUnavailable || !strings.Contains(a.body, en) || a.head.Get("Retry-After") == "" {
		t.Errorf("a program is told %d %s", a.status, a.body)
	}
	if a, _, err = s.b.post("/rule", map[string][]string{"unit": {"top"}, "number": {"X-never"}, "title": {"Ikke gemt"}, "text": {"Tekst"}}); err != nil {
		t.Fatal(err)
	}
	if a.status != http.StatusServiceUnavailable || !strings.Contains(a.body, da) || !strings.Contains(a.body, "Prøv igen om lidt") {
		t.Errorf("a person is told %d %.3000s", a.status, a.body)
	}
	if a, err = s.n.program("").ask("GET", "/healthz", ""); err != nil || a.status != http.StatusOK {
		t.Errorf("it does not live any more: %v %d", err, a.status)
	}
}

// caughtUp waits until everything is signed and measured.
func (s *settled) caughtUp(db *sql.DB) {
	s.t.Helper()
	soon(s.t, 20*time.Second, "all is signed and measured", func() bool {
		var size, signed, asked int64
		err := db.QueryRow(`SELECT size, (SELECT max(size) FROM ledger_checkpoint), (SELECT max(size) FROM work_asked) FROM ledger_head`).Scan(&size, &signed, &asked)
		return err == nil && signed == size && asked == size
	})
}
