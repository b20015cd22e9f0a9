package store

import (
	"slices"
	"strings"

	"vaern/internal/ledger"
)

// order finds where the columns stand that every record has, and in which order
// a leaf has those it may show.
func (t *table) order() {
	for i := range t.names {
		if t.shown[i] {
			t.byName = append(t.byName, i)
		}
	}
	slices.SortFunc(t.byName, func(a, b int) int { return strings.Compare(t.names[a], t.names[b]) })
	t.key, t.version = slices.Index(t.names, "id"), slices.Index(t.names, "version")
	t.updatedAt, t.updatedBy = slices.Index(t.names, "updated_at"), slices.Index(t.names, "updated_by")
}

// kindOf is what the database calls the type of a column; "" where there is none.
func (t *table) kindOf(column string) string {
	if i := slices.Index(t.names, column); i >= 0 {
		return t.kinds[i]
	}
	return ""
}

// whole reads a row of all columns: text, whole numbers and nothing.
func (t *table) whole(scan Scan) ([]any, error) {
	values := make([]any, len(t.names))
	dest := make([]any, len(t.names))
	for i := range values {
		dest[i] = &values[i]
	}
	if err := scan(dest...); err != nil {
		return nil, err
	}
	for i := range values {
		switch v := values[i].(type) {
		case []byte:
			values[i] = string(v)
		case int32:
			values[i] = int64(v)
		}
	}
	return values, nil
}

func (t *table) id(row []any) string {
	id, _ := row[t.key].(string)
	return id
}

// scan reads a row as a leaf shows it: never the columns that are derived or
// secret.
func (t *table) scan(scan Scan) (map[string]any, error) {
	values, err := t.whole(scan)
	if err != nil {
		return nil, err
	}
	row := make(map[string]any, len(t.byName))
	for _, i := range t.byName {
		row[t.names[i]] = values[i]
	}
	return row, nil
}

// canonical appends a row as a leaf shows it, without what is alike in other;
// no row is null. It is what Canonical makes of scan's map, and needs none.
func (t *table) canonical(b []byte, row, other []any) (_ []byte, err error) {
	if row == nil {
		return append(b, "null"...), nil
	}
	b = append(b, '{')
	begin := len(b)
	for _, i := range t.byName {
		if other != nil && other[i] == row[i] {
			continue
		}
		if len(b) > begin {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), t.names[i]...), `":`...)
		if b, err = ledger.Canonical(b, row[i]); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}
