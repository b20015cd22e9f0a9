package document

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"vaern/internal/clause"
	"vaern/internal/store"
	"vaern/internal/web"
)

type byID struct {
	ID string `path:"id"`
}

// versionBody is a version as REST shows it.
type versionBody struct {
	ID        string           `json:"id"`
	Version   int64            `json:"version"`
	Document  string           `json:"document"`
	Label     string           `json:"label"`
	State     string           `json:"state" enum:"draft,in_review,decided,in_force,superseded"`
	Dated     string           `json:"dated"`
	Starts    string           `json:"starts"`
	Ends      string           `json:"ends"`
	Body      string           `json:"body" doc:"Markdown"`
	Sections  []clause.Section `json:"sections"`
	Approvals []approvalBody   `json:"approvals"`
}

type approvalBody struct {
	ID         string `json:"id"`
	Body       string `json:"body"`
	Decided    string `json:"decided"`
	CaseNumber string `json:"case_number"`
}

type versionAnswer struct{ Body versionBody }

type versionsAnswer struct {
	Body struct {
		Items []versionBody `json:"items"`
	}
}

// rest lets programs read the versions of a document; documents and approvals
// have the endpoints of every register.
func (d *desk) rest() {
	huma.Register(d.site.API, huma.Operation{OperationID: "edition-get", Method: http.MethodGet, Path: "/api/v1/editions/{id}", Tags: []string{"edition"}}, d.restOne)
	huma.Register(d.site.API, huma.Operation{OperationID: "edition-list", Method: http.MethodGet, Path: "/api/v1/documents/{id}/editions", Tags: []string{"edition"}}, d.restList)
}

func (d *desk) restOne(ctx context.Context, in *byID) (*versionAnswer, error) {
	var out versionAnswer
	err := d.site.Store.View(ctx, "document.see", func(q *store.Read) error {
		e, err := edition(q, in.ID)
		if err != nil {
			return err
		}
		have, err := Approvals(q, e.ID)
		out.Body = bodyOf(e, have)
		return err
	})
	if err != nil {
		return nil, web.Problem(ctx, err, nil)
	}
	return &out, nil
}

func (d *desk) restList(ctx context.Context, in *byID) (*versionsAnswer, error) {
	var out versionsAnswer
	out.Body.Items = []versionBody{}
	err := d.site.Store.View(ctx, "document.see", func(q *store.Read) error {
		if _, err := documents.Get(q, in.ID); err != nil {
			return err
		}
		all, err := editions(q, in.ID)
		for _, e := range all {
			b := bodyOf(e, nil)
			b.Body, b.Sections = "", []clause.Section{}
			out.Body.Items = append(out.Body.Items, b)
		}
		return err
	})
	if err != nil {
		return nil, web.Problem(ctx, err, nil)
	}
	return &out, nil
}

func bodyOf(e Edition, have []Approved) versionBody {
	b := versionBody{ID: e.ID, Version: e.Version, Document: e.Document, Label: e.Label, State: string(e.State), Dated: string(e.Dated),
		Starts: string(e.Starts), Ends: string(e.Ends), Body: e.Body, Sections: e.Sections, Approvals: []approvalBody{}}
	for _, a := range have {
		b.Approvals = append(b.Approvals, approvalBody{a.ID, a.Body, a.Decided, a.Case})
	}
	return b
}
