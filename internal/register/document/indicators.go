package document

import (
	"slices"

	"vaern/internal/i18n"
	"vaern/internal/indicator"
)

// The numbers of documents: is there one policy, is it approved and fresh, is
// everything owned and read again in time, and is every clause looked at.
var indicators = slices.Concat(policyIndicators, documentIndicators, workIndicators)

// policies are the versions of the policy in force; there should be one.
const policies = `FROM edition e JOIN document d ON d.id = e.document WHERE d.level = 'policy' AND e.state = 'in_force'`

// kinds are the bodies that must approve a policy, as rows.
const kinds = `(SELECT 'council' AS kind UNION ALL SELECT 'executive_board' UNION ALL SELECT 'committee') k`

const approvedByKind = `EXISTS (SELECT 1 FROM approval a JOIN body b ON b.id = a.body
	WHERE b.kind = k.kind AND a.edition IN (SELECT e.id ` + policies + `))`

// recent is that a council's approval is less than 48 months old: text sorts as time.
const recent = `EXISTS (SELECT 1 FROM approval a JOIN body b ON b.id = a.body JOIN edition o ON o.id = a.edition
	WHERE o.document = e.document AND b.kind = 'council'
	AND CAST(CAST(substr(a.decided, 1, 4) AS INTEGER) + 4 AS TEXT) || substr(a.decided, 5) >= :today)`

var policyIndicators = []indicator.Indicator{
	{
		Key:    "document.policy_in_force",
		Name:   i18n.Text{"Politikken gælder", "The policy is in force"},
		Counts: i18n.Text{"Der er præcis én gældende version af politikken", "Exactly one version of the policy is in force"},
		OutOf:  i18n.Text{"Kommunen skal have én", "The municipality must have one"},
		Do:     i18n.Text{"Sæt den vedtagne version i kraft, og afslut dem, der ikke længere gælder.", "Put the adopted version in force, and end those that no longer apply."},
		Themes: []string{"one-in-force", "approval"}, Goal: 100, Warning: 100,
		Query: `SELECT CASE WHEN (SELECT count(*) ` + policies + `) = 1 THEN 1 ELSE 0 END, count(*) FROM unit WHERE id = 'top'`,
		Missing: `SELECT CASE WHEN p.id IS NULL THEN 'unit' ELSE 'document' END, coalesce(p.id, u.id)
			FROM unit u LEFT JOIN (SELECT min(id) AS id FROM document WHERE level = 'policy') p ON p.id IS NOT NULL
			WHERE u.id = 'top' AND (SELECT count(*) ` + policies + `) <> 1`,
	},
	{
		Key:    "document.policy_approved",
		Name:   i18n.Text{"Politikken er godkendt af alle, der skal", "The policy is approved by all who must"},
		Counts: i18n.Text{"Kommunalbestyrelse, direktion og udvalg har hver godkendt den gældende version", "Council, executive board and committee have each approved the version in force"},
		OutOf:  i18n.Text{"De tre, der skal godkende en politik", "The three that must approve a policy"},
		Do:     i18n.Text{"Få politikken godkendt der, hvor den mangler, og skriv godkendelsen ind.", "Have the policy approved where it is not, and record the approval."},
		Themes: []string{"approval", "committee", "executive-responsibility"}, Goal: 100, Warning: 60,
		Query: `SELECT count(CASE WHEN ` + approvedByKind + ` THEN 1 END), count(*) FROM ` + kinds + `
			WHERE EXISTS (SELECT 1 FROM document WHERE level = 'policy')`,
		Missing: `SELECT CASE WHEN m.id IS NULL THEN 'unit' ELSE 'body' END, coalesce(m.id, 'top')
			FROM ` + kinds + ` LEFT JOIN (SELECT kind, min(id) AS id FROM body GROUP BY kind) m ON m.kind = k.kind
			WHERE EXISTS (SELECT 1 FROM document WHERE level = 'policy') AND NOT ` + approvedByKind,
	},
	{
		Key:    "document.policy_fresh",
		Name:   i18n.Text{"Politikken er godkendt inden for fire år", "The policy was approved within four years"},
		Counts: i18n.Text{"Kommunalbestyrelsens seneste godkendelse er højst 48 måneder gammel", "The council's latest approval is at most 48 months old"},
		OutOf:  i18n.Text{"Den gældende politik", "The policy in force"},
		Do:     i18n.Text{"Få kommunalbestyrelsen til at godkende politikken igen, og skriv godkendelsen ind.", "Have the council approve the policy again, and record the approval."},
		Themes: []string{"approval", "review", "continual-improvement"}, Goal: 100, Warning: 100,
		Query:   `SELECT count(CASE WHEN ` + recent + ` THEN 1 END), count(*) ` + policies,
		Missing: `SELECT 'edition', e.id ` + policies + ` AND NOT ` + recent,
	},
	{
		Key:    "binding.accepted",
		Name:   i18n.Text{"Sætninger, som et menneske har set på", "Clauses that a person has looked at"},
		Counts: i18n.Text{"Sætninger i den gældende politik, hvis temaer nogen har bekræftet", "Clauses of the policy in force whose themes somebody accepted"},
		OutOf:  i18n.Text{"Alle sætninger i den gældende politik", "All clauses of the policy in force"},
		Do:     i18n.Text{"Læs sætningen, og bekræft eller ret, hvad den handler om.", "Read the clause, and accept or change what it is about."},
		Themes: []string{"document-hierarchy", "coordinator"}, Goal: 100, Warning: 0,
		Query:   `SELECT count(CASE WHEN b.accepted = 1 THEN 1 END), count(*) ` + boundClauses,
		Missing: `SELECT 'binding', b.id ` + boundClauses + ` AND b.accepted = 0`,
	},
	{
		Key:    "binding.with_rule",
		Name:   i18n.Text{"Sætninger med mindst én regel", "Clauses with at least one rule"},
		Counts: i18n.Text{"Sætninger, som en regel i håndbogen uddyber", "Clauses that a rule of the handbook elaborates"},
		OutOf:  i18n.Text{"Sætninger i den gældende politik; de, der kun forklarer, tæller ikke med", "Clauses of the policy in force; those that only explain do not count"},
		Do:     i18n.Text{"Skriv en regel om det, sætningen kræver, eller knyt en regel, der findes, til samme tema.", "Write a rule about what the clause demands, or give an existing rule the same theme."},
		Themes: []string{"document-hierarchy", "known-rules"}, Goal: 100, Warning: 80,
		Query:   `SELECT count(CASE WHEN ` + ruled + ` THEN 1 END), count(*) ` + boundClauses + ` AND ` + asks,
		Missing: `SELECT 'binding', b.id ` + boundClauses + ` AND ` + asks + ` AND NOT ` + ruled,
	},
}

// boundClauses are the bindings of the clauses that the policy in force has.
const boundClauses = `FROM edition e JOIN document d ON d.id = e.document
	JOIN edition_clause c ON c.edition = e.id
	JOIN binding b ON b.document = e.document AND b.clause = c.clause
	WHERE d.level = 'policy' AND e.state = 'in_force'`

// asks leaves out what a person said asks for nothing.
const asks = `NOT (b.accepted = 1 AND b.themes = '')`

const ruled = `EXISTS (SELECT 1 FROM binding_theme t JOIN theme_link l ON l.theme = t.theme WHERE t.binding = b.id AND l.kind = 'rule')`
