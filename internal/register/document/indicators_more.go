package document

import (
	"vaern/internal/i18n"
	"vaern/internal/indicator"
)

const inForceNow = `EXISTS (SELECT 1 FROM edition e WHERE e.document = d.id AND e.state = 'in_force')`

const held = `EXISTS (SELECT 1 FROM holding h WHERE h.position = d.owner AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today))`

// twice is that two versions of a document claim the same day.
const twice = `EXISTS (SELECT 1 FROM edition a JOIN edition b ON b.document = a.document AND b.id > a.id
	WHERE a.document = d.id AND a.starts IS NOT NULL AND b.starts IS NOT NULL
	AND a.starts <= coalesce(b.ends, '9999-12-31') AND b.starts <= coalesce(a.ends, '9999-12-31'))`

const everInForce = `EXISTS (SELECT 1 FROM edition e WHERE e.document = d.id AND e.starts IS NOT NULL)`

var documentIndicators = []indicator.Indicator{
	{
		Key:    "document.reviewed",
		Name:   i18n.Text{"Dokumenter gennemgået til tiden", "Documents reviewed on time"},
		Counts: i18n.Text{"Gældende dokumenter, hvor fristen for næste gennemgang ikke er overskredet", "Documents in force whose next review is not overdue"},
		OutOf:  i18n.Text{"Alle dokumenter med en gældende version", "All documents with a version in force"},
		Do:     i18n.Text{"Læs dokumentet igennem. Passer det, så skriv, hvornår det skal gennemgås næste gang. Ellers lav en ny version.", "Read the document through. If it fits, say when it is to be reviewed next. Otherwise make a new version."},
		Themes: []string{"review", "continual-improvement"}, Goal: 100, Warning: 90,
		Query:   `SELECT count(CASE WHEN d.review_by >= :today THEN 1 END), count(*) FROM document d WHERE ` + inForceNow,
		Missing: `SELECT 'document', d.id FROM document d WHERE ` + inForceNow + ` AND (d.review_by IS NULL OR d.review_by < :today)`,
	},
	{
		Key:    "document.owned",
		Name:   i18n.Text{"Dokumenter med en ejer, der findes", "Documents with an owner who exists"},
		Counts: i18n.Text{"Dokumenter, hvis ejerstilling nogen har i dag", "Documents whose owner position somebody holds today"},
		OutOf:  i18n.Text{"Alle dokumenter", "All documents"},
		Do:     i18n.Text{"Vælg en ejer, eller sæt en person i den stilling, der ejer dokumentet.", "Choose an owner, or put somebody in the position that owns the document."},
		Themes: []string{"ownership", "document-hierarchy"}, Goal: 100, Warning: 90,
		Query:   `SELECT count(CASE WHEN ` + held + ` THEN 1 END), count(*) FROM document d`,
		Missing: `SELECT 'document', d.id FROM document d WHERE NOT ` + held,
	},
	{
		Key:    "document.in_force",
		Name:   i18n.Text{"Dokumenter med en gældende version", "Documents with a version in force"},
		Counts: i18n.Text{"Dokumenter, som gælder nu", "Documents that are in force now"},
		OutOf:  i18n.Text{"Alle dokumenter", "All documents"},
		Do:     i18n.Text{"Gør versionen færdig, og sæt den i kraft.", "Finish the version, and put it in force."},
		Themes: []string{"document-hierarchy", "known-rules"}, Goal: 100, Warning: 80,
		Query:   `SELECT count(CASE WHEN ` + inForceNow + ` THEN 1 END), count(*) FROM document d`,
		Missing: `SELECT 'document', d.id FROM document d WHERE NOT ` + inForceNow,
	},
	{
		Key:    "document.one_in_force",
		Name:   i18n.Text{"Højst én gældende version ad gangen", "At most one version in force at a time"},
		Counts: i18n.Text{"Dokumenter, hvor ingen dag har to gældende versioner", "Documents where no day has two versions in force"},
		OutOf:  i18n.Text{"Dokumenter, der gælder eller har gældt", "Documents that are or were in force"},
		Do:     i18n.Text{"Ret datoerne, så den ene version slutter, før den næste begynder.", "Change the dates so that one version ends before the next begins."},
		Themes: []string{"one-in-force"}, Goal: 100, Warning: 100,
		Query:   `SELECT count(CASE WHEN NOT ` + twice + ` THEN 1 END), count(*) FROM document d WHERE ` + everInForce,
		Missing: `SELECT 'document', d.id FROM document d WHERE ` + everInForce + ` AND ` + twice,
	},
}

var workIndicators = []indicator.Indicator{
	{
		Key:    "edition.review_moves",
		Name:   i18n.Text{"Høringer, der ikke er gået i stå", "Reviews that have not stalled"},
		Counts: i18n.Text{"Versioner, der har været i høring i højst 60 dage", "Versions that were in review for at most 60 days"},
		OutOf:  i18n.Text{"Alle versioner i høring", "All versions in review"},
		Do:     i18n.Text{"Afslut høringen, eller giv den en ny frist.", "End the review, or give it a new deadline."},
		Themes: []string{"review", "cooperation"}, Goal: 100, Warning: 80,
		Query:   `SELECT count(CASE WHEN answer_by >= :today THEN 1 END), count(*) FROM edition WHERE state = 'in_review'`,
		Missing: `SELECT 'edition', id FROM edition WHERE state = 'in_review' AND (answer_by IS NULL OR answer_by < :today)`,
	},
	{
		Key:    "remark.answered",
		Name:   i18n.Text{"Bemærkninger, der ikke er glemt", "Remarks that are not forgotten"},
		Counts: i18n.Text{"Åbne bemærkninger, der er højst 30 dage gamle", "Open remarks at most 30 days old"},
		OutOf:  i18n.Text{"Alle åbne bemærkninger", "All open remarks"},
		Do:     i18n.Text{"Svar på bemærkningen, og afslut den.", "Answer the remark, and close it."},
		Themes: []string{"review", "cooperation"}, Goal: 100, Warning: 80,
		Query:   `SELECT count(CASE WHEN answer_by >= :today THEN 1 END), count(*) FROM remark WHERE resolved = 0`,
		Missing: `SELECT 'remark', id FROM remark WHERE resolved = 0 AND answer_by < :today`,
	},
	{
		Key:    "approval.case_number",
		Name:   i18n.Text{"Godkendelser med sagsnummer", "Approvals with a case number"},
		Counts: i18n.Text{"Godkendelser, hvis sag kan findes i journalen", "Approvals whose case can be found in the files"},
		OutOf:  i18n.Text{"Alle godkendelser", "All approvals"},
		Do:     i18n.Text{"Find sagen i journalen, og skriv dens nummer på godkendelsen.", "Find the case in the files, and write its number on the approval."},
		Themes: []string{"approval", "legal-compliance"}, Goal: 100, Warning: 0,
		Query:   `SELECT count(CASE WHEN case_number <> '' THEN 1 END), count(*) FROM approval`,
		Missing: `SELECT 'approval', id FROM approval WHERE case_number = ''`,
	},
}
