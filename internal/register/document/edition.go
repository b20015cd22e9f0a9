package document

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"vaern/internal/clause"
	"vaern/internal/field"
	"vaern/internal/i18n"
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
	AnswerBy field.Date // the review ends on this day
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

const editionColumns = `id, version, unit, document, label, dated, state, starts, ends, answer_by, author, body, outline, findings`

func scanEdition(scan store.Scan) (e Edition, err error) {
	var outline, findings string
	err = scan(&e.ID, &e.Version, &e.Unit, &e.Document, &e.Label, &e.Dated, &e.State, &e.Starts, &e.Ends, &e.AnswerBy, &e.Author, &e.Body, &outline, &findings)
	if err == nil {
		err = json.Unmarshal([]byte(outline), &e.Sections)
	}
	if err == nil {
		err = json.Unmarshal([]byte(findings), &e.Findings)
	}
	return e, err
}

// put stores a version: new when it has no id. Its clauses keep the ids of
// those they continue, and new ones get ids that no version ever had.
func put(w *store.Write, e *Edition) error {
	if err := e.check(); err != nil {
		return err
	}
	if err := labelFree(&w.Read, e); err != nil {
		return err
	}
	if err := e.number(&w.Read); err != nil {
		return err
	}
	args, err := e.args()
	if err != nil {
		return err
	}
	if e.ID == "" {
		e.ID, e.Version = w.NewID(), 1
		args["id"] = e.ID
		err = w.Do(e.Ref(), `
			INSERT INTO edition (id, version, unit, updated_at, updated_by, document, label, dated, state, starts, ends, answer_by, author, body, outline, findings)
			VALUES (:id, 1, :unit, :now, :actor, :document, :label, :dated, :state, :starts, :ends, :answer_by, :author, :body, :outline, :findings)`, args)
	} else {
		e.Version++
		err = w.Do(e.Ref(), `
			UPDATE edition SET version = version + 1, updated_at = :now, updated_by = :actor, label = :label, dated = :dated,
				state = :state, starts = :starts, ends = :ends, answer_by = :answer_by, author = :author, body = :body, outline = :outline, findings = :findings
			WHERE id = :id`, args)
	}
	if err != nil {
		return err
	}
	if err := e.index(w); err != nil {
		return err
	}
	return e.findable(w)
}

// number reads the clauses of the text and gives each its id. What is probably
// a slip is found anew; the other findings are those of the import.
func (e *Edition) number(q *store.Read) error {
	before, used, err := past(q, e)
	if err != nil {
		return err
	}
	read := clause.Parse(clause.FromMarkdown(e.Body), q.Today)
	e.Sections = clause.Carry(before, used, read.Sections)
	now := map[string]string{} // the id that reading gave → the id that stands
	for i, s := range read.Sections {
		for j, c := range s.Clauses {
			now[c.ID] = e.Sections[i].Clauses[j].ID
		}
	}
	e.Findings = slices.DeleteFunc(e.Findings, isSlip)
	for _, f := range read.Findings {
		if isSlip(f) {
			f.Clause = now[f.Clause]
			e.Findings = append(e.Findings, f)
		}
	}
	return nil
}

func isSlip(f clause.Finding) bool { return f.Code == clause.ProbableSlip }

// index says which clauses a version has, for queries.
func (e *Edition) index(w *store.Write) error {
	if err := w.Also(`DELETE FROM edition_clause WHERE edition = :id`, store.Args{"id": e.ID}); err != nil {
		return err
	}
	for _, c := range e.Clauses() {
		if c.Kind == clause.Heading {
			continue
		}
		if err := w.Also(`INSERT INTO edition_clause (edition, clause) VALUES (:id, :clause)`, store.Args{"id": e.ID, "clause": c.ID}); err != nil {
			return err
		}
	}
	return nil
}

func labelFree(q *store.Read, e *Edition) error {
	var n int
	err := q.Row(`SELECT count(*) FROM edition WHERE document = :d AND label = :label AND id <> :id`,
		store.Args{"d": e.Document, "label": e.Label, "id": e.ID}, &n)
	if err == nil && n > 0 {
		return problem.Check(problem.Fields{"label": i18n.Text{"Dokumentet har allerede en version %s. Vælg et andet nummer.", "The document already has a version %s. Choose another number."}.With(e.Label)})
	}
	return err
}

func (e *Edition) check() error {
	bad := problem.Fields{}
	e.Label = strings.TrimSpace(e.Label)
	e.Body = strings.ReplaceAll(e.Body, "\r\n", "\n")
	if strings.TrimSpace(e.Label) == "" {
		bad["label"] = field.Needed
	}
	if strings.TrimSpace(e.Body) == "" {
		bad["body"] = field.Needed
	}
	if len(e.Body) > 1_000_000 {
		bad["body"] = field.TooLong
	}
	if utf8.RuneCountInString(e.Label) > 40 {
		bad["label"] = field.TooLong
	}
	if strings.ContainsRune(e.Label, 0) || !utf8.ValidString(e.Label) {
		bad["label"] = field.NoText
	}
	if e.Dated != "" && !isDay(string(e.Dated)) {
		bad["dated"] = field.NoDate
	}
	if strings.ContainsRune(e.Body, 0) || !utf8.ValidString(e.Body) {
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
		"starts": e.Starts, "ends": e.Ends, "answer_by": e.AnswerBy, "author": e.Author, "body": e.Body, "outline": string(outline), "findings": string(findings),
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
