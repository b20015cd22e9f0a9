package record

import (
	"fmt"
	"strconv"
	"strings"

	"vaern/internal/problem"
	"vaern/internal/store"
)

// number gives a new record the next number of its register, where the field
// asks for that and nobody has given one: F-007 after F-006. A writer waits for
// the one before, so no number is given twice.
func (r *Register[T]) number(q *store.Read, rec *T) error {
	for i := range r.fields {
		f := &r.fields[i]
		if f.Auto == "" || f.Raw(Value(rec)) != "" {
			continue
		}
		var last string
		err := q.Row(`SELECT `+f.Name+` FROM `+r.Name+` WHERE `+f.Name+` LIKE :like ORDER BY length(`+f.Name+`) DESC, `+f.Name+` DESC LIMIT 1`,
			store.Args{"like": f.Auto + "%"}, &last)
		if problem.Of(err) != problem.NotFound && err != nil {
			return err
		}
		n, _ := strconv.Atoi(strings.TrimPrefix(last, f.Auto)) // what people number by hand begins anew
		f.Of(Value(rec)).SetString(fmt.Sprintf("%s%03d", f.Auto, n+1))
	}
	return nil
}
