package org

import (
	"vaern/internal/i18n"
	"vaern/internal/indicator"
)

// External people with access have a sponsor's end date (practice: 4.1), what
// positions must do has a holder, and nobody who left is still let in.
var indicators = []indicator.Indicator{
	{
		Key:    "person.external_valid",
		Name:   i18n.Text{"Eksterne med gyldig slutdato", "External people with a valid end date"},
		Counts: i18n.Text{"Konsulenter og leverandørers ansatte, hvis adgang slutter i dag eller senere", "Consultants and suppliers' staff whose access ends today or later"},
		OutOf:  i18n.Text{"Alle eksterne, der har en stilling nu", "All external people who hold a position now"},
		Themes: []string{"scope-all-persons", "access-control", "suppliers"}, Goal: 100, Warning: 95,
		Query: `SELECT count(CASE WHEN p.ends IS NOT NULL AND p.ends >= :today THEN 1 END), count(*) FROM person p
			WHERE p.category IN ('consultant', 'supplier')
			AND EXISTS (SELECT 1 FROM holding h WHERE h.person = p.id AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today))`,
		Missing: `SELECT 'person', p.id FROM person p
			WHERE p.category IN ('consultant', 'supplier') AND (p.ends IS NULL OR p.ends < :today)
			AND EXISTS (SELECT 1 FROM holding h WHERE h.person = p.id AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today))`,
	},
	{
		Key:    "position.leaders_held",
		Name:   i18n.Text{"Lederstillinger med en leder", "Management positions with a manager"},
		Counts: i18n.Text{"Lederstillinger på niveau 1 og 2, som nogen har i dag", "Management positions at levels 1 and 2 that somebody holds today"},
		OutOf:  i18n.Text{"Alle lederstillinger på niveau 1 og 2", "All management positions at levels 1 and 2"},
		Themes: []string{"manager-control", "executive-responsibility"}, Goal: 100, Warning: 90,
		Query: `SELECT count(CASE WHEN EXISTS (SELECT 1 FROM holding h WHERE h.position = p.id AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today)) THEN 1 END), count(*)
			FROM position p WHERE p.level IN (1, 2) AND (p.closes IS NULL OR p.closes >= :today)`,
		Missing: `SELECT 'position', p.id FROM position p
			WHERE p.level IN (1, 2) AND (p.closes IS NULL OR p.closes >= :today)
			AND NOT EXISTS (SELECT 1 FROM holding h WHERE h.position = p.id AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today))`,
	},
	{
		Key:    "body.committee_seats_held",
		Name:   i18n.Text{"Besatte pladser i informationssikkerhedsudvalget", "Seats held in the security committee"},
		Counts: i18n.Text{"Pladser, hvis stilling nogen har i dag", "Seats whose position somebody holds today"},
		OutOf:  i18n.Text{"Alle pladser i udvalget", "All seats in the committee"},
		Themes: []string{"committee"}, Goal: 100, Warning: 80,
		Query: `SELECT count(CASE WHEN EXISTS (SELECT 1 FROM holding h WHERE h.position = o.position AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today)) THEN 1 END), count(*)
			FROM office o JOIN body b ON b.id = o.body WHERE b.kind = 'committee'`,
		Missing: `SELECT 'office', o.id FROM office o JOIN body b ON b.id = o.body
			WHERE b.kind = 'committee'
			AND NOT EXISTS (SELECT 1 FROM holding h WHERE h.position = o.position AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today))`,
	},
	{
		Key:    "body.dpo_designated",
		Name:   i18n.Text{"Databeskyttelsesrådgiver er udpeget", "A data protection officer is designated"},
		Counts: i18n.Text{"En person har en stilling med rollen databeskyttelsesrådgiver (GDPR art. 37)", "Somebody holds a position with the role of data protection officer (GDPR art. 37)"},
		OutOf:  i18n.Text{"Kommunen skal have en", "The municipality must have one"},
		Themes: []string{"dpo", "data-protection"}, Goal: 100, Warning: 100,
		Query: `SELECT CASE WHEN EXISTS (SELECT 1 FROM role_grant g JOIN holding h ON h.position = g.position
				WHERE g.role = 'dpo' AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today)) THEN 1 ELSE 0 END, count(*)
			FROM unit WHERE id = 'top'`,
		Missing: `SELECT 'unit', id FROM unit WHERE id = 'top' AND NOT EXISTS (SELECT 1 FROM role_grant g JOIN holding h ON h.position = g.position
				WHERE g.role = 'dpo' AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today))`,
	},
}
