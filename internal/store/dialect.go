package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"vaern/internal/problem"

	_ "modernc.org/sqlite"
)

// dialect is all that differs between the databases we run on.
type dialect int

const (
	sqlite dialect = iota
	postgres
)

func (d dialect) placeholder(n int) string {
	if d == postgres {
		return fmt.Sprintf("$%d", n)
	}
	return "?"
}

// speaks reports whether a schema file is for this database. One that no text
// can say to both comes twice: x.sqlite.sql and x.postgres.sql.
func (d dialect) speaks(file string) bool {
	other := ".postgres.sql"
	if d == postgres {
		other = ".sqlite.sql"
	}
	return !strings.HasSuffix(file, other)
}

// places is (?, ?, …): n placeholders, the first of them number from.
func (d dialect) places(from, n int) string { return string(d.appendPlaces(nil, from, n)) }

// rows is (?, ?), (?, ?), …: what many rows of a width hold.
func (d dialect) rows(n, width int) string {
	b := make([]byte, 0, n*width*6)
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = d.appendPlaces(b, 1+i*width, width)
	}
	return string(b)
}

func (d dialect) appendPlaces(b []byte, from, n int) []byte {
	b = append(b, '(')
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		if d == sqlite {
			b = append(b, '?')
			continue
		}
		b = strconv.AppendInt(append(b, '$'), int64(from+i), 10)
	}
	return append(b, ')')
}

// List is texts as one argument, for a column :among(name): the statement is the
// same however many they are, so it is understood once.
type List []string

// among is the mark :among(name) in the words of the database.
func (d dialect) among(query string) string {
	if d == postgres {
		return amongMark.ReplaceAllString(query, `= ANY(CAST(:$1 AS TEXT[]))`)
	}
	return amongMark.ReplaceAllString(query, `IN (SELECT value FROM json_each(:$1))`)
}

// limited keeps SQLite from understanding a statement anew each time that a LIMIT
// is given its number: it plans by one that stands alone.
func (d dialect) limited(query string) string {
	if d == postgres {
		return query
	}
	return limitMark.ReplaceAllString(query, `$0 + 0`)
}

// unheld is the mark :unheld, at the end of a statement that chooses rows to
// change: it takes only such as no other transaction has changed, and waits for
// none. SQLite has one writer at a time.
func (d dialect) unheld(query string) string {
	words := ""
	if d == postgres {
		words = "FOR UPDATE SKIP LOCKED"
	}
	return strings.ReplaceAll(query, ":unheld", words)
}

// list is a list as the driver takes it.
func (d dialect) list(v List) any {
	if d == postgres {
		return []string(v)
	}
	text, _ := json.Marshal(v) // texts
	return string(text)
}

// text is a placeholder of text where nothing else says its type.
func (d dialect) text(n int) string { return `CAST(` + d.placeholder(n) + ` AS TEXT)` }

// snapshot is the isolation under which all statements of a view see the same
// state; SQLite has no other.
func (d dialect) snapshot() sql.IsolationLevel {
	if d == postgres {
		return sql.LevelRepeatableRead
	}
	return sql.LevelDefault
}

// shape is which columns a table has, in their order, and of which types: BIGINT
// or TEXT.
type shape struct{ names, kinds []string }

// shapes are those of all tables, by name: one statement, since every start asks.
func (d dialect) shapes(ctx context.Context, tx *sql.Tx) (map[string]shape, error) {
	query := `SELECT m.name, c.name, upper(c.type) FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid`
	if d == postgres {
		query = `SELECT c.relname, a.attname, upper(format_type(a.atttypid, a.atttypmod)) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
			WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum`
	}
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]shape{}
	for rows.Next() {
		var table, name, kind string
		if err := rows.Scan(&table, &name, &kind); err != nil {
			return nil, err
		}
		was := out[table]
		out[table] = shape{append(was.names, name), append(was.kinds, kind)}
	}
	return out, rows.Err()
}

// explain turns a broken constraint into something a user can act on.
func (d dialect) explain(err error) error {
	if err == nil {
		return nil
	}
	s := err.Error()
	switch {
	case strings.Contains(s, "UNIQUE constraint failed"), strings.Contains(s, "SQLSTATE 23505"):
		return problem.New(problem.Conflict, "Den findes allerede.", "It already exists.")
	case strings.Contains(s, "FOREIGN KEY constraint failed"), strings.Contains(s, "SQLSTATE 23503"):
		return problem.New(problem.Conflict, "Noget andet bygger på den.", "Something else builds on it.")
	}
	return err
}

// connect opens the writer and the reader.
func (s *Store) connect(ctx context.Context, url string) (err error) {
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		s.dialect = postgres
		if s.db, err = s.dial(url); err != nil {
			return err
		}
		s.db.SetMaxIdleConns(16)
		s.db.SetMaxOpenConns(32)
		s.reader = s.db
		return s.Ready(ctx)
	}
	// SQLite lets everybody on the machine read what it makes.
	switch f, err := os.OpenFile(url, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600); {
	case err == nil:
		f.Close()
	case !errors.Is(err, fs.ErrExist):
		return err
	}
	// A path may hold what an address must escape.
	path := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(url)
	dsn := "file:" + path + "?_pragma=busy_timeout(5000)&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=foreign_keys(1)&_pragma=temp_store(memory)"
	// A change of many rows touches more pages than SQLite keeps by itself: with room for them none is written twice in a change.
	// A log that many changes made long is cut again, so that it takes no room others miss.
	if s.db, err = lite(dsn + fmt.Sprintf("&_txlock=immediate&_pragma=cache_size(-32000)&_pragma=wal_autocheckpoint(%d)&_pragma=journal_size_limit(%d)", shortLog, shortLog*4096)); err != nil {
		return err
	}
	s.db.SetMaxOpenConns(1) // one writer; readers go beside it
	// A page that looks at everybody reads some 5 MB; what SQLite keeps by itself is less than half of that.
	if s.reader, err = lite(dsn + "&_pragma=query_only(1)&_pragma=cache_size(-8000)"); err != nil {
		return err
	}
	s.reader.SetMaxIdleConns(readers)
	s.reader.SetConnMaxIdleTime(time.Minute) // what a busy hour kept is given back
	return safe(ctx, s.db)
}

// readers is how many connections to SQLite wait for somebody to read.
const readers = 8

// How many pages of 4 KB SQLite's log may hold before they are copied into the
// database. It is short, since a log that fills the disk cannot be copied; but
// changes of many rows touch most pages that the one before them did, and some
// ten of them share the way into the database.
const (
	shortLog = 4_000
	longLog  = 16_000
	manyRows = 200_000 // bytes of leaves that one change of many rows has at least
)

// log lets SQLite's log be as long as the change under way, with so many bytes
// of leaves, is best served by.
func (w *Write) log(bytes int) error {
	pages := shortLog
	if bytes >= manyRows {
		pages = longLog
	}
	if w.s.dialect != sqlite || w.s.log == pages {
		return nil
	}
	w.s.log = pages
	return w.exec(fmt.Sprintf("PRAGMA wal_autocheckpoint(%d)", pages), nil)
}

// Rest gives back the memory that connections to SQLite kept of a look at
// everything.
func (s *Store) Rest(ctx context.Context) error {
	if s.dialect != sqlite {
		return nil
	}
	s.reader.SetMaxIdleConns(-1) // closes those that wait
	s.reader.SetMaxIdleConns(readers)
	_, err := s.db.ExecContext(ctx, `PRAGMA shrink_memory`)
	return err
}

// safe refuses an SQLite that can corrupt a WAL database with two connections.
func safe(ctx context.Context, db *sql.DB) error {
	v, err := sqliteVersion(ctx, db)
	if err != nil {
		return err
	}
	var a, b, c int
	fmt.Sscanf(v, "%d.%d.%d", &a, &b, &c)
	if a*1_000_000+b*1_000+c < 3_051_003 {
		return fmt.Errorf("SQLite %s has the WAL-reset bug; 3.51.3 is the first without", v)
	}
	return nil
}

func sqliteVersion(ctx context.Context, db *sql.DB) (v string, err error) {
	err = db.QueryRowContext(ctx, `SELECT sqlite_version()`).Scan(&v)
	return v, err
}

// SQLiteVersion is the version of the embedded SQLite.
func SQLiteVersion() (string, error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return "", err
	}
	defer db.Close()
	return sqliteVersion(context.Background(), db)
}

// indexCost is what PostgreSQL thinks that going by an index costs, a scan
// being 1. It presumes a disk that turns, 4, and reads whole tables where an
// index was made. The address may say otherwise.
const indexCost = "random_page_cost"
