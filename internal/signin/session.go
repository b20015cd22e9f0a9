package signin

import (
	"context"
	"net/http"
	"strings"
	"time"

	"vaern/internal/access"
	"vaern/internal/history"
	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/store"
)

const (
	idle    = 2 * time.Hour   // a session ends when nothing happens
	longest = 12 * time.Hour  // and after a working day at the latest
	ahead   = 5 * time.Minute // one that is of the future has ended: the clock was set back, and it would live longer
)

// How far a session has come.
const (
	halfway     = 1 // the password fits, the code is still asked for
	passed      = 2 // password, and code where there is one
	byLink      = 3 // let in by a link: may choose a password without the old one
	halfwayLink = 4 // by a link, the code is still asked for
)

// session is somebody's being signed in, in one browser.
type session struct {
	Hash, Person, Begun, Seen, Browser string
	Stage                              int
	Lacks                              bool // a code is demanded of the person, who has none
}

var sessionColumns = `s.hash, s.person, s.begun, s.seen, s.browser, s.passed, ` + lacking("s.person")

func (s *session) scan(scan store.Scan) error {
	return scan(&s.Hash, &s.Person, &s.Begun, &s.Seen, &s.Browser, &s.Stage, &s.Lacks)
}

// in reports whether the session opens anything.
func (s session) in() bool { return (s.Stage == passed || s.Stage == byLink) && !s.Lacks }

// half reports whether a code is still asked for.
func (s session) half() bool { return s.Stage == halfway || s.Stage == halfwayLink }

// whole is the stage that a session comes to when the code fits.
func (s session) whole() int {
	if s.Stage == halfwayLink {
		return byLink
	}
	return passed
}

// ended reports whether the session opens nothing any more.
func (s session) ended(now string) bool {
	return before(s.Seen, now, idle) || before(s.Begun, now, longest) || before(now, s.Seen, ahead) || before(now, s.Begun, ahead)
}

// live finds a session that has not ended by what its cookie holds.
func live(q *store.Read, text string) (s session, err error) {
	err = s.scan(func(dest ...any) error {
		return q.Row(`SELECT `+sessionColumns+` FROM work_session s WHERE s.hash = :hash`, store.Args{"hash": access.Hashed(text)}, dest...)
	})
	if err == nil && s.ended(q.Now) {
		err = problem.Missing()
	}
	return s, err
}

// sessions are the open ones of a person, the one used last first.
func sessions(q *store.Read, person string) (out []session, err error) {
	err = q.Rows(`SELECT `+sessionColumns+` FROM work_session s WHERE s.person = :person ORDER BY s.seen DESC LIMIT 50`,
		store.Args{"person": person}, func(scan store.Scan) error {
			var s session
			err := s.scan(scan)
			if err == nil && s.in() && !s.ended(q.Now) {
				out = append(out, s)
			}
			return err
		})
	return out, err
}

// of is the session that a request belongs to; the zero session is none.
func (d *Door) of(r *http.Request) (s session, err error) {
	c, err := r.Cookie(cookie)
	if err != nil {
		return session{}, nil
	}
	err = d.Store.Peek(r.Context(), func(q *store.Read) error {
		s, err = live(q, c.Value)
		return err
	})
	if problem.Of(err) == problem.NotFound {
		return session{}, nil
	}
	return s, err
}

// before reports whether more than d passed between two instants.
func before(then, now string, d time.Duration) bool {
	a, err1 := time.Parse(store.Time, then)
	b, err2 := time.Parse(store.Time, now)
	return err1 != nil || err2 != nil || b.Sub(a) > d
}

// entry is somebody coming in. How is the verb of the leaf that says so, see
// package history; "" where nobody came in: a code is still asked for, or a session
// only takes the place of another.
type entry struct {
	Person, How, Browser string
	Stage                int
}

const newSession = `INSERT INTO work_session (hash, person, begun, seen, passed, browser) VALUES (:hash, :person, :now, :now, :stage, :browser)`

// begin opens a session and returns what the cookie holds. Session and leaf come
// together, or neither does.
func (d *Door) begin(ctx context.Context, e entry) (string, error) {
	text, hash := access.Secret()
	args := store.Args{"hash": hash, "person": e.Person, "stage": e.Stage, "browser": e.Browser}
	if e.How == "" {
		return text, d.Store.Work(ctx, func(w *store.Work) error { return w.Do(newSession, args) })
	}
	args["now"] = d.Store.Clock().UTC().Format(store.Time) // the ledger's time is ahead where the clock was set back
	err := d.Store.Change(as(ctx, e.Person, e.How), store.Intent{Verb: e.How, Need: access.Permission(e.How)}, func(w *store.Write) error {
		if err := w.Note(ref.Ref{Kind: history.SignIn, ID: e.Person}); err != nil {
			return err
		}
		return w.Also(newSession, args)
	})
	return text, err
}

// as lets the door act in a person's name: what one does to one's own account
// needs no role.
func as(ctx context.Context, person string, may ...string) context.Context {
	need := make([]access.Permission, len(may))
	for i, p := range may {
		need[i] = access.Permission(p)
	}
	actor := access.Machine("sign-in", need...)
	actor.ID = person
	return access.With(ctx, actor)
}

// end closes a session.
func (d *Door) end(ctx context.Context, text string) error {
	return d.Store.Work(ctx, func(w *store.Work) error {
		return w.Do(`DELETE FROM work_session WHERE hash = :hash`, store.Args{"hash": access.Hashed(text)})
	})
}

// endOne closes one session of a person, endOthers all but one.
func (d *Door) endOne(ctx context.Context, person, hash string) error {
	return d.Store.Work(ctx, func(w *store.Work) error {
		return w.Do(`DELETE FROM work_session WHERE person = :person AND hash = :hash`, store.Args{"person": person, "hash": hash})
	})
}

const endOthers = `DELETE FROM work_session WHERE person = :person AND hash <> :hash`

func (d *Door) endOthers(ctx context.Context, person, hash string) error {
	return d.Store.Work(ctx, func(w *store.Work) error {
		return w.Do(endOthers, store.Args{"person": person, "hash": hash})
	})
}

// Browsers and systems by what they call themselves. The first that fits counts:
// most also claim to be the ones below.
var (
	browsers = [][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox/", "Firefox"}, {"FxiOS", "Firefox"},
		{"CriOS", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}}
	systems = [][2]string{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"},
		{"Macintosh", "Mac"}, {"Linux", "Linux"}}
)

// browserOf says what kind of browser asks, such as "Firefox, Windows": enough for a
// person to know it again. "" is one that says nothing we know.
func browserOf(r *http.Request) string {
	var out []string
	for _, names := range [][][2]string{browsers, systems} {
		for _, n := range names {
			if strings.Contains(r.UserAgent(), n[0]) {
				out = append(out, n[1])
				break
			}
		}
	}
	return strings.Join(out, ", ")
}
