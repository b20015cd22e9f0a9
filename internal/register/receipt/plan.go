package receipt

import (
	"context"
	"slices"
	"strings"
	"time"

	"vaern/internal/clause"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/store"
)

// usualDays is how long people have, unless the publisher says otherwise.
const usualDays = 21

// Plan is whom a version asks and why, worked out before it does.
type Plan struct {
	Reading
	Paper   Paper
	Before  Paper // what people were asked about last; none for the first
	Touches []Touch
	rules   Rules
	crowd   *crowd
	wants   []want
}

// want is how somebody is to stand in a reading.
type want struct {
	*member
	State   string
	Clauses []string // the changed sentences that are for them; none is all of it
	carried bool     // was asked before and has not read yet: the old date counts
}

// Asks are those whom the version asks anew.
func (p *Plan) Asks() (out []*member) {
	for _, w := range p.wants {
		if w.State == waiting && !w.carried {
			out = append(out, w.member)
		}
	}
	return out
}

// Count is how many stand in a way.
func (p *Plan) Count(state string) (n int) {
	for _, w := range p.wants {
		if w.State == state && !w.carried {
			n++
		}
	}
	return n
}

// Late are those who were asked about an earlier version and have not read it.
func (p *Plan) Late() (n int) {
	for _, w := range p.wants {
		n += int(flag(w.carried && w.State == waiting))
	}
	return n
}

// Skips reports whether a sentence was let ask nobody.
func (p *Plan) Skips(id string) bool { return slices.Contains(p.Skipped, id) }

// plan works out whom a version asks. r has what the publisher chose.
func (d *Desk) plan(q *store.Read, paper Paper, story story, r Reading, from source) (p *Plan, err error) {
	p = &Plan{Reading: r, Paper: paper}
	before, ok := story.before(paper.ID)
	if ok {
		if p.Before, err = d.papers.Edition(q, before.Edition); err != nil {
			return nil, err
		}
	}
	if p.rules, err = rules(q, paper.Document); err != nil {
		return nil, err
	}
	p.Title, p.Document, p.Edition, p.Unit = paper.Name(), paper.Document, paper.ID, paper.Unit
	p.Minutes = minutes(paper.texts()...)
	if p.First = p.Before.ID == ""; !p.First {
		p.Touches = Changed(p.Before.Sections, paper.Sections)
	}
	p.Changed = nil
	for _, t := range p.Touches {
		if !p.Skips(t.Clause) {
			p.Changed = append(p.Changed, t.Clause)
		}
	}
	if p.crowd, err = from.gather(q, slices.Concat(p.rules, p.More)); err != nil {
		return nil, err
	}
	return p, p.place(q, before, from)
}

// place says of everybody in the audience how they are to stand.
func (p *Plan) place(q *store.Read, before Reading, from source) error {
	a := newAudience(p.rules, p.Before.Sections, p.Paper.Sections)
	had, err := from.standings(q, before)
	if err != nil {
		return err
	}
	changed := a.sentences(p.Changed)
	p.wants = make([]want, 0, len(p.crowd.all))
	for _, m := range p.crowd.all {
		if w, ok := p.one(a, m, had[m.ID], changed); ok {
			p.wants = append(p.wants, w)
		}
	}
	return nil
}

// one says how somebody is to stand, given how they stood in the reading
// before; the second result is false for whom the document is not for.
func (p *Plan) one(a *audience, m *member, had string, changed sentences) (w want, in bool) {
	w = want{member: m, State: waiting}
	wider, out := p.More.picks(p.crowd, m, In), p.More.picks(p.crowd, m, Out)
	switch {
	case !a.whole(p.crowd, m) && !wider:
		return w, false
	case p.First:
	case had == done || had == kept:
		w.Clauses = a.touched(p.crowd, m, changed)
		if len(w.Clauses) == 0 && wider {
			w.Clauses = p.Changed
		}
		if len(w.Clauses) == 0 && !wider || out {
			w.State, w.Clauses = kept, nil
		}
		return w, true
	case had != "":
		w.carried = true
	}
	if out {
		w.State = spared
	}
	return w, true
}

// source is where everybody is, and how people stood in a reading, by person.
type source interface {
	gather(*store.Read, Rules) (*crowd, error)
	standings(*store.Read, Reading) (map[string]string, error)
}

// plain reads all of it each time.
type plain struct{}

func (plain) gather(q *store.Read, rules Rules) (*crowd, error) { return gather(q, rules) }

func (plain) standings(q *store.Read, r Reading) (map[string]string, error) {
	if r.ID == "" {
		return nil, nil
	}
	out := make(map[string]string, r.Wanted)
	err := q.Rows(stood("", `1 = 1`), store.Args{"reading": r.ID}, func(scan store.Scan) error {
		var state, people string
		err := scan(new(string), &state, new(string), &people)
		spread(out, state, people)
		return err
	})
	return out, err
}

// stood is how people stand in a reading as SQL, as present is where they are.
func stood(over, where string) string {
	return `SELECT '', a.state, '', string_agg(a.person, ' ') FROM ` + over + `asked a WHERE ` + where + ` AND a.reading = :reading GROUP BY a.unit, a.state`
}

// spread says a state of each of some people.
func spread(out map[string]string, state, people string) {
	for person := range strings.SplitSeq(people, " ") {
		out[person] = state
	}
}

// Choice is what the publisher decides about a reading.
type Choice struct {
	Due     string
	Skipped []string
	More    Rules
	Why     string
}

func (c *Choice) check(today string) error {
	bad := problem.Fields{}
	if due, err := time.Parse(time.DateOnly, c.Due); err != nil {
		bad["due"] = field.NoDate
	} else if due.Format(time.DateOnly) < today {
		bad["due"] = i18n.Text{"Datoen er passeret. Vælg en, der kommer.", "The date has passed. Choose one to come."}
	}
	if c.Why = strings.TrimSpace(c.Why); c.Why == "" && len(c.Skipped)+len(c.More) > 0 {
		bad["why"] = i18n.Text{"Skriv, hvorfor du spørger flere eller færre, end ændringerne gør.", "Say why you ask more or fewer people than the changes do."}
	}
	for _, r := range c.More {
		if err := r.check(); err != nil {
			return err
		}
	}
	return problem.Check(bad)
}

// Prepare keeps what the publisher chose. For a version in force people are
// asked from now on; for one that is decided, when it comes in force.
func (d *Desk) Prepare(ctx context.Context, s *store.Store, edition string, c Choice) (id string, err error) {
	err = s.Change(ctx, store.Intent{Verb: "reading.plan", Need: Plans, Reason: c.Why}, func(w *store.Write) error {
		if err := c.check(w.Today); err != nil {
			return err
		}
		paper, err := d.papers.Edition(&w.Read, edition)
		if err != nil {
			return err
		}
		if err := within(&w.Read, paper.Unit); err != nil {
			return err
		}
		if !paper.Decided && !paper.InForce {
			return problem.New(problem.Precondition, "Versionen er ikke besluttet endnu.", "The version is not decided yet.")
		}
		story, err := storyOf(&w.Read, paper.Document)
		if err != nil {
			return err
		}
		r, there := story.of(edition)
		if there && r.State != planned {
			return problem.New(problem.Conflict, "Der er allerede bedt om kvittering for versionen.", "Receipts for this version have already been asked for.")
		}
		r.Due, r.Skipped, r.More, r.Why, r.State = c.Due, c.Skipped, c.More, c.Why, planned
		r.Title, r.Document, r.Edition, r.Unit = paper.Name(), paper.Document, paper.ID, paper.Unit
		if paper.InForce {
			err = d.begin(w, paper, story, &r)
		} else {
			err = put(w, &r)
		}
		id = r.ID
		return err
	})
	return id, err
}

// Published is called in the change that puts a version in force: what was
// planned begins, and a document with an audience asks without a plan.
func (d *Desk) Published(w *store.Write, edition string) error {
	w = w.As("reading.open")
	paper, err := d.papers.Edition(&w.Read, edition)
	if err != nil {
		return err
	}
	story, err := storyOf(&w.Read, paper.Document)
	if err != nil {
		return err
	}
	r, there := story.of(edition)
	if _, before := story.now(); !there && !before {
		for_, err := rules(&w.Read, paper.Document)
		if err != nil || len(for_) == 0 {
			return err
		}
	}
	return d.begin(w, paper, story, &r)
}

// begin opens a reading and closes the one before it.
func (d *Desk) begin(w *store.Write, paper Paper, story story, r *Reading) error {
	p, err := d.plan(&w.Read, paper, story, *r, plain{})
	if err != nil {
		return err
	}
	if !p.First {
		if err := follow(w, p.rules, renumbered(p.Before.Sections, paper.Sections)); err != nil {
			return err
		}
	}
	before, ok := story.now()
	if ok {
		before.State = closed
		if err := put(w.As("reading.close"), &before); err != nil {
			return err
		}
	}
	id := r.ID
	*r = p.Reading
	r.ID, r.State, r.Opened, r.Wanted = id, open, w.Today, int64(len(p.wants))
	if r.Due == "" {
		r.Due = later(w.Today, usualDays)
	}
	if r.Days = between(w.Today, r.Due); !r.asks() {
		r.Due, r.Days = before.Due, before.Days
	}
	return put(w, r)
}

// later is the day so many days after another.
func later(day string, days int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.AddDate(0, 0, days).Format(time.DateOnly)
}

// between is how many days lie between two.
func between(from, to string) int64 {
	a, err1 := time.Parse(time.DateOnly, from)
	b, err2 := time.Parse(time.DateOnly, to)
	if err1 != nil || err2 != nil {
		return usualDays
	}
	return int64(b.Sub(a).Hours()) / 24
}

// word is what a change is called.
var changeWords = map[string]i18n.Text{
	clause.Added:    {"Nyt", "New"},
	clause.Removed:  {"Gælder ikke længere", "No longer applies"},
	clause.Reworded: {"Ændret", "Changed"},
}

// Word is what the change is called.
func (t Touch) Word() i18n.Text { return changeWords[t.Change] }
