package policy

import (
	"context"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/indicator"
	"vaern/internal/store"
)

// ledgerIndicators are what the engine itself can answer: whether the record
// can be trusted.
var ledgerIndicators = []indicator.Indicator{
	{
		Key:    "ledger.verified",
		Name:   i18n.Text{"Beviskæden er efterprøvet og hel", "The ledger is verified and whole"},
		Counts: i18n.Text{"Den seneste efterprøvning er højst et døgn gammel og fandt ingen fejl", "The latest verification is at most a day old and found no fault"},
		OutOf:  i18n.Text{"Beviskæden", "The ledger"},
		Do:     i18n.Text{"Værn efterprøver beviskæden hver dag. Sig det til den, der driver Værn, hvis det ikke er sket, eller hvis der var fejl.", "Værn verifies the ledger every day. Tell whoever runs Værn if that did not happen, or if there were faults."},
		Themes: []string{"attribution", "audit"}, Goal: 100, Warning: 100,
		Query: `SELECT count(*), 1 FROM work_verified WHERE fault = '' AND until >= :now`,
		Missing: `SELECT 'ledger', 'verify' FROM ledger_head
			WHERE NOT EXISTS (SELECT 1 FROM work_verified WHERE fault = '' AND until >= :now)`,
	},
}

// verifier is who verifies by itself.
var verifier = access.Machine("verifier", ReadLedger)

// VerifyLedger derives the whole ledger again, against checkpoints that left
// the database earlier, and remembers the outcome for a day. What it finds wrong is an indicator that is not met, never a silence.
func (e *Engine) VerifyLedger(ctx context.Context, public string, known ...string) (store.Verdict, error) {
	v, err := e.Store.Verify(access.With(ctx, verifier), ReadLedger, public, known...)
	if err != nil {
		return v, err
	}
	return v, e.Store.Work(ctx, func(w *store.Work) error {
		return w.Do(`
			INSERT INTO work_verified (one, at, until, leaves, fault) VALUES (1, :now, :until, :leaves, :fault)
			ON CONFLICT (one) DO UPDATE SET at = excluded.at, until = excluded.until, leaves = excluded.leaves, fault = excluded.fault`,
			store.Args{"until": e.Store.Clock().UTC().AddDate(0, 0, 1).Format(store.Time), "leaves": v.Leaves, "fault": v.Fault})
	})
}

// Proof is what the last verification of the ledger found.
type Proof struct{ At, Fault string }

// Proved reads what the last verification found; nothing, when there was none.
func Proved(q *store.Read) (p Proof, err error) {
	err = q.Rows(`SELECT at, fault FROM work_verified`, nil, func(scan store.Scan) error { return scan(&p.At, &p.Fault) })
	return p, err
}
