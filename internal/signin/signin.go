// Package signin lets people in: password and one-time code, sessions that end,
// links for one named act, and tokens for programs. Federation will be another
// way to the same session: see Sessions.Begin.
package signin

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"
	"sync"
	"time"

	"vaern/internal/access"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/store"
)

// Door identifies people by session and programs by token.
type Door struct {
	Store *store.Store
	Roles people.Table
	Tried func(Outcome) // is told of every try with a password or a code; may be nil
	gates [64]sync.Mutex
}

// Outcome is how a try with a password or a code ended.
type Outcome string

// Passed fits; Failed does not; Throttled was not looked at, after too many that failed.
const (
	Passed    Outcome = "passed"
	Failed    Outcome = "failed"
	Throttled Outcome = "throttled"
)

// tell lets whoever counts know how a try ended.
func (d *Door) tell(o Outcome) {
	if d.Tried != nil {
		d.Tried(o)
	}
}

const (
	cookie   = "session"
	idle     = 2 * time.Hour   // a session ends when nothing happens
	longest  = 12 * time.Hour  // and after a working day at the latest
	ahead    = 5 * time.Minute // one that is of the future has ended: the clock was set back, and it would live longer
	passed   = 2               // password, and code where there is one
	halfway  = 1               // password only, the code is still asked for
	byLink   = 3               // let in by a link: may choose a password without the old one
	tokenTag = "vaern_"
)

// secret returns 32 random bytes as text, and the hash under which it is kept:
// who reads the database cannot sign in with it.
func secret() (text, hash string) {
	b := make([]byte, 32)
	rand.Read(b)
	text = base64.RawURLEncoding.EncodeToString(b)
	return text, hashed(text)
}

func hashed(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// Who says who is asking. Pages are asked for by session, the API by token, so
// that no page elsewhere can make a browser use the API.
func (d *Door) Who(r *http.Request) (access.Actor, error) {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		return d.byToken(r)
	}
	c, err := r.Cookie(cookie)
	if err != nil {
		return access.Actor{}, nil
	}
	var actor access.Actor
	touch := false
	err = d.Store.Peek(r.Context(), func(q *store.Read) error {
		person, seen, err := session(q, c.Value, passed)
		if err != nil {
			return err
		}
		touch = before(seen, q.Now, time.Minute)
		actor, err = d.Roles.Actor(q, person)
		return err
	})
	if problem.Of(err) == problem.NotFound {
		return access.Actor{}, nil // ended: nobody
	}
	if err == nil && touch {
		err = d.Store.Work(r.Context(), func(w *store.Work) error {
			return w.Do(`UPDATE work_session SET seen = :now WHERE hash = :hash`, store.Args{"hash": hashed(c.Value)})
		})
	}
	return actor, err
}

// session finds a session that has come so far and has not ended. One that
// began by a link has come as far as one that passed.
func session(q *store.Read, text string, stage int) (person, seen string, err error) {
	var begun string
	err = q.Row(`SELECT person, seen, begun FROM work_session WHERE hash = :hash AND (passed = :stage OR passed = 3 AND :stage = 2)`,
		store.Args{"hash": hashed(text), "stage": stage}, &person, &seen, &begun)
	if err == nil && (before(seen, q.Now, idle) || before(begun, q.Now, longest) || before(q.Now, seen, ahead) || before(q.Now, begun, ahead)) {
		err = problem.Missing()
	}
	return person, seen, err
}

// before reports whether more than d passed between two instants.
func before(then, now string, d time.Duration) bool {
	a, err1 := time.Parse(store.Time, then)
	b, err2 := time.Parse(store.Time, now)
	return err1 != nil || err2 != nil || b.Sub(a) > d
}

const newSession = `INSERT INTO work_session (hash, person, begun, seen, passed) VALUES (:hash, :person, :now, :now, :stage)`

// begin opens a session and returns what the cookie holds.
func (d *Door) begin(ctx context.Context, person string, stage int) (string, error) {
	text, hash := secret()
	err := d.Store.Work(ctx, func(w *store.Work) error {
		return w.Do(newSession, store.Args{"hash": hash, "person": person, "stage": stage})
	})
	return text, err
}

// end closes a session.
func (d *Door) end(ctx context.Context, text string) error {
	return d.Store.Work(ctx, func(w *store.Work) error {
		return w.Do(`DELETE FROM work_session WHERE hash = :hash`, store.Args{"hash": hashed(text)})
	})
}

// Sweep removes sessions, links and throttles that have ended.
func (d *Door) Sweep(ctx context.Context) error {
	return d.Store.Work(ctx, func(w *store.Work) error {
		now, err := time.Parse(store.Time, w.Now)
		if err != nil {
			return err
		}
		for _, q := range []string{
			`DELETE FROM work_session WHERE begun < :old`,
			`DELETE FROM work_link WHERE expires < :now`,
			`DELETE FROM work_throttle WHERE until < :old`,
		} {
			args := store.Args{"old": now.Add(-longest).Format(store.Time)}
			if err := w.Do(q, args); err != nil {
				return err
			}
		}
		return nil
	})
}
