package control

import (
	"vaern/internal/i18n"
	"vaern/internal/task"
)

// tasks are what waits for people: controls that are due, and in one's area
// those that nobody is to carry out.
var tasks = []task.Source{
	{
		Key:     "control.due",
		Act:     i18n.Text{"Udfør kontrollen", "Carry out"},
		Why:     i18n.Text{"Din stilling udfører kontrollen.", "Your position carries out the control."},
		Minutes: 3, Weight: 3,
		Query: `SELECT 'control', id, number || ' ' || title, '/control/' || id, due
			FROM control WHERE due <= :soon AND owner IN ` + task.Positions,
	},
	{
		Key:     "control.unowned",
		Act:     i18n.Text{"Find en, der kan", "Find somebody"},
		Why:     i18n.Text{"Ingen skal udføre kontrollen, og den ligger i dit område.", "Nobody is to carry out the control, and it is in your area."},
		Minutes: 2, Weight: 2, Need: "control.edit", Area: true,
		Query: `SELECT 'control', c.id, c.number || ' ' || c.title, '/control/' || c.id || '/edit', '' FROM control c
			WHERE :scope(c.unit) AND NOT EXISTS (SELECT 1 FROM holding h WHERE h.position = c.owner AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today))`,
	},
}
