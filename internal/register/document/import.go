package document

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"

	"vaern/internal/access"
	"vaern/internal/clause"
	"vaern/internal/problem"
	"vaern/internal/store"
)

// VersionKnown is the finding that a version of that number is here already.
const VersionKnown = "version_known"

// ImportFile reads a file as a policy and stores nothing. Besides what the text
// itself gives away, it finds out whether that version is here already.
func ImportFile(ctx context.Context, s *store.Store, name string, data []byte, today string) (d clause.Document, err error) {
	if _, err := access.Require(ctx, Import); err != nil {
		return d, err
	}
	if d, err = Read(ctx, name, data, today); err != nil {
		return d, err
	}
	var n int
	err = s.View(ctx, Import, func(q *store.Read) error {
		return q.Row(`SELECT count(*) FROM edition e JOIN document d ON d.id = e.document WHERE d.level = 'policy' AND e.label = :label`,
			store.Args{"label": d.Version}, &n)
	})
	if n > 0 {
		d.Find(VersionKnown, "Politikken har allerede en version %s. Skriv et andet versionsnummer, hvis dette er en ny tekst.",
			"The policy already has a version %s. Type another version number if this is a new text.", d.Version)
	}
	return d, err
}

// Store confirms what was read as it is: the result is the draft's id.
func Store(ctx context.Context, s *store.Store, d clause.Document) (editionID string, err error) {
	return Confirm(ctx, s, Propose(d))
}

// draftImport is an import that somebody has not finished. Only the person who
// began it sees it, and no recorded table knows of it.
type draftImport struct {
	ID   string
	Name string // of the file
	At   string // when it was last worked on
	Proposal
}

// unfinished are the imports that the actor has begun, newest first.
func unfinished(q *store.Read) (out []draftImport, err error) {
	err = q.Rows(`SELECT id, name, at, proposal FROM work_import WHERE person = :actor ORDER BY at DESC, id`, nil, func(scan store.Scan) error {
		d, err := scanImport(scan)
		out = append(out, d)
		return err
	})
	return out, err
}

func importOf(q *store.Read, id string) (d draftImport, err error) {
	err = problem.Missing()
	found := q.Rows(`SELECT id, name, at, proposal FROM work_import WHERE id = :id AND person = :actor`, store.Args{"id": id},
		func(scan store.Scan) error {
			d, err = scanImport(scan)
			return err
		})
	if found != nil {
		return d, found
	}
	return d, err
}

func scanImport(scan store.Scan) (d draftImport, err error) {
	var text string
	if err := scan(&d.ID, &d.Name, &d.At, &text); err != nil {
		return d, err
	}
	return d, json.Unmarshal([]byte(text), &d.Proposal)
}

// keep stores the work so far; a new import gets an id that nobody guesses.
func (d *draftImport) keep(ctx context.Context, s *store.Store) error {
	text, err := json.Marshal(d.Proposal)
	if err != nil {
		return err
	}
	return s.Work(ctx, func(w *store.Work) error {
		if d.ID != "" {
			return w.Do(`UPDATE work_import SET at = :now, proposal = :proposal WHERE id = :id AND person = :actor`,
				store.Args{"id": d.ID, "proposal": string(text)})
		}
		d.ID = newImportID()
		return w.Do(`INSERT INTO work_import (id, person, at, name, proposal) VALUES (:id, :actor, :now, :name, :proposal)`,
			store.Args{"id": d.ID, "name": d.Name, "proposal": string(text)})
	})
}

func newImportID() string {
	b := make([]byte, 16)
	rand.Read(b)
	return hex.EncodeToString(b)
}

func (d *draftImport) drop(ctx context.Context, s *store.Store) error {
	return s.Work(ctx, func(w *store.Work) error {
		return w.Do(`DELETE FROM work_import WHERE id = :id AND person = :actor`, store.Args{"id": d.ID})
	})
}

// confirm stores the import as a draft of the policy, and is done with it.
func (d *draftImport) confirm(ctx context.Context, s *store.Store) (editionID string, err error) {
	if editionID, err = Confirm(ctx, s, d.Proposal); err != nil {
		return "", err
	}
	return editionID, d.drop(ctx, s)
}
