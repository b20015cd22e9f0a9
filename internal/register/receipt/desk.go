package receipt

import (
	"embed"
	"maps"
	"net/http"
	"slices"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/store"
	"vaern/internal/web"
)

//go:embed pages/*.html
var pageFiles embed.FS

var folder = web.Folder(pageFiles)

// pages are the desk's pages on one site.
type pages struct {
	*Desk
	s    *store.Store
	site *web.Site
}

func (p *pages) routes() {
	on := p.site.Handle
	on("GET /read", web.SignedIn, p.mine)
	on("GET /reading/{id}/read", Give, p.own)
	on("POST /reading/{id}/read", Give, p.signOwn)
	on("POST /reading/{id}/say", Give, p.sayOwn)
	on("GET /read/{token}", web.Public, p.linked)
	on("POST /read/{token}", web.Public, p.signLinked)
	on("POST /read/{token}/say", web.Public, p.sayLinked)

	on("GET /document/{document}/audience", Plans, p.audience)
	on("POST /document/{document}/audience", Plans, p.include)
	on("POST /document/{document}/audience/{rule}/drop", Plans, p.drop)
	on("GET /edition/{edition}/readers", Plans, p.readers)
	on("POST /edition/{edition}/readers", Plans, p.prepare)

	on("GET /reading", Numbers, p.list)
	on("GET /reading/{id}", Numbers, p.coverage)
	on("POST /reading/{id}/link", Gather, p.newLink)
	p.site.Makes("GET /reading/{id}/missing.csv", Names, p.export)

	on("GET /reading/{id}/meeting", Gather, p.meeting)
	on("POST /reading/{id}/meeting", Gather, p.register)
	on("GET /reading_meeting/{id}", Gather, p.met)
	on("POST /reading_meeting/{id}/add", Gather, p.addLate)
	on("POST /reading_meeting/{id}/remove", Gather, p.removeLate)

	on("GET /kiosk", Screens, p.kiosks)
	on("POST /kiosk", Screens, p.makeKiosk)
	on("POST /kiosk/{id}/end", Screens, p.endKiosk)
	on("GET /screen", web.Public, p.screen)
	on("GET /screen/{token}", web.Public, p.offerScreen)
	on("POST /screen/{token}", web.Public, p.beScreen)
	on("POST /screen/find", web.Public, p.find)
	on("POST /screen/confirm", web.Public, p.confirm)
}

// at makes the program act for somebody who is not signed in: a link or a
// screen is no proof of who holds it, and the ledger does not say so.
func at(r *http.Request, machine access.Actor) *http.Request {
	return r.WithContext(access.With(r.Context(), machine))
}

// Who gives a receipt without being signed in.
var (
	byLink  = access.Machine("reading-link", Give, "document.see")
	byKiosk = access.Machine("reading-kiosk", Give, "document.see")
)

type mistake struct{ Name, Text string }

// mistakes are what a form says on top.
func mistakes(err error, l i18n.Lang) (out []mistake) {
	p := problem.As(err)
	if p == nil {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(p.Fields)) {
		out = append(out, mistake{name, p.Fields[name].In(l)})
	}
	if len(out) == 0 {
		out = append(out, mistake{"", p.Text.In(l)})
	}
	return out
}

// askAgain reports whether a failure is one that a form is shown again for.
func askAgain(err error) bool {
	switch problem.Of(err) {
	case problem.Invalid, problem.Conflict, problem.Precondition:
		return true
	}
	return false
}

func status(err error) int {
	if err == nil {
		return http.StatusOK
	}
	return web.Status(err)
}
