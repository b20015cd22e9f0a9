package signin

import (
	"context"
	"net/http"
	"strings"
	"time"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/notify"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/web"
)

var vouchPage = web.NewPage[vouchView](folder, "vouch")

// vouchView is what helps somebody who lost the code: one asks that it is turned
// off and says how it is known who the person is, and another agrees.
type vouchView struct {
	ID, Name            string
	CodeOn, Lacks       bool
	Asked, Reason, Text string
	Until               string // "" while nobody has agreed
	AskedBy             string
	Own, Mine           bool // it is one's own account; one has asked oneself
	Sessions            int
	MayEnd              bool
	Errors              []mistake
}

// Waits reports whether somebody has asked and nobody has agreed.
func (v vouchView) Waits() bool { return v.AskedBy != "" && v.Until == "" }

func (k *desk) vouchRoutes() {
	k.site.Handle("GET /person/{id}/code", people.VouchNeed, k.vouching)
	k.site.Handle("POST /person/{id}/code", people.VouchNeed, k.vouch)
	k.site.Handle("POST /person/{id}/session", people.LinkNeed, k.signOut)
}

func (k *desk) vouching(w http.ResponseWriter, r *http.Request) error {
	return k.showVouch(w, r, http.StatusOK, vouchView{})
}

func (k *desk) showVouch(w http.ResponseWriter, r *http.Request, code int, v vouchView) error {
	err := k.Store.View(r.Context(), people.VouchNeed, func(q *store.Read) error { return v.read(q, r.PathValue("id")) })
	if err != nil {
		return err
	}
	v.MayEnd = k.site.May(r, people.LinkNeed)
	head := web.Head{Title: i18n.Text{"Mistet kode", "Lost code"}, Path: "/person",
		Crumbs: []web.Crumb{{Path: "/person", Label: people.Persons.Many}, {Path: "/person/" + v.ID, Label: i18n.Same(v.Name)}}}
	return vouchPage.Show(k.site, w, r, code, head, v)
}

func (v *vouchView) read(q *store.Read, id string) error {
	err := q.Row(`SELECT p.id, p.name, coalesce(c.totp, 0), `+lacking("p.id")+`, coalesce(v.reason, ''), coalesce(v.asked_by, ''), coalesce(a.name, ''), coalesce(v.until, '')
		FROM person p LEFT JOIN credential c ON c.id = p.id LEFT JOIN code_waiver v ON v.id = p.id LEFT JOIN person a ON a.id = v.asked_by
		WHERE p.id = :id AND (p.ends IS NULL OR p.ends >= :today) AND :scope(p.unit)`, store.Args{"id": id},
		&v.ID, &v.Name, &v.CodeOn, &v.Lacks, &v.Reason, &v.AskedBy, &v.Asked, &v.Until)
	if err != nil {
		return err
	}
	if v.Until != "" && v.Until <= q.Now {
		v.AskedBy, v.Until = "", "" // it was not used in time
	}
	v.Own, v.Mine = v.ID == q.Actor.ID, v.AskedBy == q.Actor.ID
	all, err := sessions(q, v.ID)
	v.Sessions = len(all)
	return err
}

// vouch asks, agrees or takes it back.
func (k *desk) vouch(w http.ResponseWriter, r *http.Request) error {
	act, reason := r.PostFormValue("act"), strings.TrimSpace(r.PostFormValue("reason"))
	verb, said := "code_waiver.ask", i18n.Text{"Bedt om. En anden administrator eller koordinator skal nu sige ja.", "Asked. Another administrator or coordinator must now agree."}
	switch act {
	case "grant":
		verb, said = "code_waiver.grant", i18n.Text{"Koden er slået fra. Personen skal sætte en ny op inden i morgen ved denne tid.", "The code is off. The person must set up another by this time tomorrow."}
	case "admit":
		verb, said = "code_waiver.admit", i18n.Text{"Der er lukket op. Personen skal logge ind med sin adgangskode og sætte koden op inden i morgen ved denne tid.", "It is open. The person must sign in with the password and set up the code by this time tomorrow."}
	case "drop":
		verb, said = "code_waiver.drop", i18n.Text{"Anmodningen er fjernet.", "The request is removed."}
	}
	err := k.Store.Change(r.Context(), store.Intent{Verb: verb, Need: people.VouchNeed}, func(w *store.Write) error {
		var v vouchView
		if err := v.read(&w.Read, r.PathValue("id")); err != nil {
			return err
		}
		if v.Own {
			return problem.New(problem.Precondition, "Du kan ikke slå din egen kode fra her. Bed to andre om det.", "You cannot turn off your own code here. Ask two others.")
		}
		switch act {
		case "grant":
			return v.grant(w)
		case "admit":
			return v.admit(w, reason)
		case "drop":
			return w.Do(v.waiver(), `DELETE FROM code_waiver WHERE id = :id`, store.Args{"id": v.ID})
		}
		return v.ask(w, reason)
	})
	if p := problem.As(err); p != nil && (p.Kind == problem.Invalid || p.Kind == problem.Precondition) {
		return k.showVouch(w, r, web.Status(err), vouchView{Text: reason, Errors: mistakes(p, i18n.Of(r.Context()))})
	}
	if err != nil {
		return err
	}
	return k.site.Done(w, r, "/person/"+r.PathValue("id")+"/code", said)
}

func (v *vouchView) waiver() ref.Ref { return ref.Ref{Kind: "code_waiver", ID: v.ID} }

func (v *vouchView) ask(w *store.Write, reason string) error {
	if !v.CodeOn && !v.Lacks {
		return problem.New(problem.Precondition, "Personen har ingen kode, og der kræves ingen.", "The person has no code, and none is demanded.")
	}
	if err := v.put(w, reason); err != nil {
		return err
	}
	return v.tell(w, i18n.Text{"%s har bedt om at slå din kode fra, fordi du har mistet den.", "%s has asked to turn off your code, since you lost it."})
}

// put keeps what was asked for, by whom, and how it is known who the person is.
func (v *vouchView) put(w *store.Write, reason string) error {
	if len(reason) < 10 || len(reason) > 2000 {
		return problem.Field("reason", "Skriv, hvordan du ved, at det er personen selv.", "Say how you know that it is the person.")
	}
	var n int
	args := store.Args{"id": v.ID, "reason": reason}
	if err := w.Row(`SELECT count(*) FROM code_waiver WHERE id = :id`, args, &n); err != nil {
		return err
	}
	query := `INSERT INTO code_waiver (id, version, updated_at, updated_by, reason, asked_by, granted_by, until) VALUES (:id, 1, :now, :actor, :reason, :actor, '', '')`
	if n > 0 {
		query = `UPDATE code_waiver SET version = version + 1, updated_at = :now, updated_by = :actor, reason = :reason, asked_by = :actor, granted_by = '', until = '' WHERE id = :id`
	}
	return w.Do(v.waiver(), query, args)
}

// open lets what was asked for be used, for a day from now.
func (v *vouchView) open(w *store.Write) error {
	now, err := time.Parse(store.Time, w.Now)
	if err != nil {
		return err
	}
	return w.Do(v.waiver(), `UPDATE code_waiver SET version = version + 1, updated_at = :now, updated_by = :actor, granted_by = :actor, until = :until WHERE id = :id`,
		store.Args{"id": v.ID, "until": now.Add(goodFor).Format(store.Time)})
}

// admit opens for a person who has a password to set a demanded code up. One is
// enough: the password is asked for as well, which nobody else has.
func (v *vouchView) admit(w *store.Write, reason string) error {
	if v.CodeOn || !v.Lacks {
		return problem.New(problem.Precondition, "Personen mangler ikke at sætte en kode op.", "The person does not lack a code.")
	}
	if err := v.put(w, reason); err != nil {
		return err
	}
	if err := v.open(w); err != nil {
		return err
	}
	return v.tell(w, i18n.Text{"%s har lukket op for, at du sætter din kode op. Log ind, og gør det nu.", "%s has opened for you to set up your code. Sign in and do it now."})
}

// grant turns the code off, for whoever did not ask for it.
func (v *vouchView) grant(w *store.Write) error {
	if !v.Waits() || v.Mine {
		return problem.New(problem.Precondition, "En anden end den, der bad om det, skal sige ja.", "Somebody else than the one who asked must agree.")
	}
	args := store.Args{"id": v.ID}
	err := v.open(w)
	if err == nil && v.CodeOn {
		err = putCode(w.As("credential.code"), v.ID, "")
	}
	for _, q := range []string{`DELETE FROM work_session WHERE person = :id`, `DELETE FROM work_link WHERE person = :id`} {
		if err == nil {
			err = w.Also(q, args)
		}
	}
	if err != nil {
		return err
	}
	return v.tell(w, i18n.Text{"%s har sagt ja til at slå din kode fra. Log ind, og sæt en ny op.", "%s has agreed to turn off your code. Sign in and set up another."})
}

func (v *vouchView) tell(w *store.Write, text i18n.Text) error {
	return notify.Tell(w, notify.Notice{Person: v.ID, About: ref.Ref{Kind: "person", ID: v.ID}, Path: "/me", Urgent: true, Text: text.With(w.Actor.Name),
		Why: i18n.Text{"Er det ikke aftalt med dig, så sig det til koordinatoren nu.", "If that was not agreed with you, tell the coordinator now."}})
}

// Readmit turns a person's code off, or lets one in who lacks a demanded code, for
// whoever runs the machine: where nobody else can agree. It returns a link.
func (d *Door) Readmit(ctx context.Context, mail, reason string) (link string, err error) {
	var v vouchView
	machine := access.With(ctx, access.Machine("console", people.VouchNeed))
	err = d.Store.Change(machine, store.Intent{Verb: "code_waiver.grant", Need: people.VouchNeed, Reason: reason}, func(w *store.Write) error {
		person, err := people.ByMail(&w.Read, mail)
		if err == nil {
			err = v.read(&w.Read, person)
		}
		if err == nil {
			err = v.ask(w, reason)
		}
		if err != nil {
			return err
		}
		v.AskedBy, v.Until, v.Mine = w.Actor.ID, "", false
		return v.grant(w)
	})
	if err != nil {
		return "", err
	}
	return d.Link(ctx, v.ID, SignInLink, goodFor)
}

// signOut ends all of a person's sessions.
func (k *desk) signOut(w http.ResponseWriter, r *http.Request) error {
	v, err := k.whose(r)
	if err != nil {
		return err
	}
	err = k.Store.Change(r.Context(), store.Intent{Verb: "person.signed_out", Need: people.LinkNeed}, func(w *store.Write) error {
		if err := w.Note(ref.Ref{Kind: "person", ID: v.ID}); err != nil {
			return err
		}
		return w.Also(`DELETE FROM work_session WHERE person = :id`, store.Args{"id": v.ID})
	})
	if err != nil {
		return err
	}
	back := "/person/" + v.ID + "/code"
	if v.ID == access.Of(r.Context()).ID {
		back = "/sign-in"
	}
	return k.site.Done(w, r, back, i18n.Text{"Personen er logget ud alle steder.", "The person is signed out everywhere."})
}
