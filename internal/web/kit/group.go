package kit

import (
	"slices"

	"vaern/internal/field"
	"vaern/internal/i18n"
)

// group is fields that people think of together.
type group struct {
	Label  i18n.Text
	Fields []field.Field
}

// groups are the fields in their groups. The unit, which every record begins
// with, stands with the owner, or else last: it is never what one thinks of first.
func groups(fields []field.Field) (out []group) {
	grouped := slices.ContainsFunc(fields, func(f field.Field) bool { return f.Group.Whole() })
	var unit *field.Field
	for i, f := range fields {
		if grouped && f.IsUnit() && unit == nil {
			unit = &fields[i]
			continue
		}
		if len(out) == 0 || f.Group.Whole() {
			out = append(out, group{Label: f.Group})
		}
		last := &out[len(out)-1]
		last.Fields = append(last.Fields, f)
	}
	if unit == nil {
		return out
	}
	for i := range out {
		at := slices.IndexFunc(out[i].Fields, func(f field.Field) bool { return f.Name == "owner" })
		if at >= 0 {
			out[i].Fields = slices.Insert(out[i].Fields, at+1, *unit)
			return out
		}
	}
	last := &out[len(out)-1]
	last.Fields = append(last.Fields, *unit)
	return out
}
