package signin

import (
	"cmp"
	"context"
	"html/template"
	"net/http"
	"strings"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/store"
	"vaern/internal/web"
)

var mePage = web.NewPage[meView](folder, "me")

// meView is a person's own account.
type meView struct {
	Name            string
	Seats           []seat
	CodeOn, HasPass bool
	Linked          bool // came by a link: the old password is not asked for
	Secret          string
	Picture         template.URL
	Lent            []lent // links that others made to this account
	Sessions        []open
	Came            []came
	From, Later     string // the day from which a code is demanded; where to go meanwhile
	Errors          []mistake
}

// Others reports whether the person is signed in anywhere else.
func (v meView) Others() bool { return len(v.Sessions) > 1 }

// Asks reports whether what changes the account asks for the password.
func (v meView) Asks() bool { return v.HasPass && !v.Linked }

// open is a session as its person sees it.
type open struct {
	session
	Here bool // the one that looks
}

// lent is a link that somebody made with which one could sign in as the person,
// or that it was used.
type lent struct {
	At, Who string
	Used    bool
}

type seat struct {
	people.Seat
	RoleName i18n.Text
}

func (k *desk) accountRoutes() {
	k.site.Handle("GET /me", web.SignedIn, k.me)
	k.site.Handle("POST /me/password", web.SignedIn, k.password)
	k.site.Handle("GET /me/code", web.SignedIn, k.offerCode)
	k.site.Handle("POST /me/code", web.SignedIn, k.takeCode)
	k.site.Handle("POST /me/code/off", web.SignedIn, k.dropCode)
	k.site.Handle("POST /me/session", web.SignedIn, k.endSessions)
}

func (k *desk) me(w http.ResponseWriter, r *http.Request) error {
	return k.account(w, r, http.StatusOK, meView{})
}

func (k *desk) account(w http.ResponseWriter, r *http.Request, status int, v meView) error {
	actor := access.Of(r.Context())
	v.Name = actor.Name
	password, _, on, err := k.kept(r.Context(), actor.ID)
	if err != nil {
		return err
	}
	here, err := k.of(r)
	if err != nil {
		return err
	}
	v.HasPass, v.CodeOn, v.Linked = password != "", on, here.Stage == byLink
	if v.From, _, err = k.demandOn(r.Context(), actor.ID); err != nil {
		return err
	}
	err = k.Store.Peek(r.Context(), func(q *store.Read) error {
		seats, err := people.Roles(q, actor.ID)
		for _, s := range seats {
			v.Seats = append(v.Seats, seat{s, people.RoleName[s.Role]})
		}
		if err == nil {
			v.Lent, err = lentTo(q, actor.ID)
		}
		if err == nil {
			v.Came, err = entries(q, actor.ID)
		}
		if err != nil {
			return err
		}
		all, err := sessions(q, actor.ID)
		for _, s := range all {
			v.Sessions = append(v.Sessions, open{s, s.Hash == here.Hash})
		}
		return err
	})
	if err != nil {
		return err
	}
	return mePage.Show(k.site, w, r, status, web.Head{Title: i18n.Text{"Min konto", "My account"}}, v)
}

// refusedMe shows the account with what is wrong, when that is for the person to mend.
func (k *desk) refusedMe(w http.ResponseWriter, r *http.Request, err error, v meView) error {
	if p := problem.As(err); p != nil && !p.Outage() {
		v.Errors = mistakes(p, i18n.Of(r.Context()))
		return k.account(w, r, web.Status(err), v)
	}
	return err
}

// proves asks the person who is signed in for the password again, in the field of
// that name. Whoever has none, or came by a link instead of it, is not asked.
func (k *desk) proves(r *http.Request, field string) (here session, err error) {
	person := access.Of(r.Context()).ID
	kept, _, _, err := k.kept(r.Context(), person)
	if err != nil {
		return here, err
	}
	if here, err = k.of(r); err != nil || kept == "" || here.Stage == byLink {
		return here, err
	}
	wrong := problem.Field(field, "Adgangskoden passer ikke.", "The password does not fit.")
	return here, k.presents(r.Context(), person, kept, r.PostFormValue(field), wrong)
}

// password changes one's own, for whoever knows the present one or came by a link.
func (k *desk) password(w http.ResponseWriter, r *http.Request) error {
	actor := access.Of(r.Context())
	_, err := k.proves(r, "present")
	if err == nil {
		err = k.SetPassword(r.Context(), actor.ID, r.PostFormValue("password"))
	}
	if err != nil {
		return k.refusedMe(w, r, err, meView{})
	}
	return k.open(w, r, entry{Person: actor.ID, Stage: passed}, "/me") // the change ended all sessions, this one too
}

func (k *desk) offerCode(w http.ResponseWriter, r *http.Request) error {
	if _, _, on, err := k.kept(r.Context(), access.Of(r.Context()).ID); err != nil {
		return err
	} else if on {
		http.Redirect(w, r, "/me", http.StatusSeeOther)
		return nil
	}
	v, err := k.pictured(r, "")
	if err != nil {
		return err
	}
	if next := r.URL.Query().Get("next"); next != "" {
		v.Later = inside(next)
	}
	return k.account(w, r, http.StatusOK, v)
}

// pictured is a secret to scan: a new one, or the one that was shown.
func (k *desk) pictured(r *http.Request, shown string) (v meView, err error) {
	secret, picture, err := newCode("Værn "+k.site.Name, access.Of(r.Context()).Name, shown)
	return meView{Secret: secret, Picture: template.URL(picture)}, err // our own picture
}

func (k *desk) takeCode(w http.ResponseWriter, r *http.Request) error {
	person, secret := access.Of(r.Context()).ID, r.PostFormValue("secret")
	// Who finds a session open cannot put another app in place of the person's.
	if _, _, on, err := k.kept(r.Context(), person); err != nil || on {
		return cmp.Or(err, error(problem.New(problem.Precondition, "Koden er slået til allerede. Slå den fra først.", "The code is on already. Turn it off first.")))
	}
	here, err := k.proves(r, "present-code")
	if err == nil {
		err = k.holds(secret, r.PostFormValue("code"))
	}
	if err != nil {
		v, wrong := k.pictured(r, secret)
		return k.refusedMe(w, r, cmp.Or(wrong, err), v)
	}
	if err := k.setCode(r.Context(), person, secret, here.Hash); err != nil {
		return err
	}
	return k.site.Done(w, r, "/me", i18n.Text{"Fra nu af spørger vi også om en kode fra din app. Andre steder er du logget ud.", "From now on we also ask for a code from your app. You are signed out everywhere else."})
}

// holds reports whether somebody's app has a secret that was shown.
func (d *Door) holds(secret, code string) error {
	if _, ok := step(secret, strings.ReplaceAll(code, " ", ""), d.Store.Clock()); !ok || !ours(secret) {
		return problem.Field("code", "Koden passede ikke. Skriv den, som din app viser nu.", "The code did not fit. Type the one that your app shows now.")
	}
	return nil
}

func (k *desk) dropCode(w http.ResponseWriter, r *http.Request) error {
	here, err := k.proves(r, "present-code")
	if err != nil {
		return k.refusedMe(w, r, err, meView{})
	}
	if from, today, err := k.demandOn(r.Context(), access.Of(r.Context()).ID); err != nil || from != "" && from <= today {
		return k.refusedMe(w, r, cmp.Or(err, error(problem.New(problem.Precondition, "Koden kan ikke slås fra: din rolle kræver den.", "The code cannot be turned off: your role demands it."))), meView{})
	}
	if err := k.setCode(r.Context(), access.Of(r.Context()).ID, "", here.Hash); err != nil {
		return err
	}
	return k.site.Done(w, r, "/me", i18n.Text{"Vi spørger ikke længere om en kode. Andre steder er du logget ud.", "We no longer ask for a code. You are signed out everywhere else."})
}

// endSessions signs the person out in one other browser, or in all others.
func (k *desk) endSessions(w http.ResponseWriter, r *http.Request) error {
	here, err := k.proves(r, "present-session")
	if err != nil {
		return k.refusedMe(w, r, err, meView{})
	}
	person, which := access.Of(r.Context()).ID, r.PostFormValue("which")
	end := func(ctx context.Context) error { return k.endOne(ctx, person, which) }
	said := i18n.Text{"Du er logget ud dér.", "You are signed out there."}
	if which == "others" {
		end = func(ctx context.Context) error { return k.endOthers(ctx, person, here.Hash) }
		said = i18n.Text{"Du er logget ud alle andre steder.", "You are signed out everywhere else."}
	}
	if err := end(r.Context()); err != nil {
		return err
	}
	return k.site.Done(w, r, "/me", said)
}
