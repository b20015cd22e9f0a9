package record

import (
	"slices"

	"vaern/internal/field"
	"vaern/internal/store"
)

// Each hands every record in the actor's scope to fn as plain values by field
// name: text, whole numbers and booleans; a day and a reference are text. It
// is for expressions over declared fields, which know no Go types.
func (r *Core) Each(q *store.Read, fn func(id string, row map[string]any) error) error {
	rec := r.none()
	return q.Rows(`SELECT `+r.columns+` FROM `+r.Name+` WHERE `+r.within, nil, func(scan store.Scan) error {
		if err := r.scan(scan, rec); err != nil {
			return err
		}
		if !r.unveiled(q) {
			r.hide(rec)
		}
		v := rec.Value
		row := make(map[string]any, len(r.fields))
		for i := range r.fields {
			f := &r.fields[i]
			switch value := f.Of(v); f.Kind {
			case field.Int:
				row[f.Name] = int(value.Int())
			case field.Bool:
				row[f.Name] = value.Bool()
			default:
				row[f.Name] = value.String()
			}
		}
		return fn(rec.Head().ID, row)
	})
}

// Among returns the records that the view reaches whose field is one of values.
func (r *Core) Among(q *store.Read, name string, values []string) (out []Rec, err error) {
	for part := range slices.Chunk(values, 500) {
		in, args := listed(part)
		if err := q.Rows(`SELECT `+r.columns+` FROM `+r.Name+` WHERE `+name+` `+in+` AND `+r.within, args, r.collect(&out)); err != nil {
			return nil, err
		}
	}
	r.veilAll(q, out)
	return out, nil
}
