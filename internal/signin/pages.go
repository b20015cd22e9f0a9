package signin

import (
	"cmp"
	"embed"
	"html/template"
	"net"
	"net/http"
	"strings"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/store"
	"vaern/internal/web"
)

//go:embed pages/*.html
var files embed.FS

var (
	folder     = web.Folder(files)
	signInPage = web.NewPage[signInView](folder, "sign-in")
	codePage   = web.NewPage[codeView](folder, "code")
	linkPage   = web.NewPage[linkView](folder, "link")
	mePage     = web.NewPage[meView](folder, "me")
	newLink    = web.NewPage[newLinkView](folder, "new-link")
)

type signInView struct {
	Mail, Next string
	Errors     []mistake
	Guests     []Guest
}

type mistake struct{ Name, Text string }

// Guest is a person of the demo whom everybody may be.
type Guest struct{ Name, Mail, What, Password string }

type codeView struct {
	Next   string
	Errors []mistake
}

type linkView struct{ Name, Path string }

type meView struct {
	Name            string
	Seats           []seat
	CodeOn, HasPass bool
	Linked          bool // came by a link: the old password is not asked for
	Secret          string
	Picture         template.URL
	Lent            []lent // links that others made to this account
	Errors          []mistake
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

// desk is the door's pages on one site.
type desk struct {
	*Door
	site   *web.Site
	guests []Guest
	proxy  bool // the address that counts is the one a trusted proxy tells
}

// Mount hangs the pages of signing in on a site. guests are offered in a demo.
func (d *Door) Mount(site *web.Site, guests []Guest, proxy bool) {
	k := &desk{d, site, guests, proxy}
	site.Handle("GET /sign-in", web.Public, k.form)
	site.Handle("POST /sign-in", web.Public, k.enter)
	site.Handle("GET /sign-in/code", web.Public, k.codeForm)
	site.Handle("POST /sign-in/code", web.Public, k.enterCode)
	site.Handle("POST /sign-out", web.Public, k.leave)
	site.Handle("GET /link/{token}", web.Public, k.showLink)
	site.Handle("POST /link/{token}", web.Public, k.useLink)
	site.Handle("GET /person/{id}/link", people.LinkNeed, k.offerLink)
	site.Handle("POST /person/{id}/link", people.LinkNeed, k.makeLink)
	site.Handle("GET /me", web.SignedIn, k.me)
	site.Handle("POST /me/password", web.SignedIn, k.password)
	site.Handle("GET /me/code", web.SignedIn, k.offerCode)
	site.Handle("POST /me/code", web.SignedIn, k.takeCode)
	site.Handle("POST /me/code/off", web.SignedIn, k.dropCode)
	k.tokenRoutes()
}

var signInHead = web.Head{Title: i18n.Text{"Log ind", "Sign in"}}

func (k *desk) form(w http.ResponseWriter, r *http.Request) error {
	return signInPage.Show(k.site, w, r, http.StatusOK, signInHead, signInView{Next: inside(r.URL.Query().Get("next")), Guests: k.guests})
}

func (k *desk) enter(w http.ResponseWriter, r *http.Request) error {
	mail, next := r.PostFormValue("mail"), inside(r.PostFormValue("next"))
	person, code, err := k.try(r.Context(), mail, r.PostFormValue("password"), k.address(r))
	if p := problem.As(err); p != nil && !p.Outage() {
		v := signInView{mail, next, []mistake{{"mail", p.Text.In(i18n.Of(r.Context()))}}, k.guests}
		return signInPage.Show(k.site, w, r, web.Status(err), signInHead, v)
	}
	if err != nil {
		return err
	}
	stage := passed
	if code {
		stage, next = halfway, "/sign-in/code?next="+template.URLQueryEscaper(next)
	}
	return k.open(w, r, person, stage, next)
}

// open begins a session and goes on.
func (k *desk) open(w http.ResponseWriter, r *http.Request, person string, stage int, next string) error {
	text, err := k.begin(r.Context(), person, stage)
	if err != nil {
		return err
	}
	k.goOn(w, r, text, next)
	return nil
}

// goOn gives the browser its session.
func (k *desk) goOn(w http.ResponseWriter, r *http.Request, session, next string) {
	http.SetCookie(w, k.site.Cookie(cookie, session, int(longest.Seconds())))
	http.Redirect(w, r, next, http.StatusSeeOther)
}

func (k *desk) codeForm(w http.ResponseWriter, r *http.Request) error {
	return codePage.Show(k.site, w, r, http.StatusOK, codeHead, codeView{Next: inside(r.URL.Query().Get("next"))})
}

var codeHead = web.Head{Title: i18n.Text{"Skriv koden fra din app", "Type the code from your app"}}

func (k *desk) enterCode(w http.ResponseWriter, r *http.Request) error {
	c, err := r.Cookie(cookie)
	if err != nil {
		return errLink
	}
	var person string
	err = k.Store.Peek(r.Context(), func(q *store.Read) error {
		person, _, err = session(q, c.Value, halfway)
		return err
	})
	if err != nil {
		http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
		return nil
	}
	_, totp, _, err := k.kept(r.Context(), person)
	if err != nil {
		return err
	}
	next := inside(r.PostFormValue("next"))
	if err := k.checkCode(r.Context(), person, totp, strings.ReplaceAll(r.PostFormValue("code"), " ", "")); err != nil {
		if p := problem.As(err); p != nil && !p.Outage() {
			return codePage.Show(k.site, w, r, web.Status(err), codeHead, codeView{next, mistakes(p, i18n.Of(r.Context()))})
		}
		return err
	}
	if err := k.end(r.Context(), c.Value); err != nil { // the half-open session is not the open one
		return err
	}
	return k.open(w, r, person, passed, next)
}

func (k *desk) leave(w http.ResponseWriter, r *http.Request) error {
	if c, err := r.Cookie(cookie); err == nil {
		if err := k.end(r.Context(), c.Value); err != nil {
			return err
		}
	}
	http.SetCookie(w, k.site.Cookie(cookie, "", -1))
	return k.site.Done(w, r, "/sign-in", i18n.Text{"Du er logget ud.", "You are signed out."})
}

func (k *desk) showLink(w http.ResponseWriter, r *http.Request) error {
	_, name, err := k.owner(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	return linkPage.Show(k.site, w, r, http.StatusOK, signInHead, linkView{name, "/link/" + r.PathValue("token")})
}

func (k *desk) useLink(w http.ResponseWriter, r *http.Request) error {
	session, code, err := k.use(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	next := "/me"
	if code {
		next = "/sign-in/code?next=/me"
	}
	k.goOn(w, r, session, next)
	return nil
}

// linked reports whether the session began by a link.
func (k *desk) linked(r *http.Request) (yes bool, err error) {
	c, err := r.Cookie(cookie)
	if err != nil {
		return false, nil
	}
	err = k.Store.Peek(r.Context(), func(q *store.Read) error {
		_, _, err := session(q, c.Value, byLink)
		yes = err == nil
		return err
	})
	if problem.Of(err) == problem.NotFound {
		err = nil
	}
	return yes, err
}

// inside lets a redirect lead only to this site.
func inside(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}

// address is whom tries are counted against.
func (k *desk) address(r *http.Request) string {
	if forwarded := r.Header.Get("X-Forwarded-For"); k.proxy && forwarded != "" {
		parts := strings.Split(forwarded, ",")
		return strings.TrimSpace(parts[len(parts)-1]) // what the trusted proxy itself saw
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

func mistakes(p *problem.Error, l i18n.Lang) (out []mistake) {
	for name, text := range p.Fields {
		out = append(out, mistake{name, text.In(l)})
	}
	if len(out) == 0 {
		out = append(out, mistake{"", p.Text.In(l)})
	}
	return out
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
	linked, err := k.linked(r)
	if err != nil {
		return err
	}
	v.HasPass, v.CodeOn, v.Linked = password != "", on, linked
	err = k.Store.Peek(r.Context(), func(q *store.Read) error {
		seats, err := people.Roles(q, actor.ID)
		for _, s := range seats {
			v.Seats = append(v.Seats, seat{s, people.RoleName[s.Role]})
		}
		if err == nil {
			v.Lent, err = lentTo(q, actor.ID)
		}
		return err
	})
	if err != nil {
		return err
	}
	return mePage.Show(k.site, w, r, status, web.Head{Title: i18n.Text{"Min konto", "My account"}}, v)
}

// password changes one's own, for whoever knows the present one or came by a link.
func (k *desk) password(w http.ResponseWriter, r *http.Request) error {
	actor := access.Of(r.Context())
	kept, _, _, err := k.kept(r.Context(), actor.ID)
	if err != nil {
		return err
	}
	l := i18n.Of(r.Context())
	linked, err := k.linked(r)
	if err != nil {
		return err
	}
	if kept != "" && !linked {
		err = k.presents(r.Context(), actor.ID, kept, r.PostFormValue("present"),
			problem.Field("present", "Den nuværende adgangskode passer ikke.", "The present password does not fit."))
	}
	if err == nil {
		err = k.SetPassword(r.Context(), actor.ID, r.PostFormValue("password"))
	}
	if err != nil {
		if p := problem.As(err); p != nil && !p.Outage() {
			return k.account(w, r, web.Status(err), meView{Errors: mistakes(p, l)})
		}
		return err
	}
	return k.open(w, r, actor.ID, passed, "/me") // the change ended all sessions, this one too
}

func (k *desk) offerCode(w http.ResponseWriter, r *http.Request) error {
	if _, _, on, err := k.kept(r.Context(), access.Of(r.Context()).ID); err != nil {
		return err
	} else if on {
		http.Redirect(w, r, "/me", http.StatusSeeOther)
		return nil
	}
	secret, picture, err := newCode("Værn "+k.site.Name, access.Of(r.Context()).Name)
	if err != nil {
		return err
	}
	return k.account(w, r, http.StatusOK, meView{Secret: secret, Picture: template.URL(picture)}) // our own picture
}

func (k *desk) takeCode(w http.ResponseWriter, r *http.Request) error {
	secret, code := r.PostFormValue("secret"), strings.ReplaceAll(r.PostFormValue("code"), " ", "")
	if _, ok := step(secret, code, k.Store.Clock()); !ok {
		wrong := mistake{"", i18n.Text{"Koden passede ikke. Begynd forfra, og prøv igen.", "The code did not fit. Start over and try again."}.In(i18n.Of(r.Context()))}
		return k.account(w, r, http.StatusUnprocessableEntity, meView{Errors: []mistake{wrong}})
	}
	// Who finds a session open cannot put another app in place of the person's.
	if _, _, on, err := k.kept(r.Context(), access.Of(r.Context()).ID); err != nil || on {
		return cmp.Or(err, error(problem.New(problem.Precondition, "Koden er slået til allerede. Slå den fra først.", "The code is on already. Turn it off first.")))
	}
	if err := k.setCode(r.Context(), access.Of(r.Context()).ID, secret); err != nil {
		return err
	}
	return k.site.Done(w, r, "/me", i18n.Text{"Fra nu af spørger vi også om en kode fra din app.", "From now on we also ask for a code from your app."})
}

func (k *desk) dropCode(w http.ResponseWriter, r *http.Request) error {
	kept, _, _, err := k.kept(r.Context(), access.Of(r.Context()).ID)
	if err != nil {
		return err
	}
	err = k.presents(r.Context(), access.Of(r.Context()).ID, kept, r.PostFormValue("present"),
		problem.Field("present-code", "Skriv din adgangskode for at slå koden fra.", "Type your password to turn the code off."))
	if p := problem.As(err); p != nil && !p.Outage() {
		return k.account(w, r, web.Status(err), meView{Errors: mistakes(p, i18n.Of(r.Context()))})
	}
	if err != nil {
		return err
	}
	if err := k.setCode(r.Context(), access.Of(r.Context()).ID, ""); err != nil {
		return err
	}
	return k.site.Done(w, r, "/me", i18n.Text{"Vi spørger ikke længere om en kode.", "We no longer ask for a code."})
}
