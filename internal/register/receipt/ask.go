package receipt

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"vaern/internal/access"
	"vaern/internal/store"
)

// asker is who asks people and reminds them: the program itself, by name.
var asker = access.Machine("reader", "reading.ask", "document.see")

// placed is how somebody stands in a reading now.
type placed struct {
	person, unit, state, asked, due string
	here                            bool
}

// Ask brings every open reading in step with the people there are: who joined
// or moved in is asked, who left is not asked any more. It is called when
// something was committed, and reports whether there was anything to do.
func (d *Desk) Ask(ctx context.Context, s *store.Store) (did bool, err error) {
	ctx = access.With(ctx, asker)
	var todo []step
	err = s.View(ctx, "reading.ask", func(q *store.Read) error {
		open, err := readings(q, `state = 'open'`, nil)
		if err != nil || len(open) == 0 {
			return err
		}
		todo, err = d.steps(q, open)
		return err
	})
	for _, st := range todo {
		did = did || len(st.news)+len(st.here) > 0
		if err == nil {
			err = st.take(ctx, s)
		}
	}
	return did, err
}

// step is what must change in one reading.
type step struct {
	Reading
	news []newcomer
	here []placed // whose unit or presence changed
}

type newcomer struct {
	want
	minutes    int64
	asked, due string // of the reading before, "" for now
}

// steps are what must change in each of some readings.
func (d *Desk) steps(q *store.Read, open []Reading) (todo []step, err error) {
	var all Rules
	plans := make([]*Plan, len(open))
	for i, r := range open {
		plans[i] = &Plan{Reading: r}
		if plans[i].rules, err = rules(q, r.Document); err != nil {
			return nil, err
		}
		all = append(append(all, plans[i].rules...), r.More...)
	}
	c, err := d.here.gather(q, all)
	if err != nil {
		return nil, err
	}
	for _, p := range plans {
		p.crowd = c
		st, err := d.compare(q, p)
		if err != nil {
			return nil, err
		}
		todo = append(todo, st)
	}
	return todo, nil
}

// compare finds who is missing in a reading and who is there too much.
func (d *Desk) compare(q *store.Read, p *Plan) (st step, err error) {
	if p.Paper, err = d.papers.Edition(q, p.Edition); err != nil {
		return st, err
	}
	story, err := storyOf(q, p.Document)
	if err != nil {
		return st, err
	}
	before, ok := story.before(p.Edition)
	if ok {
		if p.Before, err = d.papers.Edition(q, before.Edition); err != nil {
			return st, err
		}
	}
	if err := p.place(q, before, &d.here); err != nil {
		return st, err
	}
	now, err := places(q, p.ID)
	if err != nil {
		return st, err
	}
	earlier, err := places(q, before.ID)
	return p.differs(now, earlier), err
}

// differs is what is to change for people to stand as they are to.
func (p *Plan) differs(now, earlier map[string]placed) step {
	st := step{Reading: p.Reading}
	texts := map[string]string{}
	for _, s := range p.Paper.Sections {
		for _, c := range s.Clauses {
			texts[c.ID] = c.Text
		}
	}
	for _, w := range p.wants {
		was, there := now[w.ID]
		delete(now, w.ID)
		switch {
		case !there:
			st.news = append(st.news, p.newcomer(w, texts, earlier[w.ID]))
		case was.unit != w.Unit || !was.here:
			was.unit, was.here = w.Unit, true
			st.here = append(st.here, was)
		}
	}
	for _, gone := range now {
		if gone.here {
			gone.here = false
			st.here = append(st.here, gone)
		}
	}
	slices.SortFunc(st.here, func(a, b placed) int { return strings.Compare(a.person, b.person) })
	return st
}

// newcomer is somebody who is to be placed, with how long the reading takes.
func (p *Plan) newcomer(w want, texts map[string]string, earlier placed) newcomer {
	n := newcomer{want: w, minutes: p.Minutes}
	if len(w.Clauses) > 0 {
		var news []string
		for _, id := range w.Clauses {
			news = append(news, texts[id])
		}
		n.minutes = minutes(news...)
	}
	if w.carried {
		n.asked, n.due = earlier.asked, earlier.due
	}
	return n
}

func places(q *store.Read, reading string) (map[string]placed, error) {
	out := map[string]placed{}
	if reading == "" {
		return out, nil
	}
	err := q.Rows(`SELECT person, unit, state, asked_at, due, here FROM asked WHERE reading = :reading`, store.Args{"reading": reading}, func(scan store.Scan) error {
		var p placed
		err := scan(&p.person, &p.unit, &p.state, &p.asked, &p.due, &p.here)
		out[p.person] = p
		return err
	})
	return out, err
}

// How many are placed in one change: it holds the writer well under 250 ms.
const (
	chunk  = 400
	inRow  = 50 // rows in one statement
	askers = "reading.ask"
)

// take carries the step out in chunks; one that is interrupted goes on the
// next time.
func (st *step) take(ctx context.Context, s *store.Store) error {
	for len(st.news)+len(st.here) > 0 {
		news := st.news[:min(chunk, len(st.news))]
		here := st.here[:min(chunk-len(news), len(st.here))]
		st.news, st.here = st.news[len(news):], st.here[len(here):]
		err := s.Change(ctx, store.Intent{Verb: "reading.ask", Need: askers}, func(w *store.Write) error {
			r, err := reading(&w.Read, st.ID)
			if err != nil {
				return err
			}
			if err := st.add(w, &r, news); err != nil {
				return err
			}
			for _, p := range here {
				if err := w.Also(`UPDATE asked SET unit = :unit, here = :here WHERE reading = :reading AND person = :person`,
					store.Args{"reading": r.ID, "person": p.person, "unit": p.unit, "here": flag(p.here)}); err != nil {
					return err
				}
			}
			if err := w.Row(`SELECT count(*) FROM asked WHERE reading = :id AND here = 1`, store.Args{"id": r.ID}, &r.Reached); err != nil {
				return err
			}
			r.Wanted = r.Reached + int64(len(st.news))
			return put(w, &r)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// add places newcomers, many rows a statement.
func (st *step) add(w *store.Write, r *Reading, news []newcomer) error {
	for part := range slices.Chunk(news, inRow) {
		args := store.Args{"reading": r.ID}
		var rows []string
		for i, n := range part {
			k := strconv.Itoa(i)
			due := max(r.Due, later(w.Today, int(r.Days)))
			if r.Opened == w.Today && r.asks() {
				due = r.Due
			}
			asked := w.Now
			if n.asked != "" {
				asked, due = n.asked, n.due
			}
			rows = append(rows, `(:reading, :p`+k+`, :u`+k+`, :s`+k+`, 1, :c`+k+`, :m`+k+`, :a`+k+`, :d`+k+`, '', '')`)
			args["p"+k], args["u"+k], args["s"+k], args["c"+k] = n.ID, n.Unit, n.State, strings.Join(n.Clauses, " ")
			args["m"+k], args["a"+k], args["d"+k] = n.minutes, asked, due
		}
		err := w.Also(`INSERT INTO asked (reading, person, unit, state, here, clauses, minutes, asked_at, due, done_at, told) VALUES `+
			strings.Join(rows, ", ")+` ON CONFLICT (reading, person) DO NOTHING`, args)
		if err != nil {
			return err
		}
	}
	return nil
}
