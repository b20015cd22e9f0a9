package attention

import (
	"net/http"
	"reflect"

	"vaern/internal/i18n"
	"vaern/internal/store"
	"vaern/internal/task"
	"vaern/internal/web"

	"github.com/danielgtaylor/huma/v2"
)

// Waiting is what waits for the person on whose behalf a program asks: the same
// list as on the page and in the day's mail.
type Waiting struct {
	Items   []WaitingTask `json:"items" nullable:"false" doc:"By consequence, the most important first"`
	Minutes int           `json:"minutes" doc:"About how long they take together"`
}

// WaitingTask is one task.
type WaitingTask struct {
	Source  string `json:"source" doc:"What makes it a task, such as control.due; task.own is one that somebody gave"`
	Kind    string `json:"kind"`
	ID      string `json:"id" doc:"Of the record"`
	Title   string `json:"title"`
	Why     string `json:"why" doc:"Why it is the person's"`
	Act     string `json:"act" doc:"What there is to do"`
	Due     string `json:"due" doc:"The day it is due; empty is none"`
	Minutes int    `json:"minutes" doc:"About how long it takes"`
	Path    string `json:"path" doc:"Its page"`
}

var exampleWaiting = Waiting{Minutes: 3, Items: []WaitingTask{{Source: "control.due", Kind: "control", ID: "0190a6c2-7b1e-7c44-9a51-3f2d8e6b1c07", Title: "K-14 Dokumenter fornyes",
	Why: "Din stilling udfører kontrollen.", Act: "Udfør kontrollen", Due: "2026-12-01", Minutes: 3, Path: "/control/0190a6c2-7b1e-7c44-9a51-3f2d8e6b1c07"}}}

func (d *desk) programs() {
	d.site.Tag("tasks", i18n.Text{"Det, der venter på en", "What waits for one"})
	d.site.Offer(web.Operation{Need: task.See, Operation: huma.Operation{OperationID: "tasks", Method: http.MethodGet, Path: "/api/v1/tasks", Tags: []string{"tasks"},
		Summary: "See what waits for you", Description: "Everything that is yours to do, from all registers. It is gone as soon as it is done.",
		Responses: map[string]*huma.Response{"200": web.Good("What waits", web.JSON(d.site.Schema(reflect.TypeFor[Waiting]()), exampleWaiting), "ETag")}}}, d.restWaiting)
}

func (d *desk) restWaiting(c *web.Call) (*web.Answer, error) {
	l := i18n.Of(c.Context())
	out := Waiting{Items: []WaitingTask{}}
	err := d.site.Store.View(c.Context(), task.See, func(q *store.Read) error {
		tasks, err := d.tasks.Of(q)
		for _, t := range tasks {
			out.Items = append(out.Items, WaitingTask{t.Key, t.Kind, t.ID, t.Title, t.Why.In(l), t.Act.In(l), t.Due, t.Source.Minutes, t.Path})
		}
		out.Minutes = task.Minutes(tasks)
		return err
	})
	if err != nil {
		return nil, err
	}
	return web.Say(http.StatusOK, out)
}
