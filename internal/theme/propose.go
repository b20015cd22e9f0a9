package theme

import (
	"cmp"
	"slices"
)

const (
	// least is the score below which a theme is not proposed: one word that says
	// it all, or a common word in a clause that demands something.
	least = 3
	// demand is what a clause gains by demanding something.
	demand = 1
	// most is how many themes a clause may be proposed; a reader judges no more.
	most = 3
	// near is the share of the best score that a further theme must reach.
	near = 0.6
)

// Match is a theme proposed for a clause; the score is what speaks for it, from 3.
type Match struct {
	Key   string
	Score float64
}

// Propose returns the themes a clause seems to be about, none to three, the best
// first. A clause that explains and demands nothing gets none. The same text
// always gets the same answer; a person accepts or changes it.
func Propose(text string) []Match {
	lib, words := loaded(), wordsOf(text)
	bonus := 0.0
	if anyIn(lib.demands, words) {
		bonus = demand
	} else if anyIn(lib.explains, words) {
		return nil
	}
	var found []Match
	for _, t := range lib.themes {
		if score := t.score(words); score > 0 && score+bonus >= least {
			found = append(found, Match{t.Key, score + bonus})
		}
	}
	slices.SortStableFunc(found, func(a, b Match) int { return cmp.Compare(b.Score, a.Score) })
	for i, m := range found {
		if i == most || m.Score < near*found[0].Score {
			return found[:i]
		}
	}
	return found
}

// score is what the words say for the theme: the strongest in full, each further
// one half of the one before, so that many words do not drown another theme.
func (t Theme) score(words []word) float64 {
	var weights []float64
	for _, w := range t.words {
		if w.in(words) {
			weights = append(weights, w.weight)
		}
	}
	slices.Sort(weights)
	sum := 0.0
	for _, w := range weights {
		sum = sum/2 + w
	}
	return sum
}

func anyIn(patterns []pattern, words []word) bool {
	return slices.ContainsFunc(patterns, func(p pattern) bool { return p.in(words) })
}
