package task

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"vaern/internal/access"
	"vaern/internal/store"
)

// crowd is people whom one statement asks for: what they are asked of is the
// same, and :scope means the same for all of them.
type crowd struct {
	group
	people []string
}

// Waiting are the tasks of many people as Of finds them for each, by person, but
// without titles and in no order. However many the people are, one statement
// asks for what is theirs, and one more for each reach that any of them has.
func (l *List) Waiting(q *store.Read, people []access.Actor) (map[string][]Task, error) {
	today, err := time.Parse(time.DateOnly, q.Today)
	if err != nil {
		return nil, err
	}
	crowds, err := l.crowds(q, people)
	out := map[string][]Task{}
	for _, c := range crowds {
		if err != nil {
			break
		}
		asked := args(today)
		asked["people"], asked["cell"], asked["row"] = store.List(c.people), cell, row
		err = c.Rows(c.ofEach(), asked, func(scan store.Scan) error {
			var person, rows string
			if err := scan(&person, &rows); err != nil || rows == "" {
				return err
			}
			some, err := l.split(rows, today)
			out[person] = append(out[person], some...)
			return err
		})
	}
	return out, err
}

// crowds gathers people by what they are asked of.
func (l *List) crowds(q *store.Read, people []access.Actor) (out []crowd, err error) {
	at := map[string]int{}
	add := func(key, person string, g group) {
		if len(g.at) == 0 {
			return
		}
		if _, ok := at[key]; !ok {
			at[key] = len(out)
			out = append(out, crowd{group: g})
		}
		out[at[key]].people = append(out[at[key]].people, person)
	}
	for _, a := range people {
		theirs, err := q.Seen(a, See)
		if err != nil {
			return nil, err
		}
		for _, g := range l.groups(theirs) {
			free, scoped := g, g
			free.at = slices.DeleteFunc(slices.Clone(g.at), func(i int) bool { return l.sources[i].Need != "" })
			scoped.at = slices.DeleteFunc(slices.Clone(g.at), func(i int) bool { return l.sources[i].Need == "" })
			add("", a.ID, free)
			add(a.May[g.Need].Key()+fmt.Sprint(scoped.at), a.ID, scoped)
		}
	}
	return out, nil
}

// The database gathers the tasks of a person as one text. None of a task's kind,
// id, path and day holds such a sign; its title might.
const (
	cell = "\x1f"
	row  = "\x1e"
)

var actor = regexp.MustCompile(`:actor\b`)

// ofEach asks for each of the people in turn, where Of asks for :actor.
func (g group) ofEach() string {
	const few = `SELECT * FROM (
		SELECT CAST(%[1]d AS TEXT) AS source, kind, id, path, due FROM %[2]s ORDER BY due = '', due, id LIMIT :most) AS few%[1]d`
	const sep = ` || CAST(:cell AS TEXT) || `
	return actor.ReplaceAllString(`SELECT each_person.id, coalesce((`+g.with()+`
		SELECT string_agg(`+strings.Join([]string{"source", "kind", "id", "path", "due"}, sep)+`, CAST(:row AS TEXT)) FROM (`+g.each(` UNION ALL `, few)+`) AS found), '')
		FROM person each_person WHERE each_person.id :among(people)`, "each_person.id")
}

// split takes the tasks out of the text.
func (l *List) split(rows string, today time.Time) (out []Task, err error) {
	for text := range strings.SplitSeq(rows, row) {
		cells := strings.Split(text, cell)
		n, err := strconv.Atoi(cells[0])
		if err != nil || len(cells) != 5 || n >= len(l.sources) {
			return nil, fmt.Errorf("task: %q is not a task", text)
		}
		t := Task{Source: &l.sources[n], Path: cells[3], Due: cells[4]}
		t.Kind, t.ID = cells[1], cells[2]
		t.late(today)
		out = append(out, t)
	}
	return out, nil
}
