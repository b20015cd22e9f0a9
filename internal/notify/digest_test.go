package notify_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/ledger"
	"vaern/internal/mail"
	"vaern/internal/module"
	"vaern/internal/notify"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/schedule"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
	"vaern/internal/task"
)

// desk is a municipality with Anna, who has a mail address, and Bo, who has none.
type desk struct {
	*testing.T
	s        *store.Store
	at       atomic.Pointer[time.Time]
	digest   *notify.Digest
	anna, bo string
}

// begin is a Monday.
var begin = time.Date(2026, 3, 2, 8, 0, 0, 0, i18n.Zone)

func digests(t *testing.T, fn func(*desk)) {
	for i, url := range storetest.URLs(t) {
		t.Run([]string{"sqlite", "postgres"}[i], func(t *testing.T) {
			d := &desk{T: t}
			d.on(begin)
			s, err := store.Open(t.Context(), url, func() time.Time { return *d.at.Load() },
				people.Schema(), mail.Schema(), notify.Schema(), task.Schema(), schedule.Schema())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { s.Close() })
			if err := s.Begin(t.Context(), ledger.NewOrigin(true)); err != nil {
				t.Fatal(err)
			}
			d.s = s
			roles := module.Roles{access.Holder: {task.See, task.Edit, notify.Choose}}
			d.digest = &notify.Digest{Tasks: task.NewList(), Roles: people.Table(roles), Base: "https://v.dk", Hour: 7}
			anna := people.Person{Head: record.Head{Unit: people.Top}, Number: "1", Name: "Anna", Mail: "anna@x.dk", Category: "employee"}
			bo := people.Person{Head: record.Head{Unit: people.Top}, Number: "2", Name: "Bo", Category: "employee"}
			d.change("test", func(w *store.Write) error {
				if err := people.FoundTop(w); err != nil {
					return err
				}
				top := people.Unit{Head: record.Head{ID: people.Top, Unit: people.Top}, Number: "0", Name: "X Kommune", Kind: "municipality"}
				return errors.Join(people.Units.Add(w, &top), people.Persons.Add(w, &anna), people.Persons.Add(w, &bo))
			})
			d.anna, d.bo = anna.ID, bo.ID
			fn(d)
		})
	}
}

func (d *desk) on(at time.Time) { d.at.Store(&at) }

func (d *desk) change(need access.Permission, fn func(*store.Write) error) {
	d.Helper()
	ctx := access.With(d.Context(), access.Machine("test", need))
	if err := d.s.Change(ctx, store.Intent{Verb: "test.make", Need: need}, fn); err != nil {
		d.Fatal(err)
	}
}

func (d *desk) give(title, due string) task.Own {
	d.Helper()
	t := task.Own{Title: title, Person: d.anna, Due: due}
	d.change(task.Edit, func(w *store.Write) error { return task.Give(w, &t) })
	return t
}

func (d *desk) finish(t task.Own) {
	d.Helper()
	ctx := access.With(d.Context(), storetest.Actor(d.anna, access.Reach{}, task.Edit))
	_, err := task.Change(ctx, d.s, store.Intent{Verb: "task.finish"}, t, func(q *store.Read, t *task.Own) error {
		t.Done = q.Today
		return nil
	})
	if err != nil {
		d.Fatal(err)
	}
}

// day runs the day's job and returns the mails that go out, as they are sent.
func (d *desk) day(at time.Time) []mail.Content {
	d.Helper()
	d.on(at)
	if err := schedule.Pass(d.Context(), d.s, []schedule.Job{d.digest.Job()}); err != nil {
		d.Fatal(err)
	}
	return d.sent()
}

// sent writes what waits in the outbox, as a sender does.
func (d *desk) sent() (out []mail.Content) {
	d.Helper()
	type row struct{ id, person, writer string }
	var rows []row
	err := d.s.Peek(d.Context(), func(q *store.Read) error {
		return q.Rows(`SELECT id, person, writer FROM work_mail WHERE state = 'waiting' ORDER BY id`, nil, func(scan store.Scan) error {
			var r row
			err := scan(&r.id, &r.person, &r.writer)
			rows = append(rows, r)
			return err
		})
	})
	if err != nil {
		d.Fatal(err)
	}
	for _, r := range rows {
		name, about, _ := strings.Cut(r.writer, "/")
		c, err := d.digest.Writers()[name](d.Context(), d.s, r.person, about)
		if err != nil {
			d.Fatal(err)
		}
		err = d.s.Work(d.Context(), func(w *store.Work) error {
			if c.Sent != nil {
				if err := c.Sent(w); err != nil {
					return err
				}
			}
			return w.Do(`UPDATE work_mail SET state = 'sent' WHERE id = :id`, store.Args{"id": r.id})
		})
		if err != nil {
			d.Fatal(err)
		}
		if c.Text != "" {
			out = append(out, c)
		}
	}
	return out
}

func TestTheDaysMailTellsEachStageOnce(t *testing.T) {
	digests(t, func(d *desk) {
		d.give("Ring til leverandøren", "2026-03-11")
		want := map[string]int{"2026-03-02": 1, "2026-03-09": 1, "2026-03-11": 1, "2026-03-12": 1, "2026-03-19": 1}
		for day := range 21 { // waits, soon, today, late, late by a week more
			at := begin.AddDate(0, 0, day)
			mails := d.day(at)
			if on := at.Format(time.DateOnly); len(mails) != want[on] {
				d.Errorf("%s %s: %d mails, want %d", at.Weekday(), on, len(mails), want[on])
			}
			if day == 9 && !strings.Contains(mails[0].Text, "Frist: i dag, 11.3.2026") {
				d.Errorf("on the day it says\n%s", mails[0].Text)
			}
		}
	})
}

func TestNothingIsSentAboutWhatIsDone(t *testing.T) {
	digests(t, func(d *desk) {
		one, two := d.give("Første", ""), d.give("Anden", "")
		d.on(begin)
		if err := schedule.Pass(d.Context(), d.s, []schedule.Job{d.digest.Job()}); err != nil {
			d.Fatal(err)
		}
		d.finish(one) // after the mail was queued, before it went
		mails := d.sent()
		if len(mails) != 1 || strings.Contains(mails[0].Text, "Første") || !strings.Contains(mails[0].Text, "Anden") || mails[0].Subject != "1\u00a0opgave venter på dig" {
			d.Fatalf("sent %+v", mails)
		}
		three := d.give("Tredje", "")
		d.on(begin.AddDate(0, 0, 1))
		if err := schedule.Pass(d.Context(), d.s, []schedule.Job{d.digest.Job()}); err != nil {
			d.Fatal(err)
		}
		d.finish(two)
		d.finish(three)
		if mails := d.sent(); len(mails) != 0 {
			d.Errorf("all is done, and still: %s", mails[0].Text)
		}
	})
}

func TestPeopleChooseHowOftenAndInWhichLanguage(t *testing.T) {
	digests(t, func(d *desk) {
		choose := func(c notify.Choice) {
			ctx := access.With(d.Context(), storetest.Actor(d.anna, access.Reach{}, notify.Choose))
			if err := notify.SetChoice(ctx, d.s, c); err != nil {
				d.Fatal(err)
			}
		}
		choose(notify.Choice{Pace: notify.Weekly, Lang: i18n.En})
		d.give("Ring", "")
		if n := len(d.day(begin.AddDate(0, 0, 1))); n != 0 {
			d.Errorf("%d mails on a Tuesday to who wants them on Mondays", n)
		}
		mails := d.day(begin.AddDate(0, 0, 7))
		if len(mails) != 1 || !strings.HasPrefix(mails[0].Text, "Dear Anna") || mails[0].Lang != i18n.En {
			d.Fatalf("on Monday %+v", mails)
		}
		choose(notify.Choice{Pace: notify.Urgent, Lang: i18n.Da})
		d.give("Skriv", "")
		if n := len(d.day(begin.AddDate(0, 0, 14))); n != 0 {
			d.Errorf("%d mails to who wants only what is urgent", n)
		}
		d.change("test", func(w *store.Write) error {
			return errors.Join(w.Note(ref.Ref{Kind: "unit", ID: people.Top}), notify.Tell(w, notice(d.anna, "burns", true)))
		})
		if mails := d.sent(); len(mails) != 1 || mails[0].Text != "Gør det." || mails[0].Path != "/unit/top" {
			d.Errorf("urgent: %+v", mails)
		}
	})
}

func TestWhoHasNoAddressOrLeftGetsNone(t *testing.T) {
	digests(t, func(d *desk) {
		d.change("test", func(w *store.Write) error {
			return errors.Join(w.Note(ref.Ref{Kind: "unit", ID: people.Top}), notify.Tell(w, notice(d.bo, "a", false)), notify.Tell(w, notice(d.anna, "a", false)))
		})
		d.on(begin)
		if err := schedule.Pass(d.Context(), d.s, []schedule.Job{d.digest.Job()}); err != nil {
			d.Fatal(err)
		}
		ctx := access.With(context.Background(), access.Machine("test", "person.edit", "person.see", "unit.see"))
		var anna people.Person
		if err := d.s.View(ctx, "person.see", func(q *store.Read) (err error) {
			anna, err = people.Persons.Get(q, d.anna)
			return err
		}); err != nil {
			d.Fatal(err)
		}
		anna.Ends = "2026-03-01"
		if _, err := people.Persons.Update(ctx, d.s, anna, ""); err != nil {
			d.Fatal(err)
		}
		if mails := d.sent(); len(mails) != 0 {
			d.Errorf("sent %+v", mails)
		}
	})
}

// TestManyCostNoMoreStatementsThanFew: what one pass asks and writes does not grow with whom it is about.
func TestManyCostNoMoreStatementsThanFew(t *testing.T) {
	digests(t, func(d *desk) {
		everybody := []string{d.anna}
		pass := func(day string) (statements, mails int) {
			d.change(task.Edit, func(w *store.Write) error {
				for _, id := range everybody {
					if err := task.Give(w, &task.Own{Title: "Ring", Person: id}); err != nil {
						return err
					}
				}
				return nil
			})
			d.s.Hear = func(string, []any) { statements++ }
			defer func() { d.s.Hear = nil }()
			if err := d.digest.Job().Do(d.Context(), d.s, day); err != nil {
				d.Fatal(err)
			}
			d.s.Hear = nil
			return statements, len(d.sent())
		}
		few, mails := pass("2026-03-02")
		if mails != 1 {
			d.Errorf("%d mails to one person", mails)
		}
		d.change("test", func(w *store.Write) error {
			for i := range 40 {
				p := people.Person{Head: record.Head{Unit: people.Top}, Number: fmt.Sprint("M", i), Name: fmt.Sprint("Person ", i), Mail: fmt.Sprintf("p%d@x.dk", i), Category: "employee"}
				if err := people.Persons.Add(w, &p); err != nil {
					return err
				}
				everybody = append(everybody, p.ID)
			}
			return nil
		})
		many, mails := pass("2026-03-03")
		if many != few || mails != 41 {
			d.Errorf("%d mails cost %d statements; one costs %d", mails, many, few)
		}
	})
}
