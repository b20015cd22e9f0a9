package record

import (
	"slices"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/problem"
	"vaern/internal/store"
)

// Rows says who reaches a record of a register, besides having its permission.
type Rows int

const (
	// ByUnit admits whoever's reach has the unit where the record belongs.
	ByUnit Rows = iota
	// ByOwner admits also whoever holds the position in the field owner today.
	ByOwner
	// ByMember admits only the people that the record names: a closed case. To
	// everybody else it does not exist: it has no title elsewhere, no hit, no count.
	ByMember
)

// Held is the condition that a column holds a position which the actor has today.
func Held(column string) string {
	return column + ` IN (SELECT h.position FROM holding h
		WHERE h.person = :actor AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today))`
}

// reaching is the one condition that admits rows of the register to the actor.
func (r *Core) reaching() string {
	scope := `:scope(` + r.Placed + `)`
	switch r.Rows {
	case ByOwner:
		if f, ok := r.Field("owner"); !ok || f.Kind != field.Ref {
			panic("record: " + r.Name + " is reached by owner and has no field owner that points at a position")
		}
		return `(` + scope + ` OR ` + Held("owner") + `)`
	case ByMember:
		return `id IN (SELECT m.record FROM record_member m WHERE m.person = :actor)`
	}
	return scope
}

// Admits reports whether the actor may do something with this very record, which q sees: many may do it with some and see
// all. It asks nothing where that is known.
func (r *Core) Admits(q *store.Read, rec Rec, need access.Permission) (bool, error) {
	near, err := q.With(need)
	if err != nil {
		return false, nil
	}
	far, sees := q.Actor.May[need], q.Actor.May[q.Need]
	if r.Rows != ByMember && (far.Whole || !sees.Whole && slices.Equal(far.Tops, sees.Tops)) {
		return true, nil
	}
	n := 0
	err = near.Row(`SELECT count(*) FROM `+r.Name+` WHERE id = :id AND `+r.within, store.Args{"id": rec.Head().ID}, &n)
	return n > 0, err
}

// Sensitive is the permission to see the sensitive fields of a register.
func (r *Core) sensitive() access.Permission { return r.Can("sensitive") }

// Visible are the fields that the actor may see of one record or another. What
// a record holds in the others never leaves this package.
func (r *Core) Visible(a access.Actor) []field.Field {
	if a.Can(r.sensitive()) {
		return r.fields
	}
	var out []field.Field
	for _, f := range r.fields {
		if !f.Sensitive {
			out = append(out, f)
		}
	}
	return out
}

// unveiled reports whether the actor sees the sensitive fields of every record,
// or there are none: a list shows them all or not at all.
func (r *Core) unveiled(q *store.Read) bool {
	return r.update == r.veiled || q.Actor.May[r.sensitive()].Whole
}

// reads reports whether the actor sees the sensitive fields of this record.
func (r *Core) reads(q *store.Read, rec Rec) (bool, error) {
	if r.unveiled(q) {
		return true, nil
	}
	near, err := q.With(r.sensitive())
	if problem.Of(err) == problem.Forbidden {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	err = reach(near, r.home(rec))
	return err == nil, ignoring(err, problem.Invalid)
}

func ignoring(err error, kind problem.Kind) error {
	if problem.Of(err) == kind && err != nil {
		return nil
	}
	return err
}

// veil empties the sensitive fields of a record that the actor may not read.
func (r *Core) veil(q *store.Read, rec Rec) error {
	ok, err := r.reads(q, rec)
	if err == nil && !ok {
		r.hide(rec)
	}
	return err
}

// veilLike empties them in versions of one record; now is the newest of them.
func (r *Core) veilLike(q *store.Read, now Rec, versions []Rec) error {
	ok, err := r.reads(q, now)
	for _, rec := range versions {
		if !ok {
			r.hide(rec)
		}
	}
	return err
}

func (r *Core) veilAll(q *store.Read, recs []Rec) {
	if r.unveiled(q) {
		return
	}
	for _, rec := range recs {
		r.hide(rec)
	}
}

func (r *Core) hide(rec Rec) {
	for i := range r.fields {
		if f := &r.fields[i]; f.Sensitive {
			f.Of(rec.Value).SetZero()
		}
	}
}

// change is the statement that stores a changed record: who does not see the
// sensitive fields leaves them as they are, and cannot set them.
func (r *Core) change(q *store.Read, old, rec Rec) (string, error) {
	ok, err := r.reads(q, old)
	if err != nil || ok {
		return r.update, err
	}
	return r.veiled, r.untouched(old, rec)
}

// untouched refuses a sensitive field that differs, in the words of a field
// that is not there.
func (r *Core) untouched(old, rec Rec) error {
	bad := problem.Fields{}
	for i := range r.fields {
		if f := &r.fields[i]; f.Sensitive && f.Raw(old.Value) != f.Raw(rec.Value) {
			bad[f.Name] = field.NotThere
		}
	}
	return problem.Check(bad)
}
