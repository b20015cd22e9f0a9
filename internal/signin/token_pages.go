package signin

import (
	"net/http"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/store"
	"vaern/internal/web"
)

var tokensPage = web.NewPage[tokensView](folder, "tokens")

type tokensView struct {
	All    bool // everybody's, for who administers
	New    string
	Grant  Grant
	Errors []mistake
	Tokens []Token
}

func (k *desk) tokenRoutes() {
	k.site.Handle("GET /me/token", OwnTokens, k.myTokens)
	k.site.Handle("POST /me/token", OwnTokens, k.makeToken)
	k.site.Handle("POST /me/token/{id}/revoke", OwnTokens, k.revokeMine)
	k.site.Handle("GET /token", AllTokens, k.allTokens)
	k.site.Handle("POST /token/{id}/revoke", AllTokens, k.revokeAny)
	k.site.Menu(web.Item{Path: "/token", Label: i18n.Text{"Adgange for programmer", "Program tokens"}, Need: AllTokens, Order: 92})
}

func (k *desk) myTokens(w http.ResponseWriter, r *http.Request) error {
	return k.showTokens(w, r, http.StatusOK, tokensView{})
}

func (k *desk) allTokens(w http.ResponseWriter, r *http.Request) error {
	return k.showTokens(w, r, http.StatusOK, tokensView{All: true})
}

func (k *desk) showTokens(w http.ResponseWriter, r *http.Request, status int, v tokensView) error {
	need, person := OwnTokens, access.Of(r.Context()).ID
	head := web.Head{Title: i18n.Text{"Adgange for mine programmer", "My programs' tokens"}, Crumbs: []web.Crumb{{Path: "/me", Label: i18n.Text{"Min konto", "My account"}}}}
	if v.All {
		need, person, head = AllTokens, "", web.Head{Title: i18n.Text{"Adgange for programmer", "Program tokens"}}
	}
	err := k.Store.View(r.Context(), need, func(q *store.Read) (err error) {
		v.Tokens, err = tokens(q, person)
		return err
	})
	if err != nil {
		return err
	}
	return tokensPage.Show(k.site, w, r, status, head, v)
}

// makeToken makes a token and shows its text, this once.
func (k *desk) makeToken(w http.ResponseWriter, r *http.Request) error {
	g := Grant{Name: r.PostFormValue("name"), Expires: r.PostFormValue("expires"), Reads: r.PostFormValue("reads") != ""}
	text, err := k.ownToken(r.Context(), g)
	if p := problem.As(err); p != nil && p.Kind == problem.Invalid {
		return k.showTokens(w, r, web.Status(err), tokensView{Grant: g, Errors: mistakes(p, i18n.Of(r.Context()))})
	}
	if err != nil {
		return err
	}
	return k.showTokens(w, r, http.StatusOK, tokensView{New: text})
}

func (k *desk) revokeMine(w http.ResponseWriter, r *http.Request) error {
	return k.revoked(w, r, "/me/token", k.revoke(r.Context(), OwnTokens, r.PathValue("id"), true))
}

func (k *desk) revokeAny(w http.ResponseWriter, r *http.Request) error {
	return k.revoked(w, r, "/token", k.revoke(r.Context(), AllTokens, r.PathValue("id"), false))
}

func (k *desk) revoked(w http.ResponseWriter, r *http.Request, back string, err error) error {
	if err != nil {
		return err
	}
	return k.site.Done(w, r, back, i18n.Text{"Adgangen er trukket tilbage. Programmet kommer ikke længere ind.", "The token is revoked. The program gets in no more."})
}
