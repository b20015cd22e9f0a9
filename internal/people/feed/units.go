package feed

import (
	"context"
	"slices"
	"strings"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
)

// place is a row of a file of units.
type place struct {
	row                       int
	number, name, above, from string
	until                     string
	kind                      people.UnitKind
	depth                     int
}

// tree is a file of units on its way in.
type tree struct {
	*taking
	known   map[string]people.Unit // by number
	planned map[string]bool        // act, subject, target, name and day of what is planned already
	places  []*place
	by      map[string]*place
}

// Units takes a file of units: new ones are made, changed ones change and those
// with a last day close after it. A unit that is not in the file stays.
func Units(ctx context.Context, s *store.Store, t Table, o Options) (*Report, error) {
	k, err := begin(ctx, s, t, o)
	if err != nil {
		return nil, err
	}
	if err := k.forUnits(t.Head); err != nil {
		return nil, err
	}
	r := &tree{taking: k, known: map[string]people.Unit{}, planned: map[string]bool{}, by: map[string]*place{}}
	if err := r.read(); err != nil {
		return k.report, err
	}
	if err := s.View(ctx, Need, r.know); err != nil {
		return k.report, err
	}
	if k.Try {
		return k.report, r.try()
	}
	done := k.report.Done.Units
	for part := range slices.Chunk(r.places[min(done, len(r.places)):], 50) { // each takes many statements
		done += len(part)
		if err := r.run(part, Done{Units: done}); err != nil {
			return k.report, err
		}
	}
	return k.report, nil
}

// read reads all rows, and puts each unit after the one above it.
func (t *tree) read() error {
	for n, row := range t.Table.Rows {
		if strings.Join(row, "") == "" {
			continue
		}
		u := &place{row: n, number: t.get(row, number), name: t.get(row, name), above: t.get(row, above)}
		wrong := t.understand(u, row)
		if t.Before == nil { // else it was told before it was cut off
			t.report.Rows++
		}
		if wrong != (i18n.Text{}) {
			if t.Before == nil {
				t.tell(u, Wrong, wrong)
			}
			continue
		}
		t.by[strings.ToLower(u.number)] = u
		t.places = append(t.places, u)
	}
	for _, u := range t.places {
		for p, steps := u, 0; p != nil && p.above != "" && steps < 50; steps++ {
			if p = t.by[strings.ToLower(p.above)]; p == u {
				break
			}
			u.depth++
		}
	}
	slices.SortStableFunc(t.places, func(a, b *place) int { return a.depth - b.depth })
	return nil
}

func (t *tree) understand(u *place, row []string) (wrong i18n.Text) {
	var ok bool
	if u.from, ok = date(t.get(row, from)); !ok {
		return noDate.With(t.get(row, from))
	}
	if u.until, ok = date(t.get(row, until)); !ok {
		return noDate.With(t.get(row, until))
	}
	other := t.by[strings.ToLower(u.number)]
	switch {
	case u.number == "":
		return i18n.Text{"Der mangler et enhedsnummer.", "The unit number is missing."}
	case u.name == "":
		return i18n.Text{"Der mangler et navn.", "The name is missing."}
	case other != nil:
		return i18n.Text{"Nummeret står allerede i række %d.", "Row %d already has that number."}.With(other.row)
	case strings.EqualFold(u.number, u.above):
		return i18n.Text{"En enhed kan ikke ligge under sig selv.", "A unit cannot be under itself."}
	}
	if u.kind, ok = kindOf(t.get(row, kind)); !ok {
		return i18n.Text{"Arten »%s« er ukendt. Brug et af Værns ord, for eksempel Institution eller Team.", "The kind “%s” is unknown. Use one of Værn's words, for example Institution or Team."}.With(t.get(row, kind))
	}
	return wrong
}

// kinds are what kinds of units are called in files, besides their names.
var kinds = map[string]people.UnitKind{
	"forvaltning": "area", "direktørområde": "area", "område": "area", "center": "department", "afdeling": "department", "fagområde": "department",
	"institution": "institution", "skole": "institution", "arbejdssted": "institution", "plejecenter": "institution", "dagtilbud": "institution", "team": "team",
}

func kindOf(word string) (people.UnitKind, bool) {
	word = strings.ToLower(word)
	if word == "" {
		return "", true
	}
	for _, c := range people.UnitKind("").Choices() {
		for _, w := range c {
			if strings.ToLower(w) == word {
				return people.UnitKind(c[0]), true
			}
		}
	}
	k, ok := kinds[word]
	return k, ok
}

// know loads the units that are there, and what is planned for them.
func (t *tree) know(q *store.Read) error {
	err := q.Rows(`SELECT id, unit, number, name, kind, closes FROM unit`, nil, func(scan store.Scan) error {
		var u people.Unit
		var closes *string
		err := scan(&u.ID, &u.Unit, &u.Number, &u.Name, &u.Kind, &closes)
		if closes != nil {
			u.Closes = field.Date(*closes)
		}
		t.known[strings.ToLower(u.Number)] = u
		return err
	})
	if err != nil {
		return err
	}
	return q.Rows(`SELECT act, subject, target, name, effective FROM unit_change WHERE state = 'planned'`, nil, func(scan store.Scan) error {
		var c people.Change
		err := scan(&c.Act, &c.Subject, &c.Target, &c.Name, &c.Effective)
		t.planned[planOf(c)] = true
		return err
	})
}

func planOf(c people.Change) string {
	return strings.Join([]string{string(c.Act), c.Subject, c.Target, c.Name, string(c.Effective)}, "\x00")
}

func (t *tree) tell(u *place, did Did, text i18n.Text) {
	t.say(Line{Row: u.row, Key: u.number, Name: u.name, Did: did, Text: text})
}

// run takes some rows in, in one change. A row that fails takes none along.
func (t *tree) run(part []*place, until Done) error {
	err := t.change("unit.feed", until, func(w *store.Write) (told []Line, did bool, err error) {
		for _, u := range part {
			l := Line{Row: u.row, Key: u.number, Name: u.name, Did: Unchanged, Text: asBefore}
			if err := w.Try(func() error { return t.put(hand{&w.Read, w}, u, &l) }); err != nil {
				if problem.As(err) == nil {
					return nil, false, err
				}
				l.Did, l.Text = Wrong, plainly(err)
			}
			did = did || l.Did != Unchanged && l.Did != Wrong
			told = append(told, l)
		}
		return told, did, nil
	})
	if err != nil {
		return err
	}
	return t.step()
}

// try says what would happen. It writes nothing, not even to take it back:
// units stand on each other, and the writer would wait for all of them.
func (t *tree) try() error {
	return t.s.View(t.ctx, Need, func(q *store.Read) error {
		for _, u := range t.places {
			l := Line{Row: u.row, Key: u.number, Name: u.name, Did: Unchanged, Text: asBefore}
			if err := t.put(hand{q: q}, u, &l); err != nil {
				if problem.As(err) == nil {
					return err
				}
				l.Did, l.Text = Wrong, plainly(err)
			}
			t.say(l)
		}
		return nil
	})
}

// hand is what puts a unit in its place; without w it only tries.
type hand struct {
	q *store.Read
	w *store.Write
}

// may is the hand with another verb and permission.
func (h hand) may(kind, verb string) (*store.Write, error) {
	need := access.Permission(kind + "." + verb)
	return h.w.As(string(need)).Needing(need)
}

// put makes of a unit what the row says.
func (t *tree) put(h hand, u *place, l *Line) error {
	overID, wrong := t.over(u)
	if wrong != nil {
		return wrong
	}
	old, known := t.known[strings.ToLower(u.number)]
	if !known {
		if u.until != "" && u.until < t.Day {
			l.Text = i18n.Text{"Er nedlagt og fandtes ikke her.", "Is closed and was not here."}
			return nil
		}
		is := people.Unit{Head: record.Head{Unit: overID}, Name: u.name, Number: u.number, Kind: u.kind}
		if is.Kind == "" {
			is.Kind = "department"
		}
		if err := t.make(h, &is); err != nil {
			return err
		}
		t.known[strings.ToLower(u.number)] = is
		l.Did, l.Text = Joined, i18n.Text{"Ny.", "New."}
		old = is
	}
	if err := t.alter(h, old, overID, u, l); err != nil || u.until == "" || old.Closes != "" {
		return err
	}
	return t.plan(h, people.Change{Act: people.CloseUnit, Subject: old.ID, Target: overID, Effective: people.DayAfter(u.until)}, l, Left,
		i18n.Text{"Nedlægges efter %s. Enheden ovenover overtager.", "Closes after %s. The unit above takes over."}.Naming(dayText(u.until)))
}

// over is the unit above.
func (t *tree) over(u *place) (id string, wrong error) {
	old, known := t.known[strings.ToLower(u.number)]
	switch {
	case u.above == "" && known:
		return old.Unit, nil
	case u.above == "":
		return people.Top, nil
	}
	above, is := t.known[strings.ToLower(u.above)]
	if !is {
		return "", problem.Check(problem.Fields{"above": noUnit.With(u.above)})
	}
	return above.ID, nil
}

// alter changes a unit, from the day of its row where that is to come.
func (t *tree) alter(h hand, old people.Unit, over string, u *place, l *Line) error {
	day := max(t.Day, u.from)
	if over != old.Unit && old.ID != people.Top {
		err := t.plan(h, people.Change{Act: people.MoveUnit, Subject: old.ID, Target: over, Effective: field.Date(day)}, l, Moved,
			i18n.Text{"Lægges under en anden enhed %s.", "Is put under another unit on %s."}.Naming(dayText(day)))
		if err != nil {
			return err
		}
	}
	if u.name != old.Name {
		err := t.plan(h, people.Change{Act: people.RenameUnit, Subject: old.ID, Name: u.name, Effective: field.Date(day)}, l, Changed,
			i18n.Text{"Skifter navn %s.", "Is renamed on %s."}.Naming(dayText(day)))
		if err != nil {
			return err
		}
	}
	if u.kind == "" || u.kind == old.Kind {
		return nil
	}
	l.Did, l.Text = Changed, i18n.Text{"Arten er ændret.", "The kind changed."}
	if h.w == nil {
		return nil
	}
	w, err := h.may("unit", "edit")
	if err != nil {
		return err
	}
	now, err := people.Units.Get(&w.Read, old.ID)
	if err != nil {
		return err
	}
	is := now
	is.Kind = u.kind
	return people.Units.Replace(w, now, &is)
}

// plan does what happens to a unit, or plans it where the day is to come.
func (t *tree) plan(h hand, c people.Change, l *Line, did Did, text i18n.Text) error {
	if t.planned[planOf(c)] {
		return nil
	}
	l.Did, l.Text = did, text
	switch {
	case h.w != nil:
		w, err := h.may("unit_change", "create")
		if err != nil {
			return err
		}
		return people.Changes.Add(w, &c)
	case c.Subject == "" || c.Target == "" && c.Act != people.RenameUnit:
		return nil // about a unit that is not made yet
	}
	return people.TryChange(h.q, &c)
}

// make makes a new unit.
func (t *tree) make(h hand, is *people.Unit) error {
	if h.w == nil {
		return nil
	}
	w, err := h.may("unit", "create")
	if err != nil {
		return err
	}
	return people.Units.Add(w, is)
}
