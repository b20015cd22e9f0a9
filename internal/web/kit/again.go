package kit

import (
	"net/http"
	"slices"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/record"
	"vaern/internal/store"
)

// Again is what is done with a record time and again: its button opens the form
// with today as the day it was done, and with nothing of what it showed the last
// time. Without it one would write anew and leave the old day, and what is done
// would still wait.
type Again struct {
	Label i18n.Text
	Day   string   // the field that says when it was done last
	Anew  []string // the fields that say what it showed
}

// asksAgain reports whether a form is opened to do it again.
func (f *face) asksAgain(r *http.Request) bool {
	return f.Again != nil && r.URL.Query().Get("again") != ""
}

// anew reports whether a field is to be written anew.
func (a *Again) anew(field string) bool { return field == a.Day || slices.Contains(a.Anew, field) }

// check stops the start where it names what is no field, or a day that is none.
func (a *Again) check(r declared) {
	if a == nil {
		return
	}
	if day, known := r.Field(a.Day); !known || day.Kind != field.Day {
		panic("kit: " + r.Name + " has no day " + a.Day + " to do it again on")
	}
	for _, name := range a.Anew {
		if _, known := r.Field(name); !known {
			panic("kit: " + r.Name + " has no field " + name + " to write anew")
		}
	}
}

// begun is the record as the form shows it then.
func (a *Again) begun(q *store.Read, f *face, rec record.Rec) record.Rec {
	out := rec.Copy()
	set := func(name, text string) {
		if fd, _ := f.Field(name); fd.Parse(out.Value, text) != field.Fine {
			panic("kit: " + f.Name + "." + name + " does not take " + text)
		}
	}
	set(a.Day, q.Today)
	for _, name := range a.Anew {
		set(name, "")
	}
	return out
}
