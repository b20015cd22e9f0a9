package signin

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"time"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/history"
	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// The permissions for tokens: one's own, and those of everybody.
const (
	OwnTokens access.Permission = "token.own"
	AllTokens access.Permission = "token.create"
)

const usedOften = 10 * time.Minute // when a token was used last is told no finer

// byToken identifies a program by the token in its Authorization header. A
// wrong token is an error, so that nobody takes it for no token.
func (d *Door) byToken(r *http.Request) (actor access.Actor, err error) {
	text, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return actor, nil
	}
	var id string
	touch := false
	err = d.Store.Peek(r.Context(), func(q *store.Read) error {
		var person, used string
		var reads, lacks bool
		if err := q.Row(`
			SELECT t.id, t.person, t.reads, coalesce(u.used, ''), `+lacking("t.person")+` FROM token t LEFT JOIN work_token u ON u.id = t.id
			WHERE t.hash_secret = :hash AND t.expires >= :today`, store.Args{"hash": access.Hashed(text)}, &id, &person, &reads, &used, &lacks); err != nil {
			return err
		}
		if lacks {
			return errLacks
		}
		touch = before(used, q.Now, usedOften)
		actor, err = d.Roles.Actor(q, person)
		actor.Token, actor.Reads = id, reads
		return err
	})
	if problem.Of(err) == problem.NotFound && err != nil {
		return access.Actor{}, problem.New(problem.Unknown, "Adgangen er ukendt, trukket tilbage eller udløbet.", "The token is unknown, revoked or expired.")
	}
	if err == nil && touch {
		err = d.Store.Work(r.Context(), func(w *store.Work) error {
			return w.Do(`INSERT INTO work_token (id, used) VALUES (:id, :now) ON CONFLICT (id) DO UPDATE SET used = excluded.used`, store.Args{"id": id})
		})
	}
	return actor, err
}

// Grant is what a token is for and how far it goes.
type Grant struct {
	Name    string
	Expires string // its last day; "" for a year from today
	Reads   bool   // may look and change nothing
}

// NewToken makes a program's token with the rights of the person who has a mail
// address; the text is shown once and only its hash is kept.
func (d *Door) NewToken(ctx context.Context, need access.Permission, mail string, g Grant) (string, error) {
	return d.token(ctx, need, g, func(q *store.Read) (string, error) {
		person, err := people.ByMail(q, mail)
		if err != nil {
			err = problem.Field("person", "Ingen person med adgang har den mailadresse.", "Nobody with access has that mail address.")
		}
		return person, err
	})
}

// ownToken makes a token with one's own rights.
func (d *Door) ownToken(ctx context.Context, g Grant) (string, error) {
	return d.token(ctx, OwnTokens, g, func(q *store.Read) (string, error) { return q.Actor.ID, nil })
}

func (d *Door) token(ctx context.Context, need access.Permission, g Grant, whose func(*store.Read) (string, error)) (string, error) {
	text, _ := access.Secret()
	text = tokenTag + text
	err := d.Store.Change(ctx, store.Intent{Verb: "token.create", Need: need}, func(w *store.Write) error {
		if err := g.complete(w.Today); err != nil {
			return err
		}
		person, err := whose(&w.Read)
		if err != nil {
			return err
		}
		id, reads := w.NewID(), 0
		if g.Reads {
			reads = 1
		}
		if err := w.As("sign_in.token").Note(ref.Ref{Kind: history.SignIn, ID: person}); err != nil {
			return err
		}
		return w.Do(ref.Ref{Kind: "token", ID: id}, `
			INSERT INTO token (id, version, updated_at, updated_by, person, name, expires, reads, hash_secret)
			VALUES (:id, 1, :now, :actor, :person, :name, :expires, :reads, :hash)`,
			store.Args{"id": id, "person": person, "name": g.Name, "expires": g.Expires, "reads": reads, "hash": access.Hashed(text)})
	})
	return text, err
}

const longestToken = 5 // years

// complete checks what a token is for, and gives it a year where nothing is said.
func (g *Grant) complete(today string) error {
	bad := problem.Fields{}
	day, err := time.Parse(time.DateOnly, today)
	if err != nil {
		return err
	}
	if g.Name = strings.TrimSpace(g.Name); g.Name == "" || len(g.Name) > 200 {
		bad["name"] = i18n.Text{"Skriv kort, hvad adgangen bruges til.", "Say briefly what the token is for."}
	}
	if read, ok := field.ReadDay(g.Expires); ok {
		g.Expires = cmp.Or(read, day.AddDate(1, 0, 0).Format(time.DateOnly))
	}
	switch last, err := time.Parse(time.DateOnly, g.Expires); {
	case err != nil:
		bad["expires"] = field.NoDate
	case g.Expires < today:
		bad["expires"] = i18n.Text{"Udløbsdatoen er passeret.", "The date of expiry has passed."}
	case last.After(day.AddDate(longestToken, 0, 0)):
		bad["expires"] = i18n.Text{"En adgang gælder højst fem år.", "A token is good for five years at most."}
	}
	return problem.Check(bad)
}

// Token is a token as its page shows it.
type Token struct {
	ID, Person, Owner, Name, Expires, Used string
	Reads, Ended                           bool
}

// tokens are those of one person, or of all when it is "", the newest first.
func tokens(q *store.Read, person string) (out []Token, err error) {
	err = q.Rows(`
		SELECT t.id, t.person, p.name, t.name, t.expires, t.reads, CASE WHEN t.expires < :today THEN 1 ELSE 0 END, coalesce(u.used, '')
		FROM token t JOIN person p ON p.id = t.person LEFT JOIN work_token u ON u.id = t.id
		WHERE t.person = :person OR :person = ''
		ORDER BY t.id DESC LIMIT 500`, store.Args{"person": person}, func(scan store.Scan) error {
		var t Token
		err := scan(&t.ID, &t.Person, &t.Owner, &t.Name, &t.Expires, &t.Reads, &t.Ended, &t.Used)
		out = append(out, t)
		return err
	})
	return out, err
}

// revoke ends a token for good; mine keeps it to one's own.
func (d *Door) revoke(ctx context.Context, need access.Permission, id string, mine bool) error {
	return d.Store.Change(ctx, store.Intent{Verb: "token.revoke", Need: need}, func(w *store.Write) error {
		var person string
		if err := w.Row(`SELECT person FROM token WHERE id = :id`, store.Args{"id": id}, &person); err != nil {
			return err
		}
		if mine && person != w.Actor.ID {
			return problem.Missing()
		}
		return w.Do(ref.Ref{Kind: "token", ID: id}, `DELETE FROM token WHERE id = :id`, store.Args{"id": id})
	})
}
