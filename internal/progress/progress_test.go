package progress_test

import (
	"context"
	"errors"
	"testing"

	"vaern/internal/access"
	"vaern/internal/problem"
	"vaern/internal/progress"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

func stands(t *testing.T, s *store.Store, about string) (out progress.State) {
	t.Helper()
	if err := s.Peek(t.Context(), func(q *store.Read) (err error) {
		out, err = progress.Of(q, "test", about)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestWorkTellsHowItEnded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		desk := progress.New(s, func(kind, about string, err error) { t.Logf("%s %s: %v", kind, about, err) })
		desk.Does("test", func(ctx context.Context, about string, step progress.Step) error {
			if access.Of(ctx).ID != "anna" {
				t.Errorf("done as %q", access.Of(ctx).ID)
			}
			if err := step(3, 7); err != nil {
				return err
			}
			switch about {
			case "refused":
				return problem.New(problem.Invalid, "Ikke sådan.", "Not so.")
			case "broken":
				return errors.New("a secret of the machine")
			case "panics":
				panic("no")
			}
			return nil
		})
		for about, want := range map[string]string{"fine": "", "refused": "Ikke sådan.", "broken": "Noget gik galt", "panics": "Noget gik galt"} {
			if err := desk.Begin(storetest.As(t, "anna"), "test", about); err != nil {
				t.Fatal(err)
			}
			desk.Wait()
			got := stands(t, s, about)
			if got.Running() || got.Failed() != (want != "") || got.Done != 3 || got.Total != 7 || len(got.Why[0]) < len(want) || got.Why[0][:len(want)] != want {
				t.Errorf("%s: %+v", about, got)
			}
		}
		if s := stands(t, s, "nothing"); s.Running() || s.Failed() {
			t.Errorf("no work: %+v", s)
		}
	}, progress.Schema())
}

func TestWorkThatWasCutOffIsTakenUpAsTheSamePerson(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		desk := progress.New(s, func(kind, about string, err error) { t.Logf("%s %s: %v", kind, about, err) })
		begun := make(chan bool)
		desk.Does("test", func(ctx context.Context, about string, step progress.Step) error {
			close(begun)
			<-ctx.Done()
			return ctx.Err()
		})
		go desk.Begin(storetest.As(t, "anna"), "test", "long")
		<-begun
		desk.Close()
		if !stands(t, s, "long").Running() {
			t.Fatal("what was cut off does not wait")
		}
		next := progress.New(s, func(kind, about string, err error) { t.Logf("%s %s: %v", kind, about, err) })
		next.Who = func(_ context.Context, person string) (access.Actor, error) { return access.Actor{ID: person}, nil }
		who := ""
		next.Does("test", func(ctx context.Context, about string, step progress.Step) error {
			who = access.Of(ctx).ID
			return nil
		})
		if err := next.Resume(t.Context()); err != nil {
			t.Fatal(err)
		}
		next.Wait()
		if got := stands(t, s, "long"); who != "anna" || got.State != progress.Done {
			t.Errorf("taken up by %q, %+v", who, got)
		}
		if err := next.Resume(t.Context()); err != nil { // nothing is taken up twice
			t.Fatal(err)
		}
	}, progress.Schema())
}
