package record

import (
	"context"
	"maps"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// Stale is the error of a change to a version that is no longer the newest.
type Stale[T any] struct{ Mine, Theirs T }

func (*Stale[T]) Error() string { return "somebody else changed it meanwhile" }

// Unwrap makes it a problem like any other.
func (*Stale[T]) Unwrap() error {
	return problem.New(problem.Stale, "En anden har ændret den imens. Begge udgaver står herunder, og intet er gået tabt.",
		"Somebody else changed it meanwhile. Both versions are shown below, and nothing was lost.")
}

// Create adds a record and returns it as stored.
func (r *Core) Create(ctx context.Context, s *store.Store, rec Rec, reason string) error {
	return s.Change(ctx, store.Intent{Verb: r.Name + ".create", Need: r.Can("create"), Reason: reason}, func(w *store.Write) error {
		return r.Add(w, rec)
	})
}

// Update replaces the version of the record that rec was made from.
func (r *Core) Update(ctx context.Context, s *store.Store, rec Rec, reason string) error {
	return s.Change(ctx, store.Intent{Verb: r.Name + ".edit", Need: r.Can("edit"), Reason: reason}, func(w *store.Write) error {
		old, err := r.Get(&w.Read, rec.Head().ID)
		if err != nil {
			return err
		}
		return r.Replace(w, old, rec)
	})
}

// Add stores a new record within a change. It inserts nothing, and breaks
// nothing, where the unit is out of reach or the key is taken; only then it
// asks which.
func (r *Core) Add(w *store.Write, rec Rec) error {
	if err := r.check(&w.Read, Rec{}, rec); err != nil {
		return err
	}
	if _, err := r.change(&w.Read, rec, r.none()); err != nil {
		return err
	}
	h := rec.Head()
	if h.ID == "" {
		h.ID = w.NewID()
	}
	h.Version, h.UpdatedAt, h.UpdatedBy = 1, w.Now, w.Actor.ID
	err := w.Do(r.Ref(rec), r.insert, r.args(rec))
	if problem.Of(err) != problem.NotFound {
		return r.settle(w, Rec{}, rec, err)
	}
	if err := reach(&w.Read, h.Unit); err != nil {
		return err
	}
	return r.taken()
}

// Replace stores a changed record within a change; old is the version it was
// made from. A save that changes nothing leaves no trace.
func (r *Core) Replace(w *store.Write, old, rec Rec) error {
	h := rec.Head()
	if old.Head().Version != h.Version {
		return &Stale[Rec]{Mine: rec, Theirs: old}
	}
	if err := r.check(&w.Read, old, rec); err != nil {
		return err
	}
	if h.Unit != old.Head().Unit {
		if err := reach(&w.Read, h.Unit); err != nil {
			return err
		}
	}
	change, err := r.change(&w.Read, old, rec)
	if err != nil {
		return err
	}
	if r.Same(old, rec) {
		*h = *old.Head()
		w.Unchanged()
		return nil
	}
	args := r.args(rec)
	h.Version, h.UpdatedAt, h.UpdatedBy = h.Version+1, w.Now, w.Actor.ID
	return r.settle(w, old, rec, w.Do(r.Ref(rec), change, args))
}

// Same reports whether two versions of a record say the same.
func (r *Core) Same(a, b Rec) bool { return len(r.Differ(a, b)) == 0 }

// Differ are the fields in which two versions of a record say something else.
func (r *Core) Differ(a, b Rec) (out []*field.Field) {
	for i := range r.fields {
		if f := &r.fields[i]; f.Raw(a.Value) != f.Raw(b.Value) {
			out = append(out, f)
		}
	}
	return out
}

// settle finishes a save: what the record is called, and what must follow.
func (r *Core) settle(w *store.Write, old, rec Rec, err error) error {
	if err != nil {
		return err
	}
	if r.Rows == ByMember && !old.Is() {
		if err := Admit(w, r.Ref(rec), w.Actor.ID); err != nil {
			return err
		}
	}
	if r.Rows != ByMember { // a closed case is called nothing elsewhere
		if err := Name(w, r.Ref(rec), r.home(rec), r.Title(rec), r.Owner(rec)); err != nil {
			return err
		}
	}
	if err := r.find(w, old, rec); err != nil {
		return err
	}
	if r.after != nil {
		return r.after(w, old, rec)
	}
	return nil
}

// Name says what a record is called, for links, pickers and search; owner is
// the position that answers for it, "" for none.
func Name(w *store.Write, about ref.Ref, unit, title, owner string) error {
	err := w.Also(`
		INSERT INTO record_title (id, kind, unit, title, owner, search) VALUES (:id, :kind, :unit, :title, :owner, :search)
		ON CONFLICT (id) DO UPDATE SET unit = excluded.unit, title = excluded.title, owner = excluded.owner, search = excluded.search`,
		store.Args{"id": about.ID, "kind": about.Kind, "unit": unit, "title": title, "owner": owner, "search": field.Fold(title)})
	if err != nil {
		return err
	}
	return follow(w, about.Kind, about.ID)
}

// check tries every field, the references and the register's own rules.
func (r *Core) check(q *store.Read, old, rec Rec) error {
	if err := r.fit(q, old, rec, numbers{}); err != nil {
		return err
	}
	if err := r.references(q, old, rec); err != nil {
		return err
	}
	if err := r.unlike(q, old, rec); err != nil {
		return err
	}
	if r.allow != nil {
		return r.allow(q, old, rec)
	}
	return nil
}

// fit fills what follows from other fields, and tries each field and the
// register's rules for the record by itself.
func (r *Core) fit(q *store.Read, old, rec Rec, given numbers) error {
	r.line(rec)
	r.reword(rec)
	r.leave(rec)
	if r.fill != nil {
		if err := r.fill(q, rec); err != nil {
			return err
		}
	}
	if !old.Is() {
		if err := r.number(q, rec, given); err != nil {
			return err
		}
	}
	bad, v := problem.Fields{}, rec.Value
	for i := range r.fields {
		f := &r.fields[i]
		if wrong := f.Check(v); wrong != field.Fine {
			bad[f.Name] = wrong
		}
	}
	if r.rules != nil {
		for name, wrong := range r.rules(rec) {
			if _, ok := bad[name]; !ok { // what is missing is told as missing
				bad[name] = wrong
			}
		}
	}
	return problem.Check(bad)
}

// line has texts of one line hold nothing that is not seen, and longer ones each
// letter in one way.
func (r *Core) line(rec Rec) {
	for i := range r.fields {
		f := &r.fields[i]
		if f.Kind != field.Text {
			continue
		}
		text, write := f.Of(rec.Value), field.Line
		if f.Long {
			write = field.Composed
		}
		text.SetString(write(text.String()))
	}
}

// references refuses an id that is of no record, or of another kind.
func (r *Core) references(q *store.Read, old, rec Rec) error {
	want := map[string]bool{}
	r.pointing(old, rec, func(_ *field.Field, id string) { want[id] = true })
	if len(want) == 0 {
		return nil
	}
	titles, err := Titles(q, maps.Keys(want))
	if err != nil {
		return err
	}
	return problem.Check(r.lost(old, rec, titles))
}

// pointing hands fn every reference that a save would set anew.
func (r *Core) pointing(old, rec Rec, fn func(*field.Field, string)) {
	for i := range r.fields {
		f := &r.fields[i]
		if f.Kind != field.Ref || f.IsUnit() {
			continue
		}
		if id := f.Raw(rec.Value); id != "" && (!old.Is() || f.Raw(old.Value) != id) {
			fn(f, id)
		}
	}
}

// lost marks the references to what is not among titles, or is of another kind.
func (r *Core) lost(old, rec Rec, titles map[string]Called) problem.Fields {
	bad := problem.Fields{}
	r.pointing(old, rec, func(f *field.Field, id string) {
		if titles[id].Kind != f.To {
			bad[f.Name] = i18n.Text{"Vælg en, der findes.", "Choose one that exists."}
		}
	})
	return bad
}

// Within refuses a record that is out of the reach in which the change is made:
// what hands out rights through another record must reach that one too.
func Within(q *store.Read, name, id string) error {
	var n int
	err := q.Row(`SELECT count(*) FROM record_title WHERE id = :id AND :scope`, store.Args{"id": id}, &n)
	if err == nil && n == 0 {
		err = problem.Field(name, "Vælg en, du har adgang til.", "Choose one you have access to.")
	}
	return err
}

func reach(q *store.Read, unit string) error {
	var n int
	err := q.Row(`SELECT count(*) FROM unit_under WHERE top = :unit AND unit = :unit AND :scope`, store.Args{"unit": unit}, &n)
	if err == nil && n == 0 {
		err = problem.Check(problem.Fields{"unit": outOfReach})
	}
	return err
}
