package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"

	"github.com/danielgtaylor/huma/v2"
)

// Operation is one way in for programs: what OpenAPI tells of it, and the
// permission without which it does not exist.
type Operation struct {
	huma.Operation
	Need access.Permission
}

// Call is one request of a program that was let in.
type Call struct {
	*http.Request
	Actor access.Actor
	Body  []byte // JSON in UTF-8, no more than the operation takes
}

// Answer is what a program gets. Without a tag, what is read gets one of its text.
type Answer struct {
	Status   int
	Tag      string // the ETag, quoted
	Location string
	Replayed bool // an earlier answer, given again
	Body     []byte
}

// Say is an answer with a Go value as JSON.
func Say(status int, v any) (*Answer, error) {
	body, err := json.Marshal(v)
	return &Answer{Status: status, Body: body}, err
}

// Endpoint serves one operation; what it returns as an error is told as
// problem+json.
type Endpoint func(c *Call) (*Answer, error)

// Offer adds an operation. One without a permission, or without words for
// OpenAPI, stops the start.
func (s *Site) Offer(op Operation, fn Endpoint) {
	pattern := op.Method + " " + op.Path
	if op.Need == "" || op.Summary == "" || op.OperationID == "" {
		panic("web: " + pattern + " lacks a permission, an id or a summary")
	}
	s.describe(&op)
	s.API.AddOperation(&op.Operation)
	s.routes = append(s.routes, Route{pattern, op.Need})
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		a, err := again(s.call(w, r, &op, fn))
		if err != nil {
			tell(w, r, err, op.place)
			return
		}
		a.write(w, r)
	})
}

// call lets a program in and hands its request on.
func (s *Site) call(w http.ResponseWriter, r *http.Request, op *Operation, fn Endpoint) (*Answer, error) {
	if err := s.admit(r.Context(), op.Need); err != nil {
		return nil, err
	}
	c := &Call{Request: r, Actor: access.Of(r.Context())}
	if !s.calls.begin(c.Actor.ID) {
		return nil, problem.New(problem.Busy, "For mange kald på én gang. Vent på svar, og prøv igen.", "Too many calls at once. Wait for answers and try again.")
	}
	defer s.calls.end(c.Actor.ID)
	if err := op.known(r); err != nil {
		return nil, err
	}
	if op.Method == http.MethodGet {
		return fn(c)
	}
	if err := c.Actor.Changes(); err != nil {
		return nil, err
	}
	var err error
	if c.Body, err = read(w, r, op.MaxBodyBytes); err != nil {
		return nil, err
	}
	return fn(c)
}

// known refuses a parameter that the operation does not have: a filter with a
// slip in its name must not give everything.
func (op *Operation) known(r *http.Request) error {
	bad := problem.Fields{}
	for name, values := range r.URL.Query() {
		switch {
		case !op.has("query", name) && name != "lang":
			bad[name] = i18n.Text{"Den parameter findes ikke.", "There is no such parameter."}
		case len(values) > 1:
			bad[name] = i18n.Text{"Skriv parameteren én gang.", "Give the parameter once."}
		}
	}
	return problem.Check(bad)
}

func (op *Operation) has(in, name string) bool {
	return slices.ContainsFunc(op.Parameters, func(p *huma.Param) bool { return p.In == in && p.Name == name })
}

// place says where a marked field stands in a request.
func (op *Operation) place(name string) string {
	switch {
	case op.has("header", name):
		return "header." + name
	case op.has("query", name) || op.Method == http.MethodGet:
		return "query." + name
	}
	return InBody(name)
}

// write writes an answer; what the program has already is not sent again.
func (a *Answer) write(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	reading := r.Method == http.MethodGet || r.Method == http.MethodHead
	if a.Tag == "" && reading {
		sum := sha256.Sum256(a.Body)
		a.Tag = `W/"` + hex.EncodeToString(sum[:12]) + `"`
	}
	if a.Tag != "" {
		h.Set("ETag", a.Tag)
	}
	if a.Location != "" {
		h.Set("Location", a.Location)
	}
	if a.Replayed {
		h.Set("Idempotency-Replayed", "true")
	}
	h.Set("Vary", "Authorization, Accept-Language")
	if reading && Holds(r.Header.Values("If-None-Match"), a.Tag, true) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", "application/json")
	w.WriteHeader(a.Status)
	w.Write(a.Body)
}

// Holds reports whether a header of tags holds one of them (RFC 9110, 8.8.3):
// weakly, tags are compared without their W/; strongly, a weak one fits none.
func Holds(header []string, tag string, weak bool) bool {
	for part := range strings.SplitSeq(strings.Join(header, ","), ",") {
		part = strings.TrimSpace(part)
		if weak {
			part, tag = strings.TrimPrefix(part, "W/"), strings.TrimPrefix(tag, "W/")
		}
		if part == tag && tag != "" || weak && part == "*" {
			return true
		}
	}
	return false
}

// atOnce is how many calls one person's programs may have under way on a node.
const atOnce = 64

// callers counts the calls under way, by person.
type callers struct {
	mu sync.Mutex
	n  map[string]int
}

func (c *callers) begin(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n[id] >= atOnce {
		return false
	}
	if c.n == nil {
		c.n = map[string]int{}
	}
	c.n[id]++
	return true
}

func (c *callers) end(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n[id]--; c.n[id] == 0 {
		delete(c.n, id)
	}
}

// lost answers a request for which there is no route: an address that is
// unknown, or a method that it does not have.
func (s *Site) lost(w http.ResponseWriter, r *http.Request) {
	if allow := s.allowed(r); len(allow) > 0 && strings.HasPrefix(r.URL.Path, "/api/") {
		w.Header().Set("Allow", strings.Join(allow, ", "))
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		tell(w, r, problem.New(problem.WrongMethod, "Adressen kan ikke bruges på den måde. Se Allow.", "The address cannot be used like that. See Allow."), InBody)
		return
	}
	s.refuse(w, r, problem.Missing())
}

// allowed are the methods that an address has.
func (s *Site) allowed(r *http.Request) (out []string) {
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		other := r.Clone(context.Background())
		other.Method = method
		if _, pattern := s.mux.Handler(other); pattern != "/" && pattern != "" {
			out = append(out, method)
		}
	}
	return out
}

// Read sets declared fields of v to the members of a JSON object and marks
// every member that is none of them or that a field cannot be set to.
func Read(fields []field.Field, body []byte, set func(f *field.Field, raw []byte) i18n.Text) error {
	members, err := Members(body)
	if err != nil {
		return err
	}
	bad := problem.Fields{}
	for _, m := range members {
		i := slices.IndexFunc(fields, func(f field.Field) bool { return f.Name == m.Name && !f.Set })
		if i < 0 {
			bad[m.Name] = field.NotThere
			continue
		}
		if wrong := set(&fields[i], m.Value); wrong != field.Fine {
			bad[m.Name] = wrong
		}
	}
	return problem.Check(bad)
}
