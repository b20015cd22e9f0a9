package kit

import (
	"context"
	"net/http"
	"reflect"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/web"

	"github.com/danielgtaylor/huma/v2"
)

// Action is something that is done to a record besides editing it: one function
// with two faces, a form for people and an operation for programs. In is a
// struct of declared fields: what the act must be told.
type Action[In any] struct {
	Kind, Plural string // of the record: /edition/{id}, /api/v1/editions/{id}
	Name         string // in both addresses: "submit"
	Label        i18n.Text
	Need         access.Permission
	Do           func(ctx context.Context, s *store.Store, id string, in In) error

	Said    i18n.Text // what a person is told when it is done
	Done    func(w http.ResponseWriter, r *http.Request, err error, said i18n.Text) error
	Show    web.Endpoint // what a program gets: the record as it is then
	Shown   *huma.Schema
	Example any
}

// Hang hangs both faces on a site.
func (a Action[In]) Hang(site *web.Site) {
	var fields []field.Field
	if t := reflect.TypeFor[In](); t.NumField() > 0 {
		fields = field.Of(t)
	}
	site.Handle("POST /"+a.Kind+"/{id}/"+a.Name, a.Need, func(w http.ResponseWriter, r *http.Request) error {
		var in In
		err := a.typed(fields, r, &in)
		if err == nil {
			err = a.Do(r.Context(), site.Store, r.PathValue("id"), in)
		}
		return a.Done(w, r, err, a.Said)
	})
	d := &described{plural: a.Plural, fields: fields}
	op := web.Operation{Need: a.Need, Operation: huma.Operation{OperationID: a.Plural + "-" + a.Name, Method: http.MethodPost, Path: "/api/v1/" + a.Plural + "/{id}/" + a.Name,
		Tags: []string{a.Plural}, Summary: a.Label.In(i18n.En), Responses: map[string]*huma.Response{"200": web.Good("The record as it is then", web.JSON(a.Shown, a.Example), "ETag")}}}
	if len(fields) > 0 {
		op.RequestBody = &huma.RequestBody{Content: web.JSON(d.body(true), d.example(false))}
	}
	site.Offer(op, func(c *web.Call) (*web.Answer, error) {
		var in In
		if err := a.sent(fields, c.Body, &in); err != nil {
			return nil, err
		}
		if err := a.Do(c.Context(), site.Store, c.PathValue("id"), in); err != nil {
			return nil, err
		}
		return a.Show(c)
	})
}

// typed reads what a person wrote.
func (a Action[In]) typed(fields []field.Field, r *http.Request, in *In) error {
	bad, v := problem.Fields{}, record.Value(in)
	for i := range fields {
		if wrong := fields[i].Parse(v, r.PostFormValue(fields[i].Name)); wrong != field.Fine {
			bad[fields[i].Name] = wrong
		}
	}
	if err := problem.Check(bad); err != nil {
		return err
	}
	return valid(fields, v)
}

// sent reads what a program sent; nothing, where there is nothing to tell.
func (a Action[In]) sent(fields []field.Field, body []byte, in *In) error {
	v := record.Value(in)
	if len(body) > 0 {
		if err := web.Read(fields, body, func(fd *field.Field, raw []byte) i18n.Text { return fd.SetJSON(v, raw) }); err != nil {
			return err
		}
	}
	return valid(fields, v)
}

func valid(fields []field.Field, v reflect.Value) error {
	bad := problem.Fields{}
	for i := range fields {
		if wrong := fields[i].Check(v); wrong != field.Fine {
			bad[fields[i].Name] = wrong
		}
	}
	return problem.Check(bad)
}
