package receipt

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/store"
)

const forAll = `## 1. Formål

Alle passer på kommunens oplysninger.

## 2. Ledere

Ledere følger op en gang om måneden.
`

// asksAll is a document for everybody, its second section for managers only.
func (t *town) asksAll() string {
	doc := t.document()
	t.must(t.Include(t.coord, t.Store, doc, Rule{Way: In, Kind: ByRole, Value: "employee"}))
	t.must(t.Include(t.coord, t.Store, doc, Rule{Part: "s:2", Way: In, Kind: ByRole, Value: "manager"}))
	return doc
}

func TestFirstVersionAsksAllOfTheAudience(t *testing.T) {
	each(t, func(t *town) {
		r := t.publish(t.decided(t.asksAll(), "1.0", forAll), "2026-02-01")
		t.stands(r.ID, "Anna open, Bo open, Carl open, Dorte open, Lise open")
	})
}

func TestDocumentWithoutAudienceAsksNobody(t *testing.T) {
	each(t, func(t *town) {
		t.must(publishOnly(t, t.decided(t.document(), "1.0", forAll)))
		t.view(func(q *store.Read) error {
			all, err := readings(q, `1 = 1`, nil)
			if len(all) != 0 {
				t.Errorf("%d readings", len(all))
			}
			return err
		})
	})
}

func publishOnly(t *town, edition string) error {
	return t.papers.Publish(t.coord, t.Store, edition, "2026-02-01")
}

func TestOnlyThoseWhomAChangedSentenceTouchesAreAsked(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"a comma":                 {"Ledere følger op", "Ledere, følger op", "Anna kept, Bo kept, Carl kept, Dorte kept, Lise kept"},
		"a sentence for managers": {"en gang om måneden", "to gange om måneden", "Anna kept, Bo kept, Carl kept, Dorte kept, Lise open"},
		"a sentence for all":      {"passer på kommunens", "passer godt på kommunens", "Anna open, Bo open, Carl open, Dorte open, Lise open"},
		"a sentence that is gone": {"Ledere følger op en gang om måneden.", "", "Anna kept, Bo kept, Carl kept, Dorte kept, Lise open"},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *town) {
				doc := t.asksAll()
				r := t.publish(t.decided(doc, "1.0", forAll+"\nHer står også noget andet om øvelser.\n"), "2026-02-01")
				t.signAll(r.ID, "Anna", "Bo", "Carl", "Dorte", "Lise")
				r = t.publish(t.decided(doc, "1.1", strings.Replace(forAll, c.old, c.new, 1)+"\nHer står også noget andet om øvelser.\n"), "2026-03-01")
				t.stands(r.ID, c.want)
				page := send(t.site("boss", access.Reach{Whole: true}, Numbers, Names), "GET", "/reading/"+r.ID, nil)
				if n := strings.Count(c.want, "kept"); strings.Contains(page.Body.String(), fmt.Sprintf(`For en tidligere version, og intet nyt gælder for dem</th><td class="right">%d<`, n)) != (n > 0) {
					t.Errorf("how we know of %d who read the earlier version: %s", n, page.Body)
				}
			})
		})
	}
}

func TestWhoHasNotReadIsAskedAboutTheNewVersionByTheOldDate(t *testing.T) {
	each(t, func(t *town) {
		doc := t.asksAll()
		edition := t.decided(doc, "1.0", forAll)
		_, err := t.Prepare(t.coord, t.Store, edition, Choice{Due: "2026-03-10"})
		t.must(err)
		first := t.publish(edition, "2026-02-01")
		t.signAll(first.ID, "Anna", "Bo", "Carl", "Lise")
		r := t.publish(t.decided(doc, "1.1", strings.Replace(forAll, "Ledere følger", "Ledere, følger", 1)), "2026-03-01")
		t.stands(r.ID, "Anna kept, Bo kept, Carl kept, Dorte open, Lise kept")
		t.view(func(q *store.Read) error {
			var due string
			err := q.Row(`SELECT due FROM asked WHERE reading = :r AND person = :p`, store.Args{"r": r.ID, "p": t.person["Dorte"]}, &due)
			if due != first.Due || r.Due != first.Due || r.Days != first.Days {
				t.Errorf("the date is %s, and %s on the page (%d days), was %s (%d)", due, r.Due, r.Days, first.Due, first.Days)
			}
			return err
		})
	})
}

func TestPublisherWidensAndNarrowsWithAReason(t *testing.T) {
	each(t, func(t *town) {
		doc := t.asksAll()
		r := t.publish(t.decided(doc, "1.0", forAll), "2026-02-01")
		t.signAll(r.ID, "Anna", "Bo", "Carl", "Dorte", "Lise")
		next := t.decided(doc, "1.1", strings.Replace(forAll, "en gang om måneden", "to gange om måneden", 1))
		more := Rules{{Way: In, Kind: ByUnit, Value: "south"}, {Way: Out, Kind: ByCategory, Value: "council"}}
		if _, err := t.Prepare(t.coord, t.Store, next, Choice{Due: "2026-04-01", More: more}); err == nil {
			t.Error("no reason was asked for")
		}
		_, err := t.Prepare(t.coord, t.Store, next, Choice{Due: "2026-04-01", More: more, Why: "Syd har bedt om det"})
		t.must(err)
		r = t.publish(next, "2026-03-01")
		t.stands(r.ID, "Anna kept, Bo kept, Carl kept, Dorte open, Lise open")
		if r.Due != "2026-04-01" || r.Why != "Syd har bedt om det" {
			t.Errorf("kept %+v", r)
		}
	})
}

func TestSentenceMayBeLetAskNobody(t *testing.T) {
	each(t, func(t *town) {
		doc := t.asksAll()
		r := t.publish(t.decided(doc, "1.0", forAll), "2026-02-01")
		t.signAll(r.ID, "Anna", "Bo", "Carl", "Dorte", "Lise")
		next := t.decided(doc, "1.1", strings.Replace(forAll, "en gang om måneden", "én gang om måneden", 1))
		_, err := t.Prepare(t.coord, t.Store, next, Choice{Due: "2026-04-01", Skipped: []string{"2.1"}, Why: "kun en accent"})
		t.must(err)
		r = t.publish(next, "2026-03-01")
		t.stands(r.ID, "Anna kept, Bo kept, Carl kept, Dorte kept, Lise kept")
	})
}

func TestWhoJoinsIsAskedAndWhoLeavesIsNot(t *testing.T) {
	each(t, func(t *town) {
		r := t.publish(t.decided(t.asksAll(), "1.0", forAll), "2026-02-01")
		before := t.leaves()
		t.ask()
		if now := t.leaves(); now != before {
			t.Errorf("asking again, when nothing changed, left %d leaves", now-before)
		}
		t.join("Eva Elev", "south", "", "student")
		t.change("person.edit", func(w *store.Write) error {
			old, err := people.Persons.Get(&w.Read, t.person["Dorte"])
			if err != nil {
				return err
			}
			gone := old
			gone.Ends = "2026-03-01"
			return people.Persons.Replace(w, old, &gone)
		})
		t.ask()
		t.stands(r.ID, "Anna open, Bo open, Carl open, Dorte gone, Eva open, Lise open")
		if now := t.leaves(); now == before {
			t.Error("that somebody was asked is not in the ledger")
		}
	})
}

func TestWhoMovesIntoTheAudienceIsAskedThen(t *testing.T) {
	each(t, func(t *town) {
		doc := t.document()
		t.must(t.Include(t.coord, t.Store, doc, Rule{Way: In, Kind: ByUnit, Value: "south"}))
		r := t.publish(t.decided(doc, "1.0", forAll), "2026-02-01")
		t.stands(r.ID, "Dorte open")
		t.seat("Anna", "south", "Vikar i Syd", "")
		t.ask()
		t.stands(r.ID, "Anna open, Dorte open")
	})
}

func TestMovedSectionKeepsItsAudience(t *testing.T) {
	each(t, func(t *town) {
		doc := t.asksAll()
		r := t.publish(t.decided(doc, "1.0", forAll), "2026-02-01")
		t.signAll(r.ID, "Anna", "Bo", "Carl", "Dorte", "Lise")
		moved := strings.Replace(forAll, "## 2.", "## 3.", 1)
		r = t.publish(t.decided(doc, "1.1", moved), "2026-03-01")
		t.stands(r.ID, "Anna kept, Bo kept, Carl kept, Dorte kept, Lise kept")
		r = t.publish(t.decided(doc, "1.2", strings.Replace(moved, "en gang om", "to gange om", 1)), "2026-03-02")
		t.stands(r.ID, "Anna kept, Bo kept, Carl kept, Dorte kept, Lise open")
	})
}

// TestAudiencesAreMadeOfUnitPositionRoleAndCategory asks about Lise, who leads
// north, and about Dorte, who belongs to south and holds a position there and,
// until yesterday, one in north.
func TestAudiencesAreMadeOfUnitPositionRoleAndCategory(t *testing.T) {
	each(t, func(t *town) {
		t.change("holding.create", func(w *store.Write) error {
			return people.Holdings.Add(w, &people.Holding{Head: record.Head{Unit: "north"}, Person: t.person["Dorte"], Position: t.leader, Starts: "2026-01-01", Ends: "2026-03-01"})
		})
		t.seat("Bo", "south", "Vikar", "")
		in := func(kind, value string) Rule { return Rule{Way: In, Kind: kind, Value: value} }
		out := func(kind, value string) Rule { return Rule{Way: Out, Kind: kind, Value: value} }
		for _, x := range []struct {
			rules           Rules
			lise, bo, dorte bool
		}{
			{nil, true, true, true},
			{Rules{in(ByUnit, "north")}, true, true, false},
			{Rules{in(ByUnit, "south")}, false, true, true},
			{Rules{in(ByUnit, people.Top)}, true, true, true},
			{Rules{in(ByPosition, t.leader)}, true, false, false},
			{Rules{in(ByRole, "manager")}, true, false, false},
			{Rules{in(ByRole, "employee")}, true, true, true},
			{Rules{in(ByCategory, "keys")}, false, true, false},
			{Rules{out(ByCategory, "keys")}, true, false, true},
			{Rules{in(ByUnit, people.Top), out(ByRole, "manager")}, false, true, true},
			{Rules{in(ByCategory, "keys"), in(ByRole, "manager")}, true, true, false},
		} {
			t.view(func(q *store.Read) error {
				all, err := gather(q, x.rules)
				if err != nil {
					return err
				}
				for name, want := range map[string]bool{"Lise": x.lise, "Bo": x.bo, "Dorte": x.dorte} {
					one, err := alone(q, t.person[name], x.rules)
					if err != nil {
						return err
					}
					for _, c := range []*crowd{all, one} {
						if got := x.rules.has(c, c.member(t.person[name])); got != want {
							t.Errorf("%v: %s %v among %d", x.rules, name, got, len(c.all))
						}
					}
				}
				return nil
			})
		}
	})
}

func TestWhoPublishesIsToldWhatComesOfIt(t *testing.T) {
	each(t, func(t *town) {
		doc := t.asksAll()
		one := t.decided(doc, "1.0", forAll)
		boss := t.site("boss", access.Reach{Whole: true}, everything...)
		holds(t.T, send(boss, "GET", "/edition/"+one+"/readers", nil), http.StatusOK, "i kraft, og bed 5 personer om at læse<")
		t.must(publishOnly(t, one))
		beside := func(want string) {
			t.view(func(q *store.Read) error {
				page, err := t.Beside(q, i18n.Da, Version{ID: one, Document: doc, Ready: true})
				if !strings.Contains(string(page), want) {
					t.Errorf("want %q in %s", want, page)
				}
				return err
			})
		}
		beside("Folk bliver spurgt lige nu.")
		t.ask()
		beside("0 af 5 har kvitteret")
		two := t.decided(doc, "1.1", strings.Replace(forAll, "Ledere følger", "Ledere, følger", 1))
		holds(t.T, send(boss, "GET", "/edition/"+two+"/readers", nil), http.StatusOK, "i kraft</button>")
	})
}

func TestAudienceOfAUnitThatAnotherTookOverGoesAlong(t *testing.T) {
	each(t, func(t *town) {
		doc := t.document()
		t.must(t.Include(t.coord, t.Store, doc, Rule{Way: In, Kind: ByUnit, Value: "north"}))
		r := t.publish(t.decided(doc, "1.0", forAll), "2026-02-01")
		t.signAll(r.ID, "Anna")
		t.change("unit_change.create", func(w *store.Write) error {
			return people.Changes.Add(w, &people.Change{Head: record.Head{Unit: people.Top}, Act: people.MergeUnit, Subject: "north", Target: "south", Effective: field.Date(w.Today)})
		})
		t.ask()
		t.stands(r.ID, "Anna done, Bo open, Carl open, Dorte open, Lise open")
	})
}

func TestAudienceOfAUnitThatIsSplitIsOfBoth(t *testing.T) {
	each(t, func(t *town) {
		doc := t.document()
		t.must(t.Include(t.coord, t.Store, doc, Rule{Way: In, Kind: ByUnit, Value: "north"}))
		r := t.publish(t.decided(doc, "1.0", forAll), "2026-02-01")
		t.change("unit_change.create", func(w *store.Write) error {
			return people.Changes.Add(w, &people.Change{Head: record.Head{Unit: people.Top}, Act: people.SplitUnit, Subject: "north", Name: "Nord 2", Number: "n2",
				Along: "Pædagog", Effective: field.Date(w.Today)})
		})
		t.ask()
		t.stands(r.ID, "Anna open, Bo open, Carl open, Lise open")
		t.view(func(q *store.Read) error {
			var unit, here string
			err := q.Row(`SELECT u.name, CASE WHEN a.here = 1 THEN 'here' ELSE '' END FROM asked a JOIN unit u ON u.id = a.unit WHERE a.person = :anna`, store.Args{"anna": t.person["Anna"]}, &unit, &here)
			if unit != "Nord 2" || here != "here" {
				t.Errorf("Anna went to %q and is %q", unit, here)
			}
			return err
		})
	})
}
