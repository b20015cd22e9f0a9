// Package store is the only package that talks to a database. A register gets
// a Read or a Write; it never sees a *sql.DB or a *sql.Tx.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"vaern/internal/access"
	"vaern/internal/problem"
)

// Store is one open database: one municipality.
type Store struct {
	db         *sql.DB
	reader     *sql.DB // same as db on PostgreSQL, query_only on SQLite
	dialect    dialect
	clock      func() time.Time
	tables     map[string]*table
	statements atomic.Int64
	serves     atomic.Bool // the schema is as it must be
	holds      []Holds     // of the schemas
	log        int         // pages that SQLite's log may hold, 0 is shortLog; of the one writer

	// Hear is told of every statement, for tests that count them and benchmarks
	// that repeat them; nil is nobody.
	Hear func(statement string, args []any)

	changed chan struct{} // holds one token while there is something nobody has looked at

	mu      sync.Mutex
	waiting []*change
	busy    bool
}

// Args are the named parameters of one statement.
type Args map[string]any

// Read is a read-only view of the database for one actor at one instant. It
// carries the context of its transaction, since it lives no longer than that.
type Read struct {
	ctx    context.Context
	s      *Store
	tx     *sql.Tx
	unsent *unsent // of a change on PostgreSQL
	Actor  access.Actor
	Need   access.Permission // what the actor was let in with; its reach is :scope
	Now    string            // UTC instant, in the form of Time
	Today  string            // the day in the municipality, 2026-12-31
}

// Write is the unit of work. There is no way to change a row without naming
// what was changed, and no way to commit without a leaf in the ledger.
type Write struct {
	Read
	verb, reason string
	ledger       *pen
}

// Intent says what a change is, who may make it and why it is made.
type Intent struct {
	Verb   string // "document.publish": the verb in the ledger
	Need   access.Permission
	Reason string
}

// Time is how an instant is written: UTC, fixed width, so that text sorts as time.
const Time = "2006-01-02T15:04:05.000000Z"

// Scan reads one row into the places it is given.
type Scan func(dest ...any) error

// View runs fn in a read-only transaction.
func (s *Store) View(ctx context.Context, need access.Permission, fn func(*Read) error) error {
	actor, err := access.Require(ctx, need)
	if err != nil {
		return err
	}
	tx, done, err := s.begin(ctx, s.reader, &sql.TxOptions{ReadOnly: true, Isolation: s.dialect.snapshot()})
	if err != nil {
		return elsewhere.told(fmt.Errorf("begin view: %w", err))
	}
	defer done()
	now := s.clock()
	return elsewhere.told(fn(&Read{ctx: ctx, s: s, tx: tx, Actor: actor, Need: need, Now: instant(now), Today: today(now)}))
}

// Rows runs a query and hands each row to scan.
func (r *Read) Rows(query string, args Args, scan func(Scan) error) error {
	q, list := r.bind(query, args)
	rows, err := r.query(q, list)
	if err != nil {
		return fmt.Errorf("%w in %s", err, q)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Texts is Rows for a single column of texts.
func (r *Read) Texts(query string, args Args) (out []string, err error) {
	err = r.Rows(query, args, func(scan Scan) error {
		var text string
		err := scan(&text)
		out = append(out, text)
		return err
	})
	return out, err
}

// query sends a bound statement that returns rows.
func (r *Read) query(query string, list []any) (*sql.Rows, error) {
	if err := r.unsent.send(r.ctx); err != nil {
		return nil, r.s.dialect.explain(err)
	}
	return r.tx.QueryContext(r.ctx, query, list...)
}

// Row is Rows for exactly one row; no row is a NotFound problem.
func (r *Read) Row(query string, args Args, dest ...any) error {
	q, list := r.bind(query, args)
	rows, err := r.query(q, list)
	if err != nil {
		return fmt.Errorf("%w in %s", err, q)
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return fmt.Errorf("%w in %s", err, q)
		}
		return problem.Missing()
	}
	if err := rows.Scan(dest...); err != nil {
		return fmt.Errorf("%w in %s", err, q)
	}
	return rows.Close()
}

// With returns the same view with the reach of another permission, or a
// Forbidden problem: for a page that shows records of several registers.
func (r *Read) With(need access.Permission) (*Read, error) {
	if !r.Actor.Can(need) {
		return nil, problem.Refused()
	}
	other := *r
	other.Need = need
	return &other, nil
}

// As returns the same view as a machine sees it: for a number that is the whole
// municipality's, shown to somebody who may see the number. It is refused to a
// view that was not let in by a permission.
func (r *Read) As(machine access.Actor) (*Read, error) {
	if r.Need == "" || !machine.Machine {
		return nil, problem.Refused()
	}
	other := *r
	other.Actor = machine
	for p := range machine.May {
		other.Need = p
	}
	return &other, nil
}

// Context is the context of the transaction.
func (r *Read) Context() context.Context { return r.ctx }

// Statements counts what was sent to the database so far.
func (s *Store) Statements() int64 { return s.statements.Load() }

// Changed tells that something was committed since it was last received from.
// One listener; several changes may arrive as one.
func (s *Store) Changed() <-chan struct{} { return s.changed }

// Clock is the store's clock: the only one there is.
func (s *Store) Clock() time.Time { return s.clock() }

// Ready reports whether the database answers.
func (s *Store) Ready(ctx context.Context) error {
	ctx, end := context.WithTimeoutCause(ctx, queue, errSilent)
	defer end()
	var one int
	return s.reader.QueryRowContext(ctx, `SELECT 1`).Scan(&one)
}

// Close waits for changes under way and closes the database.
func (s *Store) Close() error { return errors.Join(s.reader.Close(), s.db.Close()) }
