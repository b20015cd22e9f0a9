// Package module is what a register tells the rest of the program about itself.
package module

import (
	"vaern/internal/access"
	"vaern/internal/attach"
	"vaern/internal/comment"
	"vaern/internal/field"
	"vaern/internal/history"
	"vaern/internal/i18n"
	"vaern/internal/indicator"
	"vaern/internal/intake"
	"vaern/internal/link"
	"vaern/internal/mail"
	"vaern/internal/notify"
	"vaern/internal/people"
	"vaern/internal/progress"
	"vaern/internal/record"
	"vaern/internal/schedule"
	"vaern/internal/store"
	"vaern/internal/task"
	"vaern/internal/web"
)

// Module is a declaration, not a service: plain data, read once at start.
type Module struct {
	Name       string
	Plural     string // its name in the addresses of programs
	One, Many  i18n.Text
	Schema     store.Schema
	Sensitive  bool          // who opens a record is recorded
	Kept       bool          // records are made by acts of their own, by no form
	Closed     bool          // only the people a record names know that it is there
	Hangs      bool          // its rows hang on records of other kinds, and are seen as those are
	Fields     []field.Field // of a declared register; none where it has pages of its own
	Roles      Roles
	Indicators []indicator.Indicator
	Tasks      []task.Source        // what waits for people
	Days       []schedule.Job       // what is done every day
	Verbs      map[string]i18n.Text // how history tells of its verbs: "document.publish" → "satte … i kraft"
	Said       history.Said         // how history tells of its texts, where people say them otherwise than they are stored
	// Rows hands every record to fn as values by field name, for expressions
	// over declared fields. None where the module declares no fields.
	Rows  func(q *store.Read, fn func(id string, row map[string]any) error) error
	Mount func(*web.Site) // hangs its pages and endpoints on the site
	Found []Found         // the kinds of what search finds
}

// Found is a kind of what search finds: the records of a register, or parts of
// them.
type Found struct {
	Kind string // of its entries
	Many i18n.Text
	Need access.Permission // who sees them
	Rows record.Rows       // and which of them
	Ties bool              // its records tie others together and are called after them, so they come last
	Path func(record, part string) string
	// Fill indexes again at most so many records, those after an id, and returns
	// the last of them; "" is that there are no more.
	Fill func(w *store.Work, after string, most int) (last string, err error)
}

// Roles says which permissions of a module a role carries.
type Roles map[access.Role][]access.Permission

// Everyone are the roles of people who work here: what everybody may see.
var Everyone = []access.Role{
	access.Administrator, access.Coordinator, access.Director, access.Executive, access.Manager, access.Owner,
	access.Committee, access.Council, access.DPO, access.Auditor, access.Employee,
}

// Readers are the roles that read everything of a plain register.
var Readers = []access.Role{
	access.Coordinator, access.Director, access.Executive, access.Manager, access.Owner, access.Committee, access.DPO, access.Auditor,
}

// Told is how history tells of every kind.
func Told(mods []Module) history.Kinds {
	out := history.Door()
	for _, m := range mods {
		out[m.Name] = history.Kind{One: m.One, Closed: m.Closed, Hangs: m.Hangs, Fields: m.Fields, Verbs: m.Verbs, Said: m.Said}
	}
	return out
}

// Grant adds permissions to roles.
func (r Roles) Grant(roles []access.Role, may ...access.Permission) Roles {
	for _, role := range roles {
		r[role] = append(r[role], may...)
	}
	return r
}

// Table is which permissions each role carries, in all modules.
func Table(mods []Module) Roles {
	out := Roles{}
	for _, m := range mods {
		for role, may := range m.Roles {
			out[role] = append(out[role], may...)
		}
	}
	return out
}

// Schemas are the tables of all modules: the kernel's first, since every
// register's rows belong to a unit.
func Schemas(mods []Module) []store.Schema {
	out := []store.Schema{people.Schema(), mail.Schema(), notify.Schema(), task.Schema(), schedule.Schema(), link.Schema(), comment.Schema(), attach.Schema(),
		progress.Schema(), intake.Schema()}
	for _, m := range mods {
		if m.Schema.Files != nil {
			out = append(out, m.Schema)
		}
	}
	return out
}
