package kit

import (
	"strings"

	"vaern/internal/field"
	"vaern/internal/filter"
	"vaern/internal/i18n"
)

// adder is a field that a filter can be added for by clicking: ready conditions
// as links, and a comparison with what one writes.
type adder struct {
	Name, Label string
	Ready       []chip
	Ops         []option
	Type        string
}

// adders are the fields of the register as filters to click.
func (f *face) adders(asked listing, lang filter.Language, l i18n.Lang) (out []adder) {
	for _, fd := range lang.Fields {
		if fd.Sensitive || f.Sensitive && !fd.Title {
			continue
		}
		a := adder{Name: fd.Name, Label: fd.Label.In(l), Type: map[field.Kind]string{field.Int: "number", field.Day: "text"}[fd.Kind]}
		for _, c := range ready(fd) {
			a.Ready = append(a.Ready, chip{short(lang.Show(c, l, nil), fd.Label.In(l)), asked.address(f.at(), filter.Join(asked.Filter, c))})
		}
		if fd.Kind != field.Bool && (len(fd.Choices) == 0 || len(fd.Choices) > field.AtAGlance) { // what has no link is written
			for _, op := range filter.Ops(fd) {
				if op != filter.Missing {
					a.Ops = append(a.Ops, option{Value: fd.Name + " " + string(op), Label: op.Word(fd.Kind).In(l)})
				}
			}
		}
		out = append(out, a)
	}
	return out
}

// ready are the conditions on a field that need no writing.
func ready(fd field.Field) (out []filter.Filter) {
	add := func(op filter.Op, value string) {
		out = append(out, filter.Filter{Kind: filter.Condition, Field: fd.Name, Op: op, Value: value})
	}
	switch fd.Kind {
	case field.Choice, field.Several:
		for i, c := range fd.Choices {
			if i < field.AtAGlance {
				add(filter.Is, c[0])
			}
		}
	case field.Bool:
		add(filter.Is, "yes")
		add(filter.Is, "no")
	case field.Day:
		add(filter.Before, "today")
		add(filter.Is, "this-month")
		add(filter.AtMost, "today+14d")
	case field.Ref:
		if fd.To == "position" || fd.To == "person" {
			add(filter.Is, "me")
		}
	}
	if !fd.Required && fd.Kind != field.Int && fd.Kind != field.Bool { // those are always something
		add(filter.Missing, "")
	}
	return out
}

// short leaves the field's name out, where it stands above.
func short(text, label string) string {
	return strings.TrimLeft(strings.TrimPrefix(text, label), ": ")
}
