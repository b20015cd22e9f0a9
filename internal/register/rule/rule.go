// Package rule keeps the handbook's rules. Each has a number of its own, so
// that a dispensation, a violation or a control can point at exactly one.
package rule

import (
	"context"
	"embed"
	"net/http"

	"vaern/content"
	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/indicator"
	"vaern/internal/module"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/themed"
	"vaern/internal/web"
	"vaern/internal/web/kit"
)

// Rule is one rule of the handbook: who does what, when, with what evidence.
type Rule struct {
	record.Head
	Number    string        `da:"Nr." en:"No." is:"key named sort" helpda:"Et nummer bruges kun én gang, også når reglen er ophævet." helpen:"A number is used once, also when the rule is withdrawn."`
	Title     string        `da:"Regel" en:"Rule" is:"title sort"`
	Chapter   string        `da:"Kapitel" en:"Chapter" is:"search sort"`
	Text      string        `da:"Sådan gør vi" en:"What we do" is:"required search long" helpda:"Hvem gør hvad, hvornår, og hvordan kan man se det bagefter?" helpen:"Who does what, when, and how can one see it afterwards?"`
	Themes    themed.Themes `da:"Temaer" en:"Themes" is:"several long"`
	Owner     string        `da:"Ejer" en:"Owner" is:"ref:position filter"`
	Document  string        `da:"Står i" en:"Is part of" is:"ref:document filter"`
	Withdrawn field.Date    `da:"Ophævet" en:"Withdrawn"`
}

//go:embed schema/*.sql
var files embed.FS

// Rules is the register.
var Rules = record.New(record.Register[Rule]{
	Name: "rule", One: i18n.Text{"Regel", "Rule"}, Many: i18n.Text{"Regler", "Rules"},
	About:  i18n.Text{"Håndbogens regler: hvem gør hvad, hvornår, og med hvilket bevis.", "The handbook's rules: who does what, when, and with what evidence."},
	Schema: kit.Folder(files, "schema"),
	After: func(w *store.Write, _ *Rule, r Rule) error {
		themes := r.Themes
		if r.Withdrawn != "" {
			themes = "" // a withdrawn rule elaborates nothing
		}
		return themed.Link(w, "rule", r.ID, themes)
	},
})

// Module declares the register.
func Module() module.Module {
	m := kit.Module(kit.Register[Rule]{Register: Rules, Menu: 22, See: module.Everyone, Edit: []access.Role{access.Coordinator},
		First: &kit.Act{Path: "/handbook", Label: i18n.Text{"Begynd med Værns håndbog", "Begin with Værn's handbook"}, Need: Rules.Can("create")}})
	mount := m.Mount
	m.Mount = func(site *web.Site) {
		mount(site)
		site.Handle("POST /rule/handbook", Rules.Can("create"), func(w http.ResponseWriter, r *http.Request) error {
			n, err := Begin(r.Context(), site.Store)
			if err != nil {
				return err
			}
			return site.Done(w, r, "/rule", i18n.Text{"%d regler er hentet. Ret dem til, så de passer til jer.", "%d rules were added. Adapt them to your municipality."}.With(n))
		})
	}
	m.Indicators = []indicator.Indicator{{
		Key:    "rule.owned",
		Name:   i18n.Text{"Regler med en ejer, der findes", "Rules with an owner who exists"},
		Counts: i18n.Text{"Gældende regler, hvis stilling nogen har i dag", "Rules in force whose position somebody holds today"},
		OutOf:  i18n.Text{"Alle gældende regler", "All rules in force"},
		Themes: []string{"document-hierarchy", "ownership"}, Goal: 100, Warning: 90,
		Query: `SELECT count(CASE WHEN EXISTS (SELECT 1 FROM holding h WHERE h.position = r.owner AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today)) THEN 1 END), count(*)
			FROM rule r WHERE r.withdrawn IS NULL`,
		Missing: `SELECT 'rule', r.id FROM rule r WHERE r.withdrawn IS NULL
			AND NOT EXISTS (SELECT 1 FROM holding h WHERE h.position = r.owner AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today))`,
	}}
	return m
}

// Begin gives a municipality without rules a handbook to start from; the rules
// belong to no position yet. It returns how many there are.
func Begin(ctx context.Context, s *store.Store) (n int, err error) {
	book := content.Handbook()
	err = s.Change(ctx, store.Intent{Verb: "rule.create", Need: Rules.Can("create")}, func(w *store.Write) error {
		var have int
		if err := w.Row(`SELECT count(*) FROM rule`, nil, &have); err != nil {
			return err
		}
		if have > 0 {
			return problem.New(problem.Conflict, "Der er allerede regler. Håndbogen kan kun hentes, før den første er skrevet.", "There are rules already. The handbook can be added only before the first is written.")
		}
		for _, r := range book {
			rec := Rule{Head: record.Head{Unit: people.Top}, Number: r.No, Title: r.Title, Chapter: r.Chapter, Text: r.Text, Themes: themed.Of(r.Themes...)}
			if err := Rules.Add(w, &rec); err != nil {
				return err
			}
		}
		return nil
	})
	return len(book), err
}
