package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"vaern/internal/access"
)

// ErrInUse is the error of a restore into a database that holds something.
var ErrInUse = errors.New("the database holds a municipality already")

// passing are tables that a backup leaves out: what ends by itself, and what is
// made anew from the others, with how far that has come.
func passing(name string) bool {
	return slices.Contains([]string{"work_session", "work_link", "work_search"}, name) || strings.HasPrefix(name, "search_")
}

// inOrder are the tables of a backup: what others refer to comes first, and the
// history of a table after it.
func (s *Store) inOrder() (names []string) {
	all := make([]*table, 0, len(s.tables))
	for _, t := range s.tables {
		if !passing(t.name) {
			all = append(all, t)
		}
	}
	slices.SortFunc(all, func(a, b *table) int { return a.place - b.place })
	for _, t := range all {
		names = append(names, t.name)
		if t.recorded {
			names = append(names, t.name+"_history")
		}
	}
	return names
}

// Dump hands every table and row to its caller, all as of one instant: table
// says which columns the rows after it have. A value is text, a whole number,
// bytes or nil, alike on every database.
func (s *Store) Dump(ctx context.Context, need access.Permission, table func(name string, columns []string) error, row func([]any) error) error {
	return s.View(ctx, need, func(r *Read) error {
		for _, name := range s.inOrder() {
			if err := r.dump(name, table, row); err != nil {
				return fmt.Errorf("table %s: %w", name, err)
			}
		}
		return nil
	})
}

func (r *Read) dump(name string, table func(string, []string) error, row func([]any) error) error {
	rows, err := r.tx.QueryContext(r.ctx, `SELECT * FROM `+name)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	if err := table(name, columns); err != nil {
		return err
	}
	values, dest := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		dest[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		for i, v := range values {
			if n, ok := v.(int32); ok {
				values[i] = int64(n)
			}
		}
		if err := row(values); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Restore fills an empty database in one transaction: all that fn adds, or
// nothing. A database that holds something is ErrInUse.
func (s *Store) Restore(ctx context.Context, fn func(*Restoring) error) error {
	tx, done, err := s.begin(ctx, s.db, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer done()
	var heads int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM ledger_head`).Scan(&heads); err != nil {
		return err
	}
	if heads > 0 {
		return ErrInUse
	}
	r := &Restoring{ctx: ctx, s: s, tx: tx}
	if err := fn(r); err != nil {
		return err
	}
	if err := r.flush(); err != nil {
		return err
	}
	return tx.Commit()
}

// Restoring is a database that is being filled from a backup.
type Restoring struct {
	ctx     context.Context
	s       *Store
	tx      *sql.Tx
	into    string
	columns int
	values  []any
	held    int // bytes of the values
}

// How much one statement sends at most, beside its last row.
const (
	restoredAtOnce = 100     // rows
	bytesAtOnce    = 1 << 20 // in all
)

// Table says where the rows that follow go. A table or a column that this
// program does not know is refused: the backup was made by a newer one.
func (r *Restoring) Table(name string, columns []string) error {
	if err := r.flush(); err != nil {
		return err
	}
	if !slices.Contains(r.s.inOrder(), name) {
		return fmt.Errorf("the backup has the table %q, which this version does not know; restore with the version that made it or a later one", name)
	}
	have, err := columnsOf(r.ctx, r.tx, name)
	if err != nil {
		return err
	}
	for i, c := range columns {
		if slices.Contains(columns[:i], c) {
			return fmt.Errorf("the backup has the column %s.%s twice", name, c)
		}
		if !slices.Contains(have, c) {
			return fmt.Errorf("the backup has the column %s.%s, which this version does not know; restore with the version that made it or a later one", name, c)
		}
	}
	r.into, r.columns = name+` (`+strings.Join(columns, ", ")+`)`, len(columns)
	return nil
}

// Row adds a row to the table named last.
func (r *Restoring) Row(values []any) error {
	if len(values) != r.columns {
		return fmt.Errorf("a row of %d values for %s", len(values), r.into)
	}
	r.values = append(r.values, values...)
	for _, v := range values {
		switch v := v.(type) {
		case string:
			r.held += len(v)
		case []byte:
			r.held += len(v)
		}
	}
	if len(r.values) >= restoredAtOnce*r.columns || r.held >= bytesAtOnce {
		return r.flush()
	}
	return nil
}

// flush sends the rows gathered so far.
func (r *Restoring) flush() error {
	if len(r.values) == 0 {
		return nil
	}
	var q strings.Builder
	q.WriteString(`INSERT INTO ` + r.into + ` VALUES `)
	for i := range r.values {
		switch {
		case i == 0:
			q.WriteString("(")
		case i%r.columns == 0:
			q.WriteString("), (")
		default:
			q.WriteString(", ")
		}
		q.WriteString(r.s.dialect.placeholder(i + 1))
	}
	q.WriteString(")")
	_, err := r.tx.ExecContext(r.ctx, q.String(), r.values...)
	if err != nil {
		return fmt.Errorf("%s: %w", r.into, err)
	}
	clear(r.values)
	r.values, r.held = r.values[:0], 0
	return nil
}
