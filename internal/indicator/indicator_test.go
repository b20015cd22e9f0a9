package indicator

import "testing"

func TestStateFollowsTheLimits(t *testing.T) {
	limits := Limits{Goal: 90, Warning: 70}
	for _, c := range []struct {
		met, total int64
		want       State
	}{{9, 10, Met}, {89, 100, Partly}, {70, 100, Partly}, {69, 100, Unmet}, {0, 0, NotMeasured}, {0, 3, Unmet}} {
		if got := limits.State(Measure{c.met, c.total}); got != c.want {
			t.Errorf("%d of %d is %s, want %s", c.met, c.total, got, c.want)
		}
	}
}

func TestFewerCanBeBetter(t *testing.T) {
	limits := Limits{Goal: 5, Warning: 20, Most: true}
	for _, c := range []struct {
		met, total int64
		want       State
	}{{0, 10, Met}, {5, 100, Met}, {6, 100, Partly}, {20, 100, Partly}, {21, 100, Unmet}, {0, 0, NotMeasured}} {
		if got := limits.State(Measure{c.met, c.total}); got != c.want {
			t.Errorf("%d of %d is %s, want %s", c.met, c.total, got, c.want)
		}
	}
	if !limits.Sound() || (Limits{Goal: 5, Warning: 20}).Sound() {
		t.Error("which limits can be reached depends on the direction")
	}
}

func TestNothingBoundIsNeverMet(t *testing.T) {
	for _, c := range []struct {
		in   []State
		want State
	}{
		{nil, NotMeasured}, {[]State{NotMeasured}, NotMeasured}, {[]State{Met, NotMeasured}, Met},
		{[]State{Met, Partly}, Partly}, {[]State{Unmet, Partly, Met}, Unmet},
	} {
		if got := Worst(c.in); got != c.want {
			t.Errorf("Worst(%v) = %s, want %s", c.in, got, c.want)
		}
	}
}
