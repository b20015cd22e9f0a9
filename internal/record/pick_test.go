package record_test

import (
	"context"
	"slices"
	"testing"

	"vaern/internal/access"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

// crowd adds two people of one name, one of whom holds the position of unit a,
// a position of the same title in unit b, and two that begin alike.
func crowd(t *testing.T, s *store.Store) {
	t.Helper()
	position := settle(t, s)
	err := s.Change(access.With(context.Background(), access.Machine("test", "test")), store.Intent{Verb: "test.crowd", Need: "test"}, func(w *store.Write) error {
		for id, title := range map[string]string{"there": "Testchef", "guard": "Vagt", "leader": "Vagtleder, Enhed b"} {
			other := people.Position{Head: record.Head{ID: id, Unit: "b"}, Title: title}
			if err := people.Positions.Add(w, &other); err != nil {
				return err
			}
		}
		for _, p := range []people.Person{
			{Head: record.Head{ID: "mads", Unit: "a"}, Name: "Mads Holm", Number: "1", Mail: "mads@by.dk", Category: "employee"},
			{Head: record.Head{ID: "madsen", Unit: "b"}, Name: "Mads Holm", Number: "2", Mail: "holm@by.dk", Category: "employee"},
			{Head: record.Head{ID: "anna", Unit: "a"}, Name: "Anna Holm Madsen", Number: "3", Category: "employee"},
		} {
			if err := people.Persons.Add(w, &p); err != nil {
				return err
			}
		}
		h := people.Holding{Head: record.Head{Unit: "a"}, Person: "mads", Position: position, Starts: "2020-01-01", Title: "x"}
		return people.Holdings.Add(w, &h)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhoIsCalledTheSameIsToldApart(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		crowd(t, s)
		if err := s.View(storetest.As(t, "x", "person.see"), "person.see", func(q *store.Read) error {
			offered, err := record.Offer(q, "person", "holm", 9)
			var labels []string
			for _, f := range offered {
				labels = append(labels, f.Label())
			}
			if want := []string{"Anna Holm Madsen · Enhed a", "Mads Holm (1) · Testchef, Enhed a", "Mads Holm (2) · Enhed b"}; !slices.Equal(labels, want) {
				t.Errorf("offered %q, want %q", labels, want)
			}
			if err != nil {
				return err
			}
			leaders, err := record.Offer(q, "position", "vagtleder", 9)
			if len(leaders) != 1 || leaders[0].Label() != "Vagtleder, Enhed b" { // it says where already
				t.Errorf("offered %+v", leaders)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}, people.Schema(), assetSchema)
}

func TestAPositionIsMeantByTheNameOfWhoHoldsIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		crowd(t, s)
		if err := s.Change(access.With(context.Background(), access.Machine("test", "test")), store.Intent{Verb: "test.crowd", Need: "test"}, func(w *store.Write) error {
			for _, person := range []string{"anna", "madsen"} { // the guards are two
				h := people.Holding{Head: record.Head{Unit: "b"}, Person: person, Position: "guard", Starts: "2020-01-01", Title: "x"}
				if err := people.Holdings.Add(w, &h); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if err := s.View(storetest.As(t, "x", "position.see"), "position.see", func(q *store.Read) error {
			guards, err := record.Offer(q, "position", "anna", 9)
			if err != nil || len(guards) != 1 || guards[0].Label() != "Vagt · Anna Holm Madsen, Enhed b" {
				t.Fatalf("offered %+v, %v", guards, err)
			}
			offered, err := record.Offer(q, "position", "mads", 9)
			if err != nil || len(offered) != 2 || offered[0].Label() != "Testchef · Mads Holm, Enhed a" || offered[1].Label() != "Vagt · Anna Holm Madsen, Enhed b" {
				t.Fatalf("offered %+v, %v", offered, err)
			}
			found, err := record.Means(q, "position", "mads holm")
			if err != nil || len(found) != 2 || found[0].ID != offered[0].ID {
				t.Errorf("in a form it means %+v, %v", found, err)
			}
			meant, err := record.Meant(q, "position", []string{"Anna  holm madsen", "Ingen", "Vagt"})
			if ids := meant["Anna  holm madsen"]; err != nil || !slices.Equal(ids, []string{"guard"}) || len(meant["Ingen"]) > 0 || !slices.Equal(meant["Vagt"], []string{"guard"}) {
				t.Errorf("in a spreadsheet: %v, %v", meant, err)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}, people.Schema(), assetSchema)
}

func TestWordsMeanWhatTheySayAndNoOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		crowd(t, s)
		for _, c := range []struct {
			kind, words string
			want        []string
		}{
			{"person", "Mads Holm", []string{"mads", "madsen"}},
			{"person", "Mads Holm (2)", []string{"madsen"}},
			{"person", "Mads Holm (9)", nil},
			{"person", "anna", []string{"anna"}},
			{"person", "holm", []string{"anna", "mads", "madsen"}},
			{"position", "Testchef (Enhed b)", []string{"there"}},
			{"position", "vagt", []string{"guard"}}, // though another begins so
			{"unit", "Enhed b", []string{"b"}},
			{"unit", "ukendt", nil},
		} {
			if err := s.View(storetest.As(t, "x", "person.see"), "person.see", func(q *store.Read) error {
				found, err := record.Means(q, c.kind, c.words)
				var ids []string
				for _, f := range found {
					ids = append(ids, f.ID)
				}
				if slices.Sort(ids); !slices.Equal(ids, c.want) {
					t.Errorf("%q means %v, want %v", c.words, ids, c.want)
				}
				for _, f := range found {
					again, err := record.Means(q, c.kind, f.Write)
					if err != nil || len(c.want) > 0 && c.words != "holm" && (len(again) != 1 || again[0].ID != f.ID) {
						t.Errorf("%q is said to mean %s, and means %v", f.Write, f.ID, again)
					}
					if said, err := record.Written(q, c.kind, f.ID); err != nil || len(found) > 1 && c.words != "holm" && said != f.Write {
						t.Errorf("%s is written %q, want %q", f.ID, said, f.Write)
					}
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
	}, people.Schema(), assetSchema)
}

func TestASpreadsheetFindsPeopleByMail(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		crowd(t, s)
		ctx := access.With(context.Background(), storetest.Actor("x", access.Reach{Tops: []string{"a"}}, "person.see"))
		if err := s.View(ctx, "person.see", func(q *store.Read) error {
			got, err := record.Meant(q, "person", []string{"mads@by.dk", "Mads@BY.dk", "holm@by.dk", "ingen@by.dk"})
			for _, mail := range []string{"mads@by.dk", "Mads@BY.dk"} {
				if !slices.Equal(got[mail], []string{"mads"}) {
					t.Errorf("%s means %v", mail, got[mail])
				}
			}
			if len(got) != 2 {
				t.Errorf("out of reach, or nobody's: %v", got)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}, people.Schema(), assetSchema)
}
