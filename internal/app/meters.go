package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"vaern/internal/mail"
	"vaern/internal/policy"
	"vaern/internal/register/webhook"
	"vaern/internal/schedule"
	"vaern/internal/signin"
	"vaern/internal/store"

	"github.com/VictoriaMetrics/metrics"
)

// meters count what this node does, and say how what all nodes share stands.
type meters struct{ *metrics.Set }

func newMeters(t *town) meters {
	m := meters{metrics.NewSet()}
	m.RegisterMetricsWriter(t.measure)
	for _, o := range []signin.Outcome{signin.Passed, signin.Failed, signin.Throttled} {
		m.signIn(o) // there before the first
	}
	for _, arrived := range []bool{true, false} {
		m.webhook(arrived)
	}
	return m
}

// request counts an answer: by its route, never by what was asked for.
func (m meters) request(route string, status int, took time.Duration) {
	m.GetOrCreatePrometheusHistogram(fmt.Sprintf(`vaern_request_seconds{route=%q,status="%d"}`, route, status)).Update(took.Seconds())
}

// tried counts a try to sign in.
func (m meters) tried(o signin.Outcome) { m.signIn(o).Inc() }

func (m meters) signIn(o signin.Outcome) *metrics.Counter {
	return m.GetOrCreateCounter(fmt.Sprintf(`vaern_signin_tries_total{outcome=%q}`, o))
}

// told counts a message to another program.
func (m meters) told(arrived bool) { m.webhook(arrived).Inc() }

func (m meters) webhook(arrived bool) *metrics.Counter {
	return m.GetOrCreateCounter(fmt.Sprintf(`vaern_webhook_sent_total{arrived="%v"}`, arrived))
}

// job does a piece of the program's own work and counts how it went.
func (m meters) job(name string, do func() error) error {
	label := fmt.Sprintf(`{job=%q}`, name)
	failures := m.GetOrCreateCounter(`vaern_job_failures_total` + label) // there before the first failure
	begun := now()
	err := do()
	m.GetOrCreateCounter(`vaern_job_runs_total` + label).Inc()
	m.GetOrCreatePrometheusHistogram(`vaern_job_seconds` + label).Update(now().Sub(begun).Seconds())
	if err != nil {
		failures.Inc()
		return err
	}
	m.GetOrCreateGauge(`vaern_job_last_success_seconds`+label, nil).Set(float64(now().Unix()))
	return nil
}

// days are each day's jobs, counted one by one: of several nodes only the one
// that did a job counts it.
func (m meters) days(jobs []schedule.Job) []schedule.Job {
	out := make([]schedule.Job, len(jobs))
	for i, j := range jobs {
		out[i] = j
		out[i].Do = func(ctx context.Context, s *store.Store, day string) error {
			return m.job("day: "+j.Name, func() error { return j.Do(ctx, s, day) })
		}
	}
	return out
}

// standing is what the nodes of a municipality share.
type standing struct {
	head     store.Head
	unsigned string // since when something waits for a signature
	proof    policy.Proof
	mail     mail.State
	hooks    webhook.State
}

func (t *town) stands(ctx context.Context) (s standing, err error) {
	err = t.Peek(ctx, func(q *store.Read) error {
		if s.head, err = q.Head(); err != nil {
			return err
		}
		if s.unsigned, err = q.Unsigned(); err != nil {
			return err
		}
		if s.proof, err = policy.Proved(q); err != nil {
			return err
		}
		if s.mail, err = mail.Look(q); err != nil {
			return err
		}
		s.hooks, err = webhook.Look(q)
		return err
	})
	return s, err
}

// measure writes what can be read only when it is asked for. A database that
// does not answer is a number too.
func (t *town) measure(out io.Writer) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	s, err := t.stands(ctx)
	if err != nil {
		slog.Error("metrics", "err", err)
		metrics.WriteGaugeUint64(out, "vaern_database_up", 0)
		return
	}
	since := func(at string) float64 {
		then, err := time.Parse(store.Time, at)
		if err != nil {
			return 0 // nothing waits
		}
		return max(0, t.Clock().Sub(then).Seconds())
	}
	if fits := uint64(1); s.proof.At != "" { // before the first verification nobody knows
		if s.proof.Fault != "" {
			fits = 0
		}
		metrics.WriteGaugeUint64(out, "vaern_ledger_fits", fits)
		metrics.WriteGaugeFloat64(out, "vaern_ledger_verified_seconds", since(s.proof.At))
	}
	for _, g := range []struct {
		name string
		n    float64
	}{
		{"vaern_database_up", 1},
		{"vaern_ledger_leaves", float64(s.head.Size)},
		{"vaern_ledger_unsigned_leaves", float64(s.head.Size - s.head.Signed)},
		{"vaern_clock_behind_seconds", t.behind(s.head).Seconds()},
		{"vaern_ledger_lag_seconds", since(s.unsigned)},
		{"vaern_mail_waiting", float64(s.mail.Waiting)},
		{"vaern_mail_oldest_seconds", since(s.mail.Oldest)},
		{"vaern_mail_sent_week", float64(s.mail.Sent)},
		{"vaern_mail_refused_week", float64(s.mail.Refused)},
		{"vaern_webhook_waiting", float64(s.hooks.Waiting)},
		{"vaern_webhook_oldest_seconds", since(s.hooks.Oldest)},
		{"vaern_webhook_failing", float64(s.hooks.Failing)},
		{"vaern_webhook_stopped", float64(s.hooks.Stopped)},
	} {
		metrics.WriteGaugeFloat64(out, g.name, g.n)
	}
}
