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
	weights := lib.signs.in(words)
	for i, t := range lib.themes {
		if score := score(weights[i]); score > 0 && score+bonus >= least {
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

// score is what the words met say for a theme: the strongest in full, each further
// one half of the one before, so that many words do not drown another theme.
func score(weights []float64) float64 {
	slices.Sort(weights)
	sum := 0.0
	for _, w := range weights {
		sum = sum/2 + w
	}
	return sum
}

// signs are the patterns of all themes. Most begin with a whole word: those are
// found by its stem, so that a clause is held against few of them.
type signs struct {
	whole map[string][]*sign
	open  []*sign
}

// sign is a pattern that speaks for a theme.
type sign struct {
	weighted
	theme int
}

func (s *signs) add(one *sign) {
	if first := one.pattern[0]; first.open || first.close {
		s.open = append(s.open, one)
	} else {
		s.whole[first.text] = append(s.whole[first.text], one)
	}
}

// in are the weights of the patterns that occur among the words, by theme.
func (s *signs) in(words []word) map[int][]float64 {
	out, met := map[int][]float64{}, map[*sign]bool{}
	for i := range words {
		for _, some := range [][]*sign{s.whole[words[i].stem], s.open} {
			for _, one := range some {
				if one.at(words[i:]) && !met[one] {
					met[one] = true
					out[one.theme] = append(out[one.theme], one.weight)
				}
			}
		}
	}
	return out
}

func anyIn(patterns []pattern, words []word) bool {
	return slices.ContainsFunc(patterns, func(p pattern) bool { return p.in(words) })
}
