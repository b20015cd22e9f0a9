package document

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/module"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/register/rule"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
	"vaern/internal/web"
)

var (
	schema = store.Schema{Name: "document", Files: documents.Schema}
	rules  = store.Schema{Name: "rule", Files: rule.Rules.Schema}
)

// Every right that a coordinator has here, and what everybody has.
var coordinator = []access.Permission{"unit.create", "position.create", "person.create", "holding.create", "rule.create",
	"document.see", "document.create", "document.edit", SeeDrafts, Publish, Import, Bind, Remarks,
	"approval.see", "approval.create", "approval.edit", "binding.see", "remark.see", "edition.see"}

var reader = []access.Permission{"document.see", "approval.see", SeeDrafts, Remarks}

// town is a municipality with nothing in it but itself.
type town struct {
	*testing.T
	*store.Store
	coord, other context.Context // a coordinator, and a colleague with the same rights
}

func each(t *testing.T, fn func(t town)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		tn := town{T: t, Store: s, coord: storetest.As(t, "coord", coordinator...), other: storetest.As(t, "other", coordinator...)}
		tn.must(s.Change(tn.coord, store.Intent{Verb: "unit.create", Need: "unit.create"}, func(w *store.Write) error {
			top := people.Unit{Head: record.Head{ID: people.Top, Unit: people.Top}, Number: "0", Name: "Nordby Kommune", Kind: "municipality"}
			if err := w.Also(`INSERT INTO unit_under (top, unit) VALUES ('top', 'top')`, nil); err != nil {
				return err
			}
			if err := people.Units.Add(w, &top); err != nil {
				return err
			}
			for _, id := range []string{"coord", "other"} {
				p := people.Person{Head: record.Head{ID: id, Unit: people.Top}, Number: id, Name: "Navn " + id, Category: "employee"}
				if err := people.Persons.Add(w.As("person.create"), &p); err != nil {
					return err
				}
			}
			return nil
		}))
		fn(tn)
	}, append(module.Schemas(nil), schema, rules)...)
}

func (t town) must(err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (t town) view(fn func(q *store.Read) error) {
	t.Helper()
	t.must(t.View(t.coord, "document.see", fn))
}

// document adds one at a level.
func (t town) document(level Level, number string) Document {
	t.Helper()
	d := Document{Head: record.Head{Unit: people.Top}, Number: number, Title: "Dokument " + number, Level: level}
	d, err := documents.Create(t.coord, t.Store, d, "")
	t.must(err)
	return d
}

func (t town) draft(d Document, label, body string) string {
	t.Helper()
	id, err := Begin(t.coord, t.Store, d.ID, Text{Label: label, Body: body})
	t.must(err)
	return id
}

func (t town) edition(id string) (e Edition) {
	t.Helper()
	t.view(func(q *store.Read) (err error) { e, err = edition(q, id); return err })
	return e
}

// body adds a body of a kind.
func (t town) body(kind people.BodyKind) string {
	t.Helper()
	b := people.Body{Head: record.Head{Unit: people.Top}, Name: string(kind), Kind: kind}
	ctx := storetest.As(t, "coord", "body.create")
	b, err := people.Bodies.Create(ctx, t.Store, b, "")
	t.must(err)
	return b.ID
}

func (t town) approve(editionID, body string, day field.Date) {
	t.Helper()
	_, err := approvals.Create(t.coord, t.Store, Approval{Head: record.Head{Unit: people.Top}, Edition: editionID, Body: body, Decided: day, Way: Minutes}, "")
	t.must(err)
}

// inForce brings an instruction, which needs no body, in force.
func (t town) inForce(id string, from field.Date) {
	t.Helper()
	t.must(Decide(t.other, t.Store, id))
	t.must(PutInForce(t.coord, t.Store, id, from))
}

// pages are the site with somebody signed in.
func (t town) pages(who access.Actor) http.Handler {
	site := web.New(t.Store, func(*http.Request) (access.Actor, error) { return who, nil })
	for _, m := range Modules() {
		if m.Mount != nil {
			m.Mount(site)
		}
	}
	return site
}

func (t town) as(id string, may ...access.Permission) http.Handler {
	return t.pages(storetest.Actor(id, access.Reach{Whole: true}, may...))
}

func get(h http.Handler, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

func post(h http.Handler, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// holds fails when an answer is not of the code, or a page lacks a text. Hard
// spaces count as spaces.
func holds(t *testing.T, w *httptest.ResponseRecorder, code int, texts ...string) {
	t.Helper()
	page := strings.ReplaceAll(w.Body.String(), "\u00a0", " ")
	if _, main, ok := strings.Cut(page, "<main"); ok {
		page = main
	}
	if w.Code != code {
		t.Fatalf("got %d, want %d: %.2000s", w.Code, code, page)
	}
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("the page lacks %q: %.3000s", text, page)
		}
	}
}
