package document

import (
	"encoding/json"
	"fmt"
	"strings"

	"vaern/internal/clause"
	"vaern/internal/field"
	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// Edition is one version of a document. (The word version is taken: it counts
// the changes of any record.)
type Edition struct {
	ID       string
	Version  int64
	Unit     string
	Document string
	Label    string     // "3.2"
	Dated    field.Date // the date on its front
	State    State
	Starts   field.Date // in force from this day
	Ends     field.Date // to this one
	Author   string     // person or machine who wrote it
	Body     string     // Markdown
	Sections []clause.Section
	Findings []clause.Finding
}

// Ref points at the version.
func (e *Edition) Ref() ref.Ref { return ref.Ref{Kind: "edition", ID: e.ID} }

// Clauses are all clauses in reading order.
func (e *Edition) Clauses() (out []clause.Clause) {
	for _, s := range e.Sections {
		out = append(out, s.Clauses...)
	}
	return out
}

const editionColumns = `id, version, unit, document, label, dated, state, starts, ends, author, body, outline, findings`

func scanEdition(scan store.Scan) (e Edition, err error) {
	var outline, findings string
	err = scan(&e.ID, &e.Version, &e.Unit, &e.Document, &e.Label, &e.Dated, &e.State, &e.Starts, &e.Ends, &e.Author, &e.Body, &outline, &findings)
	if err == nil {
		err = json.Unmarshal([]byte(outline), &e.Sections)
	}
	if err == nil {
		err = json.Unmarshal([]byte(findings), &e.Findings)
	}
	return e, err
}

// editions returns the versions of a document that the actor may see, newest
// first: who may not see drafts sees what is or was in force.
func editions(q *store.Read, document string) (out []Edition, err error) {
	err = q.Rows(`
		SELECT `+editionColumns+` FROM edition
		WHERE document = :document AND :scope AND (:drafts = 1 OR state IN ('in_force', 'superseded'))
		ORDER BY id DESC`, store.Args{"document": document, "drafts": mayDraft(q)},
		func(scan store.Scan) error {
			e, err := scanEdition(scan)
			out = append(out, e)
			return err
		})
	return out, err
}

func mayDraft(q *store.Read) int {
	if q.Actor.Can(SeeDrafts) {
		return 1
	}
	return 0
}

// edition returns one version, under the same rule.
func edition(q *store.Read, id string) (e Edition, err error) {
	found := false
	err = q.Rows(`
		SELECT `+editionColumns+` FROM edition
		WHERE id = :id AND :scope AND (:drafts = 1 OR state IN ('in_force', 'superseded'))`,
		store.Args{"id": id, "drafts": mayDraft(q)}, func(scan store.Scan) (err error) {
			found = true
			e, err = scanEdition(scan)
			return err
		})
	if err == nil && !found {
		err = problem.Missing()
	}
	return e, err
}

// Current is the policy: the version in force, or, where none is, the newest
// that the actor may see. A municipality without any gets a NotFound problem.
func Current(q *store.Read) (e Edition, title string, err error) {
	err = q.Rows(`
		SELECT d.title, e.id, e.version, e.unit, e.document, e.label, e.dated, e.state, e.starts, e.ends, e.author, e.body, e.outline, e.findings
		FROM edition e JOIN document d ON d.id = e.document
		WHERE d.level = 'policy' AND :scope(e.unit) AND (e.state = 'in_force' OR :drafts = 1 AND e.state <> 'superseded')
		ORDER BY e.state = 'in_force' DESC, e.id DESC LIMIT 1`, store.Args{"drafts": mayDraft(q)},
		func(scan store.Scan) (err error) {
			e, err = scanEdition(func(dest ...any) error { return scan(append([]any{&title}, dest...)...) })
			return err
		})
	if err == nil && e.ID == "" {
		err = problem.Missing()
	}
	return e, title, err
}

// InForceOn is the version of a document that was in force on a day; the
// second result is false when none was.
func InForceOn(q *store.Read, document, day string) (e Edition, ok bool, err error) {
	err = q.Rows(`
		SELECT `+editionColumns+` FROM edition
		WHERE document = :document AND starts <= :day AND (ends IS NULL OR ends >= :day)`,
		store.Args{"document": document, "day": day}, func(scan store.Scan) (err error) {
			ok = true
			e, err = scanEdition(scan)
			return err
		})
	return e, ok, err
}

// inForce is the version of a document that is in force now, if any.
func inForce(q *store.Read, document string) (e Edition, ok bool, err error) {
	err = q.Rows(`SELECT `+editionColumns+` FROM edition WHERE document = :document AND state = 'in_force'`,
		store.Args{"document": document}, func(scan store.Scan) (err error) {
			ok = true
			e, err = scanEdition(scan)
			return err
		})
	return e, ok, err
}

// put stores a version: new when it has no id. Its clauses keep the ids of
// those they continue, and new ones get ids that no version ever had.
func put(w *store.Write, e *Edition) error {
	if err := e.check(); err != nil {
		return err
	}
	before, used, err := past(&w.Read, e)
	if err != nil {
		return err
	}
	e.Sections = clause.Carry(before, used, clause.Parse(clause.FromText(e.Body), w.Today).Sections)
	args, err := e.args()
	if err != nil {
		return err
	}
	if e.ID == "" {
		e.ID, e.Version = w.NewID(), 1
		args["id"] = e.ID
		return w.Do(e.Ref(), `
			INSERT INTO edition (id, version, unit, updated_at, updated_by, document, label, dated, state, starts, ends, author, body, outline, findings)
			VALUES (:id, 1, :unit, :now, :actor, :document, :label, :dated, :state, :starts, :ends, :author, :body, :outline, :findings)`, args)
	}
	e.Version++
	return w.Do(e.Ref(), `
		UPDATE edition SET version = version + 1, updated_at = :now, updated_by = :actor, label = :label, dated = :dated,
			state = :state, starts = :starts, ends = :ends, author = :author, body = :body, outline = :outline, findings = :findings
		WHERE id = :id`, args)
}

func (e *Edition) check() error {
	bad := problem.Fields{}
	if strings.TrimSpace(e.Label) == "" {
		bad["label"] = field.Needed
	}
	if strings.TrimSpace(e.Body) == "" {
		bad["body"] = field.Needed
	}
	if len(e.Body) > 1_000_000 {
		bad["body"] = field.TooLong
	}
	if strings.ContainsRune(e.Body, 0) {
		bad["body"] = field.NoText
	}
	return problem.Check(bad)
}

func (e *Edition) args() (store.Args, error) {
	outline, err := json.Marshal(e.Sections)
	if err != nil {
		return nil, err
	}
	if e.Findings == nil {
		e.Findings = []clause.Finding{}
	}
	findings, err := json.Marshal(e.Findings)
	return store.Args{
		"id": e.ID, "unit": e.Unit, "document": e.Document, "label": e.Label, "dated": e.Dated, "state": string(e.State),
		"starts": e.Starts, "ends": e.Ends, "author": e.Author, "body": e.Body, "outline": string(outline), "findings": string(findings),
	}, err
}

// past is what a version's clauses may continue, and every clause id that the
// document ever had.
func past(q *store.Read, e *Edition) (before []clause.Section, used map[string]bool, err error) {
	used = map[string]bool{}
	err = q.Rows(`
		SELECT id, outline, updated_at FROM edition WHERE document = :document
		UNION ALL SELECT id, outline, updated_at FROM edition_history WHERE document = :document
		ORDER BY id, updated_at`, store.Args{"document": e.Document}, func(scan store.Scan) error {
		var id, outline, at string
		if err := scan(&id, &outline, &at); err != nil {
			return err
		}
		var sections []clause.Section
		if err := json.Unmarshal([]byte(outline), &sections); err != nil {
			return fmt.Errorf("edition %s: %w", id, err)
		}
		for _, s := range sections {
			for _, c := range s.Clauses {
				used[c.ID] = true
			}
		}
		before = sections
		return nil
	})
	return before, used, err
}
