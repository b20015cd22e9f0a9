// Package attention is the pages of what waits for people and of what they are
// told: Mine opgaver, the tasks people give each other, mail and its settings.
package attention

import (
	"embed"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/module"
	"vaern/internal/notify"
	"vaern/internal/task"
	"vaern/internal/web"
)

//go:embed pages/*.html
var files embed.FS

var folder = web.Folder(files)

// Modules declares the kinds of records, so that history can tell of them.
func Modules() []module.Module {
	everybody := []access.Role{access.Holder}
	return []module.Module{{
		Name: task.Kind, One: i18n.Text{"Opgave", "Task"}, Many: i18n.Text{"Opgaver", "Tasks"},
		Fields: task.Told, Verbs: task.Verbs, Roles: module.Roles{}.Grant(everybody, task.See, task.Edit),
	}, {
		Name: notify.ChoiceKind, One: i18n.Text{"Valg af mail", "Choice of mail"}, Many: i18n.Text{"Valg af mail", "Choices of mail"},
		Fields: notify.Told, Roles: module.Roles{}.Grant(everybody, notify.Choose).Grant(runners, RunMail),
	}}
}

// runners see to it that mail arrives.
var runners = []access.Role{access.Administrator, access.Coordinator}

// Way is how this node sends mail.
type Way struct {
	On           bool
	Server, From string
}

// desk is the pages on one site.
type desk struct {
	tasks *task.List
	way   Way
	site  *web.Site
}

// Mount hangs the pages on a site. tasks are those of all modules.
func Mount(site *web.Site, tasks *task.List, way Way) {
	d := &desk{tasks, way, site}
	site.Handle("GET /tasks", task.See, d.mine)
	site.Handle("GET /tasks/new", task.Edit, d.blank)
	site.Handle("POST /tasks", task.Edit, d.give)
	site.Handle("GET /on/{kind}/{id}/task", task.Edit, d.blank)
	site.Handle("POST /on/{kind}/{id}/task", task.Edit, d.give)
	site.Handle("GET /task/{id}", task.See, d.show)
	site.Handle("POST /task/{id}/finish", task.Edit, d.finish)
	site.Handle("POST /task/{id}/reopen", task.Edit, d.reopen)
	site.Handle("POST /task/{id}/rest", task.Edit, d.rest)
	site.Handle("POST /task/{id}/hand-on", task.Edit, d.handOn)
	site.Handle("GET /me/mail", notify.Choose, d.choice)
	site.Handle("POST /me/mail", notify.Choose, d.choose)
	site.Handle("GET /mail", RunMail, d.mail)
	site.Handle("POST /mail/try", RunMail, d.try)
	site.Handle("POST /mail/{id}/again", RunMail, d.again)
	d.programs()
	site.Menu(web.Item{Path: "/mail", Label: i18n.Text{"Mail", "Mail"}, Need: RunMail, Order: 95})
	site.Menu(web.Item{Path: "/tasks", Label: i18n.Text{"Mine opgaver", "My tasks"}, Need: task.See, Order: 2, Count: d.count})
}
