package signin

import (
	"net/http"
	"slices"
	"time"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/notify"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/task"
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
		about := ref.Ref{Kind: "person", ID: v.ID}
		if _, err := shut(&w.Read, v.ID, w.Now); err != nil {
			return err
		}
		if err := beyond(&w.Read, v.ID); err != nil {
			return err
		}
		if err := w.Note(about); err != nil {
			return err
		}
		return watched(w, about, v.Name, i18n.Of(r.Context()))
	})
	if err != nil {
		return err
	}
	path, err := k.Link(r.Context(), v.ID, SignInLink, goodFor)
	if err != nil {
		return err
	}
	v.Address = k.site.Whole(r, path)
	return k.showNewLink(w, r, v)
}

// beyond refuses a link that signs in as somebody who has a role, or is deputy for
// one, outside the reach in which it is made: it would hand out that role.
func beyond(q *store.Read, person string) error {
	var n int
	err := q.Row(`SELECT count(*) FROM role_grant g WHERE NOT (:scope(g.unit)) AND g.position IN (`+people.Held(":id")+`)`, store.Args{"id": person}, &n)
	if err == nil && n > 0 {
		err = problem.New(problem.Precondition, "Personen har en rolle uden for det, du administrerer. Bed en administrator for hele kommunen om linket.",
			"The person has a role outside what you administer. Ask an administrator of the whole municipality for the link.")
	}
	return err
}

// weighty are the roles in which one person is another's check: nobody should
// come to act as one of them unseen.
var weighty = []access.Role{access.Administrator, access.Coordinator, access.Director, access.DPO, access.Auditor}

// watched tells the person at once that a link was made, and gives the others who
// administer or coordinate a task to ask about it when the person's word weighs.
func watched(w *store.Write, about ref.Ref, name string, l i18n.Lang) error {
	if about.ID != w.Actor.ID {
		if err := notify.Tell(w, notify.Notice{Person: about.ID, About: about, Path: "/me", Urgent: true,
			Text: i18n.Text{"%s har lavet et link, som kan logge ind som dig.", "%s has made a link that can sign in as you."}.With(w.Actor.Name),
			Why:  i18n.Text{"Er det ikke aftalt med dig, så sig det til koordinatoren nu.", "If that was not agreed with you, tell the coordinator now."}}); err != nil {
			return err
		}
	}
	seats, err := people.Roles(&w.Read, about.ID)
	if err != nil || !slices.ContainsFunc(seats, func(s people.Seat) bool { return slices.Contains(weighty, s.Role) }) {
		return err
	}
	watchers, err := people.WithRole(&w.Read, access.Administrator, access.Coordinator)
	if err != nil {
		return err
	}
	title := i18n.Text{"Spørg %s, om det er aftalt, at %s lavede et link til at logge ind", "Ask %s whether it was agreed that %s made a sign-in link"}.With(name, w.Actor.Name).In(l)
	for _, watcher := range watchers {
		if watcher == w.Actor.ID || watcher == about.ID {
			continue
		}
		if err := task.Give(w.As("task.create"), &task.Own{Title: short(title), About: about, Person: watcher, Due: w.Today}); err != nil {
			return err
		}
	}
	return nil
}

// short keeps a task's title within what a title may take.
func short(title string) string {
	if runes := []rune(title); len(runes) > 200 {
		return string(runes[:199]) + "…"
	}
	return title
}

func (k *desk) whose(r *http.Request) (v newLinkView, err error) {
	err = k.Store.View(r.Context(), people.LinkNeed, func(q *store.Read) error {
		var left bool
		err := q.Row(`SELECT id, name, CASE WHEN ends < :today THEN 1 ELSE 0 END FROM person WHERE id = :id AND :scope`,
			store.Args{"id": r.PathValue("id")}, &v.ID, &v.Name, &left)
		if err == nil && left {
			err = problem.New(problem.Precondition, v.Name+" har ikke adgang mere. Ret først den dag, adgangen slutter.",
				v.Name+" has no access any more. Change the day on which access ends first.")
		}
		return err
	})
	return v, err
}

func (k *desk) showNewLink(w http.ResponseWriter, r *http.Request, v newLinkView) error {
	head := web.Head{Title: i18n.Text{"Link til at logge ind", "Sign-in link"}, Path: "/person",
		Crumbs: []web.Crumb{{Path: "/person", Label: people.Persons.Many}, {Path: "/person/" + v.ID, Label: i18n.Same(v.Name)}}}
	return newLink.Show(k.site, w, r, http.StatusOK, head, v)
}

// lentTo are the newest links that let somebody in as a person.
func lentTo(q *store.Read, person string) (out []lent, err error) {
	err = q.Rows(`
		SELECT l.at, coalesce(p.name, ''), CASE WHEN l.verb = 'person.linked' THEN 1 ELSE 0 END
		FROM ledger_leaf l LEFT JOIN person p ON p.id = l.actor
		WHERE l.kind = 'person' AND l.id = :person AND l.verb IN ('person.link', 'person.linked')
		ORDER BY l.seq DESC LIMIT 6`, store.Args{"person": person}, func(scan store.Scan) error {
		var x lent
		err := scan(&x.At, &x.Who, &x.Used)
		out = append(out, x)
		return err
	})
	return out, err
}
