package signin

import (
	"html/template"
	"net/http"
	"strings"

	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/store"
	"vaern/internal/web"
)

// appPath is where whoever lacks a demanded code sets it up, and gets nothing else.
const appPath = "/sign-in/app"

var (
	appPage = web.NewPage[appView](folder, "app")
	appHead = web.Head{Title: i18n.Text{"Gør din kode klar", "Set up your code"}}

	shutHead = web.Head{Title: i18n.Text{"Ring, så lukker vi op", "Call, and we open"}}
)

type appView struct {
	Next, Secret string
	Picture      template.URL
	Choose       bool // has no password yet
	Shut         bool // the day has come, and nobody has opened for it
	Errors       []mistake
}

// halted is for the session of somebody who lacks a demanded code; anybody else
// is led to the door.
func (k *desk) halted(fn func(http.ResponseWriter, *http.Request, session) error) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		s, err := k.of(r)
		if err != nil {
			return err
		}
		if !s.Lacks || s.half() {
			http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
			return nil
		}
		open, err := k.admitted(r.Context(), s.Person)
		if err != nil {
			return err
		}
		if !open { // a password alone is not enough any more: it may be a stolen one
			return appPage.Show(k.site, w, r, http.StatusForbidden, shutHead, appView{Shut: true})
		}
		return fn(w, r, s)
	}
}

func (k *desk) offerApp(w http.ResponseWriter, r *http.Request, s session) error {
	return k.showApp(w, r, http.StatusOK, s, appView{Next: inside(r.URL.Query().Get("next"))})
}

func (k *desk) showApp(w http.ResponseWriter, r *http.Request, code int, s session, v appView) error {
	kept, _, _, err := k.kept(r.Context(), s.Person)
	if err != nil {
		return err
	}
	name := ""
	err = k.Store.Peek(r.Context(), func(q *store.Read) error {
		return q.Row(`SELECT p.name FROM person p WHERE p.id = :id AND `+people.Here, store.Args{"id": s.Person}, &name)
	})
	if err != nil {
		return err
	}
	secret, picture, err := newCode("Værn "+k.site.Name, name, v.Secret)
	if err != nil {
		return err
	}
	v.Secret, v.Picture, v.Choose = secret, template.URL(picture), kept == "" // our own picture
	return appPage.Show(k.site, w, r, code, appHead, v)
}

// takeApp turns the code on and lets the person in. Whoever has no password chooses it here.
func (k *desk) takeApp(w http.ResponseWriter, r *http.Request, s session) error {
	secret, next := r.PostFormValue("secret"), inside(r.PostFormValue("next"))
	if err := k.equip(r, s, secret); err != nil {
		if p := problem.As(err); p != nil && !p.Outage() {
			return k.showApp(w, r, web.Status(err), s, appView{Next: next, Secret: secret, Errors: mistakes(p, i18n.Of(r.Context()))})
		}
		return err
	}
	in := entry{Person: s.Person, How: "sign_in.password_code", Stage: s.Stage}
	if s.Stage == byLink {
		in.How = "sign_in.link_code"
	}
	return k.open(w, r, in, next)
}

func (k *desk) equip(r *http.Request, s session, secret string) error {
	if err := k.holds(secret, r.PostFormValue("code")); err != nil {
		return err
	}
	kept, _, _, err := k.kept(r.Context(), s.Person)
	if err == nil && kept == "" {
		err = k.SetPassword(r.Context(), s.Person, strings.TrimRight(r.PostFormValue("password"), "\r\n"))
	}
	if err == nil {
		err = k.setCode(r.Context(), s.Person, secret, "")
	}
	return err
}
