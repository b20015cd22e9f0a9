package signin

import (
	"context"
	"time"

	"vaern/internal/access"
	"vaern/internal/history"
	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// Action is the one thing that a link is good for.
type Action string

// SignInLink lets a person in once, without a password.
const SignInLink Action = "sign-in"

// Link makes a link for one named action of one person, good once and for a
// while, in place of any earlier one; it returns the address after the site's own.
func (d *Door) Link(ctx context.Context, person string, action Action, good time.Duration) (string, error) {
	text, hash := access.Secret()
	err := d.Store.Work(ctx, func(w *store.Work) error {
		now, err := time.Parse(store.Time, w.Now)
		if err != nil {
			return err
		}
		if err := w.Do(`DELETE FROM work_link WHERE person = :person AND action = :action`, store.Args{"person": person, "action": string(action)}); err != nil {
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
			store.Args{"hash": access.Hashed(text), "action": string(SignInLink)}, &person, &name)
	})
	if problem.Of(err) == problem.NotFound {
		err = errLink
	}
	return person, name, err
}

// use takes a link out of use and begins the session of whose it was: both or
// neither, or whoever has no other way in would stand outside. A link stands in
// for the password, never for the code. The ledger says that somebody came by a
// link, since another has held it.
func (d *Door) use(ctx context.Context, link, browser string) (session string, code bool, err error) {
	whose, _, err := d.owner(ctx, link)
	if err != nil {
		return "", false, err
	}
	session, hash := access.Secret()
	err = d.Store.Change(as(ctx, whose, "person.linked"), store.Intent{Verb: "person.linked", Need: "person.linked"}, func(w *store.Write) error {
		args := store.Args{"link": access.Hashed(link), "action": string(SignInLink), "hash": hash, "browser": browser,
			"now": d.Store.Clock().UTC().Format(store.Time)} // the ledger's time is ahead where the clock was set back
		var person string
		if err := w.Row(`DELETE FROM work_link WHERE hash = :link AND action = :action AND expires > :now RETURNING person`, args, &person); err != nil {
			return err
		}
		var codes int
		args["person"] = person
		if err := w.Row(`SELECT count(*) FROM credential WHERE id = :person AND totp = 1`, args, &codes); err != nil {
			return err
		}
		if code, args["stage"] = codes > 0, byLink; code {
			args["stage"] = halfwayLink
		}
		lacks, err := shut(&w.Read, person, args["now"].(string))
		if err != nil {
			return err
		}
		if err := w.Note(ref.Ref{Kind: "person", ID: person}); err != nil {
			return err
		}
		if !code && !lacks {
			if err := w.As("sign_in.link").Note(ref.Ref{Kind: history.SignIn, ID: person}); err != nil {
				return err
			}
		}
		return w.Also(newSession, args)
	})
	if problem.Of(err) == problem.NotFound {
		err = errLink
	}
	return session, code, err
}
