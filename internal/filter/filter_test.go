package filter

import (
	"reflect"
	"strings"
	"testing"

	"vaern/internal/field"
	"vaern/internal/i18n"
)

type state string

func (state) Choices() field.Choices {
	return field.Choices{{"met", "opfyldt", "met"}, {"partly", "delvist", "partly"}, {"unmet", "ikke opfyldt", "not met"}}
}

type head struct {
	ID   string
	Unit string `da:"Enhed" en:"Unit" is:"ref:unit required"`
}

type task struct {
	head
	Title  string     `da:"Titel" en:"Title" is:"title sort"`
	State  state      `da:"Stand" en:"State" is:"filter"`
	Owner  string     `da:"Ejer" en:"Owner" is:"ref:position filter"`
	Due    field.Date `da:"Frist" en:"Due"`
	Next   field.Date `da:"Næste gennemgang" en:"Next review"`
	Last   field.Date `da:"Sidst gennemgået" en:"Last reviewed" is:"past"`
	Later  field.Date `da:"Sidst mulige" en:"Last possible"`
	Level  int64      `da:"Niveau" en:"Level"`
	Chair  bool       `da:"Formand" en:"Chair"`
	Often  int64      `da:"Interval (måneder)" en:"Interval (months)"`
	Health string     `da:"Helbred" en:"Health" is:"sensitive"`
}

var lang = Language{Fields: field.Of(reflect.TypeFor[task]()), Today: "2026-11-23", Called: i18n.Text{"Opgaver", "Tasks"}}

// written is what people write, and its canonical form.
var written = map[string]string{
	"":            "",
	"Ejer: ingen": `owner missing`,
	"Owner: somebody og ejer: ikke Chefjurist":           `not (owner missing) and not (owner is Chefjurist)`,
	"stand: ikke opfyldt":                                `state is unmet`,
	"ejer: ikke mig":                                     `not (owner is me)`,
	"ejer er mig":                                        `owner is me`,
	"Ejer er mig og frist før 1/3":                       `owner is me and due before 2027-03-01`,
	"owner is me and due before 1/3":                     `owner is me and due before 2027-03-01`,
	"frist før 1/7":                                      `due before 2027-07-01`,
	"frist efter 1. marts":                               `due after 2027-03-01`,
	"frist efter 1. december":                            `due after 2026-12-01`,
	"frist før 1.3.2025":                                 `due before 2025-03-01`,
	"frist før om 14 dage":                               `due before today+14d`,
	"frist efter for 2 måneder siden":                    `due after today-2m`,
	"frist er i dag":                                     `due is today`,
	"frist i dag":                                        `due is today`,
	"frist uge 48":                                       `due is 2026-11-23..2026-11-29`,
	"frist denne måned":                                  `due is this-month`,
	"frist i marts 2027":                                 `due is 2027-03-01..2027-03-31`,
	"frist overskredet":                                  `due before today`,
	"frist er overskredet og ejer mangler":               `due before today and owner missing`,
	"frist mangler":                                      `due missing`,
	"frist mangler ikke":                                 `not (due missing)`,
	"stand er delvist":                                   `state is partly`,
	"stand er ikke opfyldt":                              `state is unmet`,
	"stand er ikke delvist":                              `not (state is partly)`,
	"stand delvist":                                      `state is partly`,
	"stand er delvist eller ikke opfyldt":                `state is partly or state is unmet`,
	"stand er delvist eller ikke opfyldt og ejer er mig": `(state is partly or state is unmet) and owner is me`,
	"næste gennemgang før 1/1":                           `next before 2027-01-01`,
	"niveau mindst 2":                                    `level at least 2`,
	"niveau mere end 1.000":                              `level after 1000`,
	"titel indeholder aftale":                            `title has aftale`,
	"titel er aftale":                                    `title has aftale`,
	`titel er "Aftale om drift"`:                         `title is "Aftale om drift"`,
	"titel indeholder drift og sikkerhed":                `title has "drift og sikkerhed"`,
	"titel indeholder drift og frist mangler":            `title has drift and due missing`,
	"ejer er Chefjurist eller it-chef":                   `owner is Chefjurist or owner is it-chef`,
	"ejer er mig eller ejer mangler":                     `owner is me or owner missing`,
	"ejer er Digitaliserings- og it-chef":                `owner is "Digitaliserings- og it-chef"`,
	"enhed under Børn og Unge":                           `unit under "Børn og Unge"`,
	"formand er nej":                                     `chair is no`,
	"ikke (ejer er mig eller stand er delvist)":          `not (owner is me or state is partly)`,
	`titel er "aftale"`:                                  `title is "aftale"`,
	`titel indeholder drift og "tilsyn"`:                 `title has drift and "tilsyn"`,
	`"drift" og "tilsyn" eller "brud"`:                   `("drift" and "tilsyn") or ("brud")`,
	`titel er "drift" eller (tilsyn)`:                    `title is "drift" or ("tilsyn")`,
	"ejer er mig og (drift) og (tilsyn)":                 `owner is me and "drift" and "tilsyn"`,
	"databehandler":                                      `"databehandler"`,
	"drift og sikkerhed":                                 `"drift og sikkerhed"`,
	"hvad er loggen":                                     `"hvad er loggen"`,
	"tilsyn ejer er mig":                                 `"tilsyn" and owner is me`,
	"ejer":                                               `"ejer"`,
	"frist snart":                                        `"frist snart"`,
	"og":                                                 `"og"`,
	"opgaver uden ejer":                                  `owner missing`,
	"alle opgaver, hvor ejer er mig":                     `owner is me`,
	"mine opgaver":                                       `owner is me`,
	"opgaver":                                            `"opgaver"`,
	"ejer: mig, frist: før 1/3":                          `owner is me and due before 2027-03-01`,
	"uden ejer":                                          `owner missing`,
	"der mangler ejer og frist er i marts":               `owner missing and due is 2027-03-01..2027-03-31`,
	"drift uden frist":                                   `"drift" and due missing`,
	"titel indeholder drift uden frist":                  `title has drift and due missing`,
	"ejeren er mig men ikke fristen er før den 1. marts": `owner is me and not (due before 2027-03-01)`,
	"ejer er ikke udfyldt":                               `owner missing`,
	"ejer er jeg":                                        `owner is me`,
	"mine":                                               `owner is me`,
	"mine forfaldne":                                     `owner is me and due before today`,
	"frist er ikke før 1/3":                              `not (due before 2027-03-01)`,
	"frist før d. 1/3 2027":                              `due before 2027-03-01`,
	"frist senest på fredag":                             `due at most 2026-11-27`,
	"frist næste måned":                                  `due is next-month`,
	"frist i sidste uge":                                 `due is last-week`,
	"frist 2027":                                         `due is 2027-01-01..2027-12-31`,
	"frist i 1. kvartal":                                 `due is 2027-01-01..2027-03-31`,
	"frist tredje kvartal 2028":                          `due is 2028-07-01..2028-09-30`,
	"sidst gennemgået i oktober":                         `last is 2026-10-01..2026-10-31`,
	"sidst mulige i oktober":                             `later is 2027-10-01..2027-10-31`,
	"sidst gennemgået i januar":                          `last is 2026-01-01..2026-01-31`,
	"sidst gennemgået før 1/12":                          `last before 2025-12-01`,
	"sidst gennemgået i uge 50":                          `last is 2025-12-08..2025-12-14`,
	"sidst gennemgået i 1. kvartal":                      `last is 2026-01-01..2026-03-31`,
	"sidst gennemgået før 1/12-2027":                     `last before 2027-12-01`,
	"sidst gennemgået næste uge":                         `last is next-week`,
	"frist før jul":                                      `due before 2026-12-24`,
	"frist før 1 jul 2027":                               `due before 2027-07-01`,
	"frist om to uger":                                   `due is today+2w`,
	"frist inden for 14 dage":                            `due at least today and due at most today+14d`,
	"frist inden for de næste to uger og ejer er mig":    `due at least today and due at most today+2w and owner is me`,
	"frist om højst en måned":                            `due at most today+1m`,
	"frist den seneste måned":                            `due at least today-1m and due at most today`,
	"frist for mere end et år siden":                     `due before today-1y`,
	"frist ældre end 6 måneder":                          `due before today-6m`,
	"frist mellem 1/1 og 1/3 og ejer mangler":            `due at least 2027-01-01 and due at most 2027-03-01 and owner missing`,
	"frist fra 1/11 til og med 1. marts":                 `due at least 2026-11-01 and due at most 2027-03-01`,
	"niveau mellem 2 og 4":                               `level at least 2 and level at most 4`,
	"niveau under 3":                                     `level before 3`,
	"niveau 2":                                           `level is 2`,
	"interval over 12 måneder":                           `often after 12`,
	"stand er delv":                                      `state is partly`,
	"due is this-quarter":                                `due is this-quarter`,
	") ejer er mig (":                                    `owner is me`,
	"ejer = mig, frist >= 2026-12-01":                    `owner is me and due at least 2026-12-01`,
	"helbred er skidt":                                   `"helbred er skidt"`,
}

func TestWhatPeopleWrite(t *testing.T) {
	for text, want := range written {
		f, err := lang.Parse(text)
		if err != nil || f.String() != want {
			t.Errorf("%q: got %q, %v; want %q", text, f, err, want)
		}
		again, err := lang.Parse(f.String())
		if err != nil || again.String() != f.String() {
			t.Errorf("%q reads back as %q, %v", f, again, err)
		}
	}
}

func TestWhatIsNotUnderstoodIsSaid(t *testing.T) {
	for text, want := range map[string][2]string{
		"ejre er mig":                           {"ejre", "Mente du »Ejer«?"},
		"næste gennemgnag før 1/3":              {"næste gennemgnag", "Mente du »Næste gennemgang«?"},
		"titel inderholder drift":               {"inderholder", "Mente du »indeholder«?"},
		"ejer er mig og frist før snart":        {"snart", "er en dato"},
		"niveau mindst mange":                   {"mange", "er et tal"},
		"stand er god":                          {"god", "opfyldt, delvist, ikke opfyldt"},
		"frist før 31/2":                        {"31/2", "er en dato"},
		strings.Repeat("ejer er mig og ", 70):   {"", "Del det op"},
		strings.Repeat("(", 40) + "ejer er mig": {"(", "parenteser"},
		strings.Repeat("x", 2001):               {"", "for langt"},
	} {
		f, err := lang.Parse(text)
		e, ok := err.(*Error)
		if !ok || e.At != want[0] || !strings.Contains(e.Text.In(i18n.Da), want[1]) {
			t.Errorf("%.40q: got %v, want it to name %q and say %q", text, err, want[0], want[1])
		}
		if strings.HasPrefix(text, "ejer er mig og frist") && f.String() != "owner is me" {
			t.Errorf("what was understood is lost: %q", f)
		}
	}
}

func TestProgramsAreToldOfFieldsThatThereAreNot(t *testing.T) {
	strict := lang
	strict.Strict = true
	for text, want := range map[string]string{
		"findes ikke er mig": "findes ikke", "ejer er mig og findes_ikke = 3": "findes_ikke", "(farve: rød)": "farve",
		`"farve er rød"`: "", "rød farve": "", "ejer er mig": "", `titel er "hvad er det"`: "",
	} {
		got := ""
		if _, err := strict.Parse(text); err != nil {
			got = err.(*Error).At
		}
		if got != want {
			t.Errorf("%q: told of %q, not %q", text, got, want)
		}
		if _, err := lang.Parse(text); err != nil && want != "" {
			t.Errorf("%q is searched for by people: %v", text, err)
		}
	}
}

func TestShownAsPeopleReadIt(t *testing.T) {
	for text, want := range map[string]i18n.Text{
		"owner is me":                       {"Ejer: mig", "Owner: me"},
		"owner missing":                     {"Ejer: ingen", "Owner: nobody"},
		"not (owner missing)":               {"Ejer: nogen", "Owner: somebody"},
		"owner is me or owner is abc":       {"Ejer: mig eller Chefjurist", "Owner: me or Chefjurist"},
		"state is partly or state is unmet": {"Stand er delvist eller ikke opfyldt", "State is partly or not met"},
		"due before 2027-07-01":             {"Frist før 1.7.2027", "Due before 1 Jul 2027"},
		"due before today+14d":              {"Frist før om 14 dage", "Due before in 14 days"},
		"level at least 2":                  {"Niveau mindst 2", "Level at least 2"},
		"not (owner is abc)":                {"Ejer: ikke Chefjurist", "Owner: not Chefjurist"},
		"chair is no":                       {"Formand er nej", "Chair is no"},
		"not (due missing)":                 {"Frist er udfyldt", "Due is set"},
		"due is next-month":                 {"Frist er næste måned", "Due is next month"},
		"due missing":                       {"Frist mangler", "Due is missing"},
	} {
		f, err := lang.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range i18n.Langs {
			if got := lang.Show(f, l, map[string]string{"abc": "Chefjurist"}); got != want.In(l) {
				t.Errorf("%s: got %q, want %q", text, got, want.In(l))
			}
		}
	}
}

func TestAChipIsTakenAway(t *testing.T) {
	f, _ := lang.Parse("tilsyn ejer er mig og frist mangler og niveau mindst 2")
	if len(f.Chips()) != 3 || f.Search() != "tilsyn" || f.Without(1).String() != `"tilsyn" and owner is me and level at least 2` {
		t.Errorf("chips %v, search %q, less one %q", f.Chips(), f.Search(), f.Without(1))
	}
}

func TestWordsThatNameAFieldWerePerhapsMeantAsACondition(t *testing.T) {
	for words, want := range map[string]string{"frist snart": "frist før 1/3", "alt med ejer": "ejer: mig", "stand og tilsyn": "stand er opfyldt", "niveau": "niveau mindst 2", "tilsyn": "", "titel": ""} {
		if _, condition, ok := lang.Meant(words); ok != (want != "") || condition.In(i18n.Da) != want {
			t.Errorf("%q: %q, want %q", words, condition.In(i18n.Da), want)
		}
	}
}

func TestPeriodsAroundToday(t *testing.T) {
	for value, want := range map[string][2]string{
		"last-week": {"2026-11-16", "2026-11-22"}, "next-week": {"2026-11-30", "2026-12-06"}, "next-month": {"2026-12-01", "2026-12-31"}, "last-month": {"2026-10-01", "2026-10-31"},
		"next-year": {"2027-01-01", "2027-12-31"}, "this-quarter": {"2026-10-01", "2026-12-31"}, "next-quarter": {"2027-01-01", "2027-03-31"}, "last-quarter": {"2026-07-01", "2026-09-30"},
	} {
		if from, to := Days(value, lang.Today); from != want[0] || to != want[1] {
			t.Errorf("%s: %s to %s, want %v", value, from, to, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"ejer er mig og frist før 1/3", `titel er "a""b" eller (ikke stand er delvist)`, "((", "uge 99", "today-9999y", "»«", `"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := lang.Parse(text)
		if err != nil {
			return
		}
		canonical := parsed.String()
		again, err := lang.Parse(canonical)
		if len([]rune(canonical)) <= longest && (err != nil || again.String() != canonical) {
			t.Errorf("%q → %q → %q, %v", text, canonical, again, err)
		}
		lang.Show(parsed, i18n.Da, nil)
		if d := "2026-11-23"; true {
			Days(canonical, d)
		}
	})
}
