// Package webhook tells other programs what happens: the ledger is the outbox,
// so nothing is written on the way of a change, and nothing is forgotten.
package webhook

import (
	"embed"
	"net/url"
	"regexp"
	"strings"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/module"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/task"
	"vaern/internal/web"
	"vaern/internal/web/kit"
)

// Webhook is an address that is told of acts.
type Webhook struct {
	record.Head
	Title  string `da:"Navn" en:"Name" is:"title sort" helpda:"Hvem der får besked, for eksempel sagssystemet." helpen:"Who is told, for example the case system."`
	URL    string `da:"Adresse" en:"Address" eg:"https://hooks.example.dk/vaern" is:"required" helpda:"En https-adresse på internettet. Interne adresser skal først tillades, når Værn startes." helpen:"An https address on the internet. Internal addresses must first be allowed when Værn is started."`
	Events string `da:"Får besked om" en:"Is told of" eg:"rule.* document.publish" is:"long" helpda:"Lad feltet stå tomt for at få besked om alt. Skriv ellers for eksempel rule.* for alt om regler og document.publish for dokumenter, der sættes i kraft, med mellemrum imellem. Fortrolige sager og følsomme poster meldes aldrig." helpen:"Leave it empty to be told of everything. Otherwise write for example rule.* for all about rules and document.publish for documents that come in force, with spaces between. Confidential cases and sensitive records are never told of."`
	Active bool   `da:"Tændt" en:"On" is:"filter"`
}

//go:embed schema/*.sql
var files embed.FS

// Webhooks is the register.
var Webhooks = record.New(record.Register[Webhook]{
	Name: "webhook", One: i18n.Text{"Webhook", "Webhook"}, Many: i18n.Text{"Webhooks", "Webhooks"},
	About:  i18n.Text{"Andre systemer, der får besked, når noget sker i Værn.", "Other systems that are told when something happens in Værn."},
	Schema: store.Folder(files),
	Blank:  Webhook{Active: true},
	Check:  check,
	After: func(w *store.Write, old *Webhook, h Webhook) error {
		switch {
		case old == nil: // it hears of what happens from now on
			return w.Also(`
				INSERT INTO work_webhook (id, key_secret, cursor, tries, failing, due, stopped, test, claim, lease)
				SELECT :id, '', size, 0, '', '', '', '', '', '' FROM ledger_head`, store.Args{"id": h.ID})
		case !old.Active && h.Active: // what happened while it was off is not told
			return w.Also(`UPDATE work_webhook SET cursor = (SELECT size FROM ledger_head), tries = 0, failing = '', due = '', stopped = '' WHERE id = :id`, store.Args{"id": h.ID})
		}
		return nil
	},
})

// Known reports whether anything is done that an event names; whoever knows all
// registers says so.
var Known = func(event string) bool { return true }

var event = regexp.MustCompile(`^[a-z_]+\.(\*|[a-z_]+)$`)

func check(h Webhook) problem.Fields {
	bad := problem.Fields{}
	if at, err := url.Parse(h.URL); err != nil || at.Scheme != "https" || at.Hostname() == "" || at.User != nil || at.Fragment != "" || strings.ContainsAny(h.URL, " \n") {
		bad["url"] = i18n.Text{"Skriv en adresse, der begynder med https://.", "Write an address that begins with https://."}
	}
	for _, word := range strings.Fields(h.Events) {
		if !event.MatchString(word) || !Known(word) {
			bad["events"] = i18n.Text{"Værn kan ikke give besked om %s. Skriv for eksempel rule.* eller document.publish.", "Værn cannot tell of %s. Write for example rule.* or document.publish."}.With(word)
		}
	}
	return bad
}

// wants reports whether a webhook is to be told of an act.
func (h *Webhook) wants(verb, kind string) bool {
	words := strings.Fields(h.Events)
	register, _, _ := strings.Cut(verb, ".")
	for _, word := range words {
		if all, ok := strings.CutSuffix(word, ".*"); word == verb || ok && (all == register || all == kind) {
			return true
		}
	}
	return len(words) == 0
}

// Module declares the register.
func Module() module.Module {
	administrators := []access.Role{access.Administrator}
	m := kit.Module(kit.Register[Webhook]{Register: Webhooks, Menu: 91, See: administrators, Edit: administrators, Panels: []kit.Panel[Webhook]{deliveries},
		Verbs: map[string]i18n.Text{"webhook.key": {"lavede en ny nøgle til", "made a new key for"}, "webhook.resume": {"startede igen", "resumed"}, "webhook.test": {"sendte en prøve til", "sent a test to"}}})
	m.Tasks = []task.Source{{
		Key: "webhook.stopped", Act: i18n.Text{"Se leveringen", "See the delivery"}, Minutes: 5, Weight: 3, Need: "webhook.edit",
		Why: i18n.Text{"Du passer webhooks, og modtageren her får ikke besked mere.", "You look after webhooks, and this receiver is told nothing more."},
		Query: `SELECT 'webhook', w.id, w.title, '/webhook/' || w.id, '' FROM webhook w JOIN work_webhook k ON k.id = w.id
			WHERE w.active = 1 AND k.stopped <> '' AND :scope(w.unit)`,
	}}
	mount := m.Mount
	m.Mount = func(site *web.Site) {
		mount(site)
		(&desk{site}).routes()
	}
	return m
}
