package signin

import (
	"context"
	"time"

	"vaern/internal/access"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/ref"
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

// NewToken makes a program's token with the person's rights; the text is shown
// once and only its hash is kept. expires is a day, "" for a year from today.
func (d *Door) NewToken(ctx context.Context, need access.Permission, mail, name, expires string) (text string, err error) {
	if name == "" {
		return "", problem.Field("name", "Giv adgangen et navn, så man kan se, hvad den bruges til.", "Name the token, so that one can see what it is for.")
	}
	if expires != "" {
		if _, err := time.Parse(time.DateOnly, expires); err != nil {
			return "", problem.Field("expires", "Skriv udløbsdatoen som 2027-12-31.", "Write the date of expiry as 2027-12-31.")
		}
	}
	text, _ = secret()
	text = tokenTag + text
	err = d.Store.Change(ctx, store.Intent{Verb: "token.create", Need: need}, func(w *store.Write) error {
		person, err := people.ByMail(&w.Read, mail)
		if err != nil {
			return problem.Field("person", "Ingen person med adgang har den mailadresse.", "Nobody with access has that mail address.")
		}
		if expires == "" {
			day, _ := time.Parse(time.DateOnly, w.Today)
			expires = day.AddDate(1, 0, 0).Format(time.DateOnly)
		}
		if expires < w.Today {
			return problem.Field("expires", "Udløbsdatoen er passeret.", "The date of expiry has passed.")
		}
		id := w.NewID()
		return w.Do(ref.Ref{Kind: "token", ID: id}, `
			INSERT INTO token (id, version, updated_at, updated_by, person, name, expires, hash_secret)
			VALUES (:id, 1, :now, :actor, :person, :name, :expires, :hash)`,
			store.Args{"id": id, "person": person, "name": name, "expires": expires, "hash": hashed(text)})
	})
	return text, err
}
