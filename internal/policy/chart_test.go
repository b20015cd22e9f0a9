package policy_test

import (
	"testing"

	"vaern/internal/indicator"
	"vaern/internal/policy"
)

func TestThePictureShowsWhatTheLineIsReadAgainst(t *testing.T) {
	at := func(day string, met, total int64) policy.Measured {
		return policy.Measured{Measure: indicator.Measure{Met: met, Total: total}, At: day + "T06:00:00.000000Z"}
	}
	for name, c := range map[string]struct {
		past  []policy.Measured
		lim   indicator.Limits
		ticks string
		bands string
		first string
	}{
		"near the top, the quarters below are left out": {[]policy.Measured{at("2026-03-01", 8, 9), at("2026-10-02", 7, 9)},
			indicator.Limits{Goal: 90, Warning: 70}, "90% 70% 100% 50%", "met partly unmet", "88%"},
		"a goal of all has a band that is only its line": {[]policy.Measured{at("2026-03-01", 95, 100)},
			indicator.Limits{Goal: 100, Warning: 90}, "100% 90% 75%", "met partly unmet", "95%"},
		"without a warning there are two": {[]policy.Measured{at("2026-03-01", 1, 2)},
			indicator.Limits{Goal: 100, Warning: 100}, "100% 25%", "met unmet", "50%"},
		"a limit that nothing is below has nothing below": {[]policy.Measured{at("2026-03-01", 1, 2)},
			indicator.Limits{Goal: 100}, "100% 0%", "met partly", "50%"},
		"fewer is better: the best is lowest": {[]policy.Measured{at("2026-03-01", 1, 2)},
			indicator.Limits{Goal: 10, Warning: 30, Most: true}, "10% 30% 100% 0%", "unmet partly met", "50%"},
		"what was replaced before the year began is not in it": {[]policy.Measured{at("2020-03-01", 0, 9), at("2025-01-01", 9, 9)},
			indicator.Limits{Goal: 90, Warning: 70}, "90% 70% 100% 50%", "met partly unmet", "100%"},
	} {
		ticks, bands, first := policy.Pictured(c.past, c.lim, "2026-12-01")
		if ticks != c.ticks || bands != c.bands || first != c.first {
			t.Errorf("%s: %q, %q from %q; want %q, %q from %q", name, ticks, bands, first, c.ticks, c.bands, c.first)
		}
	}
}
