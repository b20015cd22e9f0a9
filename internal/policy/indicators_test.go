package policy_test

import (
	"fmt"
	"testing"

	"vaern/internal/access"
	"vaern/internal/indicator"
	"vaern/internal/people"
	"vaern/internal/policy"
	"vaern/internal/record"
	"vaern/internal/register/control"
	"vaern/internal/register/rule"
	"vaern/internal/store"
)

var top = record.Head{Unit: people.Top}

// position makes a position, held by somebody of a category or by nobody.
func (w *town) position(title string, level int64, holder people.Category, ends string) (id string) {
	w.Helper()
	w.do(func(c *store.Write) error {
		p := people.Position{Head: top, Title: title, Level: level}
		if err := people.Positions.Add(c, &p); err != nil || holder == "" {
			id = p.ID
			return err
		}
		id = p.ID
		n := people.Person{Head: top, Number: title, Name: "Holder af " + title, Category: holder, Ends: dateOf(ends)}
		if holder.External() {
			n.Sponsor = p.ID
		}
		if err := people.Persons.Add(c, &n); err != nil {
			return err
		}
		return people.Holdings.Add(c, &people.Holding{Head: top, Person: n.ID, Position: p.ID, Starts: "2025-01-01"})
	})
	return id
}

func (w *town) says(key, want string) {
	w.Helper()
	m := w.measured(key)
	if got := fmt.Sprintf("%d of %d, %s", m.Met, m.Total, m.State); got != want {
		w.Errorf("%s says %s, want %s", key, got, want)
	}
}

func TestLeadersHeld(t *testing.T) {
	each(t, func(w *town) {
		w.says("position.leaders_held", "0 of 0, none")
		w.position("Chef", 2, "employee", "")
		w.position("Medarbejder", 0, "", "")
		w.says("position.leaders_held", "1 of 1, met")
		w.position("Ledig chef", 1, "", "")
		w.says("position.leaders_held", "1 of 2, unmet")
	})
}

func TestExternalsValid(t *testing.T) {
	each(t, func(w *town) {
		w.says("person.external_valid", "0 of 0, none")
		chief, vacant := w.position("Chef", 2, "employee", ""), w.position("Ledig chef", 2, "", "")
		w.says("person.external_valid", "0 of 0, none")
		external := func(number, sponsor, ends string) people.Person {
			n := people.Person{Head: top, Number: number, Name: "Ekstern " + number, Category: "consultant", Sponsor: sponsor, Ends: dateOf(ends)}
			w.do(func(c *store.Write) error { return people.Persons.Add(c, &n) })
			return n
		}
		external("X1", chief, "2026-03-02") // the last day is today
		w.says("person.external_valid", "1 of 1, met")
		external("X2", chief, "2026-03-01") // who has left is no longer asked about
		w.says("person.external_valid", "1 of 1, met")
		external("X3", vacant, "2026-12-31")
		w.says("person.external_valid", "1 of 2, unmet") // nobody answers for X3
		w.position("Konsulent", 0, "consultant", "2026-12-31")
		w.says("person.external_valid", "1 of 3, unmet") // nor does anybody answer for themselves
		w.do(func(c *store.Write) error {                // the chief leaves
			_, err := people.Leave(c, w.holder(chief), "", true)
			return err
		})
		w.says("person.external_valid", "0 of 3, unmet")
	})
}

// holder is who holds a position.
func (w *town) holder(position string) (id string) {
	w.Helper()
	if err := w.s.Peek(w.Context(), func(q *store.Read) error {
		return q.Row(`SELECT person FROM holding WHERE position = :position`, store.Args{"position": position}, &id)
	}); err != nil {
		w.Fatal(err)
	}
	return id
}

func TestCommitteeSeatsHeld(t *testing.T) {
	each(t, func(w *town) {
		w.says("body.committee_seats_held", "0 of 0, none")
		held, vacant := w.position("Formand", 1, "employee", ""), w.position("Jurist", 0, "", "")
		var body people.Body
		w.do(func(c *store.Write) error {
			body = people.Body{Head: top, Name: "Udvalget", Kind: people.Committee}
			if err := people.Bodies.Add(c, &body); err != nil {
				return err
			}
			return people.Offices.Add(c, &people.Office{Head: top, Body: body.ID, Position: held, Chair: true})
		})
		w.says("body.committee_seats_held", "1 of 1, met")
		w.do(func(c *store.Write) error {
			return people.Offices.Add(c, &people.Office{Head: top, Body: body.ID, Position: vacant})
		})
		w.says("body.committee_seats_held", "1 of 2, unmet")
	})
}

func TestDPODesignated(t *testing.T) {
	each(t, func(w *town) {
		w.says("body.dpo_designated", "0 of 1, unmet") // the municipality must have one: nobody is not met
		p := w.position("Databeskyttelsesrådgiver", 0, "employee", "")
		w.do(func(c *store.Write) error {
			return people.Grants.Add(c, &people.Grant{Head: top, Position: p, Role: people.Role(access.DPO)})
		})
		w.says("body.dpo_designated", "1 of 1, met")
	})
}

func TestRulesOwned(t *testing.T) {
	each(t, func(w *town) {
		w.says("rule.owned", "0 of 0, none")
		held, vacant := w.position("Ejer", 0, "employee", ""), w.position("Ledig", 0, "", "")
		for i, owner := range []string{held, vacant} {
			w.do(func(c *store.Write) error {
				return rule.Rules.Add(c, &rule.Rule{Head: top, Number: fmt.Sprint("R-", i), Title: "Regel", Text: "Tekst", Owner: owner})
			})
			w.says("rule.owned", []string{"1 of 1, met", "1 of 2, unmet"}[i])
		}
	})
}

func TestControlsOwnedAndOnTime(t *testing.T) {
	each(t, func(w *town) {
		w.says("control.owned", "0 of 0, none")
		w.says("control.on_time", "0 of 0, none")
		w.says("control.on_time.continuity", "0 of 0, none")
		held := w.position("Ejer", 0, "employee", "")
		w.do(func(c *store.Write) error {
			return control.Controls.Add(c, &control.Control{Head: top, Number: "K-0", Title: "Kontrol", Every: "year", Owner: held, Themes: "continuity"})
		})
		w.says("control.owned", "1 of 1, met")
		w.says("control.on_time", "1 of 1, met")
		w.control("K-1", "year", "2026-03-01") // due yesterday, and nobody's
		w.says("control.owned", "1 of 2, unmet")
		w.says("control.on_time", "1 of 2, unmet")
		w.says("control.on_time.continuity", "1 of 2, unmet")
		w.says("control.on_time.suppliers", "0 of 0, none")
	})
}

func TestLedgerVerified(t *testing.T) {
	each(t, func(w *town) {
		w.says("ledger.verified", "0 of 1, unmet") // nobody has looked yet
		if v, err := w.engine.VerifyLedger(w.ctx(), ""); err != nil || v.Fault != "" {
			w.Fatal(v.Fault, err)
		}
		w.says("ledger.verified", "1 of 1, met")
	})
}

// A goal can be met, partly met, not met, or not measured: nothing else.
func TestEveryDeclaredIndicatorHasSenseInItsLimits(t *testing.T) {
	each(t, func(w *town) {
		n := 0
		for _, m := range w.engine.Modules {
			for _, in := range m.Indicators {
				n++
				if !in.Limits().Sound() || !in.Name.Whole() || !in.Counts.Whole() || !in.OutOf.Whole() || !in.Do.Whole() || len(in.Themes) == 0 {
					w.Errorf("%s is declared badly: %+v", in.Key, in)
				}
				if in.Limits().State(indicator.Measure{}) != indicator.NotMeasured {
					w.Errorf("%s is met by nothing", in.Key)
				}
			}
		}
		if n < 15 {
			w.Errorf("%d indicators, at least fifteen are promised", n)
		}
		w.Logf("%d indicators", n)
	})
}

func TestThePolicyTellsWhenDataAreFromWhereThatIsAnotherDay(t *testing.T) {
	const now = "2026-12-01T01:00:00.000000Z"
	for asked, want := range map[string]bool{"2026-11-30T22:59:59.000000Z": true, "2026-11-30T23:00:00.000000Z": false, now: false} {
		if policy.Older(now, asked) != want {
			t.Errorf("asked %s, seen %s: not %v", asked, now, want)
		}
	}
}
