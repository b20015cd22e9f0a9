// Package signin lets people in: password and one-time code, sessions that end,
// links for one named act, and tokens for programs. Federation will be another
// way to the same session: see Sessions.Begin.
package signin

import (
	"context"
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
	tokenTag = "vaern_"
)

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
		s, err := live(q, c.Value)
		if err != nil || !s.in() {
			return err
		}
		touch = before(s.Seen, q.Now, time.Minute)
		actor, err = d.Roles.Actor(q, s.Person)
		return err
	})
	if problem.Of(err) == problem.NotFound {
		return access.Actor{}, nil // ended: nobody
	}
	if err == nil && touch {
		err = d.Store.Work(r.Context(), func(w *store.Work) error {
			return w.Do(`UPDATE work_session SET seen = :now WHERE hash = :hash`, store.Args{"hash": access.Hashed(c.Value)})
		})
	}
	return actor, err
}

// Sweep removes sessions, links and throttles that have ended, and forgets what
// failed more than a month ago.
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
			`DELETE FROM work_refused WHERE day < :month_ago`,
		} {
			args := store.Args{"old": now.Add(-longest).Format(store.Time), "month_ago": now.AddDate(0, -1, 0).Format(time.DateOnly)}
			if err := w.Do(q, args); err != nil {
				return err
			}
		}
		return nil
	})
}
