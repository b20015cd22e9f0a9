// Package rule keeps the handbook's rules. Each has a number of its own, so
// that a dispensation, a violation or a control can point at exactly one.
package rule

import (
	"embed"

	"vaern/content"
	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/indicator"
	"vaern/internal/module"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/task"
	"vaern/internal/themed"
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
	Withdrawn field.Date    `da:"Ophævet" en:"Withdrawn" is:"aside"`
}

//go:embed schema/*.sql
var files embed.FS

// Rules is the register.
var Rules = record.New(record.Register[Rule]{
	Name: "rule", One: i18n.Text{"Regel", "Rule"}, Many: i18n.Text{"Regler", "Rules"},
	About:  i18n.Text{"Håndbogens regler: hvem gør hvad, hvornår, og med hvilket bevis.", "The handbook's rules: who does what, when, and with what evidence."},
	Schema: store.Folder(files),
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
		Starter: &kit.Starter[Rule]{Label: i18n.Text{"Begynd med Værns håndbog", "Begin with Værn's handbook"}, Records: handbook}})
	m.Schema.Holds = append(m.Schema.Holds, themed.Holds("rule", "withdrawn IS NULL"))
	m.Tasks = []task.Source{{
		Key:     "rule.unowned",
		Act:     i18n.Text{"Giv den en ejer", "Give it an owner"},
		Why:     i18n.Text{"Ingen ejer reglen, og du kan rette den.", "Nobody owns the rule, and you can change it."},
		Minutes: 2, Weight: 2, Need: "rule.edit",
		Query: `SELECT 'rule', r.id, r.number || ' ' || r.title, '/rule/' || r.id || '/edit', '' FROM rule r
			WHERE r.withdrawn IS NULL AND :scope(r.unit) AND NOT EXISTS (SELECT 1 FROM holding h WHERE h.position = r.owner AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today))`,
	}}
	m.Indicators = []indicator.Indicator{{
		Key:    "rule.owned",
		Name:   i18n.Text{"Regler med en ejer, der findes", "Rules with an owner who exists"},
		Counts: i18n.Text{"Gældende regler, hvis ejerstilling nogen har i dag", "Rules in force whose owner position somebody holds today"},
		OutOf:  i18n.Text{"Alle gældende regler", "All rules in force"},
		Do:     i18n.Text{"Vælg en ejer, eller sæt en person i den stilling, der ejer reglen.", "Choose an owner, or put somebody in the position that owns the rule."},
		Themes: []string{"document-hierarchy", "ownership"}, Goal: 100, Warning: 90,
		Query: `SELECT count(CASE WHEN EXISTS (SELECT 1 FROM holding h WHERE h.position = r.owner AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today)) THEN 1 END), count(*)
			FROM rule r WHERE r.withdrawn IS NULL`,
		Missing: `SELECT 'rule', r.id FROM rule r WHERE r.withdrawn IS NULL
			AND NOT EXISTS (SELECT 1 FROM holding h WHERE h.position = r.owner AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today))`,
	}}
	return m
}

// handbook is the rules that a municipality without any can begin with.
func handbook() (out []Rule) {
	for _, r := range content.Handbook() {
		out = append(out, Rule{Number: r.No, Title: r.Title, Chapter: r.Chapter, Text: r.Text, Themes: themed.Of(r.Themes...)})
	}
	return out
}
