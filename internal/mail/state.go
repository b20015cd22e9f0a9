package mail

import (
	"context"
	"strings"
	"time"

	"vaern/internal/store"
)

// State is how the outbox stands.
type State struct {
	Waiting, Sent, Refused int    // sent and refused in the last week
	Oldest                 string // since when the longest waiting is due
	Worked, Failed, Fault  string // when the server last took a mail, and last failed, and why
}

// HungUp reports whether the server closed the connection without a word.
func (s *State) HungUp() bool { return strings.HasSuffix(s.Fault, "EOF") }

// Look reads how the outbox stands.
func Look(q *store.Read) (s State, err error) {
	week := args(q, 7)
	err = q.Row(`
		SELECT count(CASE WHEN state = :waiting THEN 1 END), count(CASE WHEN state = :gone THEN 1 END), count(CASE WHEN state = :refused THEN 1 END),
			coalesce(min(CASE WHEN state = :waiting THEN due END), '')
		FROM work_mail WHERE state = :waiting OR ended >= :since`, week, &s.Waiting, &s.Sent, &s.Refused, &s.Oldest)
	if err != nil {
		return s, err
	}
	err = q.Rows(`SELECT worked, failed, fault FROM work_mail_way`, nil, func(scan store.Scan) error { return scan(&s.Worked, &s.Failed, &s.Fault) })
	return s, err
}

// Refusal is a mail that was refused for good, or given up.
type Refusal struct {
	ID, Person, Address, Subject string
	At                           string
	Answer                       string // the server's, as it came
	Again                        bool   // it can be tried again: what it says is still there
}

const stale = "not sent for a week"

// Stale reports whether it was given up since it could not be sent for too long.
func (r Refusal) Stale() bool { return r.Answer == stale }

// Refusals are the newest mails that were refused, to everybody or to one person.
func Refusals(q *store.Read, person string, most int) (out []Refusal, err error) {
	a := args(q, 90)
	a["person"], a["most"] = person, most
	err = q.Rows(`
		SELECT id, person, address, subject, ended, answer, CASE WHEN text <> '' OR writer <> '' THEN 1 ELSE 0 END FROM work_mail
		WHERE state = :refused AND ended >= :since AND (:person = '' OR person = :person) ORDER BY ended DESC, id LIMIT :most`, a,
		func(scan store.Scan) error {
			var r Refusal
			err := scan(&r.ID, &r.Person, &r.Address, &r.Subject, &r.At, &r.Answer, &r.Again)
			out = append(out, r)
			return err
		})
	return out, err
}

func args(q *store.Read, days int) store.Args {
	now, err := time.Parse(store.Time, q.Now)
	if err != nil {
		panic("mail: " + err.Error()) // the store wrote it
	}
	return store.Args{"waiting": waiting, "gone": gone, "refused": refused, "since": now.AddDate(0, 0, -days).Format(store.Time)}
}

// Again lets a refused mail be tried again, to the address that the person has now.
func Again(ctx context.Context, s *store.Store, id, address string) error {
	return s.Work(ctx, func(w *store.Work) error {
		return w.Do(`UPDATE work_mail SET state = :waiting, address = :address, due = :now, tries = 0, ended = '', answer = '' WHERE id = :id AND state = :refused`,
			store.Args{"id": id, "address": address, "waiting": waiting, "refused": refused})
	})
}

// Sweep gives up what waited for a week, since it tells of a world that is no
// more, and forgets what ended a year ago.
func Sweep(ctx context.Context, s *store.Store) error {
	return s.Work(ctx, func(w *store.Work) error {
		a := args(&w.Read, 7)
		a["stale"] = stale
		if err := w.Do(`UPDATE work_mail SET state = :refused, ended = :now, answer = :stale WHERE state = :waiting AND queued < :since AND lease <= :now`, a); err != nil {
			return err
		}
		if err := w.Do(`UPDATE work_mail SET text = '' WHERE state = :refused AND ended < :since`, a); err != nil {
			return err
		}
		return w.Do(`DELETE FROM work_mail WHERE state <> :waiting AND ended < :since`, args(&w.Read, 400))
	})
}

// Refusing are the addresses that refused a mail in the last week and have
// taken none since.
func Refusing(q *store.Read) (map[string]bool, error) {
	out := map[string]bool{}
	err := q.Rows(`SELECT address FROM work_mail WHERE state IN (:refused, :gone) AND ended >= :since
		GROUP BY address HAVING max(CASE WHEN state = :refused THEN ended ELSE '' END) > max(CASE WHEN state = :gone THEN ended ELSE '' END)`,
		args(q, 7), func(scan store.Scan) error {
			var address string
			err := scan(&address)
			out[address] = true
			return err
		})
	return out, err
}
