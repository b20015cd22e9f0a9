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
			for _, h := range [][2]string{{"anna", "guard"}, {"madsen", "guard"}, {"anna", "leader"}} {
				h := people.Holding{Head: record.Head{Unit: "b"}, Person: h[0], Position: h[1], Starts: "2020-01-01", Title: "x"}
				if err := people.Holdings.Add(w, &h); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if err := s.View(storetest.As(t, "x", "position.see"), "position.see", func(q *store.Read) error {
			offered, err := record.Offer(q, "position", "mads", 9)
			var labels []string
			for _, f := range offered {
				labels = append(labels, f.Label())
			}
			want := []string{"Testchef · Mads Holm, Enhed a", "Vagt · Anna Holm Madsen, Enhed b", "Vagtleder, Enhed b · Anna Holm Madsen, Enhed b"}
			if err != nil || !slices.Equal(labels, want) {
				t.Fatalf("offered %q, %v, want %q", labels, err, want)
			}
			found, err := record.Means(q, "position", "mads  holm") // Anna's name has these letters, too, and is another
			if err != nil || len(found) != 2 || found[0].ID != offered[0].ID || found[1].ID != "guard" {
				t.Errorf("in a form it means %+v, %v", found, err)
			}
			meant, err := record.Meant(q, "position", []string{"Anna  holm madsen", "Ingen", "Vagt"})
			if ids := meant["Anna  holm madsen"]; err != nil || len(ids) != 2 || len(meant["Ingen"]) > 0 || !slices.Equal(meant["Vagt"], []string{"guard"}) {
				t.Errorf("in a spreadsheet: %v, %v", meant, err)
			}
			if ways, titles, err := record.Ways(q, "position", []string{"guard", "leader"}); err != nil || !titles || !slices.Equal(ways, []string{"Vagt", "Vagtleder, Enhed b"}) {
				t.Errorf("of two positions one writes %q, %v, %v", ways, titles, err)
			}
			if ways, titles, err := record.Ways(q, "person", []string{"mads", "madsen"}); err != nil || titles || len(ways) != 2 {
				t.Errorf("of two people of one name one writes %q, %v, %v", ways, titles, err)
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

// staffed adds people with numbers of a personnel system, and one whose name has
// such a number in it.
func staffed(t *testing.T, s *store.Store) {
	settle(t, s)
	err := s.Change(access.With(context.Background(), access.Machine("test", "test")), store.Intent{Verb: "test.staff", Need: "test"}, func(w *store.Write) error {
		for _, p := range []people.Person{
			{Head: record.Head{ID: "first", Unit: "a"}, Name: "Mads Holm", Number: "MED-10"},
			{Head: record.Head{ID: "second", Unit: "a"}, Name: "Anna Krogh", Number: "MED-1042"},
			{Head: record.Head{ID: "third", Unit: "b"}, Name: "Bo Vikar", Number: "med-1043"},
			{Head: record.Head{ID: "named", Unit: "a"}, Name: "Afløser for MED-10", Number: "x"},
			{Head: record.Head{ID: "other", Unit: "a"}, Name: "Aa", Number: "100% _"},
		} {
			p.Category = "employee"
			if err := people.Persons.Add(w, &p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhoTypesANumberFindsWhoseItIs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		staffed(t, s)
		whole, near := access.Reach{Whole: true}, access.Reach{Tops: []string{"a"}}
		for _, c := range []struct {
			reach          access.Reach
			words          string
			offered, means []string
		}{
			{whole, "MED-1042", []string{"second"}, []string{"second"}},
			{whole, " med-1042 ", []string{"second"}, []string{"second"}},
			{whole, "MED-1043", []string{"third"}, []string{"third"}},
			{near, "MED-1043", nil, nil},
			{whole, "med-104", []string{"second", "third"}, []string{"second", "third"}},
			{near, "med-104", []string{"second"}, []string{"second"}},
			{whole, "med-10", []string{"first", "named", "second", "third"}, []string{"first"}}, // the number itself before what has it
			{whole, "med", []string{"named", "first", "second", "third"}, []string{"named"}},    // a name before what only begins so
			{whole, "1042", nil, nil},
			{whole, "100%", []string{"other"}, []string{"other"}},
			{whole, "%", nil, nil},
			{whole, "_", nil, nil},
		} {
			ctx := access.With(context.Background(), storetest.Actor("x", c.reach, "person.see"))
			if err := s.View(ctx, "person.see", func(q *store.Read) error {
				offered, err := record.Offer(q, "person", c.words, 9)
				if got := idsOf(offered); !slices.Equal(got, c.offered) {
					t.Errorf("%q is offered %v, want %v", c.words, got, c.offered)
				}
				if err != nil {
					return err
				}
				found, err := record.Means(q, "person", c.words)
				if got := idsOf(found); !slices.Equal(got, c.means) {
					t.Errorf("%q means %v, want %v", c.words, got, c.means)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.View(storetest.As(t, "x", "person.see"), "person.see", func(q *store.Read) error {
			for words, want := range map[string]string{"med-1042": "Anna Krogh · MED-1042, Enhed a", "anna": "Anna Krogh · Enhed a"} {
				offered, err := record.Offer(q, "person", words, 9)
				if err != nil || len(offered) != 1 || offered[0].Label() != want {
					t.Errorf("%q is offered %+v, %v; want %q", words, offered, err, want)
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}, people.Schema(), assetSchema)
}

func TestAPositionIsMeantByTheNumberOfWhoHoldsIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		position := settle(t, s)
		hold(t, s, "anna", position)
		if err := s.View(storetest.As(t, "x", "position.see"), "position.see", func(q *store.Read) error {
			offered, err := record.Offer(q, "position", "mED-10", 9)
			if err != nil || len(offered) != 1 || offered[0].ID != position || offered[0].Label() != "Testchef · Anna (MED-1042), Enhed a" {
				t.Errorf("offered %+v, %v", offered, err)
			}
			found, err := record.Means(q, "position", "med-1042")
			if err != nil || len(found) != 1 || found[0].ID != position {
				t.Errorf("in a form it means %+v, %v", found, err)
			}
			meant, err := record.Meant(q, "position", []string{"MED-1042", "MED-1"})
			if err != nil || !slices.Equal(meant["MED-1042"], []string{position}) || len(meant) != 1 {
				t.Errorf("in a spreadsheet: %v, %v", meant, err)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}, people.Schema(), assetSchema)
}

func idsOf(found []record.Found) (ids []string) {
	for _, f := range found {
		ids = append(ids, f.ID)
	}
	return ids
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
