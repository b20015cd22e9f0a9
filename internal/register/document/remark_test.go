package document

import (
	"testing"

	"vaern/internal/problem"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

func TestRemarksBelongToAReview(t *testing.T) {
	each(t, func(t town) {
		id := t.draft(t.document(Instruction, "IN-1"), "1.0", simple)
		member := storetest.As(t, "member", reader...)
		if err := Comment(member, t.Store, id, "1.1", "Uklart."); problem.Of(err) != problem.Conflict {
			t.Errorf("a draft takes remarks: %v", err)
		}
		t.must(Submit(t.coord, t.Store, id))
		if err := Comment(member, t.Store, id, "9.9", "Uklart."); problem.Of(err) != problem.NotFound {
			t.Errorf("a clause that is not there takes remarks: %v", err)
		}
		if err := Comment(member, t.Store, id, "1.1", "  "); problem.Of(err) != problem.Invalid {
			t.Errorf("an empty remark is stored: %v", err)
		}
		t.must(Comment(member, t.Store, id, "1.1", "Uklart."))
		var all []Remark
		t.view(func(q *store.Read) (err error) { all, err = remarks(q, id); return err })
		if len(all) != 1 || all[0].Clause != "1.1" || all[0].AnswerBy != "2026-04-01" || all[0].Resolved {
			t.Fatalf("got %+v", all)
		}
		if err := Resolve(storetest.As(t, "stranger", reader...), t.Store, id, all[0].ID); problem.Of(err) != problem.Forbidden {
			t.Errorf("somebody else closes it: %v", err)
		}
		t.must(Resolve(member, t.Store, id, all[0].ID))
		if err := Resolve(member, t.Store, id, all[0].ID); problem.Of(err) != problem.NotFound {
			t.Errorf("it is closed twice: %v", err)
		}
	})
}
