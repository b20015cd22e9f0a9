package org

import (
	"vaern/internal/i18n"
	"vaern/internal/indicator"
)

// External people have an end date and somebody who answers for them, what
// positions must do has a holder, and nobody who left is still let in.
var indicators = []indicator.Indicator{
	{
		Key:    "person.external_valid",
		Name:   i18n.Text{"Eksterne med slutdato og en leder, der svarer for dem", "External people with an end date and a manager who answers for them"},
		Counts: i18n.Text{"Eksterne, hvis adgang har en slutdato, der ikke er passeret, og hvis ansvarlige stilling en anden har i dag", "External people whose access has an end date that is not passed, and whose sponsor's position somebody else holds today"},
		OutOf:  i18n.Text{"Alle eksterne, hvis adgang ikke er slut, eller som stadig har en stilling", "All external people whose access has not ended or who still hold a position"},
		Do:     i18n.Text{"Sæt en slutdato, og vælg en leder, der svarer for personen. Er arbejdet slut, så afslut personens stilling.", "Set an end date, and choose a manager who answers for the person. If the work is over, end the position that the person holds."},
		Themes: []string{"scope-all-persons", "access-control", "suppliers"}, Goal: 100, Warning: 95,
		Query: `SELECT count(CASE WHEN p.ends >= :today AND ` + sponsored + ` THEN 1 END), count(*) FROM person p
			WHERE ` + externalHere,
		Missing: `SELECT 'person', p.id FROM person p
			WHERE ` + externalHere + ` AND (p.ends IS NULL OR p.ends < :today OR NOT ` + sponsored + `)`,
	},
	{
		Key:    "position.leaders_held",
		Name:   i18n.Text{"Lederstillinger med en leder", "Management positions with a manager"},
		Counts: i18n.Text{"Lederstillinger på niveau 1 og 2, som nogen har i dag", "Management positions at levels 1 and 2 that somebody holds today"},
		OutOf:  i18n.Text{"Alle lederstillinger på niveau 1 og 2", "All management positions at levels 1 and 2"},
		Do:     i18n.Text{"Sæt en person i stillingen, eller nedlæg den.", "Put somebody in the position, or close it."},
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
		Do:     i18n.Text{"Sæt en person i stillingen, eller giv pladsen til en anden stilling.", "Put somebody in the position, or give the seat to another position."},
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
		Do:     i18n.Text{"Giv rollen databeskyttelsesrådgiver til en stilling, som nogen har.", "Give the role of data protection officer to a position that somebody holds."},
		Themes: []string{"dpo", "data-protection"}, Goal: 100, Warning: 100,
		Query: `SELECT CASE WHEN EXISTS (SELECT 1 FROM role_grant g JOIN holding h ON h.position = g.position
				WHERE g.role = 'dpo' AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today)) THEN 1 ELSE 0 END, count(*)
			FROM unit WHERE id = 'top'`,
		Missing: `SELECT 'unit', id FROM unit WHERE id = 'top' AND NOT EXISTS (SELECT 1 FROM role_grant g JOIN holding h ON h.position = g.position
				WHERE g.role = 'dpo' AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today))`,
	},
}

// externalHere are the external people p who are in, by right or by neglect.
const externalHere = `p.category IN ('consultant', 'supplier', 'keys') AND (p.ends IS NULL OR p.ends >= :today
	OR EXISTS (SELECT 1 FROM holding h WHERE h.person = p.id AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today)))`

// sponsored is that somebody else answers for the external person p today.
const sponsored = `EXISTS (SELECT 1 FROM holding s JOIN position o ON o.id = s.position
	WHERE s.position = p.sponsor AND s.person <> p.id AND s.starts <= :today AND (s.ends IS NULL OR s.ends >= :today) AND (o.closes IS NULL OR o.closes >= :today))`
