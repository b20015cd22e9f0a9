package receipt

import (
	"reflect"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/module"
	"vaern/internal/web"
	"vaern/internal/web/kit"
)

// leaders see the names of their own area; the others see all.
var (
	leaders = []access.Role{access.Coordinator, access.Director, access.Executive, access.Manager}
	seers   = append([]access.Role{access.DPO, access.Auditor}, leaders...)
)

// Modules declares receipts and what they are about.
func (d *Desk) Modules() []module.Module {
	m := kit.Module(kit.Register[Receipt]{Register: receipts, See: seers, Kept: true, Above: &web.Crumb{Path: "/reading", Label: readingsTitle},
		Verbs: map[string]i18n.Text{
			"receipt.give":      {"gemte en", "kept a"},
			"receipt.meeting":   {"gemte fra et møde en", "kept from a meeting a"},
			"receipt.take_back": {"tog tilbage en", "took back a"},
		}})
	m.Roles.Grant(module.Everyone, Give).Grant(leaders, Gather, Screens).Grant([]access.Role{access.Coordinator}, Plans).
		Grant([]access.Role{access.Administrator}, Screens).Grant(append([]access.Role{access.Council}, module.Readers...), Numbers)
	m.Indicators, m.Tasks = indicators, tasks()
	mount := m.Mount
	m.Mount = func(site *web.Site) {
		mount(site)
		(&pages{d, site.Store, site}).routes()
		site.Menu(web.Item{Path: "/read", Label: mineTitle, Need: Give, Order: 12})
		site.Menu(web.Item{Path: "/reading", Label: readingsTitle, Need: Numbers, Order: 26})
		site.Menu(web.Item{Path: "/kiosk", Label: kiosksTitle, Need: Screens, Order: 27}) // beside who has read; who sets screens up need not see the numbers
	}
	return []module.Module{m,
		part[readingFacts]("reading", i18n.Text{"Læsning", "Reading"}, i18n.Text{"Læsninger", "Readings"}, map[string]i18n.Text{
			"reading.plan":   {"planlagde, hvem der skal læse", "planned who is to read"},
			"reading.open":   {"bad målgruppen om at læse", "asked the audience to read"},
			"reading.close":  {"sluttede", "ended"},
			"reading.ask":    {"bad nogen om at læse", "asked somebody to read"},
			"reading.link":   {"lavede et link til", "made a link to"},
			"reading.remind": {"skrev til dem, der mangler at læse", "wrote to those who have not read"},
		}),
		part[audienceFacts]("audience", i18n.Text{"Målgruppe", "Audience"}, i18n.Text{"Målgrupper", "Audiences"}, map[string]i18n.Text{
			"audience.add":      {"føjede en regel til", "added a rule to"},
			"audience.drop":     {"fjernede en regel fra", "removed a rule from"},
			"audience.follow":   {"flyttede en regel med sit afsnit i", "moved a rule with its section in"},
			"audience.part":     {"lod den enhed, der blev skilt ud, komme med i en", "let the unit that was parted off into an"},
			"audience.dissolve": {"lod den enhed, der tog over, komme med i en", "let the unit that took over into an"},
		}),
		part[meetingFacts]("reading_meeting", i18n.Text{"Læsemøde", "Reading meeting"}, i18n.Text{"Læsemøder", "Reading meetings"}, nil),
		part[replyFacts]("reading_reply", i18n.Text{"Spørgsmål til en tekst", "Question about a text"}, i18n.Text{"Spørgsmål til tekster", "Questions about texts"}, map[string]i18n.Text{"reading.reply": {"skrev et", "wrote a"}}),
		part[kioskFacts]("kiosk", i18n.Text{"Fælles skærm", "Shared screen"}, i18n.Text{"Fælles skærme", "Shared screens"}, map[string]i18n.Text{"kiosk.end": {"lukkede", "closed"}}),
	}
}

// part declares a kind of records that has no register of its own, so that
// history can tell of it.
func part[T any](name string, one, many i18n.Text, verbs map[string]i18n.Text) module.Module {
	return module.Module{Name: name, One: one, Many: many, Fields: field.Of(reflect.TypeFor[T]()), Verbs: verbs,
		Roles: module.Roles{}.Grant([]access.Role{access.Coordinator, access.Auditor}, access.Permission(name+".see"))}
}

type readingFacts struct {
	State string     `da:"Status" en:"State"`
	Due   field.Date `da:"Læses senest" en:"Read by"`
	Why   string     `da:"Hvorfor flere eller færre" en:"Why more or fewer" is:"long"`
}

type audienceFacts struct {
	Part  string `da:"Del" en:"Part"`
	Way   string `da:"Med eller uden" en:"In or out"`
	Kind  string `da:"Hvem" en:"Who"`
	Value string `da:"Hvilken" en:"Which"`
}

type meetingFacts struct {
	HeldOn field.Date `da:"Dato" en:"Date"`
	About  string     `da:"Gennemgået" en:"Gone through" is:"long"`
}

type replyFacts struct {
	Text string `da:"Spørgsmål" en:"Question" is:"long"`
}

type kioskFacts struct {
	Name    string     `da:"Navn" en:"Name"`
	Expires field.Date `da:"Virker til" en:"Works until"`
}
