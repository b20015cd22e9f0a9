package document

import (
	"errors"
	"strings"
	"testing"

	"vaern/internal/field"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

const simple = "# Instruks\n\n## 1. Skærm\n\nLås skærmen, når du går fra din plads.\n\nLuk døren efter dig, når du er den sidste.\n"

func TestWhoWroteAVersionDoesNotDecideItAlone(t *testing.T) {
	each(t, func(t town) {
		id := t.draft(t.document(Instruction, "IN-1"), "1.0", simple)
		if err := Decide(t.coord, t.Store, id); problem.Of(err) != problem.Forbidden {
			t.Errorf("the author decides: %v", err)
		}
		t.must(Save(t.other, t.Store, id, 1, Text{Label: "1.0", Body: simple + "\nMere.\n"}))
		for _, who := range []string{"coord", "other"} { // both have written
			if err := Decide(storetest.As(t, who, coordinator...), t.Store, id); problem.Of(err) != problem.Forbidden {
				t.Errorf("%s, who has written, decides: %v", who, err)
			}
		}
		t.must(Decide(storetest.As(t, "third", coordinator...), t.Store, id))
	})
}

func TestWhoWroteAVersionDoesNotApproveItForABody(t *testing.T) {
	each(t, func(t town) {
		id := t.draft(t.document(Guideline, "RL-1"), "1.0", simple)
		a := Approval{Head: record.Head{Unit: people.Top}, Edition: id, Body: t.body(people.Committee), Decided: "2026-03-01", Way: Here}
		_, err := approvals.Create(t.coord, t.Store, a, "")
		if p := problem.As(err); p == nil || p.Fields["way"][0] == "" {
			t.Errorf("the author approves: %v", err)
		}
		if _, err := approvals.Create(t.other, t.Store, a, ""); problem.As(err) == nil || problem.As(err).Fields["body"][0] == "" {
			t.Errorf("somebody without a seat approves: %v", err)
		}
		a.Way = Minutes
		if _, err := approvals.Create(t.coord, t.Store, a, ""); err != nil {
			t.Errorf("registering what a body decided is not approving: %v", err)
		}
	})
}

func TestAPolicyIsDecidedOnlyWhenItsBodiesHaveApproved(t *testing.T) {
	each(t, func(t town) {
		id := t.draft(t.document(Policy, "P-01"), "1.0", simple)
		t.must(Submit(t.coord, t.Store, id))
		bodies := []people.BodyKind{people.Council, people.ExecutiveBoard, people.Committee}
		for _, kind := range bodies {
			err := Decide(t.other, t.Store, id)
			if problem.Of(err) != problem.Precondition || !strings.Contains(problem.As(err).Text[0], strings.ToLower(kindName(kind)[0])) {
				t.Errorf("without %s: %v", kind, err)
			}
			t.approve(id, t.body(kind), "2026-03-01")
		}
		if err := PutInForce(t.coord, t.Store, id, ""); problem.Of(err) != problem.Conflict {
			t.Errorf("in force before it is decided: %v", err)
		}
		t.must(Decide(t.coord, t.Store, id))
		t.must(PutInForce(t.coord, t.Store, id, "2026-03-01"))
		if e := t.edition(id); e.State != InForce || e.Starts != "2026-03-01" {
			t.Errorf("got %s from %s", e.State, e.Starts)
		}
	})
}

func TestNoDayHasTwoVersionsInForce(t *testing.T) {
	each(t, func(t town) {
		d := t.document(Instruction, "IN-1")
		one := t.draft(d, "1.0", simple)
		t.inForce(one, "2026-01-10")
		two := t.draft(d, "1.1", simple)
		t.must(Decide(t.other, t.Store, two))
		for _, day := range []field.Date{"2026-01-10", "2026-01-01", "2026-03-03", "9. marts"} {
			if err := PutInForce(t.coord, t.Store, two, day); problem.Of(err) != problem.Invalid {
				t.Errorf("in force from %s: %v", day, err)
			}
		}
		if err := PutInForce(t.coord, t.Store, two, "2026-01-10"); problem.As(err) == nil || !strings.Contains(problem.As(err).Fields["from"][0], "fra 11.1.2026") {
			t.Errorf("on the first day of the earlier version: %v", err)
		}
		t.must(PutInForce(t.coord, t.Store, two, "2026-02-01"))
		if e := t.edition(one); e.State != Superseded || e.Ends != "2026-01-31" {
			t.Errorf("the old version is %s until %s", e.State, e.Ends)
		}
		t.view(func(q *store.Read) error {
			for day, want := range map[string]string{"2026-01-09": "", "2026-01-10": one, "2026-01-31": one, "2026-02-01": two, "2027-01-01": two} {
				e, ok, err := InForceOn(q, d.ID, day)
				if err != nil || e.ID != want || ok != (want != "") {
					t.Errorf("on %s %q is in force, want %q (%v)", day, e.ID, want, err)
				}
			}
			return nil
		})
	})
}

func TestClausesKeepTheirNumbersOverThreeVersions(t *testing.T) {
	each(t, func(t town) {
		d := t.document(Instruction, "IN-1")
		numbers := func(body, label string) map[string]string {
			out := map[string]string{}
			e := t.edition(t.draft(d, label, body))
			for _, c := range e.Clauses() {
				out[c.Text] = c.ID
			}
			return out
		}
		const screen, door, papers = "Lås skærmen, når du går fra din plads.", "Luk døren efter dig, når du er den sidste.", "Læg papirer med navne i skuffen om aftenen."
		first := numbers("## 1. Sådan\n\n"+screen+"\n\n"+door+"\n", "1.0")
		second := numbers("## 1. Sådan\n\n"+papers+"\n\n"+screen+"\n", "1.1")
		third := numbers("## 1. Sådan\n\n"+door+"\n\n"+papers+"\n\n"+screen+"\n", "1.2")
		if first[screen] != second[screen] || second[screen] != third[screen] || second[papers] != third[papers] {
			t.Errorf("a clause changed its number: %v, %v, %v", first, second, third)
		}
		if second[papers] == first[door] || third[door] == second[papers] || third[door] == third[screen] {
			t.Errorf("a number was used twice: %v, %v, %v", first, second, third)
		}
	})
}

func TestAnApprovedTextDoesNotChange(t *testing.T) {
	each(t, func(t town) {
		id := t.draft(t.document(Guideline, "RL-1"), "1.0", simple)
		t.approve(id, t.body(people.Committee), "2026-03-01")
		if err := Save(t.coord, t.Store, id, 1, Text{Label: "1.0", Body: "Noget andet."}); problem.Of(err) != problem.Conflict {
			t.Errorf("the approved text changes: %v", err)
		}
	})
}

func TestWhoIsSlowerGetsBothTexts(t *testing.T) {
	each(t, func(t town) {
		id := t.draft(t.document(Instruction, "IN-1"), "1.0", simple)
		t.must(Save(t.other, t.Store, id, 1, Text{Label: "1.0", Body: "Deres tekst er her."}))
		err := Save(t.coord, t.Store, id, 1, Text{Label: "1.0", Body: "Min tekst er her."})
		var stale *record.Stale[Edition]
		if !errors.As(err, &stale) || stale.Mine.Body != "Min tekst er her." || stale.Theirs.Body != "Deres tekst er her." {
			t.Fatalf("got %v", err)
		}
		if e := t.edition(id); e.Body != "Deres tekst er her." {
			t.Errorf("the slower text won: %q", e.Body)
		}
	})
}

func TestOnlyWhoMayReadsDrafts(t *testing.T) {
	each(t, func(t town) {
		d := t.document(Instruction, "IN-1")
		one, two := t.draft(d, "1.0", simple), t.draft(d, "1.1", simple)
		t.inForce(one, "2026-03-01")
		everybody := storetest.As(t, "anybody", "document.see")
		t.must(t.View(everybody, "document.see", func(q *store.Read) error {
			if _, err := edition(q, two); problem.Of(err) != problem.NotFound {
				t.Errorf("a draft shows: %v", err)
			}
			all, err := editions(q, d.ID)
			if len(all) != 1 || all[0].ID != one {
				t.Errorf("got %d versions, want the one in force", len(all))
			}
			return err
		}))
	})
}

func TestTheNextNumberFollowsTheNewest(t *testing.T) {
	for _, c := range []struct {
		have []string
		want string
	}{{nil, "1.0"}, {[]string{"3.2"}, "3.3"}, {[]string{"9"}, "10"}, {[]string{"1.9"}, "1.10"}, {[]string{"3.2", "3.3"}, "3.4"}, {[]string{"2026-forår"}, "2026-forår.1"}} {
		var all []Edition
		for _, label := range c.have {
			all = append(all, Edition{Label: label})
		}
		if got := nextLabel(all); got != c.want {
			t.Errorf("after %v comes %s, want %s", c.have, got, c.want)
		}
	}
}

func TestAVersionNumberIsUsedOnce(t *testing.T) {
	each(t, func(t town) {
		d := t.document(Instruction, "IN-1")
		t.draft(d, "1.0", simple)
		_, err := Begin(t.coord, t.Store, d.ID, Text{Label: " 1.0 ", Body: simple})
		if p := problem.As(err); p == nil || p.Fields["label"][0] == "" {
			t.Errorf("the number is used twice: %v", err)
		}
	})
}
