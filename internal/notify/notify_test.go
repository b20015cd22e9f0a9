package notify_test

import (
	"context"
	"errors"
	"testing"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/mail"
	"vaern/internal/notify"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

// town has a unit and a person with a mail address and one without.
func town(t *testing.T, fn func(t *testing.T, s *store.Store, ctx context.Context, anna, bo string)) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := access.With(t.Context(), access.Machine("test", "test"))
		anna := people.Person{Head: record.Head{Unit: people.Top}, Number: "1", Name: "Anna", Mail: "anna@x.dk", Category: "employee"}
		bo := people.Person{Head: record.Head{Unit: people.Top}, Number: "2", Name: "Bo", Category: "employee"}
		change(t, s, ctx, func(w *store.Write) error {
			if err := people.FoundTop(w); err != nil {
				return err
			}
			top := people.Unit{Head: record.Head{ID: people.Top, Unit: people.Top}, Number: "0", Name: "X Kommune", Kind: "municipality"}
			return errors.Join(people.Units.Add(w, &top), people.Persons.Add(w, &anna), people.Persons.Add(w, &bo))
		})
		fn(t, s, ctx, anna.ID, bo.ID)
	}, people.Schema(), mail.Schema(), notify.Schema())
}

func change(t *testing.T, s *store.Store, ctx context.Context, fn func(*store.Write) error) {
	t.Helper()
	if err := s.Change(ctx, store.Intent{Verb: "test.make", Need: "test"}, fn); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, s *store.Store, query string, args store.Args) (n int) {
	t.Helper()
	if err := s.Peek(t.Context(), func(q *store.Read) error { return q.Row(query, args, &n) }); err != nil {
		t.Fatal(err)
	}
	return n
}

func notice(person, key string, urgent bool) notify.Notice {
	return notify.Notice{Person: person, About: ref.Ref{Kind: "unit", ID: people.Top}, Text: i18n.Text{"Gør det.", "Do it."},
		Why: i18n.Text{"Du er her.", "You are here."}, Path: "/unit/top", Urgent: urgent, Key: key}
}

func TestANoticeIsToldOncePerKeyAndPerson(t *testing.T) {
	town(t, func(t *testing.T, s *store.Store, ctx context.Context, anna, bo string) {
		for range 2 {
			change(t, s, ctx, func(w *store.Write) error {
				return errors.Join(w.Note(ref.Ref{Kind: "unit", ID: people.Top}), notify.Tell(w, notice(anna, "k", true), notice(bo, "k", true), notice(anna, "k", true)))
			})
		}
		if n := count(t, s, `SELECT count(*) FROM work_notice`, nil); n != 2 {
			t.Errorf("%d notices, want one each", n)
		}
		if n := count(t, s, `SELECT count(*) FROM work_mail WHERE person = :p`, store.Args{"p": anna}); n != 1 {
			t.Errorf("%d urgent mails to who has an address, want 1", n)
		}
		if n := count(t, s, `SELECT count(*) FROM work_mail WHERE person = :p`, store.Args{"p": bo}); n != 0 {
			t.Errorf("%d mails to who has no address", n)
		}
	})
}

func TestAChangeThatFailsTellsNobody(t *testing.T) {
	town(t, func(t *testing.T, s *store.Store, ctx context.Context, anna, _ string) {
		failed := errors.New("failed")
		err := s.Change(ctx, store.Intent{Verb: "test.make", Need: "test"}, func(w *store.Write) error {
			if err := errors.Join(w.Note(ref.Ref{Kind: "unit", ID: people.Top}), notify.Tell(w, notice(anna, "", true))); err != nil {
				return err
			}
			return failed
		})
		if !errors.Is(err, failed) {
			t.Fatal(err)
		}
		if n := count(t, s, `SELECT count(*) FROM work_mail`, nil) + count(t, s, `SELECT count(*) FROM work_notice`, nil); n != 0 {
			t.Errorf("%d rows stay of a change that was rolled back", n)
		}
	})
}
