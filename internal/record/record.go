// Package record keeps the records of declared registers: typed outside, one
// way of reading and writing inside.
package record

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"reflect"
	"strings"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// Head is what every record has; a record's struct begins with it.
type Head struct {
	ID        string
	Version   int64
	Unit      string `da:"Enhed" en:"Unit" is:"ref:unit required filter"`
	UpdatedAt string
	UpdatedBy string
}

// Register is a declared register of records of type T.
type Register[T any] struct {
	Name      string // table, URL, prefix of permissions and verbs
	Plural    string // what programs call many of them; the name with an s unless said otherwise
	One, Many i18n.Text
	About     i18n.Text // one sentence: what belongs here
	Schema    fs.FS     // *.sql
	Sensitive bool      // who opens a record is recorded
	Names     bool      // the titles are names, not words of the language
	Blank     T         // what a new record begins as
	Placed    string    // the column that says where a record belongs; "" is unit
	Rows      Rows      // who reaches a record; by its unit unless said otherwise

	Fill  func(q *store.Read, rec *T) error         // sets the fields that follow from others, before all checks
	Check func(T) problem.Fields                    // rules that no single field can tell
	Allow func(q *store.Read, old *T, rec T) error  // refuses what the state of the register forbids
	After func(w *store.Write, old *T, rec T) error // what must follow a save, in its transaction; old is nil for a new record
	Gone  func(w *store.Write, rec T) error         // what must follow when an import that made it is undone

	fields  []field.Field
	columns string
	within  string // the condition that admits a row to the actor
	insert  string
	update  string
	veiled  string // update without the sensitive fields
}

// New checks the declaration and prepares its SQL; a wrong one panics at start.
func New[T any](r Register[T]) *Register[T] {
	t := reflect.TypeFor[T]()
	if t.NumField() == 0 || t.Field(0).Type != reflect.TypeFor[Head]() {
		panic(fmt.Sprintf("record: %s must begin with record.Head", t))
	}
	if r.Name == "" || !r.One.Whole() || !r.Many.Whole() || !r.About.Whole() {
		panic(fmt.Sprintf("record: %s needs a name, and One, Many and About in both languages", t))
	}
	if r.Plural == "" {
		r.Plural = r.Name + "s"
	}
	if r.Placed == "" {
		r.Placed = "unit"
	}
	r.fields = field.Of(t)
	var names, sorters []string
	keys, titles, sorts := 0, 0, 0
	for _, f := range r.fields {
		names = append(names, f.Name)
		keys += one(f.Key)
		titles += one(f.Title)
		sorts += one(f.Sort)
		if f.Sort && f.Sorter() != f.Name {
			sorters = append(sorters, f.Sorter())
		}
	}
	if keys > 1 || titles != 1 || sorts == 0 {
		panic(fmt.Sprintf("record: %s needs one title, at most one key and a field to sort by", t))
	}
	r.columns = "id, version, updated_at, updated_by, " + strings.Join(names, ", ")
	rowsOf.Store(r.Name, r.Rows)
	r.within = r.reaching()
	declare(r.Name, r.One, r.fields)
	r.prepare(append(names, sorters...))
	return &r
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// prepare writes the statements that store a record. Inserting admits no row
// whose unit is out of reach, so that forgetting to ask changes nothing.
func (r *Register[T]) prepare(names []string) {
	r.insert = `INSERT INTO ` + r.Name + ` (id, version, updated_at, updated_by, search, ` + strings.Join(names, ", ") + `)
		SELECT :id, 1, :now, :actor, :search, :` + strings.Join(names, ", :") + `
		WHERE EXISTS (SELECT 1 FROM unit_under WHERE top = :unit AND unit = :unit AND :scope)
		ON CONFLICT DO NOTHING`
	var set, open strings.Builder
	for _, n := range names {
		set.WriteString(`, ` + n + ` = :` + n)
		if f, ok := r.Field(n); !ok || !f.Sensitive {
			open.WriteString(`, ` + n + ` = :` + n)
		}
	}
	const head = ` SET version = version + 1, updated_at = :now, updated_by = :actor, search = :search`
	where := ` WHERE id = :id AND version = :version AND ` + r.within
	r.update = `UPDATE ` + r.Name + head + set.String() + where
	r.veiled = `UPDATE ` + r.Name + head + open.String() + where
}

// Columns are what the schema must have.
func (r *Register[T]) Columns() []string {
	return strings.Split(r.columns+r.sortColumns(), ", ")
}

// Fields are the declared fields, the unit first.
func (r *Register[T]) Fields() []field.Field { return r.fields }

// Field returns a field by name.
func (r *Register[T]) Field(name string) (*field.Field, bool) {
	return r.the(func(f *field.Field) bool { return f.Name == name })
}

// Key is the field that users know records by, when there is one.
func (r *Register[T]) Key() (*field.Field, bool) {
	return r.the(func(f *field.Field) bool { return f.Key })
}

// Title is what the record is called, its key before it where people use it.
func (r *Register[T]) Title(rec *T) string {
	f, _ := r.the(func(f *field.Field) bool { return f.Title })
	title := f.Raw(Value(rec))
	if key, ok := r.Key(); ok && key.Named {
		title = key.Raw(Value(rec)) + " " + title
	}
	return title
}

// TitleField is the name of the field that says what a record is called.
func (r *Register[T]) TitleField() string {
	f, _ := r.the(func(f *field.Field) bool { return f.Title })
	return f.Name
}

// Owner is the position that answers for a record: its field owner.
func (r *Register[T]) Owner(rec *T) string {
	if f, ok := r.Field("owner"); ok {
		return f.Raw(Value(rec))
	}
	return ""
}

func (r *Register[T]) the(is func(*field.Field) bool) (*field.Field, bool) {
	for i := range r.fields {
		if is(&r.fields[i]) {
			return &r.fields[i], true
		}
	}
	return nil, false
}

// Can is the permission for a verb: see, create, edit.
func (r *Register[T]) Can(verb string) access.Permission {
	return access.Permission(r.Name + "." + verb)
}

// Value is the record as the fields see it.
func Value[T any](rec *T) reflect.Value { return reflect.ValueOf(rec).Elem() }

// HeadOf returns the head of a record.
func HeadOf[T any](rec *T) *Head { return Value(rec).Field(0).Addr().Interface().(*Head) }

// home is the unit where a record belongs, by which it is reached.
func (r *Register[T]) home(rec *T) string {
	if r.Placed == "id" {
		return HeadOf(rec).ID
	}
	return HeadOf(rec).Unit
}

// Ref points at a record.
func (r *Register[T]) Ref(rec *T) ref.Ref { return ref.Ref{Kind: r.Name, ID: HeadOf(rec).ID} }

func (r *Register[T]) scan(scan store.Scan, rec *T) error {
	h, v := HeadOf(rec), Value(rec)
	dest := make([]any, 4, 4+len(r.fields))
	dest[0], dest[1], dest[2], dest[3] = &h.ID, &h.Version, &h.UpdatedAt, &h.UpdatedBy
	for i := range r.fields {
		dest = append(dest, r.fields[i].Dest(v))
	}
	return scan(dest...)
}

func (r *Register[T]) args(rec *T) store.Args {
	h, v := HeadOf(rec), Value(rec)
	a := store.Args{"id": h.ID, "version": h.Version}
	var words []string
	for i := range r.fields {
		f := &r.fields[i]
		a[f.Name] = f.Arg(v)
		if f.Sort && f.Kind == field.Text {
			a[f.Sorter()] = field.SortKey(f.Raw(v))
		}
		if f.Search {
			words = append(words, f.Raw(v))
		}
	}
	a["search"] = field.Fold(strings.Join(words, " "))
	return a
}

// JSON appends the record as REST shows it.
func (r *Register[T]) JSON(b []byte, rec *T) []byte {
	h, v := HeadOf(rec), Value(rec)
	b = fmt.Appendf(b, `{"id":%q,"version":%d,"updated_at":%q,"updated_by":`, h.ID, h.Version, h.UpdatedAt)
	by, _ := json.Marshal(h.UpdatedBy) // a string cannot fail
	b = append(b, by...)
	for i := range r.fields {
		f := &r.fields[i]
		b = append(append(append(b, `,"`...), f.Name...), `":`...)
		b = f.JSON(b, v)
	}
	return append(b, '}')
}
