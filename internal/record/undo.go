package record

import (
	"encoding/json"
	"slices"
	"strings"

	"vaern/internal/i18n"
	"vaern/internal/ledger"
	"vaern/internal/problem"
	"vaern/internal/store"
)

// Grown is a record of a batch that cannot be undone, and why.
type Grown struct {
	ID, Title string
	Why       i18n.Text
}

// Together are the records that one undo takes back, over several leaves: what
// they are to each other stands in nobody's way.
type Together struct {
	made   map[string]bool // ids of records that go
	passed map[string]bool // those that a newer leaf changed once more
}

// Include adds what a leaf did.
func (t *Together) Include(leaf *ledger.Leaf) error {
	changes, err := changesOf(leaf)
	if t.made == nil {
		t.made, t.passed = map[string]bool{}, map[string]bool{}
	}
	for _, c := range changes {
		if _, id, _ := strings.Cut(c.About, "/"); string(c.Before) == "null" {
			t.made[id] = true
		}
	}
	return err
}

// changesOf is what a leaf did to each record, whether of a batch or of one.
func changesOf(leaf *ledger.Leaf) ([]ledger.Changed, error) {
	if leaf.Erased() {
		return nil, problem.New(problem.Precondition, "Indholdet af indlæsningen er slettet fra beviskæden, så den kan ikke fortrydes.",
			"What the import held was erased from the ledger, so it cannot be undone.")
	}
	if leaf.Type == ledger.Batch {
		return leaf.Changes()
	}
	c := ledger.Changed{About: leaf.About}
	return []ledger.Changed{c}, json.Unmarshal(leaf.Body, &c)
}

// Undoing is what a leaf did to the records of the register, on its way back.
type Undoing struct {
	r             *Core
	made, changed []string
	version       map[string]int64 // that the leaf gave
	now           map[string]Rec   // as they are, where the view reaches them
	as            map[string]bool  // those that are as the leaf left them
}

func (r *Core) opened(q *store.Read, leaf *ledger.Leaf) (*Undoing, error) {
	changes, err := changesOf(leaf)
	if err != nil {
		return nil, err
	}
	b := &Undoing{r: r, version: map[string]int64{}, now: map[string]Rec{}, as: map[string]bool{}}
	for _, c := range changes {
		_, id, _ := strings.Cut(c.About, "/")
		if string(c.After) == "null" {
			return nil, problem.New(problem.Precondition, "En af rækkerne blev fjernet for bestandig, så det kan ikke fortrydes som ét.",
				"One of the rows was removed for good, so it cannot be undone as one.")
		}
		var after struct{ Version int64 }
		if err := json.Unmarshal(c.After, &after); err != nil {
			return nil, err
		}
		b.version[id] = after.Version
		if string(c.Before) == "null" {
			b.made = append(b.made, id)
		} else {
			b.changed = append(b.changed, id)
		}
	}
	for part := range slices.Chunk(slices.Concat(b.made, b.changed), 500) {
		in, args := listed(part)
		var some []Rec
		if err := q.Rows(`SELECT `+r.columns+` FROM `+r.Name+` WHERE id `+in+` AND `+r.within, args, r.collect(&some)); err != nil {
			return nil, err
		}
		for _, rec := range some {
			h := rec.Head()
			b.now[h.ID], b.as[h.ID] = rec, h.Version == b.version[h.ID]
		}
	}
	return b, r.likened(q, b)
}

// likened finds the records that were changed and changed back: as the batch
// left them, though in a later version.
func (r *Core) likened(q *store.Read, b *Undoing) error {
	var later []string
	for _, id := range slices.Concat(b.made, b.changed) {
		if b.now[id].Is() && !b.as[id] {
			later = append(later, id)
		}
	}
	for part := range slices.Chunk(later, 500) {
		in, args := listed(part)
		var was []Rec
		if err := q.Rows(`SELECT `+r.columns+` FROM `+r.Name+`_history WHERE id `+in, args, r.collect(&was)); err != nil {
			return err
		}
		for _, rec := range was {
			if h := rec.Head(); h.Version == b.version[h.ID] {
				b.as[h.ID] = r.Same(rec, b.now[h.ID])
			}
		}
	}
	return nil
}

// Undoing returns what a leaf did, on its way back, and what stands in the way:
// records that were changed since, and new ones that others build on. The
// leaves of one undo are asked the newest first, with what they take back
// together; a leaf that is all of it needs none.
func (r *Core) Undoing(q *store.Read, leaf *ledger.Leaf, with *Together) (b *Undoing, grown []Grown, err error) {
	if with == nil {
		with = &Together{}
		if err := with.Include(leaf); err != nil {
			return nil, nil, err
		}
	}
	if b, err = r.opened(q, leaf); err != nil {
		return nil, nil, err
	}
	for _, id := range slices.Concat(b.made, b.changed) {
		switch rec := b.now[id]; {
		case !rec.Is():
			grown = append(grown, Grown{Why: i18n.Text{"En af rækkerne er fjernet siden, eller du har ikke adgang til den længere.", "One of the rows was removed since, or you have no access to it any more."}})
		case !b.as[id] && !with.passed[id]:
			grown = append(grown, Grown{id, r.Title(rec), i18n.Text{"er rettet siden indlæsningen.", "was changed since the import."}})
		}
		with.passed[id] = true
	}
	used, err := r.used(q, b.made, with)
	for _, id := range b.made {
		if why, is := used[id]; is && b.now[id].Is() {
			grown = append(grown, Grown{id, r.Title(b.now[id]), why})
		}
	}
	b.changed = slices.DeleteFunc(b.changed, func(id string) bool { return with.made[id] }) // it goes
	return b, grown, err
}

// Grown is what stands in the way of undoing a leaf.
func (r *Core) Grown(q *store.Read, leaf *ledger.Leaf, with *Together) ([]Grown, error) {
	_, grown, err := r.Undoing(q, leaf, with)
	return grown, err
}

var inUse = i18n.Text{"har fået noget knyttet til sig siden.", "has had something added to it since."}

// used finds which new records something else points at, or have acted.
func (r *Core) used(q *store.Read, made []string, with *Together) (map[string]i18n.Text, error) {
	out := map[string]i18n.Text{}
	for part := range slices.Chunk(made, 500) {
		in, args := listed(part)
		keep := func(why i18n.Text) func(store.Scan) error {
			return func(scan store.Scan) error {
				var id, by string
				err := scan(&id, &by)
				if !with.made[by] && !with.passed[by] { // what came with it goes with it, or back to before it
					out[id] = why
				}
				return err
			}
		}
		for _, p := range pointers(q, r.Name) {
			why := i18n.Text{"er taget i brug siden indlæsningen: %s.", "was taken into use since the import: %s."}.Naming(p.one)
			if err := q.Rows(`SELECT `+p.column+`, id FROM `+p.table+` WHERE `+p.column+` `+in, args, keep(why)); err != nil {
				return nil, err
			}
		}
		for _, p := range q.Referring(r.Name, true) { // also what no register declares
			if p.Table == r.Name || declarationOf(p.Table).refs[p.Column] != "" {
				continue
			}
			if err := q.Rows(`SELECT DISTINCT `+p.Column+`, '' FROM `+p.Table+` WHERE `+p.Column+` `+in, args, keep(inUse)); err != nil {
				return nil, err
			}
		}
		args["kind"] = r.Name
		for _, table := range q.Keeping("record") { // what hangs on records of every kind
			for _, end := range [][2]string{{"kind", "record"}, {"to_kind", "to_record"}} {
				if table == MemberKind || !q.Keeps(table, end[0]) || !q.Keeps(table, end[1]) {
					continue
				}
				if err := q.Rows(`SELECT DISTINCT `+end[1]+`, '' FROM `+table+` WHERE `+end[0]+` = :kind AND `+end[1]+` `+in, args, keep(inUse)); err != nil {
					return nil, err
				}
			}
		}
		if err := q.Rows(`SELECT DISTINCT actor, '' FROM ledger_leaf WHERE actor `+in, args,
			keep(i18n.Text{"har selv arbejdet i Værn siden.", "has worked in Værn since."})); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Undo takes back what a leaf did, in a leaf of the batch id: what it made
// goes, what it changed is as before. It refuses all of it when anything stands
// in the way.
func (r *Core) Undo(w *store.Write, id string, leaf *ledger.Leaf) error {
	b, grown, err := r.Undoing(&w.Read, leaf, nil)
	if err != nil {
		return err
	}
	if len(grown) > 0 {
		return grown[0].Problem()
	}
	if err := b.Restore(w, id, nil); err != nil {
		return err
	}
	return b.Remove(w, id)
}

// Standing gathers what stands in the way of an undo of several leaves.
type Standing struct {
	n     int
	named i18n.Text // the first of them
}

const namedAtMost = 5

// Add adds what stands in the way of one leaf.
func (s *Standing) Add(grown []Grown) {
	for _, g := range grown {
		if s.n++; s.n <= namedAtMost {
			s.named = s.named.And(i18n.Same(" ")).And(g.text())
		}
	}
}

// Problem is that nothing was undone, and why; nil where nothing stands in the
// way.
func (s *Standing) Problem() error {
	if s.n == 0 {
		return nil
	}
	more := i18n.Text{}
	if s.n > namedAtMost {
		more = i18n.Text{" Og %d mere.", " And %d more."}.With(s.n - namedAtMost)
	}
	return &problem.Error{Kind: problem.Precondition, Text: i18n.Text{"Indlæsningen kan ikke fortrydes, for noget bygger på den. Intet er ændret.",
		"The import cannot be undone, since something builds on it. Nothing was changed."}.And(s.named).And(more)}
}

func (g Grown) text() i18n.Text {
	return i18n.Text{strings.TrimSpace(g.Title + " " + g.Why[0]), strings.TrimSpace(g.Title + " " + g.Why[1])}
}

// Problem is that it stands in the way.
func (g Grown) Problem() error {
	return &problem.Error{Kind: problem.Precondition, Text: g.text()}
}

// Restore gives changed records the values they had before; only says which, nil
// is all.
func (b *Undoing) Restore(w *store.Write, id string, only func(was Rec) bool) error {
	r := b.r
	var saves []Saving
	for part := range slices.Chunk(b.changed, 500) {
		in, args := listed(part)
		var was []Rec
		if err := w.Rows(`SELECT `+r.columns+` FROM `+r.Name+`_history WHERE id `+in, args, r.collect(&was)); err != nil {
			return err
		}
		for _, rec := range was {
			h := rec.Head()
			if h.Version == b.version[h.ID]-1 && (only == nil || only(rec)) {
				saves = append(saves, Saving{b.now[h.ID], rec})
			}
		}
	}
	if len(saves) == 0 {
		return nil
	}
	wrong, err := r.SaveMany(w, id, saves)
	for i, e := range wrong {
		if p := problem.As(e); p != nil && err == nil {
			title := r.Title(saves[i].Old)
			err = &problem.Error{Kind: problem.Precondition, Text: i18n.Text{title + ": " + p.Text[0], title + ": " + p.Text[1]}, Fields: p.Fields}
		}
	}
	return err
}

// Remove takes away new records and all that was derived from them.
func (b *Undoing) Remove(w *store.Write, id string) error {
	r := b.r
	if len(b.made) == 0 {
		return nil
	}
	rows := make([][]any, len(b.made))
	for i, made := range b.made {
		rows[i] = []any{made, b.now[made].Head().Version}
	}
	if err := w.Batch(r.Name, id, func(batch *store.Batch) error { return batch.Delete(rows) }); err != nil {
		return err
	}
	for part := range slices.Chunk(b.made, 500) {
		in, args := listed(part)
		args["kind"] = r.Name
		for _, text := range []string{`DELETE FROM record_title WHERE kind = :kind AND id `, `DELETE FROM theme_link WHERE kind = :kind AND id `} {
			if err := w.Also(text+in, args); err != nil {
				return err
			}
		}
		if err := unindex(w.Also, r.Name, part); err != nil {
			return err
		}
	}
	for _, made := range b.made {
		if r.Rows == ByMember {
			if err := dismissAll(w, made); err != nil {
				return err
			}
		}
		if r.gone != nil {
			if err := r.gone(w, b.now[made]); err != nil {
				return err
			}
		}
	}
	return nil
}
