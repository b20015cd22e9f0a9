package people_test

import (
	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/store"
)

func dateOf(day string) field.Date { return field.Date(day) }

// read is the unit of work's view with the reach of another permission.
func read(w *store.Write, need access.Permission) *store.Read {
	q, err := w.With(need)
	if err != nil {
		panic(err)
	}
	return q
}
