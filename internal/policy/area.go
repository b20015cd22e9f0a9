package policy

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/indicator"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/store"
)

// areas are the units that somebody leads or sees to, the own seat first. Who
// leads one has it also where another seat reaches everything; who only owns
// something somewhere has not.
func areas(a access.Actor) []string {
	out := slices.Clone(a.May[LeadArea].Tops)
	for _, unit := range a.May[indicator.SeeArea].Tops {
		if !slices.Contains(out, unit) {
			out = append(out, unit)
		}
	}
	return out
}

// chosen is the area that an address asks for, or else the person's first; "" is
// the whole municipality.
func chosen(a access.Actor, r *http.Request) string {
	all, asked := areas(a), r.URL.Query().Get("area")
	switch {
	case asked == people.Top || len(all) == 0:
		return ""
	case slices.Contains(all, asked):
		return asked
	}
	return all[0]
}

// within is the view of an area for an indicator that knows of areas; who may
// not see its number there has none.
func within(q *store.Read, in indicator.Indicator, area string) (near *store.Read, ok bool) {
	reach := q.Actor.May[in.Area]
	if in.Area == "" || area == "" || !reach.Whole && !slices.Contains(reach.Tops, area) {
		return nil, false
	}
	narrow := *q
	narrow.Need, narrow.Actor.May = in.Area, map[access.Permission]access.Reach{in.Area: {Tops: []string{area}}}
	return &narrow, true
}

// area asks the indicators that know of areas within the one that is looked at:
// one statement for all, since they have the same scope.
func (d *desk) area(q *store.Read, v *frontView, area string) error {
	var near *store.Read
	var asked []indicator.Indicator
	for _, in := range d.declared {
		if view, ok := within(q, in, area); ok {
			near, asked = view, append(asked, in)
		}
	}
	if len(asked) == 0 {
		return nil
	}
	answers := make([]indicator.Measure, len(asked))
	with, columns, from, dest := make([]string, len(asked)), make([]string, len(asked)), make([]string, len(asked)), []any{}
	for i, in := range asked {
		with[i] = fmt.Sprintf(`a%d (met, total) AS (%s)`, i, in.Query)
		columns[i], from[i] = fmt.Sprintf(`a%[1]d.met, a%[1]d.total`, i), fmt.Sprintf(`a%d`, i)
		dest = append(dest, &answers[i].Met, &answers[i].Total)
	}
	err := near.Row(`WITH `+strings.Join(with, ", ")+` SELECT `+strings.Join(columns, ", ")+` FROM `+strings.Join(from, ", "), nil, dest...)
	if err != nil || !slices.ContainsFunc(answers, func(m indicator.Measure) bool { return m.Total > 0 }) {
		return err
	}
	wanted, err := targets(q)
	for i, in := range asked {
		if answers[i].Total == 0 {
			v.Bare++
			continue
		}
		v.Area = append(v.Area, counted(aimed(in, wanted), answers[i]))
	}
	v.At = area
	return err
}

// counted is an indicator with its number in an area.
func counted(in indicator.Indicator, m indicator.Measure) areaNumber {
	return areaNumber{in, m, in.Limits().State(m), m.Total - m.Met}
}

// elsewhere is another area whose first page the person may turn to.
type elsewhere struct {
	Path  string
	Label i18n.Text
}

// places says what the area is called that is looked at, and where else the
// person may look.
func (v *frontView) places(q *store.Read, area string) error {
	mine := slices.DeleteFunc(areas(q.Actor), func(unit string) bool { return unit == area && v.At == "" }) // that has nothing to count
	called, err := record.Titles(q, slices.Values(mine))
	if err != nil {
		return err
	}
	for i, unit := range mine {
		label := i18n.Text{"Område: ", "Area: "}
		if i == 0 {
			label = i18n.Text{"Mit område: ", "My area: "}
		}
		label = label.And(i18n.Same(called[unit].Title))
		if unit == v.At {
			v.Heading = label
		} else {
			v.Elsewhere = append(v.Elsewhere, elsewhere{"/?area=" + unit, label})
		}
	}
	if v.At != "" {
		v.Elsewhere = append(v.Elsewhere, elsewhere{"/?area=" + people.Top, i18n.Text{"Hele kommunen", "The whole municipality"}})
	}
	return nil
}
