// Package task finds what waits for a person, whoever declared it: the same
// list on the page "Mine opgaver", in the menu's count and in the day's mail.
package task

import (
	"vaern/internal/access"
	"vaern/internal/i18n"
)

// Source finds what waits for the person who looks.
type Source struct {
	Key     string    // "control.due"
	Act     i18n.Text // the button: "Gennemgå", "Review"
	Why     i18n.Text // why it is yours
	Minutes int       // about how long it takes
	Weight  int       // consequence of being late, 1 to 5
	// Need is the permission whose reach is :scope in the query. Who lacks it
	// has no such tasks; "" when the query asks for :actor alone.
	Need access.Permission
	// Area keeps the source to those who reach a part of the municipality:
	// what nobody else has taken is theirs, not that of who sees everything.
	Area bool
	// Query finds the tasks of :actor on :today: rows of kind, id, title, path
	// and due, a day or '' for none. What is due by :soon, in two weeks, waits;
	// what is due later does not yet.
	Query string
}

// Positions are those that the person who looks holds today or acts for as a
// deputy, for the query of a source.
const Positions = `(
	SELECT h.position FROM holding h
	WHERE h.person = :actor AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today)
	UNION SELECT d.absent FROM deputy d JOIN holding h ON h.position = d.position
	WHERE h.person = :actor AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today)
	AND   d.starts <= :today AND (d.ends IS NULL OR d.ends >= :today))`
