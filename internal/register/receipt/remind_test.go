package receipt

import (
	"testing"

	"vaern/internal/store"
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
				t.must(t.Remind(t.Context(), t.Store))
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

func TestLeadersHearHowManyAreLateAndWhoHasNoMail(t *testing.T) {
	each(t, func(t *town) {
		t.first()
		t.move("2026-02-20")
		t.must(t.Remind(t.Context(), t.Store))
		t.must(t.Remind(t.Context(), t.Store))
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
