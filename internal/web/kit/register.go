package kit

import (
	"html/template"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/module"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/web"
)

// Register is what a module says of a declared register besides its fields.
type Register[T any] struct {
	Register *record.Records[T]
	Menu     int                  // place in the menu; 0 is none
	Above    *web.Crumb           // the page that leads here
	See      []access.Role        // who sees it
	Edit     []access.Role        // who creates and edits
	Kept     bool                 // records are made by acts of their own: none is created or edited by hand
	Veiled   []access.Role        // who sees the sensitive fields, where there are any
	Again    *Again               // what is done with a record time and again, where there is such a thing
	Stands   Stands[T]            // how a record stands, where the register can say
	Panels   []Panel[T]           // parts of the detail page that the register brings itself
	Acts     []Act                // what else can be done with a record
	Starter  *Starter[T]          // what an empty register can begin with
	Verbs    map[string]i18n.Text // how history tells of its own verbs
	Show     func(rec T) string   // the page of a record, where it is not the kit's own
}

// Stands says how a record stands on a day, under its title: today, or another that somebody asks for.
type Stands[T any] func(rec T, day string, l i18n.Lang) Standing

// Panel is a part of the detail page that a register brings itself: its own
// template, executed over its own view, in the transaction of the page.
type Panel[T any] func(q *store.Read, l i18n.Lang, rec T) (template.HTML, error)

// Act is a link on the detail page: what a register does besides editing.
type Act struct {
	Path  string // after the record's own
	Label i18n.Text
	Need  access.Permission
	When  field.When // for which records it is; the zero When is all
}

// Module makes a module of a declared register. A register with methods of
// its own wraps Mount and adds routes.
func Module[T any](r Register[T]) module.Module { return r.plain().module() }

// declared is a Register for whatever treats all registers alike: what it says
// with its type is said of any record, so that the kit is compiled once.
type declared struct {
	*record.Core
	Menu    int
	Above   *web.Crumb
	See     []access.Role
	Edit    []access.Role
	Kept    bool
	Veiled  []access.Role
	Again   *Again
	Stands  Stands[record.Rec]
	Panels  []Panel[record.Rec]
	Acts    []Act
	Starter *Starter[record.Rec]
	Verbs   map[string]i18n.Text
	Show    func(record.Rec) string
}

func (r Register[T]) plain() declared {
	d := declared{Core: r.Register.Core, Menu: r.Menu, Above: r.Above, See: r.See, Edit: r.Edit, Kept: r.Kept, Veiled: r.Veiled, Acts: r.Acts, Verbs: r.Verbs, Again: r.Again}
	if do := r.Stands; do != nil {
		d.Stands = func(rec record.Rec, day string, l i18n.Lang) Standing { return do(*record.As[T](rec), day, l) }
	}
	for _, do := range r.Panels {
		d.Panels = append(d.Panels, func(q *store.Read, l i18n.Lang, rec record.Rec) (template.HTML, error) {
			return do(q, l, *record.As[T](rec))
		})
	}
	if s := r.Starter; s != nil {
		d.Starter = &Starter[record.Rec]{s.Label, func() (out []record.Rec) {
			for _, rec := range s.Records() {
				out = append(out, record.Of(&rec))
			}
			return out
		}}
	}
	if do := r.Show; do != nil {
		d.Show = func(rec record.Rec) string { return do(*record.As[T](rec)) }
	}
	return d
}
