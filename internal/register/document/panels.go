package document

import (
	"bytes"
	"html/template"

	"vaern/internal/i18n"
	"vaern/internal/store"
	"vaern/internal/web"
)

var versionsPart = web.NewPart[versionsView](folder, "_versions")

type versionsView struct{ Editions []Edition }

// versions shows the versions of a document on its page, newest first.
func versions(q *store.Read, l i18n.Lang, d Document) (template.HTML, error) {
	all, err := editions(q, d.ID)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	err = versionsPart.Write(&b, l, versionsView{all})
	return template.HTML(b.String()), err
}
