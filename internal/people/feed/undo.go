package feed

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"vaern/internal/ledger"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
)

// back is what a leaf did, on its way back.
type back struct {
	remove, restore func(w *store.Write, batch string) error
}

// opener finds what a leaf did, and what stands in the way of taking it back.
type opener func(*store.Read, *ledger.Leaf, *record.Together) (back, []record.Grown, error)

// undoOrder is in which order what was changed is as before: whoever holds a
// position must be here first. What was made goes in the opposite order.
var undoOrder = []string{"unit", "position", "person", "holding"}

var openers = map[string]opener{
	"unit": backOf(people.Units.Core), "unit_change": backOf(people.Changes.Core), "position": backOf(people.Positions.Core), "person": backOf(people.Persons.Core), "holding": holdingsBack, "role_grant": grantsBack,
}

// openerOf is what takes back leaves about records of a kind: a file of units
// places records of every kind, where it closes the unit that they were in.
func openerOf(q *store.Read, kind string) opener {
	switch o := openers[kind]; {
	case o != nil:
		return o
	case q.Keeps(kind, "unit"):
		return placedBack
	}
	return nil
}

func placedBack(q *store.Read, leaf *ledger.Leaf, _ *record.Together) (back, []record.Grown, error) {
	place, grown, err := record.PlacedBack(q, leaf)
	return back{
		remove:  func(*store.Write, string) error { return nil },
		restore: func(w *store.Write, _ string) error { return place(w) },
	}, grown, err
}

// grantsBack gives a role that ended with its unit again, with every check there
// is: whoever takes the file back must be one who may give it.
func grantsBack(q *store.Read, leaf *ledger.Leaf, with *record.Together) (back, []record.Grown, error) {
	var body struct {
		Before *struct{ Unit, Position, Role string }
		After  json.RawMessage
	}
	if err := json.Unmarshal(leaf.Body, &body); err != nil || body.Before == nil || string(body.After) != "null" {
		return placedBack(q, leaf, with)
	}
	_, err := q.With(people.Grants.Can("create"))
	return back{
		remove: func(*store.Write, string) error { return nil },
		restore: func(w *store.Write, id string) error {
			again := &people.Grant{Head: record.Head{Unit: body.Before.Unit}, Position: body.Before.Position, Role: people.Role(body.Before.Role)}
			wrong, err := people.Grants.SaveMany(w, id, []record.Save[people.Grant]{{New: again}})
			return errors.Join(append(wrong, err)...)
		},
	}, nil, err
}

func backOf(r *record.Core) opener {
	return func(q *store.Read, leaf *ledger.Leaf, with *record.Together) (back, []record.Grown, error) {
		u, grown, err := r.Undoing(q, leaf, with)
		if err != nil {
			return back{}, nil, err
		}
		return back{u.Remove, func(w *store.Write, id string) error { return u.Restore(w, id, nil) }}, grown, nil
	}
}

// holdingsBack restores what carries roles with every check there is, and the
// rest at once, as it was taken in.
func holdingsBack(q *store.Read, leaf *ledger.Leaf, with *record.Together) (back, []record.Grown, error) {
	checked, grown, err := people.Holdings.Undoing(q, leaf, with)
	if err != nil {
		return back{}, nil, err
	}
	plain, _, err := seats.Undoing(q, leaf, with)
	if err != nil {
		return back{}, nil, err
	}
	restore := func(w *store.Write, id string) error {
		bearing := map[string]bool{}
		if err := bears(&w.Read, bearing); err != nil {
			return err
		}
		if err := plain.Restore(w, id, func(was record.Rec) bool { return !bearing[record.As[people.Holding](was).Position] }); err != nil {
			return err
		}
		return checked.Restore(w, id, func(was record.Rec) bool { return bearing[record.As[people.Holding](was).Position] })
	}
	return back{checked.Remove, restore}, grown, nil
}

// trace is the leaves of one change that a file made, the newest first.
type trace struct {
	at   string
	seqs []int64
}

// traces are the changes of a file, the newest first. It refuses where one did
// what cannot be taken back as one.
func (k *Kept) traces(q *store.Read) (out []trace, err error) {
	if len(k.Report.Changes) == 0 {
		return nil, nil
	}
	err = q.Rows(`SELECT seq, at, kind FROM ledger_leaf WHERE actor = :taker AND at :among(changes) ORDER BY seq DESC`,
		store.Args{"taker": k.Report.Taker, "changes": store.List(k.Report.Changes)}, func(scan store.Scan) error {
			var seq int64
			var at, kind string
			if err := scan(&seq, &at, &kind); err != nil {
				return err
			}
			switch {
			case kind == "token":
				return nil // one that ended with the access stays ended
			case openerOf(q, kind) == nil:
				return problem.New(problem.Precondition, "Filen har ændret noget, der ikke kan fortrydes som ét. Lav den modsatte ændring i stedet.",
					"The file changed something that cannot be undone as one. Make the opposite change instead.")
			}
			if len(out) == 0 || out[len(out)-1].at != at {
				out = append(out, trace{at: at})
			}
			out[len(out)-1].seqs = append(out[len(out)-1].seqs, seq)
			return nil
		})
	return out, err
}

// leaves are the leaves of a change, the newest first.
func (t trace) leaves(q *store.Read) (out []ledger.Leaf, err error) {
	for _, seq := range t.seqs {
		some, err := q.LeavesBefore(seq+1, 1, "")
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	return out, nil
}

// Undo takes back what a file did, the newest change first, unless something
// builds on it; then nothing is changed. What was cut off goes on.
func Undo(ctx context.Context, s *store.Store, id string, step Step) error {
	k, _, err := open(ctx, s, id)
	if err != nil || k.State != Taken {
		return err
	}
	var all []trace
	err = s.View(ctx, Need, func(q *store.Read) error {
		if all, err = k.traces(q); err != nil {
			return err
		}
		return clear(q, all)
	})
	if err != nil {
		return err
	}
	for i, t := range all {
		err := s.Change(ctx, store.Intent{Verb: "person.undo", Need: Need, Reason: k.Name}, func(w *store.Write) error { return k.takeBack(w, t) })
		if err == nil {
			err = step(i+1, len(all))
		}
		if err != nil {
			return err
		}
	}
	return k.Settle(ctx, s, Undone, nil)
}

// clear refuses to take back what something builds on, and names it.
func clear(q *store.Read, all []trace) error {
	with, in := &record.Together{}, record.Standing{}
	for _, t := range all {
		leaves, err := t.leaves(q)
		for i := range leaves {
			if err == nil {
				err = with.Include(&leaves[i])
			}
		}
		if err != nil {
			return err
		}
	}
	for _, t := range all {
		leaves, err := t.leaves(q)
		if err != nil {
			return err
		}
		for i := range leaves {
			kind, _, _ := strings.Cut(leaves[i].About, "/")
			_, grown, err := openerOf(q, kind)(q, &leaves[i], with)
			if err != nil {
				return err
			}
			in.Add(grown)
		}
	}
	return in.Problem()
}

// takeBack takes one change back.
func (k *Kept) takeBack(w *store.Write, t trace) error {
	leaves, err := t.leaves(&w.Read)
	if err != nil {
		return err
	}
	with := &record.Together{}
	for i := range leaves {
		if err := with.Include(&leaves[i]); err != nil {
			return err
		}
	}
	if k.Report.Undo == "" {
		k.Report.Undo = w.NewID()
	}
	if k.Meant.Units {
		err = k.step(w, leaves, with)
	} else {
		err = k.together(w, leaves, with)
	}
	if err != nil {
		return err
	}
	k.Report.Changes = slices.DeleteFunc(slices.Clone(k.Report.Changes), func(at string) bool { return at == t.at })
	args, err := k.args()
	if err != nil {
		return err
	}
	return w.Also(`UPDATE work_feed SET report = :report WHERE id = :id`, args)
}

// step takes leaves back one after the other: units stand on each other.
func (k *Kept) step(w *store.Write, leaves []ledger.Leaf, with *record.Together) error {
	for i := range leaves {
		kind, b, err := reopened(&w.Read, &leaves[i], with)
		if err == nil {
			err = b.remove(w.As(kind+".undo"), k.Report.Undo)
		}
		if err == nil {
			err = b.restore(w.As(kind+".undo"), k.Report.Undo)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// together takes leaves back at once: all that was made goes before anything is
// as it was, since a number or an address may pass from one to the other.
func (k *Kept) together(w *store.Write, leaves []ledger.Leaf, with *record.Together) error {
	of := map[string][]back{}
	for i := range leaves {
		kind, b, err := reopened(&w.Read, &leaves[i], with)
		if err != nil {
			return err
		}
		of[kind] = append(of[kind], b)
	}
	for _, kind := range slices.Backward(undoOrder) {
		for _, b := range of[kind] {
			if err := b.remove(w.As(kind+".undo"), k.Report.Undo); err != nil {
				return err
			}
		}
	}
	for _, kind := range undoOrder {
		for _, b := range of[kind] {
			if err := b.restore(w.As(kind+".undo"), k.Report.Undo); err != nil {
				return err
			}
		}
	}
	return nil
}

// reopened is what a leaf did, on its way back, where nothing stands in it.
func reopened(q *store.Read, leaf *ledger.Leaf, with *record.Together) (kind string, b back, err error) {
	kind, _, _ = strings.Cut(leaf.About, "/")
	b, grown, err := openerOf(q, kind)(q, leaf, with)
	if err == nil && len(grown) > 0 {
		err = grown[0].Problem()
	}
	return kind, b, err
}
