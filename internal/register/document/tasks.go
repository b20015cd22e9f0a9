package document

import (
	"maps"
	"slices"
	"strings"

	"vaern/internal/i18n"
	"vaern/internal/task"
)

// tasks are what waits for people: versions that a body must approve, for
// those who sit there and did not write them, and documents that are due for review.
var tasks = []task.Source{
	{
		Key:     "document.approve",
		Act:     i18n.Text{"Tag stilling", "Decide"},
		Why:     i18n.Text{"Et udvalg, du sidder i, skal godkende versionen.", "A body that you sit in must approve the version."},
		Minutes: 15, Weight: 4, Need: SeeDrafts,
		Query: `SELECT 'edition', e.id, d.title || ' ' || e.label, '/edition/' || e.id, coalesce(e.answer_by, '')
			FROM edition e JOIN document d ON d.id = e.document
			WHERE e.state = 'in_review' AND e.author <> :actor AND :scope(e.unit) AND EXISTS (
				SELECT 1 FROM body b JOIN office o ON o.body = b.id
				WHERE (` + demanded() + `) AND o.position IN ` + task.Positions + `
				AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.edition = e.id AND a.body = b.id))`,
	},
	{
		Key:     "document.review",
		Act:     i18n.Text{"Gennemgå", "Review"},
		Why:     i18n.Text{"Din stilling ejer dokumentet, og det skal gennemgås.", "Your position owns the document, and it is due for review."},
		Minutes: 20, Weight: 2,
		Query: `SELECT 'document', id, title, '/document/' || id, review_by
			FROM document WHERE review_by <= :soon AND owner IN ` + task.Positions,
	},
}

// demanded is the condition that documents of a level need approval by bodies of a kind.
func demanded() string {
	var parts []string
	for _, level := range slices.Sorted(maps.Keys(demands)) {
		for _, kind := range demands[level] {
			parts = append(parts, `d.level = '`+string(level)+`' AND b.kind = '`+string(kind)+`'`)
		}
	}
	return strings.Join(parts, ` OR `)
}
