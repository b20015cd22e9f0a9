package webhook

import (
	"context"
	"encoding/base64"
	"time"

	"vaern/internal/ledger"
	"vaern/internal/store"
)

// target is a webhook that is on, how far it has come, and its key.
type target struct {
	Webhook
	key, test, due, failing, stopped string
	cursor, tries                    int64
}

// targets are those that may have something to send now.
func targets(ctx context.Context, s *store.Store) (out []*target, err error) {
	err = s.Peek(ctx, func(q *store.Read) error {
		return q.Rows(`
			SELECT w.id, w.url, w.events
			FROM webhook w JOIN work_webhook k ON k.id = w.id
			WHERE w.active = 1 AND k.key_secret <> ''
			AND   (k.stopped = '' AND (k.due <= :now OR k.due > :never) AND k.cursor < (SELECT size FROM ledger_head) OR k.test <> '')
			ORDER BY w.id`, store.Args{"never": ahead(s.Clock(), pauses[len(pauses)-1]+skew)}, func(scan store.Scan) error {
			t := &target{}
			out = append(out, t)
			return scan(&t.ID, &t.URL, &t.Events)
		})
	})
	return out, err
}

// State is how all webhooks that are on stand.
type State struct {
	Waiting int64  // leaves that the one furthest behind has not looked at
	Oldest  string // when the first of those was written
	Failing int    // are tried again
	Stopped int    // were given up, until somebody resumes them
}

// Look reads how the webhooks stand.
func Look(q *store.Read) (s State, err error) {
	var first int64
	err = q.Row(`
		SELECT count(CASE WHEN k.stopped = '' AND k.failing <> '' THEN 1 END), count(CASE WHEN k.stopped <> '' THEN 1 END),
			coalesce(min(CASE WHEN k.stopped = '' THEN k.cursor END), h.size), h.size
		FROM ledger_head h LEFT JOIN (webhook w JOIN work_webhook k ON k.id = w.id AND w.active = 1 AND k.key_secret <> '') ON 1 = 1
		GROUP BY h.size`, nil, &s.Failing, &s.Stopped, &first, &s.Waiting)
	if err != nil {
		return s, err
	}
	s.Waiting -= first
	err = q.Rows(`SELECT at FROM ledger_leaf WHERE seq = :first`, store.Args{"first": first}, func(scan store.Scan) error { return scan(&s.Oldest) })
	return s, err
}

// claim takes or keeps the right to send for a webhook, for a while, and reads
// how far it has come by then.
func (t *target) claim(ctx context.Context, s *store.Store, node string) (mine bool, err error) {
	err = s.Work(ctx, func(w *store.Work) error {
		now, err := time.Parse(store.Time, w.Now)
		if err != nil {
			return err
		}
		args := store.Args{"id": t.ID, "node": node, "until": ahead(now, leased), "dead": ahead(now, leased+skew)}
		if err := w.Do(`UPDATE work_webhook SET claim = :node, lease = :until WHERE id = :id AND (lease < :now OR lease > :dead OR claim = :node)`, args); err != nil {
			return err
		}
		var holder string
		err = w.Row(`SELECT claim, key_secret, test, due, failing, stopped, cursor, tries FROM work_webhook WHERE id = :id`, args,
			&holder, &t.key, &t.test, &t.due, &t.failing, &t.stopped, &t.cursor, &t.tries)
		mine = holder == node
		return err
	})
	return mine, err
}

// release lets another node send.
func (t *target) release(ctx context.Context, s *store.Store, node string) error {
	return s.Work(context.WithoutCancel(ctx), func(w *store.Work) error {
		return w.Do(`UPDATE work_webhook SET claim = '', lease = '' WHERE id = :id AND claim = :node`, store.Args{"id": t.ID, "node": node})
	})
}

const leavesAtOnce = 500

// leaves are the next leaves from a place in the ledger on, with the bodies of
// batches alone.
func leaves(ctx context.Context, s *store.Store, from int64) (out []ledger.Leaf, err error) {
	err = s.Peek(ctx, func(q *store.Read) error {
		return q.Rows(`
			SELECT seq, at, actor, verb, kind, id, type, CASE WHEN type = 'batch' THEN salt ELSE '' END, CASE WHEN type = 'batch' THEN body ELSE '' END
			FROM ledger_leaf WHERE seq >= :from ORDER BY seq LIMIT :n`, store.Args{"from": from, "n": leavesAtOnce}, func(scan store.Scan) error {
			var l ledger.Leaf
			var kind, id, sort, salt, body string
			err := scan(&l.Seq, &l.At, &l.Actor, &l.Verb, &kind, &id, &sort, &salt, &body)
			if err != nil {
				return err
			}
			l.About, l.Type, l.Body = kind+"/"+id, ledger.Type(sort), []byte(body)
			l.Salt, err = base64.StdEncoding.DecodeString(salt)
			out = append(out, l)
			return err
		})
	})
	return out, err
}

// pauses are how long to wait after a try that failed, the last again and again.
var pauses = []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour}

const (
	leased  = time.Minute        // a crash holds others up no longer
	skew    = 5 * time.Minute    // how far the clocks of two nodes may be apart
	patient = 3 * 24 * time.Hour // then it is given up until somebody resumes it
	kept    = 200                // deliveries that are shown
)

func ahead(now time.Time, d time.Duration) string { return now.UTC().Add(d).Format(store.Time) }

// waits reports whether the next try is not due. A time that lies further ahead
// than anything waits was written before the clock was set back.
func (t *target) waits(now time.Time) bool {
	return t.due > ahead(now, 0) && t.due <= ahead(now, pauses[len(pauses)-1]+skew)
}

// passed moves a webhook past what is not for it.
func (t *target) passed(ctx context.Context, s *store.Store, next int64) error {
	if next == t.cursor {
		return nil
	}
	t.cursor = next
	return s.Work(ctx, func(w *store.Work) error {
		return w.Do(`UPDATE work_webhook SET cursor = :next WHERE id = :id`, store.Args{"id": t.ID, "next": next})
	})
}

// note keeps what became of a message, and goes on or waits.
func (t *target) note(ctx context.Context, s *store.Store, m *Message, o outcome) error {
	return s.Work(ctx, func(w *store.Work) error {
		now, err := time.Parse(store.Time, w.Now)
		if err != nil {
			return err
		}
		if m.Seq < 0 {
			return t.keep(w, m, o, 1)
		}
		tries := t.tries + 1
		if err := t.keep(w, m, o, tries); err != nil {
			return err
		}
		if o.arrived {
			t.cursor, t.tries, t.failing = m.Seq+1, 0, ""
			return w.Do(`UPDATE work_webhook SET cursor = :next, tries = 0, failing = '', due = '' WHERE id = :id`, store.Args{"id": t.ID, "next": t.cursor})
		}
		t.tries = tries
		if t.failing == "" {
			t.failing = w.Now
		}
		stopped := ""
		since, err := time.Parse(store.Time, t.failing)
		if err != nil {
			return err
		}
		if o.gone || now.Sub(since) > patient {
			stopped = w.Now
		}
		t.stopped = stopped
		pause := pauses[min(int(tries-1), len(pauses)-1)]
		return w.Do(`UPDATE work_webhook SET tries = :tries, failing = :failing, due = :due, stopped = :stopped WHERE id = :id`,
			store.Args{"id": t.ID, "tries": tries, "failing": t.failing, "due": ahead(now, pause), "stopped": stopped})
	})
}

// keep shows a delivery on the webhook's page, and no more than the newest.
func (t *target) keep(w *store.Work, m *Message, o outcome, tries int64) error {
	arrived := 0
	if o.arrived {
		arrived = 1
	}
	err := w.Do(`
		INSERT INTO work_webhook_sent (id, webhook, seq, verb, about, at, tries, arrived, answer)
		VALUES (:id, :webhook, :seq, :verb, :about, :now, :tries, :arrived, :answer)
		ON CONFLICT (id) DO UPDATE SET at = excluded.at, tries = excluded.tries, arrived = excluded.arrived, answer = excluded.answer`,
		store.Args{"id": m.id, "webhook": t.ID, "seq": m.Seq, "verb": m.Verb, "about": m.Kind + "/" + m.ID, "tries": tries, "arrived": arrived, "answer": o.answer})
	if err != nil {
		return err
	}
	return w.Do(`DELETE FROM work_webhook_sent WHERE webhook = :webhook AND at < (
		SELECT min(at) FROM (SELECT at FROM work_webhook_sent WHERE webhook = :webhook ORDER BY at DESC LIMIT :kept) AS newest)`,
		store.Args{"webhook": t.ID, "kept": kept})
}
