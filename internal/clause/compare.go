package clause

import (
	"cmp"
	"hash/maphash"
	"regexp"
	"slices"
	"strings"
)

// What can have become of a clause between two versions.
const (
	Same          = "same"
	Reworded      = "reworded"
	Moved         = "moved"
	MovedReworded = "moved_reworded"
	Added         = "added"
	Removed       = "removed"
)

// likeness is how alike two texts must be to count as one clause reworded.
const likeness = 0.5

// Pair is a clause in two versions. Old is nil for what was added, New for what was removed.
type Pair struct {
	Old, New *Clause
	Change   string
}

// place is a clause with where it stands.
type place struct {
	clause  *Clause
	section int
	words   []uint64 // its words and pairs of neighbours, hashed and sorted
}

// Compare matches the clauses of two versions by their text, in the reading order of the new version; what was
// removed stands where it was.
func Compare(old, new []Section) []Pair {
	was, is := places(old), places(new)
	match := matches(was, is) // for each new clause the place of the old, or -1
	home := homes(was, is, match, old, new)
	stayed := longestRise(match)
	pairs := make([]Pair, 0, len(is)+len(was))
	taken := make([]bool, len(was))
	for _, at := range match {
		if at >= 0 {
			taken[at] = true
		}
	}
	gone := 0 // the old clauses up to here are told
	tellRemoved := func(until int) {
		for ; gone < until; gone++ {
			if !taken[gone] {
				pairs = append(pairs, Pair{Old: was[gone].clause, Change: Removed})
			}
		}
	}
	for i, at := range match {
		if at < 0 {
			pairs = append(pairs, Pair{New: is[i].clause, Change: Added})
			continue
		}
		moved := !stayed[i] || home[was[at].section] != is[i].section
		if stayed[i] {
			tellRemoved(at)
		}
		pairs = append(pairs, Pair{was[at].clause, is[i].clause, change(was[at].clause, is[i].clause, moved)})
	}
	tellRemoved(len(was))
	return pairs
}

func change(old, new *Clause, moved bool) string {
	reworded := squeeze(old.Text) != squeeze(new.Text)
	switch {
	case moved && reworded:
		return MovedReworded
	case moved:
		return Moved
	case reworded:
		return Reworded
	}
	return Same
}

func places(sections []Section) []place {
	var out []place
	for s := range sections {
		for c := range sections[s].Clauses {
			clause := &sections[s].Clauses[c]
			out = append(out, place{clause, s, wordPairs(clause.Text)})
		}
	}
	return out
}

var (
	anyWord  = regexp.MustCompile(`[\p{L}\d]+`)
	hashSeed = maphash.MakeSeed()
)

// wordPairs are the words of a text and its pairs of neighbours, hashed and sorted: what likeness is counted
// over.
func wordPairs(text string) []uint64 {
	words := anyWord.FindAllString(strings.ToLower(text), -1)
	var out []uint64
	for i, w := range words {
		out = append(out, maphash.String(hashSeed, w))
		if i > 0 {
			out = append(out, maphash.String(hashSeed, words[i-1]+" "+w))
		}
	}
	slices.Sort(out)
	return out
}

// alikeness is the share of words and pairs that two texts have in common, 0 to 1.
func alikeness(a, b []uint64) float64 {
	if len(a)+len(b) == 0 {
		return 0
	}
	same := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			same++
			i++
			j++
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return 2 * float64(same) / float64(len(a)+len(b))
}

// matches finds for each new clause its old one: first the same words, then the most alike.
func matches(was, is []place) []int {
	match := slices.Repeat([]int{-1}, len(is))
	taken := make([]bool, len(was))
	byText := map[string][]int{}
	for i, p := range was {
		k := p.clause.Kind + " " + squeeze(p.clause.Text)
		byText[k] = append(byText[k], i)
	}
	for i, p := range is {
		k := p.clause.Kind + " " + squeeze(p.clause.Text)
		if same := byText[k]; len(same) > 0 {
			match[i], byText[k] = same[0], same[1:]
			taken[same[0]] = true
		}
	}
	type candidate struct {
		old, new int
		score    float64
	}
	var candidates []candidate
	for i := range is {
		for j := range was {
			if match[i] >= 0 || taken[j] || (is[i].clause.Kind == Heading) != (was[j].clause.Kind == Heading) {
				continue
			}
			if shorter, longer := minmax(len(is[i].words), len(was[j].words)); shorter*3 < longer {
				continue // cannot reach the likeness
			}
			if score := alikeness(is[i].words, was[j].words); score >= likeness {
				candidates = append(candidates, candidate{j, i, score})
			}
		}
	}
	slices.SortStableFunc(candidates, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	for _, c := range candidates {
		if match[c.new] < 0 && !taken[c.old] {
			match[c.new], taken[c.old] = c.old, true
		}
	}
	return match
}

func minmax(a, b int) (int, int) { return min(a, b), max(a, b) }

// homes finds for each old section the new one that took over most of its clauses; one of the same title wins
// a tie. A section that only got another number has not moved its clauses.
func homes(was, is []place, match []int, old, new []Section) []int {
	votes := make([]map[int]int, len(old))
	for i, at := range match {
		if at < 0 {
			continue
		}
		s := was[at].section
		if votes[s] == nil {
			votes[s] = map[int]int{}
		}
		votes[s][is[i].section] += 2
	}
	home := slices.Repeat([]int{-1}, len(old))
	for s := range old {
		best := 0
		for n := range new {
			score := votes[s][n]
			if score > 0 && old[s].Title == new[n].Title {
				score += 3
			}
			if score > best {
				best, home[s] = score, n
			}
		}
	}
	return home
}

// longestRise marks the matches that keep their order; the fewest possible others have moved.
func longestRise(match []int) []bool {
	tails := []int{} // places in match that end the best row of each length
	before := make([]int, len(match))
	for i, at := range match {
		if at < 0 {
			continue
		}
		n, _ := slices.BinarySearchFunc(tails, at, func(t, at int) int { return cmp.Compare(match[t], at) })
		before[i] = -1
		if n > 0 {
			before[i] = tails[n-1]
		}
		tails = append(tails[:n], append([]int{i}, tails[min(n+1, len(tails)):]...)...)
	}
	stayed := make([]bool, len(match))
	if len(tails) == 0 {
		return stayed
	}
	for i := tails[len(tails)-1]; i >= 0; i = before[i] {
		stayed[i] = true
	}
	return stayed
}
