package kit

import (
	"net/http"
	"strings"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/web"

	"github.com/danielgtaylor/huma/v2"
)

// described is a register as OpenAPI describes it: its schemas, each kept once
// under a name, and examples made from its fields.
type described struct {
	name, plural, at  string
	one, many, about  string
	fields            []field.Field
	listed            *huma.Schema // a record in a list
	shown, made, some *huma.Schema // a record; a new one; what a change sets
	need              func(verb string) access.Permission
	sensitive         bool
	site              *web.Site
}

const (
	exampleID = "0190a6c2-7b1e-7c44-9a51-3f2d8e6b1c07"
	exampleAt = "2026-03-02T09:00:00.000000Z"
)

func (f *face) described() *described {
	d := &described{name: f.Name, plural: f.Plural, at: f.api(), one: strings.ToLower(f.One.In(i18n.En)), many: strings.ToLower(f.Many.In(i18n.En)),
		about: f.About.In(i18n.En), fields: f.Fields(), need: f.Can, sensitive: f.Sensitive, site: f.site}
	kind := typeName(f.Name)
	d.shown = d.site.Named(kind, d.record())
	d.made = d.site.Named(kind+".new", d.body(true))
	d.some = d.site.Named(kind+".change", d.body(false))
	d.listed = d.shown
	if f.Sensitive {
		d.listed = d.site.Named(kind+".title", &huma.Schema{Type: "object", Required: []string{"id", "title"}, AdditionalProperties: false,
			Description: "What a list tells of a record of which it is recorded who opens it",
			Properties:  map[string]*huma.Schema{"id": {Type: "string"}, "title": {Type: "string"}}, Examples: []any{d.listExample()}})
	}
	return d
}

// typeName is role_grant as RoleGrant.
func typeName(name string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(name, "_") {
		b.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return b.String()
}

func (d *described) op(verb, method, path, need, summary string) web.Operation {
	return web.Operation{Need: d.need(need), Operation: huma.Operation{OperationID: d.plural + "-" + verb, Method: method, Path: path, Tags: []string{d.plural},
		Summary: summary, Responses: map[string]*huma.Response{}}}
}

func (d *described) list() web.Operation {
	op := d.op("list", http.MethodGet, d.at, "see", "List "+d.many)
	op.Description = d.about
	most, least, hundred := float64(mostListed), 1.0, 100
	var sorts []any
	for _, fd := range d.fields {
		if fd.Sort {
			sorts = append(sorts, fd.Name, "-"+fd.Name)
		}
	}
	op.Parameters = []*huma.Param{
		{Name: "q", In: "query", Description: "Words that all stand in what is searched", Schema: &huma.Schema{Type: "string"}},
		{Name: "filter", In: "query", Description: "A condition in words, Danish or English: a field, then is, contains, before, after, at most, at least or missing, then a value; with and, or, not and brackets. A field may be called by its name or its label. Other words are searched for; in quotes, where a comparison is among them.", Schema: &huma.Schema{Type: "string", Examples: []any{d.condition()}}},
		{Name: "view", In: "query", Description: "The id of a saved view; what else the address says goes before it", Schema: &huma.Schema{Type: "string"}},
		{Name: "sort", In: "query", Description: "A field to order by; a minus before it turns the order. Those without a value come last.", Schema: &huma.Schema{Type: "string", Enum: sorts}},
		{Name: "limit", In: "query", Description: "How many at a time", Schema: &huma.Schema{Type: "integer", Minimum: &least, Maximum: &most, Default: hundred}},
		{Name: "cursor", In: "query", Description: "next of the page before", Schema: &huma.Schema{Type: "string"}},
		{Name: "as_of", In: "query", Description: "As it was at this UTC instant; without it, now", Schema: &huma.Schema{Type: "string", Pattern: `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$`}, Example: exampleAt},
	}
	for _, fd := range d.fields {
		if fd.Filter {
			schema := d.property(fd)
			about := schema.Description
			schema.Description, schema.Examples = "", nil
			op.Parameters = append(op.Parameters, &huma.Param{Name: fd.Name, In: "query", Description: "Only those with this: " + about, Schema: schema})
		}
	}
	page := d.site.Named(typeName(d.name)+".page", &huma.Schema{Type: "object", Required: []string{"items", "next"}, AdditionalProperties: false, Properties: map[string]*huma.Schema{
		"items": {Type: "array", Items: d.listed}, "next": {Type: "string", Description: "The cursor of the next page; empty on the last"}},
		Examples: []any{d.pageExample()}})
	op.Responses["200"] = web.Good("A page of them", web.JSON(page, d.pageExample()), "ETag")
	return op
}

func (d *described) get() web.Operation {
	op := d.op("get", http.MethodGet, d.at+"/{id}", "see", "Get one: "+d.one)
	if d.sensitive {
		op.Description = "That you opened it is recorded."
	}
	op.Parameters = []*huma.Param{{Name: "as_of", In: "query", Description: "As it was at this UTC instant; without it, now", Schema: &huma.Schema{Type: "string", Pattern: `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$`}, Example: exampleAt}}
	op.Responses["200"] = web.Good("The record", web.JSON(d.shown, d.example(true)), "ETag")
	return op
}

func (d *described) create() web.Operation {
	op := d.op("create", http.MethodPost, d.at, "create", "Create one: "+d.one)
	op.Description = "What is left out is as the form would propose it: the unit is the one you reach most of, where that is one."
	op.Parameters = []*huma.Param{web.OnceParam()}
	op.RequestBody = &huma.RequestBody{Required: true, Content: web.JSON(d.made, d.example(false))}
	op.Responses["201"] = web.Good("The record as stored", web.JSON(d.shown, d.example(true)), "ETag", "Location", "Idempotency-Replayed")
	return op
}

func (d *described) patch() web.Operation {
	op := d.op("patch", http.MethodPatch, d.at+"/{id}", "edit", "Change one: "+d.one)
	op.Description = "Members that are there are set, null empties one, and those that are not there stay as they are."
	op.Parameters = []*huma.Param{{Name: "If-Match", In: "header", Required: true, Description: "The ETag of the version you changed", Schema: &huma.Schema{Type: "string", Pattern: `"\d+"`}, Example: `"1"`}}
	op.RequestBody = &huma.RequestBody{Required: true, Content: web.JSON(d.some, d.example(false))}
	op.Responses["200"] = web.Good("The record as stored", web.JSON(d.shown, d.example(true)), "ETag")
	return op
}

func (d *described) bulk() web.Operation {
	op := d.op("bulk", http.MethodPost, d.at+"/bulk", "edit", "Create and change many: "+d.many)
	op.Need = web.SignedIn // one may create, another change: each item needs its own
	op.Description = "Each item is answered by its own status. With atomic all are stored or none: then the answer is 422, and its items tell what each would have been answered. A patch names the version it was made from."
	op.MaxBodyBytes = 16 << 20
	op.Parameters = []*huma.Param{web.OnceParam()}
	one, most := 1, mostInBulk
	object := func(required []string, props map[string]*huma.Schema) *huma.Schema {
		return &huma.Schema{Type: "object", Required: required, AdditionalProperties: false, Properties: props}
	}
	whole := &huma.Schema{Type: "integer", Format: "int64"}
	kind := typeName(d.name)
	example := map[string]any{"atomic": false, "items": []any{map[string]any{"create": d.example(false)}, map[string]any{"id": exampleID, "version": 1, "patch": d.example(false)}}}
	asked := object([]string{"items"}, map[string]*huma.Schema{
		"atomic": {Type: "boolean", Default: false, Description: "All or none"},
		"items": {Type: "array", MinItems: &one, MaxItems: &most, Items: &huma.Schema{OneOf: []*huma.Schema{
			object([]string{"create"}, map[string]*huma.Schema{"create": d.made}),
			object([]string{"id", "version", "patch"}, map[string]*huma.Schema{"id": {Type: "string"}, "version": whole, "patch": d.some}),
		}}}})
	asked.Examples = []any{example}
	op.RequestBody = &huma.RequestBody{Required: true, Content: web.JSON(d.site.Named(kind+".bulk", asked), example)}
	dealt := map[string]any{"items": []any{map[string]any{"status": 201, "location": d.at + "/" + exampleID, "etag": `"1"`, "record": d.example(true)},
		map[string]any{"status": 404, "problem": map[string]any{"title": "Not Found", "status": 404, "detail": "It does not exist, or you have no access to it.", "instance": "urn:vaern:request:4f0c2a91be"}}}}
	answer := object([]string{"items"}, map[string]*huma.Schema{"items": {Type: "array", Items: object([]string{"status"}, map[string]*huma.Schema{
		"status": {Type: "integer"}, "location": {Type: "string"}, "etag": {Type: "string"}, "record": d.shown, "problem": {Ref: "#/components/schemas/Fault"}})}})
	answer.Examples = []any{dealt}
	op.Responses["200"] = web.Good("What became of each", web.JSON(d.site.Named(kind+".bulk.answer", answer), dealt), "Idempotency-Replayed")
	return op
}

// body is the schema of what a program sends; a new record needs the required fields.
func (d *described) body(whole bool) *huma.Schema {
	s := &huma.Schema{Type: "object", Properties: map[string]*huma.Schema{}, AdditionalProperties: false, Examples: []any{d.example(false)}}
	for _, fd := range d.fields {
		if fd.Set {
			continue
		}
		s.Properties[fd.Name] = d.property(fd)
		if whole && fd.Required && !fd.IsUnit() && fd.Kind != field.Int && fd.Kind != field.Bool {
			s.Required = append(s.Required, fd.Name)
		}
	}
	return s
}

// record is the schema of a record as it is shown: all of its members are there.
func (d *described) record() *huma.Schema {
	s := &huma.Schema{Type: "object", AdditionalProperties: false, Description: d.about, Examples: []any{d.example(true)}, Properties: map[string]*huma.Schema{
		"id":         {Type: "string", Description: "Given when it is made"},
		"version":    {Type: "integer", Format: "int64", Description: "One more with every change"},
		"updated_at": {Type: "string", Format: "date-time", Description: "When this version was made, in UTC"},
		"updated_by": {Type: "string", Description: "The person or machine that made this version"},
	}, Required: []string{"id", "version", "updated_at", "updated_by"}}
	for _, fd := range d.fields {
		p := d.property(fd)
		p.ReadOnly = fd.Set
		if fd.Required && len(p.Enum) > 0 && fd.Kind == field.Choice {
			p.Enum = append(p.Enum, "") // rows of old, and what is veiled
		}
		s.Properties[fd.Name] = p
		s.Required = append(s.Required, fd.Name)
	}
	return s
}

// property is the schema of one field.
func (d *described) property(fd field.Field) *huma.Schema {
	s := &huma.Schema{Type: "string", Description: words(&fd)}
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
		s.Description += " The id of a record of " + fd.To + "."
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

// words is a field in words: label, help, and what its codes mean.
func words(fd *field.Field) string {
	text := strings.TrimSuffix(fd.Label.In(i18n.En), ".") + "."
	if help := fd.Help.In(i18n.En); help != "" {
		text += " " + help
	}
	if fd.Sensitive {
		text += " Empty for those who may not see it."
	}
	if len(fd.Choices) > 0 && len(fd.Choices) <= 12 {
		var codes []string
		for _, c := range fd.Choices {
			codes = append(codes, c[0]+": "+c[2])
		}
		text += " " + strings.Join(codes, "; ") + "."
	}
	return text
}

// example is an example record, or what a program sends to make one.
func (d *described) example(shown bool) map[string]any {
	out := map[string]any{}
	for _, fd := range d.fields {
		if fd.Set && !shown || fd.Kind == field.Ref && !fd.Required && !shown {
			continue
		}
		out[fd.Name] = exampleOf(&fd)
	}
	if shown {
		out["id"], out["version"], out["updated_at"], out["updated_by"] = exampleID, 1, exampleAt, exampleID
	}
	return out
}

func exampleOf(fd *field.Field) any {
	if fd.Example != "" {
		return fd.Example
	}
	switch fd.Kind {
	case field.Int:
		return max(fd.Min, min(12, max(fd.Max, 12)))
	case field.Bool:
		return false
	case field.Day:
		return "2026-03-02"
	case field.Choice:
		return fd.Choices[0][0]
	case field.Several:
		return []any{fd.Choices[0][0]}
	case field.Ref:
		if fd.IsUnit() {
			return "top"
		}
		return exampleID
	}
	if fd.Key {
		return fd.Auto + "101"
	}
	return fd.Label.In(i18n.En)
}

func (d *described) listExample() any {
	if d.sensitive {
		return map[string]any{"id": exampleID, "title": d.one}
	}
	return d.example(true)
}

func (d *described) pageExample() any {
	return map[string]any{"items": []any{d.listExample()}, "next": ""}
}

// condition is an example of a filter on the register's own fields.
func (d *described) condition() string {
	for _, fd := range d.fields {
		switch {
		case fd.Sensitive:
		case fd.Kind == field.Day:
			return fd.Name + " before today"
		case fd.Kind == field.Choice:
			return fd.Name + " is " + fd.Choices[0][0]
		}
	}
	return "unit missing"
}
