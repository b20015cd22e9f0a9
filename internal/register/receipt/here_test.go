package receipt

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"vaern/internal/field"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

// said is all that a crowd says of everybody.
func (c *crowd) said() (out []string) {
	for _, m := range c.all {
		out = append(out, fmt.Sprint(m.ID, " ", m.Unit, " ", m.Category, " ", m.NoMail))
	}
	for id, above := range c.above {
		out = append(out, fmt.Sprint(id, " under ", above, " ", c.names[id], " ", c.homes[id]))
	}
	for s := range maps.Keys(c.seated) {
		out = append(out, fmt.Sprint(s))
	}
	slices.Sort(out)
	return out
}

// something changes what a crowd is made of, or something else.
func (t *town) something(dice *rand.Rand, n int) {
	pick := func(from ...string) string { return from[dice.IntN(len(from))] }
	names := slices.Sorted(maps.Keys(t.person))
	who := t.person[names[dice.IntN(len(names))]]
	day := func() field.Date {
		return field.Date(pick("2025-11-01", "2026-03-01", "2026-03-02", "2026-03-03", "2026-03-05", "2026-09-01"))
	}
	person := func(change func(p *people.Person)) {
		t.change("person.edit", func(w *store.Write) error {
			old, err := people.Persons.Get(&w.Read, who)
			if err != nil {
				return err
			}
			now := old
			change(&now)
			return people.Persons.Replace(w, old, &now)
		})
	}
	switch dice.IntN(8) {
	case 0:
		t.join(fmt.Sprintf("%c%d Ny", 'A'+n/10, n%10), pick("north", "south"), pick("", fmt.Sprint("ny", n, "@x.dk")), people.Category(pick("student", "employee")))
	case 1:
		person(func(p *people.Person) { p.Unit = pick("north", "south", people.Top) })
	case 2:
		person(func(p *people.Person) { p.Ends = field.Date(pick("", string(day()))) })
	case 3:
		t.change("holding.create", func(w *store.Write) error {
			h := people.Holding{Head: record.Head{Unit: "south"}, Person: who, Position: t.leader, Starts: day()}
			if until := day(); until >= h.Starts {
				h.Ends = until
			}
			return people.Holdings.Add(w, &h)
		})
	case 4:
		t.change("unit.create", func(w *store.Write) error {
			return people.Units.Add(w, &people.Unit{Head: record.Head{Unit: pick("north", "south")}, Number: fmt.Sprint("n", n), Name: fmt.Sprint("Enhed ", n), Kind: "team"})
		})
	case 5:
		storetest.Later(t.Store, 24*time.Hour)
	default: // what it is not made of
		t.change("position.create", func(w *store.Write) error {
			return people.Positions.Add(w, &people.Position{Head: record.Head{Unit: "north"}, Title: fmt.Sprint("Stilling ", n)})
		})
	}
}

// TestWhatIsKeptOfPeopleIsWhatIsSo compares what two nodes keep with what is read,
// after each of many changes.
func TestWhatIsKeptOfPeopleIsWhatIsSo(t *testing.T) {
	each(t, func(t *town) {
		dice := rand.New(rand.NewPCG(1, 2))
		var nodes [2]here
		kept := 0
		for n := range 150 {
			t.something(dice, n)
			rules := []Rules{nil, {{Kind: ByUnit, Value: "south"}}, {{Kind: ByPosition, Value: t.leader}, {Kind: ByRole, Value: "manager"}}}[n%3]
			t.view(func(q *store.Read) error {
				want, err := gather(q, rules)
				if err != nil {
					return err
				}
				node := &nodes[dice.IntN(2)]
				was := node.people.value
				got, err := node.gather(q, rules)
				if err != nil {
					return err
				}
				kept += int(flag(was != nil && was.all[0] == got.all[0]))
				if a, b := want.said(), got.said(); !slices.Equal(a, b) {
					t.Fatalf("change %d: kept is\n%q\nand so is\n%q", n, b, a)
				}
				return nil
			})
		}
		if kept < 10 || kept > 80 {
			t.Errorf("of 150 looks %d are at what is kept", kept)
		}
	})
}

// TestWhatIsKeptOfHowPeopleStoodIsSo compares in the same way how people stand in
// readings that are asked about, confirmed and taken back.
func TestWhatIsKeptOfHowPeopleStoodIsSo(t *testing.T) {
	each(t, func(t *town) {
		dice := rand.New(rand.NewPCG(3, 4))
		doc := t.document()
		t.must(t.Include(t.coord, t.Store, doc, Rule{Way: In, Kind: ByRole, Value: "employee"}))
		r := t.publish(t.decided(doc, "1.0", forAll), "2026-02-01")
		var nodes [2]here
		kept := 0
		for n := range 60 {
			names := slices.Sorted(maps.Keys(t.person))
			who := names[dice.IntN(len(names))]
			switch dice.IntN(4) {
			case 0:
				t.join(fmt.Sprintf("%c%d Ny", 'A'+n/10, n%10), "south", "", "student")
				t.ask()
			case 1:
				if !strings.Contains(t.stand(r.ID), who+" done") {
					t.signAll(r.ID, who)
				}
			case 2:
				var given []string
				t.view(func(q *store.Read) (err error) {
					given, err = q.Texts(`SELECT id FROM receipt r WHERE takes_back = '' AND NOT EXISTS (SELECT 1 FROM receipt b WHERE b.takes_back = r.id) ORDER BY id LIMIT 1`, nil)
					return err
				})
				if len(given) > 0 {
					t.change(Gather, func(w *store.Write) error { return takeBack(w, given[0], "Forkert person") })
				}
			default: // what it is not made of
				t.something(dice, 200+n)
			}
			t.view(func(q *store.Read) error {
				want, err := plain{}.standings(q, r)
				if err != nil {
					return err
				}
				node := &nodes[dice.IntN(2)]
				was := node.stood.value
				got, err := node.standings(q, r)
				kept += int(flag(was != nil && reflect.ValueOf(was).Pointer() == reflect.ValueOf(got).Pointer()))
				if !maps.Equal(want, got) {
					t.Fatalf("change %d: kept is\n%v\nand so is\n%v", n, got, want)
				}
				return err
			})
		}
		if kept < 5 || kept > 40 {
			t.Errorf("of 60 looks %d are at what is kept", kept)
		}
	})
}
