package record

import (
	"fmt"
	"strconv"
	"strings"

	"vaern/internal/problem"
	"vaern/internal/store"
)

// numbers are the last numbers given by field, in a save of many records.
type numbers map[string]int

// number gives a new record the next number of its register, where the field
// asks for that and nobody has given one: F-007 after F-006. A writer waits for
// the one before, so no number is given twice.
func (r *Core) number(q *store.Read, rec Rec, given numbers) error {
	for i := range r.fields {
		f := &r.fields[i]
		if f.Auto == "" || f.Raw(rec.Value) != "" {
			continue
		}
		if _, ok := given[f.Name]; !ok {
			var last string
			err := q.Row(`SELECT `+f.Name+` FROM `+r.Name+` WHERE `+f.Name+` LIKE :like ORDER BY length(`+f.Name+`) DESC, `+f.Name+` DESC LIMIT 1`,
				store.Args{"like": f.Auto + "%"}, &last)
			if problem.Of(err) != problem.NotFound && err != nil {
				return err
			}
			given[f.Name], _ = strconv.Atoi(strings.TrimPrefix(last, f.Auto)) // what people number by hand begins anew
		}
		given[f.Name]++
		f.Of(rec.Value).SetString(fmt.Sprintf("%s%03d", f.Auto, given[f.Name]))
	}
	return nil
}
