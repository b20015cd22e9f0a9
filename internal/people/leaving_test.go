package people_test

import (
	"testing"

	"vaern/internal/access"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
)

// count is one number from the database.
func (w *town) count(query string) (n int) {
	w.t.Helper()
	if err := w.s.View(w.ctx(), "test", func(q *store.Read) error { return q.Row(query, nil, &n) }); err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *town) leave(person, last string, now bool) {
	w.t.Helper()
	actor := access.Machine("test", "person.edit")
	err := w.s.Change(access.With(w.t.Context(), actor), store.Intent{Verb: "person.leave", Need: "person.edit"}, func(c *store.Write) error {
		_, err := people.Leave(c, person, dateOf(last), now)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestALeaverTakesNothingAlong(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.position("chief", "a")
		w.position("next", "a")
		w.grant("chief", access.Manager, "a")
		w.person("anna", "")
		w.hold("anna", "chief", "2025-01-01", "")
		w.hold("anna", "next", "2026-05-01", "")
		err := w.s.Work(t.Context(), func(k *store.Work) error {
			return k.Do(`INSERT INTO work_session (hash, person, begun, seen, passed) VALUES ('x', 'anna', :now, :now, 2)`, nil)
		})
		if err != nil {
			t.Fatal(err)
		}

		w.leave("anna", "2026-03-31", false) // the day is still to come
		if a, err := w.actor("anna"); err != nil || !a.Can("control.edit") {
			t.Errorf("until the last day she acts: %v %v", a.May, err)
		}
		if n := w.count(`SELECT count(*) FROM holding WHERE ends = '2026-03-31'`); n != 1 {
			t.Errorf("%d holdings end with the access, want 1", n)
		}
		if n := w.count(`SELECT count(*) FROM holding WHERE position = 'next'`); n != 0 {
			t.Error("a position that would begin after the last day stays")
		}
		if n := w.count(`SELECT count(*) FROM work_session`); n != 1 {
			t.Error("the session ended before its time")
		}

		w.leave("anna", "", true) // and now it is to end at once
		if _, err := w.actor("anna"); problem.Of(err) != problem.NotFound {
			t.Errorf("after leaving: %v, want not found", err)
		}
		if n := w.count(`SELECT count(*) FROM work_session`); n != 0 {
			t.Error("the session outlives the access")
		}
		if n := w.count(`SELECT count(*) FROM holding WHERE position = 'chief' AND (ends IS NULL OR ends >= '2026-03-02')`); n != 0 {
			t.Error("the position is still held")
		}
	})
}

func TestAHoldingLastsNoLongerThanTheAccess(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.position("temp", "a")
		w.person("bo", "2026-06-30")
		w.hold("bo", "temp", "2026-01-01", "")
		if n := w.count(`SELECT count(*) FROM holding WHERE ends = '2026-06-30'`); n != 1 {
			t.Error("the holding does not end with the access")
		}
		err := w.try(func(c *store.Write) error {
			return people.Holdings.Add(c, &people.Holding{Head: record.Head{Unit: "a"}, Person: "bo", Position: "temp", Starts: "2026-07-01"})
		})
		if p := problem.As(err); p == nil || p.Fields["person"].In(0) == "" {
			t.Errorf("a position after the access: %v, want person refused", err)
		}
	})
}

func TestAnExternalNeedsASponsorAndAnEnd(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.position("chief", "a")
		p := people.Person{Head: record.Head{Unit: "a"}, Number: "X1", Name: "Vagn Vægter", Category: "keys"}
		err := w.try(func(c *store.Write) error { return people.Persons.Add(c, &p) })
		e := problem.As(err)
		if e == nil || e.Fields["ends"].In(0) == "" || e.Fields["sponsor"].In(0) == "" {
			t.Fatalf("got %v, want ends and sponsor marked", err)
		}
		p.Ends, p.Sponsor = "2026-12-31", "chief"
		w.do(func(c *store.Write) error { return people.Persons.Add(c, &p) }) // without mail or account
	})
}
