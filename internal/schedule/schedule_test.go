package schedule_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vaern/internal/access"
	"vaern/internal/ledger"
	"vaern/internal/schedule"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

// clock is set by the test.
type clock struct{ at atomic.Pointer[time.Time] }

func (c *clock) set(text string) {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	c.at.Store(&at)
}

func (c *clock) now() time.Time { return *c.at.Load() }

func each(t *testing.T, fn func(t *testing.T, open func() *store.Store, c *clock)) {
	for _, url := range storetest.URLs(t) {
		t.Run(filepath.Base(url)[:2], func(t *testing.T) {
			c := &clock{}
			c.set("2026-03-02T12:00:00Z")
			first := true
			fn(t, func() *store.Store {
				s, err := store.Open(t.Context(), url, c.now, schedule.Schema())
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { s.Close() })
				if first {
					first = false
					if err := s.Begin(t.Context(), ledger.NewOrigin(true)); err != nil {
						t.Fatal(err)
					}
				}
				return s
			}, c)
		})
	}
}

func TestADayIsDoneOnceByManyNodes(t *testing.T) {
	each(t, func(t *testing.T, open func() *store.Store, c *clock) {
		nodes := []*store.Store{open(), open(), open()}
		var done atomic.Int64
		jobs := []schedule.Job{{Name: "remind", May: []access.Permission{"thing.do"}, Do: func(ctx context.Context, s *store.Store, day string) error {
			if _, err := access.Require(ctx, "thing.do"); err != nil || access.Of(ctx).ID != "machine:remind" || day != "2026-03-02" {
				t.Errorf("%v acts on %s: %v", access.Of(ctx), day, err)
			}
			done.Add(1)
			return nil
		}}}
		var all sync.WaitGroup
		for _, s := range nodes {
			for range 4 {
				all.Go(func() {
					if err := schedule.Pass(t.Context(), s, jobs); err != nil {
						t.Error(err)
					}
				})
			}
		}
		all.Wait()
		if done.Load() != 1 {
			t.Errorf("done %d times", done.Load())
		}
		c.set("2026-03-02T23:30:00Z") // half past midnight there
		jobs[0].Do = func(_ context.Context, _ *store.Store, day string) error {
			if done.Add(1); day != "2026-03-03" {
				t.Errorf("the day is %s", day)
			}
			return nil
		}
		if err := schedule.Pass(t.Context(), nodes[0], jobs); err != nil || done.Load() != 2 {
			t.Errorf("the next day is not done: %v", err)
		}
	})
}

func TestAnHourIsThatOnTheWall(t *testing.T) {
	each(t, func(t *testing.T, open func() *store.Store, c *clock) {
		s, done := open(), 0
		jobs := []schedule.Job{{Name: "mail", Hour: 7, Do: func(context.Context, *store.Store, string) error { done++; return nil }}}
		for _, step := range []struct {
			at   string
			want int
		}{
			{"2026-03-28T05:59:00Z", 0}, {"2026-03-28T06:01:00Z", 1}, // winter: an hour before UTC
			{"2026-03-29T04:59:00Z", 1}, {"2026-03-29T05:01:00Z", 2}, // the clock moved that night
			{"2026-10-25T05:59:00Z", 2}, {"2026-10-25T06:01:00Z", 3}, // and back
		} {
			c.set(step.at)
			if err := schedule.Pass(t.Context(), s, jobs); err != nil || done != step.want {
				t.Errorf("at %s done %d times, want %d: %v", step.at, done, step.want, err)
			}
		}
	})
}

func TestWhatFailsOrDiesIsDoneAgain(t *testing.T) {
	each(t, func(t *testing.T, open func() *store.Store, c *clock) {
		s, tries := open(), 0
		jobs := []schedule.Job{{Name: "mail", Do: func(context.Context, *store.Store, string) error {
			if tries++; tries == 1 {
				return errors.New("no")
			}
			return nil
		}}}
		if err := schedule.Pass(t.Context(), s, jobs); err == nil {
			t.Error("a failure is not told")
		}
		if err := schedule.Pass(t.Context(), s, jobs); err != nil || tries != 1 {
			t.Errorf("tried again at once: %d %v", tries, err)
		}
		c.set("2026-03-02T12:16:00Z")
		if err := schedule.Pass(t.Context(), s, jobs); err != nil || tries != 2 {
			t.Errorf("not tried again: %d %v", tries, err)
		}
		// A node that dies holds a lease that runs out.
		err := s.Work(t.Context(), func(w *store.Work) error {
			return w.Do(`INSERT INTO work_day (job, day, holder, lease, done, tries, fault) VALUES ('dead', '2026-03-02', 'it', '2026-03-02T12:20:00.000000Z', '', 1, '')`, nil)
		})
		if err != nil {
			t.Fatal(err)
		}
		jobs[0].Name = "dead"
		if err := schedule.Pass(t.Context(), s, jobs); err != nil || tries != 2 {
			t.Errorf("a living node's work is taken: %d %v", tries, err)
		}
		c.set("2026-03-02T12:21:00Z")
		if err := schedule.Pass(t.Context(), s, jobs); err != nil || tries != 3 {
			t.Errorf("a dead node's work is not taken: %d %v", tries, err)
		}
	})
}
