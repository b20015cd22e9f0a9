package app

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"vaern/internal/clause/reading"
	"vaern/internal/intake"
	"vaern/internal/people"
	"vaern/internal/register/webhook"
	"vaern/internal/store"
	"vaern/internal/web"
)

// work is what the program does by itself while it serves: it signs what is
// new within seconds, lets planned changes take effect and asks the indicators
// when something changed or a day began, verifies the ledger daily, clears away
// what has ended, and fills the search index with what is older than it.
func (t *town) work(ctx context.Context) *sync.WaitGroup {
	var jobs sync.WaitGroup
	jobs.Go(func() { (&follower{town: t}).run(ctx) })
	jobs.Go(func() { t.keepAsking(ctx) })
	jobs.Go(func() {
		for {
			t.attempt(ctx, "verify", t.verify)
			t.attempt(ctx, "sweep", t.door.Sweep)
			t.attempt(ctx, "forget answers", func(ctx context.Context) error { return web.Forget(ctx, t.Store) })
			t.attempt(ctx, "forget spreadsheets", t.forgetSpreadsheets)
			if !sleep(ctx, 6*time.Hour) {
				return
			}
		}
	})
	jobs.Go(func() { t.rest(ctx) })
	jobs.Go(func() { t.readyForPDFs(ctx) })
	t.errands(ctx, &jobs)
	jobs.Go(func() {
		for {
			t.attempt(ctx, "resume", t.desk.Resume)
			if !sleep(ctx, 30*time.Second) {
				return
			}
		}
	})
	jobs.Go(func() { t.attempt(ctx, "fill search", t.search.Fill) })
	return &jobs
}

// quiet is how many statements are sent in ten seconds when nobody asks for
// anything: the program's own looks.
const quiet = 100

// rest gives back what a busy time took, such as the start and verifying, which
// looks at everything there is, as soon as it is quiet.
func (t *town) rest(ctx context.Context) {
	rested := false
	for before := t.Statements(); sleep(ctx, 10*time.Second); {
		now := t.Statements()
		busy := now-before > quiet
		if !busy && !rested {
			t.attempt(ctx, "rest", t.Rest)
			debug.FreeOSMemory()
		}
		rested, before = !busy, now
	}
}

// tell looks every second for something that webhooks are to be told of. One
// look does not wait for the sending of another.
func (t *town) tell(ctx context.Context, hooks *webhook.Sender, jobs *sync.WaitGroup) {
	for sleep(ctx, time.Second) {
		jobs.Go(func() { t.attempt(ctx, "webhooks", hooks.Send) })
	}
}

// forgetSpreadsheets forgets what was in files that nobody has touched for a
// month; what was imported from them stays.
func (t *town) forgetSpreadsheets(ctx context.Context) error {
	return t.Work(ctx, func(w *store.Work) error {
		return intake.Sweep(w, t.Clock().AddDate(0, -1, 0).UTC().Format(store.Time))
	})
}

// readyForPDFs has the reader of PDF compiled, when the start is over, so that
// nobody waits for it.
func (t *town) readyForPDFs(ctx context.Context) {
	if sleep(ctx, time.Minute) {
		t.attempt(ctx, "compile the reader of PDF", func(ctx context.Context) error {
			_, err := reading.PDF(ctx, nil)
			if wrong := (*reading.Error)(nil); errors.As(err, &wrong) {
				return nil // nothing is no PDF
			}
			return err
		})
	}
}

// organise lets what was planned for the organisation take effect.
func (t *town) organise(ctx context.Context) error { return people.TakeEffect(ctx, t.Store) }

func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}

func (t *town) verify(ctx context.Context) error {
	known, err := t.known()
	if err != nil {
		return err
	}
	v, err := t.engine.VerifyLedger(ctx, t.key.Public, known...)
	if err == nil && v.Fault != "" {
		slog.Error("the ledger does not fit", "fault", v.Fault)
	}
	if err != nil {
		return err
	}
	return t.engine.Evaluate(ctx)
}

// attempt counts a job and logs what fails; the next occasion tries again.
func (t *town) attempt(ctx context.Context, name string, fn func(context.Context) error) {
	if err := t.meters.job(name, func() error { return fn(ctx) }); err != nil && !errors.Is(err, context.Canceled) {
		slog.Error("job failed", "job", name, "err", err)
	}
}
