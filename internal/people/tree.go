package people

import (
	"slices"
	"strings"

	"vaern/internal/field"
	"vaern/internal/store"
)

// Node is a unit in the organisation on a day.
type Node struct {
	ID, Above, Number, Name string
	Kind                    UnitKind
	Depth                   int
	Below                   int    // units right under it
	Leader                  string // who leads it that day
	New                     bool   // it is planned
}

// most is how many units one picture shows; the rest is one click away.
const most = 800

// TreeOn returns a unit and those below it as they lie on a day, a unit after
// the one above it, in the order of their names. For a day to come it is what
// the plans make of today. Levels that would make the picture too large are
// left out: a unit then has more Below than follow.
func TreeOn(q *store.Read, root, day string) ([]Node, error) {
	nodes, err := spansOn(q, root, day)
	if err != nil || day <= q.Today {
		return ordered(nodes, root), err
	}
	plans, err := plannedUntil(q, day)
	if err != nil {
		return nil, err
	}
	for _, c := range plans {
		nodes = planned(nodes, c)
	}
	return ordered(nodes, root), nil
}

// onDay is the condition that a row counts on :day.
const onDay = `starts <= :day AND (ends = '' OR ends >= :day)`

// down are the units below :root on :day, no deeper than :deep.
const down = `
	WITH RECURSIVE down (unit, depth) AS (
		SELECT unit, 0 FROM unit_span WHERE unit = :root AND ` + onDay + `
		UNION ALL
		SELECT s.unit, d.depth + 1 FROM down d JOIN unit_span s ON s.above = d.unit
		WHERE s.unit <> s.above AND s.starts <= :day AND (s.ends = '' OR s.ends >= :day) AND d.depth < :deep
	)`

// deepest is how many levels one picture holds.
const deepest = 12

func spansOn(q *store.Read, root, day string) (out []Node, err error) {
	args := store.Args{"root": root, "day": day, "deep": deepest}
	deep, units := 0, 0
	err = q.Rows(down+` SELECT depth, count(*) FROM down WHERE :scope(unit) GROUP BY depth ORDER BY depth`, args, func(scan store.Scan) error {
		var depth, n int
		err := scan(&depth, &n)
		if units += n; units <= most || depth <= 1 {
			deep = depth
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	args["deep"], args["most"] = deep, most+1
	return out, q.Rows(down+`
		SELECT u.unit, u.above, u.number, u.name, u.kind,
			(SELECT count(*) FROM unit_span b WHERE b.above = u.unit AND b.unit <> b.above AND b.starts <= :day AND (b.ends = '' OR b.ends >= :day)),
			coalesce((SELECT min(n.name) FROM position p JOIN holding h ON h.position = p.id JOIN person n ON n.id = h.person
				WHERE p.unit = u.unit AND p.level > 0 AND h.starts <= :day AND (h.ends IS NULL OR h.ends >= :day)), '')
		FROM down d JOIN unit_span u ON u.unit = d.unit AND u.starts <= :day AND (u.ends = '' OR u.ends >= :day)
		WHERE :scope(u.unit)
		LIMIT :most`, args, func(scan store.Scan) error {
		var n Node
		err := scan(&n.ID, &n.Above, &n.Number, &n.Name, &n.Kind, &n.Below, &n.Leader)
		out = append(out, n)
		return err
	})
}

// plannedUntil are the plans that have come about on a day.
func plannedUntil(q *store.Read, day string) (out []Change, err error) {
	err = q.Rows(`
		SELECT c.id, c.act, c.subject, c.target, c.name, c.number, c.along FROM unit_change c
		WHERE c.state = 'planned' AND c.effective <= :day ORDER BY c.effective, c.id`, store.Args{"day": day}, func(scan store.Scan) error {
		var c Change
		err := scan(&c.ID, &c.Act, &c.Subject, &c.Target, &c.Name, &c.Number, &c.Along)
		out = append(out, c)
		return err
	})
	return out, err
}

// planned is what a change makes of a picture.
func planned(nodes []Node, c Change) []Node {
	at := slices.IndexFunc(nodes, func(n Node) bool { return n.ID == c.Subject })
	if at < 0 {
		return nodes
	}
	switch c.Act {
	case MoveUnit:
		nodes[at].Above, nodes[at].New = c.Target, true
	case RenameUnit:
		nodes[at].Name, nodes[at].New = c.Name, true
	case MergeUnit, CloseUnit:
		for i := range nodes {
			if nodes[i].Above == c.Subject {
				nodes[i].Above, nodes[i].New = c.Target, true
			}
		}
		nodes = slices.Delete(nodes, at, at+1)
	case SplitUnit:
		made := Node{ID: c.ID, Above: c.Target, Number: c.Number, Name: c.Name, Kind: nodes[at].Kind, New: true}
		if made.Above == "" {
			made.Above = nodes[at].Above
		}
		for line := range words(c.Along) {
			for i := range nodes {
				if nodes[i].Above == c.Subject && (nodes[i].Name == line || nodes[i].Number == line) {
					nodes[i].Above, nodes[i].New = made.ID, true
				}
			}
		}
		nodes = append(nodes, made)
	}
	return nodes
}

// ordered puts each unit after the one above it, and says how deep it lies.
func ordered(nodes []Node, root string) (out []Node) {
	below, key := map[string][]Node{}, map[string]string{}
	for _, n := range nodes {
		key[n.ID] = field.SortKey(n.Name)
		if n.ID != n.Above || n.ID != root {
			below[n.Above] = append(below[n.Above], n)
		}
		if n.ID == root {
			out = append(out, n)
		}
	}
	if len(out) == 0 {
		return nil
	}
	out[0].Depth = 0
	var walk func(above string, depth int)
	walk = func(above string, depth int) {
		list := below[above]
		slices.SortFunc(list, func(a, b Node) int { return strings.Compare(key[a.ID], key[b.ID]) })
		for _, n := range list {
			if n.ID == root {
				continue
			}
			n.Depth = depth
			if has := len(below[n.ID]); has > n.Below || n.New {
				n.Below = has
			}
			out = append(out, n)
			walk(n.ID, depth+1)
		}
	}
	walk(root, 1)
	return out
}
