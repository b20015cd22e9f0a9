// Package progress does what takes longer than a request: in the background,
// as the person who asked for it, with a row that tells how far it has come. A
// person may leave and come back; work that was cut off is taken up again.
package progress

import (
	"context"
	"crypto/rand"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/store"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the table of work under way.
func Schema() store.Schema {
	return store.Schema{Name: "progress", Files: store.Folder(files)}
}

// Does is a kind of work. It calls step as it goes on; a problem that it ends
// with is told to the person. It may be begun again where it was cut off, so
// it keeps what it has done where it does it.
type Does func(ctx context.Context, about string, step Step) error

// Step tells how far the work has come, and that it lives.
type Step func(done, total int) error

// Desk does the work of one program.
type Desk struct {
	// Who loads a person as one who acts today, for work that is taken up again.
	// Without it such work is told to have failed.
	Who func(ctx context.Context, person string) (access.Actor, error)

	fail  func(kind, about string, err error) // is told what is not the person's to know
	s     *store.Store
	node  string
	does  map[string]Does
	work  sync.WaitGroup
	ended context.Context
	end   context.CancelFunc
}

// New returns a desk that has no work yet; fail writes down what went wrong on
// our side.
func New(s *store.Store, fail func(kind, about string, err error)) *Desk {
	name := make([]byte, 8)
	rand.Read(name)
	d := &Desk{s: s, fail: fail, node: hex.EncodeToString(name), does: map[string]Does{}}
	d.ended, d.end = context.WithCancel(context.Background())
	return d
}

// Does says how work of a kind is done; at start, before any is begun.
func (d *Desk) Does(kind string, fn Does) { d.does[kind] = fn }

// silence is how long work may say nothing before it counts as cut off.
const silence = 30 * time.Second

// How work stands.
const (
	Running = "running"
	Done    = "done"
	Failed  = "failed"
	waiting = "waiting" // was cut off in good order
)

// State is how far a piece of work has come.
type State struct {
	State       string
	Done, Total int
	Why         i18n.Text // it failed
}

// Running reports whether there is something to wait for.
func (s State) Running() bool { return s.State == Running || s.State == waiting }

// Failed reports whether it ended without being done.
func (s State) Failed() bool { return s.State == Failed }

// Of returns how work of a kind about something stands; the zero State is that
// there is none.
func Of(q *store.Read, kind, about string) (s State, err error) {
	err = q.Row(`SELECT state, done, total, why_da, why_en FROM progress_work WHERE kind = :kind AND about = :about`,
		store.Args{"kind": kind, "about": about}, &s.State, &s.Done, &s.Total, &s.Why[0], &s.Why[1])
	if err != nil && problem.Of(err) == problem.NotFound {
		err = nil
	}
	return s, err
}

// Begin begins work as the actor of the context, and returns when it is done or
// after a moment, whichever comes first: small work shows no progress. Work
// that is under way already is not begun twice.
func (d *Desk) Begin(ctx context.Context, kind, about string) error {
	if d.does[kind] == nil {
		return fmt.Errorf("progress: nobody does %s", kind)
	}
	mine := false
	err := d.s.Work(ctx, func(w *store.Work) error {
		s, err := Of(&w.Read, kind, about)
		if err != nil || s.Running() {
			return err
		}
		mine = true
		return w.Do(`INSERT INTO progress_work (kind, about, person, state, done, total, why_da, why_en, node, begun, moved)
			VALUES (:kind, :about, :actor, 'running', 0, 0, '', '', :node, :now, :now)
			ON CONFLICT (kind, about) DO UPDATE SET person = excluded.person, state = 'running', done = 0, total = 0, why_da = '', why_en = '',
				node = excluded.node, begun = excluded.begun, moved = excluded.moved`,
			store.Args{"kind": kind, "about": about, "node": d.node})
	})
	if err != nil || !mine {
		return err
	}
	over := make(chan struct{})
	d.work.Go(func() {
		defer close(over)
		d.run(access.With(d.ended, access.Of(ctx)), kind, about)
	})
	select {
	case <-over:
	case <-time.After(700 * time.Millisecond):
	}
	return nil
}

// run does the work and writes down how it ended.
func (d *Desk) run(ctx context.Context, kind, about string) {
	err := d.attempt(ctx, kind, about)
	state, why := Done, i18n.Text{}
	switch p := problem.As(err); {
	case err == nil:
	case ctx.Err() != nil:
		state = waiting
	case p != nil && p.Outage(): // it is taken up again when the database is back
		d.fail(kind, about, err)
		state = waiting
	case p != nil:
		state, why = Failed, p.Text
	default:
		d.fail(kind, about, err)
		state, why = Failed, i18n.Text{"Noget gik galt hos os, og arbejdet blev ikke færdigt. Intet er gået tabt. Prøv igen.",
			"Something went wrong on our side, and the work was not finished. Nothing was lost. Try again."}
	}
	if err := d.move(context.WithoutCancel(ctx), kind, about, `state = :state, why_da = :da, why_en = :en`,
		store.Args{"state": state, "da": why[0], "en": why[1]}); err != nil {
		d.fail(kind, about, err)
	}
}

func (d *Desk) attempt(ctx context.Context, kind, about string) (err error) {
	defer func() {
		if thrown := recover(); thrown != nil {
			err = fmt.Errorf("panic: %v", thrown)
		}
	}()
	return d.does[kind](ctx, about, func(done, total int) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return d.move(ctx, kind, about, `done = :done, total = :total`, store.Args{"done": done, "total": total})
	})
}

func (d *Desk) move(ctx context.Context, kind, about, set string, args store.Args) error {
	args["kind"], args["about"] = kind, about
	return d.s.Work(ctx, func(w *store.Work) error {
		return w.Do(`UPDATE progress_work SET moved = :now, `+set+` WHERE kind = :kind AND about = :about`, args)
	})
}

// Resume takes up what was cut off, by a stop or a crash, on this node or
// another. The program calls it at start and now and then.
func (d *Desk) Resume(ctx context.Context) error {
	type piece struct{ kind, about, person string }
	var cut []piece
	err := d.s.Work(ctx, func(w *store.Work) error {
		now, err := time.Parse(store.Time, w.Now)
		if err != nil {
			return err
		}
		// Taking the rows is claiming them: another node then finds them moved.
		return w.Rows(`UPDATE progress_work SET state = 'running', moved = :now, node = :node
			WHERE state = 'waiting' OR state = 'running' AND (moved < :silent OR moved > :ahead)
			RETURNING kind, about, person`, store.Args{"node": d.node, "silent": now.Add(-silence).UTC().Format(store.Time),
			"ahead": now.Add(10 * silence).UTC().Format(store.Time)}, // no clock is so far ahead: it was set back
			func(scan store.Scan) error {
				var p piece
				err := scan(&p.kind, &p.about, &p.person)
				cut = append(cut, p)
				return err
			})
	})
	for _, p := range cut {
		d.work.Go(func() {
			actor, err := d.load(p.person)
			if err == nil && d.does[p.kind] == nil {
				err = errors.New("nothing does such work any more")
			}
			if err != nil {
				d.fail(p.kind, p.about, fmt.Errorf("not taken up: %w", err))
				why := i18n.Text{"Arbejdet blev afbrudt, og den, der bad om det, har ikke adgang længere.", "The work was cut off, and who asked for it has no access any more."}
				err = d.move(context.Background(), p.kind, p.about, `state = 'failed', why_da = :da, why_en = :en`, store.Args{"da": why[0], "en": why[1]})
				if err != nil {
					d.fail(p.kind, p.about, err)
				}
				return
			}
			d.run(access.With(d.ended, actor), p.kind, p.about)
		})
	}
	return err
}

func (d *Desk) load(person string) (access.Actor, error) {
	if d.Who == nil {
		return access.Actor{}, problem.Missing()
	}
	return d.Who(d.ended, person)
}

// Wait returns when nothing is under way.
func (d *Desk) Wait() { d.work.Wait() }

// Close cuts off what is under way, in good order; the next start takes it up.
func (d *Desk) Close() {
	d.end()
	d.work.Wait()
}
