package webhook

import (
	"bytes"
	"context"
	"crypto/rand"
	"embed"
	"html/template"
	"net/http"
	"reflect"

	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/web"
	"vaern/internal/web/kit"

	"github.com/danielgtaylor/huma/v2"
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
			d.Answer = told(d.Answer, l)
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

// answers are those that Værn itself gives; the others are the receiver's.
var answers = []i18n.Text{
	{"Adressen er ikke på internettet, og dens netværk blev ikke tilladt, da Værn blev startet.", errInner.Error()},
	{"Intet svar i tide.", late},
	{"Ingen maskine har det navn.", unknown},
	{"Maskinen tager ikke imod forbindelser dér.", closed},
	{"Certifikatet passer ikke til adressen eller er ikke fra nogen, som maskinen her stoler på.", untrue},
}

func told(answer string, l i18n.Lang) string {
	for _, a := range answers {
		if a[i18n.En] == answer {
			return a.In(l)
		}
	}
	return answer
}

// desk is what else is done with a webhook, by people and by programs.
type desk struct{ site *web.Site }

// nothing is what an act must be told that needs no words.
type nothing struct{}

func (d *desk) routes() {
	d.site.Handle("POST /webhook/{id}/key", "webhook.edit", d.key)
	d.hang("test", [2]i18n.Text{{"Send en prøve", "Send a test"}, {"Prøven er på vej. Genindlæs siden om lidt for at se svaret.", "The test is on its way. Reload the page in a moment to see the answer."}}, test)
	d.hang("resume", [2]i18n.Text{{"Begynd igen", "Resume"}, {"Den prøver igen nu, fra det første, der ikke kom frem.", "It tries again now, from the first that did not arrive."}}, resume)
	d.site.API.Webhooks = map[string]*huma.PathItem{"act": {Post: sent(d.site)}}
	d.site.Offer(web.Operation{Need: "webhook.edit", Operation: huma.Operation{OperationID: "webhooks-key", Method: http.MethodPost, Path: "/api/v1/webhooks/{id}/key",
		Tags: []string{"webhooks"}, Summary: "Make a new key; the old one signs nothing more",
		Responses: map[string]*huma.Response{"200": web.Good("The key, this once", web.JSON(d.site.Schema(reflect.TypeFor[Key]()), Key{"whsec_…"}))}}}, d.restKey)
}

// hang hangs both faces of an act on the site.
func (d *desk) hang(name string, texts [2]i18n.Text, do func(context.Context, *store.Store, string, nothing) error) {
	kit.Action[nothing]{
		Kind: "webhook", Plural: "webhooks", Name: name, Label: texts[0], Said: texts[1], Need: "webhook.edit", Do: do,
		Done: func(w http.ResponseWriter, r *http.Request, err error, said i18n.Text) error {
			if err != nil {
				return err
			}
			return d.site.Done(w, r, "/webhook/"+r.PathValue("id"), said)
		},
		Show: d.restState, Shown: d.site.Schema(reflect.TypeFor[Delivery]()), Example: Delivery{Cursor: 4711},
	}.Hang(d.site)
}

// act does something to a webhook that changes no field of it, and records who.
func act(ctx context.Context, s *store.Store, id, verb string, do func(*store.Write) error) error {
	return s.Change(ctx, store.Intent{Verb: verb, Need: "webhook.edit"}, func(w *store.Write) error {
		if _, err := Webhooks.Get(&w.Read, id); err != nil {
			return err
		}
		if err := w.Note(ref.Ref{Kind: "webhook", ID: id}); err != nil {
			return err
		}
		return do(w)
	})
}

// renew makes a new key, which is told this once; the old one signs nothing more.
func renew(ctx context.Context, s *store.Store, id string) (key string, err error) {
	key = newKey()
	return key, act(ctx, s, id, "webhook.key", func(w *store.Write) error {
		return w.Also(`UPDATE work_webhook SET key_secret = :key WHERE id = :id`, store.Args{"id": id, "key": key})
	})
}

func test(ctx context.Context, s *store.Store, id string, _ nothing) error {
	var ready bool
	err := s.View(ctx, "webhook.edit", func(q *store.Read) error {
		if _, err := Webhooks.Get(q, id); err != nil {
			return err
		}
		return q.Row(`SELECT count(*) FROM webhook w JOIN work_webhook k ON k.id = w.id WHERE w.id = :id AND w.active = 1 AND k.key_secret <> ''`, store.Args{"id": id}, &ready)
	})
	if err == nil && !ready {
		err = problem.New(problem.Precondition, "Tænd for den, og lav en nøgle, før du sender en prøve.", "Turn it on and make a key before you send a test.")
	}
	if err != nil {
		return err
	}
	return act(ctx, s, id, "webhook.test", func(w *store.Write) error {
		return w.Also(`UPDATE work_webhook SET test = :test WHERE id = :id`, store.Args{"id": id, "test": rand.Text()})
	})
}

func resume(ctx context.Context, s *store.Store, id string, _ nothing) error {
	return act(ctx, s, id, "webhook.resume", func(w *store.Write) error {
		return w.Also(`UPDATE work_webhook SET tries = 0, failing = '', due = '', stopped = '' WHERE id = :id`, store.Args{"id": id})
	})
}

func (d *desk) key(w http.ResponseWriter, r *http.Request) error {
	key, err := renew(r.Context(), d.site.Store, r.PathValue("id"))
	if err != nil {
		return err
	}
	head := web.Head{Title: i18n.Text{"Ny nøgle", "New key"}, Path: "/webhook", Crumbs: []web.Crumb{{Path: "/webhook", Label: Webhooks.Many}}}
	return keyPage.Show(d.site, w, r, http.StatusOK, head, keyView{r.PathValue("id"), key})
}

// Key is what a program is told that made one.
type Key struct {
	Key string `json:"key" doc:"What messages are signed with, as Standard Webhooks writes it"`
}

func (d *desk) restKey(c *web.Call) (*web.Answer, error) {
	key, err := renew(c.Context(), d.site.Store, c.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return web.Say(http.StatusOK, Key{key})
}

// Delivery is how far a webhook has come.
type Delivery struct {
	Cursor  int64  `json:"cursor" doc:"The next leaf of the ledger that it looks at"`
	Tries   int64  `json:"tries" doc:"How often the message under way was sent in vain"`
	Failing string `json:"failing" doc:"Since when the receiver takes nothing; empty is that it does"`
	Stopped string `json:"stopped" doc:"When it was given up until somebody resumes it; empty is that it goes on"`
}

func (d *desk) restState(c *web.Call) (*web.Answer, error) {
	var out Delivery
	err := d.site.Store.View(c.Context(), "webhook.see", func(q *store.Read) error {
		return q.Row(`SELECT cursor, tries, failing, stopped FROM work_webhook WHERE id = :id`, store.Args{"id": c.PathValue("id")}, &out.Cursor, &out.Tries, &out.Failing, &out.Stopped)
	})
	if err != nil {
		return nil, err
	}
	return web.Say(http.StatusOK, out)
}
