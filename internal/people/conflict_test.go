package people_test

import (
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
)

// refused fails the test unless a change is refused for the field, with the
// person and the reason in plain words.
func (w *town) refused(field string, fn func(*store.Write) error) {
	w.t.Helper()
	p := problem.As(w.try(fn))
	if p == nil {
		w.t.Fatalf("%s: not refused", field)
	}
	said := p.Fields[field].In(0)
	if !strings.Contains(said, "Navn eva") || !strings.Contains(said, "fører tilsyn") {
		w.t.Errorf("%s: %v does not say who and why", field, p)
	}
}

// Every way in which two roles that are kept apart can meet in one person.
func TestRolesThatAreKeptApartNeverMeetInOnePerson(t *testing.T) {
	holding := func(position, from, to string) func(*store.Write) error {
		return func(c *store.Write) error {
			return people.Holdings.Add(c, &people.Holding{Head: record.Head{Unit: people.Top}, Person: "eva", Position: position, Starts: dateOf(from), Ends: dateOf(to)})
		}
	}
	grant := func(position, role string) func(*store.Write) error {
		return func(c *store.Write) error {
			return people.Grants.Add(c, &people.Grant{Head: record.Head{Unit: people.Top}, Position: position, Role: people.Role(role)})
		}
	}
	deputy := func(absent, position, to string) func(*store.Write) error {
		return func(c *store.Write) error {
			return people.Deputies.Add(c, &people.Deputy{Head: record.Head{Unit: people.Top}, Absent: absent, Position: position, Starts: "2026-01-01", Ends: dateOf(to)})
		}
	}
	each(t, func(t *testing.T, w *town) {
		for _, p := range []string{"dpo", "chief", "clerk", "spare"} {
			w.position(p, "a")
		}
		w.grant("dpo", access.DPO, people.Top)
		w.grant("chief", access.Manager, "a")
		w.person("eva", "")
		w.hold("eva", "dpo", "2025-01-01", "2026-12-31")
		w.hold("eva", "clerk", "2025-01-01", "")

		w.refused("position", holding("chief", "2026-06-01", ""))
		w.do(holding("chief", "2027-01-01", "")) // when she is no longer the officer
		w.refused("role", grant("clerk", "coordinator"))
		w.refused("absent", deputy("chief", "clerk", "2026-04-01"))
		w.do(deputy("chief", "clerk", "2026-02-01")) // over and done with
		w.do(deputy("chief", "spare", ""))
		w.refused("position", holding("spare", "2026-03-01", ""))
	})
}
