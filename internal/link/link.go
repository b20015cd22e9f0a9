// Package link ties records of any kind together, with the reason why.
package link

import (
	"cmp"
	"embed"
	"reflect"
	"slices"
	"strings"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the table of links.
func Schema() store.Schema {
	return store.Schema{Name: "link", Files: store.Folder(files)}
}

// Kind is what a link is called in the ledger.
const Kind = "link"

// See opens the pages of links; which links are there, their ends decide.
const See access.Permission = "link.see"

// Told are the columns of a link that history tells of.
var Told = field.Of(reflect.TypeFor[struct {
	Reason string `da:"Begrundelse" en:"Reason"`
}]())

// Verbs are how history tells of links.
var Verbs = map[string]i18n.Text{
	"link.create": {"knyttede noget sammen med", "tied something to"},
	"link.remove": {"fjernede en forbindelse fra", "removed a link from"},
}

// Link is one tie as seen from one of its ends.
type Link struct {
	ID     string
	Other  record.Called // the other end
	Reason string
	Since  string
}

// Of are the links of a record, whichever end it is, to what the actor may
// see. q sees the record.
func Of(q *store.Read, about ref.Ref) ([]Link, error) {
	var all []Link
	var others []ref.Ref
	err := q.Rows(`
		SELECT id, to_kind, to_record, reason, updated_at FROM link WHERE record = :record AND kind = :kind
		UNION ALL
		SELECT id, kind, record, reason, updated_at FROM link WHERE to_record = :record AND to_kind = :kind
		ORDER BY id`, store.Args{"kind": about.Kind, "record": about.ID}, func(scan store.Scan) error {
		var l Link
		err := scan(&l.ID, &l.Other.Kind, &l.Other.ID, &l.Reason, &l.Since)
		all, others = append(all, l), append(others, l.Other.Ref)
		return err
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	seen, err := record.Seen(q, others)
	if err != nil {
		return nil, err
	}
	var out []Link
	for _, l := range all {
		if c, ok := seen[l.Other.Ref]; ok {
			l.Other = c
			out = append(out, l)
		}
	}
	slices.SortStableFunc(out, func(a, b Link) int {
		return cmp.Or(strings.Compare(a.Other.Kind, b.Other.Kind), strings.Compare(a.Other.Title, b.Other.Title))
	})
	return out, nil
}

// Tie links two records within a change. The actor edits the first, and sees
// the second. A pair is tied once, whichever end it was tied from.
func Tie(w *store.Write, from, to ref.Ref, reason string) error {
	if _, _, err := record.Reaching(&w.Read, from, "edit"); err != nil {
		return err
	}
	if from == to {
		return problem.Field("to", "Vælg en anden. Noget kan ikke hænge sammen med sig selv.", "Choose another. Nothing can be tied to itself.")
	}
	if _, _, err := record.Reached(&w.Read, to); err != nil {
		if problem.Of(err) == problem.NotFound {
			err = problem.Field("to", "Vælg en, der findes.", "Choose one that exists.")
		}
		return err
	}
	if len(reason) > 500 {
		return problem.Field("reason", "Skriv det kortere.", "Make it shorter.")
	}
	var n int
	err := w.Row(`SELECT count(*) FROM link WHERE (record = :a AND to_record = :b) OR (record = :b AND to_record = :a)`, store.Args{"a": from.ID, "b": to.ID}, &n)
	if err == nil && n > 0 {
		err = problem.Field("to", "De hænger allerede sammen.", "They are tied already.")
	}
	if err != nil {
		return err
	}
	id := w.NewID()
	return w.Do(ref.Ref{Kind: Kind, ID: id}, `
		INSERT INTO link (id, version, updated_at, updated_by, kind, record, to_kind, to_record, reason)
		VALUES (:id, 1, :now, :actor, :kind, :record, :to_kind, :to_record, :reason)`,
		store.Args{"id": id, "kind": from.Kind, "record": from.ID, "to_kind": to.Kind, "to_record": to.ID, "reason": strings.TrimSpace(reason)})
}

// Untie removes a link of a record that the actor edits.
func Untie(w *store.Write, about ref.Ref, id string) error {
	if _, _, err := record.Reaching(&w.Read, about, "edit"); err != nil {
		return err
	}
	mine, err := Of(&w.Read, about)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(mine, func(l Link) bool { return l.ID == id }) {
		return problem.Missing()
	}
	return w.Do(ref.Ref{Kind: Kind, ID: id}, `DELETE FROM link WHERE id = :id`, store.Args{"id": id})
}
