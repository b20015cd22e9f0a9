// Package obligation keeps what laws and authorities demand, and who sees to it.
package obligation

import (
	"embed"
	"time"

	"vaern/content"
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

// Obligation is one demand of a law or an authority (ISO/IEC 27001:2022, A.5.31).
type Obligation struct {
	record.Head
	Number       string        `da:"Nr." en:"No." is:"key named sort auto:F-" groupda:"Hvad går den ud på?" groupen:"What is it about?"`
	Title        string        `da:"Forpligtelse" en:"Obligation" is:"title sort" helpda:"Så en leder forstår den uden at slå loven op." helpen:"So that a manager understands it without looking up the law."`
	Reference    string        `da:"Kilde" en:"Source" is:"required search sort" helpda:"Loven eller kravet, for eksempel Databeskyttelsesforordningen art. 32." helpen:"The law or demand, for example GDPR art. 32."`
	Note         string        `da:"Med egne ord" en:"In our own words" is:"search long"`
	Owner        string        `da:"Ejer" en:"Owner" is:"ref:position filter" groupda:"Hvem og hvornår?" groupen:"Who and when?" helpda:"Ansvaret følger stillingen, ikke personen." helpen:"It follows the position, not the person."`
	ReviewMonths int64         `da:"Gennemgås hver (måneder)" en:"Reviewed every (months)" is:"range:1-120 aside"`
	Reviewed     field.Date    `da:"Sidst gennemgået" en:"Last reviewed" is:"sort aside past"`
	Due          field.Date    `da:"Næste gennemgang" en:"Next review" is:"sort set deadline"`
	ValidFrom    field.Date    `da:"Gælder fra" en:"Valid from" is:"sort aside"`
	ValidTo      field.Date    `da:"Gælder til" en:"Valid to" is:"sort aside until"`
	Themes       themed.Themes `da:"Temaer" en:"Themes" is:"several long" groupda:"Hvad hænger den sammen med?" groupen:"What does it belong with?" helpda:"Binder den til de sætninger i politikken, der handler om det samme." helpen:"Ties it to the clauses of the policy about the same."`
	Document     string        `da:"Uddybet i" en:"Elaborated in" is:"ref:document filter aside"`
}

//go:embed schema/*.sql
var files embed.FS

// Obligations is the register.
var Obligations = record.New(record.Register[Obligation]{
	Name: "obligation", One: i18n.Text{"Forpligtelse", "Obligation"}, Many: i18n.Text{"Forpligtelser", "Obligations"},
	About:  i18n.Text{"Det, som love og myndigheder kræver, og hvem der holder øje med det.", "What laws and authorities demand, and who sees to it."},
	Schema: store.Folder(files),
	Blank:  Obligation{ReviewMonths: 12},
	Fill: func(q *store.Read, o *Obligation) error {
		from := string(o.Reviewed)
		if from == "" {
			from = q.Today
		}
		if day, err := time.Parse(time.DateOnly, from); err == nil && (o.Due == "" || o.Reviewed != "") {
			o.Due = field.Date(day.AddDate(0, int(o.ReviewMonths), 0).Format(time.DateOnly))
		}
		return nil // a wrong date is told by the field's own check
	},
	Check: func(o Obligation) problem.Fields {
		if o.ValidTo != "" && o.ValidTo < o.ValidFrom {
			return problem.Fields{"valid_to": {"Den sidste dag ligger før den første.", "It ends before it begins."}}
		}
		return nil
	},
	After: func(w *store.Write, _ *Obligation, o Obligation) error {
		return themed.Link(w, "obligation", o.ID, o.Themes)
	},
})

// Module declares the register.
func Module() module.Module {
	m := kit.Module(kit.Register[Obligation]{Register: Obligations, Menu: 24, See: module.Everyone, Edit: []access.Role{access.Coordinator}, Stands: stands, Again: &kit.Again{Label: i18n.Text{"Gennemgå", "Review"}, Day: "reviewed"},
		Starter: &kit.Starter[Obligation]{Label: i18n.Text{"Begynd med Værns liste over love og krav", "Begin with Værn's list of laws and demands"}, Records: Known}})
	m.Schema.Holds = append(m.Schema.Holds, themed.Holds("obligation", "1 = 1"))
	const inForce = ` FROM obligation WHERE (valid_from IS NULL OR valid_from <= :today) AND (valid_to IS NULL OR valid_to >= :today)`
	m.Indicators = []indicator.Indicator{{
		Key: "obligation.reviewed", Themes: []string{"legal-compliance", "review"}, Goal: 95, Warning: 80,
		Name:    i18n.Text{"Forpligtelser, der er gennemgået til tiden", "Obligations reviewed on time"},
		Counts:  i18n.Text{"Gældende forpligtelser med en ejer, hvor fristen for næste gennemgang ikke er overskredet", "Obligations in force with an owner whose next review is not overdue"},
		OutOf:   i18n.Text{"Alle gældende forpligtelser", "All obligations in force"},
		Do:      i18n.Text{"Gennemgå forpligtelsen, og vælg en ejer, hvis den ingen har.", "Review the obligation, and choose an owner if it has none."},
		Query:   `SELECT count(CASE WHEN owner <> '' AND due >= :today THEN 1 END), count(*)` + inForce,
		Missing: `SELECT 'obligation', id` + inForce + ` AND (owner = '' OR due < :today)`,
	}}
	return m
}

// stands says whether somebody sees to an obligation in time.
func stands(o Obligation, day string, l i18n.Lang) kit.Standing {
	switch {
	case o.ValidTo != "" && string(o.ValidTo) < day:
		return kit.Standing{Code: "none", Word: i18n.Text{"gælder ikke længere", "no longer valid"}.In(l), Text: i18n.Text{"Den sidste dag var %s.", "Its last day was %s."}.With(l.Date(string(o.ValidTo))).In(l)}
	case o.Owner == "":
		return kit.Standing{Code: "partly", Word: i18n.Text{"mangler en ejer", "has no owner"}.In(l), Text: i18n.Text{"Vælg en stilling, så holder nogen øje med den.", "Choose a position, so that somebody sees to it."}.In(l)}
	case string(o.Due) < day:
		return kit.Standing{Code: "unmet", Word: i18n.Text{"ikke gennemgået til tiden", "not reviewed on time"}.In(l), Text: i18n.Text{"Fristen var %s.", "It was due %s."}.With(l.Date(string(o.Due))).In(l)}
	}
	return kit.Standing{Code: "met", Word: i18n.Text{"gennemgået til tiden", "reviewed on time"}.In(l), Text: i18n.Text{"Næste gang senest %s.", "Next by %s."}.With(l.Date(string(o.Due))).In(l)}
}

// Known are the demands that Værn comes with (practice of municipalities, 2026).
func Known() (out []Obligation) {
	for _, o := range content.Obligations() {
		out = append(out, Obligation{Number: o.No, Title: o.Title, Reference: o.Reference, ReviewMonths: o.Months,
			ValidFrom: field.Date(o.From), ValidTo: field.Date(o.Until), Themes: themed.Of(o.Themes...), Note: o.Note})
	}
	return out
}
