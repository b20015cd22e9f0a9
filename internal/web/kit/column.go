package kit

import (
	"slices"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/record"
)

// standing is the column of how a record stands. It is worked out of each record
// and of the day, so no list can be ordered by it.
var standing = field.Field{Name: "standing", Kind: field.Text, Label: i18n.Text{"Status", "State"}}

// listable are all that a list can show.
func (f *face) listable() (out []*field.Field) {
	fields := f.Fields()
	for i := range fields {
		out = append(out, &fields[i])
	}
	if f.Stands != nil {
		out = append(out, &standing)
	}
	return out
}

// column is one of them by name.
func (f *face) column(name string) (*field.Field, bool) {
	all := f.listable()
	i := slices.IndexFunc(all, func(fd *field.Field) bool { return fd.Name == name })
	if i < 0 {
		return nil, false
	}
	return all[i], true
}

// listed are the columns: those that were chosen, or the register's own with
// everything long left out and the unit last, where the rows are of more than
// one. The title is always the first.
func (f *face) listed(asked listing, recs []record.Rec) (out []*field.Field) {
	title, _ := f.Field(f.TitleField())
	out = append(out, title)
	if f.Sensitive { // what a record says is seen one at a time, and recorded
		return out
	}
	for _, name := range asked.columns {
		if fd, _ := f.column(name); fd != title {
			out = append(out, fd)
		}
	}
	if len(asked.columns) > 0 {
		return out
	}
	fields := f.Fields()
	for i := range fields {
		if fd := &fields[i]; !fd.Title && !fd.IsUnit() && !fd.Long && !fd.Aside && !fd.Sensitive {
			out = append(out, fd)
		}
	}
	if f.Stands != nil {
		out = append(out, &standing)
	}
	for _, rec := range recs {
		if rec.Head().Unit != recs[0].Head().Unit {
			unit, _ := f.Field("unit")
			return append(out, unit)
		}
	}
	return out
}

// columnChoice is a column in the list of those one may choose.
type columnChoice struct {
	Name, Label string
	Shown       bool
	Up          bool // can change places with the one before it
}

func (f *face) columnChoices(v *listView, listed []*field.Field, l i18n.Lang) {
	if f.Sensitive {
		return
	}
	for i, fd := range listed {
		v.Choices = append(v.Choices, columnChoice{fd.Name, fd.Label.In(l), true, i > 1})
	}
	v.Shown = len(listed)
	for _, fd := range f.listable() {
		if !fd.Sensitive && !slices.ContainsFunc(listed, func(on *field.Field) bool { return on.Name == fd.Name }) {
			v.Choices = append(v.Choices, columnChoice{Name: fd.Name, Label: fd.Label.In(l)})
		}
	}
}
