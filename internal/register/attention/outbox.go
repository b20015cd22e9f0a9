package attention

import (
	"net/http"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/mail"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/web"
)

// RunMail is the permission to see how mail goes and to mend it.
const RunMail access.Permission = "mail.run"

var mailPage = web.NewPage[*mailView](folder, "mail")

// mailView is how mail goes: whether it can, what waits, what was refused.
type mailView struct {
	Way
	mail.State
	Refusals []refusal
	Without  int // people without a mail address
	To       string
}

// refusal is a mail that was refused, and to whom it was.
type refusal struct {
	mail.Refusal
	Name string
}

func (d *desk) mail(w http.ResponseWriter, r *http.Request) error {
	v := &mailView{Way: d.way}
	err := d.site.Store.View(r.Context(), RunMail, func(q *store.Read) (err error) {
		if v.State, err = mail.Look(q); err != nil {
			return err
		}
		found, err := mail.Refusals(q, "", 50)
		if err != nil {
			return err
		}
		names, err := record.Titles(q, func(yield func(string) bool) {
			for _, f := range found {
				if !yield(f.Person) {
					return
				}
			}
		})
		for _, f := range found {
			v.Refusals = append(v.Refusals, refusal{f, names[f.Person].Title})
		}
		if err != nil {
			return err
		}
		if v.Without, err = people.WithoutMail(q); err != nil {
			return err
		}
		v.To, err = people.MailOf(q, q.Actor.ID)
		return err
	})
	if err != nil {
		return err
	}
	return mailPage.Show(d.site, w, r, http.StatusOK, web.Head{Title: i18n.Text{"Mail fra Værn", "Mail from Værn"}, Path: "/mail"}, v)
}

// try sends the person who asks a mail, so that the way to the server is tried.
func (d *desk) try(w http.ResponseWriter, r *http.Request) error {
	if !d.way.On {
		return problem.New(problem.Precondition, "Værn kender ingen mailserver. Start Værn med --smtp og --mail-from, så kan den sende.",
			"Værn knows no mail server. Start Værn with --smtp and --mail-from, then it can send.")
	}
	l := i18n.Of(r.Context())
	to := ""
	err := d.site.Store.Work(r.Context(), func(w *store.Work) (err error) {
		if to, err = people.MailOf(&w.Read, w.Actor.ID); err != nil {
			return err
		}
		return mail.Queue(w, mail.Message{To: to, Person: w.Actor.ID, Lang: l, Path: "/mail",
			Subject: i18n.Text{"Prøvemail fra Værn", "Test mail from Værn"}.In(l),
			Text:    i18n.Text{"Mail fra Værn når frem. Du skal ikke gøre noget.", "Mail from Værn arrives. There is nothing you must do."}.In(l),
			Why:     i18n.Text{"du bad om en prøvemail.", "you asked for a test mail."}.In(l)})
	})
	if err != nil {
		return err
	}
	if to == "" {
		return problem.New(problem.Precondition, "Du har selv ingen mailadresse i Værn. Skriv den på din egen side under Personer.",
			"You have no mail address in Værn yourself. Write it on your own page under People.")
	}
	return d.site.Done(w, r, "/mail", i18n.Text{"Prøvemailen er på vej til %s. Genindlæs siden om lidt for at se, hvordan det gik.", "The test mail is on its way to %s. Reload the page in a moment to see how it went."}.With(to))
}

// again tries a refused mail again, to the address that the person has by now.
func (d *desk) again(w http.ResponseWriter, r *http.Request) error {
	var found []mail.Refusal
	to := ""
	err := d.site.Store.View(r.Context(), RunMail, func(q *store.Read) (err error) {
		if found, err = mail.Refusals(q, "", 1000); err != nil {
			return err
		}
		for _, f := range found {
			if f.ID == r.PathValue("id") && f.Again {
				to, err = people.MailOf(q, f.Person)
			}
		}
		return err
	})
	if err == nil && to == "" {
		err = problem.Missing()
	}
	if err == nil {
		err = mail.Again(r.Context(), d.site.Store, r.PathValue("id"), to)
	}
	if err != nil {
		return err
	}
	return d.site.Done(w, r, "/mail", i18n.Text{"Mailen bliver sendt igen.", "The mail is being sent again."})
}
