package notify

import (
	"bytes"
	"embed"
	"html/template"

	"vaern/internal/i18n"
	"vaern/internal/mail"
	"vaern/internal/people"
	"vaern/internal/store"
	"vaern/internal/web"
)

//go:embed pages/*.html
var pageFiles embed.FS

var panel = web.NewPart[panelView](web.Folder(pageFiles), "reach")

type panelView struct {
	To      string // where mail goes
	Refused *mail.Refusal
}

// Panel says on a person's page whether mail reaches the person, to those who
// can mend it.
func Panel(q *store.Read, l i18n.Lang, p people.Person) (template.HTML, error) {
	if !q.Actor.Can("person.edit") {
		return "", nil
	}
	v := panelView{To: p.Mail}
	found, err := mail.Refusals(q, p.ID, 1)
	if err != nil {
		return "", err
	}
	if len(found) > 0 && found[0].Address == p.Mail {
		v.Refused = &found[0]
	}
	var b bytes.Buffer
	err = panel.Write(&b, l, v)
	return template.HTML(b.String()), err
}
