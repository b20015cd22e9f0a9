package app

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/ref"
	"vaern/internal/schedule"
	"vaern/internal/signin"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

// hands is a clock that somebody sets.
type hands struct{ at atomic.Pointer[time.Time] }

func (h *hands) set(text string) {
	at, err := time.ParseInLocation("2006-01-02 15:04", text, i18n.Zone)
	if err != nil {
		panic(err)
	}
	h.at.Store(&at)
}

func (h *hands) now() time.Time { return *h.at.Load() }

// set runs fn on a new municipality whose clock is set by the test.
func set(t *testing.T, fn func(*testing.T, *town, *hands)) {
	t.Helper()
	for _, at := range storetest.URLs(t) {
		t.Run(engineOf(at), func(t *testing.T) {
			p, h := place{Data: t.TempDir(), Database: at}, &hands{}
			h.set("2026-03-03 09:00")
			in, err := p.prepare(t.Context(), h.now)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { in.Close() })
			if err := in.begin(t.Context(), p.Data, false); err != nil {
				t.Fatal(err)
			}
			fn(t, in, h)
			storetest.Verify(t, in.Store)
		})
	}
}

// TestClockSetBackLengthensNoSession uses a session before and after the clock
// was set back: it has ended, and a new one holds as long as any.
func TestClockSetBackLengthensNoSession(t *testing.T) {
	set(t, func(t *testing.T, in *town, h *hands) {
		person, err := in.found(t.Context(), "Prøve Kommune", "anna@example.dk")
		if err != nil {
			t.Fatal(err)
		}
		site, _ := (&serve{}).site(in)
		enter := func() visitor {
			t.Helper()
			link, err := in.door.Link(t.Context(), person, signin.SignInLink, time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			v := visitor{site: site}
			for _, c := range v.send("POST", link, "").Result().Cookies() {
				if c.Name == "session" {
					v.cookie = c
				}
			}
			return v
		}
		open := func(v visitor) bool { return v.send("GET", "/me", "").Code == http.StatusOK }

		before := enter()
		if !open(before) {
			t.Fatal("one cannot sign in")
		}
		h.set("2026-03-03 08:57") // two nodes may be so far apart
		if !open(before) {
			t.Error("a session does not bear that another node is three minutes behind")
		}
		h.set("2026-03-03 06:00")
		if open(before) {
			t.Error("the clock was set back three hours, and a session lives three hours longer")
		}
		after := enter()
		if !open(after) {
			t.Error("one cannot sign in after the clock was set back")
		}
		h.set("2026-03-03 08:05")
		if open(after) {
			t.Error("a session that nothing happened in for two hours is open")
		}
	})
}

// TestClockSetBackLeavesTheLedgerInOrder records at a wrong time, sets the clock
// right, and records again: no leaf is older than the one before it, and what
// takes effect today does so by the clock.
func TestClockSetBackLeavesTheLedgerInOrder(t *testing.T) {
	set(t, func(t *testing.T, in *town, h *hands) {
		h.set("2027-03-03 09:00")
		if _, err := in.found(t.Context(), "Prøve Kommune", "anna@example.dk"); err != nil {
			t.Fatal(err)
		}
		_, wrong, err := in.ledger(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		h.set("2026-03-03 09:00")
		day := ""
		for range 3 {
			err := in.Change(in.all(t.Context()), store.Intent{Verb: "measure.measure", Need: "measure.write"}, func(w *store.Write) error {
				day = w.Today
				return w.Note(ref.Ref{Kind: "measure", ID: "test"})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		_, right, err := in.ledger(t.Context())
		if err != nil || right.At <= wrong.At || right.Size != wrong.Size+3 {
			t.Errorf("%d leaves until %s, then %d until %s, %v", wrong.Size, wrong.At, right.Size, right.At, err)
		}
		if day != "2026-03-03" {
			t.Errorf("what takes effect today does so on %s", day)
		}
		if behind := in.behind(right); behind < 300*24*time.Hour {
			t.Errorf("nobody is told that the clock is behind the ledger: %v", behind)
		}
	})
}

// TestClockSetBackDoesNoJobTwice lets a day begin, end and begin again.
func TestClockSetBackDoesNoJobTwice(t *testing.T) {
	set(t, func(t *testing.T, in *town, h *hands) {
		if _, err := in.found(t.Context(), "Prøve Kommune", "anna@example.dk"); err != nil {
			t.Fatal(err)
		}
		done := map[string]int{}
		var fails error
		jobs := []schedule.Job{{Name: "count", May: []access.Permission{"measure.write"}, Do: func(_ context.Context, _ *store.Store, day string) error {
			done[day]++
			return fails
		}}}
		pass := func(at string) {
			t.Helper()
			h.set(at)
			if err := schedule.Pass(t.Context(), in.Store, jobs); !errors.Is(err, fails) {
				t.Errorf("%s: %v", at, err)
			}
		}
		pass("2026-03-03 23:50")
		pass("2026-03-04 00:10")
		pass("2026-03-03 23:55") // set back
		pass("2026-03-04 00:05")
		if done["2026-03-03"] != 1 || done["2026-03-04"] != 1 {
			t.Errorf("the days' work was done so often: %v", done)
		}
		fails = errors.New("not today")
		pass("2026-03-05 15:00") // tried again in a quarter of an hour
		fails = nil
		pass("2026-03-05 09:00") // set back six hours: it does not wait for the afternoon
		if done["2026-03-05"] != 2 {
			t.Errorf("work that failed before the clock was set back was tried %d times, want 2", done["2026-03-05"])
		}
	})
}
