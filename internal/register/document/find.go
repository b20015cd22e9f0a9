package document

import (
	"vaern/internal/clause"
	"vaern/internal/i18n"
	"vaern/internal/module"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// Search finds the sentences of what is in force for everybody, and those of
// what is on its way for whoever sees drafts. What is superseded is history.
const (
	foundClause = "clause"
	foundDraft  = "draft_clause"
)

var found = []module.Found{
	{Kind: foundClause, Many: i18n.Text{"Sætninger i det, der gælder", "Clauses of what is in force"}, Need: "document.see", Path: toClause,
		Fill: refill(foundClause, `state = 'in_force'`)},
	{Kind: foundDraft, Many: i18n.Text{"Sætninger i udkast", "Clauses of drafts"}, Need: SeeDrafts, Path: toClause,
		Fill: refill(foundDraft, `NOT `+public)},
}

func toClause(edition, clause string) string { return path(edition) + "#c-" + clause }

// findable keeps what search finds in step with a version.
func (e *Edition) findable(w *store.Write) error {
	for _, kind := range []string{foundClause, foundDraft} {
		if err := record.Index(w, ref.Ref{Kind: kind, ID: e.ID}, e.entries(kind)...); err != nil {
			return err
		}
	}
	return nil
}

// entries are the clauses of a version, and the headings of its sections, which
// lead to the first clause below them.
func (e *Edition) entries(kind string) (out []record.Entry) {
	if kind == foundClause && e.State != InForce || kind == foundDraft && e.State.Public() {
		return nil
	}
	add := func(at, title, body string) {
		out = append(out, record.Entry{Ref: ref.Ref{Kind: kind, ID: e.ID}, Part: at, Unit: e.Unit, Title: title, Body: body})
	}
	for _, s := range e.Sections {
		if len(s.Clauses) > 0 && s.Title != "" {
			add(s.Clauses[0].ID, s.Number+" "+s.Title, "")
		}
		for _, c := range s.Clauses {
			if c.Kind == clause.Heading {
				add(c.ID, c.Text, "")
			} else {
				add(c.ID, c.ID, c.Text)
			}
		}
	}
	return out
}

// fewer is how many versions count as one record: each has many sentences.
const fewer = 20

func refill(kind, where string) func(*store.Work, string, int) (string, error) {
	return func(w *store.Work, after string, most int) (last string, err error) {
		var ids []string
		var entries []record.Entry
		err = w.Rows(`SELECT `+editionColumns+` FROM edition WHERE id > :after AND `+where+` ORDER BY id LIMIT :n`,
			store.Args{"after": after, "n": max(most/fewer, 1)}, func(scan store.Scan) error {
				e, err := scanEdition(scan)
				ids, entries, last = append(ids, e.ID), append(entries, e.entries(kind)...), e.ID
				return err
			})
		if err != nil {
			return "", err
		}
		return last, record.Reindex(w, kind, ids, entries)
	}
}
