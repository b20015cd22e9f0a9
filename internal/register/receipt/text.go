package receipt

import (
	"strings"

	"vaern/internal/access"
	"vaern/internal/clause"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/store"
)

// text is what one person is shown of a reading: first what is new for them
// since they last read it, then all of it.
type text struct {
	Reading
	Paper   Paper
	Person  string
	Name    string
	State   string
	Until   string // the day it is to be read by
	DoneAt  string
	Length  int64 // minutes
	Again   bool  // they have read an earlier version
	News    []Touch
	Why     i18n.Text
	Left    int // other texts that wait for the same person
	Closed  bool
	Earlier string // the day they read the earlier version
}

// textFor gathers it. Whoever is not asked gets a NotFound problem.
func (d *Desk) textFor(q *store.Read, readingID, person string) (t text, err error) {
	if t.Reading, err = reading(q, readingID); err != nil {
		return t, err
	}
	t.Person, t.Closed = person, t.Reading.State != open
	var clauses string
	if err = q.Row(`
		SELECT a.state, a.clauses, a.minutes, a.due, a.done_at, p.name,
			(SELECT count(*) FROM asked o JOIN reading r ON r.id = o.reading
				WHERE o.person = a.person AND o.reading <> a.reading AND o.state = 'open' AND o.here + 0 = 1 AND r.state = 'open')
		FROM asked a JOIN person p ON p.id = a.person
		WHERE a.reading = :reading AND a.person = :person AND a.here + 0 = 1`,
		store.Args{"reading": readingID, "person": person}, &t.State, &clauses, &t.Length, &t.Until, &t.DoneAt, &t.Name, &t.Left); err != nil {
		return t, err
	}
	if t.Paper, err = d.papers.Edition(q, t.Edition); err != nil {
		return t, err
	}
	if err = d.since(q, &t, strings.Fields(clauses)); err != nil {
		return t, err
	}
	return t, t.because(q)
}

// since finds what changed since the person last read the document: of that,
// what is for them.
func (d *Desk) since(q *store.Read, t *text, mine []string) error {
	var edition string
	err := q.Row(`
		SELECT edition, read_on FROM receipt r
		WHERE person = :person AND document = :document AND takes_back = '' AND edition <> :edition
		AND NOT EXISTS (SELECT 1 FROM receipt b WHERE b.takes_back = r.id)
		ORDER BY id DESC LIMIT 1`, store.Args{"person": t.Person, "document": t.Document, "edition": t.Edition}, &edition, &t.Earlier)
	if problem.Of(err) == problem.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	before, err := d.papers.Edition(q, edition)
	if err != nil {
		return err
	}
	all, err := rules(q, t.Document)
	if err != nil {
		return err
	}
	c, err := alone(q, t.Person, all)
	if err != nil {
		return err
	}
	a := newAudience(all, before.Sections, t.Paper.Sections)
	touches := Changed(before.Sections, t.Paper.Sections)
	for _, touch := range touches {
		if m := c.member(t.Person); m != nil && a.of(touch.Clause).has(c, m) {
			t.News = append(t.News, touch)
		}
	}
	if len(t.News) == 0 { // asked although no change is for them: all changes are
		t.News = touches
	}
	t.Again = len(t.News) > 0
	return nil
}

// because says why the document is for the person.
func (t *text) because(q *store.Read) error {
	all, err := rules(q, t.Document)
	if err != nil {
		return err
	}
	all = append(all, t.More...)
	t.Why = i18n.Text{"gælder alle, der har adgang til kommunens oplysninger", "for everybody with access to the municipality's information"}
	c, err := alone(q, t.Person, all)
	m := c.member(t.Person)
	if err != nil || m == nil {
		return err
	}
	for _, r := range all {
		if r.Way != In || r.Value == string(access.Employee) || !r.fits(c, m) {
			continue
		}
		switch r.Kind {
		case ByUnit:
			t.Why = i18n.Text{"gælder dig, fordi du hører til %s", "for you, because you belong to %s"}.With(c.names[r.Value])
		case ByPosition:
			t.Why = i18n.Text{"gælder dig i din stilling", "for you in your position"}
		case ByRole:
			t.Why = i18n.Text{"gælder dig, fordi du er leder eller har et særligt ansvar", "for you, because you are a manager or have a special responsibility"}
		case ByCategory:
			t.Why = i18n.Text{"gælder dig, fordi du er: %s", "for you, because you are: %s"}.Naming(categoryName(r.Value))
		}
		return nil
	}
	return nil
}

// Waits reports whether the person is to read it.
func (t *text) Waits() bool { return t.State == waiting || t.State == spared }

// Done reports whether the person has read it.
func (t *text) Done() bool { return t.State == done }

// IsNew reports whether a sentence is among the news.
func (t *text) IsNew(id string) bool {
	for _, n := range t.News {
		if n.Clause == id && n.Change != clause.Removed {
			return true
		}
	}
	return false
}
