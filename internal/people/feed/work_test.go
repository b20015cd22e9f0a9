package feed_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/people/feed"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/sheet"
	"vaern/internal/store"
)

// hand hands a file in and has it looked through.
func (w *town) hand(text string, m feed.Meant) (id string) {
	w.Helper()
	read, err := sheet.Read(strings.NewReader(text))
	if err != nil {
		w.Fatal(err)
	}
	id, err = feed.Hand(w.ctx(), w.s, "personale.csv", m, feed.SheetOf(read))
	if err == nil {
		err = feed.Look(w.ctx(), w.s, id, on)
	}
	if err != nil {
		w.Fatal(err)
	}
	return id
}

func on(int, int) error { return nil }

func (w *town) kept(id string) (k feed.Kept) {
	w.Helper()
	err := w.s.View(w.ctx(), feed.Need, func(q *store.Read) (err error) {
		k, err = feed.Find(q, id)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return k
}

func (w *town) taken(text string, m feed.Meant) (id string) {
	w.Helper()
	id = w.hand(text, m)
	if err := feed.Take(w.ctx(), w.s, id, on); err != nil {
		w.Fatal(err)
	}
	return id
}

// crowd is a file of so many people in three positions, the last row wrong.
func crowd(n int) string {
	var b strings.Builder
	b.WriteString(head)
	for i := range n {
		fmt.Fprintf(&b, "%d;Person %d;;1%d0;%s;;01-01-2020;;\n", 100+i, i, i%2+1, []string{"Lærer", "Pædagog", "Vikar"}[i%3])
	}
	return b.String() + ";Uden Nummer;;110;Lærer;;;;\n"
}

func TestAFileThatWasCutOffGoesOnWhereItWas(t *testing.T) {
	each(t, func(w *town) {
		id := w.hand(crowd(2100), feed.Meant{})
		killed := errors.New("killed")
		for cut := range 2 { // after the first part, and again after the second
			parts := 0
			err := feed.Take(w.ctx(), w.s, id, func(int, int) error {
				if parts++; parts == 1 {
					return killed
				}
				return nil
			})
			k := w.kept(id)
			if !errors.Is(err, killed) || !k.Begun() || k.Report.Counts[feed.Joined] != 1000*(cut+1) {
				t.Fatalf("cut off %d: %v %+v", cut, err, k.Report)
			}
		}
		before := w.leaves()
		if err := feed.Take(w.ctx(), w.s, id, on); err != nil {
			t.Fatal(err)
		}
		k := w.kept(id)
		if k.State != feed.Taken || k.Report.Rows != 2101 || k.Report.Counts[feed.Joined] != 2100 || k.Report.Counts[feed.Wrong] != 1 || k.Report.Counts[feed.Unchanged] != 0 {
			t.Errorf("in the end: %+v", k.Report)
		}
		if n := w.leaves() - before; n != 2 {
			t.Errorf("the last hundred left %d leaves: what was done was done again", n)
		}
		w.sees(`SELECT CAST(count(DISTINCT id) AS TEXT) || ' ' || CAST(count(*) AS TEXT) FROM ledger_leaf WHERE kind IN ('person', 'holding') AND type = 'batch'`, "1 6")
		if err := feed.Undo(w.ctx(), w.s, id, on); err != nil {
			t.Fatal(err)
		}
		w.sees(`SELECT CAST(count(*) AS TEXT) FROM person`, "0")
	})
}

func TestAFileThatCameByItselfIsListedThoughItWasCutOff(t *testing.T) {
	each(t, func(w *town) {
		receive := func(step func(int) error) (*feed.Kept, error) {
			read, err := sheet.Read(strings.NewReader(crowd(1100)))
			if err != nil {
				t.Fatal(err)
			}
			data := feed.SheetOf(read)
			return feed.Receive(w.ctx(), w.s, feed.File{Name: "people.csv", Table: data.Table(), Data: data}, feed.Options{Step: step})
		}
		killed := errors.New("killed")
		cut, err := receive(func(int) error { return killed })
		if k := w.kept(cut.ID); !errors.Is(err, killed) || k.State != feed.Taken || !k.Report.CutOff || k.Report.Counts[feed.Joined] != 1000 {
			t.Fatalf("cut off: %v %+v", err, k)
		}
		whole, err := receive(nil)
		if k := w.kept(whole.ID); err != nil || k.State != feed.Taken || k.Report.CutOff || k.Report.Counts[feed.Joined] != 100 || k.Report.Counts[feed.Unchanged] != 1000 {
			t.Fatalf("sent again: %v %+v", err, k)
		}
		for _, id := range []string{whole.ID, cut.ID} {
			if err := feed.Undo(w.ctx(), w.s, id, on); err != nil {
				t.Fatal(err)
			}
		}
		w.sees(`SELECT CAST(count(*) AS TEXT) FROM person`, "0")
	})
}

// everything is what the registers hold, apart from versions.
const everything = `SELECT 'p ' || number || ' ' || name || ' ' || coalesce(ends, '') || ' ' || coalesce(fed_ends, '') FROM person
	UNION ALL SELECT 'h ' || title || ' ' || starts || ' ' || coalesce(ends, '') FROM holding UNION ALL SELECT 's ' || title FROM position
	UNION ALL SELECT 'u ' || number || ' ' || name FROM unit UNION ALL SELECT 't ' || kind || ' ' || title FROM record_title
	UNION ALL SELECT 'e ' || kind || ' ' || title FROM search_entry`

func (w *town) all() []string { return w.rows(everything) }

func (w *town) rows(query string) (rows []string) {
	w.Helper()
	err := w.s.View(w.ctx(), "test", func(q *store.Read) error {
		return q.Rows(query+` ORDER BY 1`, nil, func(scan store.Scan) error {
			var row string
			err := scan(&row)
			rows = append(rows, row)
			return err
		})
	})
	if err != nil {
		w.Fatal(err)
	}
	return rows
}

func TestAFileIsUndoneAsOne(t *testing.T) {
	each(t, func(w *town) {
		w.taken(crowd(40), feed.Meant{Full: true})
		w.do(func(c *store.Write) error { // one of the positions carries a role
			var id string
			if err := c.Row(`SELECT id FROM position WHERE title = 'Vikar' AND unit = (SELECT id FROM unit WHERE number = '110')`, nil, &id); err != nil {
				return err
			}
			return people.Grants.Add(c, &people.Grant{Head: record.Head{Unit: people.Top}, Position: id, Role: "manager"})
		})
		was := w.all()
		// The wrong file: most are gone, some moved, and there are new ones.
		wrong := head + "100;Person 0;;120;Rektor;;01-01-2020;;\n104;Person Fire;;110;Pædagog;;01-01-2020;;\n900;Ny;;110;Lærer;;;;\n"
		id := w.taken(wrong, feed.Meant{Full: true, Reason: "En fejl"})
		if w.in("101") || !w.in("900") {
			t.Fatal("the file did not count")
		}
		if err := feed.Undo(w.ctx(), w.s, id, on); err != nil {
			t.Fatal(err)
		}
		if now := w.all(); strings.Join(now, "\n") != strings.Join(was, "\n") {
			t.Errorf("not as before:\n%s\n\n%s", strings.Join(now, "\n"), strings.Join(was, "\n"))
		}
		if k := w.kept(id); k.State != feed.Undone || !w.in("101") {
			t.Errorf("undone: %+v", k)
		}
	})
}

func TestUnitsOfAFileAreUndone(t *testing.T) {
	each(t, func(w *town) {
		was := w.all()
		id := w.taken("Nr;Navn;Overordnet\n130;Ny;100\n131;Under ny;130\n", feed.Meant{Units: true})
		if err := feed.Undo(w.ctx(), w.s, id, on); err != nil {
			t.Fatal(err)
		}
		if now := w.all(); strings.Join(now, "\n") != strings.Join(was, "\n") {
			t.Errorf("not as before:\n%s", strings.Join(now, "\n"))
		}
		w.sees(`SELECT CAST(count(*) AS TEXT) FROM unit_span WHERE unit NOT IN (SELECT id FROM unit)`, "0")
	})
}

func TestUnitsThatAFileMovedRenamedOrClosedAreUndone(t *testing.T) {
	each(t, func(w *town) {
		lie := `SELECT u.number || ' under ' || t.number FROM unit_under d JOIN unit u ON u.id = d.unit JOIN unit t ON t.id = d.top
			UNION ALL SELECT number || ' closes ' || closes FROM unit WHERE closes IS NOT NULL UNION ALL SELECT title FROM unit_change`
		was, lay := w.all(), w.rows(lie)
		for name, file := range map[string]string{
			"renamed":                  "110;Et andet navn;100;\n",
			"moved and renamed":        "110;Et andet navn;120;\n",
			"moved under a new one":    "130;Ny;100;\n110;Skolen;130;\n",
			"closes on a day to come":  "110;Skolen;100;31-12-2026\n",
			"changed places":           "120;Den anden;110;\n",
			"moved, with one below it": "110;Skolen;120;\n140;Under den;110;\n",
		} {
			id := w.taken("Nr;Navn;Overordnet;Nedlægges\n"+file, feed.Meant{Units: true})
			if len(w.kept(id).Report.Changes) == 0 {
				t.Fatalf("%s: the file did nothing: %+v", name, w.kept(id))
			}
			if err := feed.Undo(w.ctx(), w.s, id, on); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if now := append(w.all(), w.rows(lie)...); strings.Join(now, "\n") != strings.Join(append(slices.Clone(was), lay...), "\n") {
				t.Fatalf("%s: not as before:\n%s\n\n%s\n%s", name, strings.Join(now, "\n"), strings.Join(was, "\n"), strings.Join(lay, "\n"))
			}
		}
	})
}

func TestAUnitThatAFileClosedIsOpenedWithAllThatWasInIt(t *testing.T) {
	each(t, func(w *town) {
		const placed = `SELECT p.name || ' in ' || u.number || ' ' || coalesce(u.closes, '') FROM person p JOIN unit u ON u.id = p.unit
			UNION ALL SELECT h.title || ' in ' || u.number FROM holding h JOIN unit u ON u.id = h.unit
			UNION ALL SELECT b.name || ' in ' || u.number FROM body b JOIN unit u ON u.id = b.unit
			UNION ALL SELECT g.title || ' in ' || u.number FROM role_grant g JOIN unit u ON u.id = g.unit`
		w.taken(crowd(6), feed.Meant{})
		w.do(func(c *store.Write) error {
			var unit, position string
			if err := c.Row(`SELECT u.id, p.id FROM unit u JOIN position p ON p.unit = u.id WHERE u.number = '110' LIMIT 1`, nil, &unit, &position); err != nil {
				return err
			}
			if err := people.Bodies.Add(c, &people.Body{Head: record.Head{Unit: unit}, Name: "Skolebestyrelse", Kind: "other"}); err != nil {
				return err
			}
			return people.Grants.Add(c, &people.Grant{Head: record.Head{Unit: unit}, Position: position, Role: "manager"})
		})
		was := append(w.all(), w.rows(placed)...)
		closing := "Nr;Navn;Overordnet;Nedlægges\n110;Skolen;100;01-03-2026\n"
		id := w.taken(closing, feed.Meant{Units: true})
		w.sees(`SELECT CAST((SELECT count(*) FROM person p JOIN unit u ON u.id = p.unit WHERE u.number = '110') + (SELECT count(*) FROM role_grant) AS TEXT)`, "0")
		if err := feed.Undo(access.With(w.Context(), access.Machine("other", feed.Need, "person.edit", "holding.edit", "position.edit", "unit.edit", "unit_change.edit", "unit_change.see")), w.s, id, on); problem.Of(err) != problem.Forbidden {
			t.Errorf("by somebody who may not give the role again: %v", err)
		}
		if err := feed.Undo(w.ctx(), w.s, id, on); err != nil {
			t.Fatal(err)
		}
		if now := append(w.all(), w.rows(placed)...); strings.Join(now, "\n") != strings.Join(was, "\n") {
			t.Errorf("not as before:\n%s\n\n%s", strings.Join(now, "\n"), strings.Join(was, "\n"))
		}
		id = w.taken(closing, feed.Meant{Units: true})
		w.do(func(c *store.Write) error {
			var body, unit string
			if err := c.Row(`SELECT b.id, u.id FROM body b, unit u WHERE u.number = '120'`, nil, &body, &unit); err != nil {
				return err
			}
			return record.Place(c, ref.Ref{Kind: "body", ID: body}, unit)
		})
		if p := problem.As(feed.Undo(w.ctx(), w.s, id, on)); p == nil || !strings.Contains(p.Text[1], "Skolebestyrelse was moved") {
			t.Errorf("what was moved on since: %v", p)
		}
	})
}

func TestAFileThatSomethingBuildsOnIsNotUndone(t *testing.T) {
	each(t, func(w *town) {
		id := w.taken(crowd(40), feed.Meant{})
		w.do(func(c *store.Write) error {
			known, err := people.Persons.ByKeys(&c.Read, []string{"101"})
			if err != nil {
				return err
			}
			is := *known["101"]
			is.Mail = "ny@x.dk"
			return people.Persons.Replace(c, *known["101"], &is)
		})
		was := w.all()
		p := problem.As(feed.Undo(w.ctx(), w.s, id, on))
		if p == nil || p.Text[i18n.Da] != "Indlæsningen kan ikke fortrydes, for noget bygger på den. Intet er ændret. Person 1 er rettet siden indlæsningen." {
			t.Errorf("undone: %v", p)
		}
		if now := w.all(); strings.Join(now, "\n") != strings.Join(was, "\n") || w.kept(id).State != feed.Taken {
			t.Error("it was refused, and yet something changed")
		}
		if err := feed.Undo(access.With(w.Context(), access.Machine("other", "person.see")), w.s, id, on); problem.Of(err) != problem.Forbidden {
			t.Errorf("without the permission: %v", err)
		}
	})
}

func TestWrongRowsAreKeptToBeCorrected(t *testing.T) {
	each(t, func(w *town) {
		file := strings.Replace(crowd(5), "Leder\n", "CPR-nr\n", 1) + "7;Ingen enhed;;999;Lærer;;;;010203-1234\n"
		id := w.taken(file, feed.Meant{})
		var data *feed.Sheet
		err := w.s.View(w.ctx(), feed.Need, func(q *store.Read) (err error) {
			data, err = feed.Data(q, id)
			return err
		})
		if err != nil || len(data.Rows) != 2 || data.Wrong[8] == (i18n.Text{}) || data.Rows[1][1] != "Ingen enhed" || strings.Join(data.Rows[1], "") != "7Ingen enhed999Lærer" {
			t.Errorf("kept: %+v %v", data, err)
		}
		again := strings.Join(append(data.Head, feed.Faults[0]), ";") + "\n7;Ingen enhed;;110;Lærer;;;;;fejl\n"
		k := w.kept(w.taken(again, feed.Meant{}))
		if len(k.Report.Unknown) > 0 || k.Report.Counts[feed.Joined] != 1 {
			t.Errorf("corrected: %+v", k.Report)
		}
	})
}
