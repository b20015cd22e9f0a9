package store

import (
	"fmt"
	"iter"
	"slices"

	"vaern/internal/ledger"
	"vaern/internal/problem"
	"vaern/internal/ref"
)

// Batch changes many rows of one register by statements of many rows each,
// and records all of them in one leaf, as the database stored them. Imports
// and what undoes them use it; package record offers it to registers.
//
// A batch that is longer than BatchRows is cut into several changes under the
// same batch id, so that nobody else waits long for the writer.
type Batch struct {
	w    *Write
	t    *table
	body []byte // the changes, as they will stand in the leaf
}

// BatchRows is how many rows one change should hold at most: about a quarter of
// a second for the writer on a slow machine.
const BatchRows = 500

// Batch runs fn, which may change many rows of one register, and leaves one
// leaf about kind and id, where id is the batch's. A batch that changed nothing
// leaves none.
func (w *Write) Batch(kind, id string, fn func(*Batch) error) error {
	t, ok := w.s.tables[kind]
	if !ok || !t.recorded {
		return fmt.Errorf("%s: %q is not a recorded table", w.verb, kind)
	}
	b := &Batch{w: w, t: t, body: []byte(`{"changes":[`)}
	empty := len(b.body)
	if err := fn(b); err != nil {
		return err
	}
	if len(b.body) == empty {
		return nil
	}
	b.body[len(b.body)-1] = ']' // in place of the last comma
	var err error
	if b.body, err = ledger.Canonical(append(b.body, `,"reason":`...), w.reason); err != nil {
		return fmt.Errorf("leaf of batch %s: %w", id, err)
	}
	return w.sign(ref.Ref{Kind: kind, ID: id}, ledger.Batch, append(b.body, '}'))
}

// Insert adds rows. columns begin with id; the store itself says version, time
// and actor. It inserts nothing over a row that has the same id or key: those
// ids come back as taken. It may ask for the rows twice, and makes some while the
// database is at those before them.
func (b *Batch) Insert(columns []string, rows iter.Seq[[]any]) (taken []string, err error) {
	columns = append([]string{"version", "updated_at", "updated_by"}, columns...)
	// PostgreSQL looks each up before it adds it where some may be there already:
	// it is told so only when some are.
	if b.w.s.dialect == postgres {
		begun := len(b.body)
		err = b.w.Try(func() error { taken, err = b.insert(columns, rows, ""); return err })
		if problem.Of(err) != problem.Conflict {
			return taken, err
		}
		b.body = b.body[:begun]
	}
	return b.insert(columns, rows, ` ON CONFLICT DO NOTHING`)
}

// insert adds rows with few statements; then says what to do where one is there.
func (b *Batch) insert(columns []string, rows iter.Seq[[]any], then string) (taken []string, err error) {
	stored, asked := map[string]bool{}, []string{}
	var answered [][]any // and not in the leaf yet
	keep := func() error {
		for _, after := range answered {
			stored[b.t.id(after)] = true
			if err := b.add(nil, after); err != nil {
				return err
			}
		}
		answered = answered[:0]
		return nil
	}
	answer := func(row []any) error { answered = append(answered, row); return nil }
	for part := range parts(rows, b.w.s.dialect.newRowsAtOnce(len(columns))) {
		list := make([][]any, len(part))
		for i, row := range part {
			asked = append(asked, row[0].(string))
			list[i] = append(append(make([]any, 0, len(columns)), 1, b.w.Now, b.w.Actor.ID), row...)
		}
		text, args, err := b.w.s.dialect.inserting(b.t, columns, list)
		if err == nil {
			err = b.ask(text+then, args, answer) // of PostgreSQL the part before is answered now
		}
		if err == nil {
			err = keep()
		}
		if err != nil {
			return nil, err
		}
	}
	if err := b.w.unsent.send(b.w.ctx); err != nil {
		return nil, b.w.s.dialect.explain(err)
	}
	if err := keep(); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(asked, func(id string) bool { return stored[id] }), nil
}

// parts cuts what comes into lists of so many.
func parts[T any](all iter.Seq[T], size int) iter.Seq[[]T] {
	return func(yield func([]T) bool) {
		part := make([]T, 0, size)
		for one := range all {
			if part = append(part, one); len(part) == size {
				if !yield(part) {
					return
				}
				part = make([]T, 0, size)
			}
		}
		if len(part) > 0 {
			yield(part)
		}
	}
}

// Update changes rows. columns begin with id and version, which says what each
// change was made from; an older one is an error, since whoever changes a
// batch has read it in the same change.
func (b *Batch) Update(columns []string, rows [][]any) error {
	place := make([]int, len(columns))
	for i, c := range columns {
		place[i] = slices.Index(b.t.names, c)
	}
	then := ` ON CONFLICT (id) DO UPDATE SET version = excluded.version, updated_at = excluded.updated_at, updated_by = excluded.updated_by`
	for _, c := range columns[2:] {
		then += `, ` + c + ` = excluded.` + c
	}
	for part := range slices.Chunk(rows, b.w.s.dialect.rowsAtOnce(len(b.t.names))) {
		before, err := b.keep(part)
		if err != nil {
			return err
		}
		list := make([][]any, 0, len(part))
		for _, row := range part {
			was := before[row[0].(string)]
			if was == nil || was[b.t.version] != row[1] {
				return problem.New(problem.Stale, "En anden har ændret en af rækkerne imens. Intet af det er gemt; prøv igen.",
					"Somebody else changed one of the rows meanwhile. None of it was saved; try again.")
			}
			is := slices.Clone(was)
			for i, p := range place {
				is[p] = row[i]
			}
			is[b.t.version], is[b.t.updatedAt], is[b.t.updatedBy] = row[1].(int64)+1, b.w.Now, b.w.Actor.ID
			list = append(list, is)
		}
		// The rows are there, and no other writer is: this inserts nothing.
		text, args, err := b.w.s.dialect.inserting(b.t, b.t.names, list)
		if err == nil {
			err = b.returned(text+then, args, func(after []any) error { return b.add(before[b.t.id(after)], after) })
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Delete removes rows; each is id and version, as for Update. What is derived
// from them and refers to them goes with them.
func (b *Batch) Delete(rows [][]any) error {
	for part := range slices.Chunk(rows, b.w.s.dialect.rowsAtOnce(1)) {
		before, err := b.keep(part)
		if err != nil {
			return err
		}
		ids := make([]any, len(part))
		for i, row := range part {
			was := before[row[0].(string)]
			if was == nil || was[b.t.version] != row[1] {
				return problem.Missing()
			}
			if ids[i] = row[0]; err == nil {
				err = b.add(was, nil)
			}
		}
		if err != nil {
			return err
		}
		for _, c := range append(b.w.Referring(b.t.name, false), Refers{b.t.name, "id", b.t.name}) {
			q := `DELETE FROM ` + c.Table + ` WHERE ` + c.Column + ` IN ` + b.w.s.dialect.rows(1, len(ids))
			b.w.s.statements.Add(1)
			if err := b.w.run(q, ids); err != nil {
				return b.w.s.dialect.explain(err)
			}
		}
	}
	return nil
}

// keep copies the rows that are about to be replaced into the history, and
// returns them by id.
func (b *Batch) keep(part [][]any) (map[string][]any, error) {
	list := make([]any, 1, len(part)+1)
	list[0] = b.w.Now
	for _, row := range part {
		list = append(list, row[0])
	}
	before := make(map[string][]any, len(part))
	err := b.returned(`INSERT INTO `+b.t.name+`_history (`+b.t.columns+`, stood_from, stood_to)
		SELECT `+b.t.columns+`, updated_at, `+b.w.s.dialect.text(1)+` FROM `+b.t.name+` WHERE id IN `+b.w.s.dialect.places(2, len(part)), list,
		func(row []any) error {
			before[b.t.id(row)] = row
			return nil
		})
	return before, err
}

// returned sends a statement and hands each row that it stored to fn.
func (b *Batch) returned(text string, list []any, fn func(row []any) error) error {
	err := b.ask(text, list, fn)
	if err == nil {
		err = b.w.s.dialect.explain(b.w.unsent.send(b.w.ctx))
	}
	return err
}

// ask is returned without waiting for PostgreSQL: fn hears of the rows when it
// has answered, before it is sent anything else.
func (b *Batch) ask(text string, list []any, fn func(row []any) error) error {
	b.w.s.statements.Add(1)
	return b.w.s.dialect.explain(b.w.ask(text+` RETURNING `+b.t.columns, list, func(scan Scan) error {
		row, err := b.t.whole(scan)
		if err != nil {
			return err
		}
		return fn(row)
	}))
}

// add writes a change as it stands in the leaf: the whole row after, and of the
// row before what was otherwise.
func (b *Batch) add(before, after []any) (err error) {
	b.body = append(b.body, `{"after":`...)
	if b.body, err = b.t.canonical(b.body, after, nil); err != nil {
		return err
	}
	b.body = append(b.body, `,"before":`...)
	if b.body, err = b.t.canonical(b.body, before, after); err != nil {
		return err
	}
	b.body = append(b.body, "},"...)
	return nil
}

// Writer is a change, or work that the program does by itself: what both may
// write is no record.
type Writer interface {
	Reading() *Read
	InsertAll(into string, columns []string, rows [][]any, then string) error
}

// Reading is what the writer sees.
func (r *Read) Reading() *Read { return r }

// InsertAll adds many rows to a table that is derived from recorded ones, with
// few statements; then says what to do where a row is there already, "" is
// nothing special.
func (w *Write) InsertAll(into string, columns []string, rows [][]any, then string) error {
	return w.insertAll(into, columns, rows, then)
}

// InsertAll is Do for many rows.
func (w *Work) InsertAll(into string, columns []string, rows [][]any, then string) error {
	return w.insertAll(into, columns, rows, then)
}

func (r *Read) insertAll(into string, columns []string, rows [][]any, then string) error {
	t, ok := r.s.tables[into]
	if !ok || t.recorded {
		return fmt.Errorf("%q is not a derived table", into)
	}
	for part := range slices.Chunk(rows, r.s.dialect.rowsAtOnce(len(columns))) {
		text, args, err := r.s.dialect.inserting(t, columns, part)
		if err == nil {
			r.s.statements.Add(1)
			err = r.run(text+then, args)
		}
		if err == nil && len(part) >= longRows {
			err = r.unsent.start(r.ctx, nil)
		}
		if err != nil {
			return r.s.dialect.explain(err)
		}
	}
	return nil
}
