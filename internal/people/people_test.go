package people_test

import (
	"context"
	"slices"
	"testing"

	"vaern/internal/access"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

var table = people.Table{
	access.Employee: {"rule.see"},
	access.Manager:  {"control.edit"},
	access.Director: {"policy.decide"},
}

// town is a municipality of three units under the top: a, a1 under a, and b.
type town struct {
	t *testing.T
	s *store.Store
}

func each(t *testing.T, fn func(*testing.T, *town)) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := &town{t: t, s: s}
		w.do(func(w2 *store.Write) error {
			if err := people.FoundTop(w2); err != nil {
				return err
			}
			for _, u := range [][2]string{{people.Top, people.Top}, {"a", people.Top}, {"a1", "a"}, {"b", people.Top}} {
				rec := people.Unit{Head: record.Head{ID: u[0], Unit: u[1]}, Number: u[0], Name: "Enhed " + u[0], Kind: "department"}
				if err := people.Units.Add(w2, &rec); err != nil {
					return err
				}
			}
			return nil
		})
		fn(t, w)
	}, people.Schema())
}

func everything() access.Actor {
	return access.Machine("test", "test", "unit.edit", "unit.see", "holding.edit", "role_grant.create")
}

func (w *town) ctx() context.Context { return access.With(w.t.Context(), everything()) }

func (w *town) do(fn func(*store.Write) error) {
	w.t.Helper()
	if err := w.try(fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) try(fn func(*store.Write) error) error {
	return w.s.Change(w.ctx(), store.Intent{Verb: "test.do", Need: "test"}, fn)
}

func (w *town) position(id, unit string) {
	w.t.Helper()
	w.do(func(c *store.Write) error {
		return people.Positions.Add(c, &people.Position{Head: record.Head{ID: id, Unit: unit}, Title: "Stilling " + id})
	})
}

func (w *town) person(id string, ends string) {
	w.t.Helper()
	w.do(func(c *store.Write) error {
		p := people.Person{Head: record.Head{ID: id, Unit: people.Top}, Number: id, Name: "Navn " + id, Mail: id + "@By.example", Category: "employee"}
		p.Ends = dateOf(ends)
		return people.Persons.Add(c, &p)
	})
}

func (w *town) hold(person, position, from, to string) {
	w.t.Helper()
	w.do(func(c *store.Write) error {
		return people.Holdings.Add(c, &people.Holding{Head: record.Head{Unit: people.Top}, Person: person, Position: position, Starts: dateOf(from), Ends: dateOf(to)})
	})
}

func (w *town) grant(position string, role access.Role, unit string) {
	w.t.Helper()
	w.do(func(c *store.Write) error {
		return people.Grants.Add(c, &people.Grant{Head: record.Head{Unit: unit}, Position: position, Role: people.Role(role)})
	})
}

func (w *town) actor(person string) (a access.Actor, err error) {
	err = w.s.Peek(w.ctx(), func(q *store.Read) (err error) {
		a, err = table.Actor(q, person)
		return err
	})
	return a, err
}

// Today in the tests is 2 March 2026.

func TestRolesFollowThePositionAndItsUnit(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.position("chief", "a")
		w.person("anna", "")
		w.hold("anna", "chief", "2025-01-01", "")
		w.grant("chief", access.Manager, "a")
		a, err := w.actor("anna")
		if err != nil {
			t.Fatal(err)
		}
		if r := a.May["control.edit"]; r.Whole || !slices.Equal(r.Tops, []string{"a"}) {
			t.Errorf("reach %+v, want unit a", r)
		}
		if !a.May["rule.see"].Whole {
			t.Error("an employee sees the rules of the whole municipality")
		}
	})
}

func TestPositionCountsOnlyFromItsFirstDayToItsLast(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.position("plain", "a")
		for i, c := range []struct {
			from, to string
			want     bool
		}{
			{"2026-03-02", "2026-03-02", true}, {"2026-03-03", "", false}, {"2025-01-01", "2026-03-01", false}, {"2025-01-01", "", true},
		} {
			id := string(rune('p' + i))
			w.position(id, "a")
			w.person("x"+id, "")
			w.hold("x"+id, "plain", "2020-01-01", "") // who is here all the time
			w.hold("x"+id, id, c.from, c.to)
			w.grant(id, access.Manager, "a")
			a, err := w.actor("x" + id)
			if err != nil || a.Can("control.edit") != c.want {
				t.Errorf("%s to %q: may act %v, want %v (%v)", c.from, c.to, a.Can("control.edit"), c.want, err)
			}
		}
	})
}

func TestWhoIsStillToBeginWaitsForTheDay(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.position("first", "a")
		w.position("next", "a")
		w.person("new", "")
		if _, err := w.actor("new"); err != nil {
			t.Errorf("without any position: %v", err)
		}
		w.hold("new", "next", "2026-03-03", "")
		if _, err := w.actor("new"); problem.Of(err) != problem.NotFound {
			t.Errorf("the day before the first: %v, want not found", err)
		}
		w.hold("new", "first", "2026-03-02", "2026-03-02")
		if _, err := w.actor("new"); err != nil {
			t.Errorf("with another position until then: %v", err)
		}
	})
}

func TestTheOwnSeatComesBeforeTheOneStoodInFor(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.position("chief", "a")
		w.position("second", "b")
		w.grant("chief", access.Manager, "a")
		w.grant("second", access.Manager, "b")
		w.person("bo", "")
		w.hold("bo", "second", "2025-01-01", "")
		w.do(func(c *store.Write) error {
			return people.Deputies.Add(c, &people.Deputy{Head: record.Head{Unit: "a"}, Absent: "chief", Position: "second", Starts: "2026-01-01"})
		})
		a, err := w.actor("bo")
		if r := a.May["control.edit"]; err != nil || !slices.Equal(r.Tops, []string{"b", "a"}) {
			t.Errorf("reach %+v, want b before a (%v)", r, err)
		}
	})
}

func TestDeputyActsForTheAbsentWhileItLasts(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.position("chief", "a")
		w.position("second", "a")
		w.grant("chief", access.Manager, "a")
		w.person("bo", "")
		w.hold("bo", "second", "2025-01-01", "")
		for _, c := range []struct {
			to   string
			want bool
		}{{"2026-03-01", false}, {"2026-04-01", true}} {
			w.do(func(c2 *store.Write) error {
				return people.Deputies.Add(c2, &people.Deputy{Head: record.Head{Unit: "a"}, Absent: "chief", Position: "second", Starts: "2026-01-01", Ends: dateOf(c.to)})
			})
			a, err := w.actor("bo")
			if err != nil || a.Can("control.edit") != c.want {
				t.Errorf("deputy until %s: may act %v, want %v (%v)", c.to, a.Can("control.edit"), c.want, err)
			}
		}
	})
}

func TestWhoLeftIsNobody(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.person("cara", "2026-03-01")
		if _, err := w.actor("cara"); problem.Of(err) != problem.NotFound {
			t.Errorf("got %v, want not found", err)
		}
	})
}

func TestAdviserAndAuditorDecideNothing(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.position("dpo", "a")
		w.grant("dpo", access.DPO, people.Top)
		err := w.try(func(c *store.Write) error {
			return people.Grants.Add(c, &people.Grant{Head: record.Head{Unit: people.Top}, Position: "dpo", Role: people.Role(access.Manager)})
		})
		if e := problem.As(err); e == nil || e.Fields["role"] == (e.Fields["none"]) {
			t.Errorf("got %v, want role refused", err)
		}
	})
}

func TestNobodyGivesTheOwnPositionARole(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.position("admin", "a")
		w.person("dora", "")
		w.hold("dora", "admin", "2025-01-01", "")
		actor := everything()
		actor.ID, actor.Machine = "dora", false
		_, err := people.Grants.Create(access.With(t.Context(), actor), w.s, people.Grant{Head: record.Head{Unit: people.Top}, Position: "admin", Role: "coordinator"}, "")
		if problem.Of(err) != problem.Invalid {
			t.Errorf("got %v, want invalid", err)
		}
	})
}

// Three steps, each harmless by itself, in any order come to a role.
func TestNobodyComesToARoleThroughADeputy(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		for _, p := range []string{"chief", "plain", "own", "next", "bare"} {
			w.position(p, "a")
		}
		w.grant("chief", access.Director, people.Top)
		w.person("dora", "")
		w.hold("dora", "own", "2025-01-01", "")
		w.hold("dora", "next", "2026-04-01", "")
		w.do(func(c *store.Write) error {
			for _, d := range [][2]string{{"chief", "plain"}, {"bare", "own"}} {
				if err := people.Deputies.Add(c, &people.Deputy{Head: record.Head{Unit: "a"}, Absent: d[0], Position: d[1], Starts: "2026-04-01"}); err != nil {
					return err
				}
			}
			return nil
		})
		far, near := everything(), everything()
		far.ID, far.Machine = "dora", false
		far.May["holding.create"], far.May["deputy.create"] = access.Reach{Whole: true}, access.Reach{Whole: true}
		near.ID, near.Machine = "erik", false
		near.May["holding.create"] = access.Reach{Tops: []string{"a"}}
		_, err := people.Holdings.Create(access.With(t.Context(), far), w.s, people.Holding{Head: record.Head{Unit: "a"}, Person: "dora", Position: "plain", Starts: "2026-03-02"}, "")
		if problem.Of(err) != problem.Invalid {
			t.Errorf("oneself in a position that is deputy for a role: %v, want invalid", err)
		}
		_, err = people.Holdings.Create(access.With(t.Context(), near), w.s, people.Holding{Head: record.Head{Unit: "a"}, Person: "dora", Position: "plain", Starts: "2026-03-02"}, "")
		if problem.Of(err) != problem.Invalid {
			t.Errorf("somebody in a position that is deputy for a role beyond one's reach: %v, want invalid", err)
		}
		_, err = people.Deputies.Create(access.With(t.Context(), far), w.s, people.Deputy{Head: record.Head{Unit: "a"}, Absent: "chief", Position: "next", Starts: "2026-03-02"}, "")
		if problem.Of(err) != problem.Invalid {
			t.Errorf("the position that one holds from next month as deputy for a role: %v, want invalid", err)
		}
		for _, position := range []string{"next", "bare"} {
			_, err = people.Grants.Create(access.With(t.Context(), far), w.s, people.Grant{Head: record.Head{Unit: people.Top}, Position: position, Role: "coordinator"}, "")
			if problem.Of(err) != problem.Invalid {
				t.Errorf("a role for %s, which one acts for from next month: %v, want invalid", position, err)
			}
		}
	})
}

func TestAMovedUnitTakesItsSubtreeAlong(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.do(func(c *store.Write) error {
			old, err := people.Units.Get(read(c, "unit.edit"), "a")
			if err != nil {
				return err
			}
			moved := old
			moved.Unit = "b"
			return people.Units.Replace(c, old, &moved)
		})
		var under []string
		if err := w.s.View(w.ctx(), "test", func(q *store.Read) error {
			return q.Rows(`SELECT unit FROM unit_under WHERE top = 'b' ORDER BY unit`, nil, func(scan store.Scan) error {
				var u string
				err := scan(&u)
				under = append(under, u)
				return err
			})
		}); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(under, []string{"a", "a1", "b"}) {
			t.Errorf("under b: %v", under)
		}
		err := w.try(func(c *store.Write) error {
			old, err := people.Units.Get(read(c, "unit.edit"), "b")
			if err != nil {
				return err
			}
			moved := old
			moved.Unit = "a1"
			return people.Units.Replace(c, old, &moved)
		})
		if problem.Of(err) != problem.Invalid {
			t.Errorf("a circle: %v, want invalid", err)
		}
	})
}

// Scope in SQL must admit exactly what CanAt admits.
func TestScopeIsCanAt(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		above := map[string][]string{people.Top: {people.Top}, "a": {"a", people.Top}, "a1": {"a1", "a", people.Top}, "b": {"b", people.Top}}
		for _, reach := range []access.Reach{
			{}, {Whole: true}, {Tops: []string{"a"}}, {Tops: []string{"a"}, Wide: true}, {Tops: []string{"a1", "b"}}, {Tops: []string{"gone"}},
		} {
			actor := storetest.Actor("x", reach, "unit.see")
			seen := map[string]bool{}
			err := w.s.View(access.With(t.Context(), actor), "unit.see", func(q *store.Read) error {
				return q.Rows(`SELECT id FROM unit WHERE :scope(id)`, nil, func(scan store.Scan) error {
					var id string
					err := scan(&id)
					seen[id] = true
					return err
				})
			})
			if err != nil {
				t.Fatal(err)
			}
			for unit, over := range above {
				if want := actor.CanAt("unit.see", over); seen[unit] != want {
					t.Errorf("reach %+v: unit %s seen %v, want %v", reach, unit, seen[unit], want)
				}
			}
		}
	})
}

func TestMailIsFoundInAnyCase(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.person("eva", "")
		if err := w.s.Peek(t.Context(), func(q *store.Read) error {
			id, err := people.ByMail(q, " EVA@by.EXAMPLE ")
			if id != "eva" {
				t.Errorf("found %q, want eva", id)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestMailCanBeSentToAMailAddress(t *testing.T) {
	for text, want := range map[string]bool{"aase.ærø@by.example": true, "a@b.dk": true, "jens@": false, "jens": false, "@by.dk": false, "a@b": false, "a b@by.dk": false, "a@by.dk; b@by.dk": false, "a@by.": false} {
		if people.IsMail(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}

func TestAPositionIsKnownByTheNumberOfWhoHoldsIt(t *testing.T) {
	for kind, is := range map[string]bool{"person": true, "position": true, "body": false} {
		if record.HasKey(kind) != is {
			t.Errorf("%s: a number means it: %v, want %v", kind, !is, is)
		}
	}
}
