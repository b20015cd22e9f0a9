package store

import (
	"context"
	"fmt"

	"vaern/internal/access"
	"vaern/internal/ledger"
	"vaern/internal/problem"
	"vaern/internal/ref"
)

// Work runs fn in a transaction that may change only what the program works
// with: sessions, drafts, queues, indexes. Recorded tables are out of its
// reach, so it needs no permission and leaves no leaf.
func (s *Store) Work(ctx context.Context, fn func(*Work) error) error {
	return elsewhere.told(s.work(ctx, fn))
}

func (s *Store) work(ctx context.Context, fn func(*Work) error) error {
	tx, done, err := s.begin(ctx, s.db, nil)
	if err != nil {
		return fmt.Errorf("begin work: %w", err)
	}
	defer done()
	now := s.clock()
	w := &Work{Read{ctx: ctx, s: s, tx: tx, Actor: access.Of(ctx), Now: instant(now), Today: today(now)}}
	if err := fn(w); err != nil {
		return err
	}
	return s.finish(tx)
}

// Work is a unit of work on tables that are not recorded. What it reads has no
// scope: :scope admits no row.
type Work struct{ Read }

// Do runs one statement that changes a table without a record.
func (w *Work) Do(query string, args Args) error {
	t, ok := w.s.tables[target(query)]
	if !ok || t.recorded {
		return fmt.Errorf("work: %q is not a table to work with", target(query))
	}
	q, list := w.bind(query, args)
	_, err := w.tx.ExecContext(w.ctx, q, list...)
	return w.s.dialect.explain(err)
}

// Hold keeps changes waiting until the work is done: for work that reads
// recorded tables and writes what follows from them.
func (w *Work) Hold() error { return w.Do(`UPDATE ledger_head SET size = size`, nil) }

// Peek reads what the program itself must know before anybody is signed in,
// such as whether a password fits. It is for the kernel, not for pages.
func (s *Store) Peek(ctx context.Context, fn func(*Read) error) error {
	tx, done, err := s.begin(ctx, s.reader, nil)
	if err != nil {
		return elsewhere.told(fmt.Errorf("begin: %w", err))
	}
	defer done()
	now := s.clock()
	return elsewhere.told(fn(&Read{ctx: ctx, s: s, tx: tx, Now: instant(now), Today: today(now)}))
}

// Seen returns what was peeked at as a person sees it who has a permission: for
// work that tells many people what waits for each.
func (r *Read) Seen(person access.Actor, need access.Permission) (*Read, error) {
	if r.Need != "" || !person.Can(need) {
		return nil, problem.Refused()
	}
	other := *r
	other.Actor, other.Need = person, need
	return &other, nil
}

// Note leaves a leaf about an act that changes no recorded row, such as letting
// somebody in: who did it, to what, and why.
func (w *Write) Note(about ref.Ref) error { return w.leaf(about, ledger.Reveal, nil, nil) }

// Reveal is View for a record of a sensitive kind: first a leaf that says who
// saw it, then the data. No leaf, no data.
func (s *Store) Reveal(ctx context.Context, need access.Permission, about ref.Ref, fn func(*Read) error) error {
	actor, err := access.Require(ctx, need)
	if err == nil { // who may only look may look: the leaf is the store's
		err = s.change(ctx, actor, Intent{Verb: about.Kind + ".reveal", Need: need}, func(w *Write) error { return w.Note(about) })
	}
	if err != nil {
		return err
	}
	return s.View(ctx, need, fn)
}
