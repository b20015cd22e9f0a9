package record

import "reflect"

// Head is what every record has; a record's struct begins with it.
type Head struct {
	ID        string
	Version   int64
	Unit      string `da:"Enhed" en:"Unit" is:"ref:unit required filter"`
	UpdatedAt string
	UpdatedBy string
}

// Rec is a record of any register: the struct of one, as its fields see it. It
// is held as by a pointer; the zero Rec is none.
type Rec struct{ Value reflect.Value }

// Of is the record that a pointer points at; of a nil pointer it is none.
func Of(rec any) Rec { return Rec{Value(rec)} }

// As is the record as the register's own code knows it; of none it is nil.
func As[T any](rec Rec) *T {
	if !rec.Is() {
		return nil
	}
	return rec.Value.Addr().Interface().(*T)
}

// Value is a struct of declared fields as the fields see it.
func Value(in any) reflect.Value { return reflect.ValueOf(in).Elem() }

// Is reports whether there is a record.
func (r Rec) Is() bool { return r.Value.IsValid() }

// Head is the head of the record, to read and to set.
func (r Rec) Head() *Head { return r.Value.Field(0).Addr().Interface().(*Head) }

// Copy is another record that says the same.
func (r Rec) Copy() Rec {
	c := reflect.New(r.Value.Type()).Elem()
	c.Set(r.Value)
	return Rec{c}
}
