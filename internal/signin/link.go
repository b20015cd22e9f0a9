package signin

import (
	"context"
	"time"

	"vaern/internal/problem"
	"vaern/internal/store"
)

// Action is the one thing that a link is good for.
type Action string

// SignInLink lets a person in once, without a password.
const SignInLink Action = "sign-in"

// Link makes a link for one named action of one person, good once and for a
// while; it returns the address after the site's own.
func (d *Door) Link(ctx context.Context, person string, action Action, good time.Duration) (string, error) {
	text, hash := secret()
	err := d.Store.Work(ctx, func(w *store.Work) error {
		now, err := time.Parse(store.Time, w.Now)
		if err != nil {
			return err
		}
		return w.Do(`INSERT INTO work_link (hash, person, action, expires) VALUES (:hash, :person, :action, :expires)`,
			store.Args{"hash": hash, "person": person, "action": string(action), "expires": now.Add(good).Format(store.Time)})
	})
	return "/link/" + text, err
}

var errLink = problem.New(problem.NotFound, "Linket er brugt eller for gammelt. Bed koordinatoren om et nyt.",
	"The link has been used or is too old. Ask the coordinator for a new one.")

// owner says whose a link is, without using it: mail scanners open links.
func (d *Door) owner(ctx context.Context, text string) (person, name string, err error) {
	err = d.Store.Peek(ctx, func(q *store.Read) error {
		return q.Row(`
			SELECT p.id, p.name FROM work_link l JOIN person p ON p.id = l.person
			WHERE l.hash = :hash AND l.action = :action AND l.expires > :now`,
			store.Args{"hash": hashed(text), "action": string(SignInLink)}, &person, &name)
	})
	if problem.Of(err) == problem.NotFound {
		err = errLink
	}
	return person, name, err
}

// use takes a link out of use and says whose it was.
func (d *Door) use(ctx context.Context, text string) (person string, err error) {
	err = d.Store.Work(ctx, func(w *store.Work) error {
		args := store.Args{"hash": hashed(text), "action": string(SignInLink)}
		if err := w.Row(`SELECT person FROM work_link WHERE hash = :hash AND action = :action AND expires > :now`, args, &person); err != nil {
			return err
		}
		return w.Do(`DELETE FROM work_link WHERE hash = :hash`, args)
	})
	if problem.Of(err) == problem.NotFound {
		err = errLink
	}
	return person, err
}
