package kit

import (
	"vaern/internal/i18n"
	"vaern/internal/store"
)

// Find finds the one record of a kind that typed words mean, for a register's
// own forms; what is wrong with them is empty when it is found.
func Find(q *store.Read, kind, text string) (id string, wrong i18n.Text, err error) {
	return pick(q, kind, text, "")
}
