package access

import (
	"testing"

	"vaern/internal/problem"
)

// TestNobodyMayAnything asks for permissions that nobody gave.
func TestNobodyMayAnything(t *testing.T) {
	everywhere := Reach{Whole: true}
	for name, c := range map[string]struct {
		actor Actor
		need  Permission
		want  problem.Kind // Internal is none
		at    bool
	}{
		"who has it":                          {Actor{ID: "a", May: map[Permission]Reach{"x.see": everywhere}}, "x.see", problem.Internal, true},
		"nobody":                              {Actor{}, "x.see", problem.Unknown, false},
		"nobody, with permissions":            {Actor{May: map[Permission]Reach{"x.see": everywhere}}, "x.see", problem.Unknown, false},
		"another permission":                  {Actor{ID: "a", May: map[Permission]Reach{"x.edit": everywhere}}, "x.see", problem.Forbidden, false},
		"the empty permission":                {Actor{ID: "a"}, "", problem.Forbidden, false},
		"the empty permission, though it has": {Actor{ID: "a", May: map[Permission]Reach{"": everywhere}}, "", problem.Forbidden, true},
		"in a unit above":                     {Actor{ID: "a", May: map[Permission]Reach{"x.see": {Tops: []string{"top"}}}}, "x.see", problem.Internal, true},
		"in another unit":                     {Actor{ID: "a", May: map[Permission]Reach{"x.see": {Tops: []string{"b"}}}}, "x.see", problem.Internal, false},
		"nowhere":                             {Actor{ID: "a", May: map[Permission]Reach{"x.see": {}}}, "x.see", problem.Internal, false},
	} {
		if _, err := Require(With(t.Context(), c.actor), c.need); (err == nil) != (c.want == problem.Internal) || err != nil && problem.Of(err) != c.want {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if at := c.actor.CanAt(c.need, []string{"u", "top"}); at != c.at {
			t.Errorf("%s: in the unit %v, want %v", name, at, c.at)
		}
	}
}

func TestWhoMayOnlyLookChangesNothing(t *testing.T) {
	if err := (Actor{ID: "a", Reads: true}).Changes(); problem.Of(err) != problem.Forbidden {
		t.Errorf("%v", err)
	}
	if err := (Actor{ID: "a"}).Changes(); err != nil {
		t.Error(err)
	}
}

// TestAReachWithoutUnitsReachesNothing reads the one predicate of all rows.
func TestAReachWithoutUnitsReachesNothing(t *testing.T) {
	for want, r := range map[string]Reach{
		`1 = 0`: {},
		`1 = 1`: {Whole: true},
		`unit IN (SELECT unit FROM unit_under WHERE top IN (:top0, :top1))`: {Tops: []string{"a", "b"}},
		`unit || '' IN (SELECT unit FROM unit_under WHERE top IN (:top0))`:  {Tops: []string{"a"}, Wide: true},
	} {
		if got := r.Scope("unit"); got != want {
			t.Errorf("%+v: %s, want %s", r, got, want)
		}
	}
}
