package demo

import (
	"vaern/internal/field"
	"vaern/internal/people"
	"vaern/internal/register/obligation"
	"vaern/internal/store"
)

// obligations are those that Værn brings, looked at some months ago: a few are
// late, and two have no owner yet.
func (d *seeder) obligations() error {
	all := obligation.Known()
	for i := range all {
		all[i].Unit = people.Top
		all[i].Reviewed = field.Date(d.today.AddDate(0, -(i*7)%13, -i).Format("2006-01-02"))
		if i%19 != 7 {
			all[i].Owner = d.ownerOf(all[i].Themes.Keys())
		}
	}
	return each(d, d.as(d.coord), "obligation.create", "obligation.create", all, func(w *store.Write, o obligation.Obligation) error {
		return obligation.Obligations.Add(w, &o)
	})
}
