package control

import (
	"vaern/internal/i18n"
	"vaern/internal/indicator"
	"vaern/internal/themed"
)

// measured are the themes whose upholding shows in what is done again and
// again: the controls that serve them are counted one theme at a time.
var measured = []string{
	"availability", "continuity", "attribution", "misuse-detection", "suppliers", "risk-assessment", "access-control",
	"loss-prevention", "physical-security", "incident-reporting", "awareness", "data-protection", "secure-development",
	"digital-service", "equipment", "classification", "management-follow-up",
}

// do is what helps a control that is late.
var do = i18n.Text{"Udfør kontrollen, og skriv, hvad den viste. Så får den en ny frist.", "Carry the control out, and say what it showed. It then gets a new due date."}

func onTime(key string) indicator.Indicator {
	name := themed.Label(key)
	const link = ` FROM control c JOIN theme_link t ON t.kind = 'control' AND t.id = c.id AND t.theme = '`
	return indicator.Indicator{
		Key:     "control.on_time." + key,
		Name:    i18n.Text{"Kontroller til tiden: %s", "Controls on time: %s"}.Naming(name),
		Counts:  i18n.Text{"Kontroller om temaet, hvis næste frist ikke er overskredet", "Controls about the theme whose next due date has not passed"},
		OutOf:   i18n.Text{"Alle kontroller om temaet", "All controls about the theme"},
		Do:      do,
		Themes:  []string{key},
		Goal:    90,
		Warning: 70,
		Query:   `SELECT count(CASE WHEN c.due >= :today THEN 1 END), count(*)` + link + key + `'`,
		Missing: `SELECT 'control', c.id` + link + key + `' WHERE c.due < :today`,
	}
}
