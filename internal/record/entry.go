package record

import (
	"fmt"
	"strings"

	"vaern/internal/field"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/term"
)

// Entry is what search finds: a record, or a part of one. Kind says who may
// see it, as the module that declares the kind has it.
type Entry struct {
	ref.Ref
	Part  string // where in the record it stands; "" is the record itself
	Unit  string
	Owner string // the position that answers for it; "" is none
	Title string
	Body  string
	Names bool // the title is a name, not words of the language
}

// Index makes these all that search finds of a record as a kind; none are
// nothing. It belongs into the change that made them so.
func Index(w *store.Write, about ref.Ref, entries ...Entry) error {
	if err := unindex(w.Also, about.Kind, []string{about.ID}); err != nil {
		return err
	}
	return AddEntries(w.InsertAll, entries)
}

// Inserting is how many rows are added to a derived table: store.Write.InsertAll
// or store.Work.InsertAll.
type Inserting func(into string, columns []string, rows [][]any, then string) error

var entryColumns = []string{"kind", "record", "part", "unit", "owner", "title", "body", "words"}

// AddEntries adds entries of records that search did not find before.
func AddEntries(insert Inserting, entries []Entry) error {
	rows := make([][]any, len(entries))
	for i, e := range entries {
		rows[i] = e.row()
	}
	return insert("search_entry", entryColumns, rows, "")
}

// row is the entry in the order of entryColumns.
func (e Entry) row() []any {
	text := term.Text{Kind: e.Kind, Unit: e.Unit, Title: e.Title, Body: e.Body, Names: e.Names}
	return []any{e.Kind, e.ID, e.Part, e.Unit, e.Owner, e.Title, e.Body, store.Terms(text.Terms())}
}

// Reindex makes these all that search finds of some records of a kind: for
// filling the index with what is older than it.
func Reindex(w *store.Work, kind string, records []string, entries []Entry) error {
	if len(records) == 0 {
		return nil
	}
	if err := unindex(w.Do, kind, records); err != nil {
		return err
	}
	return AddEntries(w.InsertAll, entries)
}

func unindex(write func(query string, args store.Args) error, kind string, records []string) error {
	args, names := store.Args{"kind": kind}, make([]string, len(records))
	for i, id := range records {
		names[i] = fmt.Sprint(":record", i)
		args[names[i][1:]] = id
	}
	return write(`DELETE FROM search_entry WHERE kind = :kind AND record IN (`+strings.Join(names, ", ")+`)`, args)
}

// Entry is a record as search finds it: by what it is called and by its texts,
// never by what is sensitive. Of a sensitive kind, whose records are opened one
// at a time, it is the title alone.
func (r *Core) Entry(rec Rec) Entry {
	e := Entry{Ref: r.Ref(rec), Unit: r.home(rec), Owner: r.Owner(rec), Title: r.Title(rec), Names: r.Names}
	if r.Sensitive {
		return e
	}
	var texts []string
	for i := range r.fields {
		f := &r.fields[i]
		told := f.Title || f.Key && f.Named
		if raw := f.Raw(rec.Value); f.Kind == field.Text && (f.Search || f.Long) && !f.Sensitive && !told && raw != "" {
			texts = append(texts, raw)
		}
	}
	e.Body = strings.Join(texts, "\n")
	return e
}

// find keeps what search finds in step with a record that was saved.
func (r *Core) find(w *store.Write, old, rec Rec) error {
	now := r.Entry(rec)
	switch {
	case !old.Is():
		return AddEntries(w.InsertAll, []Entry{now})
	case r.Entry(old) == now:
		return nil
	}
	return Index(w, now.Ref, now)
}

// findElsewhere keeps what search finds of a record in step with another unit or
// owner, its texts being the same. What is placed by itself, as a unit is, stays.
func findElsewhere(w *store.Write, about ref.Ref, column, value string) error {
	var entries []Entry
	err := w.Rows(`SELECT kind, part, unit, owner, title, body FROM search_entry WHERE record = :id ORDER BY id`, store.Args{"id": about.ID},
		func(scan store.Scan) error {
			e := Entry{Ref: about}
			err := scan(&e.Kind, &e.Part, &e.Unit, &e.Owner, &e.Title, &e.Body)
			if column == "owner" {
				e.Owner = value
			} else if e.Unit != about.ID {
				e.Unit = value
			}
			entries = append(entries, e)
			return err
		})
	if err == nil {
		err = w.Also(`DELETE FROM search_entry WHERE record = :id`, store.Args{"id": about.ID})
	}
	if err != nil {
		return err
	}
	return AddEntries(w.InsertAll, entries)
}

// Refill indexes again at most so many records, those after an id, and returns
// the last of them; "" is that there are no more.
func (r *Core) Refill(w *store.Work, after string, most int) (last string, err error) {
	var recs []Rec
	err = w.Rows(`SELECT `+r.columns+` FROM `+r.Name+` WHERE id > :after ORDER BY id LIMIT :n`, store.Args{"after": after, "n": most}, r.collect(&recs))
	if err != nil || len(recs) == 0 {
		return "", err
	}
	var ids []string
	var entries []Entry
	for _, rec := range recs {
		e := r.Entry(rec)
		ids, entries = append(ids, e.ID), append(entries, e)
	}
	return ids[len(ids)-1], Reindex(w, r.Name, ids, entries)
}
