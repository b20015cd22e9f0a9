package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"vaern/internal/clause"
	"vaern/internal/store"
	"vaern/internal/term"
)

const (
	shortestSlip = 4   // letters of a word that may be misspelled
	longWord     = 8   // letters of one that may have two slips
	mostSlips    = 4   // words looked at
	mostLike     = 400 // entries whose words are held against one
	mostTried    = 3   // other words that are asked for
)

// slip proposes other words where nothing was found: for each word that is in
// nothing the actor may see, the nearest that is. It looks in no other entries,
// so it tells of none.
func (e *Engine) slip(groups []*group, query term.Query) (string, error) {
	words := query.Words()
	changed := false
	for i, w := range words[:min(len(words), mostSlips)] {
		if utf8.RuneCountInString(w) < shortestSlip || strings.ContainsAny(w, "0123456789§") {
			continue
		}
		better, err := instead(groups, w)
		if err != nil {
			return "", err
		}
		if better != w {
			words[i], changed = better, true
		}
	}
	if !changed {
		return "", nil
	}
	return strings.Join(words, " "), nil
}

// instead is the word that was probably meant; the word itself where it is
// found, or where no other is near.
func instead(groups []*group, word string) (string, error) {
	near := nearest{word: []rune(word), seen: map[string]int{}}
	for t := range clause.Terms() {
		near.hold(term.Fold(t))
	}
	for _, g := range groups {
		if err := g.like(string(near.word[:2]), near.hold); err != nil {
			return "", err
		}
	}
	for _, candidate := range append([]string{word}, near.best()...) {
		for _, g := range groups {
			counts, err := g.count(term.Ask(candidate).Whole())
			if err != nil {
				return "", err
			}
			for _, n := range counts {
				if n > 0 {
					return candidate, nil
				}
			}
		}
	}
	return word, nil
}

// like hands on the words of the newest entries that have one with such a
// beginning.
func (g *group) like(beginning string, hold func(string)) error {
	m := term.Like(beginning)
	if g.units != nil {
		m = m.In(g.units)
	}
	names := make([]string, len(g.kinds))
	for i, k := range g.kinds {
		names[i] = k.Kind
	}
	return g.near.Rows(`SELECT e.title, substr(e.body, 1, 2000) FROM :found(match) AND `+g.within()+` ORDER BY :newest DESC LIMIT :most`,
		store.Args{"match": m.Of(names...), "most": mostLike}, func(scan store.Scan) error {
			var title, body string
			if err := scan(&title, &body); err != nil {
				return err
			}
			for _, w := range term.Words(title + "\n" + body) {
				hold(w.Text)
			}
			return nil
		})
}

// nearest holds words against one, and keeps those that a slip or two make of it.
type nearest struct {
	word []rune
	seen map[string]int // how often
	near [3][]string    // by the number of slips
}

func (n *nearest) hold(other string) {
	if n.seen[other]++; n.seen[other] > 1 {
		return
	}
	most := 1
	if len(n.word) >= longWord {
		most = 2
	}
	if d := slips(n.word, []rune(other), most); d > 0 && d <= most {
		n.near[d] = append(n.near[d], other)
	}
}

// best are the few words worth asking for: fewest slips first, then the most
// frequent.
func (n *nearest) best() []string {
	var out []string
	for _, words := range n.near {
		slices.SortFunc(words, func(a, b string) int {
			return cmp.Or(cmp.Compare(n.seen[b], n.seen[a]), cmp.Compare(a, b))
		})
		out = append(out, words...)
	}
	return out[:min(len(out), mostTried)]
}

// slips is how many letters were mistyped, left out, added or swapped between
// two words; more than most is any number above it.
func slips(a, b []rune, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return most + 1
	}
	var two, one []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		two, one, row = one, row, make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			row[j] = min(one[j]+1, row[j-1]+1, one[j-1]+differ(a[i-1], b[j-1]))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], two[j-2]+1)
			}
		}
	}
	return row[len(b)]
}

func differ(a, b rune) int {
	if a == b {
		return 0
	}
	return 1
}
