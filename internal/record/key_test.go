package record_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

func TestAKeyIsTheSameWhateverTheCaseOfItsLetters(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		settle(t, s)
		ctx := access.With(context.Background(), storetest.Actor("anna", access.Reach{Tops: []string{"a"}}, everything...))
		create := func(number string) (Asset, error) {
			return assets.Create(ctx, s, Asset{Head: record.Head{Unit: "a"}, Title: "Ting " + number, Number: number}, "")
		}
		long := strings.Repeat("Æble-", 20)
		for _, number := range []string{"A-007", "Øst.1", long, "B 2"} {
			made, err := create(number)
			if err != nil {
				t.Fatal(err)
			}
			for _, other := range []string{strings.ToLower(number), strings.ToUpper(number)} {
				if other == number {
					continue
				}
				_, err := create(other)
				if p := problem.As(err); p == nil || p.Kind != problem.Conflict || p.Fields["number"].In(0) == "" || strings.Contains(p.Fields["number"].In(0), number) {
					t.Errorf("%s beside %s: %v", other, number, err)
				}
				err = s.View(ctx, "asset.see", func(q *store.Read) error {
					if have, err := assets.Spelled(q, []string{other, "A-07", "A007"}); err != nil || len(have) != 1 || have[other] != number {
						t.Errorf("%s is found as %v, %v", other, have, err)
					}
					meant, err := record.Meant(q, "asset", []string{other})
					if !slices.Equal(meant[other], []string{made.ID}) {
						t.Errorf("%s means %v", other, meant)
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
			if made.Number = strings.ToLower(number); made.Number != number { // one's own may be spelled anew
				if _, err := assets.Update(ctx, s, made, ""); err != nil {
					t.Errorf("%s as %s: %v", number, made.Number, err)
				}
			}
		}
		if _, err := create("A-\u200b007"); problem.Of(err) != problem.Conflict {
			t.Errorf("a number that looks like another: %v", err)
		}
		_, err := assets.Create(ctx, s, Asset{Head: record.Head{Unit: "a"}, Title: "\u202e\u200b", Number: "X"}, "")
		if p := problem.As(err); p == nil || p.Fields["title"] != field.Needed {
			t.Errorf("a title that nobody sees: %v", err)
		}
	}, people.Schema(), assetSchema)
}
