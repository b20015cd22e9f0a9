package store

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"vaern/internal/access"
	"vaern/internal/problem"
)

// change is one caller of Change who waits for the commit.
type change struct {
	ctx    context.Context
	in     Intent
	actor  access.Actor
	fn     func(*Write) error
	err    error
	thrown any
	done   chan struct{}
}

const groupSize = 64 // how many changes share one commit at most

// Change runs fn in a transaction: permission first, then the work, then
// commit. It refuses to commit work that left no trace. Changes that arrive
// while the disk is busy share the next commit, each behind its savepoint: one
// that fails takes nobody with it. Safe for concurrent use.
func (s *Store) Change(ctx context.Context, in Intent, fn func(*Write) error) error {
	actor, err := access.Require(ctx, in.Need)
	if err == nil {
		err = actor.Changes()
	}
	if err != nil {
		return err
	}
	return s.change(ctx, actor, in, fn)
}

// change is Change for an actor who was let in.
func (s *Store) change(ctx context.Context, actor access.Actor, in Intent, fn func(*Write) error) error {
	if !utf8.ValidString(in.Reason) || strings.ContainsRune(in.Reason, 0) {
		return problem.Field("reason", "Teksten indeholder tegn, der ikke kan gemmes.", "The text holds characters that cannot be stored.")
	}
	c := &change{ctx: ctx, in: in, actor: actor, fn: fn, done: make(chan struct{})}
	s.mu.Lock()
	s.waiting = append(s.waiting, c)
	lead := !s.busy
	s.busy = true
	s.mu.Unlock()
	if lead {
		go s.lead()
	}
	<-c.done
	if c.thrown != nil {
		panic(c.thrown)
	}
	return inChange.told(c.err)
}

// lead commits group after group until nobody waits.
func (s *Store) lead() {
	for {
		s.mu.Lock()
		group := s.waiting[:min(len(s.waiting), groupSize)]
		s.waiting = s.waiting[len(group):]
		s.busy = len(group) > 0
		s.mu.Unlock()
		if len(group) == 0 {
			return
		}
		if err := s.commit(group); err != nil {
			for _, c := range group {
				if c.err == nil {
					c.err = err
				}
			}
		} else {
			select {
			case s.changed <- struct{}{}:
			default:
			}
		}
		for _, c := range group {
			close(c.done)
		}
	}
}

// commit runs a group in one transaction. A group in which everything failed
// is rolled back.
func (s *Store) commit(group []*change) error {
	ctx := context.Background() // one caller who leaves must not break the others' work
	tx, unsent, done, err := s.beginChange(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer done()
	base := Write{Read: Read{ctx: ctx, s: s, tx: tx, unsent: unsent}}
	pen, err := base.open()
	if err != nil {
		return err
	}
	for i, c := range group {
		if c.err = c.ctx.Err(); c.err != nil {
			continue
		}
		w := base
		w.Actor, w.Need, w.verb, w.reason, w.ledger = c.actor, c.in.Need, c.in.Verb, c.in.Reason, pen
		clock := s.clock()
		w.Now = pen.tick(clock)
		w.Today = today(clock) // the ledger's time may be ahead, where the clock was set back
		if err := c.apart(&w, i, len(group)); err != nil {
			return err
		}
	}
	if len(pen.leaves) == 0 {
		return nil
	}
	bytes, err := pen.close(&base)
	if err == nil {
		err = base.log(bytes)
	}
	if err == nil {
		err = unsent.send(ctx)
	}
	if err != nil {
		return err
	}
	return s.finish(tx)
}

// apart runs one change behind its savepoint. Savepoints nest and the commit
// releases them: one message less each. A change alone needs none.
func (c *change) apart(w *Write, i, of int) error {
	if of == 1 {
		c.err = c.run(w)
		if c.err != nil {
			w.ledger.leaves = nil
		}
		return nil
	}
	point := fmt.Sprintf("change%d", i)
	if err := w.mark(point); err != nil {
		return err
	}
	kept := len(w.ledger.leaves)
	if c.err = c.run(w); c.err == nil && len(w.ledger.leaves) > kept {
		return nil
	}
	w.ledger.leaves = w.ledger.leaves[:kept]
	return w.undo(point)
}

func (c *change) run(w *Write) (err error) {
	defer func() {
		if c.thrown = recover(); c.thrown != nil {
			err = fmt.Errorf("%s: panic: %v", c.in.Verb, c.thrown)
		}
	}()
	kept := len(w.ledger.leaves)
	w.ledger.still = false
	if err := c.fn(w); err != nil {
		return err
	}
	if err := w.unsent.send(w.ctx); err != nil { // what is wrong with it is this change's fault
		return w.s.dialect.explain(fmt.Errorf("%s: %w", c.in.Verb, err))
	}
	if len(w.ledger.leaves) == kept && !w.ledger.still {
		return fmt.Errorf("%s changed nothing it recorded", c.in.Verb)
	}
	return nil
}
