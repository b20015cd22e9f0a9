package rule

import (
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/module"
	"vaern/internal/moduletest"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
	"vaern/internal/themed"
)

func TestModule(t *testing.T) { moduletest.Exercise(t, Module()) }

// What a rule serves decides whether a sentence of the policy is upheld: a theme that somebody gave it, or took from
// it, behind the ledger is named, and so is one of a rule that is withdrawn.
func TestVerifyNamesAThemeThatWasForged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := access.With(t.Context(), access.Machine("test", "test"))
		err := s.Change(ctx, store.Intent{Verb: "test.fill", Need: "test"}, func(w *store.Write) error {
			if err := people.FoundTop(w); err != nil {
				return err
			}
			if err := people.Units.Add(w, &people.Unit{Head: record.Head{ID: people.Top, Unit: people.Top}, Number: "1", Name: "Kommune", Kind: "municipality"}); err != nil {
				return err
			}
			for _, r := range []Rule{
				{Head: record.Head{ID: "lock"}, Number: "1", Title: "Skærmen låses", Themes: themed.Of("review", "awareness")},
				{Head: record.Head{ID: "old"}, Number: "2", Title: "Disketter låses inde", Themes: themed.Of("review"), Withdrawn: "2026-01-01"},
			} {
				r.Unit, r.Text = people.Top, "Alle gør det hver dag."
				if err := Rules.Add(w, &r); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		storetest.Verify(t, s)
		for _, c := range []struct{ forge, back, says string }{
			{`INSERT INTO theme_link (kind, id, theme) VALUES ('rule', 'lock', 'backup')`, `DELETE FROM theme_link WHERE theme = 'backup'`, "rule/lock does not serve the theme backup"},
			{`DELETE FROM theme_link WHERE theme = 'review'`, `INSERT INTO theme_link (kind, id, theme) VALUES ('rule', 'lock', 'review')`, "rule/lock serves the theme review"},
			{`INSERT INTO theme_link (kind, id, theme) VALUES ('rule', 'old', 'review')`, `DELETE FROM theme_link WHERE id = 'old'`, "rule/old does not serve the theme review"},
		} {
			for _, act := range []string{c.forge, c.back} {
				if err := s.Work(t.Context(), func(w *store.Work) error { return w.Do(act, nil) }); err != nil {
					t.Fatal(err)
				}
				v, err := s.Verify(ctx, "test", "")
				if err != nil {
					t.Fatal(err)
				}
				if act == c.forge && !strings.Contains(v.Fault, c.says) || act == c.back && v.Fault != "" {
					t.Errorf("after %s: %q, want %q", act, v.Fault, c.says)
				}
			}
		}
	}, module.Schemas([]module.Module{Module()})...)
}
