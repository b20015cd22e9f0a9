// Package policy makes each sentence of the policy live: it asks the
// indicators, binds them to clauses, and shows how every sentence stands.
package policy

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"maps"
	"slices"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/indicator"
	"vaern/internal/module"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/task"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// Schema is the engine's tables.
func Schema() store.Schema {
	return store.Schema{Name: "policy", Files: store.Folder(schemaFiles)}
}

// Engine asks the indicators that modules declare. It knows the modules by
// their declarations alone.
type Engine struct {
	Store    *store.Store
	Modules  []module.Module
	Tasks    *task.List // what waits for people, from all modules
	declared []indicator.Indicator
	byKey    map[string]indicator.Indicator
	kinds    map[string]i18n.Text // what many records of a kind are called
	singular map[string]i18n.Text
}

// NewEngine gathers the indicators of modules; two with one key stop the start.
// The engine's own modules come last.
func NewEngine(s *store.Store, mods []module.Module) *Engine {
	e := &Engine{Store: s, byKey: map[string]indicator.Indicator{}, kinds: map[string]i18n.Text{}, singular: map[string]i18n.Text{}}
	e.Modules = append(slices.Clone(mods), e.module(), aims())
	e.Modules = append(e.Modules, e.ownModule())
	var sources []task.Source
	for _, m := range e.Modules {
		sources = append(sources, m.Tasks...)
		e.kinds[m.Name], e.singular[m.Name] = m.Many, m.One
		for _, in := range m.Indicators {
			if _, twice := e.byKey[in.Key]; twice {
				panic("policy: two indicators are called " + in.Key)
			}
			e.byKey[in.Key] = in
			e.declared = append(e.declared, in)
		}
	}
	e.Tasks = task.NewList(sources...)
	return e
}

// asker is who asks: what the program does by itself, it does by name.
var asker = access.Machine("evaluator", "measure.write")

// Evaluate asks every indicator and records the answers that changed. It is
// called when something changed and when a day begins; what fails is told on
// the indicator's page and stops no other.
func (e *Engine) Evaluate(ctx context.Context) error {
	ctx = access.With(ctx, asker)
	var now asking
	err := e.Store.View(ctx, "measure.write", func(q *store.Read) error { return e.askAll(q, &now) })
	if err != nil {
		return fmt.Errorf("evaluate: %w", err)
	}
	if err := e.record(ctx, now.news); err != nil {
		return err
	}
	return e.Store.Work(ctx, func(w *store.Work) error {
		for _, key := range slices.Sorted(maps.Keys(now.failed)) { // in one order, or two nodes lock each other out
			if err := w.Do(`
				INSERT INTO work_asked (id, at, failed, size) VALUES (:id, :now, :failed, :size)
				ON CONFLICT (id) DO UPDATE SET at = excluded.at, failed = excluded.failed, size = excluded.size`,
				store.Args{"id": key, "failed": now.failed[key], "size": now.size}); err != nil {
				return err
			}
		}
		return nil
	})
}

// asking is what the indicators answered at one instant.
type asking struct {
	size   int64             // of the ledger
	news   []answer          // those that changed
	failed map[string]string // key → why it has no answer, "" when it has one
}

func (e *Engine) askAll(q *store.Read, out *asking) error {
	head, err := q.Head()
	if err != nil {
		return err
	}
	out.size, out.failed = head.Size, map[string]string{}
	before, err := measures(q, "")
	if err != nil {
		return err
	}
	all, err := e.all(q)
	if err != nil {
		return err
	}
	for _, in := range all {
		a, err := ask(q, in)
		if err != nil {
			if errors.Is(err, context.Canceled) {
				return err
			}
			out.failed[in.Key] = err.Error()
			continue
		}
		out.failed[in.Key] = ""
		if a.differs(before) {
			out.news = append(out.news, a)
		}
	}
	return nil
}

// Asked is how much of the ledger the indicators had seen when they were asked
// last, on whichever node.
func Asked(q *store.Read) (size int64, err error) {
	err = q.Row(`SELECT coalesce(max(size), 0) FROM work_asked`, nil, &size)
	return size, err
}

// all are the declared indicators and the municipality's own, with the limits
// that it has set.
func (e *Engine) all(q *store.Read) ([]indicator.Indicator, error) {
	own, err := e.own(q)
	if err != nil {
		return nil, err
	}
	all := append(slices.Clone(e.declared), own...)
	targets, err := targets(q)
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i] = aimed(all[i], targets)
	}
	return all, nil
}

// aimed is an indicator with the limits that the municipality has set.
func aimed(in indicator.Indicator, targets map[string]Target) indicator.Indicator {
	if t, ok := targets[in.Key]; ok {
		in.Goal, in.Warning, in.Most = t.Goal, t.Warning, t.Most
	}
	return in
}

// answer is what an indicator said.
type answer struct {
	key, name string
	indicator.Measure
	state       indicator.State
	new, turned bool
}

// differs reports whether the answer is another than the newest, and notes how.
func (a *answer) differs(before map[string]Measured) bool {
	was, ok := before[a.key]
	a.new, a.turned = !ok, !ok || was.State != a.state
	return a.turned || was.Measure != a.Measure
}

func ask(q *store.Read, in indicator.Indicator) (a answer, err error) {
	a.key, a.name = in.Key, in.Name[i18n.Da]
	if in.Ask != nil {
		a.Measure, _, err = in.Ask(q)
	} else {
		err = q.Row(in.Query, nil, &a.Met, &a.Total)
	}
	if err != nil {
		return a, err
	}
	if a.Met < 0 || a.Met > a.Total {
		return a, fmt.Errorf("%s says %d of %d", in.Key, a.Met, a.Total)
	}
	a.state = in.Limits().State(a.Measure)
	return a, nil
}

// record keeps the answers that changed: the row says what is, its history
// what was, and the leaf that it was known when the ledger had that size.
func (e *Engine) record(ctx context.Context, news []answer) error {
	if len(news) == 0 {
		return nil
	}
	known := errors.New("another node has recorded them all")
	err := e.Store.Change(ctx, store.Intent{Verb: "measure.measure", Need: "measure.write"}, func(w *store.Write) error {
		head, err := w.Head()
		if err != nil {
			return err
		}
		before, err := measures(&w.Read, "") // another node may have asked meanwhile
		if err != nil {
			return err
		}
		left := false
		for _, a := range news {
			if !a.differs(before) {
				continue
			}
			args := store.Args{"id": a.key, "unit": people.Top, "met": a.Met, "total": a.Total, "state": string(a.state), "size": head.Size, "turned": 0}
			query := `UPDATE measure SET version = version + 1, updated_at = :now, updated_by = :actor, met = :met, total = :total,
				since = CASE WHEN :turned = 1 THEN :today ELSE since END, state = :state, size = :size WHERE id = :id`
			if a.turned {
				args["turned"] = 1
			}
			if a.new {
				query = `INSERT INTO measure (id, version, unit, updated_at, updated_by, met, total, state, since, size)
					VALUES (:id, 1, :unit, :now, :actor, :met, :total, :state, :today, :size)`
			}
			about := ref.Ref{Kind: "measure", ID: a.key}
			if err := w.Do(about, query, args); err != nil {
				return err
			}
			if err := record.Name(w, about, people.Top, a.name, ""); err != nil {
				return err
			}
			if err := record.Index(w, about, findable(a.key, a.name)); err != nil {
				return err
			}
			left = true
		}
		if !left {
			return known
		}
		return nil
	})
	if errors.Is(err, known) {
		return nil
	}
	return err
}

// Find returns an indicator with the municipality's own limits.
func (e *Engine) Find(q *store.Read, key string) (indicator.Indicator, error) {
	all, err := e.all(q)
	if err != nil {
		return indicator.Indicator{}, err
	}
	for _, in := range all {
		if in.Key == key {
			return in, nil
		}
	}
	return indicator.Indicator{}, problem.Missing()
}
