package app

import (
	"context"
	"log/slog"
	"time"

	"vaern/internal/policy"
	"vaern/internal/store"
)

// follower does what follows from every change: it signs it within seconds,
// lets planned changes of the organisation take effect, and asks the
// indicators. A day that begins is such a change too.
type follower struct {
	*town
	day string // of the latest round
	was reached
	at  time.Time // since when nobody got any further

	warned bool // that the clock is behind
}

// reached is how far the ledger has come, and what follows from it.
type reached struct {
	size, signed, asked int64
	behind              time.Duration
}

func (p reached) undone() bool { return p.signed < p.size || p.asked < p.size }

// patience is how long a node leaves to another what follows from the other's
// changes. Then it does that itself: the other may be dead, or it was a command
// that has ended. What failed here is tried again as soon.
const patience = 3 * time.Second

func (f *follower) run(ctx context.Context) {
	for f.round(ctx); f.wait(ctx); f.round(ctx) {
	}
}

func (f *follower) round(ctx context.Context) {
	f.day = today()
	f.attempt(ctx, "organisation", f.organise)
	f.attempt(ctx, "sign", f.sign)
	f.attempt(ctx, "evaluate", f.engine.Evaluate)
	f.attempt(ctx, "sign", f.sign) // what the evaluation recorded
}

// wait returns when something was committed, a little later so that a burst is
// one; when something is undone that nobody is doing; or when a day begins. It
// is false when the program ends.
func (f *follower) wait(ctx context.Context) bool {
	f.at = now()
	for {
		select {
		case <-f.Changed():
			return sleep(ctx, time.Second)
		case <-time.After(time.Second):
			if f.abandoned(ctx) || today() != f.day {
				return true
			}
		case <-ctx.Done():
			return false
		}
	}
}

// abandoned asks the database, every second, whether something is undone, and
// remembers here what another node signed.
func (f *follower) abandoned(ctx context.Context) bool {
	is, err := f.reached(ctx)
	if err != nil {
		return false // who wants something of the database tells what hinders it
	}
	was := f.was
	f.was = is
	f.warn(is.behind)
	if is.signed > was.signed && was.signed > 0 {
		f.attempt(ctx, "remember", f.remember)
	}
	if !is.undone() || is.signed > was.signed || is.asked > was.asked {
		f.at = now()
		return false
	}
	return now().Sub(f.at) >= patience
}

func (t *town) reached(ctx context.Context) (p reached, err error) {
	err = t.Peek(ctx, func(q *store.Read) error {
		head, err := q.Head()
		if err != nil {
			return err
		}
		p.size, p.signed, p.behind = head.Size, head.Signed, t.behind(head)
		p.asked, err = policy.Asked(q)
		return err
	})
	return p, err
}

// behind is how far the clock is behind the newest change: it was set back, or
// was wrong when that was made. The ledger goes on from there in order.
func (t *town) behind(head store.Head) time.Duration {
	newest, err := time.Parse(store.Time, head.At)
	if err != nil {
		return 0 // there is none
	}
	return max(0, newest.Sub(t.Clock()))
}

// warn says once that the clock is behind the ledger; a little is no matter.
func (f *follower) warn(behind time.Duration) {
	if behind > 5*time.Minute && !f.warned {
		slog.Warn("the clock is behind the ledger", "seconds", int64(behind.Seconds()))
	}
	f.warned = behind > 5*time.Minute
}
