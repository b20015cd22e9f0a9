package document

import (
	"errors"
	"net/http"

	"vaern/internal/clause"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/web"
)

var editPage = web.NewPage[*editView](folder, "edit")

// editView is the form of a version's text. After a clash it holds both texts.
type editView struct {
	At, Back string
	Version  int64
	Text
	Errors []mistake
	Bad    map[string]string // what is wrong, by field
	Theirs *Edition          // what somebody else saved meanwhile
	Clash  []clause.Span     // their text as mine would change it
}

func (d *desk) blank(w http.ResponseWriter, r *http.Request) error {
	return d.blankWith(w, r, nil, nil)
}

// blankWith shows the form of a new version: the newest text to go on from, or
// what was typed.
func (d *desk) blankWith(w http.ResponseWriter, r *http.Request, typed *Text, failed error) error {
	var doc Document
	v := &editView{}
	err := d.site.Store.View(r.Context(), "document.edit", func(q *store.Read) (err error) {
		if doc, err = documents.Get(q, r.PathValue("id")); err != nil {
			return err
		}
		have, err := editions(q, doc.ID)
		if err != nil {
			return err
		}
		v.Label, v.Dated = nextLabel(have), field.Date(q.Today)
		if len(have) > 0 {
			v.Body = have[0].Body
		}
		return nil
	})
	if err != nil {
		return err
	}
	v.At, v.Back = "/document/"+doc.ID+"/edition", "/document/"+doc.ID
	head := web.Head{Title: i18n.Text{"Ny version: %s", "New version: %s"}.With(doc.Title), Path: "/document",
		Crumbs: []web.Crumb{*above, {Path: v.Back, Label: i18n.Same(doc.Title)}}}
	return d.editForm(w, r, head, v, typed, failed)
}

func (d *desk) begin(w http.ResponseWriter, r *http.Request) error {
	text := typedText(r)
	id, err := Begin(r.Context(), d.site.Store, r.PathValue("id"), text)
	if askAgain(err) {
		return d.blankWith(w, r, &text, err)
	}
	if err != nil {
		return err
	}
	return d.site.Done(w, r, path(id), i18n.Text{"Kladden til version %s er gemt.", "The draft of version %s was saved."}.With(text.Label))
}

func (d *desk) edit(w http.ResponseWriter, r *http.Request) error {
	return d.editWith(w, r, nil, nil)
}

func (d *desk) editWith(w http.ResponseWriter, r *http.Request, typed *Text, failed error) error {
	var o opened
	err := d.site.Store.View(r.Context(), "document.edit", func(q *store.Read) (err error) {
		o, err = open(q, r.PathValue("id"))
		return err
	})
	if err != nil {
		return err
	}
	v := &editView{At: path(o.ID), Back: path(o.ID), Version: o.Edition.Version, Text: Text{o.Label, o.Dated, o.Body}}
	if typed != nil {
		v.Version = number(r, "version")
	}
	return d.editForm(w, r, o.head(i18n.Text{"Ret: %s", "Edit: %s"}.With(o.Name()), false), v, typed, failed)
}

func (d *desk) save(w http.ResponseWriter, r *http.Request) error {
	text := typedText(r)
	id := r.PathValue("id")
	err := Save(r.Context(), d.site.Store, id, number(r, "version"), text)
	if askAgain(err) {
		return d.editWith(w, r, &text, err)
	}
	if err != nil {
		return err
	}
	return d.site.Done(w, r, path(id), i18n.Text{"Teksten er gemt.", "The text was saved."})
}

func typedText(r *http.Request) Text {
	return Text{Label: r.PostFormValue("label"), Dated: field.Date(field.TypedDay(r.PostFormValue("dated"))), Body: r.PostFormValue("body")}
}

// editForm shows the form; nothing that was typed is lost by a mistake.
func (d *desk) editForm(w http.ResponseWriter, r *http.Request, head web.Head, v *editView, typed *Text, failed error) error {
	l := i18n.Of(r.Context())
	if typed != nil {
		v.Text = *typed
	}
	v.Bad = map[string]string{}
	if p := problem.As(failed); p != nil {
		for name, text := range p.Fields {
			v.Bad[name] = text.In(l)
		}
	}
	code := http.StatusOK
	if failed != nil {
		code = web.Status(failed)
	}
	var stale *record.Stale[Edition]
	if errors.As(failed, &stale) {
		v.Theirs, v.Version = &stale.Theirs, stale.Theirs.Version
		v.Clash = clause.Words(stale.Theirs.Body, v.Body)
	} else {
		v.Errors = mistakes(failed, l, "label", "dated", "body")
	}
	return editPage.Show(d.site, w, r, code, head, v)
}
