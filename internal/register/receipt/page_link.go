package receipt

import (
	"errors"
	"net/http"

	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/store"
	"vaern/internal/web"
)

// linked shows the text that a link is of. It signs nothing, however often it
// is opened.
func (p *pages) linked(w http.ResponseWriter, r *http.Request) error { return p.showLinked(w, r, nil) }

func (p *pages) showLinked(w http.ResponseWriter, r *http.Request, failed error) error {
	path := "/read/" + r.PathValue("token")
	v := &readView{How: ByLink, Check: true, Post: path, Say: path + "/say", Typed: r.PostFormValue("initials"), Errors: mistakes(failed, i18n.Of(r.Context()))}
	err := p.machineView(r, byLink, func(q *store.Read) error {
		h, err := opened(q, r.PathValue("token"))
		if err != nil {
			return err
		}
		v.Works = h.until
		if v.text, err = p.textFor(q, h.reading, h.person); problem.Of(err) == problem.NotFound {
			return errLink // asked no more
		}
		return err
	})
	if err != nil {
		return err
	}
	v.Thanks = v.Done()
	return readPage.Show(p.site, w, r, status(failed), web.Head{Title: i18n.Same(v.Paper.Title), Bare: true}, v)
}

func (p *pages) signLinked(w http.ResponseWriter, r *http.Request) error {
	err := p.signByLink(r.Context(), p.s, r.PathValue("token"), r.PostFormValue("initials"))
	if problem.Of(err) == problem.Invalid || problem.Of(err) == problem.Precondition {
		return p.showLinked(w, r, err)
	}
	if err != nil && !errors.Is(err, errDone) { // twice is once
		return err
	}
	http.Redirect(w, r, "/read/"+r.PathValue("token"), http.StatusSeeOther)
	return nil
}

// say keeps what a reader asks or objects.
func say(w *store.Write, reading, person, kind, text string) error {
	if kind != "unclear" && kind != "not_me" {
		kind = "unclear"
	}
	if len(text) > 4000 {
		return problem.Field("text", "Skriv lidt kortere.", "Write a little less.")
	}
	var unit string
	if err := w.Row(`SELECT unit FROM asked WHERE reading = :reading AND person = :person`, store.Args{"reading": reading, "person": person}, &unit); err != nil {
		return err
	}
	return keepReply(w, reply{reading: reading, person: person, unit: unit, kind: kind, text: text})
}

func (p *pages) sayOwn(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	err := p.s.Change(r.Context(), store.Intent{Verb: "reading.reply", Need: Give}, func(w *store.Write) error {
		return say(w, id, w.Actor.ID, r.PostFormValue("kind"), r.PostFormValue("text"))
	})
	if err != nil {
		return err
	}
	return p.site.Done(w, r, "/reading/"+id+"/read", said)
}

func (p *pages) sayLinked(w http.ResponseWriter, r *http.Request) error {
	token := r.PathValue("token")
	err := p.s.Change(at(r, byLink).Context(), store.Intent{Verb: "reading.reply", Need: Give}, func(w *store.Write) error {
		h, err := opened(&w.Read, token)
		if err != nil {
			return err
		}
		return say(w, h.reading, h.person, r.PostFormValue("kind"), r.PostFormValue("text"))
	})
	if err != nil {
		return err
	}
	return p.site.Done(w, r, "/read/"+token, said)
}

var said = i18n.Text{"Tak, fordi du siger til. Din leder og den, der har skrevet teksten, kan se det.", "Thank you for saying so. Your manager and the author of the text can see it."}
