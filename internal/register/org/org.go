// Package org is the pages of the organisation: units, positions, people, who
// holds what, deputies, roles and bodies.
package org

import (
	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/module"
	"vaern/internal/notify"
	"vaern/internal/people"
	"vaern/internal/people/feed"
	"vaern/internal/task"
	"vaern/internal/web"
	"vaern/internal/web/kit"
)

var (
	edit  = []access.Role{access.Coordinator, access.Administrator}
	roles = []access.Role{access.Administrator}
	fed   = i18n.Text{"læste ind", "took in"} // by a file of the personnel system
	above = &web.Crumb{Path: "/organisation", Label: i18n.Text{"Organisationen", "The organisation"}}
)

// Modules declares the registers of people. The tables are the kernel's.
func Modules() []module.Module {
	units := kit.Module(kit.Register[people.Unit]{Register: people.Units, See: module.Everyone, Edit: edit, Above: above,
		Panels: []kit.Panel[people.Unit]{below},
		Acts:   []kit.Act{{Path: "/change", Label: i18n.Text{"Flyt, del eller nedlæg", "Move, split or close"}, Need: people.Changes.Can("create")}},
		Verbs: map[string]i18n.Text{"unit.move": {"flyttede", "moved"}, "unit.merge": {"lagde sammen", "merged"}, "unit.split": {"delte", "split"},
			"unit.close": {"nedlagde", "closed"}, "unit.rename": {"omdøbte", "renamed"}}})
	units.Indicators, units.Tasks = indicators, []task.Source{held}
	units.Roles.Grant(edit, feed.Need)
	changes := kit.Module(kit.Register[people.Change]{Register: people.Changes, See: module.Everyone, Edit: edit, Above: above,
		Acts:  []kit.Act{{Path: "/cancel", Label: i18n.Text{"Aflys ændringen", "Cancel the change"}, Need: people.Changes.Can("edit"), When: field.When{Choice: "state", Is: []string{"planned"}}}},
		Verbs: map[string]i18n.Text{"unit_change.cancel": {"aflyste", "cancelled"}}})
	return []module.Module{
		mounting(units, func(site *web.Site) {
			site.Handle("GET /organisation", people.Units.Can("see"), organisation(site))
			site.Menu(web.Item{Path: "/organisation", Label: above.Label, Need: people.Units.Can("see"), Order: 60})
			changing{site}.mount()
			feeding{site}.mount()
		}),
		changes,
		handovers(),
		kit.Module(kit.Register[people.Position]{Register: people.Positions, Menu: 61, See: module.Everyone, Edit: edit, Above: above,
			Acts:   []kit.Act{{Path: "/handover", Label: i18n.Text{"Giv videre, hvad stillingen ejer", "Hand over what the position owns"}, Need: people.HandOver}},
			Panels: []kit.Panel[people.Position]{holders}, Verbs: map[string]i18n.Text{"person.feed": fed}}),
		signInLinks(kit.Module(kit.Register[people.Person]{Register: people.Persons, Menu: 62, See: module.Everyone, Edit: edit, Above: above,
			Panels: []kit.Panel[people.Person]{notify.Panel, seats},
			Verbs:  map[string]i18n.Text{"person.link": {"lavede et link til at logge ind for", "made a sign-in link for"}, "person.linked": {"loggede ind med et link som", "signed in with a link as"}, "person.signed_out": {"loggede alle steder ud", "signed out everywhere"}, "person.join": {"oprettede", "created"}, "person.feed": fed},
			Acts: []kit.Act{{Path: "/link", Label: i18n.Text{"Lav et link til at logge ind", "Make a sign-in link"}, Need: people.LinkNeed},
				{Path: "/code", Label: i18n.Text{"Mistet kode, og hvor personen er logget ind", "Lost code, and where the person is signed in"}, Need: people.VouchNeed}}})),
		kit.Module(kit.Register[people.Holding]{Register: people.Holdings, See: module.Everyone, Edit: edit, Above: above, Verbs: map[string]i18n.Text{"person.feed": fed}}),
		kit.Module(kit.Register[people.Deputy]{Register: people.Deputies, See: module.Everyone, Edit: edit, Above: above}),
		kit.Module(kit.Register[people.Grant]{Register: people.Grants, See: append([]access.Role{access.Administrator}, module.Readers...), Edit: roles, Above: above}),
		kit.Module(kit.Register[people.Body]{Register: people.Bodies, Menu: 63, See: module.Everyone, Edit: edit,
			Panels: []kit.Panel[people.Body]{members}}),
		kit.Module(kit.Register[people.Office]{Register: people.Offices, See: module.Everyone, Edit: edit,
			Above: &web.Crumb{Path: "/body", Label: people.Bodies.Many}}),
	}
}

// mounting hangs the register's own pages beside those of the kit.
func mounting(m module.Module, more func(*web.Site)) module.Module {
	mount := m.Mount
	m.Mount = func(site *web.Site) {
		mount(site)
		more(site)
	}
	return m
}

// asked is that somebody should get in without a code, and one has said so: another must agree.
var asked = task.Source{
	Key:     "person.code_asked",
	Act:     i18n.Text{"Se anmodningen", "Look at the request"},
	Why:     i18n.Text{"En person har mistet sin kode. To skal være enige om at slå den fra.", "Somebody has lost their code. Two must agree to turn it off."},
	Minutes: 5, Weight: 4, Need: people.VouchNeed,
	Query: `SELECT 'person', p.id, p.name, '/person/' || p.id || '/code', '' FROM code_waiver v JOIN person p ON p.id = v.id
		WHERE v.until = '' AND v.asked_by <> :actor AND p.id <> :actor AND :scope(p.unit)`,
}

// signInLinks lets an administrator make a link that signs a person in once.
func signInLinks(m module.Module) module.Module {
	m.Roles.Grant(roles, people.LinkNeed).Grant(edit, people.VouchNeed)
	m.Tasks = append(m.Tasks, asked)
	return m
}
