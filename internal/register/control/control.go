// Package control keeps what is done again and again to carry rules out, and
// when it was done last.
package control

import (
	"embed"
	"time"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/indicator"
	"vaern/internal/module"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/themed"
	"vaern/internal/web/kit"
)

// Control is a check that is carried out at intervals.
type Control struct {
	record.Head
	Number string        `da:"Nr." en:"No." is:"key named sort"`
	Title  string        `da:"Kontrol" en:"Control" is:"title sort"`
	Rule   string        `da:"Regel" en:"Rule" is:"ref:rule filter aside" helpda:"Den regel, kontrollen fører ud i livet." helpen:"The rule that the control carries out."`
	Owner  string        `da:"Udføres af" en:"Carried out by" is:"ref:position filter"`
	Every  Interval      `da:"Hvor tit" en:"How often" is:"required filter"`
	Done   field.Date    `da:"Sidst udført" en:"Last done" is:"sort past aside"`
	Due    field.Date    `da:"Næste frist" en:"Next due" is:"sort set deadline"`
	Result string        `da:"Resultat" en:"Result" is:"long" helpda:"Skriv også, når der ikke var noget at bemærke." helpen:"Write it also when there was nothing to remark."`
	Themes themed.Themes `da:"Temaer" en:"Themes" is:"several long"`
}

// Interval is how often a control is due.
type Interval string

// months between two times.
var months = map[Interval]int{"month": 1, "quarter": 3, "half": 6, "year": 12}

// Choices are the intervals.
func (Interval) Choices() field.Choices {
	return field.Choices{
		{"month", "Hver måned", "Every month"},
		{"quarter", "Hvert kvartal", "Every quarter"},
		{"half", "Hvert halvår", "Every half year"},
		{"year", "Hvert år", "Every year"},
	}
}

// Spoken is what spreadsheets call them otherwise.
func (Interval) Spoken() map[string]string {
	return map[string]string{
		"månedlig": "month", "månedligt": "month", "monthly": "month", "1 måned": "month",
		"kvartalsvis": "quarter", "kvartalsvist": "quarter", "hver 3. måned": "quarter", "quarterly": "quarter", "3 måneder": "quarter",
		"halvårlig": "half", "halvårligt": "half", "hver 6. måned": "half", "6 måneder": "half", "half-yearly": "half",
		"årlig": "year", "årligt": "year", "en gang om året": "year", "hver 12. måned": "year", "12 måneder": "year", "yearly": "year", "annually": "year",
	}
}

//go:embed schema/*.sql
var files embed.FS

// Controls is the register.
var Controls = record.New(record.Register[Control]{
	Name: "control", One: i18n.Text{"Kontrol", "Control"}, Many: i18n.Text{"Kontroller", "Controls"},
	About:  i18n.Text{"Det, der gøres igen og igen, for at reglerne bliver fulgt.", "What is done again and again so that the rules are followed."},
	Schema: store.Folder(files),
	Fill:   schedule,
	Check: func(c Control) problem.Fields {
		if c.Done != "" && c.Due != "" && c.Result == "" {
			return problem.Fields{"result": {"Skriv, hvad kontrollen viste.", "Say what the control showed."}}
		}
		return nil
	},
	After: func(w *store.Write, _ *Control, c Control) error { return themed.Link(w, "control", c.ID, c.Themes) },
})

// schedule sets the next due date: an interval after the last time, or after
// the day the control was made.
func schedule(q *store.Read, c *Control) error {
	from := string(c.Done)
	if from == "" {
		if c.Due != "" {
			return nil
		}
		from = q.Today
	}
	day, err := time.Parse(time.DateOnly, from)
	if err == nil {
		c.Due = field.Date(day.AddDate(0, months[c.Every], 0).Format(time.DateOnly))
	}
	return nil // a wrong date is told by the field's own check
}

// stands says whether a control was carried out in time, and what to do if not.
func stands(c Control, day string, l i18n.Lang) kit.Standing {
	due := l.Date(string(c.Due))
	if string(c.Due) < day {
		return kit.Standing{Code: "unmet", Word: i18n.Text{"ikke udført til tiden", "not carried out on time"}.In(l),
			Text: i18n.Text{"Fristen var %s. Udfør kontrollen, og skriv, hvad den viste.", "It was due %s. Carry the control out, and say what it showed."}.With(due).In(l)}
	}
	if c.Done == "" {
		return kit.Standing{Code: "none", Word: i18n.Text{"ikke udført endnu", "not carried out yet"}.In(l), Text: i18n.Text{"Første gang senest %s.", "For the first time by %s."}.With(due).In(l)}
	}
	return kit.Standing{Code: "met", Word: i18n.Text{"udført til tiden", "carried out on time"}.In(l), Text: i18n.Text{"Næste gang senest %s.", "Next by %s."}.With(due).In(l)}
}

// Module declares the register.
func Module() module.Module {
	m := kit.Module(kit.Register[Control]{Register: Controls, Menu: 23, See: module.Everyone, Stands: stands, Again: &kit.Again{Label: i18n.Text{"Udfør kontrollen", "Carry out the control"}, Day: "done", Anew: []string{"result"}},
		Edit:  []access.Role{access.Coordinator, access.Manager, access.Owner},
		Verbs: map[string]i18n.Text{"control.carry_out": {"udførte", "carried out"}}})
	m.Schema.Holds = append(m.Schema.Holds, themed.Holds("control", "1 = 1"))
	m.Tasks = tasks
	m.Indicators = []indicator.Indicator{
		{
			Key:    "control.on_time",
			Name:   i18n.Text{"Kontroller udført til tiden", "Controls carried out on time"},
			Counts: i18n.Text{"Kontroller, hvis næste frist ikke er overskredet", "Controls whose next due date has not passed"},
			OutOf:  i18n.Text{"Alle kontroller", "All controls"},
			Do:     do,
			Themes: []string{"manager-control", "daily-operations", "sufficient-level"}, Goal: 95, Warning: 80,
			Area:    indicator.SeeArea,
			Query:   `SELECT count(CASE WHEN due >= :today THEN 1 END), count(*) FROM control WHERE :scope`,
			Missing: `SELECT 'control', id FROM control WHERE due < :today AND :scope`,
		},
		{
			Key:    "control.owned",
			Name:   i18n.Text{"Kontroller, som nogen skal udføre", "Controls that somebody is to carry out"},
			Counts: i18n.Text{"Kontroller hos en stilling, som nogen har i dag", "Controls at a position that somebody holds today"},
			OutOf:  i18n.Text{"Alle kontroller", "All controls"},
			Do:     i18n.Text{"Vælg en stilling, som nogen har, eller sæt en person i stillingen.", "Choose a position that somebody holds, or put somebody in it."},
			Themes: []string{"ownership", "manager-control"}, Goal: 100, Warning: 90,
			Area: indicator.SeeArea,
			Query: `SELECT count(CASE WHEN EXISTS (SELECT 1 FROM holding h WHERE h.position = c.owner AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today)) THEN 1 END), count(*)
				FROM control c WHERE :scope(c.unit)`,
			Missing: `SELECT 'control', c.id FROM control c
				WHERE :scope(c.unit) AND NOT EXISTS (SELECT 1 FROM holding h WHERE h.position = c.owner AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today))`,
		},
	}
	// Each theme's own controls tell how the clauses that ask for it stand.
	for _, key := range measured {
		m.Indicators = append(m.Indicators, onTime(key))
	}
	return m
}
