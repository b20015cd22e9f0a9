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

// batch is what a leaf did to the records of the register.
type batch struct {
	made, changed []string
	version       map[string]int64 // that the batch gave
	now           map[string]Rec   // as they are, where the view reaches them
	as            map[string]bool  // those that are as the batch left them
}

func (r *Core) opened(q *store.Read, leaf *ledger.Leaf) (*batch, error) {
	if leaf.Erased() {
		return nil, problem.New(problem.Precondition, "Indholdet af indlæsningen er slettet af beviskæden, så den kan ikke fortrydes.",
			"What the import held was erased from the ledger, so it cannot be undone.")
	}
	changes, err := leaf.Changes()
	if err != nil {
		return nil, err
	}
	b := &batch{version: map[string]int64{}, now: map[string]Rec{}, as: map[string]bool{}}
	for _, c := range changes {
		_, id, _ := strings.Cut(c.About, "/")
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
		if err := q.Rows(`SELECT `+r.columns+` FROM `+r.Name+` WHERE id IN `+in+` AND `+r.within, args, r.collect(&some)); err != nil {
			return nil, err
		}
		for i := range some {
			h := some[i].Head()
			b.now[h.ID], b.as[h.ID] = some[i], h.Version == b.version[h.ID]
		}
	}
	return b, r.likened(q, b)
}

// likened finds the records that were changed and changed back: as the batch
// left them, though in a later version.
func (r *Core) likened(q *store.Read, b *batch) error {
	var later []string
	for _, id := range slices.Concat(b.made, b.changed) {
		if b.now[id].Is() && !b.as[id] {
			later = append(later, id)
		}
	}
	for part := range slices.Chunk(later, 500) {
		in, args := listed(part)
		var was []Rec
		if err := q.Rows(`SELECT `+r.columns+` FROM `+r.Name+`_history WHERE id IN `+in, args, r.collect(&was)); err != nil {
			return err
		}
		for i := range was {
			if h := was[i].Head(); h.Version == b.version[h.ID] {
				b.as[h.ID] = r.Same(was[i], b.now[h.ID])
			}
		}
	}
	return nil
}

// Grown returns what stands in the way of undoing a leaf of a batch: records
// that were changed since, and new ones that others build on.
func (r *Core) Grown(q *store.Read, leaf *ledger.Leaf) (out []Grown, err error) {
	b, err := r.opened(q, leaf)
	if err != nil {
		return nil, err
	}
	for _, id := range slices.Concat(b.made, b.changed) {
		switch rec := b.now[id]; {
		case !rec.Is():
			out = append(out, Grown{Why: i18n.Text{"En af rækkerne er fjernet siden, eller du har ikke adgang til den længere.", "One of the rows was removed since, or you have no access to it any more."}})
		case !b.as[id]:
			out = append(out, Grown{id, r.Title(rec), i18n.Text{"er rettet siden indlæsningen.", "was changed since the import."}})
		}
	}
	used, err := r.used(q, b.made)
	for _, id := range b.made {
		if why, is := used[id]; is && b.now[id].Is() {
			out = append(out, Grown{id, r.Title(b.now[id]), why})
		}
	}
	return out, err
}

var inUse = i18n.Text{"har fået noget knyttet til sig siden.", "has had something added to it since."}

// used finds which new records something else points at, or have acted.
func (r *Core) used(q *store.Read, made []string) (map[string]i18n.Text, error) {
	out := map[string]i18n.Text{}
	for part := range slices.Chunk(made, 500) {
		in, args := listed(part)
		keep := func(why i18n.Text) func(store.Scan) error {
			return func(scan store.Scan) error {
				var id string
				err := scan(&id)
				out[id] = why
				return err
			}
		}
		for _, p := range pointers(q, r.Name) {
			text := `SELECT DISTINCT ` + p.column + ` FROM ` + p.table + ` WHERE ` + p.column + ` IN ` + in
			if p.table == r.Name { // what came with it goes with it
				text += ` AND id NOT IN ` + in
			}
			why := i18n.Text{"er i brug siden indlæsningen: %s.", "is in use since the import: %s."}.Naming(p.one)
			if err := q.Rows(text, args, keep(why)); err != nil {
				return nil, err
			}
		}
		for _, p := range q.Referring(r.Name, true) { // also what no register declares
			if p.Table == r.Name || declarationOf(p.Table).refs[p.Column] != "" {
				continue
			}
			if err := q.Rows(`SELECT DISTINCT `+p.Column+` FROM `+p.Table+` WHERE `+p.Column+` IN `+in, args, keep(inUse)); err != nil {
				return nil, err
			}
		}
		args["kind"] = r.Name
		for _, table := range q.Keeping("record") { // what hangs on records of every kind
			for _, end := range [][2]string{{"kind", "record"}, {"to_kind", "to_record"}} {
				if table == MemberKind || !q.Keeps(table, end[0]) || !q.Keeps(table, end[1]) {
					continue
				}
				if err := q.Rows(`SELECT DISTINCT `+end[1]+` FROM `+table+` WHERE `+end[0]+` = :kind AND `+end[1]+` IN `+in, args, keep(inUse)); err != nil {
					return nil, err
				}
			}
		}
		if err := q.Rows(`SELECT DISTINCT actor FROM ledger_leaf WHERE actor IN `+in, args,
			keep(i18n.Text{"har selv arbejdet i Værn siden.", "has worked in Værn since."})); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Undo takes back what a leaf of a batch did, in a leaf of the batch id: what
// it made goes, what it changed is as before. It refuses all of it when
// anything stands in the way.
func (r *Core) Undo(w *store.Write, id string, leaf *ledger.Leaf) error {
	grown, err := r.Grown(&w.Read, leaf)
	if err != nil {
		return err
	}
	if len(grown) > 0 {
		g := grown[0]
		return &problem.Error{Kind: problem.Precondition, Text: i18n.Text{strings.TrimSpace(g.Title + " " + g.Why[0]), strings.TrimSpace(g.Title + " " + g.Why[1])}}
	}
	b, err := r.opened(&w.Read, leaf)
	if err != nil {
		return err
	}
	if err := r.restore(w, id, b); err != nil {
		return err
	}
	return r.remove(w, id, b)
}

// restore gives changed records the values they had before.
func (r *Core) restore(w *store.Write, id string, b *batch) error {
	var saves []Saving
	for part := range slices.Chunk(b.changed, 500) {
		in, args := listed(part)
		var was []Rec
		if err := w.Rows(`SELECT `+r.columns+` FROM `+r.Name+`_history WHERE id IN `+in, args, r.collect(&was)); err != nil {
			return err
		}
		for i := range was {
			h := was[i].Head()
			if h.Version == b.version[h.ID]-1 {
				saves = append(saves, Saving{b.now[h.ID], was[i]})
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

// remove takes away new records and all that was derived from them.
func (r *Core) remove(w *store.Write, id string, b *batch) error {
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
		for _, text := range []string{`DELETE FROM record_title WHERE kind = :kind AND id IN `, `DELETE FROM theme_link WHERE kind = :kind AND id IN `} {
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
