// Package problem holds the errors a user can see. Every other error is a bug
// or an outage and is shown as "internal error" with a number to quote.
package problem

import (
	"errors"
	"maps"
	"slices"

	"vaern/internal/i18n"
)

// Kind says what the caller can do about the error.
type Kind int

const (
	Internal     Kind = iota // not ours to explain
	NotFound                 // or not visible: the two look alike
	Unknown                  // say who you are
	Forbidden                // ask for the permission
	Invalid                  // correct the marked fields
	Conflict                 // something else is already there
	Stale                    // somebody else changed it meanwhile
	NoVersion                // say which version you changed
	Busy                     // wait and try again
	Precondition             // something must happen first
	Unreadable               // send what can be read
	TooLarge                 // send less
	WrongFormat              // send JSON
	WrongMethod              // use another method
	Unavailable              // wait: what we build on is out of order
	Unsure                   // look whether it happened
)

// Fields marks form fields with what is wrong.
type Fields map[string]i18n.Text

// Error is what went wrong, in words for the person who can act on it.
type Error struct {
	Kind   Kind
	Text   i18n.Text
	Fields Fields
}

// Error is the English text with the marked fields: logs and commands are read
// by administrators.
func (e *Error) Error() string {
	text := e.Text.In(i18n.En)
	for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
		text += " " + name + ": " + e.Fields[name].In(i18n.En)
	}
	return text
}

// Outage reports whether an administrator must do something, not who asked.
func (e *Error) Outage() bool { return e.Kind == Unavailable || e.Kind == Unsure }

// New returns an error of a kind with a text in both languages.
func New(k Kind, da, en string) *Error { return &Error{Kind: k, Text: i18n.Text{da, en}} }

// Missing is the error of a record that is not there, or not for the actor.
func Missing() *Error {
	return New(NotFound, "Det findes ikke, eller du har ikke adgang til det.", "It does not exist, or you have no access to it.")
}

// Refused is the error of an act that the actor may not do.
func Refused() *Error {
	return New(Forbidden, "Det har du ikke adgang til. Spørg koordinatoren, hvis du mener, du skal have det.",
		"You may not do this. Ask the coordinator if you think you should.")
}

// Check returns an Invalid error for the marked fields, nil when there are none.
func Check(bad Fields) error {
	if len(bad) == 0 {
		return nil
	}
	e := New(Invalid, "Ret de markerede felter. Intet er gået tabt.", "Correct the marked fields. Nothing was lost.")
	e.Fields = bad
	return e
}

// Field is Check for one field.
func Field(name, da, en string) error { return Check(Fields{name: {da, en}}) }

// As returns err as one of ours, nil when it is none.
func As(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// Of returns the kind of err, Internal when err is none of ours.
func Of(err error) Kind {
	if e := As(err); e != nil {
		return e.Kind
	}
	return Internal
}
