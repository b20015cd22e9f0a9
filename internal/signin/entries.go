package signin

import (
	"slices"
	"strings"

	"vaern/internal/history"
	"vaern/internal/store"
)

// came is one line of how somebody came in, or failed to.
type came struct {
	At    string
	How   string // the verb of the leaf; "" for tries that failed
	Tries int    // how many failed that day
}

const lately = 10 // lines of it that a person is shown

// entries are the newest ways in and the days with tries that failed, the newest first.
func entries(q *store.Read, person string) (out []came, err error) {
	err = q.Rows(`
		SELECT at, verb, 0 FROM (SELECT at, verb FROM ledger_leaf WHERE kind = :kind AND id = :person ORDER BY seq DESC LIMIT :n) AS leaves
		UNION ALL
		SELECT newest, '', tries FROM (SELECT newest, tries FROM work_refused WHERE person = :person ORDER BY day DESC LIMIT :n) AS refused`,
		store.Args{"kind": history.SignIn, "person": person, "n": lately}, func(scan store.Scan) error {
			var c came
			err := scan(&c.At, &c.How, &c.Tries)
			out = append(out, c)
			return err
		})
	slices.SortFunc(out, func(a, b came) int { return strings.Compare(b.At, a.At) })
	return out[:min(len(out), lately)], err
}

// refused counts a try that failed for the person it was made at, if there is
// one: the statement is the same for a name that nobody has.
func refused(w *store.Work, person string) error {
	return w.Do(`
		INSERT INTO work_refused (person, day, tries, newest) SELECT id, :today, 1, :now FROM person WHERE id = :person
		ON CONFLICT (person, day) DO UPDATE SET tries = work_refused.tries + 1, newest = excluded.newest`, store.Args{"person": person})
}
