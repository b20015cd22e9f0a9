package receipt

import (
	"slices"
	"strings"

	"vaern/internal/people"
	"vaern/internal/store"
)

// preview is who some people are, by unit: numbers first, names one click away.
type preview struct {
	Total, NoMail int
	Unit          string // whose names are shown
	UnitName      string
	Lines         []previewLine
	Names         []string
	More          int // names that are not shown
	At            string
}

type previewLine struct {
	Unit, Name string
	N          int
	Chosen     bool
}

const mostNames = 200

// look sorts people by the units right below the municipality, and names those
// in one of them.
func look(q *store.Read, c *crowd, all []*member, unit string) (v preview, err error) {
	v = preview{Total: len(all), Unit: unit, UnitName: c.names[unit]}
	n, area := map[string]int{}, map[string]string{} // area of a unit, once for all who are in it
	var chosen store.List
	for _, m := range all {
		at, known := area[m.Unit]
		if !known {
			at = c.child(m.Unit, people.Top)
			area[m.Unit] = at
		}
		n[at]++
		if m.NoMail {
			v.NoMail++
		}
		if at == unit {
			chosen = append(chosen, m.ID)
		}
	}
	for id, count := range n {
		v.Lines = append(v.Lines, previewLine{id, c.names[id], count, id == unit})
	}
	slices.SortFunc(v.Lines, func(a, b previewLine) int { return strings.Compare(a.Name, b.Name) })
	if len(chosen) == 0 {
		return v, nil
	}
	v.More = max(len(chosen)-mostNames, 0)
	v.Names, err = q.Texts(`SELECT name FROM person WHERE id :among(chosen) ORDER BY name_sort, id LIMIT :most`, store.Args{"chosen": chosen, "most": mostNames})
	return v, err
}
