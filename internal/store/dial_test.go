package store_test

import (
	"strings"
	"testing"

	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

// TestPostgresGoesByTheIndexes asks the server what it was told that an index
// costs: what the address says, or else our own.
func TestPostgresGoesByTheIndexes(t *testing.T) {
	for _, url := range storetest.URLs(t) {
		if !strings.HasPrefix(url, "postgres") {
			continue
		}
		for more, want := range map[string]string{"": "1.1", "&random_page_cost=3": "3"} {
			s, err := store.Open(t.Context(), url+more, storetest.Clock(), thing)
			must(t, err)
			defer s.Close()
			must(t, s.View(storetest.As(t, "anna", edit), edit, func(r *store.Read) error {
				var said string
				err := r.Row(`SELECT current_setting('random_page_cost')`, nil, &said)
				if said != want {
					t.Errorf("with %q an index costs %q, want %s", more, said, want)
				}
				return err
			}))
		}
	}
}
