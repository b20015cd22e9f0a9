package people_test

import (
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

// TestVerifyNamesWhoWasLetInBehindTheLedger forges the tables that decide who
// reaches and finds what, and how units lie, one row at a time, and puts each back.
func TestVerifyNamesWhoWasLetInBehindTheLedger(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := access.With(t.Context(), everything())
		err := s.Change(ctx, store.Intent{Verb: "test.fill", Need: "test"}, func(w *store.Write) error {
			if err := people.FoundTop(w); err != nil {
				return err
			}
			for _, u := range [][2]string{{people.Top, people.Top}, {"a", people.Top}, {"a1", "a"}, {"b", people.Top}} {
				rec := people.Unit{Head: record.Head{ID: u[0], Unit: u[1]}, Number: u[0], Name: "Enhed " + u[0], Kind: "department"}
				if err := people.Units.Add(w, &rec); err != nil {
					return err
				}
			}
			return people.Persons.Add(w, &people.Person{Head: record.Head{ID: "anna", Unit: "a1"}, Number: "1", Name: "Anna", Category: "employee"})
		})
		if err != nil {
			t.Fatal(err)
		}
		storetest.Verify(t, s)
		for _, c := range []struct{ forge, back, says string }{
			{`INSERT INTO unit_under (top, unit) VALUES ('b', 'a1')`, `DELETE FROM unit_under WHERE top = 'b' AND unit = 'a1'`, "unit/a1 is not under unit/b"},
			{`DELETE FROM unit_under WHERE top = 'a' AND unit = 'a1'`, `INSERT INTO unit_under (top, unit) VALUES ('a', 'a1')`, "lacks that unit/a1 is under unit/a"},
			{`INSERT INTO unit_under (top, unit) VALUES ('ghost', 'a')`, `DELETE FROM unit_under WHERE top = 'ghost'`, "unit/a is not under unit/ghost"},
			{`UPDATE record_title SET unit = 'b' WHERE id = 'anna'`, `UPDATE record_title SET unit = 'a1' WHERE id = 'anna'`, "person/anna is not where"},
			{`UPDATE record_title SET unit = 'b' WHERE id = 'a1'`, `UPDATE record_title SET unit = 'a1' WHERE id = 'a1'`, "unit/a1 is not where"},
			{`INSERT INTO record_title (id, kind, unit, title, owner, search) VALUES ('ghost', 'person', 'b', '', '', '')`, `DELETE FROM record_title WHERE id = 'ghost'`, "person/ghost is not where"},
			{`DELETE FROM record_title WHERE id = 'anna'`, `INSERT INTO record_title (id, kind, unit, title, owner, search) VALUES ('anna', 'person', 'a1', 'Anna', '', 'anna')`, "person/anna is left out"},
			{`UPDATE record_title SET title = 'Bo' WHERE id = 'anna'`, `UPDATE record_title SET title = 'Anna' WHERE id = 'anna'`, "record_title was changed behind the ledger's back: person/anna is not"},
			{`UPDATE search_entry SET unit = 'b' WHERE record = 'anna'`, `UPDATE search_entry SET unit = 'a1' WHERE record = 'anna'`, "search_entry was changed behind the ledger's back: person/anna is not"},
			{`UPDATE search_entry SET title = 'Bo' WHERE record = 'anna'`, `UPDATE search_entry SET title = 'Anna' WHERE record = 'anna'`, "search_entry was changed behind the ledger's back: person/anna is not"},
			{`UPDATE unit_span SET above = 'b' WHERE unit = 'a1'`, `UPDATE unit_span SET above = 'a' WHERE unit = 'a1'`, "unit/a1 is not as it says"},
			{`UPDATE unit_span SET name = 'x' WHERE unit = 'a1'`, `UPDATE unit_span SET name = 'Enhed a1' WHERE unit = 'a1'`, "unit/a1 is not as it says"},
			{`UPDATE unit_span SET ends = '2026-01-01' WHERE unit = 'a1'`, `UPDATE unit_span SET ends = '' WHERE unit = 'a1'`, "unit/a1 is not as it says"},
			{`INSERT INTO unit_span (unit, starts, ends, above, number, name, kind) VALUES ('ghost', '2026-01-01', '', 'a', '9', 'x', 'team')`, `DELETE FROM unit_span WHERE unit = 'ghost'`, "unit/ghost is not as it says"},
			{`UPDATE record_title SET kind = 'asset' WHERE id = 'anna'`, `UPDATE record_title SET kind = 'person' WHERE id = 'anna'`, "person/anna is left out"},
		} {
			for _, act := range []string{c.forge, c.back} {
				if err := s.Work(t.Context(), func(w *store.Work) error { return w.Do(act, nil) }); err != nil {
					t.Fatal(err)
				}
				v, err := s.Verify(access.With(t.Context(), access.Machine("test", "test")), "test", "")
				if err != nil {
					t.Fatal(err)
				}
				if act == c.forge && !strings.Contains(v.Fault, c.says) || act == c.back && v.Fault != "" {
					t.Errorf("after %s: %q, want %q", act, v.Fault, c.says)
				}
			}
		}
	}, people.Schema())
}
