package task_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
	"vaern/internal/task"
)

// town is a municipality of two areas, with Anna who is head of a.
type town struct {
	*testing.T
	s            *store.Store
	anna, bo     string
	chief        string
	annas, boses access.Actor
}

func each(t *testing.T, fn func(*town)) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := &town{T: t, s: s}
		err := s.Change(access.With(t.Context(), access.Machine("test", "test")), store.Intent{Verb: "test.make", Need: "test"}, func(c *store.Write) error {
			if err := people.FoundTop(c); err != nil {
				return err
			}
			for _, u := range [][2]string{{people.Top, people.Top}, {"a", people.Top}, {"b", people.Top}} {
				if err := people.Units.Add(c, &people.Unit{Head: record.Head{ID: u[0], Unit: u[1]}, Number: u[0], Name: u[0], Kind: "department"}); err != nil {
					return err
				}
			}
			anna := people.Person{Head: record.Head{Unit: "a"}, Number: "1", Name: "Anna", Category: "employee"}
			bo := people.Person{Head: record.Head{Unit: "b"}, Number: "2", Name: "Bo", Category: "employee"}
			chief := people.Position{Head: record.Head{Unit: "a"}, Title: "Chef"}
			if err := errors.Join(people.Persons.Add(c, &anna), people.Persons.Add(c, &bo), people.Positions.Add(c, &chief)); err != nil {
				return err
			}
			w.anna, w.bo, w.chief = anna.ID, bo.ID, chief.ID
			return people.Holdings.Add(c, &people.Holding{Head: record.Head{Unit: "a"}, Person: anna.ID, Position: chief.ID, Starts: "2026-01-01"})
		})
		if err != nil {
			t.Fatal(err)
		}
		w.annas = storetest.Actor(w.anna, access.Reach{Tops: []string{"a"}}, "unit.edit")
		w.boses = storetest.Actor(w.bo, access.Reach{})
		for _, a := range []access.Actor{w.annas, w.boses} {
			a.May[task.See], a.May[task.Edit] = access.Reach{}, access.Reach{}
		}
		fn(w)
	}, people.Schema(), task.Schema())
}

func (w *town) as(a access.Actor) context.Context { return access.With(w.Context(), a) }

func (w *town) tasks(a access.Actor, l *task.List) (out []task.Task) {
	w.Helper()
	err := w.s.View(w.as(a), task.See, func(q *store.Read) (err error) {
		if out, err = l.Of(q); err != nil {
			return err
		}
		n, err := l.Count(q)
		if n != len(out) {
			w.Errorf("the menu says %d, the page %d", n, len(out))
		}
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return out
}

func (w *town) give(a access.Actor, t task.Own) task.Own {
	w.Helper()
	err := w.s.Change(w.as(a), store.Intent{Verb: "task.create", Need: task.Edit}, func(c *store.Write) error { return task.Give(c, &t) })
	if err != nil {
		w.Fatal(err)
	}
	return t
}

func titles(tasks []task.Task) string {
	out := ""
	for _, t := range tasks {
		out += t.Title + " "
	}
	return out
}

// fixed is a source that finds the same task for everybody.
func fixed(key string, weight int, due string) task.Source {
	return task.Source{Key: key, Act: i18n.Text{"Gør", "Do"}, Why: i18n.Text{"Derfor.", "Because."}, Minutes: 2, Weight: weight,
		Query: fmt.Sprintf(`SELECT 'unit', 'top', '%s', '/', '%s' FROM unit WHERE id = 'top'`, key, due)}
}

func TestTasksStandByConsequence(t *testing.T) {
	l := task.NewList(fixed("light-late", 1, "2026-02-23"), fixed("heavy-today", 5, "2026-03-02"), fixed("heavy-later", 5, "2026-03-16"),
		fixed("none", 4, ""), fixed("ancient", 1, "2019-01-01"), fixed("light-today", 1, "2026-03-02"))
	each(t, func(w *town) {
		found := w.tasks(w.annas, l)
		// 1×11, 5×1, 1×2, 4/2, 5/3, 1×1; of two alike the one with a date
		if got := titles(found); got != "ancient heavy-today light-late none heavy-later light-today " {
			w.Errorf("the order is %s", got)
		}
		if found[2].Late != 7 || found[4].Late != -14 {
			w.Errorf("late by %d and %d days, want 7 and -14", found[2].Late, found[4].Late)
		}
		if n := task.Minutes(found); n != 12 {
			w.Errorf("%d minutes, want 12", n)
		}
	})
}

func TestASourceWithScopeKeepsToTheArea(t *testing.T) {
	units := func(key string, area bool) task.Source {
		s := fixed(key, 1, "")
		s.Need, s.Area, s.Query = "unit.edit", area, `SELECT 'unit', id, name, '/unit/' || id, '' FROM unit WHERE :scope(id)`
		return s
	}
	l, areas := task.NewList(units("all", false), fixed("free", 5, "")), task.NewList(units("area", true))
	each(t, func(w *town) {
		if got := titles(w.tasks(w.annas, l)); got != "free a " {
			w.Errorf("Anna, who reaches a, has %s", got)
		}
		if got := titles(w.tasks(w.boses, l)); got != "free " {
			w.Errorf("Bo, who may not, has %s", got)
		}
		whole := storetest.Actor(w.bo, access.Reach{Whole: true}, "unit.edit", task.See)
		if n := len(w.tasks(whole, l)); n != 4 {
			w.Errorf("who reaches all has %d, want 4", n)
		}
		if n := len(w.tasks(whole, areas)); n != 0 {
			w.Errorf("who reaches all has %d tasks of one area", n)
		}
		if n := len(w.tasks(w.annas, areas)); n != 1 {
			w.Errorf("who has the area has %d, want 1", n)
		}
	})
}

func TestAnOwnTaskWaitsForWhoHasItAndForNobodyElse(t *testing.T) {
	l := task.NewList()
	each(t, func(w *town) {
		given := w.give(w.boses, task.Own{Title: "Ring", Position: w.chief, Due: "4.3.2026", About: ref.Ref{Kind: "unit", ID: "a"}})
		if got := titles(w.tasks(w.annas, l)); got != "Ring " {
			w.Errorf("who holds the position has %q", got)
		}
		if got := titles(w.tasks(w.boses, l)); got != "" {
			w.Errorf("who gave it has %q", got)
		}
		act := func(a access.Actor, verb string, seen task.Own, fn func(*store.Read, *task.Own) error) (task.Own, error) {
			return task.Change(w.as(a), w.s, store.Intent{Verb: verb, Reason: "prøve"}, seen, fn)
		}
		stranger := storetest.Actor("x", access.Reach{}, task.Edit, task.See)
		finish := func(q *store.Read, t *task.Own) error { t.Done = q.Today; return nil }
		if _, err := act(stranger, "task.finish", given, finish); problem.Of(err) != problem.NotFound {
			w.Errorf("a stranger finishes it: %v", err)
		}
		rested, err := act(w.annas, "task.rest", given, func(_ *store.Read, t *task.Own) error { t.Rests = "2026-03-09"; return nil })
		if err != nil || titles(w.tasks(w.annas, l)) != "" {
			w.Fatalf("put aside, it still waits: %v", err)
		}
		if _, err := act(w.annas, "task.finish", given, finish); problem.Of(err) != problem.Stale {
			w.Errorf("an old version is taken: %v", err)
		}
		rested.Version++
		handed, err := act(w.annas, "task.hand_on", rested, func(_ *store.Read, t *task.Own) error {
			t.Person, t.Position, t.Rests = w.bo, "", ""
			return nil
		})
		if err != nil || titles(w.tasks(w.boses, l)) != "Ring " {
			w.Fatalf("handed on, it does not wait for Bo: %v", err)
		}
		handed.Version++
		if _, err = act(w.boses, "task.finish", handed, finish); err != nil || titles(w.tasks(w.boses, l)) != "" {
			w.Errorf("done, it still waits: %v", err)
		}
		if _, err := act(w.annas, "task.reopen", handed, finish); problem.Of(err) != problem.NotFound {
			w.Errorf("who handed it on, and did not give it, still has it: %v", err)
		}
	})
}

func TestAWrongOwnTaskIsExplained(t *testing.T) {
	each(t, func(w *town) {
		for name, bad := range map[string]task.Own{
			"title": {Person: w.bo}, "who": {Title: "Ring"}, "due": {Title: "Ring", Person: w.bo, Due: "i morgen"},
		} {
			err := w.s.Change(w.as(w.boses), store.Intent{Verb: "task.create", Need: task.Edit}, func(c *store.Write) error { return task.Give(c, &bad) })
			if p := problem.As(err); p == nil || p.Fields[name] == (i18n.Text{}) {
				w.Errorf("%s: %v", name, err)
			}
		}
	})
}
