package kit

import (
	"vaern/internal/attach"
	"vaern/internal/comment"
	"vaern/internal/i18n"
	"vaern/internal/link"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/task"
)

// tab is one of the pages about a record: each has its own address.
type tab struct {
	Path    string
	Label   i18n.Text
	N       int
	Counted bool
	Current bool
}

// The tabs of a record.
const (
	tabDetails  = "details"
	tabHistory  = "history"
	tabComments = "comment"
	tabFiles    = "file"
	tabLinks    = "link"
	tabTasks    = "tasks"
)

// tabs are the pages about a record and how much stands on each: one
// statement, and what links asks. Links are counted as the actor sees them.
func tabs(q *store.Read, about ref.Ref, current string, links int) ([]tab, error) {
	var acts, said, files, tasks int
	err := q.Row(`SELECT `+q.CountLeaves(about.Kind)+`, `+comment.Count+`, `+attach.Count+`, `+task.Waiting,
		store.Args{"kind": about.Kind, "id": about.ID}, &acts, &said, &files, &tasks)
	if err != nil {
		return nil, err
	}
	on := "/on/" + about.String() + "/"
	out := []tab{
		{Path: "/" + about.String(), Label: i18n.Text{"Detaljer", "Details"}, Current: current == tabDetails},
		{Path: on + "history", Label: i18n.Text{"Historik", "History"}, N: acts, Counted: true, Current: current == tabHistory},
		{Path: on + "comment", Label: i18n.Text{"Kommentarer", "Comments"}, N: said, Counted: true, Current: current == tabComments},
		{Path: on + "file", Label: i18n.Text{"Filer", "Files"}, N: files, Counted: true, Current: current == tabFiles},
		{Path: on + "link", Label: i18n.Text{"Forbindelser", "Links"}, N: links, Counted: true, Current: current == tabLinks},
	}
	if !record.Closed(about.Kind) { // who is given a task need not be let into the case
		out = append(out, tab{Path: on + "tasks", Label: i18n.Text{"Opgaver", "Tasks"}, N: tasks, Counted: true, Current: current == tabTasks})
	}
	return out, nil
}

// tabs are those of a record of the register, for a page of the kit's own.
func (f *face) tabs(q *store.Read, rec record.Rec, current string) ([]tab, error) {
	if f.Kept { // nothing hangs on what is called nothing elsewhere
		return nil, nil
	}
	links, err := link.Of(q, f.Ref(rec))
	if err != nil {
		return nil, err
	}
	return tabs(q, f.Ref(rec), current, len(links))
}
