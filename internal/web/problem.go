package web

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"

	"vaern/internal/i18n"
	"vaern/internal/problem"

	"github.com/danielgtaylor/huma/v2"
)

var status = map[problem.Kind]int{
	problem.NotFound:     http.StatusNotFound,
	problem.Unknown:      http.StatusUnauthorized,
	problem.Forbidden:    http.StatusForbidden,
	problem.Invalid:      http.StatusUnprocessableEntity,
	problem.Conflict:     http.StatusConflict,
	problem.Stale:        http.StatusPreconditionFailed,
	problem.NoVersion:    http.StatusPreconditionRequired,
	problem.Busy:         http.StatusTooManyRequests,
	problem.Precondition: http.StatusConflict,
}

// Status is the status of an error.
func Status(err error) int {
	if code, ok := status[problem.Of(err)]; ok {
		return code
	}
	return http.StatusInternalServerError
}

// explain returns the error in words; what is not ours to explain is logged
// with the number that the person can quote.
func explain(ctx context.Context, err error) *problem.Error {
	if p := problem.As(err); p != nil {
		return p
	}
	logged(ctx, err)
	return problem.New(problem.Internal, "Noget gik galt hos os. Intet er gemt, og intet er gået tabt.",
		"Something went wrong on our side. Nothing was saved, and nothing was lost.")
}

// Problem is err as problem+json (RFC 9457). now is the current state of what
// it is about, nil when that is not the point.
func Problem(ctx context.Context, err error, now json.RawMessage) error {
	lang := i18n.Of(ctx)
	p := explain(ctx, err)
	out := &huma.ErrorModel{Status: Status(err), Title: http.StatusText(Status(err)), Detail: p.Text.In(lang)}
	for _, name := range slices.Sorted(maps.Keys(p.Fields)) {
		out.Errors = append(out.Errors, &huma.ErrorDetail{Message: p.Fields[name].In(lang), Location: "body." + name})
	}
	if now != nil {
		out.Errors = append(out.Errors, &huma.ErrorDetail{Message: p.Text.In(lang), Location: "body", Value: now})
	}
	return out
}

type failView struct {
	Text   i18n.Text
	Fields []i18n.Text
	Number string
	Ours   bool // nothing the person can do about
}

var failPage = NewPage[failView](pages, "fail")

// fail shows what went wrong, that nothing was lost, and a number to quote.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := explain(r.Context(), err)
	v := failView{Text: p.Text, Number: requestOf(r.Context()).number, Ours: p.Kind == problem.Internal}
	for _, name := range slices.Sorted(maps.Keys(p.Fields)) {
		v.Fields = append(v.Fields, p.Fields[name])
	}
	head := Head{Title: i18n.Text{"Det gik ikke", "That did not work"}}
	if p.Kind == problem.NotFound {
		head.Title = i18n.Text{"Siden findes ikke", "Page not found"}
	}
	if err := failPage.Show(s, w, r, Status(err), head, v); err != nil {
		logged(r.Context(), err)
	}
}
