package document

import (
	"fmt"
	"testing"

	"vaern/internal/field"
	"vaern/internal/indicator"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/register/rule"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
	"vaern/internal/theme"
	"vaern/internal/themed"
)

// asked is what an indicator answers: how many of how many, and what is missing.
func (t town) asked(key string) string {
	t.Helper()
	var in indicator.Indicator
	for _, one := range indicators {
		if one.Key == key {
			in = one
		}
	}
	var m indicator.Measure
	var missing []string
	t.view(func(q *store.Read) error {
		if err := q.Row(in.Query, nil, &m.Met, &m.Total); err != nil {
			return err
		}
		return q.Rows(in.Missing, nil, func(scan store.Scan) error {
			var kind, id string
			err := scan(&kind, &id)
			missing = append(missing, kind)
			return err
		})
	})
	if int64(len(missing)) != m.Total-m.Met {
		t.Errorf("%s: %d of %d, but %d are missing", key, m.Met, m.Total, len(missing))
	}
	return fmt.Sprintf("%d of %d %v", m.Met, m.Total, missing)
}

func (t town) says(key, want string) {
	t.Helper()
	if got := t.asked(key); got != want {
		t.Errorf("%s: got %s, want %s", key, got, want)
	}
}

func TestIndicatorsAreDeclaredWhole(t *testing.T) {
	for _, in := range indicators {
		if !in.Name.Whole() || !in.Counts.Whole() || !in.OutOf.Whole() || in.Goal < in.Warning || len(in.Themes) == 0 {
			t.Errorf("%s is not whole", in.Key)
		}
		for _, key := range in.Themes {
			if _, ok := theme.Get(key); !ok {
				t.Errorf("%s: there is no theme %s", in.Key, key)
			}
		}
	}
}

func TestAnEmptyMunicipalityIsNeverMet(t *testing.T) {
	each(t, func(t town) {
		for _, in := range indicators {
			want := "0 of 0 []"
			if in.Key == "document.policy_in_force" {
				want = "0 of 1 [unit]"
			}
			t.says(in.Key, want)
		}
	})
}

// adopted is a policy in force with all its approvals, council's on a day.
func (t town) adopted(council field.Date, caseNumber string) (Document, string) {
	t.Helper()
	d := t.document(Policy, "P-01")
	id := t.draft(d, "1.0", simple)
	for kind, day := range map[people.BodyKind]field.Date{people.Council: council, people.ExecutiveBoard: "2026-02-01", people.Committee: "2026-02-01"} {
		a := Approval{Head: record.Head{Unit: people.Top}, Edition: id, Body: t.body(kind), Decided: day, Way: Minutes, CaseNumber: caseNumber}
		_, err := approvals.Create(t.coord, t.Store, a, "")
		t.must(err)
	}
	t.inForce(id, "2026-02-10")
	return d, id
}

func TestAnAdoptedPolicyMeetsItsIndicators(t *testing.T) {
	each(t, func(t town) {
		d := t.document(Policy, "P-00")
		t.says("document.policy_in_force", "0 of 1 [document]")
		t.says("document.policy_approved", "0 of 3 [unit unit unit]")
		t.says("document.in_force", "0 of 1 [document]")
		t.says("document.owned", "0 of 1 [document]")
		_, _ = t.adopted("2022-03-03", "2026-001")
		t.says("document.policy_in_force", "1 of 1 []")
		t.says("document.policy_approved", "3 of 3 []")
		t.says("document.policy_fresh", "1 of 1 []")
		t.says("approval.case_number", "3 of 3 []")
		t.says("document.in_force", "1 of 2 [document]")
		t.says("document.one_in_force", "1 of 1 []")

		second := t.draft(d, "0.1", simple) // a second policy is one too many
		for _, kind := range []string{"council", "executive_board", "committee"} {
			var body string
			t.view(func(q *store.Read) error {
				return q.Row(`SELECT id FROM body WHERE kind = :kind`, store.Args{"kind": kind}, &body)
			})
			t.approve(second, body, "2020-01-01")
		}
		t.inForce(second, "2026-02-10")
		t.says("document.policy_in_force", "0 of 1 [document]")
		t.says("document.policy_fresh", "1 of 2 [edition]")
		t.says("approval.case_number", "3 of 6 [approval approval approval]")
	})
}

func TestAnOldApprovalIsNotFresh(t *testing.T) {
	each(t, func(t town) {
		t.adopted("2022-03-01", "") // today is 2026-03-02
		t.says("document.policy_fresh", "0 of 1 [edition]")
		t.says("approval.case_number", "0 of 3 [approval approval approval]")
	})
}

func TestClausesAreLookedAtAndHaveRules(t *testing.T) {
	each(t, func(t town) {
		_, id := t.adopted("2026-02-01", "")
		t.says("binding.accepted", "0 of 2 [binding binding]")
		t.says("binding.with_rule", "0 of 2 [binding binding]")
		t.must(Accept(t.coord, t.Store, id, "1.1", themed.Of("physical-security")))
		t.says("binding.accepted", "1 of 2 [binding]")
		r := rule.Rule{Head: record.Head{Unit: people.Top}, Number: "R-1", Title: "Lås", Text: "Lås døren.", Themes: themed.Of("physical-security")}
		_, err := rule.Rules.Create(t.coord, t.Store, r, "")
		t.must(err)
		t.says("binding.with_rule", "1 of 2 [binding]")
		t.must(Accept(t.coord, t.Store, id, "1.2", themed.Of())) // it only explains
		t.says("binding.with_rule", "1 of 1 []")
		t.says("binding.accepted", "2 of 2 []")
	})
}

func TestDocumentsAreOwnedAndReviewed(t *testing.T) {
	each(t, func(t town) {
		coord := storetest.As(t, "coord", "position.create", "person.create", "holding.create", "document.create", "document.edit")
		top := record.Head{Unit: people.Top}
		seat, err := people.Positions.Create(coord, t.Store, people.Position{Head: top, Title: "Chef"}, "")
		t.must(err)
		d := Document{Head: top, Number: "IN-1", Title: "Instruks", Level: Instruction, Owner: seat.ID, ReviewBy: "2026-03-02"}
		d, err = documents.Create(coord, t.Store, d, "")
		t.must(err)
		t.says("document.owned", "0 of 1 [document]")
		t.says("document.reviewed", "0 of 0 []")
		_, err = people.Holdings.Create(coord, t.Store, people.Holding{Head: top, Person: "coord", Position: seat.ID, Starts: "2026-01-01"}, "")
		t.must(err)
		t.inForce(t.draft(d, "1.0", simple), "2026-03-01")
		t.says("document.owned", "1 of 1 []")
		t.says("document.reviewed", "1 of 1 []")
		d.ReviewBy = "2026-03-01"
		_, err = documents.Update(coord, t.Store, d, "")
		t.must(err)
		t.says("document.reviewed", "0 of 1 [document]")
	})
}

func TestTwoVersionsOnOneDayAreFound(t *testing.T) {
	each(t, func(t town) {
		d := t.document(Instruction, "IN-1")
		one := t.draft(d, "1.0", simple)
		t.inForce(one, "2026-01-10")
		two := t.draft(d, "1.1", simple)
		t.inForce(two, "2026-02-01")
		t.says("document.one_in_force", "1 of 1 []")
		t.must(t.Change(t.coord, store.Intent{Verb: "document.edit", Need: "document.edit"}, func(w *store.Write) error {
			e, err := edition(&w.Read, one) // what the acts never do
			if err != nil {
				return err
			}
			e.Ends = "2026-02-01"
			return move(w, &e, Superseded)
		}))
		t.says("document.one_in_force", "0 of 1 [document]")
	})
}

func TestReviewsAndRemarksAreNotForgotten(t *testing.T) {
	each(t, func(t town) {
		id := t.draft(t.document(Instruction, "IN-1"), "1.0", simple)
		t.must(Submit(t.coord, t.Store, id))
		t.must(Comment(t.coord, t.Store, id, "1.1", "Uklart."))
		t.says("edition.review_moves", "1 of 1 []")
		t.says("remark.answered", "1 of 1 []")
		t.must(t.Change(t.coord, store.Intent{Verb: "document.edit", Need: "document.edit"}, func(w *store.Write) error {
			e, err := edition(&w.Read, id)
			if err != nil {
				return err
			}
			e.AnswerBy = "2026-03-01" // as it is 61 days later
			return move(w, &e, InReview)
		}))
		t.says("edition.review_moves", "0 of 1 [edition]")
		t.late()
		t.says("remark.answered", "0 of 1 [remark]")
	})
}

// late makes the open remarks as old as they are a month later.
func (t town) late() {
	t.Helper()
	t.must(t.Change(t.coord, store.Intent{Verb: "remark.create", Need: Remarks}, func(w *store.Write) error {
		var id string
		if err := w.Row(`SELECT id FROM remark`, nil, &id); err != nil {
			return err
		}
		return w.Do(ref.Ref{Kind: "remark", ID: id}, `
			UPDATE remark SET version = version + 1, updated_at = :now, updated_by = :actor, answer_by = '2026-03-01' WHERE id = :id`, store.Args{"id": id})
	}))
}
