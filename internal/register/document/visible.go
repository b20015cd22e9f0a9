package document

import (
	"slices"
	"strings"

	"vaern/internal/problem"
	"vaern/internal/store"
)

// Everybody reads what is or was in force. Whoever may see drafts reads the
// other versions too, where that permission reaches.

const public = `state IN ('in_force', 'superseded')`

// editions returns the versions of a document that the actor may see, newest first.
func editions(q *store.Read, document string) ([]Edition, error) {
	args := store.Args{"document": document}
	if may := q.Actor.May; q.Actor.Can(SeeDrafts) && may[SeeDrafts].Key() == may[q.Need].Key() {
		return readEditions(q, `document = :document`, args)
	}
	out, err := readEditions(q, `document = :document AND `+public, args)
	if err != nil || !q.Actor.Can(SeeDrafts) {
		return out, err
	}
	drafts, err := q.With(SeeDrafts)
	if err != nil {
		return nil, err
	}
	more, err := readEditions(drafts, `document = :document AND NOT `+public, args)
	out = append(out, more...)
	slices.SortFunc(out, func(a, b Edition) int { return strings.Compare(b.ID, a.ID) })
	return out, err
}

func readEditions(q *store.Read, where string, args store.Args) (out []Edition, err error) {
	err = q.Rows(`SELECT `+editionColumns+` FROM edition WHERE `+where+` AND :scope ORDER BY id DESC`, args,
		func(scan store.Scan) error {
			e, err := scanEdition(scan)
			out = append(out, e)
			return err
		})
	return out, err
}

// edition returns one version, under the same rule.
func edition(q *store.Read, id string) (e Edition, err error) {
	found, err := readEditions(q, `id = :id`, store.Args{"id": id})
	if err != nil {
		return e, err
	}
	if len(found) == 0 {
		return e, problem.Missing()
	}
	if found[0].State.Public() {
		return found[0], nil
	}
	drafts, err := q.With(SeeDrafts)
	if err != nil {
		return e, problem.Missing() // not visible looks like not there
	}
	var n int
	err = drafts.Row(`SELECT count(*) FROM edition WHERE id = :id AND :scope`, store.Args{"id": id}, &n)
	if err == nil && n == 0 {
		err = problem.Missing()
	}
	return found[0], err
}

// Current is the policy: the version in force, or, where none is, the newest
// that the actor may see. A municipality without any gets a NotFound problem.
func Current(q *store.Read) (e Edition, title string, err error) {
	e, title, err = current(q, `e.state = 'in_force'`)
	if problem.Of(err) != problem.NotFound || !q.Actor.Can(SeeDrafts) {
		return e, title, err
	}
	drafts, err := q.With(SeeDrafts)
	if err != nil {
		return e, title, err
	}
	return current(drafts, `e.state <> 'superseded'`)
}

func current(q *store.Read, where string) (e Edition, title string, err error) {
	columns := "e." + strings.ReplaceAll(editionColumns, ", ", ", e.")
	err = q.Rows(`
		SELECT d.title, `+columns+`
		FROM edition e JOIN document d ON d.id = e.document
		WHERE d.level = 'policy' AND `+where+` AND :scope(e.unit)
		ORDER BY e.id DESC LIMIT 1`, nil,
		func(scan store.Scan) (err error) {
			e, err = scanEdition(func(dest ...any) error { return scan(append([]any{&title}, dest...)...) })
			return err
		})
	if err == nil && e.ID == "" {
		err = problem.Missing()
	}
	return e, title, err
}

// InForceOn is the version of a document that was in force on a day; the
// second result is false when none was.
func InForceOn(q *store.Read, document, day string) (Edition, bool, error) {
	return first(readEditions(q, `document = :document AND starts <= :day AND (ends IS NULL OR ends >= :day)`,
		store.Args{"document": document, "day": day}))
}

// inForce is the version of a document that is in force now, if any.
func inForce(q *store.Read, document string) (Edition, bool, error) {
	return first(readEditions(q, `document = :document AND state = 'in_force'`, store.Args{"document": document}))
}

func first(found []Edition, err error) (Edition, bool, error) {
	if err != nil || len(found) == 0 {
		return Edition{}, false, err
	}
	return found[0], true, nil
}
