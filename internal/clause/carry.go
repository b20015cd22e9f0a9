package clause

import (
	"slices"
	"strconv"
	"strings"
)

// Carry gives the clauses of a new version their ids: a clause that was there before keeps its own, a new one
// gets an id that no version has used. Used holds every id given before; it is not changed.
func Carry(old []Section, used map[string]bool, new []Section) []Section {
	out := make([]Section, len(new))
	for i, s := range new {
		out[i] = s
		out[i].Clauses = slices.Clone(s.Clauses)
	}
	taken := map[string]bool{}
	for id := range used {
		taken[id] = true
	}
	for _, s := range old {
		for _, c := range s.Clauses {
			taken[c.ID] = true
		}
	}
	kept := map[*Clause]bool{}
	for _, p := range Compare(old, out) {
		if p.Old != nil && p.New != nil {
			p.New.ID = p.Old.ID
			kept[p.New] = true
		}
	}
	highest := highestOrdinals(taken)
	for i := range out {
		for j := range out[i].Clauses {
			c := &out[i].Clauses[j]
			if kept[c] {
				continue
			}
			if taken[c.ID] || !within(c.ID, out[i].Number) {
				c.ID = fresh(out[i].Number, c.Kind, highest)
			}
			taken[c.ID] = true
			raise(highest, c.ID)
		}
	}
	return out
}

// within tells whether an id is one that the section itself would give.
func within(id, section string) bool {
	prefix, _ := cutOrdinal(id)
	return strings.TrimSuffix(prefix, "h") == section+"."
}

// fresh is the id after the highest that a section ever gave.
func fresh(section, kind string, highest map[string]int) string {
	prefix := section + "."
	if kind == Heading {
		prefix += "h"
	}
	return prefix + strconv.Itoa(highest[prefix]+1)
}

func highestOrdinals(ids map[string]bool) map[string]int {
	highest := map[string]int{}
	for id := range ids {
		raise(highest, id)
	}
	return highest
}

func raise(highest map[string]int, id string) {
	prefix, ordinal := cutOrdinal(id)
	highest[prefix] = max(highest[prefix], ordinal)
}

// cutOrdinal parts "3.h2" into "3.h" and 2.
func cutOrdinal(id string) (string, int) {
	at := strings.LastIndexFunc(id, func(r rune) bool { return r < '0' || r > '9' }) + 1
	n, _ := strconv.Atoi(id[at:])
	return id[:at], n
}
