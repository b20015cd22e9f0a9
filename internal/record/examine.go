package record

import (
	"maps"
	"slices"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/store"
)

// Examine returns, at each record's place, what would stop its save; nil for
// what would be stored. It changes nothing but the records themselves, whose
// fields that follow from others it fills.
func (r *Core) Examine(q *store.Read, saves []Saving) (wrong []error, err error) {
	wrong = make([]error, len(saves))
	gates, err := r.gates(q, saves)
	if err != nil {
		return nil, err
	}
	given, ids, clear := numbers{}, map[string]bool{}, sights{}
	for i, s := range saves {
		gate := gates[s.isNew()]
		if gate == nil {
			wrong[i] = problem.Refused()
			continue
		}
		if wrong[i], err = said(r.fit(gate, s.Old, s.New, given)); err != nil {
			return nil, err
		}
		r.pointing(s.Old, s.New, func(_ *field.Field, id string) { ids[id] = true })
	}
	titles, err := titlesOf(q, ids)
	if err != nil {
		return nil, err
	}
	open, err := r.reached(gates, saves, wrong)
	if err != nil {
		return nil, err
	}
	for i, s := range saves {
		if wrong[i] != nil {
			continue
		}
		bad := r.lost(s.Old, s.New, titles)
		if unit := s.New.Head().Unit; !open[reachOf{s.isNew(), unit}] && (s.isNew() || s.Old.Head().Unit != unit) {
			bad["unit"] = outOfReach
		}
		if wrong[i] = problem.Check(bad); wrong[i] != nil {
			continue
		}
		if wrong[i], err = said(r.allowed(gates[s.isNew()], s, clear)); err != nil {
			return nil, err
		}
	}
	return wrong, nil
}

// allowed asks what the register itself, and its sensitive fields, allow.
func (r *Core) allowed(q *store.Read, s Saving, clear sights) error {
	old, is := s.Old, s.New
	if !old.Is() {
		old, is = s.New, r.none()
	}
	open, err := r.readsOnce(q, old, clear)
	if err == nil && !open {
		err = r.untouched(old, is)
	}
	if err == nil && r.allow != nil {
		err = r.allow(q, s.Old, s.New)
	}
	return err
}

// sights are the units in which the actor was found to see sensitive fields, or
// not to.
type sights map[string]bool

// readsOnce is reads that asks once for each unit.
func (r *Core) readsOnce(q *store.Read, rec Rec, known sights) (open bool, err error) {
	place := r.home(rec)
	open, seen := known[place]
	if !seen {
		open, err = r.reads(q, rec)
		known[place] = open
	}
	return open, err
}

// gates are the views in which new records (true) are made and others (false)
// changed, as far as the actor may and they are needed.
func (r *Core) gates(q *store.Read, saves []Saving) (map[bool]*store.Read, error) {
	out := map[bool]*store.Read{}
	for _, isNew := range []bool{true, false} {
		if !slices.ContainsFunc(saves, func(s Saving) bool { return s.isNew() == isNew }) {
			continue
		}
		verb := "edit"
		if isNew {
			verb = "create"
		}
		gate, err := q.With(r.Can(verb))
		if err != nil && problem.Of(err) != problem.Forbidden {
			return nil, err
		}
		out[isNew] = gate
	}
	return out, nil
}

type reachOf struct {
	isNew bool
	unit  string
}

// reached finds which units the records may be put into: a statement for the
// new ones and one for those that move.
func (r *Core) reached(gates map[bool]*store.Read, saves []Saving, wrong []error) (map[reachOf]bool, error) {
	units := map[bool]map[string]bool{true: {}, false: {}}
	for i, s := range saves {
		if wrong[i] == nil {
			units[s.isNew()][s.New.Head().Unit] = true
		}
	}
	out := map[reachOf]bool{}
	for isNew, gate := range gates {
		if gate == nil {
			continue
		}
		for part := range slices.Chunk(slices.Sorted(maps.Keys(units[isNew])), 500) {
			in, args := listed(part)
			err := gate.Rows(`SELECT unit FROM unit_under WHERE top = unit AND unit `+in+` AND :scope`, args, func(scan store.Scan) error {
				var unit string
				err := scan(&unit)
				out[reachOf{isNew, unit}] = true
				return err
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// said parts what a person can act on, which belongs to one record, from what
// ends all of it.
func said(err error) (wrong, fatal error) {
	if problem.Of(err) == problem.Internal {
		return nil, err
	}
	return err, nil
}

var outOfReach = i18n.Text{"Vælg en enhed, du har adgang til.", "Choose a unit you have access to."}
