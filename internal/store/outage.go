package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"

	"vaern/internal/problem"

	"github.com/jackc/pgx/v5/pgconn"
	sqlitedriver "modernc.org/sqlite"
)

// outage is what the database could not do, through no fault of who asked: in
// words for people, with the cause for the log.
type outage struct {
	words *problem.Error
	cause error
}

func (o *outage) Error() string { return o.words.Error() + " (" + o.cause.Error() + ")" }

func (o *outage) Unwrap() []error { return []error{o.words, o.cause} }

// words are how a full disk, a silent database, and work that waited for each
// other are told.
type words struct{ full, gone, crossed *problem.Error }

// inChange is for a change that was not committed: nothing of it is there.
// elsewhere is for everything else, such as the page that follows a change: it
// cannot know what was committed before it.
var (
	inChange = words{
		full: problem.New(problem.Unavailable, "Serverens disk er fuld. Intet er gemt. Det, der var gemt før, er der stadig. Går du tilbage, står det, du skrev, der også.",
			"The server's disk is full. Nothing was saved. What was saved before is still there. If you go back, so is what you wrote."),
		gone: problem.New(problem.Unavailable, "Databasen svarer ikke. Intet er gemt. Det, der var gemt før, er der stadig. Går du tilbage, står det, du skrev, der også.",
			"The database does not answer. Nothing was saved. What was saved before is still there. If you go back, so is what you wrote."),
		crossed: problem.New(problem.Unavailable, "Andre gemte det samme i samme øjeblik. Intet er gemt af dit. Prøv igen.",
			"Others saved the same at the same moment. Nothing of yours was saved. Try again."),
	}
	elsewhere = words{
		full: problem.New(problem.Unavailable, "Serverens disk er fuld. Det, der er gemt, er der stadig. Var du ved at gemme noget, så se efter, om det blev gemt.",
			"The server's disk is full. What was saved is still there. If you were saving something, look whether it was saved."),
		gone: problem.New(problem.Unavailable, "Databasen svarer ikke. Det, der er gemt, er der stadig. Var du ved at gemme noget, så se efter, om det blev gemt.",
			"The database does not answer. What was saved is still there. If you were saving something, look whether it was saved."),
		crossed: problem.New(problem.Unavailable, "Andre gemte det samme i samme øjeblik. Var du ved at gemme noget, så se efter, om det blev gemt.",
			"Others saved the same at the same moment. If you were saving something, look whether it was saved."),
	}
	errUnsure = problem.New(problem.Unsure, "Forbindelsen til databasen forsvandt, mens vi gemte. Se efter, om det blev gemt, før du gør det igen.",
		"The connection to the database was lost while we saved. Look whether it was saved before you do it again.")
)

// told turns an outage into words; every other error stays as it is.
func (w words) told(err error) error {
	if err == nil || problem.As(err) != nil || errors.Is(err, context.Canceled) {
		return err
	}
	var lite *sqlitedriver.Error
	var pg *pgconn.PgError
	switch {
	case errors.As(err, &lite):
		switch lite.Code() & 0xff { // the rest of the code says where it happened
		case 13, 10: // SQLITE_FULL, SQLITE_IOERR: a full disk is told as either
			return &outage{w.full, err}
		case 5, 14: // SQLITE_BUSY, SQLITE_CANTOPEN
			return &outage{w.gone, err}
		}
	case errors.As(err, &pg):
		switch {
		case pg.Code == "53100": // disk_full
			return &outage{w.full, err}
		case leaving(pg), strings.HasPrefix(pg.Code, "53"): // no room for another connection, no memory
			return &outage{w.gone, err}
		case pg.Code == "25006": // read_only_sql_transaction: it is a standby by now
			return &outage{w.gone, err}
		case pg.Code == "40P01": // deadlock_detected
			return &outage{w.crossed, err}
		}
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG): // a file beside the database
		return &outage{w.full, err}
	case lost(err):
		return &outage{w.gone, err}
	}
	return err
}

// leaving reports whether the server says that it is going, or is not there yet.
func leaving(e *pgconn.PgError) bool {
	return strings.HasPrefix(e.Code, "57P") || strings.HasPrefix(e.Code, "08")
}

// lost reports whether the connection broke, or none could be made.
func lost(err error) bool {
	var network net.Error
	var connecting *pgconn.ConnectError
	return errors.Is(err, errSilent) || errors.As(err, &network) || errors.As(err, &connecting) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, net.ErrClosed) || strings.Contains(err.Error(), "conn closed")
}

// finish commits. When the connection breaks before the server has answered,
// nobody here can know whether it did; the error says so.
func (s *Store) finish(tx *sql.Tx) error {
	err := tx.Commit()
	if err == nil || s.dialect == sqlite {
		return err
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) && leaving(pg) || pg == nil && lost(err) {
		return &outage{errUnsure, err}
	}
	return err
}
