package webhook

import (
	"bytes"
	"crypto/rand"
	"embed"
	"html/template"
	"net/http"

	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/web"
)

//go:embed pages/*.html
var pageFiles embed.FS

var (
	folder  = web.Folder(pageFiles)
	panel   = web.NewPart[panelView](folder, "_deliveries")
	keyPage = web.NewPage[keyView](folder, "key")
)

type keyView struct{ ID, Key string }

type panelView struct {
	ID      string
	Active  bool
	Key     bool
	Stopped string
	Failing string
	Due     string
	Waits   int64 // leaves that it has not come to
	Sent    []delivery
}

type delivery struct {
	At, Verb, About, Answer string
	Seq, Tries              int64
	Arrived                 bool
}

// deliveries is the part of a webhook's page that tells how it goes.
func deliveries(q *store.Read, l i18n.Lang, h Webhook) (template.HTML, error) {
	v := panelView{ID: h.ID, Active: h.Active}
	err := q.Row(`SELECT CASE WHEN key_secret <> '' THEN 1 ELSE 0 END, stopped, failing, due, (SELECT size FROM ledger_head) - cursor FROM work_webhook WHERE id = :id`,
		store.Args{"id": h.ID}, &v.Key, &v.Stopped, &v.Failing, &v.Due, &v.Waits)
	if err != nil {
		return "", err
	}
	err = q.Rows(`SELECT at, verb, about, answer, seq, tries, arrived FROM work_webhook_sent WHERE webhook = :id ORDER BY at DESC LIMIT 20`, store.Args{"id": h.ID},
		func(scan store.Scan) error {
			var d delivery
			err := scan(&d.At, &d.Verb, &d.About, &d.Answer, &d.Seq, &d.Tries, &d.Arrived)
			v.Sent = append(v.Sent, d)
			return err
		})
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	err = panel.Write(&b, l, v)
	return template.HTML(b.String()), err // our own template
}

// desk is what else is done with a webhook.
type desk struct{ site *web.Site }

func (d *desk) routes() {
	d.site.Handle("POST /webhook/{id}/key", "webhook.edit", d.key)
	d.site.Handle("POST /webhook/{id}/test", "webhook.edit", d.test)
	d.site.Handle("POST /webhook/{id}/resume", "webhook.edit", d.resume)
}

// act does something to a webhook that changes no field of it, and records who.
func (d *desk) act(r *http.Request, verb, query string, args store.Args) error {
	args["id"] = r.PathValue("id")
	return d.site.Store.Change(r.Context(), store.Intent{Verb: verb, Need: "webhook.edit"}, func(w *store.Write) error {
		if _, err := Webhooks.Get(&w.Read, r.PathValue("id")); err != nil {
			return err
		}
		if err := w.Note(ref.Ref{Kind: "webhook", ID: r.PathValue("id")}); err != nil {
			return err
		}
		return w.Also(query, args)
	})
}

// key makes a new key and shows it this once; the old one signs nothing more.
func (d *desk) key(w http.ResponseWriter, r *http.Request) error {
	key := newKey()
	if err := d.act(r, "webhook.key", `UPDATE work_webhook SET key_secret = :key WHERE id = :id`, store.Args{"key": key}); err != nil {
		return err
	}
	head := web.Head{Title: i18n.Text{"Ny nøgle", "New key"}, Path: "/webhook", Crumbs: []web.Crumb{{Path: "/webhook", Label: Webhooks.Many}}}
	return keyPage.Show(d.site, w, r, http.StatusOK, head, keyView{r.PathValue("id"), key})
}

func (d *desk) test(w http.ResponseWriter, r *http.Request) error {
	var ready bool
	err := d.site.Store.View(r.Context(), "webhook.edit", func(q *store.Read) error {
		return q.Row(`SELECT count(*) FROM webhook w JOIN work_webhook k ON k.id = w.id WHERE w.id = :id AND w.active = 1 AND k.key_secret <> ''`, store.Args{"id": r.PathValue("id")}, &ready)
	})
	if err == nil && !ready {
		err = problem.New(problem.Precondition, "Tænd for den, og lav en nøgle, før du sender en prøve.", "Turn it on and make a key before you send a test.")
	}
	if err == nil {
		err = d.act(r, "webhook.test", `UPDATE work_webhook SET test = :test WHERE id = :id`, store.Args{"test": rand.Text()})
	}
	if err != nil {
		return err
	}
	return d.site.Done(w, r, "/webhook/"+r.PathValue("id"), i18n.Text{"Prøven er på vej. Genindlæs siden om lidt for at se svaret.", "The test is on its way. Reload the page in a moment to see the answer."})
}

func (d *desk) resume(w http.ResponseWriter, r *http.Request) error {
	if err := d.act(r, "webhook.resume", `UPDATE work_webhook SET tries = 0, failing = '', due = '', stopped = '' WHERE id = :id`, store.Args{}); err != nil {
		return err
	}
	return d.site.Done(w, r, "/webhook/"+r.PathValue("id"), i18n.Text{"Den prøver igen nu, fra det første, der ikke kom frem.", "It tries again now, from the first that did not arrive."})
}
