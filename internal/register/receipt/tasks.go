package receipt

import (
	"strconv"

	"vaern/internal/i18n"
	"vaern/internal/task"
)

// lengths are how long a text may take, in minutes: a source says one number.
var lengths = []struct{ from, to, about int }{{0, 2, 2}, {3, 6, 5}, {7, 14, 10}, {15, 1 << 30, 20}}

// readKey begins the keys of the tasks to read a text.
const readKey = "receipt.read."

// tasks are what waits for readers, and for leaders whose people are late.
func tasks() (out []task.Source) {
	for _, l := range lengths {
		out = append(out, task.Source{
			Key: readKey + strconv.Itoa(l.about), Act: mineTitle, Minutes: l.about, Weight: 3,
			Why: i18n.Text{"Teksten gælder for dig.", "The text applies to you."},
			Query: `SELECT 'reading', r.id, r.title, '/reading/' || r.id || '/read', a.due FROM asked a JOIN reading r ON r.id = a.reading
				WHERE a.person = :actor AND a.state = 'open' AND a.here + 0 = 1 AND r.state = 'open'
				AND a.minutes BETWEEN ` + strconv.Itoa(l.from) + ` AND ` + strconv.Itoa(l.to),
		})
	}
	some := func(where string) string {
		return `SELECT 'reading', r.id, r.title, '/reading/' || r.id, r.due FROM reading r WHERE r.state = 'open'
			AND EXISTS (SELECT 1 FROM asked a JOIN person p ON p.id = a.person WHERE a.reading = r.id AND a.here + 0 = 1 AND a.state = 'open' AND :scope(a.unit) AND ` + where + `)`
	}
	return append(out,
		task.Source{Key: "reading.late", Act: i18n.Text{"Hjælp dem, der mangler", "Help those missing"}, Minutes: 5, Weight: 2, Need: Names, Area: true,
			Why: i18n.Text{"Nogen i dit område har ikke læst teksten til tiden.", "Somebody in your area has not read the text in time."}, Query: some(`a.due < :today`)},
		task.Source{Key: "reading.nomail", Act: i18n.Text{"Tag det på et møde", "Take it at a meeting"}, Minutes: 15, Weight: 2, Need: Names, Area: true,
			Why: i18n.Text{"Nogen i dit område har ingen mail og har ikke læst teksten.", "Somebody in your area has no mail and has not read the text."}, Query: some(`p.mail = ''`)})
}
