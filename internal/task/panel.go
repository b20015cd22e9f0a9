package task

import (
	"bytes"
	"embed"
	"html/template"

	"vaern/internal/i18n"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/web"
)

//go:embed pages/*.html
var pageFiles embed.FS

var panel = web.NewPart[panelView](web.Folder(pageFiles), "panel")

type panelView struct {
	Lines []Line
	Add   string // address that adds one, "" where nobody may
}

// Line is an own task as people read it.
type Line struct {
	Own
	Who   string // who has it
	About string // what the record is called; "" where there is none or it is out of sight
	Late  bool
}

// Lines names who has tasks: one statement for all.
func Lines(q *store.Read, tasks []Own) ([]Line, error) {
	names, err := record.Titles(q, func(yield func(string) bool) {
		for _, t := range tasks {
			if !yield(t.Position + t.Person) {
				return
			}
		}
	})
	out := make([]Line, len(tasks))
	for i, t := range tasks {
		out[i] = Line{Own: t, Who: names[t.Position+t.Person].Title, Late: t.Done == "" && t.Due != "" && t.Due < q.Today}
	}
	return out, err
}

// Panel is the tasks about a record, for the record's page; q sees the record.
// A closed case has none: who is given a task need not be let into the case.
func Panel(q *store.Read, l i18n.Lang, about ref.Ref) (template.HTML, error) {
	if record.Closed(about.Kind) {
		return "", nil
	}
	tasks, err := About(q, about)
	if err != nil {
		return "", err
	}
	var v panelView
	if v.Lines, err = Lines(q, tasks); err != nil {
		return "", err
	}
	if q.Actor.Can(Edit) {
		v.Add = "/on/" + about.String() + "/task"
	}
	var b bytes.Buffer
	err = panel.Write(&b, l, v)
	return template.HTML(b.String()), err
}

// Waiting is how many open tasks there are about a record (:kind, :id), as part
// of a statement.
const Waiting = `(SELECT count(*) FROM task WHERE record = :id AND kind = :kind AND done = '')`
