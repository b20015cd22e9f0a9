// Package schedule does each day's work once, however many nodes there are:
// what a killed node left half done another does again.
package schedule

import (
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"time"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/store"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the table of days.
func Schema() store.Schema {
	return store.Schema{Name: "schedule", Files: store.Folder(files)}
}

// Job is work that is due every day. What it does must bear being done again:
// a node may be killed when all is done and nothing says so.
type Job struct {
	Name string
	Hour int                 // from this hour on in the municipality; 0 is when the day begins
	May  []access.Permission // what it may do, everywhere, as the machine of its name
	Do   func(ctx context.Context, s *store.Store, day string) error
}

const (
	lease = 5 * time.Minute  // how long a node that says nothing counts as alive
	again = 15 * time.Minute // after a failure
	kept  = 60               // days that are remembered
	skew  = 5 * time.Minute  // how far the clocks of two nodes may be apart
)

// Pass does what is due today and not done yet. Days that nobody served are
// not made up for: a job looks at what is so, not at how many days passed.
func Pass(ctx context.Context, s *store.Store, jobs []Job) error {
	var failed error
	for _, j := range jobs {
		if err := j.pass(ctx, s); err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", j.Name, err))
		}
	}
	return failed
}

// turn is one day's work of a job, as one node takes it upon itself.
type turn struct {
	Job
	s       *store.Store
	day, me string
}

func (j Job) pass(ctx context.Context, s *store.Store) error {
	now := s.Clock().In(i18n.Zone)
	if now.Before(j.begins(now)) {
		return nil
	}
	t := turn{j, s, now.Format(time.DateOnly), rand.Text()}
	if free, err := t.free(ctx); err != nil || !free {
		return err
	}
	if mine, err := t.claim(ctx); err != nil || !mine {
		return err
	}
	return t.take(ctx)
}

// begins is when the job is due on the day of an instant, by the clock on the
// wall there: on the night the clock moves, too.
func (j Job) begins(now time.Time) time.Time {
	y, m, d := now.Date()
	return time.Date(y, m, d, j.Hour, 0, 0, 0, now.Location())
}

// free reports whether nobody does, or has done, the day's work.
func (t turn) free(ctx context.Context) (bool, error) {
	n := 0
	err := t.s.Peek(ctx, func(q *store.Read) error {
		return q.Row(`SELECT count(*) FROM work_day WHERE job = :job AND day = :day AND (done <> '' OR lease > :now AND lease <= :dead)`, t.args(), &n)
	})
	return n == 0, err
}

// Done reports whether a job's work of a day is done.
func Done(q *store.Read, job, day string) (bool, error) {
	n := 0
	err := q.Row(`SELECT count(*) FROM work_day WHERE job = :job AND day = :day AND done <> ''`, store.Args{"job": job, "day": day}, &n)
	return n > 0, err
}

// claim takes the day's work, unless another node was faster.
func (t turn) claim(ctx context.Context) (mine bool, err error) {
	args := t.args()
	args["lease"], args["old"] = later(t.s, lease), t.s.Clock().AddDate(0, 0, -kept).Format(time.DateOnly)
	err = t.s.Work(ctx, func(w *store.Work) error {
		for _, q := range []string{
			`DELETE FROM work_day WHERE job = :job AND day < :old`,
			`INSERT INTO work_day (job, day, holder, lease, done, tries, fault) VALUES (:job, :day, '', '', '', 0, '') ON CONFLICT DO NOTHING`,
			`UPDATE work_day SET holder = :me, lease = :lease, tries = tries + 1 WHERE job = :job AND day = :day AND done = '' AND (lease <= :now OR lease > :dead)`,
		} {
			if err := w.Do(q, args); err != nil {
				return err
			}
		}
		var holder string
		err := w.Row(`SELECT holder FROM work_day WHERE job = :job AND day = :day`, args, &holder)
		mine = holder == t.me
		return err
	})
	return mine, err
}

// take does the work while the lease is renewed, and says how it went.
func (t turn) take(ctx context.Context) error {
	working, stop := context.WithCancel(access.With(ctx, access.Machine(t.Name, t.May...)))
	defer stop()
	renewed := make(chan struct{})
	go func() {
		defer close(renewed)
		for {
			select {
			case <-working.Done():
				return
			case <-time.After(lease / 3):
				if err := t.mark(working, "lease", later(t.s, lease)); err != nil {
					stop() // somebody else will think that we are dead
					return
				}
			}
		}
	}()
	failed := t.Do(working, t.s, t.day)
	stop()
	<-renewed
	after := context.WithoutCancel(ctx)
	if failed != nil {
		return errors.Join(failed, t.mark(after, "fault", failed.Error()), t.mark(after, "lease", later(t.s, again)))
	}
	return t.mark(after, "done", later(t.s, 0))
}

// mark sets one column of the day, if it is still ours.
func (t turn) mark(ctx context.Context, column, value string) error {
	args := t.args()
	args["value"] = value
	return t.s.Work(ctx, func(w *store.Work) error {
		return w.Do(`UPDATE work_day SET `+column+` = :value WHERE job = :job AND day = :day AND holder = :me`, args)
	})
}

// args hold when a lease lies too far ahead: it was written before the clock was
// set back, and binds nobody.
func (t turn) args() store.Args {
	return store.Args{"job": t.Name, "day": t.day, "me": t.me, "dead": later(t.s, again+skew)}
}

func later(s *store.Store, d time.Duration) string {
	return s.Clock().Add(d).UTC().Truncate(time.Microsecond).Format(store.Time)
}
