package task

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"vaern/internal/ref"
	"vaern/internal/store"
)

// Most is how many tasks of one source are ever looked at: who has more will
// not do them today.
const Most = 200

// soon is how many days ahead a task begins to wait.
const soon = 14

// Few is how many tasks a person is shown at first: more than seven are none.
const Few = 7

// List is what waits for people, from all sources.
type List struct{ sources []Source }

// NewList gathers sources, the own tasks among them; a wrong one stops the start.
func NewList(sources ...Source) *List {
	l := &List{append(slices.Clone(sources), own)}
	seen := map[string]bool{}
	for _, s := range l.sources {
		if s.Key == "" || seen[s.Key] || !s.Act.Whole() || !s.Why.Whole() || s.Minutes < 1 || s.Weight < 1 || s.Weight > 5 || s.Query == "" {
			panic(fmt.Sprintf("task: the source %q needs a key of its own, Act and Why in both languages, minutes, a weight from 1 to 5 and a query", s.Key))
		}
		if (s.Need == "") == strings.Contains(s.Query, ":scope") {
			panic(fmt.Sprintf("task: the source %q needs a permission for its :scope, or has one and no :scope", s.Key))
		}
		seen[s.Key] = true
	}
	return l
}

// Task is one thing that waits for a person.
type Task struct {
	*Source
	ref.Ref
	Title, Path string
	Due         string // a day, "" for none
	Late        int    // days since it was due; below zero before
}

// late counts the days since the task was due.
func (t *Task) late(today time.Time) {
	if day, wrong := time.Parse(time.DateOnly, t.Due); wrong == nil {
		t.Late = int(today.Sub(day).Hours() / 24)
	}
}

// weight is the consequence of leaving the task for another day. What has no
// due date counts as due in a week.
func (t *Task) weight() float64 {
	late := float64(min(t.Late, 70)) / 7 // after ten weeks what it is about counts again
	w := float64(t.Source.Weight)
	switch {
	case t.Due == "":
		return w / 2
	case late >= 0:
		return w * (1 + late)
	}
	return w / (1 - late)
}

// Of are the tasks of the person who looks, by consequence.
func (l *List) Of(q *store.Read) (out []Task, err error) {
	today, err := time.Parse(time.DateOnly, q.Today)
	if err != nil {
		return nil, err
	}
	for _, g := range l.groups(q) {
		err := g.Rows(g.with()+g.each(` UNION ALL `, `SELECT * FROM (
			SELECT %[1]d AS source, kind, id, title, path, due FROM %[2]s ORDER BY due = '', due, id LIMIT :most) AS few%[1]d`),
			args(today), func(scan store.Scan) error {
				var t Task
				var n int
				err := scan(&n, &t.Kind, &t.ID, &t.Title, &t.Path, &t.Due)
				t.Source = &l.sources[n]
				t.late(today)
				out = append(out, t)
				return err
			})
		if err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(out, func(a, b Task) int {
		switch x, y := a.weight(), b.weight(); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return strings.Compare(a.Due+a.Title, b.Due+b.Title)
	})
	return out, nil
}

// Count is how many tasks the person who looks has, for the menu.
func (l *List) Count(q *store.Read) (n int, err error) {
	today, err := time.Parse(time.DateOnly, q.Today)
	if err != nil {
		return 0, err
	}
	for _, g := range l.groups(q) {
		some := 0
		err := g.Row(g.with()+`SELECT `+g.each(` + `, `(SELECT count(*) FROM (SELECT 1 FROM %[2]s LIMIT :most) AS few%[1]d)`), args(today), &some)
		if err != nil {
			return 0, err
		}
		n += some
	}
	return n, nil
}

func args(today time.Time) store.Args {
	return store.Args{"most": Most, "soon": today.AddDate(0, 0, soon).Format(time.DateOnly)}
}

// Minutes is about how long tasks take together.
func Minutes(tasks []Task) (n int) {
	for _, t := range tasks {
		n += t.Source.Minutes
	}
	return n
}

// group is the sources that one statement asks: those whose permissions reach
// equally far for the person who looks, so that :scope means the same in all.
type group struct {
	*store.Read
	sources []Source
	at      []int // where in sources
}

// groups are few: most of what a person may do reaches as far as the rest.
func (l *List) groups(q *store.Read) []group {
	var out []group
	at := map[string]int{}
	free := []int{} // sources that ask for :actor alone
	for i, s := range l.sources {
		reach := q.Actor.May[s.Need]
		switch {
		case s.Need == "":
			free = append(free, i)
			continue
		case !q.Actor.Can(s.Need) || s.Area && reach.Whole:
			continue
		}
		far := reach.Key()
		if _, ok := at[far]; !ok {
			read, err := q.With(s.Need)
			if err != nil {
				continue // Can says otherwise
			}
			at[far] = len(out)
			out = append(out, group{Read: read, sources: l.sources})
		}
		out[at[far]].at = append(out[at[far]].at, i)
	}
	if len(out) == 0 {
		out = append(out, group{Read: q, sources: l.sources})
	}
	out[0].at = append(out[0].at, free...)
	return out
}

// with names the queries of the group: their columns may be called anything.
func (g group) with() string {
	var parts []string
	for _, i := range g.at {
		parts = append(parts, fmt.Sprintf(`source%d (kind, id, title, path, due) AS (%s)`, i, g.sources[i].Query))
	}
	return `WITH ` + strings.Join(parts, ", ") + ` `
}

func (g group) each(between, text string) string {
	var parts []string
	for _, i := range g.at {
		parts = append(parts, fmt.Sprintf(text, i, fmt.Sprintf("source%d", i)))
	}
	return strings.Join(parts, between)
}
