package feed

import (
	"maps"
	"slices"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/ref"
)

// seats is the register of holdings without what it checks row by row: a part
// has seen to that for all of its rows at once. A position that carries roles
// goes through people.Holdings.
var seats = record.New(record.Register[people.Holding]{
	Name: "holding", One: people.Holdings.One, Many: people.Holdings.Many, About: people.Holdings.About,
})

// saveHoldings saves what each person holds by the file: new employments begin,
// those whose days changed change, and those that are no longer named end.
func (p *part) saveHoldings() error {
	open, err := p.open()
	if err != nil {
		return err
	}
	var saves []record.Save[people.Holding]
	var rows []int
	for i := range p.jobs {
		j := &p.jobs[i]
		n := p.known[j.number]
		if p.lines[i].Did == Wrong || n == nil || j.position == "" {
			continue
		}
		old := p.held(open[n.ID], j)
		is := p.holding(old, n, j)
		if old == nil && !p.lasts(is) || is.Ends != "" && is.Ends < is.Starts || old != nil && *is == *old {
			continue
		}
		if p.bearing[j.position] {
			if err := p.alone(i, old, is); err != nil {
				return err
			}
			continue
		}
		saves, rows = append(saves, record.Save[people.Holding]{Old: old, New: is}), append(rows, i)
	}
	ended, never := p.ended(open)
	for _, h := range never {
		if err := record.Remove(p.w.As("holding.end"), ref.Ref{Kind: "holding", ID: h.ID}); err != nil {
			return err
		}
		p.did = true
	}
	if saves = append(saves, ended...); len(saves) == 0 {
		return nil
	}
	wrong, err := seats.SaveMany(p.w, p.report.Batch, saves)
	if err != nil {
		return err
	}
	for n, s := range saves {
		switch {
		case wrong == nil || wrong[n] == nil:
			p.did = true
			if n < len(rows) {
				p.begun(rows[n], s.Old, s.New)
			}
		case n < len(rows):
			p.lines[rows[n]].Did, p.lines[rows[n]].Text = Wrong, plainly(wrong[n])
		}
	}
	return nil
}

// open are the holdings of the people in this part, by person. Who was made in
// this change has none.
func (p *part) open() (map[string][]people.Holding, error) {
	out := map[string][]people.Holding{}
	ids := make([]string, 0, len(p.known))
	for _, n := range p.known {
		if n.Version > 1 || n.UpdatedAt < p.w.Now {
			ids = append(ids, n.ID)
		}
	}
	q, err := p.w.With("holding.edit")
	if err != nil {
		return nil, err
	}
	slices.Sort(ids)
	found, err := seats.Among(q, "person", ids)
	for _, h := range found {
		out[h.Person] = append(out[h.Person], h)
	}
	return out, err
}

// alone saves a holding that hands out roles, with every check there is.
func (p *part) alone(i int, old, is *people.Holding) error {
	wrong := p.w.Try(func() error {
		if old == nil {
			return people.Holdings.Add(p.w, is)
		}
		return people.Holdings.Replace(p.w, *old, is)
	})
	switch {
	case wrong == nil:
		p.did = true
		p.begun(i, old, is)
	case problem.As(wrong) == nil:
		return wrong
	default:
		p.lines[i].Did, p.lines[i].Text = Wrong, plainly(wrong)
	}
	return nil
}

// begun tells of an employment that began or changed, unless more was told.
func (p *part) begun(i int, old, is *people.Holding) {
	l := &p.lines[i]
	switch {
	case l.Did != Unchanged:
	case old == nil:
		l.Did, l.Text = Moved, i18n.Text{"Begynder som %s ", "Begins as %s "}.With(p.jobs[i].title).And(dayText(string(is.Starts))).And(i18n.Same("."))
	default:
		l.Did, l.Text = Changed, i18n.Text{"Ansættelsens datoer er ændret.", "The dates of the employment changed."}
	}
}

// held is what somebody holds of a position that counts on the day or later, or
// what ended and began as the row says.
func (p *part) held(all []people.Holding, j *job) (old *people.Holding) {
	for i := range all {
		switch h := &all[i]; {
		case h.Position != j.position:
		case p.lasts(h):
			return h
		case string(h.Starts) == j.from:
			old = h
		}
	}
	return old
}

// lasts reports whether a holding counts on the day of the file or later.
func (p *part) lasts(h *people.Holding) bool { return h.Ends == "" || string(h.Ends) >= p.Day }

func (p *part) holding(old *people.Holding, n *people.Person, j *job) *people.Holding {
	is := &people.Holding{Head: record.Head{Unit: j.unitID}, Person: n.ID, Position: j.position, Starts: field.Date(p.Day)}
	if old != nil {
		*is = *old
	}
	is.Title, is.Fed = n.Name+", "+j.title, true
	if j.from != "" {
		is.Starts = field.Date(j.from)
	}
	if p.at[until] >= 0 || old == nil {
		is.Ends = field.Date(j.until)
	}
	if n.Ends != "" && (is.Ends == "" || is.Ends > n.Ends) {
		is.Ends = n.Ends
	}
	return is
}

// ended are the employments of the people in this part that the file names no
// longer: they end the day before it counts, and those that would begin only
// then never do.
func (p *part) ended(open map[string][]people.Holding) (out []record.Save[people.Holding], never []people.Holding) {
	if p.at[title] < 0 || p.at[unit] < 0 {
		return nil, nil
	}
	wrong := map[string]bool{} // whose rows were not taken in keep what they hold
	for i, l := range p.lines {
		wrong[p.jobs[i].number] = wrong[p.jobs[i].number] || l.Did == Wrong
	}
	for _, number := range slices.Sorted(maps.Keys(p.known)) {
		if wrong[number] || p.about(number).taken {
			continue
		}
		for _, old := range open[p.known[number].ID] {
			if at, known := p.seats[old.Position]; !old.Fed || !p.lasts(&old) || known && p.rows[p.employment(number, at)] != 0 {
				continue
			}
			if string(old.Starts) >= p.Day {
				never = append(never, old)
				continue
			}
			is := old
			is.Ends = people.DayBefore(p.Day)
			out = append(out, record.Save[people.Holding]{Old: &old, New: &is})
		}
	}
	return out, never
}
