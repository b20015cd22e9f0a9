package app

import (
	"testing"

	"vaern/internal/policy"
	"vaern/internal/store/storetest"
)

// TestDemoHolds fills the demo municipality once for every database, and looks
// at it in every way that needs a municipality at work.
func TestDemoHolds(t *testing.T) {
	if testing.Short() {
		t.Skip("filling the demo takes seconds")
	}
	for _, at := range storetest.URLs(t) {
		t.Run(engineOf(at), func(t *testing.T) {
			c := &serve{Demo: true, place: place{Data: t.TempDir(), Database: at}}
			in, err := c.town(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { in.Close() })
			for _, rule := range []struct {
				name string
				try  func(*testing.T, *town)
			}{
				{"no page breaks for any role", pagesHold},
				{"total minus met is the length of the list", listsExplainNumbers},
				{"the ledger verifies", ledgerFits},
				{"pages send few statements, however much there is", func(t *testing.T, in *town) { statementsAreFew(t, in, at) }},
			} {
				t.Run(rule.name, func(t *testing.T) { rule.try(t, in) })
			}
		})
	}
}

// ledgerFits verifies the ledger with the municipality's own key: a demo that is whole is signed.
func ledgerFits(t *testing.T, in *town) {
	v, err := in.Verify(in.all(t.Context()), policy.ReadLedger, in.key.Public)
	if err != nil || v.Fault != "" {
		t.Fatalf("the ledger does not verify: %s %v", v.Fault, err)
	}
	if v.Checkpoints == 0 {
		t.Error("nothing is signed")
	}
}
