package receipt

import (
	"slices"
	"strings"

	"vaern/internal/field"
	"vaern/internal/people"
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

// look sorts people by the units right below the municipality.
func look(c *crowd, all []*member, unit string) preview {
	v := preview{Total: len(all), Unit: unit, UnitName: c.names[unit]}
	n := map[string]int{}
	for _, m := range all {
		at := c.child(m.Unit, people.Top)
		n[at]++
		if m.Mail == "" {
			v.NoMail++
		}
		if unit == "" || at != unit {
			continue
		}
		v.Names = append(v.Names, m.Name)
	}
	key := map[string]string{}
	for _, name := range v.Names {
		key[name] = field.SortKey(name)
	}
	slices.SortFunc(v.Names, func(a, b string) int { return strings.Compare(key[a], key[b]) })
	shown := min(len(v.Names), mostNames)
	v.Names, v.More = v.Names[:shown], len(v.Names)-shown
	for id, count := range n {
		v.Lines = append(v.Lines, previewLine{id, c.names[id], count, id == unit})
	}
	slices.SortFunc(v.Lines, func(a, b previewLine) int { return strings.Compare(a.Name, b.Name) })
	return v
}
