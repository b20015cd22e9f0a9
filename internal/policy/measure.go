package policy

import (
	"context"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/indicator"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// Measured is the newest answer of an indicator, or the one of a day.
type Measured struct {
	Key string
	indicator.Measure
	State indicator.State
	Since string // the day it came to stand so
	At    string // when it was asked last; "" if never
	Known int64  // how large the ledger was when it became known
}

// measures are the answers by key as they were known at an instant, "" for the
// newest. One that could not be computed last time is not measured: it was met
// once, but nobody knows now.
func measures(q *store.Read, at string) (map[string]Measured, error) {
	out := map[string]Measured{}
	if at == "" {
		err := q.Rows(`
			SELECT m.id, m.met, m.total, CASE WHEN a.failed <> '' THEN 'none' ELSE m.state END, m.since, m.size,
				CASE WHEN a.failed <> '' THEN m.updated_at ELSE coalesce(a.at, m.updated_at) END
			FROM measure m LEFT JOIN work_asked a ON a.id = m.id`, nil, collect(out))
		return out, err
	}
	err := q.Rows(`SELECT id, met, total, state, since, size, updated_at FROM `+
		store.AsOf("measure", "id, met, total, state, since, size, updated_at"), store.Args{"at": at}, collect(out))
	return out, err
}

func collect(out map[string]Measured) func(store.Scan) error {
	return func(scan store.Scan) error {
		var m Measured
		err := scan(&m.Key, &m.Met, &m.Total, &m.State, &m.Since, &m.Known, &m.At)
		out[m.Key] = m
		return err
	}
}

// past is every answer of one indicator, oldest first.
func past(q *store.Read, key string) (out []Measured, err error) {
	err = q.Rows(`
		SELECT id, met, total, state, since, size, updated_at FROM measure WHERE id = :id
		UNION ALL SELECT id, met, total, state, since, size, updated_at FROM measure_history WHERE id = :id
		ORDER BY 7`, store.Args{"id": key}, func(scan store.Scan) error {
		var m Measured
		err := scan(&m.Key, &m.Met, &m.Total, &m.State, &m.Since, &m.Known, &m.At)
		out = append(out, m)
		return err
	})
	return out, err
}

// Target is what a municipality wants of an indicator, and who answers for it.
type Target struct {
	Version int64
	indicator.Limits
	Owner string // position
}

func targets(q *store.Read) (map[string]Target, error) {
	out := map[string]Target{}
	err := q.Rows(`SELECT id, version, goal, warning, most, owner FROM target`, nil, func(scan store.Scan) error {
		var key string
		var t Target
		err := scan(&key, &t.Version, &t.Goal, &t.Warning, &t.Most, &t.Owner)
		out[key] = t
		return err
	})
	return out, err
}

// Aim sets the limits and the owner of an indicator, for a reason.
func (e *Engine) Aim(ctx context.Context, key string, t Target, reason string) error {
	bad := problem.Fields{}
	if t.Goal < 0 || t.Goal > 100 {
		bad["goal"] = i18n.Text{"Skriv et tal fra 0 til 100.", "Write a number from 0 to 100."}
	}
	if len(bad) == 0 && !t.Sound() {
		bad["warning"] = i18n.Text{"Grænsen for delvist skal være lempeligere end målet.", "The limit for partly must be easier to reach than the goal."}
	}
	if reason == "" {
		bad["reason"] = field.Needed
	}
	if err := problem.Check(bad); err != nil {
		return err
	}
	err := e.Store.Change(ctx, store.Intent{Verb: "target.set", Need: EditTargets, Reason: reason}, func(w *store.Write) error {
		if _, err := e.Find(&w.Read, key); err != nil {
			return err
		}
		have, err := targets(&w.Read)
		if err != nil {
			return err
		}
		args := store.Args{"id": key, "unit": people.Top, "goal": t.Goal, "warning": t.Warning, "most": 0, "owner": t.Owner}
		if t.Most {
			args["most"] = 1
		}
		query := `INSERT INTO target (id, version, unit, updated_at, updated_by, goal, warning, most, owner)
			VALUES (:id, 1, :unit, :now, :actor, :goal, :warning, :most, :owner)`
		if was, ok := have[key]; ok {
			if was.Version != t.Version {
				return problem.New(problem.Stale, "En anden har ændret målet imens. Se det nye, og prøv igen.", "Somebody else changed the goal meanwhile. Look at the new one and try again.")
			}
			query = `UPDATE target SET version = version + 1, updated_at = :now, updated_by = :actor, goal = :goal, warning = :warning, most = :most, owner = :owner
				WHERE id = :id`
		}
		return w.Do(ref.Ref{Kind: "target", ID: key}, query, args)
	})
	if err != nil {
		return err
	}
	return e.Evaluate(ctx)
}

// missing is the list behind a number: the records that are not as they should be.
func missing(q *store.Read, in indicator.Indicator) (out []ref.Ref, err error) {
	if in.Ask != nil {
		_, out, err = in.Ask(q)
		return out, err
	}
	err = q.Rows(in.Missing, nil, func(scan store.Scan) error {
		var r ref.Ref
		err := scan(&r.Kind, &r.ID)
		out = append(out, r)
		return err
	})
	return out, err
}
