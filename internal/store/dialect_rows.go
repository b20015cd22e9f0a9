package store

import (
	"database/sql/driver"
	"fmt"
	"strings"
)

// mostParameters is how many parameters a statement of SQLite may have at most
// (SQLITE_MAX_VARIABLE_NUMBER).
const mostParameters = 32766

// rowsAtOnce is how many rows of a width one statement writes. PostgreSQL's has
// the same text however many they are, and each is an answer to wait for. SQLite
// copies every page that a statement of several rows changes, in case it fails
// midway: fewer statements copy the pages that all of them change fewer times.
func (d dialect) rowsAtOnce(width int) int {
	if d == postgres {
		return BatchRows
	}
	return min(BatchRows, mostParameters/width)
}

// newRowsAtOnce is how many new records of a width one statement writes, which
// answers all of them. Rows of the next are made while PostgreSQL is at one.
func (d dialect) newRowsAtOnce(width int) int {
	if d == postgres {
		return BatchRows / 4
	}
	return d.rowsAtOnce(width)
}

// inserting is a statement that adds rows to a table, as far as what may follow
// it, and its arguments. PostgreSQL gets each column as one list: it
// understands seventeen parameters, once, in less time than seventeen hundred.
func (d dialect) inserting(t *table, columns []string, rows [][]any) (text string, args []any, err error) {
	text = `INSERT INTO ` + t.name + ` (` + strings.Join(columns, ", ") + `) `
	if d == postgres {
		return d.unnesting(text, t, columns, rows)
	}
	args = make([]any, 0, len(rows)*len(columns))
	for _, row := range rows {
		for _, v := range row {
			args = append(args, d.argument(v))
		}
	}
	return text + `VALUES ` + d.rows(len(rows), len(columns)), args, nil
}

func (d dialect) unnesting(text string, t *table, columns []string, rows [][]any) (string, []any, error) {
	values, lists, args := make([]string, len(columns)), make([]string, len(columns)), make([]any, len(columns))
	for i, c := range columns {
		kind := t.kindOf(c)
		values[i] = c
		if kind == "TSVECTOR" {
			values[i], kind = `array_to_tsvector(string_to_array(`+c+`, ' '))`, "TEXT"
		}
		lists[i] = fmt.Sprintf(`$%d::%s[]`, i+1, kind)
		column := func(row int) any { return d.argument(rows[row][i]) }
		var err error
		if kind == "TEXT" {
			args[i], err = listOf[string](len(rows), column)
		} else {
			args[i], err = listOf[int64](len(rows), column)
		}
		if err != nil {
			return "", nil, fmt.Errorf("%s.%s: %w", t.name, c, err)
		}
	}
	return text + `SELECT ` + strings.Join(values, ", ") + ` FROM unnest(` + strings.Join(lists, ", ") + `) AS given (` + strings.Join(columns, ", ") + `)`, args, nil
}

// listOf is a column of so many values, of which some may be nothing.
func listOf[T string | int64](n int, column func(row int) any) (any, error) {
	all, some, none := make([]T, n), make([]*T, n), 0
	for row := range n {
		v, err := driver.DefaultParameterConverter.ConvertValue(column(row))
		if err != nil {
			return nil, err
		}
		if v == nil {
			none++
			continue
		}
		is, ok := v.(T)
		if !ok {
			return nil, fmt.Errorf("%T has no place in it", v)
		}
		all[row], some[row] = is, &all[row]
	}
	if none == 0 {
		return all, nil
	}
	return some, nil
}
