package web

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"vaern/internal/i18n"

	"github.com/danielgtaylor/huma/v2"
)

const about = `Every register has the same operations. Names of fields are those of the pages' forms; labels are in the descriptions.

**Who**: a token in ` + "`Authorization: Bearer vaern_…`" + ` acts with the rights of the person it was made for, in the units that person reaches. What you may not see looks as if it were not there (404).

**Errors** are problem+json (RFC 9457), in Danish or English by ` + "`Accept-Language`" + ` or ` + "`?lang=`" + `; ` + "`errors`" + ` says what is wrong and where.

**Changes** name the version they were made from in ` + "`If-Match`" + `; what somebody else changed meanwhile is answered 412 with the record as it is now. ` + "`Idempotency-Key`" + ` makes it safe to send a create again.

**Lists** come in pages: follow ` + "`next`" + ` as ` + "`cursor`" + ` until it is empty.`

// faults are the statuses that every operation may answer, with an example.
var faults = []struct {
	code         int
	name, detail string
	at, message  string
}{
	{http.StatusBadRequest, "Unreadable", "The body is not one valid JSON object in UTF-8.", "", ""},
	{http.StatusUnauthorized, "NoToken", "Sign in to continue.", "", ""},
	{http.StatusForbidden, "Refused", "You may not do this. Ask the coordinator if you think you should.", "", ""},
	{http.StatusNotFound, "Missing", "It does not exist, or you have no access to it.", "", ""},
	{http.StatusConflict, "Conflict", "It already exists.", "body.number", "It already exists."},
	{http.StatusPreconditionFailed, "Stale", "Somebody else changed it meanwhile. Both versions are shown below, and nothing was lost.", "", ""},
	{http.StatusRequestEntityTooLarge, "TooLarge", "Send at most 2048 kB at a time.", "", ""},
	{http.StatusUnsupportedMediaType, "NotJSON", "Send the body as JSON: Content-Type: application/json.", "", ""},
	{http.StatusUnprocessableEntity, "Wrong", "Correct the marked fields. Nothing was lost.", "body.title", "Is required."},
	{http.StatusPreconditionRequired, "NoVersion", "Say in If-Match which version you change.", "", ""},
	{http.StatusTooManyRequests, "Busy", "Too many calls at once. Wait for answers and try again.", "", ""},
	{http.StatusInternalServerError, "Internal", "Something went wrong on our side. Nothing was saved, and nothing was lost.", "", ""},
}

// newAPI is the description of the API before anything is offered.
func newAPI() *huma.OpenAPI {
	api := huma.DefaultConfig("Værn", "1").OpenAPI
	api.OpenAPI = "3.1.0"
	api.Info.Description = about
	api.Info.License = &huma.License{Name: "MPL-2.0", Identifier: "MPL-2.0"}
	api.Servers = []*huma.Server{{URL: "/", Description: "This municipality"}}
	api.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer",
		Description: "A token of the account page, or of vaern token add. One that may only read is refused every change."}}
	api.Security = []map[string][]string{{"token": {}}}
	api.Components.Responses = map[string]*huma.Response{}
	fault := api.Components.Schemas.Schema(reflect.TypeFor[Fault](), true, "Fault")
	for _, e := range faults {
		example := Fault{Title: http.StatusText(e.code), Status: e.code, Detail: e.detail, Instance: "urn:vaern:request:4f0c2a91be"}
		if e.at != "" {
			example.Errors = []Flaw{{e.at, e.message}}
		}
		r := &huma.Response{Description: e.detail, Content: map[string]*huma.MediaType{"application/problem+json": {Schema: fault, Example: example}}}
		switch e.code {
		case http.StatusUnauthorized:
			r.Headers = map[string]*huma.Param{"WWW-Authenticate": text("How to identify oneself", `Bearer realm="vaern"`)}
		case http.StatusTooManyRequests:
			r.Headers = map[string]*huma.Param{"Retry-After": text("Seconds to wait", "1")}
		}
		api.Components.Responses[e.name] = r
	}
	return api
}

func text(what, example string) *huma.Param {
	return &huma.Param{Description: what, Schema: &huma.Schema{Type: "string"}, Example: example}
}

// describe adds to an operation what all of its sort have.
func (s *Site) describe(op *Operation) {
	if op.Responses == nil {
		op.Responses = map[string]*huma.Response{}
	}
	may := map[int]bool{http.StatusUnprocessableEntity: true, http.StatusTooManyRequests: true, http.StatusInternalServerError: true}
	if op.Need == Public {
		op.Security = []map[string][]string{}
	} else {
		may[http.StatusUnauthorized], may[http.StatusForbidden] = true, true
	}
	if strings.Contains(op.Path, "{") || op.has("query", "view") {
		may[http.StatusNotFound] = true
	}
	if op.Method != http.MethodGet {
		for _, code := range []int{http.StatusBadRequest, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType} {
			may[code] = true
		}
	}
	if op.has("header", "If-Match") {
		may[http.StatusPreconditionFailed], may[http.StatusPreconditionRequired] = true, true
	}
	for _, e := range faults {
		if may[e.code] {
			op.Responses[strconv.Itoa(e.code)] = &huma.Response{Ref: "#/components/responses/" + e.name}
		}
	}
	if op.Method == http.MethodGet {
		op.Parameters = append(op.Parameters, &huma.Param{Name: "If-None-Match", In: "header", Schema: &huma.Schema{Type: "string"},
			Description: "The ETag of what you have; 304 says that it is still so"})
		op.Responses["304"] = &huma.Response{Description: "You have the newest already"}
	}
	op.Parameters = append(op.Parameters, &huma.Param{Name: "Accept-Language", In: "header", Description: "The language of errors: da or en",
		Schema: &huma.Schema{Type: "string"}, Example: "da"})
	for _, part := range strings.Split(op.Path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok && !op.has("path", strings.TrimSuffix(name, "}")) {
			op.Parameters = append(op.Parameters, &huma.Param{Name: strings.TrimSuffix(name, "}"), In: "path", Required: true,
				Description: "The record's id", Schema: &huma.Schema{Type: "string"}, Example: "0190a6c2-7b1e-7c44-9a51-3f2d8e6b1c07"})
		}
	}
}

// Schema is the schema of a Go value that an operation answers or takes.
func (s *Site) Schema(of reflect.Type) *huma.Schema {
	return s.API.Components.Schemas.Schema(of, true, of.Name())
}

// Named keeps a schema under a name and returns the way to it.
func (s *Site) Named(name string, schema *huma.Schema) *huma.Schema {
	s.API.Components.Schemas.Map()[name] = schema
	return &huma.Schema{Ref: "#/components/schemas/" + name}
}

// JSON is the content of a body, with an example.
func JSON(schema *huma.Schema, example any) map[string]*huma.MediaType {
	return map[string]*huma.MediaType{"application/json": {Schema: schema, Example: example}}
}

// Good is the answer of an operation that succeeded. What is read or changed
// has a tag; what is made has an address.
func Good(what string, content map[string]*huma.MediaType, headers ...string) *huma.Response {
	known := map[string]*huma.Param{
		"ETag":                 text("The version, for If-Match and If-None-Match", `"1"`),
		"Location":             text("Where the new record is", "/api/v1/rules/0190a6c2-7b1e-7c44-9a51-3f2d8e6b1c07"),
		"Idempotency-Replayed": text("true when an earlier answer is given again", "true"),
	}
	r := &huma.Response{Description: what, Content: content, Headers: map[string]*huma.Param{}}
	for _, name := range headers {
		r.Headers[name] = known[name]
	}
	return r
}

// offerDescription serves the description itself, made once from all that was
// offered before the first who asks.
func (s *Site) offerDescription() {
	type made struct {
		body []byte
		err  error
	}
	once := sync.OnceValue(func() made {
		body, err := json.Marshal(s.API)
		return made{body, err}
	})
	op := Operation{huma.Operation{OperationID: "openapi", Method: http.MethodGet, Path: descriptionPath, Tags: []string{"openapi"},
		Summary:   "This description",
		Responses: map[string]*huma.Response{"200": Good("OpenAPI 3.1", JSON(&huma.Schema{Type: "object", Properties: map[string]*huma.Schema{"openapi": {Type: "string"}}}, map[string]string{"openapi": "3.1.0"}), "ETag")}}, Public}
	s.Offer(op, func(*Call) (*Answer, error) {
		m := once()
		return &Answer{Status: http.StatusOK, Body: m.body}, m.err
	})
}

// descriptionPath needs no token, not even a good one.
const descriptionPath = "/api/openapi.json"

// Tag adds what a group of operations is about.
func (s *Site) Tag(name string, what i18n.Text) {
	s.API.Tags = append(s.API.Tags, &huma.Tag{Name: name, Description: what.In(i18n.En)})
}
