package attention

import (
	"net/http"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/notify"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/store"
	"vaern/internal/web"
)

var choicePage = web.NewPage[*choiceView](folder, "choice")

// choiceView is the form in which a person chooses how to be told.
type choiceView struct {
	notify.Choice
	To    string // where mail goes
	Paces []pace
}

type pace struct {
	Value  string
	Label  i18n.Text
	Chosen bool
}

// English reports whether the person wants English.
func (v *choiceView) English() bool { return v.Lang == i18n.En }

func (d *desk) choice(w http.ResponseWriter, r *http.Request) error {
	v := &choiceView{}
	me := access.Of(r.Context()).ID
	err := d.site.Store.View(r.Context(), notify.Choose, func(q *store.Read) (err error) {
		if v.To, err = people.MailOf(q, me); err != nil {
			return err
		}
		v.Choice, err = notify.Chosen(q, me)
		return err
	})
	if err != nil {
		return err
	}
	for _, c := range notify.Pace("").Choices() {
		v.Paces = append(v.Paces, pace{c[0], i18n.Text{c[1], c[2]}, c[0] == string(v.Pace)})
	}
	head := web.Head{Title: i18n.Text{"Mail fra Værn", "Mail from Værn"}, Crumbs: []web.Crumb{{Path: "/me", Label: i18n.Text{"Min konto", "My account"}}}}
	return choicePage.Show(d.site, w, r, http.StatusOK, head, v)
}

func (d *desk) choose(w http.ResponseWriter, r *http.Request) error {
	c := notify.Choice{Pace: notify.Pace(r.PostFormValue("pace")), Lang: i18n.Parse(r.PostFormValue("lang"))}
	if !known(c.Pace) {
		return problem.Field("pace", "Vælg, hvor tit du vil have mail.", "Choose how often you want mail.")
	}
	if err := notify.SetChoice(r.Context(), d.site.Store, c); err != nil {
		return err
	}
	return d.site.Done(w, r, "/me/mail", i18n.Text{"Gemt. Sådan får du mail fra nu af.", "Saved. This is how you get mail from now on."})
}

func known(p notify.Pace) bool {
	for _, c := range p.Choices() {
		if c[0] == string(p) {
			return true
		}
	}
	return false
}
