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

// Core is a register for whatever treats all registers alike: what Register
// declares, and all that is done with records, compiled once for every type.
type Core struct {
	Name, Plural     string
	One, Many, About i18n.Text
	Schema           fs.FS
	Sensitive, Names bool
	Placed           string
	Rows             Rows

	of      reflect.Type // the struct of a record
	settled bool
	beside  string
	through Through
	choices map[string]field.Choices
	blank   Rec // what a new one begins as
	fill    func(q *store.Read, rec Rec) error
	rules   func(rec Rec) problem.Fields
	allow   func(q *store.Read, old, rec Rec) error
	after   func(w *store.Write, old, rec Rec) error
	gone    func(w *store.Write, rec Rec) error

	wordings map[string]wording

	fields  []field.Field
	columns string
	within  string // the condition that admits a row to the actor
	insert  string
	update  string
	veiled  string // update without the sensitive fields
}

// declare checks what is said of the register and prepares the rest.
func (r *Core) declare() {
	if r.of.NumField() == 0 || r.of.Field(0).Type != reflect.TypeFor[Head]() {
		panic(fmt.Sprintf("record: %s must begin with record.Head", r.of))
	}
	if r.Name == "" || !r.One.Whole() || !r.Many.Whole() || !r.About.Whole() {
		panic(fmt.Sprintf("record: %s needs a name, and One, Many and About in both languages", r.of))
	}
	if r.Plural == "" {
		r.Plural = r.Name + "s"
	}
	if r.Placed == "" {
		r.Placed = "unit"
	}
	r.fields = field.Of(r.of)
	for i := range r.fields {
		if among := r.choices[r.fields[i].Name]; among != nil {
			r.fields[i].Kind, r.fields[i].Choices = field.Choice, among
		}
	}
	if unit, ok := r.Field("unit"); ok && r.settled {
		unit.Set = true
	}
	var names, sorters []string
	keys, titles, sorts := 0, 0, 0
	for _, f := range r.fields {
		names = append(names, f.Name)
		keys += count(f.Key)
		titles += count(f.Title)
		sorts += count(f.Sort)
		if f.Sort && f.Sorter() != f.Name {
			sorters = append(sorters, f.Sorter())
		}
	}
	if keys > 1 || titles != 1 || sorts == 0 {
		panic(fmt.Sprintf("record: %s needs one title, at most one key and a field to sort by", r.of))
	}
	r.columns = "id, version, updated_at, updated_by, " + strings.Join(names, ", ")
	rowsOf.Store(r.Name, r.Rows)
	r.within = r.reaching()
	declare(r)
	r.prepare(append(names, sorters...))
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// prepare writes the statements that store a record. Inserting admits no row
// whose unit is out of reach, so that forgetting to ask changes nothing.
func (r *Core) prepare(names []string) {
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
func (r *Core) Columns() []string {
	return strings.Split(r.columns+r.sortColumns(), ", ")
}

// Fields are the declared fields, the unit first.
func (r *Core) Fields() []field.Field { return r.fields }

// Field returns a field by name.
func (r *Core) Field(name string) (*field.Field, bool) {
	return r.the(func(f *field.Field) bool { return f.Name == name })
}

// Key is the field that users know records by, when there is one.
func (r *Core) Key() (*field.Field, bool) {
	return r.the(func(f *field.Field) bool { return f.Key })
}

// Title is what the record is called, its key before it where people use it.
func (r *Core) Title(rec Rec) string {
	f, _ := r.the(func(f *field.Field) bool { return f.Title })
	title := f.Raw(rec.Value)
	if key, ok := r.Key(); ok && key.Named {
		title = key.Raw(rec.Value) + " " + title
	}
	return title
}

// TitleField is the name of the field that says what a record is called.
func (r *Core) TitleField() string {
	f, _ := r.the(func(f *field.Field) bool { return f.Title })
	return f.Name
}

// Owner is the position that answers for a record: its field owner.
func (r *Core) Owner(rec Rec) string {
	if f, ok := r.Field("owner"); ok {
		return f.Raw(rec.Value)
	}
	return ""
}

func (r *Core) the(is func(*field.Field) bool) (*field.Field, bool) {
	for i := range r.fields {
		if is(&r.fields[i]) {
			return &r.fields[i], true
		}
	}
	return nil, false
}

// Can is the permission for a verb: see, create, edit.
func (r *Core) Can(verb string) access.Permission {
	return access.Permission(r.Name + "." + verb)
}

// none is a record that says nothing.
func (r *Core) none() Rec { return Rec{reflect.New(r.of).Elem()} }

// Blank is what a new record begins as.
func (r *Core) Blank() Rec { return r.blank.Copy() }

// KeyOf is a key as it will be stored, of what somebody wrote.
func (r *Core) KeyOf(q *store.Read, text string) string {
	key, ok := r.Key()
	rec := r.Blank()
	if !ok || key.Parse(rec.Value, text) != field.Fine {
		return text
	}
	if r.fill != nil {
		if err := r.fill(q, rec); err != nil {
			return text
		}
	}
	return key.Raw(rec.Value)
}

// home is the unit where a record belongs, by which it is reached.
func (r *Core) home(rec Rec) string {
	if r.Placed == "id" {
		return rec.Head().ID
	}
	return rec.Head().Unit
}

// Ref points at a record.
func (r *Core) Ref(rec Rec) ref.Ref { return ref.Ref{Kind: r.Name, ID: rec.Head().ID} }

func (r *Core) scan(scan store.Scan, rec Rec) error {
	h, v := rec.Head(), rec.Value
	dest := make([]any, 4, 4+len(r.fields))
	dest[0], dest[1], dest[2], dest[3] = &h.ID, &h.Version, &h.UpdatedAt, &h.UpdatedBy
	for i := range r.fields {
		dest = append(dest, r.fields[i].Dest(v))
	}
	return scan(dest...)
}

func (r *Core) args(rec Rec) store.Args {
	h, v := rec.Head(), rec.Value
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
func (r *Core) JSON(b []byte, rec Rec) []byte {
	h, v := rec.Head(), rec.Value
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
