package receipt

import (
	"vaern/internal/i18n"
	"vaern/internal/indicator"
)

// familiar is that a person has read all that was to be read by now, and has
// read something: who is asked anew still counts until the day has come.
const familiar = `EXISTS (SELECT 1 FROM asked a WHERE a.person = p.id AND a.state IN ('done', 'kept'))
	AND NOT EXISTS (SELECT 1 FROM asked a JOIN reading r ON r.id = a.reading
		WHERE a.person = p.id AND a.state = 'open' AND a.here = 1 AND a.due < :today AND r.state = 'open')`

// begun is that anybody was asked about anything: before, nothing is measured.
const begun = ` AND EXISTS (SELECT 1 FROM reading WHERE state = 'open')`

// help is what to do for those who have not read.
var help = i18n.Text{"Mind dem om det, eller tag det på et møde. Under Hvem har læst ser du, hvad hver enkelt mangler.", "Remind them, or take it at a meeting. Who has read shows what each of them lacks."}

// known is an indicator over some of those with access.
func known(key string, name, counts, outOf i18n.Text, where string) indicator.Indicator {
	from := ` FROM person p WHERE :scope(p.unit) AND ` + presentAll + begun
	return indicator.Indicator{
		Key: key, Name: name, Counts: counts, OutOf: outOf, Do: help, Goal: 90, Warning: 75, Area: Names,
		Query:   `SELECT count(CASE WHEN ` + familiar + ` THEN 1 END), count(*)` + from + where,
		Missing: `SELECT 'person', p.id` + from + where + ` AND NOT (` + familiar + `)`,
	}
}

// The numbers of clauses 2.4, 4.1 and 6.M1: does everybody know what binds them?
var indicators = []indicator.Indicator{
	themed(known("receipt.coverage",
		i18n.Text{"Kender de regler, der gælder for dem", "Know the rules that bind them"},
		i18n.Text{"Personer, der har kvitteret for alt det, de skulle have læst indtil nu", "People who have confirmed all that they were to have read by now"},
		i18n.Text{"Alle med adgang, også uden mail", "Everybody with access, also without mail"}, ``), "known-rules", "awareness", "scope-all-persons", "shared-responsibility"),
	themed(known("receipt.council",
		i18n.Text{"Kommunalbestyrelsen kender reglerne", "The council knows the rules"},
		i18n.Text{"Medlemmer, der har kvitteret for alt det, de skulle have læst indtil nu", "Members who have confirmed all that they were to have read by now"},
		i18n.Text{"Alle medlemmer af kommunalbestyrelsen", "All council members"}, ` AND p.category = 'council'`), "scope-all-persons"),
	themed(known("receipt.externals",
		i18n.Text{"Eksterne kender reglerne", "External people know the rules"},
		i18n.Text{"Eksterne, der har kvitteret for alt det, de skulle have læst indtil nu", "External people who have confirmed all that they were to have read by now"},
		i18n.Text{"Alle konsulenter og leverandørers ansatte med adgang", "All consultants and suppliers' staff with access"}, ` AND p.category IN ('consultant', 'supplier')`), "scope-all-persons", "suppliers"),
}

func themed(in indicator.Indicator, themes ...string) indicator.Indicator {
	in.Themes = themes
	return in
}
