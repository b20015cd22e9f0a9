package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Schema is the SQL of one register: files that are applied once, in the order
// of their names, and never change afterwards. A table with a column version
// is recorded: it has a history, and only Do changes it. Any other is derived
// from recorded ones, or holds what the program works with; only Also and Work
// change it.
type Schema struct {
	Name  string
	Files fs.FS   // *.sql, at the top
	Holds []Holds // what Verify asks besides
}

// Holds says in words where a derived table is not what follows from the
// recorded ones, "" where all of it is.
type Holds func(q *Read) (wrong string, err error)

//go:embed schema/*.sql
var coreFiles embed.FS

// Core is the schema that every database has.
func Core() Schema {
	return Schema{Name: "core", Files: Folder(coreFiles)}
}

// Folder is the folder schema of embedded files.
func Folder(files fs.FS) fs.FS {
	sub, err := fs.Sub(files, "schema")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return sub
}

// table is what the store knows about a table.
type table struct {
	name     string
	place    int // in the order in which tables were made
	recorded bool
	columns  string // all of them, comma separated, as the history has them
	names    []string
	shown    []bool   // whether a column may stand in a leaf
	kinds    []string // what the database calls their types
	byName   []int    // the shown columns in the order in which a leaf has them

	key, version, updatedAt, updatedBy int // where they stand among the columns

	added map[string]string // columns that came later, with their definition: older leaves do not know them
	refs  []Refers          // what its columns refer to
}

// Refers is a column of a table that refers to records of a kind.
type Refers struct{ Table, Column, Kind string }

// Open opens url, "postgres://…" or a file name, and applies the schemas. A
// new database takes no change before Begin has named its ledger.
func Open(ctx context.Context, url string, clock func() time.Time, schemas ...Schema) (*Store, error) {
	s := &Store{clock: clock, tables: map[string]*table{}, changed: make(chan struct{}, 1)}
	if err := s.connect(ctx, url); err != nil {
		return nil, fmt.Errorf("the database cannot be opened: %w", err)
	}
	if err := s.migrate(ctx, append([]Schema{Core()}, schemas...)); err != nil {
		s.Close()
		return nil, err
	}
	for _, sc := range schemas {
		s.holds = append(s.holds, sc.Holds...)
	}
	s.serves.Store(true)
	return s, nil
}

// migrate applies what was not applied yet, all of it or nothing.
func (s *Store) migrate(ctx context.Context, schemas []Schema) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if s.dialect == postgres { // nodes that start side by side take turns
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.vaern'))`); err != nil {
			return err
		}
	}
	applied, err := s.applied(ctx, tx)
	if err != nil {
		return err
	}
	made := map[string]*table{}
	for _, sc := range schemas {
		names, err := fs.Glob(sc.Files, "*.sql")
		if err != nil {
			return err
		}
		slices.Sort(names)
		for _, name := range names {
			if !s.dialect.speaks(name) {
				continue
			}
			text, err := fs.ReadFile(sc.Files, name)
			if err != nil {
				return err
			}
			if err := s.apply(ctx, tx, applied, sc.Name+"/"+name, string(text)); err != nil {
				return fmt.Errorf("schema %s/%s: %w", sc.Name, name, err)
			}
			delete(applied, sc.Name+"/"+name)
			note(made, string(text))
		}
	}
	for name := range applied {
		return fmt.Errorf("the database was made by a newer version (%s); start that version", name)
	}
	shapes, err := s.dialect.shapes(ctx, tx) // when all columns are there
	if err != nil {
		return err
	}
	ours := []string{"schema_applied"}
	for _, t := range made {
		if err := s.learn(ctx, tx, t, shapes); err != nil {
			return fmt.Errorf("table %s: %w", t.name, err)
		}
		ours = append(ours, t.name, t.name+"_history")
	}
	if err := s.dialect.order(ctx, tx, ours); err != nil {
		return fmt.Errorf("the order of texts: %w", err)
	}
	return tx.Commit()
}

func (s *Store) applied(ctx context.Context, tx *sql.Tx) (map[string]string, error) {
	if _, err := tx.ExecContext(ctx, s.dialect.ordered(`CREATE TABLE IF NOT EXISTS schema_applied (name TEXT PRIMARY KEY, hash TEXT NOT NULL)`)); err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT name, hash FROM schema_applied`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var name, hash string
		if err := rows.Scan(&name, &hash); err != nil {
			return nil, err
		}
		out[name] = hash
	}
	return out, rows.Err()
}

var (
	creates = regexp.MustCompile(`CREATE TABLE (?:IF NOT EXISTS )?([a-z_]+)`)
	refers  = regexp.MustCompile(`(?m)^\s*([a-z_]+)\s[^\n]* REFERENCES ([a-z_]+) \(`)
	adds    = regexp.MustCompile(`ALTER TABLE ([a-z_]+) ADD COLUMN (([a-z_]+) [^;]*);`)
)

func (s *Store) apply(ctx context.Context, tx *sql.Tx, applied map[string]string, name, text string) error {
	sum := sha256.Sum256([]byte(text))
	hash := hex.EncodeToString(sum[:])
	was, done := applied[name]
	if done && was != hash {
		return errors.New("an applied file was changed; write a new one instead")
	}
	if !done {
		if _, err := tx.ExecContext(ctx, s.dialect.ordered(text)); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO schema_applied VALUES ($1, $2)`, name, hash); err != nil {
			return err
		}
	}
	return nil
}

// note keeps which tables a schema file makes and which columns it adds.
func note(made map[string]*table, text string) {
	for _, m := range creates.FindAllStringSubmatchIndex(text, -1) {
		t := &table{name: text[m[2]:m[3]], place: len(made), added: map[string]string{}}
		body, _, _ := strings.Cut(text[m[1]:], ";")
		for _, column := range refers.FindAllStringSubmatch(body, -1) {
			t.refs = append(t.refs, Refers{t.name, column[1], column[2]})
		}
		made[t.name] = t
	}
	for _, m := range adds.FindAllStringSubmatch(text, -1) {
		if t, ok := made[m[1]]; ok {
			t.added[m[3]] = m[2]
			for _, column := range refers.FindAllStringSubmatch(m[2], -1) {
				t.refs = append(t.refs, Refers{t.name, column[1], column[2]})
			}
		}
	}
}

// learn notes a table's columns, and gives a recorded one a history of the same
// shape.
func (s *Store) learn(ctx context.Context, tx *sql.Tx, t *table, shapes map[string]shape) (err error) {
	t.names, t.kinds = shapes[t.name].names, shapes[t.name].kinds
	t.columns, t.recorded = strings.Join(t.names, ", "), slices.Contains(t.names, "version")
	for _, c := range t.names {
		hidden := c == "search" || strings.HasSuffix(c, "_sort") || strings.HasSuffix(c, "_secret")
		t.shown = append(t.shown, !hidden)
	}
	t.order()
	s.tables[t.name] = t
	if !t.recorded {
		return nil
	}
	return t.keepHistory(ctx, tx, s.dialect, shapes[t.name+"_history"].names)
}

// keepHistory makes the table's history, or adds the columns that came later to
// those it has. What was before them reads as the column's default.
func (t *table) keepHistory(ctx context.Context, tx *sql.Tx, d dialect, have []string) error {
	history := t.name + "_history"
	if len(have) == 0 {
		if _, err := tx.ExecContext(ctx, `CREATE TABLE `+history+` AS
			SELECT `+t.name+`.*, `+d.plainText()+` AS stood_from, `+d.plainText()+` AS stood_to FROM `+t.name+` WHERE 1 = 0`); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `CREATE INDEX `+history+`_id ON `+history+` (id, stood_from)`)
		return err
	}
	var mend []string
	if !slices.Contains(have, "stood_from") {
		// The first version said valid_from and valid_to: words that registers use.
		mend = append(mend, `RENAME COLUMN valid_from TO stood_from`, `RENAME COLUMN valid_to TO stood_to`)
	}
	for c, definition := range t.added {
		if !slices.Contains(have, c) {
			mend = append(mend, `ADD COLUMN `+definition)
		}
	}
	for _, change := range mend {
		if _, err := tx.ExecContext(ctx, d.ordered(`ALTER TABLE `+history+` `+change)); err != nil {
			return err
		}
	}
	return nil
}

func columnsOf(ctx context.Context, tx *sql.Tx, name string) ([]string, error) {
	rows, err := tx.QueryContext(ctx, `SELECT * FROM `+name+` WHERE 1 = 0`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names, err := rows.Columns()
	return names, errors.Join(err, rows.Err())
}

// Keeps reports whether a kind is recorded in a table that has the column.
func (r *Read) Keeps(kind, column string) bool {
	t, ok := r.s.tables[kind]
	return ok && t.recorded && slices.Contains(t.names, column)
}

// Keeping are the recorded tables that have a column, in the order of their names.
func (r *Read) Keeping(column string) (out []string) {
	for name := range r.s.tables {
		if r.Keeps(name, column) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// Referring are the columns that refer to records of a kind: those of recorded
// tables, or those of tables that are derived from them.
func (r *Read) Referring(kind string, recorded bool) (out []Refers) {
	for _, t := range r.s.tables {
		for _, c := range t.refs {
			if c.Kind == kind && t.recorded == recorded {
				out = append(out, c)
			}
		}
	}
	slices.SortFunc(out, func(a, b Refers) int { return strings.Compare(a.Table+" "+a.Column, b.Table+" "+b.Column) })
	return out
}

// Missing returns the columns that a table lacks.
func (s *Store) Missing(name string, want []string) []string {
	t, ok := s.tables[name]
	if !ok {
		return want
	}
	return slices.DeleteFunc(slices.Clone(want), func(c string) bool { return slices.Contains(t.names, c) })
}

// Unlike returns the columns of a table that hold another kind of value than
// said: whole numbers where true, texts where not.
func (s *Store) Unlike(name string, whole map[string]bool) (out []string) {
	t := s.tables[name]
	for i, column := range t.names {
		number, said := whole[column]
		if want := map[bool]string{true: "BIGINT", false: "TEXT"}[number]; said && t.kinds[i] != want {
			out = append(out, column+" must be "+want+" and is "+t.kinds[i])
		}
	}
	return out
}

// Begin names the ledger of a new database; it fails when it has one already.
func (s *Store) Begin(ctx context.Context, origin string) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO ledger_head (one, size, at, edge, origin) VALUES (1, 0, '', '', $1)`, origin)
	return err
}

// Origin is the name of the ledger; "" in a database that has none yet.
func (s *Store) Origin(ctx context.Context) (origin string, err error) {
	err = s.reader.QueryRowContext(ctx, `SELECT origin FROM ledger_head`).Scan(&origin)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return origin, err
}
