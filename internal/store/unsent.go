package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// unsent is what a change has to say to PostgreSQL that answers nothing: it goes
// in one message with the next statement that does, or at the end of the change.
// What is long goes at once, and the server works on it while the change goes on.
// What is wrong with any of it is told with what follows. Nil is on SQLite,
// which is no way off.
type unsent struct {
	conn  *sql.Conn
	batch pgx.Batch // not sent yet

	afoot    pgx.BatchResults // sent, and not answered yet; nil is nothing
	said     []*pgx.QueuedQuery
	answered int
}

// longRows is how many rows a statement adds that is worth a message of its own.
const longRows = 50

func (u *unsent) add(query string, list []any) { u.batch.Queue(query, list...) }

// forget drops what was said since a statement, and the statement; it reports
// whether that was unsent still. Otherwise it drops all that is unsent, and what
// is wrong with what is afoot.
func (u *unsent) forget(since string) bool {
	if u == nil {
		return false
	}
	said := u.batch.QueuedQueries
	at := len(said) - 1
	for at >= 0 && said[at].SQL != since {
		at--
	}
	u.batch = pgx.Batch{QueuedQueries: slices.Clone(said[:max(at, 0)])}
	if at < 0 {
		_ = u.await() // it is taken back
	}
	return at >= 0
}

// start sends all of it, and waits for no answer; of the last statement fn hears
// the rows when it is waited for, nil of none.
func (u *unsent) start(ctx context.Context, fn func(Scan) error) error {
	if u == nil || u.batch.Len() == 0 {
		return nil
	}
	if err := u.await(); err != nil {
		return err
	}
	batch := u.batch
	u.batch, u.said, u.answered = pgx.Batch{}, batch.QueuedQueries, 0
	for _, q := range u.said {
		q.Exec(func(pgconn.CommandTag) error { u.answered++; return nil })
	}
	if fn != nil {
		u.said[len(u.said)-1].Query(func(rows pgx.Rows) error {
			for rows.Next() {
				if err := fn(rows.Scan); err != nil {
					return err
				}
			}
			return rows.Err()
		})
	}
	return u.raw(func(c *pgx.Conn) error {
		u.afoot = c.SendBatch(ctx, &batch)
		return nil
	})
}

// await waits for the answers to what was sent.
func (u *unsent) await() error {
	if u.afoot == nil {
		return nil
	}
	sent := u.afoot
	u.afoot = nil
	return u.raw(func(*pgx.Conn) error {
		if err := sent.Close(); err != nil {
			return fmt.Errorf("%w in %s", err, u.said[min(u.answered, len(u.said)-1)].SQL)
		}
		return nil
	})
}

// send sends all of it and waits for every answer.
func (u *unsent) send(ctx context.Context) error {
	if u == nil {
		return nil
	}
	if err := u.start(ctx, nil); err != nil {
		return err
	}
	return u.await()
}

func (u *unsent) raw(fn func(*pgx.Conn) error) error {
	return u.conn.Raw(func(c any) error { return fn(c.(*stdlib.Conn).Conn()) })
}

// beginChange begins the transaction of a group of changes.
func (s *Store) beginChange(ctx context.Context) (tx *sql.Tx, u *unsent, done func(), err error) {
	if s.dialect == sqlite {
		tx, done, err = s.begin(ctx, s.db, nil)
		return tx, nil, done, err
	}
	waits, end := context.WithTimeout(ctx, queue)
	defer end()
	conn, err := s.db.Conn(waits)
	if err != nil {
		if waits.Err() != nil {
			err = errSilent
		}
		return nil, nil, nil, err
	}
	tx, over, err := s.begin(ctx, conn, nil)
	if err != nil {
		_ = conn.Close()
		return nil, nil, nil, err
	}
	u = &unsent{conn: conn}
	return tx, u, func() {
		_ = u.await() // of a change that was given up; the connection would be, too
		over()
		_ = conn.Close()
	}, nil
}
