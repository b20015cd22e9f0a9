package moduletest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/module"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/store"
)

// Setting is what a register says so that samples of it can be made.
type Setting interface{ set(*try) }

// Example gives the value of a field in the n-th sample, as a form writes it,
// where the field alone does not tell what the register accepts.
type Example map[string]func(n int) string

// Beside are modules whose tables the register leans on.
type Beside []module.Module

// Given makes a record of a kind that fields point at, in a unit.
type Given struct {
	Kind string
	Make func(w *store.Write, unit string) (id string, err error)
}

// Made makes the n-th record of a register whose records are made by no form.
type Made func(w *store.Write, n int, unit string) (id string, err error)

func (e Example) set(t *try) { t.said = e }
func (Beside) set(*try)      {}
func (g Given) set(t *try)   { t.given = append(t.given, g) }
func (m Made) set(t *try)    { t.made = m }

// Always is the value of a field in every sample.
func Always(value string) func(int) string { return func(int) string { return value } }

// OneOf is one value after another.
func OneOf(values ...string) func(int) string {
	return func(n int) string { return values[n%len(values)] }
}

// Numbered writes the number of the sample into a text with one %d.
func Numbered(format string) func(int) string {
	return func(n int) string { return fmt.Sprintf(format, n) }
}

func (t *try) hear(said []Setting) {
	for _, s := range said {
		s.set(t)
	}
	for name := range t.said {
		if !slices.ContainsFunc(t.m.Fields, func(f field.Field) bool { return f.Name == name }) {
			t.Fatalf("an example is said of %s, which %s does not have", name, t.m.Name)
		}
	}
	for _, f := range t.m.Fields {
		if f.Key && f.Example != "" && t.said[f.Name] == nil {
			t.Fatalf("the example of %[1]s is the same in every sample, and a key is unique: say moduletest.Example{%[1]q: moduletest.Numbered(…)}", f.Name)
		}
	}
}

func schemas(m module.Module, said []Setting) []store.Schema {
	mods := []module.Module{m}
	for _, s := range said {
		if b, ok := s.(Beside); ok {
			mods = append(mods, b...)
		}
	}
	return module.Schemas(mods)
}

// settle makes the units, two positions and persons and a body in each, and
// what the register says there must be.
func (t *try) settle() {
	t.Helper()
	ctx := access.With(t.Context(), access.Machine("test", "test"))
	err := t.s.Change(ctx, store.Intent{Verb: "test.settle", Need: "test"}, func(w *store.Write) error {
		if err := people.FoundTop(w); err != nil {
			return err
		}
		for _, u := range [][2]string{{people.Top, people.Top}, {"a", people.Top}, {"b", people.Top}} {
			rec := people.Unit{Head: record.Head{ID: u[0], Unit: u[1]}, Number: "u" + u[0], Name: "Enhed " + u[0], Kind: "department"}
			if err := people.Units.Add(w, &rec); err != nil {
				return err
			}
		}
		for _, unit := range []string{"a", "b"} {
			if err := inhabit(w, unit); err != nil {
				return err
			}
			for _, given := range t.given {
				id, err := given.Make(w, unit)
				if err != nil {
					return err
				}
				t.there[given.Kind+unit] = id
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// inhabit makes who acts in a unit, and what references may point at there.
func inhabit(w *store.Write, unit string) error {
	actor := map[string]people.Person{"a": {Head: record.Head{ID: "anna", Unit: "a"}, Name: "Anna Ask"}, "b": {Head: record.Head{ID: "bo", Unit: "b"}, Name: "Bo Bech"}}[unit]
	actor.Number, actor.Category = actor.ID, "employee"
	if err := people.Persons.Add(w, &actor); err != nil {
		return err
	}
	names := map[string][]string{"a": {"Test Person", "Fremmed Person"}, "b": {"Bente Bord", "Carl Dam"}}
	for n := range 2 {
		head := func(kind string) record.Head { return record.Head{ID: about(kind, unit, n), Unit: unit} }
		p := people.Position{Head: head("position"), Title: fmt.Sprintf("Testchef %s %d", unit, n)}
		if err := people.Positions.Add(w, &p); err != nil {
			return err
		}
		who := people.Person{Head: head("person"), Number: fmt.Sprintf("p%s%d", unit, n), Name: names[unit][n], Category: "employee"}
		if err := people.Persons.Add(w, &who); err != nil {
			return err
		}
		b := people.Body{Head: head("body"), Name: fmt.Sprintf("Testudvalget %s %d", unit, n), Kind: people.Committee}
		if err := people.Bodies.Add(w, &b); err != nil {
			return err
		}
	}
	return nil
}

// about is the id of one of the records of a kind that there are in a unit.
func about(kind, unit string, n int) string { return fmt.Sprintf("%s-%s%d", kind, unit, n%2) }

// About is the id of a position, person or body that there is in a unit.
func About(kind, unit string) string { return about(kind, unit, 0) }

// pointedAt is what a field that points at a record says: none where there is none.
func (t *try) pointedAt(f field.Field, unit string) string {
	switch {
	case f.To == "unit":
		return unit
	case slices.Contains([]string{"position", "person", "body"}, f.To):
		return about(f.To, unit, t.pointed[f.Name])
	}
	return t.there[f.To+unit]
}

// sample is the n-th example record, as a form writes it; unit is where it lives.
func (t *try) sample(n int, unit string) url.Values {
	v := url.Values{"version": {"0"}}
	for _, f := range t.m.Fields {
		if !f.Set {
			v.Set(f.Name, t.example(f, n, unit))
		}
	}
	return v
}

// example is the value of one field. Two fields that point at records of a kind
// point at different ones.
func (t *try) example(f field.Field, n int, unit string) string {
	if say, ok := t.said[f.Name]; ok {
		return say(n)
	}
	if f.Example != "" {
		return f.Example
	}
	switch f.Kind {
	case field.Choice, field.Several:
		return f.Choices[n%len(f.Choices)][0]
	case field.Int:
		if f.Bounded() {
			return fmt.Sprint(f.Min + int64(n)%(f.Max-f.Min+1))
		}
		return fmt.Sprint(n % 4)
	case field.Bool:
		return []string{"", "1"}[n%2]
	case field.Day:
		if f.Null() && n%3 == 0 {
			return ""
		}
		return fmt.Sprintf("2026-%02d-15", 1+n%5)
	case field.Ref:
		return t.pointedAt(f, unit)
	}
	if f.Key {
		return fmt.Sprintf("K-%03d", n)
	}
	return fmt.Sprintf("%s %c %d", []string{"Æble", "Ørn", "Ål", "Zebra", "aften"}[n%5], 'a'+n%7, n)
}

// body is the sample as JSON.
func (t *try) body(v url.Values) string {
	out := map[string]any{}
	for _, f := range t.m.Fields {
		if !f.Set {
			out[f.Name] = asJSONValue(f, v.Get(f.Name))
		}
	}
	return t.json(out)
}

// asJSONValue is what a form writes as programs write it.
func asJSONValue(f field.Field, text string) any {
	switch {
	case f.Kind == field.Int:
		return json.Number(text)
	case f.Kind == field.Bool:
		return text != ""
	case f.Kind == field.Several:
		return strings.Fields(text)
	case f.Null() && text == "":
		return nil
	}
	return text
}

func (t *try) json(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// the is the first field for which ok holds.
func (t *try) the(ok func(field.Field) bool) (field.Field, bool) {
	for _, f := range t.m.Fields {
		if ok(f) {
			return f, true
		}
	}
	return field.Field{}, false
}

// differs reports whether two samples after another differ in a field.
func (t *try) differs(f field.Field) bool {
	one, two := t.example(f, 1, "a"), t.example(f, 2, "a")
	return one != two && (two != "" || f.Kind == field.Bool)
}

// free reports whether a field takes any words.
func (t *try) free(f field.Field) bool {
	return f.Kind == field.Text && !f.Set && !f.Key && !f.Sensitive && f.Example == "" && t.said[f.Name] == nil
}

// alterable is the field that a test changes: the title, or what comes closest
// where that follows from other fields.
func (t *try) alterable() field.Field {
	f, ok := t.the(func(f field.Field) bool { return f.Title && t.free(f) })
	if !ok {
		f, ok = t.otherThan("")
	}
	if !ok {
		t.Fatalf("no field of %s differs between its samples: say an Example", t.m.Name)
	}
	return f
}

// otherThan is a field that a test may change besides one.
func (t *try) otherThan(name string) (field.Field, bool) {
	if f, ok := t.the(func(f field.Field) bool { return f.Name != name && t.free(f) }); ok {
		return f, true
	}
	return t.the(func(f field.Field) bool {
		return f.Name != name && !f.Set && !f.Key && !f.Sensitive && !f.IsUnit() && f.Kind != field.Several && t.differs(f)
	})
}

// valueOf is the n-th value that a test gives a field.
func (t *try) valueOf(f field.Field, n int) string {
	if t.free(f) {
		return fmt.Sprintf("Et nyt indhold %d", n)
	}
	return t.example(f, n, "a")
}

// altered is the n-th value of the field that a test changes; the sample that
// is changed has that of 1.
func (t *try) altered(n int) (f field.Field, value string) {
	f = t.alterable()
	return f, t.valueOf(f, n)
}

// alteration is a change as programs send it.
func (t *try) alteration(n int) string {
	f, value := t.altered(n)
	return t.json(map[string]any{f.Name: asJSONValue(f, value)})
}

// shown is a value as a page shows it; "" where that is the title of a record,
// or a no that nobody needs to be told.
func shown(f field.Field, value string) string {
	if f.Kind == field.Ref || f.Kind == field.Bool {
		return ""
	}
	return f.Show(value, i18n.Da)
}
