package store

import (
	"context"
	"database/sql"
)

// prepared keeps the statements that one transaction sends again and again, so
// that each is parsed once. PostgreSQL's driver keeps its own; SQLite's does
// not. It lives no longer than its transaction, which closes what it holds.
type prepared map[string]*sql.Stmt

// get returns a statement from its second use on; a statement used once is
// cheaper sent as it is.
func (p prepared) get(ctx context.Context, tx *sql.Tx, query string) (*sql.Stmt, error) {
	if p == nil {
		return nil, nil
	}
	stmt, seen := p[query]
	if stmt != nil {
		return stmt, nil
	}
	if !seen {
		p[query] = nil
		return nil, nil
	}
	stmt, err := tx.PrepareContext(ctx, query)
	if err == nil {
		p[query] = stmt
	}
	return stmt, err
}

// query sends a bound statement that returns rows.
func (r *Read) query(query string, list []any) (*sql.Rows, error) {
	stmt, err := r.prepared.get(r.ctx, r.tx, query)
	if err != nil {
		return nil, err
	}
	if stmt != nil {
		return stmt.QueryContext(r.ctx, list...)
	}
	return r.tx.QueryContext(r.ctx, query, list...)
}
