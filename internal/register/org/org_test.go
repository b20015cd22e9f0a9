package org

import (
	"testing"

	"vaern/internal/moduletest"
)

func TestModules(t *testing.T) {
	moduletest.ExerciseAll(t, Modules(), map[string][]moduletest.Setting{
		"unit_change": {moduletest.Example{"act": moduletest.Always("rename"), "name": moduletest.Numbered("Nyt navn %d"),
			"target": moduletest.Always(""), "number": moduletest.Always(""), "along": moduletest.Always(""), "effective": moduletest.OneOf("2026-04-15", "2026-05-15", "2026-06-15")}},
		"person":     {moduletest.Example{"mail": moduletest.Numbered("person%d@example.dk"), "ends": moduletest.OneOf("2027-01-31", "2027-02-28", "2027-03-31")}},
		"holding":    {moduletest.Example{"ends": moduletest.OneOf("", "2027-01-31", "2027-02-28")}},
		"deputy":     {moduletest.Example{"ends": moduletest.OneOf("", "2027-01-31", "2027-02-28")}},
		"role_grant": {moduletest.Example{"role": moduletest.OneOf("manager", "owner", "executive")}},
	})
}
