package receipt

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vaern/internal/access"
	"vaern/internal/mail"
	"vaern/internal/notify"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/register/document"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
	"vaern/internal/web"
)

const (
	morning = 4900 // people who are asked
	atATime = 8
)

// BenchmarkMorning asks 4,900 people and lets them confirm through HTTP, on
// every database, beside the bare driver committing one row a time.
func BenchmarkMorning(b *testing.B) {
	for _, url := range storetest.URLs(b) {
		name := "sqlite"
		if strings.HasPrefix(url, "postgres://") {
			name = "postgres"
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				m := newMorning(b, url)
				b.StartTimer()
				held, asked := m.ask()
				perSecond, pages := m.confirm()
				bare := bareCommits(b, url)
				b.ReportMetric(perSecond, "receipts/s")
				b.ReportMetric(bare, "bare-commits/s")
				b.ReportMetric(perSecond/bare, "of-bare")
				b.ReportMetric(asked.Seconds()*1000, "ask-ms")
				b.ReportMetric(held.Seconds()*1000, "longest-wait-ms")
				b.ReportMetric(pages.Seconds()*1000, "page-p95-ms")
			}
		})
	}
}

// aMorning is a municipality of 4,900 with a text to read.
type aMorning struct {
	*testing.B
	*store.Store
	*Desk
	people  []string
	reading string
}

func newMorning(b *testing.B, url string) *aMorning {
	d := New(papers())
	document.Published = d.Published
	schemas := []store.Schema{people.Schema(), mail.Schema(), notify.Schema()}
	for _, m := range append(document.Modules(), d.Modules()...) {
		if m.Schema.Files != nil {
			schemas = append(schemas, m.Schema)
		}
	}
	m := &aMorning{B: b, Store: storetest.Open(b, url, schemas...), Desk: d}
	ctx := storetest.As(b, "coord", everything...)
	other := storetest.As(b, "other", everything...)
	m.change(ctx, func(w *store.Write) error {
		if err := people.FoundTop(w); err != nil {
			return err
		}
		for i := range 101 {
			u := people.Unit{Head: record.Head{ID: fmt.Sprint("u", i), Unit: people.Top}, Number: fmt.Sprint(i), Name: fmt.Sprint("Enhed ", i), Kind: "department"}
			if i == 0 {
				u.ID = people.Top
			}
			if err := people.Units.Add(w, &u); err != nil {
				return err
			}
		}
		return nil
	})
	for from := 0; from < morning; from += 490 {
		m.change(ctx, func(w *store.Write) error {
			for i := from; i < from+490; i++ {
				p := people.Person{Head: record.Head{Unit: fmt.Sprint("u", 1+i%100)}, Number: fmt.Sprint("M", i), Name: fmt.Sprint("Person ", i), Mail: fmt.Sprintf("p%d@x.dk", i), Category: "employee"}
				if err := people.Persons.Add(w, &p); err != nil {
					return err
				}
				m.people = append(m.people, p.ID)
			}
			return nil
		})
	}
	doc := document.Document{Head: record.Head{Unit: people.Top}, Number: "1", Title: "Instruks", Level: document.Instruction}
	m.change(ctx, func(w *store.Write) error { return document.Add(w, &doc) })
	m.must(d.Include(ctx, m.Store, doc.ID, Rule{Way: In, Kind: ByRole, Value: "employee"}))
	id, err := document.Begin(ctx, m.Store, doc.ID, document.Text{Label: "1", Body: forAll})
	m.must(err)
	m.must(document.Decide(other, m.Store, id))
	m.must(document.PutInForce(ctx, m.Store, id, "2026-03-01"))
	m.must(m.View(ctx, Numbers, func(q *store.Read) error {
		story, err := storyOf(q, doc.ID)
		r, _ := story.of(id)
		m.reading = r.ID
		return err
	}))
	return m
}

func (m *aMorning) must(err error) {
	m.Helper()
	if err != nil {
		m.Fatal(err)
	}
}

func (m *aMorning) change(ctx context.Context, fn func(w *store.Write) error) {
	m.Helper()
	m.must(m.Store.Change(ctx, store.Intent{Verb: "unit.create", Need: "unit.create"}, fn))
}

// ask asks everybody while somebody else writes: how long that one waited at
// most, and how long all took.
func (m *aMorning) ask() (longest, all time.Duration) {
	done := make(chan struct{})
	var waited sync.WaitGroup
	waited.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			begun := time.Now()
			m.must(m.Work(m.Context(), func(w *store.Work) error {
				return w.Do(`INSERT INTO work_kiosk (kiosk, tries, until) VALUES ('x', 1, '') ON CONFLICT (kiosk) DO NOTHING`, nil)
			}))
			longest = max(longest, time.Since(begun))
		}
	})
	begun := time.Now()
	_, err := m.Ask(m.Context(), m.Store)
	m.must(err)
	all = time.Since(begun)
	close(done)
	waited.Wait()
	return longest, all
}

// serve serves the pages; whoever asks says who they are.
func (m *aMorning) serve() *httptest.Server {
	site := web.New(m.Store, func(r *http.Request) (access.Actor, error) {
		return storetest.Actor(r.Header.Get("X-Person"), access.Reach{Whole: true}, "document.see", Give, Numbers), nil
	})
	for _, mod := range m.Modules() {
		if mod.Mount != nil {
			mod.Mount(site)
		}
	}
	return httptest.NewServer(site)
}

// sender sends requests that must be answered with a status.
func sender(server *httptest.Server) func(method, path, person string, want int) {
	client := server.Client()
	client.Transport.(*http.Transport).MaxIdleConnsPerHost = 2 * atATime
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return func(method, path, person string, want int) {
		r, err := http.NewRequest(method, server.URL+path, nil)
		if err != nil {
			panic(err)
		}
		r.Header.Set("X-Person", person)
		answer, err := client.Do(r)
		if err != nil || answer.StatusCode != want {
			panic(fmt.Sprint(path, " ", answer, err))
		}
		answer.Body.Close()
	}
}

// confirm lets everybody confirm through HTTP, and one reader look at pages
// meanwhile: receipts a second, and how quick nearly all of the pages were.
func (m *aMorning) confirm() (perSecond float64, page time.Duration) {
	server := m.serve()
	defer server.Close()
	send := sender(server)
	var next atomic.Int64
	var writers, readers sync.WaitGroup
	stop := make(chan struct{})
	var took []time.Duration
	readers.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
			}
			begun := time.Now()
			send("GET", "/reading/"+m.reading+"/read", m.people[i%morning], http.StatusOK)
			took = append(took, time.Since(begun))
		}
	})
	begun := time.Now()
	for range atATime {
		writers.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= morning {
					return
				}
				send("POST", "/reading/"+m.reading+"/read", m.people[i], http.StatusSeeOther)
			}
		})
	}
	writers.Wait()
	perSecond = morning / time.Since(begun).Seconds()
	close(stop)
	readers.Wait()
	m.must(m.View(storetest.As(m, "x", Numbers), Numbers, func(q *store.Read) error {
		var n int
		err := q.Row(`SELECT count(*) FROM receipt`, nil, &n)
		if n != morning {
			m.Errorf("%d receipts are kept, want %d", n, morning)
		}
		return err
	}))
	slices.Sort(took)
	return perSecond, took[len(took)*95/100]
}

// bareCommits is what the driver does with one row a commit, as many at once.
func bareCommits(b *testing.B, url string) float64 {
	driver, at := "pgx", url
	if !strings.HasPrefix(url, "postgres://") {
		driver, at = "sqlite", "file:"+filepath.Join(b.TempDir(), "bare.db")+"?_pragma=busy_timeout(5000)&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_txlock=immediate"
	}
	db, err := sql.Open(driver, at)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if driver == "sqlite" {
		db.SetMaxOpenConns(1)
	}
	if _, err := db.Exec(`CREATE TABLE IF NOT EXISTS bare (id TEXT PRIMARY KEY, person TEXT NOT NULL, how TEXT NOT NULL)`); err != nil {
		b.Fatal(err)
	}
	const rows = 2000
	var next atomic.Int64
	var writers sync.WaitGroup
	begun := time.Now()
	for range atATime {
		writers.Go(func() {
			for {
				i := next.Add(1)
				if i > rows {
					return
				}
				if _, err := db.Exec(`INSERT INTO bare VALUES ($1, $2, $3)`, fmt.Sprint(begun.UnixNano(), i), "person", "signed_in"); err != nil {
					panic(err)
				}
			}
		})
	}
	writers.Wait()
	return rows / time.Since(begun).Seconds()
}
