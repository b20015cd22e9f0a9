package record

import (
	"vaern/internal/field"
	"vaern/internal/i18n"
)

// wording is a Wording of records of any type.
type wording struct {
	show func(rec Rec, stored string, l i18n.Lang) string
	read func(rec Rec, typed string) string
}

func (r *Core) worded(name string, w wording) {
	if r.wordings == nil {
		r.wordings = map[string]wording{}
	}
	r.wordings[name] = w
}

// Said is what a field of a record says, as people say it in a language.
func (r *Core) Said(f *field.Field, rec Rec, l i18n.Lang) string {
	raw := f.Raw(rec.Value)
	if w, ok := r.wordings[f.Name]; ok {
		return w.show(rec, raw, l)
	}
	return raw
}

// SaidOf is Said of a record that is known by its columns, as history keeps it.
func (r *Core) SaidOf(f *field.Field, column func(name string) string, l i18n.Lang) string {
	w, ok := r.wordings[f.Name]
	if !ok {
		return column(f.Name)
	}
	rec := r.none()
	for i := range r.fields {
		r.fields[i].Parse(rec.Value, column(r.fields[i].Name)) // what it cannot hold any more, it does not say
	}
	return w.show(rec, column(f.Name), l)
}

// Meant is what is stored of what people typed into a field, in either language.
// Other fields of the record may decide, so those before it are set by then.
func (r *Core) Meant(f *field.Field, rec Rec, typed string) string {
	if w, ok := r.wordings[f.Name]; ok {
		return w.read(rec, typed)
	}
	return typed
}

// reword stores what programs and files say in people's words as what is meant.
func (r *Core) reword(rec Rec) {
	for name, w := range r.wordings {
		f, _ := r.Field(name)
		f.Parse(rec.Value, w.read(rec, f.Raw(rec.Value)))
	}
}

// Applies reports whether what counts for some of a choice alone counts for a record.
func (r *Core) Applies(when field.When, rec Rec) bool {
	on, ok := r.Field(when.Choice)
	return !ok || when.For(on.Raw(rec.Value))
}

// leave empties the fields that say nothing where a choice is what it is: what somebody typed before choosing otherwise.
func (r *Core) leave(rec Rec) {
	for i := range r.fields {
		if f := &r.fields[i]; !r.Applies(f.When, rec) {
			f.Of(rec.Value).SetZero()
		}
	}
}
