package store

import (
	"context"
	"database/sql"
	"database/sql/driver"

	sqlitedriver "modernc.org/sqlite"
)

// understood is how many bytes of statements a connection to SQLite keeps: what
// SQLite makes of them takes some ten times as much.
const understood = 128 << 10

// lite opens a pool of connections to SQLite that keep the statements they have
// understood, as PostgreSQL's driver does by itself: understanding one costs
// more than most take to run.
func lite(dsn string) (*sql.DB, error) {
	base, err := sqlitedriver.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(keeper{base}), nil
}

type keeper struct{ driver.Connector }

// Connect opens one connection.
func (k keeper) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &keeping{connection: c.(connection), known: map[string]*statement{}}, nil
}

// connection is what the driver's own can do.
type connection interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// keeping is a connection with its statements; database/sql uses it from one
// goroutine at a time.
type keeping struct {
	connection
	known map[string]*statement
	size  int // bytes of the statements' texts
	uses  int64
}

// statement is one that is understood.
type statement struct {
	driver.Stmt
	used int64
	busy bool // its rows are being read
}

// Unwrap is the driver's own connection.
func (c *keeping) Unwrap() driver.Conn { return c.connection }

// QueryContext runs a statement that returns rows.
func (c *keeping) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.get(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.connection.QueryContext(ctx, query, args)
	}
	rows, err := s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	s.busy = true
	return &reading{rows, s}, nil
}

// ExecContext runs a statement that returns none.
func (c *keeping) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.get(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.connection.ExecContext(ctx, query, args)
	}
	return s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
}

// get is the statement of a text; nil while somebody reads the rows of it, and
// of one that is longer than what is kept.
func (c *keeping) get(ctx context.Context, query string) (*statement, error) {
	c.uses++
	if s := c.known[query]; s != nil {
		if s.busy {
			return nil, nil
		}
		s.used = c.uses
		return s, nil
	}
	if len(query) > understood/2 {
		return nil, nil
	}
	stmt, err := c.connection.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s := &statement{Stmt: stmt, used: c.uses}
	c.known[query] = s
	for c.size += len(query); c.size > understood && c.forget(s); {
	}
	return s, nil
}

// forget closes the statement that was not used for longest, other than one. It
// reports whether there was any that is not being read.
func (c *keeping) forget(but *statement) bool {
	text, oldest := "", but
	for q, s := range c.known {
		if !s.busy && s.used < oldest.used {
			text, oldest = q, s
		}
	}
	if oldest == but {
		return false
	}
	c.size -= len(text)
	delete(c.known, text)
	_ = oldest.Close() // tells only what its last use told
	return true
}

// Close closes the statements, and the connection.
func (c *keeping) Close() error {
	for _, s := range c.known {
		_ = s.Close() // the connection goes with them
	}
	return c.connection.Close()
}

// reading are rows of a statement that is kept.
type reading struct {
	driver.Rows
	of *statement
}

// Close lets the statement be used again.
func (r *reading) Close() error {
	r.of.busy = false
	return r.Rows.Close()
}
