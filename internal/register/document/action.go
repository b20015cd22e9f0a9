package document

import (
	"context"
	"net/http"
	"reflect"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/store"
	"vaern/internal/web/kit"
)

// nothing is what an act must be told that needs no words.
type nothing struct{}

type giveBack struct {
	Reason string `da:"Hvad mangler der?" en:"What is lacking?" is:"long"`
}

type publish struct {
	From field.Date `da:"I kraft fra" en:"In force from" helpda:"Skriver du ingen dag, gælder den fra i dag." helpen:"If you give no day, it is in force from today."`
}

type comment struct {
	Clause string `da:"Sætning" en:"Clause" eg:"1.1"`
	Text   string `da:"Bemærkning" en:"Remark" is:"long"`
}

// actions are what is done to a version besides writing its text.
func (d *desk) actions() {
	hang(d, "submit", "document.edit", [2]i18n.Text{{"Send i høring", "Send for review"}, {"Versionen er sendt i høring.", "The version was sent for review."}},
		func(ctx context.Context, s *store.Store, id string, _ nothing) error { return Submit(ctx, s, id) })
	hang(d, "return", "document.edit", [2]i18n.Text{{"Send tilbage fra høring", "Return from review"}, {"Versionen er sendt tilbage som kladde.", "The version was returned as a draft."}},
		func(ctx context.Context, s *store.Store, id string, in giveBack) error {
			return Return(ctx, s, id, in.Reason)
		})
	hang(d, "decide", Publish, [2]i18n.Text{{"Registrér som besluttet", "Register as decided"}, {"Versionen er besluttet. Nu kan den sættes i kraft.", "The version is decided. Now it can be put in force."}},
		func(ctx context.Context, s *store.Store, id string, _ nothing) error { return Decide(ctx, s, id) })
	hang(d, "publish", Publish, [2]i18n.Text{{"Sæt i kraft", "Put in force"}, {"Versionen er sat i kraft.", "The version is in force."}},
		func(ctx context.Context, s *store.Store, id string, in publish) error {
			return PutInForce(ctx, s, id, in.From)
		})
	hang(d, "remark", Remarks, [2]i18n.Text{{"Skriv en bemærkning", "Write a remark"}, {"Bemærkningen er gemt.", "The remark was saved."}},
		func(ctx context.Context, s *store.Store, id string, in comment) error {
			return Comment(ctx, s, id, in.Clause, in.Text)
		})
}

// hang hangs both faces of an act on the site: the form of the version's page,
// and the operation of programs.
func hang[In any](d *desk, name string, need access.Permission, texts [2]i18n.Text, do func(context.Context, *store.Store, string, In) error) {
	kit.Action[In]{
		Kind: "edition", Plural: "editions", Name: name, Label: texts[0], Said: texts[1], Need: need, Do: do,
		Done: func(w http.ResponseWriter, r *http.Request, err error, said i18n.Text) error {
			return d.done(w, r, err, r.PostFormValue("clause"), said)
		},
		Show: d.restOne, Shown: d.site.Schema(reflect.TypeFor[Version]()), Example: exampleVersion,
	}.Hang(d.site)
}
