package receipt

import (
	"context"
	"slices"
	"strings"

	"vaern/internal/access"
	"vaern/internal/clause"
	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// How a rule takes people in, and by what.
const (
	In  = "in"
	Out = "out"

	ByUnit     = "unit" // with all below it
	ByPosition = "position"
	ByRole     = "role"
	ByCategory = "category"
)

// Rule takes people into an audience, or leaves them out.
type Rule struct {
	ID    string `json:"-"`
	Part  string `json:"part,omitempty"` // "" the whole document, "s:3.1" a section, "c:3.4" a sentence
	Way   string `json:"way"`
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

// Rules are one audience: who is in by any, and out by none. Rules that take
// nobody in begin with everybody.
type Rules []Rule

func (r Rule) fits(c *crowd, m *member) bool {
	switch r.Kind {
	case ByUnit:
		return c.under(m.Unit, r.Value) || c.seated[seat{m.ID, r.Kind, r.Value}]
	case ByPosition:
		return c.seated[seat{m.ID, r.Kind, r.Value}]
	case ByRole:
		return r.Value == string(access.Employee) || c.seated[seat{m.ID, r.Kind, r.Value}]
	case ByCategory:
		return m.Category == r.Value
	}
	return false
}

// has reports whether somebody is in the audience.
func (rs Rules) has(c *crowd, m *member) bool {
	in, open := false, true
	for _, r := range rs {
		if r.Way == In {
			open = false
			in = in || r.fits(c, m)
		} else if r.fits(c, m) {
			return false
		}
	}
	return in || open
}

// picks reports whether any rule of a way fits.
func (rs Rules) picks(c *crowd, m *member, way string) bool {
	return slices.ContainsFunc(rs, func(r Rule) bool { return r.Way == way && r.fits(c, m) })
}

// audience is whom a document is for, part by part. A part without rules of its
// own is for those whom the part around it is for.
type audience struct {
	parts map[string]Rules
	home  map[string]string // sentence → number of its section
}

func newAudience(rules Rules, sections ...[]clause.Section) *audience {
	a := &audience{map[string]Rules{}, map[string]string{}}
	for _, r := range rules {
		a.parts[r.Part] = append(a.parts[r.Part], r)
	}
	for _, list := range sections { // the newest last: it decides
		for _, s := range list {
			for _, c := range s.Clauses {
				a.home[c.ID] = s.Number
			}
		}
	}
	return a
}

// of are the rules for a sentence.
func (a *audience) of(id string) Rules { return a.parts[a.part(id)] }

// part is the part whose rules are those for a sentence.
func (a *audience) part(id string) string {
	if _, own := a.parts["c:"+id]; own {
		return "c:" + id
	}
	for number := a.home[id]; number != ""; {
		if _, own := a.parts["s:"+number]; own {
			return "s:" + number
		}
		at := strings.LastIndex(number, ".")
		number = number[:max(at, 0)]
	}
	return ""
}

// whole reports whether any part of the document is for somebody.
func (a *audience) whole(c *crowd, m *member) bool {
	if a.parts[""].has(c, m) {
		return true
	}
	for part, rules := range a.parts {
		if part != "" && rules.has(c, m) {
			return true
		}
	}
	return false
}

// sentences are some of a document's, each with the part whose rules it has.
type sentences struct{ ids, parts []string }

func (a *audience) sentences(ids []string) sentences {
	s := sentences{ids, make([]string, len(ids))}
	for i, id := range ids {
		s.parts[i] = a.part(id)
	}
	return s
}

// touched are those of some sentences that are for somebody. They are nearly
// always all or none of what stands together.
func (a *audience) touched(c *crowd, m *member, s sentences) (out []string) {
	whole, fits := true, false
	for i, id := range s.ids {
		if i == 0 || s.parts[i] != s.parts[i-1] {
			fits = a.parts[s.parts[i]].has(c, m)
		}
		switch {
		case whole && !fits:
			whole, out = false, append(out, s.ids[:i]...)
		case !whole && fits:
			out = append(out, id)
		}
	}
	if whole {
		return s.ids
	}
	return out
}

// rules are the audiences of a document, of all its parts.
func rules(q *store.Read, document string) (out Rules, err error) {
	err = q.Rows(`SELECT id, part, way, kind, value FROM audience WHERE document = :document ORDER BY part, way, id`,
		store.Args{"document": document}, func(scan store.Scan) error {
			var r Rule
			err := scan(&r.ID, &r.Part, &r.Way, &r.Kind, &r.Value)
			out = append(out, r)
			return err
		})
	return out, err
}

// check refuses a rule that can fit nobody.
func (r Rule) check() error {
	fine := r.Way == In || r.Way == Out
	switch r.Kind {
	case ByUnit, ByPosition:
		if r.Value == "" {
			return problem.Field("name", "Vælg en enhed eller stilling, der findes.", "Choose a unit or position that exists.")
		}
	case ByRole:
		_, known := people.RoleName[access.Role(r.Value)]
		fine = fine && known
	case ByCategory:
		fine = fine && slices.ContainsFunc(people.Category("").Choices(), func(c [3]string) bool { return c[0] == r.Value })
	default:
		fine = false
	}
	if !fine {
		return problem.Field("who", "Vælg, hvem det gælder.", "Choose who it is about.")
	}
	return nil
}

// Include adds a rule to a document's audience.
func (d *Desk) Include(ctx context.Context, s *store.Store, document string, r Rule) error {
	if err := r.check(); err != nil {
		return err
	}
	return s.Change(ctx, store.Intent{Verb: "audience.add", Need: Plans}, func(w *store.Write) error {
		if err := reached(&w.Read, document); err != nil {
			return err
		}
		have, err := rules(&w.Read, document)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(have, func(o Rule) bool { o.ID = ""; return o == r }) {
			return problem.Field("who", "Reglen står der allerede.", "The rule is there already.")
		}
		return addRule(w, document, r)
	})
}

// reached refuses to plan the reading of a document out of reach, as if it were
// not there.
func reached(q *store.Read, document string) error {
	var unit string
	return q.Row(`SELECT unit FROM record_title WHERE id = :id AND :scope`, store.Args{"id": document}, &unit)
}

func addRule(w *store.Write, document string, r Rule) error {
	id := w.NewID()
	return w.Do(ref.Ref{Kind: "audience", ID: id}, `
		INSERT INTO audience (id, version, unit, updated_at, updated_by, document, part, way, kind, value)
		VALUES (:id, 1, :unit, :now, :actor, :document, :part, :way, :kind, :value)`,
		store.Args{"id": id, "unit": people.Top, "document": document, "part": r.Part, "way": r.Way, "kind": r.Kind, "value": r.Value})
}

// Drop takes a rule away.
func (d *Desk) Drop(ctx context.Context, s *store.Store, document, id string) error {
	return s.Change(ctx, store.Intent{Verb: "audience.drop", Need: Plans}, func(w *store.Write) error {
		if err := reached(&w.Read, document); err != nil {
			return err
		}
		return w.Do(ref.Ref{Kind: "audience", ID: id}, `DELETE FROM audience WHERE id = :id AND document = :document`,
			store.Args{"id": id, "document": document})
	})
}

// follow moves the rules of sections that got another number with them.
func follow(w *store.Write, all []Rule, moved numbers) error {
	for _, r := range all {
		number, section := strings.CutPrefix(r.Part, "s:")
		if now := moved[number]; section && now != "" && now != number {
			err := w.As("audience.follow").Do(ref.Ref{Kind: "audience", ID: r.ID},
				`UPDATE audience SET version = version + 1, updated_at = :now, updated_by = :actor, part = :part WHERE id = :id`,
				store.Args{"id": r.ID, "part": "s:" + now})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// Dissolved is called in the change in which another unit takes over a unit:
// whom a text is for, for belonging there, it is still for. Who is left out for
// that is left out no more, so nobody is forgotten.
func (d *Desk) Dissolved(w *store.Write, unit, by string) error {
	w = w.As("audience.dissolve")
	all, err := ofUnit(&w.Read, unit)
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.Way != In {
			continue
		}
		if err := w.Do(ref.Ref{Kind: "audience", ID: r.ID}, `UPDATE audience SET version = version + 1, updated_at = :now, updated_by = :actor, value = :by WHERE id = :id`,
			store.Args{"id": r.ID, "by": by}); err != nil {
			return err
		}
	}
	return besides(w, func(r *Rule) bool {
		follows := r.Way == In && r.Kind == ByUnit && r.Value == unit
		if follows {
			r.Value = by
		}
		return follows
	})
}

// Parted is called in the change in which a part of a unit becomes another: what
// a text says of who belongs there, it says of both.
func (d *Desk) Parted(w *store.Write, unit, made string) error {
	w = w.As("audience.part")
	all, err := ofUnit(&w.Read, unit)
	for _, r := range all {
		if err == nil {
			r.Value = made
			err = addRule(w, r.document, r.Rule)
		}
	}
	return err
}

// unitRule is a rule about a unit, and the document that has it.
type unitRule struct {
	Rule
	document string
}

func ofUnit(q *store.Read, unit string) (out []unitRule, err error) {
	err = q.Rows(`SELECT id, document, part, way FROM audience WHERE kind = 'unit' AND value = :unit ORDER BY id`, store.Args{"unit": unit}, func(scan store.Scan) error {
		r := unitRule{Rule: Rule{Kind: ByUnit, Value: unit}}
		err := scan(&r.ID, &r.document, &r.Part, &r.Way)
		out = append(out, r)
		return err
	})
	return out, err
}

// besides changes the rules that those asked were chosen by beside the audience.
func besides(w *store.Write, change func(*Rule) bool) error {
	all, err := readings(&w.Read, `state <> 'closed'`, nil)
	for _, r := range all {
		moved := false
		for i := range r.More {
			moved = change(&r.More[i]) || moved
		}
		if err == nil && moved {
			err = put(w, &r)
		}
	}
	return err
}

// categoryName is what a category is called.
func categoryName(key string) i18n.Text {
	for _, c := range people.Category("").Choices() {
		if c[0] == key {
			return i18n.Text{c[1], c[2]}
		}
	}
	return i18n.Same(key)
}
