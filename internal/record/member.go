package record

import (
	"fmt"
	"iter"
	"strings"

	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// MemberKind is the kind of the rows that say who is let into a closed case.
const MemberKind = "record_member"

// Admit lets a person into a closed case; who makes one is its first member.
// Admitting a member again changes nothing.
func Admit(w *store.Write, about ref.Ref, person string) error {
	is, err := Member(&w.Read, about.ID, person)
	if err != nil || is {
		return err
	}
	id := w.NewID()
	return w.Do(ref.Ref{Kind: MemberKind, ID: id}, `
		INSERT INTO record_member (id, version, updated_at, updated_by, kind, record, person)
		VALUES (:id, 1, :now, :actor, :kind, :record, :person)`,
		store.Args{"id": id, "kind": about.Kind, "record": about.ID, "person": person})
}

// Dismiss ends a person's access to a closed case. The last member stays:
// nobody could ever open it again.
func Dismiss(w *store.Write, about ref.Ref, person string) error {
	var id string
	var members int
	if err := w.Row(`
		SELECT count(*), coalesce(max(CASE WHEN person = :person THEN id END), '')
		FROM record_member WHERE record = :record`, store.Args{"record": about.ID, "person": person}, &members, &id); err != nil {
		return err
	}
	switch {
	case id == "":
		return problem.Missing()
	case members == 1:
		return problem.New(problem.Precondition, "Det er den sidste, der kan åbne sagen. Luk en anden ind først.",
			"This is the last person who can open the case. Let somebody else in first.")
	}
	return w.Do(ref.Ref{Kind: MemberKind, ID: id}, `DELETE FROM record_member WHERE id = :id`, store.Args{"id": id})
}

// Member reports whether a person is let into a closed case.
func Member(q *store.Read, record, person string) (bool, error) {
	var n int
	err := q.Row(`SELECT count(*) FROM record_member WHERE record = :record AND person = :person`,
		store.Args{"record": record, "person": person}, &n)
	return n > 0, err
}

// Cases returns which of these closed cases the actor is let into.
func Cases(q *store.Read, ids iter.Seq[string]) (map[string]bool, error) {
	out, args := map[string]bool{}, store.Args{}
	var names []string
	for id := range ids {
		name := fmt.Sprintf("id%d", len(names))
		names = append(names, ":"+name)
		args[name] = id
	}
	if len(names) == 0 {
		return out, nil
	}
	err := q.Rows(`SELECT record FROM record_member WHERE person = :actor AND record IN (`+strings.Join(names, ", ")+`)`, args,
		func(scan store.Scan) error {
			var id string
			err := scan(&id)
			out[id] = true
			return err
		})
	return out, err
}

// dismissAll ends everybody's access to a closed case that is no more.
func dismissAll(w *store.Write, record string) error {
	ids, err := w.Texts(`SELECT id FROM record_member WHERE record = :record`, store.Args{"record": record})
	for _, id := range ids {
		if err == nil {
			err = w.Do(ref.Ref{Kind: MemberKind, ID: id}, `DELETE FROM record_member WHERE id = :id`, store.Args{"id": id})
		}
	}
	return err
}
