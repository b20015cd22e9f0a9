package document

import (
	"reflect"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/module"
	"vaern/internal/record"
	"vaern/internal/themed"
	"vaern/internal/web"
	"vaern/internal/web/kit"
)

var editors = []access.Role{access.Coordinator, access.Owner}

var above = &web.Crumb{Path: "/document", Label: documents.Many}

// Modules declares documents, approvals, and the kinds that documents consist
// of, so that history can tell of them.
func Modules() []module.Module {
	record.Follows("edition", "document", "document")
	document := kit.Module(kit.Register[Document]{Register: documents, Menu: 21, See: module.Everyone, Edit: editors,
		Panels: []kit.Panel[Document]{versions},
		Acts:   []kit.Act{{Path: "/edition/new", Label: i18n.Text{"Ny version", "New version"}, Need: "document.edit"}}})
	document.Schema.Holds = append(document.Schema.Holds, themed.Holds("document", "1 = 1"))
	document.Indicators, document.Tasks = indicators, tasks
	document.Found = append(document.Found, found...)
	document.Roles.Grant(module.Readers, SeeDrafts, Remarks)
	document.Roles.Grant([]access.Role{access.Coordinator}, Publish, Import, Bind)
	mount := document.Mount
	document.Mount = func(site *web.Site) {
		mount(site)
		(&desk{site}).routes()
	}
	return []module.Module{
		document,
		kit.Module(kit.Register[Approval]{Register: approvals, See: module.Readers, Edit: approvers, Above: above}),
		part[editionFacts]("edition", i18n.Text{"Version", "Version"}, i18n.Text{"Versioner", "Versions"}, map[string]i18n.Text{
			"edition.create":     {"skrev kladden", "drafted"},
			"document.create":    {"skrev kladden", "drafted"},
			"document.write":     {"ændrede teksten i", "changed the text of"},
			"document.submit":    {"sendte i høring:", "submitted to review:"},
			"document.return":    {"sendte tilbage fra høring:", "returned from review:"},
			"document.decide":    {"registrerede som besluttet:", "registered as decided:"},
			"document.publish":   {"satte i kraft:", "put in force:"},
			"document.supersede": {"afløste", "superseded"},
		}),
		part[bindingFacts]("binding", i18n.Text{"Temaer for en sætning", "Themes of a clause"}, i18n.Text{"Sætningers temaer", "Themes of clauses"}, map[string]i18n.Text{
			"document.propose": {"foreslog temaer til sætning", "proposed themes for clause"},
			"document.bind":    {"bekræftede temaerne for sætning", "accepted the themes of clause"},
		}),
		part[remarkFacts]("remark", i18n.Text{"Bemærkning", "Remark"}, i18n.Text{"Bemærkninger", "Remarks"}, map[string]i18n.Text{
			"remark.create":  {"skrev en bemærkning til", "wrote a remark on"},
			"remark.resolve": {"afsluttede bemærkningen til", "closed the remark on"},
		}),
	}
}

// part declares a kind of records that has no register of its own: history
// needs its fields, and its readers the permission to see it.
func part[T any](name string, one, many i18n.Text, verbs map[string]i18n.Text) module.Module {
	return module.Module{Name: name, One: one, Many: many, Fields: field.Of(reflect.TypeFor[T]()), Verbs: verbs,
		Roles: module.Roles{}.Grant(module.Readers, access.Permission(name+".see"))}
}

type editionFacts struct {
	Label    string     `da:"Versionsnummer" en:"Version number"`
	State    State      `da:"Status" en:"State"`
	Dated    field.Date `da:"Dateret" en:"Dated"`
	AnswerBy field.Date `da:"Høring slutter" en:"Review ends"`
	Starts   field.Date `da:"I kraft fra" en:"In force from"`
	Ends     field.Date `da:"I kraft til og med" en:"In force until"`
	Body     string     `da:"Tekst" en:"Text" is:"long"`
}

type bindingFacts struct {
	Clause   string        `da:"Sætning" en:"Clause"`
	Themes   themed.Themes `da:"Temaer" en:"Themes" is:"several"`
	Accepted bool          `da:"Bekræftet af et menneske" en:"Accepted by a person"`
}

type remarkFacts struct {
	Clause   string `da:"Sætning" en:"Clause"`
	Text     string `da:"Bemærkning" en:"Remark" is:"long"`
	Resolved bool   `da:"Afsluttet" en:"Closed"`
}
