package record

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"

	"vaern/internal/field"
	"vaern/internal/problem"
	"vaern/internal/store"
)

// Saving is one record of many to be stored: Old is the version that New was
// made from, none for a new record.
type Saving struct{ Old, New Rec }

func (s Saving) isNew() bool { return !s.Old.Is() }

// SaveMany does within a change what a save of each would do, by statements of many
// rows and in one leaf under the batch's id (w.NewID gives one; the
// changes of a long import share it). Hand it store.BatchRows at most. Keys that
// only the case of letters tells apart it takes as they are: a personnel
// system's are its own.
//
// What is wrong with a record comes back at its place in wrong, and only that
// record is left out; wrong is nil when all were stored. New records are made
// with the actor's permission to create, changed ones with that to edit.
func (r *Core) SaveMany(w *store.Write, batch string, saves []Saving) (wrong []error, err error) {
	if wrong, err = r.Examine(&w.Read, saves); err != nil {
		return nil, err
	}
	var add []int
	clear := sights{}
	change := map[bool][]int{} // whether the sensitive fields are stored, too
	for i := range saves {
		switch s := &saves[i]; {
		case wrong[i] != nil:
		case s.isNew():
			if s.New.Head().ID == "" {
				s.New.Head().ID = w.NewID()
			}
			add = append(add, i)
		default:
			open, err := r.readsOnce(&w.Read, s.Old, clear)
			if err != nil {
				return nil, err
			}
			change[open] = append(change[open], i)
		}
	}
	found := r.finding(saves, wrong)
	err = w.Batch(r.Name, batch, func(b *store.Batch) error {
		if err := r.insertMany(b, saves, add, wrong); err != nil {
			return err
		}
		for open, some := range change {
			if err := r.updateMany(b, saves, some, open); err != nil {
				return err
			}
		}
		return nil
	})
	finds := found() // nothing looks at the records any more, whatever became of them
	if err != nil {
		return nil, err
	}
	if err := r.settleMany(w, saves, finds, wrong); err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(wrong, func(e error) bool { return e != nil }) {
		wrong = nil
	}
	return wrong, nil
}

func (r *Core) insertMany(b *store.Batch, saves []Saving, which []int, wrong []error) error {
	place := make(map[string]int, len(which))
	taken, err := b.Insert(append([]string{"id"}, r.stored(true)...), func(yield func([]any) bool) {
		for _, i := range which {
			rec := saves[i].New
			place[rec.Head().ID] = i
			if !yield(r.row(make([]any, 0, len(r.fields)*2), rec, true, rec.Head().ID)) {
				return
			}
		}
	})
	for _, id := range taken {
		wrong[place[id]] = r.taken()
	}
	return err
}

func (r *Core) updateMany(b *store.Batch, saves []Saving, which []int, open bool) error {
	rows := make([][]any, len(which))
	for n, i := range which {
		h := saves[i].Old.Head()
		rows[n] = r.row(make([]any, 0, len(r.fields)*2), saves[i].New, open, h.ID, h.Version)
	}
	return b.Update(append([]string{"id", "version"}, r.stored(open)...), rows)
}

// stored are the columns that a save writes, those of sensitive fields only
// where they are open; row has their values in the same order.
func (r *Core) stored(open bool) []string {
	out := []string{"search"}
	for i := range r.fields {
		f := &r.fields[i]
		if f.Sensitive && !open {
			continue
		}
		out = append(out, f.Name)
		if f.Sort && f.Kind == field.Text {
			out = append(out, f.Sorter())
		}
	}
	return out
}

func (r *Core) row(out []any, rec Rec, open bool, head ...any) []any {
	v := rec.Value
	var words strings.Builder
	out = append(append(out, head...), nil)
	search := len(out) - 1
	for i := range r.fields {
		f := &r.fields[i]
		if f.Search {
			words.WriteString(f.Raw(v))
			words.WriteByte(' ')
		}
		if f.Sensitive && !open {
			continue
		}
		out = append(out, f.Arg(v))
		if f.Sort && f.Kind == field.Text {
			out = append(out, field.SortKey(f.Raw(v)))
		}
	}
	out[search] = field.Fold(words.String())
	return out
}

// settleMany is settle for many: titles by few statements, then what each
// register asks for.
func (r *Core) settleMany(w *store.Write, saves []Saving, finds []find, wrong []error) error {
	var names [][]any
	named := false // some are called something already
	for i, s := range saves {
		if wrong[i] != nil {
			continue
		}
		named = named || s.Old.Is()
		h := s.New.Head()
		h.Version, h.UpdatedAt, h.UpdatedBy = 1, w.Now, w.Actor.ID
		if s.Old.Is() {
			h.Version = s.Old.Head().Version + 1
		}
		if r.Rows != ByMember {
			title := r.Title(s.New)
			names = append(names, []any{h.ID, r.Name, r.home(s.New), title, r.Owner(s.New), field.Fold(title)})
		} else if s.isNew() {
			if err := Admit(w, r.Ref(s.New), w.Actor.ID); err != nil {
				return err
			}
		}
	}
	if err := nameMany(w, names, named); err != nil {
		return err
	}
	if err := r.findMany(w, finds, wrong); err != nil || r.after == nil {
		return err
	}
	for i, s := range saves {
		if wrong[i] != nil {
			continue
		}
		if err := r.after(w, s.Old, s.New); err != nil {
			return err
		}
	}
	return nil
}

// find is what a save makes search find of a record; no row is what it found before.
type find struct {
	row   []any
	stale string // the record, where it found something else before
}

// finding makes what search will find while the database is busy with the
// records themselves, and waits for it when asked: making terms takes as long.
func (r *Core) finding(saves []Saving, wrong []error) (found func() []find) {
	wrong = slices.Clone(wrong) // the database finds more
	found = sync.OnceValue(func() []find {
		out := make([]find, len(saves))
		for i, s := range saves {
			if wrong[i] == nil {
				out[i] = r.finds(s)
			}
		}
		return out
	})
	go func() {
		defer func() { _ = recover() }() // whoever asks hears of it
		found()
	}()
	return found
}

func (r *Core) finds(s Saving) (f find) {
	now := r.Entry(s.New)
	if s.Old.Is() {
		if r.Entry(s.Old) == now {
			return f
		}
		f.stale = now.ID
	}
	f.row = now.row()
	return f
}

// findMany is find for many.
func (r *Core) findMany(w *store.Write, finds []find, wrong []error) error {
	var stale []string
	var rows [][]any
	for i, f := range finds {
		if wrong[i] != nil || f.row == nil {
			continue
		}
		if rows = append(rows, f.row); f.stale != "" {
			stale = append(stale, f.stale)
		}
	}
	if len(stale) > 0 {
		if err := unindex(w.Also, r.Name, stale); err != nil {
			return err
		}
	}
	return w.InsertAll("search_entry", entryColumns, rows, "")
}

// nameMany is Name for many: id, kind, unit, title, owner, search of each. Where
// some are named already, the database has to look for each.
func nameMany(w *store.Write, names [][]any, named bool) error {
	then := ""
	if named {
		then = ` ON CONFLICT (id) DO UPDATE SET unit = excluded.unit, title = excluded.title, owner = excluded.owner, search = excluded.search`
	}
	err := w.InsertAll("record_title", []string{"id", "kind", "unit", "title", "owner", "search"}, names, then)
	if err != nil || len(names) == 0 {
		return err
	}
	ids := make([]string, len(names))
	for i, row := range names {
		ids[i] = row[0].(string)
	}
	return follow(w, names[0][1].(string), ids...)
}

// taken is the error of a new record whose key or id another one has.
func (r *Core) taken() error {
	taken := problem.New(problem.Conflict, "Den findes allerede.", "It already exists.")
	if key, ok := r.Key(); ok {
		taken.Fields = problem.Fields{key.Name: taken.Text}
	}
	return taken
}

// titlesOf is Titles for more than one statement holds.
func titlesOf(q *store.Read, ids map[string]bool) (map[string]Called, error) {
	out := map[string]Called{}
	for part := range slices.Chunk(slices.Sorted(maps.Keys(ids)), 500) {
		some, err := Titles(q, slices.Values(part))
		if err != nil {
			return nil, err
		}
		for id, c := range some {
			out[id] = c
		}
	}
	return out, nil
}

// listed is the condition of being among the values, to stand after a column.
func listed(values []string) (string, store.Args) {
	return ":among(values)", store.Args{"values": store.List(values)}
}

// ByKeys returns the records with these keys that the view reaches, by key.
func (r *Core) ByKeys(q *store.Read, keys []string) (map[string]Rec, error) {
	key, ok := r.Key()
	if !ok {
		return nil, errors.New("record: " + r.Name + " has no key")
	}
	out := make(map[string]Rec, len(keys))
	for part := range slices.Chunk(keys, 500) {
		in, args := listed(part)
		var found []Rec
		err := q.Rows(`SELECT `+r.columns+` FROM `+r.Name+` WHERE `+key.Name+` `+in+` AND `+r.within, args, r.collect(&found))
		if err != nil {
			return nil, err
		}
		for _, rec := range found {
			if err := r.veil(q, rec); err != nil {
				return nil, err
			}
			out[key.Raw(rec.Value)] = rec
		}
	}
	return out, nil
}

// Taken returns which keys a record has, anywhere: of one that is out of reach
// nothing else is told.
func (r *Core) Taken(q *store.Read, keys []string) (map[string]bool, error) {
	out := map[string]bool{}
	key, ok := r.Key()
	if !ok {
		return out, nil
	}
	for part := range slices.Chunk(keys, 500) {
		in, args := listed(part)
		err := q.Rows(`SELECT `+key.Name+` FROM `+r.Name+` WHERE `+key.Name+` `+in, args, func(scan store.Scan) error {
			var k string
			err := scan(&k)
			out[k] = true
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
