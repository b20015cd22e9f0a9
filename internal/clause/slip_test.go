package clause

import "testing"

const setting = "Det er kommunens opgave, at alle og enhver kan regne med det, som den skal levere til borgerne. "

func TestProbableSlipsAreProposedCorrected(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"fortrollighed":           "fortrolighed",
		"tilgængelihed":           "tilgængelighed",
		"Retningslijner":          "Retningslinjer",
		"leverandørstyrring":      "leverandørstyring",
		"uddanelserne":            "uddannelserne",
		"dispesation":             "dispensation",
		"adgangsrettigeder":       "adgangsrettigheder",
		"DATABESKYTELSE":          "DATABESKYTTELSE",
		"forretingsgange":         "forretningsgange",
		"sårbahedsscanning":       "sårbarhedsscanning",
		"krisestyringplanerne":    "",
		"risikohåndtagsplan":      "risikohåndteringsplan",
		"genetableselsplanen":     "genetableringsplanen",
		"datakvalitetsforbedring": "",
	} {
		same(t, word, newProofreader(setting+word).proposal(word), want)
	}
}

func TestInflectedAndCompoundWordsAreNoSlips(t *testing.T) {
	t.Parallel()
	for _, word := range []string{
		"fortroligheden", "fortrolighedens", "kontrollerne", "kontrolleres", "planlægger", "planlagte", "retningslinjernes",
		"leverandøraftalerne", "leverandørkontrakterne", "beredskabsplanerne", "it-beredskabsplan", "itsikkerhed", "it-sikkerheden",
		"tilsigtede", "utilsigtede", "modarbejder", "medarbejder", "medarbejderen", "behandling", "forhandling", "databehandling",
		"databehandlerne", "indføre", "udføre", "overførsler", "anvendelsen", "afvendelsen", "medvirker", "modvirker",
		"sikkerhedsarbejdet", "kommunaldirektøren", "økonomidirektøren", "børnechefen", "nødgeneratoren", "nødstrømsanlæg",
		"informationspligten", "opdagelsen", "optagelsen", "undtagelsen", "vedligeholdelsen", "personalepolitikken",
	} {
		if got := newProofreader(setting + word).proposal(word); got != "" {
			t.Errorf("%s: got the proposal %s, want none", word, got)
		}
	}
}

func TestAWordIsHeldAgainstTheDocumentsOwn(t *testing.T) {
	t.Parallel()
	own := setting + "Vindmøllelauget svarer. Vindmøllelauget ringer. Vindmøllelauget skriver. "
	same(t, "a swapped letter", newProofreader(own+"Vindmøllelaguet").proposal("Vindmøllelaguet"), "Vindmøllelauget")
	same(t, "an inflected form", newProofreader(own+"Vindmøllelaugets").proposal("Vindmøllelaugets"), "")
	same(t, "written so twice", newProofreader(own+"Vindmøllelaguet Vindmøllelaguet").proposal("Vindmøllelaguet"), "")
}

func TestTheAdoptedWordingIsNeverChanged(t *testing.T) {
	t.Parallel()
	text := "Alle meddarbejdere har ansvar for fortrollighed."
	c := Parse(FromText("1. Prøve\n\n"+text), "2026-01-01").Sections[0].Clauses[0]
	same(t, "text", c.Text, text)
	same(t, "sic", c.Sic, []string{"meddarbejdere", "fortrollighed"})
}

func TestPoliciesInTestdataRaiseNoFalseAlarm(t *testing.T) {
	for _, file := range policies(t) {
		if file == "testdata/slips.txt" {
			continue
		}
		for _, f := range readPolicy(t, file).Findings {
			if f.Code == ProbableSlip {
				t.Errorf("%s: %s", file, f.Text)
			}
		}
	}
}
