package document

import (
	"context"

	"vaern/internal/clause"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/theme"
	"vaern/internal/themed"
)

// Binding says what a clause asks for. Through its themes it meets the rules,
// controls and indicators that serve them.
type Binding struct {
	ID       string
	Clause   string
	Themes   themed.Themes
	Accepted bool // by a person; otherwise it is only proposed
}

// Bindings are those of a document, by clause.
func Bindings(q *store.Read, document string) (map[string]Binding, error) {
	out := map[string]Binding{}
	err := q.Rows(`SELECT id, clause, themes, accepted FROM binding WHERE document = :d AND :scope`, store.Args{"d": document},
		func(scan store.Scan) error {
			var b Binding
			err := scan(&b.ID, &b.Clause, &b.Themes, &b.Accepted)
			out[b.Clause] = b
			return err
		})
	return out, err
}

// propose gives each clause that has no binding yet the themes it seems to ask
// for. A clause that only explains gets none, and an empty binding.
func propose(w *store.Write, e *Edition) error {
	have, err := Bindings(&w.Read, e.Document)
	if err != nil {
		return err
	}
	for _, c := range e.Clauses() {
		if _, ok := have[c.ID]; ok || c.Kind == clause.Heading {
			continue
		}
		if err := bind(w.As("document.propose"), e, Binding{Clause: c.ID, Themes: Proposed(c)}); err != nil {
			return err
		}
	}
	return nil
}

// Proposed are the themes that a clause seems to ask for.
func Proposed(c clause.Clause) themed.Themes {
	var keys []string
	for _, m := range theme.Propose(c.Text) {
		keys = append(keys, m.Key)
	}
	return themed.Of(keys...)
}

func bind(w *store.Write, e *Edition, b Binding) error {
	args := store.Args{"id": b.ID, "document": e.Document, "unit": e.Unit, "clause": b.Clause, "themes": string(b.Themes), "accepted": 0}
	if b.Accepted {
		args["accepted"] = 1
	}
	if b.ID == "" {
		b.ID = w.NewID()
		args["id"] = b.ID
		about := ref.Ref{Kind: "binding", ID: b.ID}
		if err := record.Name(w, about, e.Unit, b.Clause, ""); err != nil {
			return err
		}
		if err := w.Do(about, `
			INSERT INTO binding (id, version, unit, updated_at, updated_by, document, clause, themes, accepted)
			VALUES (:id, 1, :unit, :now, :actor, :document, :clause, :themes, :accepted)`, args); err != nil {
			return err
		}
		return b.index(w)
	}
	if err := w.Do(ref.Ref{Kind: "binding", ID: b.ID}, `
		UPDATE binding SET version = version + 1, updated_at = :now, updated_by = :actor, themes = :themes, accepted = :accepted
		WHERE id = :id`, args); err != nil {
		return err
	}
	return b.index(w)
}

// index says which themes a binding has, for queries.
func (b *Binding) index(w *store.Write) error {
	if err := w.Also(`DELETE FROM binding_theme WHERE binding = :id`, store.Args{"id": b.ID}); err != nil {
		return err
	}
	for _, key := range b.Themes.Keys() {
		if err := w.Also(`INSERT INTO binding_theme (binding, theme) VALUES (:id, :theme)`, store.Args{"id": b.ID, "theme": key}); err != nil {
			return err
		}
	}
	return nil
}

// Accept says what a clause asks for: the proposal as it is, or something else.
func Accept(ctx context.Context, s *store.Store, editionID, clauseID string, themes themed.Themes) error {
	for _, key := range themes.Keys() {
		if _, ok := theme.Get(key); !ok {
			return problem.Field("themes", "Vælg temaer fra listen.", "Choose themes from the list.")
		}
	}
	return s.Change(ctx, store.Intent{Verb: "document.bind", Need: Bind}, func(w *store.Write) error {
		e, err := edition(&w.Read, editionID)
		if err != nil {
			return err
		}
		have, err := Bindings(&w.Read, e.Document)
		if err != nil {
			return err
		}
		b, ok := have[clauseID]
		if !ok {
			if _, ok := e.Clause(clauseID); !ok {
				return problem.Missing()
			}
		}
		b.Clause, b.Themes, b.Accepted = clauseID, themes, true
		return bind(w, &e, b)
	})
}

// Clause is one clause of the version.
func (e *Edition) Clause(id string) (clause.Clause, bool) {
	for _, c := range e.Clauses() {
		if c.ID == id {
			return c, true
		}
	}
	return clause.Clause{}, false
}

// AcceptAll accepts every proposal for a version's clauses as it stands.
func AcceptAll(ctx context.Context, s *store.Store, editionID string) error {
	return s.Change(ctx, store.Intent{Verb: "document.bind", Need: Bind}, func(w *store.Write) error {
		e, err := edition(&w.Read, editionID)
		if err != nil {
			return err
		}
		have, err := Bindings(&w.Read, e.Document)
		if err != nil {
			return err
		}
		accepted := 0
		for _, c := range e.Clauses() {
			b, ok := have[c.ID]
			if !ok || b.Accepted {
				continue
			}
			b.Accepted = true
			accepted++
			if err := bind(w, &e, b); err != nil {
				return err
			}
		}
		if accepted == 0 {
			return problem.New(problem.Conflict, "Alle forslag er allerede bekræftet.", "All proposals are accepted already.")
		}
		return nil
	})
}
