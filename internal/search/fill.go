package search

import (
	"context"

	"vaern/internal/module"
	"vaern/internal/store"
	"vaern/internal/term"
)

// atOnce is how many records one piece of filling takes: changes wait that long.
const atOnce = 100

// Begin notes in a new database that there is nothing older than the index.
func (e *Engine) Begin(ctx context.Context) error {
	return e.Store.Work(ctx, func(w *store.Work) error {
		for i := range e.kinds {
			if err := reached(w, e.kinds[i].Kind, "", true); err != nil {
				return err
			}
		}
		return nil
	})
}

// Fill puts into the index what is older than it, or was put there by a program
// that made other terms: piece by piece beside everything else, and on from
// where it was stopped. Nodes that do it side by side share the work.
func (e *Engine) Fill(ctx context.Context) error {
	pieces := 0
	for i := range e.kinds {
		k := &e.kinds[i]
		for done := k.Fill == nil; !done; {
			if err := ctx.Err(); err != nil {
				return err
			}
			err := e.Store.Work(ctx, func(w *store.Work) (err error) {
				done, err = piece(w, k)
				return err
			})
			if err != nil {
				return err
			}
			pieces++
		}
	}
	e.filled.Store(true)
	if pieces > len(e.kinds) { // more than was asked of each
		return e.Store.Learn(ctx)
	}
	return nil
}

func piece(w *store.Work, k *module.Found) (done bool, err error) {
	_, done, err = progress(&w.Read, k.Kind)
	if err != nil || done {
		return done, err
	}
	if err := w.Hold(); err != nil {
		return false, err
	}
	after, done, err := progress(&w.Read, k.Kind)
	if err != nil || done { // another node may have been here
		return done, err
	}
	last, err := k.Fill(w, after, atOnce)
	if err != nil {
		return false, err
	}
	return last == "", reached(w, k.Kind, last, last == "")
}

// progress is how far the filling of a kind has come in this edition of the terms.
func progress(q *store.Read, kind string) (after string, done bool, err error) {
	err = q.Rows(`SELECT after, done FROM work_search WHERE kind = :kind AND edition = :edition`, store.Args{"kind": kind, "edition": term.Edition},
		func(scan store.Scan) error { return scan(&after, &done) })
	return after, done, err
}

func reached(w *store.Work, kind, after string, done bool) error {
	args := store.Args{"kind": kind, "edition": term.Edition, "after": after, "done": 0}
	if done {
		args["done"] = 1
	}
	return w.Do(`INSERT INTO work_search (kind, edition, after, done) VALUES (:kind, :edition, :after, :done)
		ON CONFLICT (kind) DO UPDATE SET edition = excluded.edition, after = excluded.after, done = excluded.done`, args)
}

// unread are the kinds, among those the actor may see, that are not in the
// index to the end.
func (e *Engine) unread(q *store.Read) (out []*module.Found, err error) {
	if e.filled.Load() {
		return nil, nil
	}
	read := map[string]bool{}
	err = q.Rows(`SELECT kind FROM work_search WHERE edition = :edition AND done = 1`, store.Args{"edition": term.Edition}, func(scan store.Scan) error {
		var kind string
		err := scan(&kind)
		read[kind] = true
		return err
	})
	for i := range e.kinds {
		if k := &e.kinds[i]; k.Fill != nil && !read[k.Kind] && q.Actor.Can(k.Need) {
			out = append(out, k)
		}
	}
	return out, err
}
