package receipt

import (
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/mail"
	"vaern/internal/module"
	"vaern/internal/notify"
	"vaern/internal/people"
	"vaern/internal/schedule"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
	"vaern/internal/task"
)

func (t *town) mails() (n int) {
	t.Helper()
	t.view(func(q *store.Read) error { return q.Row(`SELECT count(*) FROM work_mail`, nil, &n) })
	return n
}

// move shifts the day that texts are to be read by.
func (t *town) move(due string) {
	t.change("person.edit", func(w *store.Write) error {
		if err := w.Note((&Reading{ID: t.readingOf()}).Ref()); err != nil {
			return err
		}
		return w.Also(`UPDATE asked SET due = :due`, store.Args{"due": due})
	})
}

func TestRemindersComeOnceEachAndStopWhenConfirmed(t *testing.T) {
	each(t, func(t *town) {
		r := t.first()
		mailed := func(want int, when string) {
			t.Helper()
			for range 2 {
				t.must(t.Remind(t.Context(), t.Store, nil))
			}
			if got := t.mails(); got != want {
				t.Errorf("%s: %d mails, want %d", when, got, want)
			}
		}
		mailed(4, "asked: four have a mail address")
		t.signAll(r.ID, "Anna", "Carl")
		if got := t.mails(); got != 2 {
			t.Errorf("%d mails wait after two have confirmed, want 2", got)
		}
		t.move("2026-03-04")
		mailed(4, "three days before")
		t.move("2026-03-02")
		mailed(6, "on the day")
		t.signAll(r.ID, "Lise")
		t.move("2026-03-01")
		mailed(4, "after: only Dorte is left")
		t.signAll(r.ID, "Dorte")
		t.move("2026-02-10")
		mailed(0, "everybody who has a mail has confirmed")
	})
}

// written is the day's mail to somebody, as it goes out.
func (t *town) written(d *notify.Digest, person string) mail.Content {
	t.Helper()
	c, err := d.Writers()["digest"](t.Context(), t.Store, t.person[person], "")
	t.must(err)
	if c.Sent != nil {
		t.must(t.Store.Work(t.Context(), c.Sent))
	}
	return c
}

func TestWhomTheDaysMailTellsGetsTheLinkInIt(t *testing.T) {
	each(t, func(t *town) {
		title := t.first().Title
		daily := &notify.Digest{Tasks: task.NewList(tasks()...), Roles: people.Table(module.Roles{access.Holder: {task.See, notify.Choose}}),
			Base: "https://v.dk", Hour: 7, Door: t.Door} // it is later, and the day's mail has not gone out
		carl := access.With(t.Context(), storetest.Actor(t.person["Carl"], access.Reach{}, notify.Choose))
		t.must(notify.SetChoice(carl, t.Store, notify.Choice{Pace: notify.Urgent, Lang: i18n.En}))
		t.must(t.Remind(t.Context(), t.Store, daily))
		t.view(func(q *store.Read) error {
			var person, lang, text string
			err := q.Row(`SELECT person, lang, text FROM work_mail`, nil, &person, &lang, &text)
			if person != t.person["Carl"] || lang != "en" || !strings.Contains(text, "Dear Carl Council\n\nRead “"+title+"”, and confirm") || !strings.Contains(text, "You need not sign in") {
				t.Errorf("only Carl, who takes no daily mail, gets one of its own, in English; got %s %s %q", person, lang, text)
			}
			return err
		})
		t.must(schedule.Pass(t.Context(), t.Store, []schedule.Job{daily.Job()}))
		if c := t.written(daily, "Anna"); !strings.Contains(c.Text, "Læs og kvittér: https://v.dk/read/") || !strings.Contains(c.Text, "Du skal ikke logge ind") ||
			c.Subject != "Læs og kvittér: "+title || !strings.HasPrefix(c.Why, "opgaven hører") {
			t.Errorf("the day's mail says %s\n%s\n%s", c.Subject, c.Text, c.Why)
		}
		if c := t.written(daily, "Anna"); c.Text != "" {
			t.Errorf("once more that day it says\n%s", c.Text)
		}
		news := notify.Notice{Person: t.person["Anna"], Text: i18n.Text{"Noget andet.", "Something else."}, Why: i18n.Text{"Sådan.", "So."}, Path: "/"}
		t.must(t.Store.Work(t.Context(), func(w *store.Work) error { return notify.Tell(w, news) }))
		if c := t.written(daily, "Anna"); !strings.Contains(c.Text, "https://v.dk/read/") {
			t.Errorf("a later mail about something else has no link for who cannot sign in:\n%s", c.Text)
		}
		queued := t.mails()
		t.must(t.Remind(t.Context(), t.Store, daily))
		if n := t.mails(); n != queued {
			t.Errorf("%d mails more that can wait for tomorrow's", n-queued)
		}
		t.move("2026-03-02")
		t.must(t.Remind(t.Context(), t.Store, daily))
		if n := t.mails(); n != queued+4 {
			t.Errorf("on the last day %d mails more, want 4: it is urgent", n-queued)
		}
	})
}

func TestLeadersHearHowManyAreLateAndWhoHasNoMail(t *testing.T) {
	each(t, func(t *town) {
		t.first()
		t.move("2026-02-20")
		t.must(t.Remind(t.Context(), t.Store, nil))
		t.must(t.Remind(t.Context(), t.Store, nil))
		t.view(func(q *store.Read) error {
			var late, nomail int
			err := q.Row(`SELECT count(CASE WHEN text_da LIKE '3 i dit område mangler%' THEN 1 END), count(CASE WHEN text_da LIKE '1 i dit område har ingen mail%' THEN 1 END)
				FROM work_notice WHERE person = :lise`, store.Args{"lise": t.person["Lise"]}, &late, &nomail)
			if late != 1 || nomail != 1 {
				t.Errorf("Lise heard %d times who is late, %d times who has no mail; want once each", late, nomail)
			}
			return err
		})
	})
}

func TestStagesFollowTheDay(t *testing.T) {
	for due, want := range map[string]int{
		"2026-03-20": toldOf, "2026-03-06": toldOf, "2026-03-05": toldSoon, "2026-03-03": toldSoon, "2026-03-02": toldDay,
		"2026-03-01": toldLate, "2026-02-23": toldLate, "2026-02-22": toldLate + 1, "2026-01-01": toldLast,
	} {
		if got := stage("2026-03-02", due); got != want {
			t.Errorf("due %s: stage %d, want %d", due, got, want)
		}
	}
}

func TestWhatWasRefusedIsNotTriedAgainOnceItIsDone(t *testing.T) {
	each(t, func(t *town) {
		r := t.first()
		t.must(t.Remind(t.Context(), t.Store, nil))
		t.must(t.Store.Work(t.Context(), func(w *store.Work) error {
			return w.Do(`UPDATE work_mail SET state = 'refused', ended = :now`, nil)
		}))
		t.signAll(r.ID, "Anna")
		t.view(func(q *store.Read) error {
			refused, err := mail.Refusals(q, "", 10)
			for _, m := range refused {
				if m.Again != (m.Person != t.person["Anna"]) {
					t.Errorf("the mail to %s can be tried again: %v", m.Address, m.Again)
				}
			}
			if len(refused) != 4 {
				t.Errorf("%d refused mails are told of, want 4", len(refused))
			}
			return err
		})
	})
}
