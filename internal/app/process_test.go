package app

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"vaern/internal/demo"
	"vaern/internal/store/storetest"
)

// built is what make build leaves; the figures of a whole process are its.
func built(b *testing.B) string {
	path, err := filepath.Abs("../../bin/vaern")
	if err != nil {
		b.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		b.Skip("make build comes first")
	}
	return path
}

// running is a served program.
type running struct {
	*exec.Cmd
	at   string
	took time.Duration // to the first healthy answer
}

// launch serves a folder on a free port.
func launch(b *testing.B, args ...string) *running {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0") // a port that was free a moment ago
	if err != nil {
		b.Fatal(err)
	}
	at := listener.Addr().String()
	listener.Close()
	r := &running{Cmd: exec.Command(built(b), append([]string{"serve", "--listen", at}, args...)...), at: "http://" + at}
	var errs bytes.Buffer
	r.Stderr = &errs
	begun := time.Now()
	if err := r.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { r.Process.Kill() })
	for {
		if w, err := http.Get(r.at + "/readyz"); err == nil {
			if w.Body.Close(); w.StatusCode == http.StatusOK {
				break
			}
		}
		if time.Since(begun) > 3*time.Minute {
			b.Fatalf("it does not serve: %s", errs.String())
		}
		time.Sleep(time.Millisecond)
	}
	r.took = time.Since(begun)
	return r
}

func (r *running) end(b *testing.B) {
	r.Process.Signal(os.Interrupt)
	if err := r.Wait(); err != nil {
		b.Error(err)
	}
}

var resident = regexp.MustCompile(`VmRSS:\s+(\d+) kB`)

// memory is how many megabytes the process holds.
func (r *running) memory(b *testing.B) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", r.Process.Pid))
	if err != nil {
		b.Skip("memory is read where there is /proc")
	}
	n, _ := strconv.Atoi(string(resident.FindSubmatch(text)[1]))
	return float64(n) / 1024
}

// BenchmarkProcess starts the program on an empty folder, again, on the demo,
// and on 150,000 records; and weighs it. The baseline of a start is the same
// program saying its version.
func BenchmarkProcess(b *testing.B) {
	for _, at := range storetest.URLs(b) {
		b.Run(engineOf(at), func(b *testing.B) {
			p := place{Data: b.TempDir()}
			args := []string{"--data", p.Data}
			if engineOf(at) == "postgres" {
				args = append(args, "--database", at)
			} else {
				at = p.url()
			}
			b.Run("empty", func(b *testing.B) {
				for b.Loop() {
					b.StopTimer()
					init := exec.Command(built(b), append([]string{"init", "--name", "Prøve", "--admin", "anna@example.dk"}, args...)...)
					first := took(func() {
						if out, err := init.CombinedOutput(); err != nil && !strings.Contains(string(out), "already") {
							b.Fatal(err, string(out))
						}
					})
					r := launch(b, args...)
					b.ReportMetric((first+r.took).Seconds()*1000, "ms")
					time.Sleep(3 * time.Second)
					b.ReportMetric(r.memory(b), "idle-MB")
					r.end(b)
					bare := exec.Command(built(b), "version")
					b.ReportMetric(took(func() { bare.Run() }).Seconds()*1000, "bare-ms")
					b.StartTimer()
				}
			})
			later := func(b *testing.B) {
				var ours, bare []time.Duration
				for b.Loop() {
					r := launch(b, args...)
					ours = append(ours, r.took)
					r.end(b)
					bare = append(bare, took(func() { exec.Command(built(b), "version").Run() }))
				}
				b.ReportMetric(median(ours), "ms")
				b.ReportMetric(median(bare), "bare-ms")
			}
			b.Run("later", later)
			fillRegister(b, driverOf(b, at), 0, 100*municipality)
			b.Run("later-150000", later)
		})
	}
	b.Run("binary", func(b *testing.B) {
		for b.Loop() {
			info, err := os.Stat(built(b))
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(info.Size())/1e6, "MB")
		}
	})
}

// BenchmarkLoad fills the demo, lets eight people look around for VAERN_LOAD,
// ten minutes unless told otherwise, and weighs the process before and after.
func BenchmarkLoad(b *testing.B) {
	long := 10 * time.Minute
	if said := os.Getenv("VAERN_LOAD"); said != "" {
		var err error
		if long, err = time.ParseDuration(said); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		r := launch(b, "--demo", "--data", b.TempDir())
		b.ReportMetric(r.took.Seconds(), "first-s")
		r.end(b)
		r = launch(b, "--demo", "--data", r.Args[len(r.Args)-1])
		time.Sleep(30 * time.Second) // what it does at start is done
		b.ReportMetric(r.memory(b), "idle-MB")
		asked := r.load(b, long)
		b.ReportMetric(r.memory(b), "after-MB")
		b.ReportMetric(long.Minutes(), "load-min")
		b.ReportMetric(float64(asked)/long.Seconds(), "pages-per-s")
		time.Sleep(90 * time.Second)
		b.ReportMetric(r.memory(b), "rested-MB")
		r.end(b)
	}
}

// load lets guests follow links for a while; it returns how many pages they saw.
func (r *running) load(b *testing.B, long time.Duration) (asked int) {
	var all sync.WaitGroup
	var mu sync.Mutex
	ends := time.Now().Add(long)
	guests := demo.Guests(today())
	for i := range 8 {
		jar, _ := cookiejar.New(nil) // never fails
		person := &http.Client{Jar: jar, Timeout: time.Minute}
		all.Go(func() {
			if w, err := person.PostForm(r.at+"/sign-in", url.Values{"mail": {guests[i%len(guests)].Mail}, "password": {demo.Password}}); err != nil {
				b.Error(err)
				return
			} else {
				w.Body.Close()
			}
			paths := []string{"/"}
			for n := 0; time.Now().Before(ends); n++ {
				text := looked(b, person, r.at+paths[n%len(paths)])
				for _, m := range within.FindAllStringSubmatch(text, -1) {
					if len(paths) < 500 && !strings.Contains(m[1], "sign-out") {
						paths = append(paths, m[1])
					}
				}
				mu.Lock()
				asked++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return asked
}

var within = regexp.MustCompile(`href="(/[^"#]*)"`)

func looked(b *testing.B, person *http.Client, at string) string {
	w, err := person.Get(strings.ReplaceAll(at, "&amp;", "&"))
	if err != nil {
		b.Error(err)
		return ""
	}
	defer w.Body.Close()
	var text bytes.Buffer
	text.ReadFrom(w.Body)
	if w.StatusCode >= 500 {
		b.Errorf("%s: %d", at, w.StatusCode)
	}
	return text.String()
}
