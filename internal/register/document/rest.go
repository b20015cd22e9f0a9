package document

import (
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"vaern/internal/clause"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/web"
)

// Version is a version of a document as REST shows it.
type Version struct {
	ID        string            `json:"id"`
	Version   int64             `json:"version"`
	Document  string            `json:"document"`
	Label     string            `json:"label"`
	State     string            `json:"state" enum:"draft,in_review,decided,in_force,superseded"`
	Dated     string            `json:"dated"`
	Starts    string            `json:"starts"`
	Ends      string            `json:"ends"`
	Body      string            `json:"body" doc:"Markdown"`
	Sections  []clause.Section  `json:"sections" nullable:"false"`
	Approvals []VersionApproval `json:"approvals" nullable:"false"`
}

// VersionApproval is an approval of a version by a body.
type VersionApproval struct {
	ID         string `json:"id"`
	Body       string `json:"body"`
	Decided    string `json:"decided"`
	CaseNumber string `json:"case_number"`
}

// Versions are all versions of a document.
type Versions struct {
	Items []Version `json:"items" nullable:"false"`
	Next  string    `json:"next" doc:"Empty: all of them are there"`
}

// rest lets programs read the versions of a document; documents and approvals
// have the endpoints of every register.
func (d *desk) rest() {
	d.site.Tag("editions", i18n.Text{"Versioner af dokumenter", "Versions of documents"})
	one := web.Operation{Need: "document.see", Operation: huma.Operation{OperationID: "editions-get", Method: http.MethodGet, Path: "/api/v1/editions/{id}", Tags: []string{"editions"},
		Summary: "Get one version of a document, with its text and approvals"}}
	one.Responses = map[string]*huma.Response{"200": web.Good("The version", web.JSON(d.site.Schema(reflect.TypeFor[Version]()), exampleVersion), "ETag")}
	d.site.Offer(one, d.restOne)
	all := web.Operation{Need: "document.see", Operation: huma.Operation{OperationID: "documents-editions", Method: http.MethodGet, Path: "/api/v1/documents/{id}/editions", Tags: []string{"editions"},
		Summary: "List the versions of a document, without their texts"}}
	short := exampleVersion
	short.Body, short.Sections, short.Approvals = "", []clause.Section{}, []VersionApproval{}
	all.Responses = map[string]*huma.Response{"200": web.Good("All of them, the newest first", web.JSON(d.site.Schema(reflect.TypeFor[Versions]()), Versions{[]Version{short}, ""}), "ETag")}
	d.site.Offer(all, d.restList)
	begin := web.Operation{Need: "document.edit", Operation: huma.Operation{OperationID: "documents-begin", Method: http.MethodPost, Path: "/api/v1/documents/{id}/editions", Tags: []string{"editions"},
		Summary: "Begin a new version of a document", Parameters: []*huma.Param{web.OnceParam()}}}
	begin.RequestBody = &huma.RequestBody{Required: true, Content: web.JSON(d.site.Schema(reflect.TypeFor[NewVersion]()), NewVersion{Label: "2.1", Body: "# Purpose\n\nThe policy sets the level.\n"})}
	begin.Responses = map[string]*huma.Response{"201": web.Good("The draft", web.JSON(d.site.Schema(reflect.TypeFor[Version]()), exampleVersion), "Location", "Idempotency-Replayed")}
	d.site.Offer(begin, d.restBegin)
}

var exampleVersion = Version{ID: "0190a6c2-7b1e-7c44-9a51-3f2d8e6b1c07", Version: 1, Document: "0190a6c2-7b1e-7c44-9a51-3f2d8e6b1c08", Label: "2.0", State: "in_force",
	Dated: "2026-03-02", Starts: "2026-03-02", Body: "# Purpose\n\nThe policy sets the level.\n", Sections: []clause.Section{}, Approvals: []VersionApproval{{"0190a6c2-7b1e-7c44-9a51-3f2d8e6b1c09", "council", "2026-03-01", "26/1234"}}}

func (d *desk) restOne(c *web.Call) (*web.Answer, error) {
	var out Version
	err := d.site.Store.View(c.Context(), "document.see", func(q *store.Read) error {
		e, err := edition(q, c.PathValue("id"))
		if err != nil {
			return err
		}
		have, err := Approvals(q, e.ID)
		out = bodyOf(e, have)
		return err
	})
	if err != nil {
		return nil, err
	}
	return web.Say(http.StatusOK, out)
}

func (d *desk) restList(c *web.Call) (*web.Answer, error) {
	out := Versions{Items: []Version{}}
	err := d.site.Store.View(c.Context(), "document.see", func(q *store.Read) error {
		if _, err := documents.Get(q, c.PathValue("id")); err != nil {
			return err
		}
		all, err := editions(q, c.PathValue("id"))
		for _, e := range all {
			b := bodyOf(e, nil)
			b.Body, b.Sections = "", []clause.Section{}
			out.Items = append(out.Items, b)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return web.Say(http.StatusOK, out)
}

// NewVersion is what a program sends to begin a version.
type NewVersion struct {
	Label string     `json:"label" doc:"Version number" da:"Versionsnummer" en:"Version number" is:"required"`
	Dated field.Date `json:"dated,omitempty" doc:"The date in the text, where it has one" da:"Dateret" en:"Dated"`
	Body  string     `json:"body" doc:"Markdown" da:"Tekst" en:"Text" is:"required long"`
}

var newVersion = field.Of(reflect.TypeFor[NewVersion]())

func (d *desk) restBegin(c *web.Call) (a *web.Answer, err error) {
	var in NewVersion
	v := record.Value(&in)
	if err := web.Read(newVersion, c.Body, func(f *field.Field, raw []byte) i18n.Text { return f.SetJSON(v, raw) }); err != nil {
		return nil, err
	}
	err = d.site.Store.Change(c.Context(), beginning, func(w *store.Write) (err error) {
		a, err = c.Once(w, func() (*web.Answer, error) {
			e, err := begin(w, c.PathValue("id"), Text(in))
			if err != nil {
				return nil, err
			}
			a, err := web.Say(http.StatusCreated, bodyOf(e, nil))
			a.Location = "/api/v1/editions/" + e.ID
			return a, err
		})
		return err
	})
	return a, err
}

func bodyOf(e Edition, have []Approved) Version {
	b := Version{ID: e.ID, Version: e.Version, Document: e.Document, Label: e.Label, State: string(e.State), Dated: string(e.Dated),
		Starts: string(e.Starts), Ends: string(e.Ends), Body: e.Body, Sections: e.Sections, Approvals: []VersionApproval{}}
	for _, a := range have {
		b.Approvals = append(b.Approvals, VersionApproval{a.ID, a.Body, a.Decided, a.Case})
	}
	return b
}
