package receipt

import (
	"encoding/json"
	"strings"

	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// How far a reading has come.
const (
	planned = "planned" // prepared before the version is in force
	open    = "open"    // people are asked
	closed  = "closed"  // a newer version is asked about
)

// How somebody stands in a reading.
const (
	waiting = "open"   // is to read
	done    = "done"   // has
	kept    = "kept"   // no changed sentence is for them, so the earlier receipt counts
	spared  = "spared" // left out this once, with a reason
)

// Reading is a version that people are asked to read.
type Reading struct {
	ID, Unit, Title, Document, Edition, State string
	First                                     bool
	Changed                                   []string // sentences that ask
	Skipped                                   []string // sentences that the publisher let ask nobody
	More                                      Rules    // widen or narrow this once
	Why                                       string
	Opened, Due                               string
	Days, Minutes                             int64
	Wanted, Reached                           int64 // how many are to be placed, and are
}

// Ref points at the reading.
func (r *Reading) Ref() ref.Ref { return ref.Ref{Kind: "reading", ID: r.ID} }

// asks reports whether anybody is asked anew. Otherwise the last day is still that
// of those who were asked before.
func (r *Reading) asks() bool { return r.First || len(r.Changed) > 0 || len(r.More) > 0 }

const readingColumns = `id, unit, title, document, edition, state, first, changed, skipped, more, why, coalesce(opened, ''), coalesce(due, ''), days, minutes, wanted, reached`

// readings are those that a condition finds, newest first.
func readings(q *store.Read, where string, args store.Args) (out []Reading, err error) {
	err = q.Rows(`SELECT `+readingColumns+` FROM reading WHERE `+where+` ORDER BY opened IS NULL DESC, opened DESC, id DESC`, args, func(scan store.Scan) error {
		var r Reading
		var changed, skipped, more string
		if err := scan(&r.ID, &r.Unit, &r.Title, &r.Document, &r.Edition, &r.State, &r.First, &changed, &skipped, &more, &r.Why,
			&r.Opened, &r.Due, &r.Days, &r.Minutes, &r.Wanted, &r.Reached); err != nil {
			return err
		}
		r.Changed, r.Skipped = strings.Fields(changed), strings.Fields(skipped)
		if err := json.Unmarshal([]byte(more), &r.More); err != nil {
			return err
		}
		out = append(out, r)
		return nil
	})
	return out, err
}

// reading returns one.
func reading(q *store.Read, id string) (Reading, error) {
	found, err := readings(q, `id = :id`, store.Args{"id": id})
	if err == nil && len(found) == 0 {
		err = problem.Missing()
	}
	if err != nil {
		return Reading{}, err
	}
	return found[0], nil
}

// story are the readings of a document, newest first. The second result of each
// of its methods is false when there is none.
type story []Reading

func storyOf(q *store.Read, document string) (story, error) {
	return readings(q, `document = :document`, store.Args{"document": document})
}

func (s story) first(where func(r *Reading) bool) (Reading, bool) {
	for i := range s {
		if where(&s[i]) {
			return s[i], true
		}
	}
	return Reading{}, false
}

// of is the reading of a version.
func (s story) of(edition string) (Reading, bool) {
	return s.first(func(r *Reading) bool { return r.Edition == edition })
}

// now is what people are asked about.
func (s story) now() (Reading, bool) {
	return s.first(func(r *Reading) bool { return r.State == open })
}

// before is what people were asked about before a version.
func (s story) before(edition string) (Reading, bool) {
	now, ok := s.now()
	if !ok || now.Edition != edition {
		return now, ok
	}
	return s.first(func(r *Reading) bool { return r.State == closed && r.ID < now.ID })
}

// put stores a reading: new when it has no id.
func put(w *store.Write, r *Reading) error {
	if r.More == nil {
		r.More = Rules{}
	}
	more, err := json.Marshal(r.More)
	if err != nil {
		return err
	}
	args := store.Args{"unit": r.Unit, "title": r.Title, "document": r.Document, "edition": r.Edition, "state": r.State, "first": flag(r.First),
		"changed": strings.Join(r.Changed, " "), "skipped": strings.Join(r.Skipped, " "), "more": string(more), "why": r.Why,
		"opened": day(r.Opened), "due": day(r.Due), "days": r.Days, "minutes": r.Minutes, "wanted": r.Wanted, "reached": r.Reached}
	query := `UPDATE reading SET version = version + 1, updated_at = :now, updated_by = :actor, title = :title, state = :state, first = :first,
		changed = :changed, skipped = :skipped, more = :more, why = :why, opened = :opened, due = :due, days = :days, minutes = :minutes,
		wanted = :wanted, reached = :reached WHERE id = :id`
	if r.ID == "" {
		r.ID = w.NewID()
		query = `INSERT INTO reading (id, version, unit, updated_at, updated_by, title, document, edition, state, first, changed, skipped, more, why, opened, due, days, minutes, wanted, reached)
			VALUES (:id, 1, :unit, :now, :actor, :title, :document, :edition, :state, :first, :changed, :skipped, :more, :why, :opened, :due, :days, :minutes, :wanted, :reached)`
	}
	args["id"] = r.ID
	if err := w.Do(r.Ref(), query, args); err != nil {
		return err
	}
	return record.Name(w, r.Ref(), r.Unit, r.Title, "")
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// day is a day as it is stored: none is NULL.
func day(s string) any {
	if s == "" {
		return nil
	}
	return s
}
