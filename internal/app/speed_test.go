package app

import (
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"vaern/internal/access"
	"vaern/internal/demo"
	"vaern/internal/field"
	"vaern/internal/notify"
	"vaern/internal/people"
	"vaern/internal/store/storetest"
)

// tools/bench runs these and lays their figures out beside their goals. Each
// figure has its bare baseline, measured in between: the statements that were
// sent, by the driver alone.

// heard is a statement as it was sent.
type heard struct {
	text string
	args []any
}

// driverOf opens what a town is kept in by the driver alone, safe against a
// crash as the program is.
func driverOf(b *testing.B, at string) *sql.DB {
	driver, dsn := "pgx", at
	if engineOf(at) == "sqlite" {
		driver, dsn = "sqlite", "file:"+at+"?_pragma=busy_timeout(5000)&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=cache_size(-8000)&_txlock=immediate"
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		b.Fatal(err)
	}
	if b.Cleanup(func() { db.Close() }); driver == "sqlite" {
		db.SetMaxOpenConns(1)
	}
	db.SetMaxIdleConns(16)
	return db
}

// repeat runs statements by the driver alone, and reads what they answer.
func repeat(b *testing.B, db *sql.DB, list []heard) {
	for _, s := range list {
		rows, err := db.Query(s.text, s.args...)
		if err != nil {
			b.Fatal(err)
		}
		columns, _ := rows.Columns()
		to := make([]any, len(columns))
		for i := range to {
			to[i] = new(any)
		}
		for rows.Next() {
			if err := rows.Scan(to...); err != nil {
				b.Fatal(err)
			}
		}
		if err := rows.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// beside measures fn and, in turns with it, its statements by the driver alone;
// it reports the medians in milliseconds.
func (t *town) beside(b *testing.B, db *sql.DB, fn func()) {
	var list []heard
	t.Hear = func(text string, args []any) { list = append(list, heard{text, args}) }
	fn()
	t.Hear = nil
	list = slices.DeleteFunc(list, func(s heard) bool {
		return !strings.HasPrefix(strings.TrimSpace(s.text), "SELECT") && !strings.HasPrefix(strings.TrimSpace(s.text), "WITH")
	})
	repeat(b, db, list)
	var ours, bare, computed []time.Duration
	for b.Loop() {
		before := computing()
		ours = append(ours, took(fn))
		computed = append(computed, computing()-before)
		bare = append(bare, took(func() { repeat(b, db, list) }))
	}
	b.ReportMetric(median(ours), "ms")
	b.ReportMetric(median(computed), "cpu-ms")
	b.ReportMetric(median(bare), "bare-ms")
	b.ReportMetric(float64(len(list)), "statements")
}

// computing is how long this process has computed so far; of PostgreSQL's work
// it has nothing.
func computing() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func took(fn func()) time.Duration {
	begun := time.Now()
	fn()
	return time.Since(begun)
}

func median(all []time.Duration) float64 {
	slices.Sort(all)
	return all[len(all)/2].Seconds() * 1000
}

// eachBench is each for benchmarks; at is where the town is kept.
func eachBench(b *testing.B, fn func(b *testing.B, in *town, at string)) {
	for _, at := range storetest.URLs(b) {
		b.Run(engineOf(at), func(b *testing.B) {
			p := place{Data: b.TempDir(), Database: at}
			in, err := p.prepare(b.Context(), storetest.Clock())
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { in.Close() })
			if err := in.begin(b.Context(), p.Data, false); err != nil {
				b.Fatal(err)
			}
			if _, err := in.found(b.Context(), "Prøve Kommune", "anna@example.dk"); err != nil {
				b.Fatal(err)
			}
			fn(b, in, at)
		})
	}
}

// eachDemo is eachBench for the demo municipality.
func eachDemo(b *testing.B, fn func(b *testing.B, in *town, db *sql.DB)) {
	for _, at := range storetest.URLs(b) {
		b.Run(engineOf(at), func(b *testing.B) {
			c := &serve{Demo: true, place: place{Data: b.TempDir(), Database: at}}
			in, err := c.town(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { in.Close() })
			fn(b, in, driverOf(b, at))
		})
	}
}

// BenchmarkDemo opens every page of the demo, as the first guest who may, and
// asks every indicator anew.
func BenchmarkDemo(b *testing.B) {
	eachDemo(b, func(b *testing.B, in *town, db *sql.DB) {
		r := &room{town: in}
		if err := r.hang(b.Context(), demo.Guests(today())); err != nil {
			b.Fatal(err)
		}
		pages, _, err := r.open(b.Context(), "filled")
		if err != nil {
			b.Fatal(err)
		}
		for _, e := range pages {
			b.Run("page"+e.Pattern, func(b *testing.B) {
				in.beside(b, db, func() {
					if w := r.ask(e.As, "da", e.Path, nil); w.Code != http.StatusOK {
						b.Fatal(w.Code)
					}
				})
			})
		}
		b.Run("indicators", func(b *testing.B) {
			in.beside(b, db, func() {
				if err := in.engine.Evaluate(b.Context()); err != nil {
					b.Fatal(err)
				}
			})
		})
	})
}

// BenchmarkDigest looks whom of everybody in the demo the day's mail has something
// new for: on a day when hundreds are told of something, and then, in turns with
// its statements, on one when nothing is new.
func BenchmarkDigest(b *testing.B) {
	eachDemo(b, func(b *testing.B, in *town, db *sql.DB) {
		d := &notify.Digest{Tasks: in.engine.Tasks, Roles: people.Table(in.roles), Hour: 7}
		day := func() {
			if err := d.Job().Do(b.Context(), in.Store, "2026-03-02"); err != nil { // a Monday
				b.Fatal(err)
			}
		}
		first := took(day)
		var people, mails float64
		if err := db.QueryRow(`SELECT (SELECT count(*) FROM person WHERE mail <> ''), (SELECT count(*) FROM work_mail)`).Scan(&people, &mails); err != nil {
			b.Fatal(err)
		}
		in.beside(b, db, day)
		b.ReportMetric(first.Seconds()*1000, "first-ms")
		b.ReportMetric(people, "people")
		b.ReportMetric(mails, "mails")
	})
}

// municipality is how many records a plain register of one municipality has.
const municipality = 1_500

// BenchmarkSizes looks at a register of one municipality, of ten and of a
// hundred: as somebody who reaches all, and as somebody who reaches one unit of
// fifty.
func BenchmarkSizes(b *testing.B) {
	eachBench(b, func(b *testing.B, in *town, at string) {
		db := driverOf(b, at)
		s := &someone{}
		site, _ := new(serve).hang(in, s.who)
		have := 0
		for _, times := range []int{1, 10, 100} {
			fillRegister(b, db, have, times*municipality)
			have = times * municipality
			for _, reach := range []string{"wide", "narrow"} {
				for name, path := range map[string]string{
					"REST": "/api/v1/obligations?sort=due&owner=p1", "list": "/obligation?sort=due&owner=p1", "record": "/obligation/" + recordID(39), "front": "/", "tasks": "/tasks",
				} {
					b.Run(fmt.Sprintf("%d/%s/%s", times, name, reach), func(b *testing.B) {
						s.Actor = in.roleActor(access.Coordinator)
						if reach == "narrow" {
							for p, r := range s.May {
								if r.Whole && !strings.HasPrefix(string(p), "signed") {
									s.May[p] = access.Reach{Tops: []string{"u7"}}
								}
							}
						}
						in.beside(b, db, func() {
							r := httptest.NewRequest("GET", path, nil)
							w := httptest.NewRecorder()
							site.ServeHTTP(w, r)
							if w.Code != http.StatusOK {
								b.Fatal(path, w.Code, w.Body.String()[:200])
							}
						})
					})
				}
			}
		}
	})
}

func recordID(n int) string { return fmt.Sprintf("01900000-0000-7000-8000-%012x", n) }

// fillRegister adds obligations by the driver alone: fifty units, one in three
// is owned by the position that is asked for.
func fillRegister(b *testing.B, db *sql.DB, from, to int) {
	tx, err := db.Begin()
	if err != nil {
		b.Fatal(err)
	}
	defer tx.Rollback()
	do := func(query string, rows []string) {
		if len(rows) == 0 {
			return
		}
		if _, err := tx.Exec(query + strings.Join(rows, ",")); err != nil {
			b.Fatal(err)
		}
	}
	if from == 0 {
		var units, under []string
		for u := range 50 {
			units = append(units, fmt.Sprintf(`('u%d',1,'top','2026','x','','U%d','u%d','Enhed %d','enhed %d','department',NULL)`, u, u, u, u, u))
			under = append(under, fmt.Sprintf(`('u%d','u%d'),('top','u%d')`, u, u, u))
		}
		do(`INSERT INTO unit (id, version, unit, updated_at, updated_by, search, number, number_sort, name, name_sort, kind, closes) VALUES `, units)
		do(`INSERT INTO unit_under (top, unit) VALUES `, under)
	}
	due := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	for at := from; at < to; at += 500 {
		var rows, titles []string
		for i := at; i < min(at+500, to); i++ {
			title := fmt.Sprintf("Pligt nr. %d om behandling af oplysninger", i*7919%to)
			unit, owner := fmt.Sprint("u", i*13%50), fmt.Sprint("p", i%3)
			rows = append(rows, fmt.Sprintf(`('%s',1,'%s','2026-03-02T09:00:00.000000Z','x','%s','F-%d','%s','%s','%s','GDPR','gdpr','%s',12,NULL,'%s',NULL,NULL,'','','')`,
				recordID(i), unit, field.Fold(title), i, fmt.Sprintf("f-%08d", i), title, field.SortKey(title), owner, due.AddDate(0, 0, i*31%1400).Format(time.DateOnly)))
			titles = append(titles, fmt.Sprintf(`('%s','obligation','%s','%s','%s','%s')`, recordID(i), unit, title, owner, field.Fold(title)))
		}
		do(`INSERT INTO obligation (id, version, unit, updated_at, updated_by, search, number, number_sort, title, title_sort, reference, reference_sort, owner, review_months, reviewed, due, valid_from, valid_to, themes, document, note) VALUES `, rows)
		do(`INSERT INTO record_title (id, kind, unit, title, owner, search) VALUES `, titles)
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
	if _, err := db.Exec(`ANALYZE`); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkChange creates records through HTTP, eight at once, each durable and
// with its leaf; the driver alone commits one row a time, eight at once.
func BenchmarkChange(b *testing.B) {
	const atOnce = 8
	eachBench(b, func(b *testing.B, in *town, at string) {
		s := &someone{in.roleActor(access.Coordinator)}
		site, _ := new(serve).hang(in, s.who)
		server := httptest.NewServer(site)
		defer server.Close()
		client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2 * atOnce}}
		create := func(n int64) {
			body := fmt.Sprintf(`{"unit":"top","number":"H-%d","title":"Pligt om oplysninger","reference":"GDPR art. 32"}`, n)
			w, err := client.Post(server.URL+"/api/v1/obligations", "application/json", strings.NewReader(body))
			if err != nil {
				b.Error(err)
				return
			}
			text, _ := io.ReadAll(w.Body)
			if w.Body.Close(); w.StatusCode != http.StatusCreated {
				b.Errorf("%d %s", w.StatusCode, text)
			}
		}
		other := at
		if engineOf(at) == "sqlite" {
			other = filepath.Join(b.TempDir(), "bare.db")
		}
		db := driverOf(b, other)
		if _, err := db.Exec(`CREATE TABLE bare (id TEXT PRIMARY KEY, unit TEXT NOT NULL, number TEXT NOT NULL UNIQUE, title TEXT NOT NULL, reference TEXT NOT NULL)`); err != nil {
			b.Fatal(err)
		}
		commit := func(n int64) {
			if _, err := db.Exec(`INSERT INTO bare VALUES ($1, 'top', $2, 'Pligt om oplysninger', 'GDPR art. 32')`, recordID(int(n)), fmt.Sprint("H-", n)); err != nil {
				b.Error(err)
			}
		}
		var ours, bare []float64
		var next atomic.Int64
		for b.Loop() {
			ours = append(ours, perSecond(atOnce, &next, create))
			bare = append(bare, perSecond(atOnce, &next, commit))
		}
		slices.Sort(ours)
		slices.Sort(bare)
		b.ReportMetric(ours[len(ours)/2], "per-s")
		b.ReportMetric(bare[len(bare)/2], "bare-per-s")
	})
}

// perSecond is how often fn is done in a second, so many at once.
func perSecond(atOnce int, next *atomic.Int64, fn func(int64)) float64 {
	const long = 2 * time.Second
	var done atomic.Int64
	var all sync.WaitGroup
	begun := time.Now()
	for range atOnce {
		all.Go(func() {
			for time.Since(begun) < long {
				fn(next.Add(1))
				done.Add(1)
			}
		})
	}
	all.Wait()
	return float64(done.Load()) / time.Since(begun).Seconds()
}
