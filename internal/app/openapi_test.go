package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/field"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/errors"
	"github.com/pb33f/libopenapi-validator/schema_validation"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"
)

// described is the API as it describes itself, and a program that uses it.
type described struct {
	*testing.T
	in    *town
	site  http.Handler
	who   *someone
	model *v3.Document
	valid validator.Validator
	ids   map[string]string // plural → a record
	other map[string]string // plural → another one
}

// TestDescriptionOfTheAPIHolds validates it, and calls every operation with its
// own example.
func TestDescriptionOfTheAPIHolds(t *testing.T) {
	each(t, func(t *testing.T, in *town) {
		d := &described{T: t, in: in, who: &someone{access.Machine("test", in.everything()...)}, ids: map[string]string{"units": "top"}, other: map[string]string{}}
		d.ids["editions"] = inForce(t, in, longPolicy(1))
		d.site, _ = new(serve).hang(in, d.who.who)
		d.read()
		d.examples()
		d.create()
		called := 0
		for path, item := range d.model.Paths.PathItems.FromOldest() {
			for method, op := range item.GetOperations().FromOldest() {
				called++
				d.call(strings.ToUpper(method), path, op)
			}
		}
		if called < 60 {
			t.Errorf("only %d operations", called)
		}
	})
}

// read reads the description, which must be valid.
func (d *described) read() {
	w := httptest.NewRecorder()
	d.site.ServeHTTP(w, httptest.NewRequest("GET", "/api/openapi.json", nil))
	if w.Code != 200 || !bytes.HasPrefix(w.Body.Bytes(), []byte(`{`)) {
		d.Fatalf("the description answers %d", w.Code)
	}
	doc, err := libopenapi.NewDocument(w.Body.Bytes())
	if err != nil {
		d.Fatal(err)
	}
	if v := doc.GetVersion(); v != "3.1.0" {
		d.Errorf("it is OpenAPI %s", v)
	}
	built, err := doc.BuildV3Model()
	if err != nil {
		d.Fatal(err)
	}
	d.model = &built.Model
	var errs []error
	if d.valid, errs = validator.NewValidator(doc); len(errs) > 0 {
		d.Fatal(errs)
	}
	if ok, faults := d.valid.ValidateDocument(); !ok {
		d.Fatal(said(faults))
	}
}

func said(faults []*errors.ValidationError) string {
	var b strings.Builder
	for _, f := range faults {
		fmt.Fprintf(&b, "%s: %s\n", f.Message, f.Reason)
		for _, s := range f.SchemaValidationErrors {
			fmt.Fprintf(&b, "  %s: %s\n", s.FieldPath, s.Reason)
		}
	}
	return b.String()
}

// examples tries every example against its schema, and that there are some.
func (d *described) examples() {
	tried := 0
	try := func(where string, media *v3.MediaType) {
		if media.Schema == nil || media.Example == nil {
			d.Errorf("%s has no example", where)
			return
		}
		tried++
		value := decoded(media.Example)
		if ok, faults := schema_validation.NewSchemaValidator().ValidateSchemaObject(media.Schema.Schema(), value); !ok {
			d.Errorf("the example of %s: %s", where, said(faults))
		}
	}
	for path, item := range d.model.Paths.PathItems.FromOldest() {
		for method, op := range item.GetOperations().FromOldest() {
			where := method + " " + path
			if op.Summary == "" || len(op.Tags) == 0 {
				d.Errorf("%s says nothing of itself", where)
			}
			if op.RequestBody != nil {
				for _, media := range op.RequestBody.Content.FromOldest() {
					try(where, media)
				}
			}
			for code, r := range op.Responses.Codes.FromOldest() {
				if r.Content == nil {
					continue
				}
				for _, media := range r.Content.FromOldest() {
					try(where+" "+code, media)
				}
			}
		}
	}
	for name, schema := range d.model.Components.Schemas.FromOldest() {
		s := schema.Schema()
		for _, e := range s.Examples {
			tried++
			if ok, faults := schema_validation.NewSchemaValidator().ValidateSchemaObject(s, decoded(e)); !ok {
				d.Errorf("an example of %s: %s", name, said(faults))
			}
		}
	}
	if tried < 500 {
		d.Errorf("only %d examples", tried)
	}
}

// decoded is an example as JSON would give it.
func decoded(node interface{ Decode(any) error }) (out any) {
	var raw any
	if err := node.Decode(&raw); err != nil {
		return err
	}
	text, _ := json.Marshal(raw)
	json.Unmarshal(text, &out)
	return out
}

// create makes a record of every register that can be made, those first that
// others point at.
func (d *described) create() {
	for range 5 {
		for _, m := range d.in.engine.Modules {
			path := "/api/v1/" + m.Plural
			item, ok := d.model.Paths.PathItems.Get(path)
			if !ok || item.Post == nil || d.other[m.Plural] != "" || !d.pointed(m.Fields) {
				continue
			}
			w := d.ask("POST", path, d.body(item.Post, m.Plural))
			if w.Code == 201 {
				d.other[m.Plural], d.ids[m.Plural] = d.ids[m.Plural], w.Header().Get("Location")[len(path)+1:]
			}
		}
	}
	for _, m := range d.in.engine.Modules {
		if item, ok := d.model.Paths.PathItems.Get("/api/v1/" + m.Plural); ok && item.Post != nil && d.ids[m.Plural] == "" {
			w := d.ask("POST", "/api/v1/"+m.Plural, d.body(item.Post, m.Plural))
			d.Errorf("the example of %s makes none: %d %s", m.Plural, w.Code, w.Body)
		}
	}
}

// plural is what programs call the records of a kind.
func (d *described) plural(kind string) string {
	for _, m := range d.in.engine.Modules {
		if m.Name == kind && m.Plural != "" {
			return m.Plural
		}
	}
	return kind + "s"
}

// pointed reports whether there is a record for each reference that is needed.
func (d *described) pointed(fields []field.Field) bool {
	return !slices.ContainsFunc(fields, func(f field.Field) bool {
		return f.Kind == field.Ref && f.Required && d.ids[d.plural(f.To)] == ""
	})
}

// body is the example of an operation, pointing at records that there are.
func (d *described) body(op *v3.Operation, plural string) string {
	if op.RequestBody == nil {
		return ""
	}
	media, ok := op.RequestBody.Content.Get("application/json")
	if !ok || media.Example == nil {
		return "{}"
	}
	example := decoded(media.Example)
	for _, m := range d.in.engine.Modules {
		if m.Plural == plural {
			d.point(example, m.Fields)
		}
	}
	text, _ := json.Marshal(example)
	return string(text)
}

func (d *described) point(v any, fields []field.Field) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			d.point(x, fields)
		}
	case map[string]any:
		used := map[string]bool{}
		for _, f := range fields {
			if _, there := v[f.Name]; !there || f.Kind != field.Ref {
				continue
			}
			to := d.plural(f.To)
			v[f.Name] = d.ids[to]
			if used[to] && d.other[to] != "" {
				v[f.Name] = d.other[to] // two fields seldom mean the same record
			}
			used[to] = !f.IsUnit()
		}
		for _, x := range v {
			d.point(x, fields)
		}
	}
}

// call calls an operation as its example says: let in, and not let in.
func (d *described) call(method, path string, op *v3.Operation) {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if strings.HasPrefix(part, "{") {
			parts[i] = d.ids[parts[i-1]]
			if parts[i] == "" {
				parts[i] = "0190a6c2-7b1e-7c44-9a51-3f2d8e6b1c07"
			}
		}
	}
	at := strings.Join(parts, "/")
	body := d.body(op, parts[min(3, len(parts)-1)])
	head := map[string]string{}
	for _, p := range op.Parameters {
		if p.Name == "If-Match" {
			head[p.Name] = d.ask("GET", at, "").Header().Get("ETag")
			if head[p.Name] == "" {
				d.Errorf("nothing to change at %s", at)
			}
		}
	}
	w := d.ask(method, at, body, pairs(head)...)
	if w.Code >= 500 || w.Code == 401 || w.Code == 403 {
		d.Errorf("%s %s answers %d: %s", method, at, w.Code, w.Body)
	}
	if w.Code >= 400 && method == "GET" && d.ids[parts[min(3, len(parts)-1)]] != "" {
		d.Errorf("%s %s answers %d: %s", method, at, w.Code, w.Body)
	}
	if at == "/api/openapi.json" {
		return
	}
	was := d.who.Actor
	d.who.Actor = access.Actor{}
	if w := d.ask(method, at, body, pairs(head)...); w.Code != 401 {
		d.Errorf("%s %s without a token: %d", method, at, w.Code)
	}
	d.who.Actor = was
}

func pairs(m map[string]string) (out []string) {
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, k, m[k])
	}
	return out
}

// ask sends a request and holds request and answer against the description.
func (d *described) ask(method, path, body string, head ...string) *httptest.ResponseRecorder {
	d.Helper()
	r := httptest.NewRequest(method, "http://localhost"+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer vaern_test")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(head); i += 2 {
		r.Header.Set(head[i], head[i+1])
	}
	w := httptest.NewRecorder()
	d.site.ServeHTTP(w, r)
	r.Body = http.NoBody
	if body != "" {
		r.Body = io.NopCloser(strings.NewReader(body))
	}
	if ok, faults := d.valid.ValidateHttpRequestSync(r); !ok {
		d.Errorf("%s %s is asked otherwise than described: %s", method, path, said(faults))
	}
	if ok, faults := d.valid.ValidateHttpResponse(r, w.Result()); !ok {
		d.Errorf("%s %s answers %d otherwise than described: %s%.600s", method, path, w.Code, said(faults), w.Body)
	}
	return w
}
