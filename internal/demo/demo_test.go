package demo

import (
	"testing"
	"time"

	"vaern/internal/access"
	"vaern/internal/ledger"
	"vaern/internal/module"
	"vaern/internal/policy"
	"vaern/internal/readers"
	"vaern/internal/register/control"
	"vaern/internal/register/document"
	"vaern/internal/register/obligation"
	"vaern/internal/register/org"
	"vaern/internal/register/rule"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

func open(t testing.TB, url string) (*store.Store, *policy.Engine, *Clock, []access.Permission) {
	t.Helper()
	mods := append(org.Modules(), document.Modules()...)
	mods = append(mods, rule.Module(), control.Module(), obligation.Module())
	mods = append(mods, readers.Desk.Modules()...)
	clock := NewClock(func() time.Time { return time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC) })
	engine := policy.NewEngine(nil, mods)
	all := []access.Permission{"measure.write", "credential.set"}
	schemas := module.Schemas(engine.Modules)
	for _, may := range module.Table(engine.Modules) {
		all = append(all, may...)
	}
	s, err := store.Open(t.Context(), url, clock.Now, schemas...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.Begin(t.Context(), ledger.NewOrigin(true)); err != nil {
		t.Fatal(err)
	}
	engine.Store = s
	return s, engine, clock, all
}

func TestDemoIsFilledAndItsLedgerVerifies(t *testing.T) {
	for _, url := range storetest.URLs(t) {
		s, engine, clock, all := open(t, url)
		begun := time.Now()
		if err := Seed(t.Context(), s, engine, clock, all); err != nil {
			t.Fatal(err)
		}
		t.Logf("seeded in %v, %d statements", time.Since(begun), s.Statements())
		storetest.Verify(t, s)
	}
}
