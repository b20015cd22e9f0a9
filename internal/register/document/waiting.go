package document

import (
	"vaern/internal/store"
)

// Waits is a version in review that has not been decided.
type Waits struct {
	ID, Title, Label string
	Since            string // the day of its latest step
}

// Waiting are the versions in review within reach, the one that waited longest
// first: what a body has to decide. Who may not see drafts gets none.
func Waiting(q *store.Read, most int) (out []Waits, err error) {
	if !q.Actor.Can(SeeDrafts) {
		return nil, nil
	}
	drafts, err := q.With(SeeDrafts)
	if err != nil {
		return nil, err
	}
	err = drafts.Rows(`
		SELECT e.id, d.title, e.label, e.updated_at FROM edition e JOIN document d ON d.id = e.document
		WHERE e.state = 'in_review' AND :scope(e.unit)
		ORDER BY e.updated_at, e.id LIMIT :most`, store.Args{"most": most}, func(scan store.Scan) error {
		var w Waits
		err := scan(&w.ID, &w.Title, &w.Label, &w.Since)
		out = append(out, w)
		return err
	})
	return out, err
}
