// Package org is the pages of the organisation: units, positions, people, who
// holds what, deputies, roles and bodies.
package org

import (
	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/module"
	"vaern/internal/people"
	"vaern/internal/web"
	"vaern/internal/web/kit"
)

var (
	edit  = []access.Role{access.Coordinator, access.Administrator}
	roles = []access.Role{access.Administrator}
	above = &web.Crumb{Path: "/unit", Label: people.Units.Many}
)

// Modules declares the registers of people. The tables are the kernel's.
func Modules() []module.Module {
	units := kit.Module(kit.Register[people.Unit]{Register: people.Units, Menu: 60, See: module.Everyone, Edit: edit,
		Panels: []kit.Panel[people.Unit]{below}})
	units.Indicators = indicators
	return []module.Module{
		units,
		kit.Module(kit.Register[people.Position]{Register: people.Positions, Menu: 61, See: module.Everyone, Edit: edit, Above: above,
			Panels: []kit.Panel[people.Position]{holders}}),
		signInLinks(kit.Module(kit.Register[people.Person]{Register: people.Persons, Menu: 62, See: module.Everyone, Edit: edit, Above: above,
			Panels: []kit.Panel[people.Person]{seats},
			Verbs:  map[string]i18n.Text{"person.link": {"lavede et link til at logge ind for", "made a sign-in link for"}, "person.join": {"oprettede", "created"}},
			Acts:   []kit.Act{{Path: "/link", Label: i18n.Text{"Lav et link til at logge ind", "Make a sign-in link"}, Need: people.LinkNeed}}})),
		kit.Module(kit.Register[people.Holding]{Register: people.Holdings, See: module.Everyone, Edit: edit, Above: above}),
		kit.Module(kit.Register[people.Deputy]{Register: people.Deputies, See: module.Everyone, Edit: edit, Above: above}),
		kit.Module(kit.Register[people.Grant]{Register: people.Grants, See: append([]access.Role{access.Administrator}, module.Readers...), Edit: roles, Above: above}),
		kit.Module(kit.Register[people.Body]{Register: people.Bodies, Menu: 63, See: module.Everyone, Edit: edit,
			Panels: []kit.Panel[people.Body]{members}}),
		kit.Module(kit.Register[people.Office]{Register: people.Offices, See: module.Everyone, Edit: edit,
			Above: &web.Crumb{Path: "/body", Label: people.Bodies.Many}}),
	}
}

// signInLinks lets an administrator make a link that signs a person in once.
func signInLinks(m module.Module) module.Module {
	m.Roles.Grant(roles, people.LinkNeed)
	return m
}
