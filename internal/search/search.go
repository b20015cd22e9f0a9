// Package search finds everything that a person may see: one index over all
// registers, asked once for all kinds that the person reaches alike.
package search

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"vaern/internal/access"
	"vaern/internal/module"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/term"
)

// Engine searches what modules declare as found. It knows them by that alone.
type Engine struct {
	Store  *store.Store
	kinds  []module.Found
	filled atomic.Bool // everything is in the index
}

// NewEngine gathers the kinds; two of one name stop the start.
func NewEngine(s *store.Store, mods []module.Module) *Engine {
	e := &Engine{Store: s}
	for _, m := range mods {
		for _, f := range m.Found {
			if _, twice := e.Kind(f.Kind); twice {
				panic("search: two kinds are called " + f.Kind)
			}
			e.kinds = append(e.kinds, f)
		}
	}
	return e
}

// Kind is a kind by name.
func (e *Engine) Kind(name string) (*module.Found, bool) {
	for i := range e.kinds {
		if e.kinds[i].Kind == name {
			return &e.kinds[i], true
		}
	}
	return nil, false
}

// group are kinds of which the actor reaches the same, so that one statement
// finds them all.
type group struct {
	kinds []*module.Found
	near  *store.Read // the view with their reach
	rows  record.Rows
	units []string // those reached, where they are few enough to be looked for by name
	floor int64    // the newest entries are above it
}

// fewUnits is how many units are looked for by name. Where the person reaches
// more, each hit is asked where it belongs.
const fewUnits = 64

// groups are the kinds that the actor may see at all, or only one of them.
func (e *Engine) groups(q *store.Read, only string) ([]*group, error) {
	var out []*group
	byReach := map[string]*group{}
	for i := range e.kinds {
		k := &e.kinds[i]
		if only != "" && k.Kind != only || !q.Actor.Can(k.Need) {
			continue
		}
		key := fmt.Sprint(k.Rows, q.Actor.May[k.Need].Key())
		if k.Rows == record.ByMember {
			key = "member" // no unit decides
		}
		g := byReach[key]
		if g == nil {
			near, err := q.With(k.Need)
			if err != nil {
				return nil, err
			}
			g = &group{near: near, rows: k.Rows}
			if err := g.look(q.Actor.May[k.Need]); err != nil {
				return nil, err
			}
			byReach[key] = g
			out = append(out, g)
		}
		g.kinds = append(g.kinds, k)
	}
	return out, nil
}

// look finds the units of a narrow reach.
func (g *group) look(reach access.Reach) error {
	if g.rows != record.ByUnit || reach.Whole || reach.Wide || len(reach.Tops) == 0 {
		return nil
	}
	units, err := g.near.Texts(`SELECT DISTINCT unit FROM unit_under WHERE :scope LIMIT :n`, store.Args{"n": fewUnits + 1})
	if len(units) <= fewUnits {
		g.units = units
	}
	return err
}

// within is the condition that admits an entry to the actor: the same that
// admits the record to its list.
func (g *group) within() string {
	switch g.rows {
	case record.ByOwner:
		return `(:scope(e.unit) OR ` + record.Held("e.owner") + `)`
	case record.ByMember:
		return `e.record IN (SELECT m.record FROM record_member m WHERE m.person = :actor)`
	}
	return `:scope(e.unit)`
}

// match narrows what is looked for to a kind, and to the units reached.
func (g *group) match(m term.Match, kind string) term.Match {
	if g.units != nil {
		m = m.In(g.units)
	}
	return m.Of(kind)
}

// Counted is as far as hits are counted; one more says that there are more.
const Counted = 1000

// count asks how many hits each kind of the group has, and where the newest
// entries begin if any kind has more than are counted.
func (g *group) count(whole term.Match) (counts map[string]int, err error) {
	counts, args := map[string]int{}, store.Args{"most": Counted + 1}
	parts := make([]string, len(g.kinds))
	for i, k := range g.kinds {
		parts[i] = fmt.Sprintf(`SELECT %d, count(*) FROM (SELECT 1 FROM :found(match%d) AND %s LIMIT :most) AS hit`, i, i, g.within())
		args[fmt.Sprint("match", i)] = g.match(whole, k.Kind)
	}
	many := false
	err = g.near.Rows(strings.Join(parts, "\nUNION ALL "), args, func(scan store.Scan) error {
		var i, n int
		err := scan(&i, &n)
		counts[g.kinds[i].Kind] = n
		many = many || n > Counted
		return err
	})
	if err == nil && many {
		err = g.near.Row(`SELECT coalesce(max(id), 0) - :n FROM search_entry`, store.Args{"n": newest}, &g.floor)
	}
	return counts, err
}

// Hit is one thing found.
type Hit struct {
	Kind         *module.Found
	Record, Part string
	Title, Body  string
	Where        string // the unit it belongs to; "" is the whole municipality
	unit         string
	rank         int
	id           int64
}

// Path is where the hit leads.
func (h *Hit) Path() string { return h.Kind.Path(h.Record, h.Part) }

// place is where in a kind's hits a page begins: after a rank and an entry.
type place struct {
	rank int
	id   int64
}

// newest is how many entries are looked through one by one where there are many
// hits: the best are usually among them, and a database that sorts all hits to
// find a few takes long.
const newest = 5000

// take asks for the best hits of each kind that has any: rank after rank, the
// newest first in each, until there are enough.
func (g *group) take(ranks []term.Match, counts map[string]int, most int, after *place) (out []Hit, err error) {
	args := store.Args{"most": most, "floor": g.floor}
	var kinds []string
	for k, kind := range g.kinds {
		n := counts[kind.Kind]
		if n == 0 {
			continue
		}
		var parts []string
		for r, m := range ranks {
			name, rest := fmt.Sprintf("match%d_%d", k, r), ""
			switch {
			case after != nil && r < after.rank:
				continue
			case after != nil && r == after.rank:
				rest, args["after"] = ` AND e.id < :after`, after.id
			}
			args[name] = g.match(m, kind.Kind)
			hits := fmt.Sprintf(`SELECT * FROM (SELECT %d AS k, %d AS r, e.id, e.record, e.part, e.unit, e.title, e.body FROM :found(%s) AND %s%s`, k, r, name, g.within(), rest)
			if n > Counted {
				parts = append(parts, hits+` AND e.id > :floor ORDER BY :newest DESC LIMIT :most) AS high`)
				hits += ` AND e.id <= :floor`
			}
			parts = append(parts, hits+` ORDER BY :few DESC LIMIT :most) AS low`)
		}
		kinds = append(kinds, `SELECT * FROM (`+strings.Join(parts, "\nUNION ALL ")+` LIMIT :most) AS kind`)
	}
	if len(kinds) == 0 {
		return nil, nil
	}
	err = g.near.Rows(strings.Join(kinds, "\nUNION ALL "), args, func(scan store.Scan) error {
		var h Hit
		var k int
		err := scan(&k, &h.rank, &h.id, &h.Record, &h.Part, &h.unit, &h.Title, &h.Body)
		h.Kind = g.kinds[k]
		out = append(out, h)
		return err
	})
	slices.SortStableFunc(out, func(a, b Hit) int { // a union promises no order
		if a.rank != b.rank {
			return a.rank - b.rank
		}
		return int(min(max(b.id-a.id, -1), 1))
	})
	return out, err
}
