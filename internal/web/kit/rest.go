package kit

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/web"
)

type one struct {
	ID   string `path:"id"`
	AsOf string `query:"as_of" doc:"UTC instant; without it, now"`
}

type made struct {
	Body json.RawMessage
}

type changed struct {
	ID      string `path:"id"`
	IfMatch string `header:"If-Match" doc:"the ETag of the version you changed"`
	Body    json.RawMessage
}

type answer struct {
	Status   int
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Type     string `header:"Content-Type"`
	Body     []byte
}

// search takes the query as it is: the filters are the register's fields.
type search struct {
	Q      string `query:"q" doc:"words to find"`
	Sort   string `query:"sort" doc:"a field; a minus before it turns the order"`
	Cursor string `query:"cursor" doc:"next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
	AsOf   string `query:"as_of" doc:"UTC instant; without it, now"`
	get    url.Values
}

// Resolve keeps the address for the filters.
func (l *search) Resolve(ctx huma.Context) []error {
	u := ctx.URL()
	l.get = u.Query()
	return nil
}

func (f *face[T]) rest() {
	api, at := f.site.API, f.api()
	huma.Register(api, f.op("list", http.MethodGet, at, nil, f.page()), f.restList)
	huma.Register(api, f.op("get", http.MethodGet, at+"/{id}", nil, f.schema()), f.restGet)
	if f.Kept {
		return
	}
	huma.Register(api, f.op("create", http.MethodPost, at, f.body(true), f.schema()), f.restCreate)
	huma.Register(api, f.op("patch", http.MethodPatch, at+"/{id}", f.body(false), f.schema()), f.restPatch)
}

func (f *face[T]) restList(ctx context.Context, in *search) (*answer, error) {
	q := f.query(in.get.Get)
	q.Limit = in.Limit
	q.Sort, q.Desc = strings.CutPrefix(in.Sort, "-")
	p, err := f.List(ctx, f.s, q)
	if err != nil {
		return nil, web.Problem(ctx, err, nil)
	}
	b := []byte(`{"items":[`)
	for i := range p.Items {
		if i > 0 {
			b = append(b, ',')
		}
		if f.Sensitive {
			b = append(b, called(f.Ref(&p.Items[i]).ID, f.Title(&p.Items[i]))...)
			continue
		}
		b = f.JSON(b, &p.Items[i])
	}
	b = append(append(append(b, `],"next":"`...), p.Next...), `"}`...)
	return &answer{Status: http.StatusOK, Type: "application/json", Body: b}, nil
}

// called is all that a list tells of a record of a sensitive kind.
func called(id, title string) []byte {
	b, _ := json.Marshal(map[string]string{"id": id, "title": title}) // strings cannot fail
	return b
}

func (f *face[T]) restGet(ctx context.Context, in *one) (*answer, error) {
	var rec T
	err := f.open(ctx, "see", in.ID, func(q *store.Read) (err error) {
		if in.AsOf != "" {
			rec, err = f.AsOf(q, in.ID, in.AsOf)
			return err
		}
		rec, err = f.Get(q, in.ID)
		return err
	})
	return f.answer(ctx, http.StatusOK, rec, err)
}

func (f *face[T]) restCreate(ctx context.Context, in *made) (*answer, error) {
	rec := f.Blank // a program leaves out what a form would propose
	record.HeadOf(&rec).Unit = home(access.Of(ctx).May[f.Can("create")])
	if err := f.members(&rec, in.Body); err != nil {
		return nil, web.Problem(ctx, err, nil)
	}
	rec, err := f.Create(ctx, f.s, rec, "")
	out, err := f.answer(ctx, http.StatusCreated, rec, err)
	if err == nil {
		out.Location = f.api() + "/" + record.HeadOf(&rec).ID
	}
	return out, err
}

// restPatch sets the members that are there and leaves the others alone.
func (f *face[T]) restPatch(ctx context.Context, in *changed) (*answer, error) {
	version, err := strconv.ParseInt(strings.Trim(in.IfMatch, `"`), 10, 64)
	if err != nil {
		return nil, web.Problem(ctx, problem.New(problem.NoVersion, "Skriv i If-Match, hvilken udgave du ændrer.", "Say in If-Match which version you change."), nil)
	}
	var rec T
	err = f.s.View(ctx, f.Can("edit"), func(q *store.Read) error {
		rec, err = f.Get(q, in.ID)
		return err
	})
	if err == nil {
		err = f.members(&rec, in.Body)
	}
	if err == nil {
		record.HeadOf(&rec).Version = version
		rec, err = f.Update(ctx, f.s, rec, "")
	}
	return f.answer(ctx, http.StatusOK, rec, err)
}

func (f *face[T]) answer(ctx context.Context, code int, rec T, err error) (*answer, error) {
	if err != nil {
		var now []byte
		var stale *record.Stale[T]
		if errors.As(err, &stale) {
			now = f.JSON(nil, &stale.Theirs)
		}
		return nil, web.Problem(ctx, err, now)
	}
	tag := `"` + strconv.FormatInt(record.HeadOf(&rec).Version, 10) + `"`
	return &answer{Status: code, ETag: tag, Type: "application/json", Body: f.JSON(nil, &rec)}, nil
}

// members sets the record to what the JSON object says.
func (f *face[T]) members(rec *T, body json.RawMessage) error {
	var members map[string]json.RawMessage // the edge: members become typed fields here
	if err := json.Unmarshal(body, &members); err != nil {
		return problem.New(problem.Invalid, "Indholdet er ikke gyldig JSON.", "The body is not valid JSON.")
	}
	for name, raw := range members {
		fd, ok := f.Field(name)
		if !ok || fd.Set {
			return problem.Check(problem.Fields{name: field.NotThere})
		}
		if err := fd.SetJSON(record.Value(rec), raw); err != nil {
			return problem.Field(name, "Værdien har en forkert type.", "The value is of a wrong type.")
		}
	}
	return nil
}

func (f *face[T]) op(verb, method, path string, in, out *huma.Schema) huma.Operation {
	op := huma.Operation{
		OperationID: f.Name + "-" + verb, Method: method, Path: path, Tags: []string{f.Name},
		Responses: map[string]*huma.Response{},
	}
	json := func(s *huma.Schema) map[string]*huma.MediaType {
		return map[string]*huma.MediaType{"application/json": {Schema: s}}
	}
	op.DefaultStatus = http.StatusOK
	if method == http.MethodPost {
		op.DefaultStatus = http.StatusCreated
	}
	op.Responses[strconv.Itoa(op.DefaultStatus)] = &huma.Response{Content: json(out)}
	if in != nil {
		op.RequestBody = &huma.RequestBody{Content: json(in)}
	}
	if verb == "list" {
		for _, fd := range f.Fields() {
			if fd.Filter {
				op.Parameters = append(op.Parameters, &huma.Param{Name: fd.Name, In: "query", Schema: &huma.Schema{Type: "string"}})
			}
		}
	}
	return op
}

// body is the schema of what a program sends; a new record needs the required fields.
func (f *face[T]) body(whole bool) *huma.Schema {
	s := &huma.Schema{Type: "object", Properties: map[string]*huma.Schema{}, AdditionalProperties: false}
	for _, fd := range f.Fields() {
		if fd.Set {
			continue
		}
		s.Properties[fd.Name] = property(fd)
		if whole && fd.Required && !fd.IsUnit() && fd.Kind != field.Int && fd.Kind != field.Bool {
			s.Required = append(s.Required, fd.Name)
		}
	}
	return s
}

// schema is the schema of a record as it is shown.
func (f *face[T]) schema() *huma.Schema {
	s := f.body(false)
	for _, fd := range f.Fields() {
		s.Properties[fd.Name] = property(fd)
	}
	for _, name := range []string{"id", "updated_at", "updated_by"} {
		s.Properties[name] = &huma.Schema{Type: "string"}
	}
	s.Properties["version"] = &huma.Schema{Type: "integer", Format: "int64"}
	return s
}

func (f *face[T]) page() *huma.Schema {
	return &huma.Schema{Type: "object", Properties: map[string]*huma.Schema{
		"items": {Type: "array", Items: f.schema()}, "next": {Type: "string"}}}
}

func property(fd field.Field) *huma.Schema {
	s := &huma.Schema{Type: "string", Description: fd.Label.In(i18n.En)}
	switch fd.Kind {
	case field.Int:
		s.Type, s.Format = "integer", "int64"
		if fd.Bounded() {
			least, most := float64(fd.Min), float64(fd.Max)
			s.Minimum, s.Maximum = &least, &most
		}
	case field.Bool:
		s.Type = "boolean"
	case field.Day:
		s.Format, s.Nullable = "date", fd.Null()
	case field.Ref:
		s.Description += " (id of " + fd.To + ")"
	case field.Several:
		s.Type, s.Items = "array", &huma.Schema{Type: "string"}
		for _, c := range fd.Choices {
			s.Items.Enum = append(s.Items.Enum, c[0])
		}
	case field.Choice:
		for _, c := range fd.Choices {
			s.Enum = append(s.Enum, c[0])
		}
		if !fd.Required {
			s.Enum = append(s.Enum, "")
		}
	}
	return s
}
