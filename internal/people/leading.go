package people

import (
	"vaern/internal/field"
	"vaern/internal/problem"
	"vaern/internal/store"
)

// DayBefore is the day before another.
func DayBefore(day string) field.Date { return field.Date(plusDays(day, -1)) }

// DayAfter is the day after another.
func DayAfter(day string) field.Date { return field.Date(plusDays(day, 1)) }

// Leading is the position that leads a unit today, "" where there is none: of
// the leaders in the unit, or else in the nearest unit above that has one, the
// highest. It is never the position besides.
func Leading(q *store.Read, unit, besides string) (position string, err error) {
	return oneID(q, `
		SELECT p.id FROM unit_under u JOIN position p ON p.unit = u.top
		WHERE u.unit = :unit AND p.level > 0 AND p.id <> :besides AND (p.closes IS NULL OR p.closes >= :today)
		AND EXISTS (SELECT 1 FROM holding h WHERE h.position = p.id AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today))
		ORDER BY (SELECT count(*) FROM unit_under a WHERE a.unit = u.top) DESC, p.level, p.id LIMIT 1`,
		store.Args{"unit": unit, "besides": besides})
}

// HeldBy is the position that a person holds today by staff number, the highest
// where there are several; "" for none.
func HeldBy(q *store.Read, number string) (position string, err error) {
	return oneID(q, `
		SELECT p.id FROM person n JOIN holding h ON h.person = n.id JOIN position p ON p.id = h.position
		WHERE n.number = :number AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today)
		ORDER BY p.level = 0, p.level, p.id LIMIT 1`, store.Args{"number": number})
}

// HoldersOf are the people who hold a position today.
func HoldersOf(q *store.Read, position string) ([]string, error) {
	return q.Texts(`SELECT DISTINCT h.person FROM holding h WHERE h.position = :position AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today) ORDER BY h.person`,
		store.Args{"position": position})
}

func oneID(q *store.Read, query string, args store.Args) (id string, err error) {
	if err = q.Row(query, args, &id); problem.Of(err) == problem.NotFound {
		err = nil
	}
	return id, err
}
