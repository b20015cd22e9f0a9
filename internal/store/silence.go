package store

import (
	"context"
	"database/sql"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// A server that hangs keeps its connections open, and so does a network that
// swallows what is sent: nothing ever breaks. So nobody waits longer than this.
const (
	silence = 15 * time.Second // until something comes of what was asked
	queue   = 10 * time.Second // for a connection, new or used
	knock   = 5 * time.Second  // for a server that is dialled, unless the address says otherwise
)

var errSilent = errors.New("the database has been silent for too long")

// dial opens a pool whose connections are given up when the server is silent,
// once the store serves. Until then it may take its time: an upgrade may build
// an index over everything.
func (s *Store) dial(url string) (*sql.DB, error) {
	conf, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	if conf.ConnectTimeout == 0 {
		conf.ConnectTimeout = knock
	}
	if _, said := conf.RuntimeParams[indexCost]; !said {
		conf.RuntimeParams[indexCost] = "1.1"
	}
	dial := conf.DialFunc
	conf.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &listening{Conn: c, serves: &s.serves}, nil
	}
	return stdlib.OpenDB(*conf), nil
}

// listening is a connection that is closed when nothing comes for too long. A
// deadline of the driver's own, such as that of a request that was given up,
// goes before ours.
type listening struct {
	net.Conn
	serves *atomic.Bool

	mu     sync.Mutex
	theirs bool
}

func (c *listening) SetDeadline(t time.Time) error { return c.set(t, c.Conn.SetDeadline) }

func (c *listening) SetReadDeadline(t time.Time) error { return c.set(t, c.Conn.SetReadDeadline) }

func (c *listening) SetWriteDeadline(t time.Time) error { return c.set(t, c.Conn.SetWriteDeadline) }

func (c *listening) set(t time.Time, set func(time.Time) error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.theirs = !t.IsZero()
	return set(t)
}

func (c *listening) Read(p []byte) (int, error) {
	return c.within(p, c.Conn.SetReadDeadline, c.Conn.Read)
}

func (c *listening) Write(p []byte) (int, error) {
	return c.within(p, c.Conn.SetWriteDeadline, c.Conn.Write)
}

func (c *listening) within(p []byte, set func(time.Time) error, do func([]byte) (int, error)) (int, error) {
	ours, err := c.begin(set)
	if err != nil {
		return 0, err
	}
	n, err := do(p)
	var late net.Error
	if ours && errors.As(err, &late) && late.Timeout() && c.still() {
		_ = c.Conn.Close()
		return n, errSilent // no timeout: the driver takes those for its own
	}
	return n, err
}

// begin sets our deadline, where there is none of the driver's.
func (c *listening) begin(set func(time.Time) error) (ours bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.theirs || !c.serves.Load() {
		return false, nil
	}
	return true, set(time.Now().Add(silence))
}

// still reports whether the deadline that passed was ours.
func (c *listening) still() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.theirs
}

// beginner is a pool, or one connection.
type beginner interface {
	BeginTx(ctx context.Context, how *sql.TxOptions) (*sql.Tx, error)
}

// begin begins a transaction as soon as there is a connection, and gives up
// waiting for one. done ends it, unless it was committed; it must be called.
func (s *Store) begin(ctx context.Context, db beginner, how *sql.TxOptions) (tx *sql.Tx, done func(), err error) {
	if s.dialect == sqlite {
		tx, err = db.BeginTx(ctx, how)
		return tx, func() { tx.Rollback() }, err
	}
	ctx, end := context.WithCancel(ctx)
	late := time.AfterFunc(queue, end)
	tx, err = db.BeginTx(ctx, how)
	inTime := late.Stop()
	if err == nil && inTime {
		return tx, func() { tx.Rollback(); end() }, nil
	}
	end()
	if err == nil {
		tx.Rollback()
	}
	if !inTime {
		err = errSilent
	}
	return nil, nil, err
}
