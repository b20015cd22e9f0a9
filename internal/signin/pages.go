package signin

import (
	"embed"
	"html/template"
	"net/http"
	"net/netip"
	"strings"

	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/web"
)

//go:embed pages/*.html
var files embed.FS

var (
	folder     = web.Folder(files)
	signInPage = web.NewPage[signInView](folder, "sign-in")
	codePage   = web.NewPage[codeView](folder, "code")
	linkPage   = web.NewPage[linkView](folder, "link")
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
	k.accountRoutes()
	k.demandRoutes()
	k.vouchRoutes()
	k.tokenRoutes()
}

var signInHead = web.Head{Title: i18n.Text{"Log ind", "Sign in"}}

func (k *desk) form(w http.ResponseWriter, r *http.Request) error {
	if s, err := k.of(r); err != nil {
		return err
	} else if s.Lacks && !s.half() {
		http.Redirect(w, r, appPath+"?next="+template.URLQueryEscaper(inside(r.URL.Query().Get("next"))), http.StatusSeeOther)
		return nil
	}
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
	in := entry{Person: person, How: "sign_in.password", Stage: passed}
	from, today, err := k.demandOn(r.Context(), person)
	switch {
	case err != nil:
		return err
	case from != "" && !code && from <= today: // the session opens nothing until there is a code
		in.How, next = "", appPath+"?next="+template.URLQueryEscaper(next)
	case from != "" && !code:
		next = "/me/code?next=" + template.URLQueryEscaper(next)
	}
	if code {
		in, next = entry{Person: person, Stage: halfway}, "/sign-in/code?next="+template.URLQueryEscaper(next)
	}
	return k.open(w, r, in, next)
}

// open begins a session and goes on.
func (k *desk) open(w http.ResponseWriter, r *http.Request, in entry, next string) error {
	in.Browser = browserOf(r)
	text, err := k.begin(r.Context(), in)
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
	half, err := k.of(r)
	if err != nil {
		return err
	}
	if !half.half() {
		http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
		return nil
	}
	_, totp, _, err := k.kept(r.Context(), half.Person)
	if err != nil {
		return err
	}
	next := inside(r.PostFormValue("next"))
	if err := k.checkCode(r.Context(), half.Person, totp, strings.ReplaceAll(r.PostFormValue("code"), " ", "")); err != nil {
		if p := problem.As(err); p != nil && !p.Outage() {
			return codePage.Show(k.site, w, r, web.Status(err), codeHead, codeView{next, mistakes(p, i18n.Of(r.Context()))})
		}
		return err
	}
	if err := k.end(r.Context(), c.Value); err != nil { // the half-open session is not the open one
		return err
	}
	in := entry{Person: half.Person, How: "sign_in.password_code", Stage: half.whole()}
	if in.Stage == byLink {
		in.How = "sign_in.link_code"
	}
	return k.open(w, r, in, next)
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
	session, code, err := k.use(r.Context(), r.PathValue("token"), browserOf(r))
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

// inside lets a redirect lead only to this site.
func inside(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}

// address is whom tries are counted against. A proxy adds what it saw at the end,
// some in a header of its own.
func (k *desk) address(r *http.Request) string {
	if forwarded := strings.Join(r.Header.Values("X-Forwarded-For"), ","); k.proxy && forwarded != "" {
		return whose(strings.TrimSpace(forwarded[strings.LastIndex(forwarded, ",")+1:]))
	}
	return whose(r.RemoteAddr)
}

// whose is an address as tries are counted: without its port, and of IPv6 the
// network alone, since whoever has one address there has 2⁶⁴.
func whose(address string) string {
	a, err := netip.ParseAddr(address)
	if at, failed := netip.ParseAddrPort(address); failed == nil {
		a, err = at.Addr(), nil
	}
	if err != nil {
		return address
	}
	if a = a.Unmap().WithZone(""); a.Is4() {
		return a.String()
	}
	return netip.PrefixFrom(a, 64).Masked().String()
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
