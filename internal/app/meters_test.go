package app

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"vaern/internal/mail"
	"vaern/internal/people"
	"vaern/internal/ref"
	"vaern/internal/schedule"
	"vaern/internal/store"
)

// TestWhatAnAdministratorMeasures lets each thing happen once and reads it.
func TestWhatAnAdministratorMeasures(t *testing.T) {
	each(t, func(t *testing.T, in *town) {
		site, _ := (&serve{MetricsOpen: true}).site(in)
		v := visitor{site: site}
		counts := func(want ...string) {
			t.Helper()
			all := v.send("GET", "/metrics", "").Body.String()
			for _, line := range want {
				if !strings.Contains(all, line+"\n") && !(strings.HasSuffix(line, " ") && strings.Contains(all, line)) {
					t.Errorf("%q is not among\n%s", line, of(all, strings.SplitN(strings.TrimSpace(line), "{", 2)[0]))
				}
			}
		}
		counts("vaern_database_up 1", "vaern_mail_waiting 0", "vaern_mail_oldest_seconds 0",
			"vaern_webhook_waiting 0", "vaern_webhook_stopped 0", `vaern_signin_tries_total{outcome="failed"} 0`, `vaern_webhook_sent_total{arrived="false"} 0`)

		ctx := t.Context()
		if _, err := in.engine.VerifyLedger(ctx, ""); err != nil {
			t.Fatal(err)
		}
		counts("vaern_ledger_fits 1")

		in.attempt(ctx, "organisation", in.organise)
		in.attempt(ctx, "broken", func(context.Context) error { return errors.New("disk full") })
		day := in.meters.days([]schedule.Job{{Name: "digest", Do: func(context.Context, *store.Store, string) error { return nil }}})
		if err := schedule.Pass(ctx, in.Store, day); err != nil {
			t.Fatal(err)
		}
		counts(`vaern_job_runs_total{job="organisation"} 1`, `vaern_job_failures_total{job="organisation"} 0`, `vaern_job_last_success_seconds{job="organisation"} `,
			`vaern_job_seconds_count{job="organisation"} 1`, `vaern_job_failures_total{job="broken"} 1`, `vaern_job_runs_total{job="day: digest"} 1`,
			fmt.Sprintf("vaern_ledger_unsigned_leaves %d", in.leaves(ctx)))
		if all := v.send("GET", "/metrics", "").Body.String(); strings.Contains(all, `vaern_job_last_success_seconds{job="broken"}`) {
			t.Error("what never succeeded has a last success")
		}

		for range 6 {
			v.send("POST", "/sign-in", url.Values{"mail": {"anna@example.dk"}, "password": {"forkert"}}.Encode())
		}
		counts(`vaern_signin_tries_total{outcome="failed"} 5`, `vaern_signin_tries_total{outcome="throttled"} 1`)

		err := in.Change(in.all(ctx), store.Intent{Verb: "test.mail", Need: "test"}, func(w *store.Write) error {
			letter := mail.Message{To: "anna@example.dk", Subject: "Prøve", Text: "Prøve"}
			return errors.Join(mail.Queue(w, letter), w.Note(ref.Ref{Kind: "unit", ID: people.Top}))
		})
		if err != nil {
			t.Fatal(err)
		}
		counts("vaern_mail_waiting 1", fmt.Sprintf("vaern_ledger_leaves %d", in.leaves(ctx)))
		if all := v.send("GET", "/metrics", "").Body.String(); strings.Contains(all, "vaern_ledger_lag_seconds 0\n") {
			t.Error("unsigned leaves wait for no time at all")
		}
	})
}

// of are the lines of one metric.
func of(all, name string) string {
	var out []string
	for line := range strings.Lines(all) {
		if strings.HasPrefix(line, name) {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}

// TestMetricsTellOfADatabaseThatIsGone asks after it was closed.
func TestMetricsTellOfADatabaseThatIsGone(t *testing.T) {
	p := place{Data: t.TempDir()}
	in, err := p.prepare(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	in.Close()
	site, _ := (&serve{MetricsOpen: true}).site(in)
	w := httptest.NewRecorder()
	site.ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if all := w.Body.String(); w.Code != 200 || !strings.Contains(all, "vaern_database_up 0\n") || strings.Contains(all, "vaern_mail_waiting") {
		t.Errorf("%d\n%s", w.Code, of(all, "vaern_"))
	}
}
