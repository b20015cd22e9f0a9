// Package indicator is what a register declares of the numbers it can answer:
// the number, the list behind it, and when it is good enough.
package indicator

import (
	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// State is how something stands. It is always shown as a word and a mark.
type State string

const (
	Met         State = "met"    // every bound measure within its goal, data fresh
	Partly      State = "partly" // in the warning band, or older than its limit
	Unmet       State = "unmet"  // beyond its goal
	NotMeasured State = "none"   // nothing bound, or nothing to count
)

// States are all states, best first.
var States = []State{Met, Partly, Unmet, NotMeasured}

var stateWords = map[State]i18n.Text{
	Met: {"opfyldt", "met"}, Partly: {"delvist", "partly"},
	Unmet: {"ikke opfyldt", "not met"}, NotMeasured: {"måles ikke", "not measured"},
}

// Word is the state in words.
func (s State) Word() i18n.Text { return stateWords[s] }

// Code is the state's mark and colour.
func (s State) Code() string { return string(s) }

// Worst is the state of something that stands on all of these: one that is not
// met decides, then one that is partly met; only what is measured counts.
func Worst(states []State) State {
	rank := map[State]int{NotMeasured: 0, Met: 1, Partly: 2, Unmet: 3}
	worst := NotMeasured
	for _, s := range states {
		if rank[s] > rank[worst] {
			worst = s
		}
	}
	return worst
}

// SeeArea is a permission whose reach is what somebody leads or sees to: their area.
const SeeArea access.Permission = "area.see"

// Indicator is one number: how many of how many are as they should be.
type Indicator struct {
	Key     string    // "document.in_review", stable for ever
	Name    i18n.Text // as a heading
	Counts  i18n.Text // what is counted as good
	OutOf   i18n.Text // out of what
	Do      i18n.Text // what to do about what is missing
	Themes  []string  // which clauses it measures, by what they ask for
	Goal    int64     // per cent: met from here
	Warning int64     // per cent: partly from here, not met below
	Most    bool      // met up to the goal instead: fewer is better
	Fresh   int       // days after which the data is too old; 0 is never
	// Area is a permission: who has it in an area, as SeeArea, sees the number of that
	// area; with it Query and Missing hold :scope. Without it the number is the
	// municipality's only.
	Area access.Permission
	// Query returns one row: how many are good, of how many. Missing returns
	// kind, id of each that is not: as many as the difference. Both may use
	// :today and :now.
	Query, Missing string
	// Ask answers in place of both, where the answer is no SQL.
	Ask func(*store.Read) (Measure, []ref.Ref, error)
}

// Limits are the indicator's own.
func (in Indicator) Limits() Limits { return Limits{in.Goal, in.Warning, in.Most} }

// Measure is an answer.
type Measure struct{ Met, Total int64 }

// Limits are what a municipality wants of a number, in per cent. Usually more
// is better; with Most set, fewer is.
type Limits struct {
	Goal, Warning int64
	Most          bool
}

// Direction is the word before the goal: at least, or at most.
func (l Limits) Direction() i18n.Text {
	if l.Most {
		return i18n.Text{"højst", "at most"}
	}
	return i18n.Text{"mindst", "at least"}
}

// Sound reports whether the limits can all be reached: the goal is the
// stricter of the two.
func (l Limits) Sound() bool {
	if l.Most {
		return 0 <= l.Goal && l.Goal <= l.Warning && l.Warning <= 100
	}
	return 0 <= l.Warning && l.Warning <= l.Goal && l.Goal <= 100
}

// State is how a measure stands against limits. Nothing to count is not
// measured, never met.
func (l Limits) State(m Measure) State {
	within := func(limit int64) bool {
		if l.Most {
			return m.Met*100 <= limit*m.Total
		}
		return m.Met*100 >= limit*m.Total
	}
	switch {
	case m.Total == 0:
		return NotMeasured
	case within(l.Goal):
		return Met
	case within(l.Warning):
		return Partly
	}
	return Unmet
}
