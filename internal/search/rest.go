package search

import (
	"cmp"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/web"

	"github.com/danielgtaylor/huma/v2"
)

// Results are what a search found, as REST shows it.
type Results struct {
	Items []Result     `json:"items" nullable:"false" doc:"The best first"`
	Next  string       `json:"next" doc:"The cursor of the next page of one kind; empty on the last"`
	Kinds []ResultKind `json:"kinds" nullable:"false" doc:"How many there are of each kind"`
	Meant string       `json:"meant" doc:"What was perhaps meant, where nothing was found"`
}

// Result is one thing found.
type Result struct {
	Kind  string `json:"kind"`
	ID    string `json:"id" doc:"Of the record"`
	Part  string `json:"part" doc:"Where in the record, such as the number of a clause; empty is the record itself"`
	Title string `json:"title"`
	Text  string `json:"text" doc:"The stretch of its text where the words are"`
	Path  string `json:"path" doc:"Its page"`
}

// ResultKind is how many were found of a kind.
type ResultKind struct {
	Kind  string `json:"kind"`
	Count int    `json:"count" doc:"Up to 1000"`
	Over  bool   `json:"over" doc:"There are more than counted"`
}

const (
	usual  = 50
	atMost = 100
)

var example = Results{Items: []Result{{Kind: "rule", ID: "0190a6c2-7b1e-7c44-9a51-3f2d8e6b1c07", Title: "R-83 Aftalen før oplysningerne",
	Text: "… før databehandleraftalen er underskrevet.", Path: "/rule/0190a6c2-7b1e-7c44-9a51-3f2d8e6b1c07"}}, Kinds: []ResultKind{{"rule", 1, false}}}

func (d *desk) rest() {
	d.site.Tag("search", i18n.Text{"Søgning i alt, man må se", "Search in everything one may see"})
	one, most := 1.0, float64(atMost)
	word := &huma.Schema{Type: "string"}
	op := web.Operation{Need: web.SignedIn, Operation: huma.Operation{OperationID: "search", Method: http.MethodGet, Path: "/api/v1/search", Tags: []string{"search"},
		Summary: "Find everything you may see", Description: "Every word must be there. Danish words are found in every form, by their beginning, and as parts of compounds.",
		Parameters: []*huma.Param{
			{Name: "q", In: "query", Description: "Words; without any, nothing is found", Schema: word, Example: "aftale"},
			{Name: "kind", In: "query", Description: "Only this kind; then the answer comes in pages", Schema: word, Example: "rule"},
			{Name: "limit", In: "query", Description: "How many at a time", Schema: &huma.Schema{Type: "integer", Minimum: &one, Maximum: &most, Default: usual}},
			{Name: "cursor", In: "query", Description: "next of the page before; needs kind", Schema: word},
		}}}
	op.Responses = map[string]*huma.Response{"200": web.Good("What was found", web.JSON(d.site.Schema(reflect.TypeFor[Results]()), example), "ETag")}
	d.site.Offer(op, d.restSearch)
}

func (d *desk) restSearch(c *web.Call) (*web.Answer, error) {
	get := c.URL.Query()
	ask := Ask{Words: strings.TrimSpace(get.Get("q")), Kind: get.Get("kind"), Most: usual, After: get.Get("cursor")}
	bad := problem.Fields{}
	if limit := get.Get("limit"); limit != "" {
		n, err := strconv.Atoi(limit)
		if err != nil || n < 1 || n > atMost {
			bad["limit"] = i18n.Text{"Skriv et tal fra %d til %d.", "Write a number from %d to %d."}.With(1, atMost)
		}
		ask.Most = n
	}
	if err := problem.Check(bad); err != nil {
		return nil, err
	}
	a, err := d.Search(c.Context(), ask)
	if err != nil {
		return nil, err
	}
	return web.Say(http.StatusOK, a.results(ask.Most))
}

func (a *Answer) results(most int) Results {
	out := Results{Items: []Result{}, Next: a.Next, Kinds: []ResultKind{}, Meant: a.Slip}
	var hits []Hit
	for i := range a.Kinds {
		f := &a.Kinds[i]
		hits = append(hits, f.Hits...)
		out.Kinds = append(out.Kinds, ResultKind{f.Kind.Kind, min(f.Count, Counted), f.Over()})
	}
	slices.SortStableFunc(hits, func(a, b Hit) int { return cmp.Compare(a.rank, b.rank) })
	for _, h := range hits[:min(len(hits), most)] {
		var text strings.Builder
		for _, p := range snippet(a.query, h.Body) {
			text.WriteString(p.Text)
		}
		out.Items = append(out.Items, Result{h.Kind.Kind, h.Record, h.Part, h.Title, text.String(), h.Path()})
	}
	return out
}
