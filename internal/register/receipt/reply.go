package receipt

import (
	"vaern/internal/ref"
	"vaern/internal/store"
)

// reply is what a reader says besides, or instead of, a receipt.
type reply struct {
	reading, person, unit string
	kind                  string // unclear or not_me
	text                  string
}

func keepReply(w *store.Write, r reply) error {
	id := w.NewID()
	return w.Do(ref.Ref{Kind: "reading_reply", ID: id}, `
		INSERT INTO reading_reply (id, version, unit, updated_at, updated_by, reading, person, kind, text)
		VALUES (:id, 1, :unit, :now, :actor, :reading, :person, :kind, :text)`,
		store.Args{"id": id, "unit": r.unit, "reading": r.reading, "person": r.person, "kind": r.kind, "text": r.text})
}

// Reply is a reader's question or objection, as a leader sees it.
type Reply struct {
	Name, Kind, Text, At string
}

// replies are those within reach, newest first.
func replies(q *store.Read, reading string, most int) (out []Reply, err error) {
	err = q.Rows(`
		SELECT p.name, y.kind, y.text, y.updated_at FROM reading_reply y JOIN person p ON p.id = y.person
		WHERE y.reading = :reading AND :scope(y.unit) ORDER BY y.id DESC LIMIT :most`, store.Args{"reading": reading, "most": most},
		func(scan store.Scan) error {
			var r Reply
			err := scan(&r.Name, &r.Kind, &r.Text, &r.At)
			out = append(out, r)
			return err
		})
	return out, err
}
