package record_test

import (
	"context"
	"encoding/base64"
	"testing"

	"vaern/internal/access"
	"vaern/internal/filter"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store/storetest"
)

// FuzzCursor looks for a place in a list that is neither a place nor refused in
// words, and for one that shows what the actor does not reach.
func FuzzCursor(f *testing.F) {
	s := storetest.Open(f, storetest.URLs(f)[0], people.Schema(), assetSchema)
	settle(f, s)
	all := access.With(context.Background(), storetest.Actor("anna", access.Reach{Whole: true}, "asset.see", "asset.create", "asset.edit"))
	for _, a := range []record.Query{{}, {Sort: "level"}, {Sort: "due", Desc: true}} {
		if _, err := assets.Create(all, s, Asset{Head: record.Head{Unit: "a"}, Title: "Æble " + a.Sort, Level: 3}, ""); err != nil {
			f.Fatal(err)
		}
	}
	sorts := []string{"", "number", "level", "due"}
	f.Add(uint8(0), false, "id", "værdi")
	f.Add(uint8(2), true, "\x00", "9999999999999999999999")
	f.Add(uint8(3), false, "", "")
	f.Add(uint8(3), false, "\xff", "2026-02-30")
	f.Add(uint8(1), true, "a\nb", "'; DROP TABLE asset; --")
	nobody := access.With(context.Background(), storetest.Actor("bo", access.Reach{}, "asset.see"))
	f.Fuzz(func(t *testing.T, sort uint8, desc bool, id, value string) {
		query := record.Query{Sort: sorts[int(sort)%len(sorts)], Desc: desc, Limit: 1, Filter: filter.All}
		first, err := assets.List(all, s, query)
		if err != nil || len(first.Next) < 8 {
			t.Fatalf("the first page: %v %v", first, err)
		}
		for _, after := range []string{first.Next[:8] + base64.RawURLEncoding.EncodeToString([]byte(id+"\n"+value)), first.Next[:8] + id, id + value} {
			query.After = after
			for _, ctx := range []context.Context{all, nobody} {
				page, err := assets.List(ctx, s, query)
				if err != nil && problem.As(err) == nil {
					t.Errorf("%q: %v is not for people", after, err)
				}
				if ctx == nobody && len(page.Items) > 0 {
					t.Errorf("%q shows what is out of reach", after)
				}
			}
		}
	})
}
