package store

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"strings"
)

// PostgreSQL orders texts by the alphabet of its database. In Danish aa comes
// after z, and keys, ids and what lies between two of them would stand elsewhere
// than in SQLite and in Go. So every column says that bytes decide; what people
// read in Danish order has a sort key.
const byBytes = `TEXT COLLATE "C"`

var (
	shapesTable = regexp.MustCompile(`(?s)\b(?:CREATE|ALTER) TABLE [^;]*`)
	textual     = regexp.MustCompile(`\bTEXT\b`)
)

// ordered is the SQL of a schema file in which texts are ordered by their bytes,
// as they are in SQLite anyway.
func (d dialect) ordered(schema string) string {
	if d == sqlite {
		return schema
	}
	return shapesTable.ReplaceAllStringFunc(schema, func(statement string) string {
		return textual.ReplaceAllString(statement, byBytes)
	})
}

// order changes the columns of some tables that an earlier version made in the
// alphabet of the database, and refuses a database that cannot hold every letter.
func (d dialect) order(ctx context.Context, tx *sql.Tx, tables []string) error {
	if d == sqlite {
		return nil
	}
	var encoding, change string
	err := tx.QueryRowContext(ctx, `SELECT getdatabaseencoding(), coalesce(string_agg(one, ';'), '') FROM (
		SELECT 'ALTER TABLE ' || quote_ident(c.relname) || string_agg(' ALTER COLUMN ' || quote_ident(a.attname) || ' TYPE `+byBytes+`', ',') AS one
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY($1) AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid = 'text'::regtype
			AND a.attcollation <> 'pg_catalog."C"'::regcollation
			AND NOT EXISTS (SELECT 1 FROM pg_database WHERE datname = current_database() AND datlocprovider = 'c' AND datcollate IN ('C', 'POSIX'))
		GROUP BY c.relname) changes`, tables).Scan(&encoding, &change)
	if err == nil && encoding != "UTF8" {
		err = fmt.Errorf("the database writes texts in %s; make one with ENCODING 'UTF8'", encoding)
	}
	if err != nil || change == "" {
		return err
	}
	drop, create, err := d.views(ctx, tx)
	if err == nil {
		_, err = tx.ExecContext(ctx, drop+change+`;`+create)
	}
	return err
}

// views are statements to drop our views, whose columns could not be changed
// otherwise, and to make them again for those who may read them now.
func (d dialect) views(ctx context.Context, tx *sql.Tx) (drop, create string, err error) {
	err = tx.QueryRowContext(ctx, `
		SELECT coalesce(string_agg('DROP VIEW ' || name || ';', '' ORDER BY oid DESC), ''),
			coalesce(string_agg('CREATE VIEW ' || name || ' AS ' || pg_get_viewdef(oid) || may, '' ORDER BY oid), '')
		FROM (SELECT c.oid, quote_ident(c.relname) AS name, coalesce((
				SELECT string_agg('GRANT ' || a.privilege_type || ' ON ' || quote_ident(c.relname) || ' TO '
					|| CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END || ';', '')
				FROM aclexplode(c.relacl) a WHERE a.grantee <> c.relowner), '') AS may
			FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'v' AND pg_get_userbyid(c.relowner) = current_user) v`).Scan(&drop, &create)
	return drop, create, err
}

// plainText is no text at all, to make a column of.
func (d dialect) plainText() string {
	if d == sqlite {
		return `''`
	}
	return strings.Replace(byBytes, "TEXT", `''`, 1)
}
