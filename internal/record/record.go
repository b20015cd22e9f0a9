// Package record keeps the records of declared registers: typed outside, one
// way of reading and writing inside.
package record

import (
	"context"
	"io/fs"
	"reflect"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// Register declares a register of records of type T.
type Register[T any] struct {
	Name      string // table, URL, prefix of permissions and verbs
	Plural    string // what programs call many of them; the name with an s unless said otherwise
	One, Many i18n.Text
	About     i18n.Text                // one sentence: what belongs here
	Schema    fs.FS                    // *.sql
	Sensitive bool                     // who opens a record is recorded
	Names     bool                     // the titles are names, not words of the language
	Blank     T                        // what a new record begins as
	Settled   bool                     // Fill says to which unit a record belongs: nobody is asked for that
	Placed    string                   // the column that says where a record belongs; "" is unit
	Rows      Rows                     // who reaches a record; by its unit unless said otherwise
	Choices   map[string]field.Choices // of a text that is one of several, where only the program put together knows which
	Through   Through                  // by what else records are meant, besides their own titles
	Beside    string                   // an expression on a row r: what tells it from others of its title besides number and unit; "" is nothing

	Wordings map[string]Wording[T] // of a text that people say otherwise than it is stored

	Fill  func(q *store.Read, rec *T) error         // sets the fields that follow from others, before all checks
	Check func(T) problem.Fields                    // rules that no single field can tell
	Allow func(q *store.Read, old *T, rec T) error  // refuses what the state of the register forbids
	After func(w *store.Write, old *T, rec T) error // what must follow a save, in its transaction; old is nil for a new record
	Gone  func(w *store.Write, rec T) error         // what must follow when an import that made it is undone
}

// Through is another kind by whose titles and numbers records are meant, too, as a position by whoever holds it.
type Through struct{ Kind, Query string } // of id, and of other: the record of that kind

// Wording is how people say a text that is stored in words of the program, such as
// an expression. Read leaves alone what is in the program's words already.
type Wording[T any] struct {
	Show func(rec T, stored string, l i18n.Lang) string
	Read func(rec T, typed string) string // in either language
}

// New checks the declaration and prepares its SQL; a wrong one panics at start.
// Nothing but the hooks is kept of the declaration: what is compiled anew for
// every register should be little.
func New[T any](r Register[T]) *Records[T] {
	blank := r.Blank
	c := &Core{Name: r.Name, Plural: r.Plural, One: r.One, Many: r.Many, About: r.About, Schema: r.Schema, Sensitive: r.Sensitive,
		Names: r.Names, settled: r.Settled, Placed: r.Placed, Rows: r.Rows, beside: r.Beside, through: r.Through, choices: r.Choices, of: reflect.TypeFor[T](), blank: Of(&blank)}
	for name, w := range r.Wordings {
		c.worded(name, wording{func(rec Rec, text string, l i18n.Lang) string { return w.Show(*As[T](rec), text, l) },
			func(rec Rec, text string) string { return w.Read(*As[T](rec), text) }})
	}
	if do := r.Fill; do != nil {
		c.fill = func(q *store.Read, rec Rec) error { return do(q, As[T](rec)) }
	}
	if do := r.Check; do != nil {
		c.rules = func(rec Rec) problem.Fields { return do(*As[T](rec)) }
	}
	if do := r.Allow; do != nil {
		c.allow = func(q *store.Read, old, rec Rec) error { return do(q, As[T](old), *As[T](rec)) }
	}
	if do := r.After; do != nil {
		c.after = func(w *store.Write, old, rec Rec) error { return do(w, As[T](old), *As[T](rec)) }
	}
	if do := r.Gone; do != nil {
		c.gone = func(w *store.Write, rec Rec) error { return do(w, *As[T](rec)) }
	}
	c.declare()
	return &Records[T]{c}
}

// Records are the records of a declared register, for its own code: Core with
// the types of the register.
type Records[T any] struct{ *Core }

// Save is one record of many to be stored: Old is the version that New was made
// from, nil for a new record.
type Save[T any] struct{ Old, New *T }

func savings[T any](saves []Save[T]) []Saving {
	out := make([]Saving, len(saves))
	for i, s := range saves {
		out[i] = Saving{Of(s.Old), Of(s.New)}
	}
	return out
}

// one is a record that was read; of none it is the zero one.
func one[T any](rec Rec, err error) (out T, _ error) {
	if err == nil {
		out = *As[T](rec)
	}
	return out, err
}

func all[T any](recs []Rec, err error) ([]T, error) {
	var out []T
	for _, rec := range recs {
		out = append(out, *As[T](rec))
	}
	return out, err
}

// What follows is Core's method of that name with the types of the register.

// Get returns one record in the actor's scope.
func (r *Records[T]) Get(q *store.Read, id string) (T, error) { return one[T](r.Core.Get(q, id)) }

// Among returns the records that the view reaches whose field is one of values.
func (r *Records[T]) Among(q *store.Read, name string, values []string) ([]T, error) {
	return all[T](r.Core.Among(q, name, values))
}

// ByKeys returns the records with these keys that the view reaches, by key.
func (r *Records[T]) ByKeys(q *store.Read, keys []string) (map[string]*T, error) {
	found, err := r.Core.ByKeys(q, keys)
	out := make(map[string]*T, len(found))
	for key, rec := range found {
		out[key] = As[T](rec)
	}
	return out, err
}

// Page is List inside a transaction.
func (r *Records[T]) Page(q *store.Read, query Query) (Page[T], error) {
	p, err := r.Core.Page(q, query)
	items, err := all[T](p.Items, err)
	return Page[T]{items, p.Next}, err
}

// List returns a page in the order of one field, records without a value last.
func (r *Records[T]) List(ctx context.Context, s *store.Store, query Query) (Page[T], error) {
	p, err := r.Core.List(ctx, s, query)
	items, err := all[T](p.Items, err)
	return Page[T]{items, p.Next}, err
}

// Create adds a record and returns it as stored.
func (r *Records[T]) Create(ctx context.Context, s *store.Store, rec T, reason string) (T, error) {
	err := r.Core.Create(ctx, s, Of(&rec), reason)
	return rec, err
}

// Update replaces the version of the record that rec was made from.
func (r *Records[T]) Update(ctx context.Context, s *store.Store, rec T, reason string) (T, error) {
	err := r.Core.Update(ctx, s, Of(&rec), reason)
	return rec, err
}

// Add stores a new record within a change.
func (r *Records[T]) Add(w *store.Write, rec *T) error { return r.Core.Add(w, Of(rec)) }

// Replace stores a changed record within a change; old is the version it was
// made from. A save that changes nothing leaves no trace.
func (r *Records[T]) Replace(w *store.Write, old T, rec *T) error {
	return r.Core.Replace(w, Of(&old), Of(rec))
}

// SaveMany does within a change what a save of each would do.
func (r *Records[T]) SaveMany(w *store.Write, batch string, saves []Save[T]) (wrong []error, err error) {
	return r.Core.SaveMany(w, batch, savings(saves))
}

// Ref points at a record.
func (r *Records[T]) Ref(rec *T) ref.Ref { return r.Core.Ref(Of(rec)) }
