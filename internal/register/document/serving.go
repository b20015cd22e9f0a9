package document

import (
	"encoding/json"

	"vaern/internal/clause"
)

// Serving is SQL for the clauses of the policy in force that the record :kind, :id
// serves: rows of part, id, text. The first is of no clause and holds the outline
// that Outlined reads; a clause has its themes as text.
const Serving = `
	SELECT 'outline' AS part, '' AS id, p.outline AS text FROM edition p WHERE p.id = (
		SELECT max(e.id) FROM edition e JOIN document d ON d.id = e.document WHERE d.level = 'policy' AND e.state = 'in_force' AND :scope(e.unit))
	UNION ALL SELECT 'clause', b.clause, b.themes FROM binding b WHERE :scope(b.unit) AND b.document = (
		SELECT e.document FROM edition e WHERE e.id = (
			SELECT max(e.id) FROM edition e JOIN document d ON d.id = e.document WHERE d.level = 'policy' AND e.state = 'in_force' AND :scope(e.unit)))
		AND EXISTS (SELECT 1 FROM binding_theme t JOIN theme_link l ON l.theme = t.theme WHERE t.binding = b.id AND l.kind = :kind AND l.id = :id)`

// Outlined are the clauses that an outline holds, in their order.
func Outlined(outline string) (out []clause.Clause, err error) {
	e := Edition{}
	err = json.Unmarshal([]byte(outline), &e.Sections)
	return e.Clauses(), err
}
