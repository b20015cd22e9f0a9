package signin

import (
	"net/http"
	"time"

	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/web"
)

// newLinkView is the page on which an administrator lets somebody in who
// cannot: the address is shown once.
type newLinkView struct {
	ID, Name, Address string
}

const goodFor = 24 * time.Hour

func (k *desk) offerLink(w http.ResponseWriter, r *http.Request) error {
	v, err := k.whose(r)
	if err != nil {
		return err
	}
	return k.showNewLink(w, r, v)
}

// makeLink makes the link and says so in the ledger: who let whom in.
func (k *desk) makeLink(w http.ResponseWriter, r *http.Request) error {
	v, err := k.whose(r)
	if err != nil {
		return err
	}
	err = k.Store.Change(r.Context(), store.Intent{Verb: "person.link", Need: people.LinkNeed}, func(w *store.Write) error {
		return w.Note(ref.Ref{Kind: "person", ID: v.ID})
	})
	if err != nil {
		return err
	}
	path, err := k.Link(r.Context(), v.ID, SignInLink, goodFor)
	if err != nil {
		return err
	}
	scheme := "http://"
	if k.site.Secure {
		scheme = "https://"
	}
	v.Address = scheme + r.Host + path
	return k.showNewLink(w, r, v)
}

func (k *desk) whose(r *http.Request) (v newLinkView, err error) {
	err = k.Store.View(r.Context(), people.LinkNeed, func(q *store.Read) error {
		return q.Row(`SELECT id, name FROM person WHERE id = :id AND :scope AND (ends IS NULL OR ends >= :today)`,
			store.Args{"id": r.PathValue("id")}, &v.ID, &v.Name)
	})
	return v, err
}

func (k *desk) showNewLink(w http.ResponseWriter, r *http.Request, v newLinkView) error {
	head := web.Head{Title: i18n.Text{"Link til at logge ind", "Sign-in link"}, Path: "/person",
		Crumbs: []web.Crumb{{Path: "/person", Label: people.Persons.Many}, {Path: "/person/" + v.ID, Label: i18n.Same(v.Name)}}}
	return newLink.Show(k.site, w, r, http.StatusOK, head, v)
}
