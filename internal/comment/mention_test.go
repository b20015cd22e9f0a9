package comment_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/comment"
	"vaern/internal/mail"
	"vaern/internal/notify"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
	"vaern/internal/task"
)

// about is the record that people talk about.
var about = ref.Ref{Kind: "unit", ID: people.Top}

// namesakes makes two people called Mads Holm, one of whom leads, and a board
// where everybody sees everything.
func namesakes(t *testing.T, s *store.Store) comment.Board {
	t.Helper()
	err := s.Change(access.With(t.Context(), access.Machine("test", "test")), store.Intent{Verb: "test.settle", Need: "test"}, func(w *store.Write) error {
		top := people.Unit{Head: record.Head{ID: people.Top, Unit: people.Top}, Number: "0", Name: "Nordby Kommune", Kind: "municipality"}
		chief := people.Position{Head: record.Head{ID: "chief", Unit: people.Top}, Title: "Afdelingschef"}
		held := people.Holding{Head: record.Head{Unit: people.Top}, Title: "x", Person: "mads1", Position: "chief", Starts: "2020-01-01"}
		err := errors.Join(people.FoundTop(w), people.Units.Add(w, &top), people.Positions.Add(w, &chief))
		for _, p := range []people.Person{
			{Head: record.Head{ID: "mads1"}, Name: "Mads Holm", Number: "4711"},
			{Head: record.Head{ID: "mads2"}, Name: "Mads Holm", Number: "4712"},
			{Head: record.Head{ID: "ida"}, Name: "Ida Holm", Number: "1"},
		} {
			p.Unit, p.Category = people.Top, "employee"
			err = errors.Join(err, people.Persons.Add(w, &p))
		}
		return errors.Join(err, people.Holdings.Add(w, &held))
	})
	if err != nil {
		t.Fatal(err)
	}
	return comment.Board{Store: s, Sees: func(context.Context, string, ref.Ref) (bool, error) { return true, nil }}
}

func TestAMentionOfTwoNamesakesAsksWhich(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		board := namesakes(t, s)
		ctx := storetest.As(t, "ida", "unit.see", "person.see")
		p := problem.As(board.Say(ctx, about, "Hej @Mads Holm, har du set den?"))
		if p == nil {
			t.Fatal("one of the two was mentioned")
		}
		for _, way := range []string{"@Mads Holm (4711) · Afdelingschef, Nordby Kommune", "@Mads Holm (4712) · Nordby Kommune"} {
			if !strings.Contains(p.Fields["text"][0], way) {
				t.Errorf("%q does not offer %q", p.Fields["text"][0], way)
			}
		}
	}, schemas()...)
}

func TestAMentionWithANumberMeansThatPerson(t *testing.T) {
	for _, c := range []struct{ typed, want string }{
		{"Hej @Mads Holm (4711), har du set den?", "Hej @{mads1}, har du set den?"},
		{"Hej @mads holm (4712)", "Hej @{mads2}"},
		{"@Mads Holm (4711) og @Mads Holm (4712) og @Ida Holm", "@{mads1} og @{mads2} og @{ida}"},
		{"@Mads Holm (4712)\n@Ida Holm", "@{mads2}\n@{ida}"},
		{"@4712, har du set den? @4711", "@{mads2}, har du set den? @{mads1}"},
	} {
		storetest.Each(t, func(t *testing.T, s *store.Store) {
			board := namesakes(t, s)
			if err := board.Say(storetest.As(t, "ida", "unit.see", "person.see"), about, c.typed); err != nil {
				t.Fatalf("%q: %v", c.typed, err)
			}
			err := s.View(storetest.As(t, "mads1", "unit.see"), "unit.see", func(q *store.Read) error {
				said, err := comment.Of(q, about)
				if err != nil || len(said) != 1 || said[0].Text != c.want {
					t.Errorf("%q is kept as %v, want %q: %v", c.typed, said, c.want, err)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}, schemas()...)
	}
}

func TestAPartOfANameIsAnsweredWithThoseWhoHaveIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		board := namesakes(t, s)
		err := board.Say(storetest.As(t, "ida", "unit.see", "person.see"), about, "Hej @Holm")
		if p := problem.As(err); p == nil || p.Fields["text"][0] != "Flere passer til @Holm: Ida Holm, Mads Holm. Skriv hele navnet." {
			t.Errorf("got %v", err)
		}
	}, schemas()...)
}

func TestANumberOfNobodyMeansNobody(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		board := namesakes(t, s)
		if err := board.Say(storetest.As(t, "ida", "unit.see", "person.see"), about, "Hej @Mads Holm (4713)"); problem.Of(err) != problem.Invalid {
			t.Errorf("got %v", err)
		}
	}, schemas()...)
}

func TestACommentIsTextAndNotTooLong(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		board := namesakes(t, s)
		for text, ok := range map[string]bool{strings.Repeat("æ", 10_000): true, strings.Repeat("æ", 10_001): false, strings.Repeat("@Ida Holm, ", 30): true, strings.Repeat("@Ida Holm, ", 31): false, " \r\n ": false, "a\x00b": false, "\xff": false} {
			err := board.Say(storetest.As(t, "ida", "unit.see", "person.see"), about, text)
			if p := problem.As(err); ok && err != nil || !ok && (p == nil || !p.Fields["text"].Whole()) {
				t.Errorf("%.20q: %v", text, err)
			}
		}
	}, schemas()...)
}

func schemas() []store.Schema {
	return []store.Schema{people.Schema(), mail.Schema(), notify.Schema(), task.Schema(), comment.Schema()}
}
