package feed_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"vaern/internal/access"
	"vaern/internal/people"
	"vaern/internal/people/feed"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

// town is a municipality with two schools.
type town struct {
	*testing.T
	s *store.Store
}

var may = []access.Permission{feed.Need, "test", "unit.create", "unit.edit", "unit_change.create", "unit_change.edit", "position.create", "position.edit", "person.create", "person.edit",
	"holding.create", "holding.edit", "role_grant.create"}

func (w *town) ctx() context.Context {
	return access.With(w.Context(), access.Machine("personnel", may...))
}

func each(t *testing.T, fn func(*town)) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := &town{t, s}
		w.do(func(c *store.Write) error {
			if err := people.FoundTop(c); err != nil {
				return err
			}
			top := people.Unit{Head: record.Head{ID: people.Top, Unit: people.Top}, Number: "0", Name: "Kommunen", Kind: "municipality"}
			return people.Units.Add(c, &top)
		})
		w.units("Nr;Navn;Overordnet;Type\n100;Skoler;0;Forvaltning\n110;Søndre Skole;100;Skole\n120;Nordre Skole;100;Skole\n")
		fn(w)
	}, people.Schema())
}

func (w *town) do(fn func(*store.Write) error) {
	w.Helper()
	if err := w.s.Change(w.ctx(), store.Intent{Verb: "test.set", Need: "test"}, fn); err != nil {
		w.Fatal(err)
	}
}

// table is CSV without quotes.
func table(text string) feed.Table {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return feed.Table{Head: strings.Split(lines[0], ";"), Rows: func(yield func(int, []string) bool) {
		for i, line := range lines[1:] {
			if !yield(i+2, strings.Split(line, ";")) {
				return
			}
		}
	}}
}

// said is what became of each row, and of those who were missing.
type said []string

func (w *town) take(take func(context.Context, *store.Store, feed.Table, feed.Options) (*feed.Report, error), text string, o feed.Options) (*feed.Report, said) {
	w.Helper()
	var out said
	o.Tell = func(l feed.Line) { out = append(out, fmt.Sprintf("%d %s %s", l.Row, l.Key, l.Did)) }
	r, err := take(w.ctx(), w.s, table(text), o)
	if err != nil {
		w.Fatal(err)
	}
	return r, out
}

func (w *town) units(text string) said {
	w.Helper()
	_, out := w.take(feed.Units, text, feed.Options{})
	return out
}

func (w *town) people(text string, o feed.Options) said {
	w.Helper()
	_, out := w.take(feed.People, text, o)
	return out
}

func (w *town) says(got said, want ...string) {
	w.Helper()
	if !slices.Equal(got, want) {
		w.Errorf("got  %v\nwant %v", got, want)
	}
}

// sees compares the rows of a query, their columns beside each other.
func (w *town) sees(query string, want ...string) {
	w.Helper()
	var got []string
	err := w.s.View(w.ctx(), "test", func(q *store.Read) error {
		return q.Rows(query, nil, func(scan store.Scan) error {
			var row string
			err := scan(&row)
			got = append(got, row)
			return err
		})
	})
	if err != nil {
		w.Fatal(err)
	}
	if !slices.Equal(got, want) {
		w.Errorf("%s\ngot  %q\nwant %q", query, got, want)
	}
}

// in reports whether somebody may act today.
func (w *town) in(number string) bool {
	w.Helper()
	var id string
	var err error
	failed := w.s.Peek(w.Context(), func(q *store.Read) error {
		if err := q.Row(`SELECT id FROM person WHERE number = :number`, store.Args{"number": number}, &id); err != nil {
			return err
		}
		_, err = people.Table{}.Actor(q, id)
		return nil
	})
	if failed != nil {
		w.Fatal(failed)
	}
	if err != nil && problem.Of(err) != problem.NotFound {
		w.Fatal(err)
	}
	return err == nil
}

func (w *town) leaves() (n int) {
	w.Helper()
	if err := w.s.Peek(w.Context(), func(q *store.Read) error { return q.Row(`SELECT count(*) FROM ledger_leaf`, nil, &n) }); err != nil {
		w.Fatal(err)
	}
	return n
}

const (
	head     = "Medarbejdernr;Navn;E-mail;Enhed;Stilling;Ansættelsesform;Ansat fra;Fratrådt;Leder\n"
	anna     = "1;Anna Andersen;anna@x.dk;110;Lærer;Fastansat;01-08-2020;;\n"
	bo       = "2;Berg, Bo;;110;Skoleleder;;01-08-2021;31-12-9999;\n"
	holdings = `SELECT n.number || ' ' || p.title || ' ' || h.starts || ' ' || coalesce(h.ends, '') FROM holding h JOIN person n ON n.id = h.person JOIN position p ON p.id = h.position ORDER BY n.number, h.starts, p.title, h.id`
)

func TestJoinersMoversAndLeaversTakeEffectByDate(t *testing.T) {
	each(t, func(w *town) {
		cleo := "3;Cleo Carlsen;cleo@x.dk;120;Lærer;;2026-04-01;;\n" // begins next month
		w.says(w.people(head+anna+bo+cleo, feed.Options{}), "2 1 joined", "3 2 joined", "4 3 joined")
		w.sees(holdings, "1 Lærer 2020-08-01 ", "2 Skoleleder 2021-08-01 ", "3 Lærer 2026-04-01 ")
		w.sees(`SELECT number || ' ' || name FROM person ORDER BY number`, "1 Anna Andersen", "2 Bo Berg", "3 Cleo Carlsen")
		if !w.in("1") || w.in("3") {
			t.Error("who is still to begin is in, or who has begun is not")
		}
		before := w.leaves()
		w.says(w.people(head+anna+bo+cleo, feed.Options{Full: true}), "2 1 unchanged", "3 2 unchanged", "4 3 unchanged")
		if w.leaves() != before {
			t.Error("the same file again left a leaf")
		}

		storetest.Later(w.s, 31*24*time.Hour) // 2 April: Cleo began, Anna moves in May, Bo leaves at the end of the month
		if !w.in("3") {
			t.Error("her day has come, and she is not in")
		}
		moved := "1;Anna Andersen;anna@x.dk;110;Lærer;Fastansat;01-08-2020;30-04-2026;\n1;Anna Andersen;anna@x.dk;120;Souschef;Fastansat;01-05-2026;;\n"
		left := "2;Bo Berg;;110;Skoleleder;;01-08-2021;30-04-2026;\n"
		w.says(w.people(head+moved+left+cleo, feed.Options{}), "2 1 changed", "3 1 moved", "4 2 left", "5 3 unchanged")
		w.sees(holdings, "1 Lærer 2020-08-01 2026-04-30", "1 Souschef 2026-05-01 ", "2 Skoleleder 2021-08-01 2026-04-30", "3 Lærer 2026-04-01 ")
		if !w.in("2") {
			t.Error("until the last day he is in")
		}
		storetest.Later(w.s, 31*24*time.Hour) // 2 May
		if w.in("2") || !w.in("1") {
			t.Error("who has left is in, or who moved is not")
		}
		w.says(w.people(head+moved+left+cleo, feed.Options{}), "2 1 unchanged", "3 1 moved", "4 2 unchanged", "5 3 unchanged")
		w.sees(`SELECT n.number || ' ' || u.number FROM person n JOIN unit u ON u.id = n.unit ORDER BY n.number`, "1 120", "2 110", "3 120")
	})
}

func TestWhoIsMissingFromAFullFileHasLeft(t *testing.T) {
	each(t, func(w *town) {
		rows := head + anna + bo
		for n := 10; n < 60; n++ {
			rows += fmt.Sprintf("%d;Person %d;;120;Pædagog;;01-01-2020;;\n", n, n)
		}
		w.people(rows, feed.Options{})
		w.do(func(c *store.Write) error { // somebody whom the personnel system does not know
			return people.Persons.Add(c, &people.Person{Head: record.Head{Unit: people.Top}, Number: "frivillig", Name: "Frida", Category: "volunteer"})
		})
		without := strings.Replace(rows, bo, "", 1)
		w.says(w.people(without, feed.Options{})[:1], "2 1 unchanged")
		if !w.in("2") {
			t.Error("a file of changes let somebody leave who is not in it")
		}
		got := w.people(without, feed.Options{Full: true})
		w.says(got[len(got)-1:], "0 2 left")
		if w.in("2") || !w.in("frivillig") {
			t.Error("who is missing is in, or who was entered by hand is not")
		}
		w.sees(holdings+` LIMIT 2`, "1 Lærer 2020-08-01 ", "10 Pædagog 2020-01-01 ")

		before := w.leaves()
		r, got := w.take(feed.People, head+anna, feed.Options{Full: true}) // half the file is gone
		if !r.Held || r.Leaving != 50 || r.Of != 52 || len(got) > 0 || w.leaves() != before {
			t.Errorf("50 of 52 would leave: %+v %v", r, got)
		}
		r, _ = w.take(feed.People, head+anna, feed.Options{Full: true, Reason: "Kun skolen er tilbage"})
		if r.Held || r.Counts[feed.Left] != 50 || w.in("10") {
			t.Errorf("it is meant, and yet: %+v", r)
		}
		w.says(w.people(rows, feed.Options{Full: true})[:3], "2 1 unchanged", "3 2 joined", "4 10 joined")
		if !w.in("2") {
			t.Error("who is back in the file is not in")
		}
		w.sees(holdings+` LIMIT 2`, "1 Lærer 2020-08-01 ", "10 Pædagog 2020-01-01 ") // reopened, not doubled
	})
}

func TestAccessEndedByHandStaysEnded(t *testing.T) {
	each(t, func(w *town) {
		w.people(head+anna+bo, feed.Options{})
		w.do(func(c *store.Write) error {
			n, err := people.Persons.ByKeys(&c.Read, []string{"1"})
			if err == nil {
				_, err = people.Leave(c, n["1"].ID, "", true)
			}
			return err
		})
		w.says(w.people(head+anna+bo, feed.Options{Full: true}), "2 1 unchanged", "3 2 unchanged")
		if w.in("1") {
			t.Error("the file let somebody in again who was shown out")
		}
	})
}

func TestANumberThatSomebodyElseHasChangesNoHands(t *testing.T) {
	each(t, func(w *town) {
		w.do(func(c *store.Write) error {
			for n, mail := range []string{"admin@x.dk", "bo@x.dk"} {
				p := people.Person{Head: record.Head{Unit: people.Top}, Number: fmt.Sprint(n + 1), Name: "Ada Minor", Mail: mail, Category: "employee"}
				if err := people.Persons.Add(c, &p); err != nil {
					return err
				}
			}
			return nil
		})
		w.says(w.people(head+anna+"2;Bo Berg;bo@x.dk;110;Lærer;;;;\n", feed.Options{}), "2 1 wrong", "3 2 moved") // the second has his address
		w.sees(`SELECT name FROM person ORDER BY number`, "Ada Minor", "Bo Berg")
	})
}

func TestEachWrongRowIsExplainedAndTakesNoneAlong(t *testing.T) {
	each(t, func(w *town) {
		var why []string
		_, err := feed.People(w.ctx(), w.s, table(head+anna+bo+
			";Uden Nummer;;110;Lærer;;;;\n"+
			"4;;;110;Lærer;;;;\n"+
			"5;Ingen Enhed;;999;Lærer;;;;\n"+
			"6;Skæv Dato;;110;Lærer;;32-13-2026;;\n"+
			"7;Bagvendt Tid;;110;Lærer;;2026-05-01;2026-04-01;\n"+
			"8;Samme Mail;anna@x.dk;110;Lærer;;;;\n"+
			"1;Anna Andersen;anna@x.dk;110;lærer;;;;\n"+
			"1;En Anden;;120;Lærer;;;;\n"+
			"1,2E+05;Regnearkets Tal;;110;Lærer;;;;\n"+
			"9;Ukendt Form;;110;Lærer;Rumvæsen;;;\n"+
			"10;Ekstern Uden Slut;;110;Konsulent;Konsulent;;;\n"+
			"11;Ekstern Med Slut;;110;Konsulent;Konsulent;;2026-12-31;2\n"+
			"12;Har Forladt Os;;110;Lærer;;2020-01-01;2025-12-31;\n"), feed.Options{
			Tell: func(l feed.Line) {
				if !l.Text.Whole() {
					t.Errorf("row %d: %v", l.Row, l)
				}
				why = append(why, fmt.Sprintf("%d %s %s", l.Row, l.Did, l.Text[1]))
			}})
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(why)
		want := []string{
			"10 wrong Row 2 already has the same employment.", "11 wrong Row 2 has the same number and another name.",
			"12 wrong The spreadsheet turned the number into “1,2E+05”. Make the column text and export again.", "13 wrong The relation “Rumvæsen” is unknown.",
			"14 wrong An external person needs an end date.", "15 joined New.", "16 waits Has left and was not here.",
			"2 joined New.", "3 joined New.", "4 wrong The staff number is missing.", "5 wrong The name is missing.", "6 wrong The unit “999” does not exist.",
			"7 wrong “32-13-2026” is no date.", "8 wrong The last day is before the first.", "9 wrong The mail address belongs to number 1.",
		}
		for _, w := range want {
			if !slices.ContainsFunc(why, func(s string) bool { return strings.HasPrefix(s, w) }) {
				t.Errorf("nothing says %q\n%s", w, strings.Join(why, "\n"))
			}
		}
		w.sees(`SELECT number FROM person ORDER BY number`, "1", "11", "2")
		w.sees(`SELECT n.number || ' ' || p.title FROM person n JOIN position p ON p.id = n.sponsor`, "11 Skoleleder")
	})
}

func TestATrialChangesNothing(t *testing.T) {
	each(t, func(w *town) {
		before := w.leaves()
		w.says(w.people(head+anna+bo, feed.Options{Try: true}), "2 1 joined", "3 2 joined")
		_, got := w.take(feed.Units, "Nr;Navn;Overordnet\n130;Ny;100\n131;Under ny;130\n110;Søndre;100\n", feed.Options{Try: true})
		w.says(got, "2 130 joined", "4 110 changed", "3 131 joined")
		if w.leaves() != before {
			t.Error("a trial left something behind")
		}
		rows := head
		for n := range 2400 { // three parts that share positions
			rows += fmt.Sprintf("%d;Person %d;p%d@x.dk;1%d0;Lærer;;01-01-2020;;\n", n+10, n, n, n%2+1)
		}
		r, _ := w.take(feed.People, rows, feed.Options{Try: true})
		if r.Counts[feed.Joined] != 2400 || w.leaves() != before {
			t.Errorf("a long trial: %+v", r)
		}
		r, _ = w.take(feed.People, rows, feed.Options{})
		if r.Counts[feed.Joined] != 2400 {
			t.Errorf("then for real: %+v", r)
		}
		w.sees(`SELECT title || ' ' || (SELECT count(*) FROM holding WHERE position = p.id) FROM position p`, "Lærer 1200", "Lærer 1200")
	})
}

func TestUnitsMoveAndCloseByDate(t *testing.T) {
	each(t, func(w *town) {
		tree := `SELECT u.number || ' ' || u.name || ' ' || a.number || ' ' || coalesce(u.closes, '') FROM unit u JOIN unit a ON a.id = u.unit WHERE u.id <> 'top' ORDER BY u.number`
		w.sees(tree, "100 Skoler 0 ", "110 Søndre Skole 100 ", "120 Nordre Skole 100 ")
		file := "Nr;Navn;Overordnet;Fra;Til\n100;Skoler;0;;\n110;Søndre Skole;100;;31-03-2026\n120;Nordre Skole;0;01-05-2026;\n130;Østre Skole;100;;\n131;SFO;130;;\n"
		w.says(w.units(file), "2 100 unchanged", "4 120 moved", "3 110 left", "5 130 joined", "6 131 joined")
		w.sees(tree, "100 Skoler 0 ", "110 Søndre Skole 100 ", "120 Nordre Skole 100 ", "130 Østre Skole 100 ", "131 SFO 130 ")
		before := w.leaves()
		w.says(w.units(file), "2 100 unchanged", "4 120 unchanged", "3 110 unchanged", "5 130 unchanged", "6 131 unchanged")
		if w.leaves() != before {
			t.Error("the same file again planned something")
		}
		storetest.Later(w.s, 61*24*time.Hour)
		if err := people.TakeEffect(w.Context(), w.s); err != nil {
			t.Fatal(err)
		}
		w.sees(tree, "100 Skoler 0 ", "110 Søndre Skole 100 2026-03-31", "120 Nordre Skole 0 ", "130 Østre Skole 100 ", "131 SFO 130 ")
		w.says(w.units("Nr;Navn;Overordnet\n;Uden nummer;0\n140;Hvor;999\n141;Sig selv;141\n"), "2  wrong", "4 141 wrong", "3 140 wrong")
	})
}

func TestAPositionWithRolesIsHandedOutWithEveryCheck(t *testing.T) {
	each(t, func(w *town) {
		w.people(head+anna+bo, feed.Options{})
		w.do(func(c *store.Write) error {
			for title, role := range map[string]people.Role{"Lærer": "dpo", "Skoleleder": "manager"} {
				var id string
				if err := c.Row(`SELECT id FROM position WHERE title = :title`, store.Args{"title": title}, &id); err != nil {
					return err
				}
				if err := people.Grants.Add(c, &people.Grant{Head: record.Head{Unit: people.Top}, Position: id, Role: role}); err != nil {
					return err
				}
			}
			return nil
		})
		w.says(w.people(head+anna+"1;Anna Andersen;anna@x.dk;110;Skoleleder;;;;\n"+bo, feed.Options{}), "2 1 unchanged", "3 1 wrong", "4 2 unchanged")
	})
}

func TestWithoutThePermissionNothingIsRead(t *testing.T) {
	each(t, func(w *town) {
		ctx := access.With(w.Context(), access.Machine("other", "person.see"))
		for _, take := range []func(context.Context, *store.Store, feed.Table, feed.Options) (*feed.Report, error){feed.People, feed.Units} {
			if _, err := take(ctx, w.s, table(head+anna), feed.Options{}); problem.Of(err) != problem.Forbidden {
				t.Errorf("got %v", err)
			}
		}
		if _, err := feed.People(w.ctx(), w.s, table("Navn;CPR-nr\nAnna;1\n"), feed.Options{}); problem.As(err) == nil || problem.As(err).Fields["file"] == [2]string{} {
			t.Errorf("a file without numbers: %v", err)
		}
	})
}
