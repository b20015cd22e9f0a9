package clause

import (
	"slices"
	"strings"
	"testing"
)

func TestApprovalsAreFoundWithBodyAndDate(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"Vedtaget af Byrådet den 7. oktober 2023":                                                              {"Byrådet 2023-10-07"},
		"Byrådet vedtog politikken den 7. oktober 2023.":                                                       {"Byrådet 2023-10-07"},
		"Tiltrådt af Magistraten d. 19-08-2022":                                                                {"Magistraten 2022-08-19"},
		"Godkendt i Økonomiudvalget 2/9 2022 og i kommunalbestyrelsen 28/9 2022":                               {"Økonomiudvalget 2022-09-02", "Kommunalbestyrelsen 2022-09-28"},
		"Politikken er godkendt den 1. maj 2024 af direktionen og den 4. maj 2024 af it-sikkerhedsudvalget.":   {"Direktionen 2024-05-01", "It-sikkerhedsudvalget 2024-05-04"},
		"Godkendt af Direktionen og Byrådet den 3. maj 2024":                                                   {"Direktionen 2024-05-03", "Byrådet 2024-05-03"},
		"Godkendt af Direktionen den 3. maj 2022 og den 5. maj 2024":                                           {"Direktionen 2022-05-03", "Direktionen 2024-05-05"},
		"Vedtaget i Udvalget for Digitalisering den 3. maj 2024":                                               {"Udvalget for Digitalisering 2024-05-03"},
		"Byrådets godkendelse: 3. maj 2024":                                                                    {"Byrådet 2024-05-03"},
		"Adopted by the City Council on October 7, 2023 and approved by the Executive Board on 2 October 2023": {"City Council 2023-10-07", "Executive Board 2023-10-02"},
		"Approved by the Cyber Security Board on the 3rd of May 2024.":                                         {"Cyber Security Board 2024-05-03"},
		"Vedtaget af Byrådet den 3. maj 2024 efter indstilling fra Direktionen":                                {"Byrådet 2024-05-03"},
		"Byrådet skal godkende afvigelser":                                                                     nil,
		"Politikken afløser den, som Byrådet vedtog den 1. maj 2017":                                           nil,
		"Den afløser politikken fra 2017 og er vedtaget af Byrådet den 3. maj 2024":                            {"Byrådet 2024-05-03"},
		"Politikken er vedtaget af Byrådet den 3. maj 2024 og revideres senest den 3. maj 2027":                {"Byrådet 2024-05-03"},
	} {
		var got []string
		for _, s := range sentences(text) {
			for _, a := range approvalsIn(s) {
				got = append(got, a.Body+" "+a.Date)
			}
		}
		same(t, text, got, want)
	}
}

func TestBodiesAreKnownByTheirRole(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]Role{
		"Byrådet": Council, "Borgerrepræsentationen": Council, "Municipal Council": Council, "Regionsrådet": Council,
		"Direktionen": Executive, "Magistraten": Executive, "Executive Board": Executive, "Koncernledelsen": Executive,
		"It-sikkerhedsudvalget": Committee, "Information Security Committee": Committee, "Styregruppen": Committee, "Sikkerhedsforum": Committee,
		"Økonomiudvalget": Standing, "Finance Committee": Standing, "Kantinen": "",
	} {
		same(t, name, RoleOf(name), want)
	}
}

func TestOfficesAreReadFromTheSentenceThatListsThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"Kommunen har et datasikkerhedsudvalg, som består af direktøren for børn og unge (formand), it-chefen og lederen af borgerservice.": {
			"Datasikkerhedsudvalget:", "direktøren for børn og unge (chair)", "it-chefen", "lederen af borgerservice"},
		"Styregruppen er sammensat af it-chefen, personalechefen samt økonomichefen som formand.": {
			"Styregruppen:", "it-chefen", "personalechefen", "økonomichefen (chair)"},
		"Sikkerhedsudvalget består af Udviklingschefen, Drifts og anlægschefen.": {
			"Sikkerhedsudvalget:", "Udviklingschefen", "Drifts og anlægschefen"},
		"The Data Protection Committee is composed of the Mayor (chair), the Head of IT and the Head of Roads and Parks.": {
			"Data Protection Committee:", "the Mayor (chair)", "the Head of IT", "the Head of Roads and Parks"},
		"Informationssikkerhed består af fortrolighed, integritet og tilgængelighed.": nil,
	} {
		d := Parse(FromText("1. Prøve\n\n"+text), "2026-01-01")
		var got []string
		for _, b := range d.Bodies {
			got = append(append(got, b.Name+":"), officeLines(b)...)
		}
		same(t, text, got, want)
	}
}

func TestMembersListedBelowTheirBodyAreItsOffices(t *testing.T) {
	t.Parallel()
	d := Parse(FromText("1. Hvem\n\nSikkerhedsudvalget\n\nUdvalget har følgende medlemmer:\n\n- Formand: Direktøren\n- It-chefen\n\nDet mødes hver måned."), "2026-01-01")
	if len(d.Bodies) != 1 {
		t.Fatalf("got %d bodies, want one", len(d.Bodies))
	}
	same(t, "body", append([]string{d.Bodies[0].Name}, officeLines(d.Bodies[0])...), []string{"Sikkerhedsudvalget", "Direktøren (chair)", "It-chefen"})
}

const datedPolicy = "Vesterby Kommune\n\nSikkerhedspolitik\n\nVersion 2.0\n\nDato: 1. marts 2024\n\n1. Alt\n\nVi passer på.\n\n"

func TestFindingsFollowFromTheDatesOfApprovals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule, approvals, today string
		want                   []string
	}{
		{"all bodies in the right order", "Vedtaget af Byrådet den 1. marts 2024.\n\nGodkendt af Direktionen den 20. februar 2024.\n\nGodkendt af Sikkerhedsudvalget den 5. februar 2024.", "2025-01-01", nil},
		{"no approval at all", "", "2025-01-01", []string{NoApproval}},
		{"the council decided an earlier version", "Vedtaget af Byrådet den 1. marts 2022.\n\nGodkendt af Direktionen den 1. marts 2024.\n\nGodkendt af Sikkerhedsudvalget den 1. marts 2024.", "2025-01-01", []string{ApprovalOlder}},
		{"nobody decided on the version's date", "Vedtaget af Byrådet den 2. april 2024.\n\nGodkendt af Direktionen den 20. marts 2024.\n\nGodkendt af Sikkerhedsudvalget den 19. marts 2024.", "2025-01-01", []string{NoApprovalOnDate}},
		{"three years and a day ago", "Vedtaget af Byrådet den 1. marts 2024.\n\nGodkendt af Direktionen den 1. marts 2024.\n\nGodkendt af Sikkerhedsudvalget den 1. marts 2024.", "2027-03-02", []string{LatestApprovalOld}},
		{"three years ago to the day", "Vedtaget af Byrådet den 1. marts 2024.\n\nGodkendt af Direktionen den 1. marts 2024.\n\nGodkendt af Sikkerhedsudvalget den 1. marts 2024.", "2027-03-01", nil},
		{"the executive board is missing", "Vedtaget af Byrådet den 1. marts 2024.\n\nGodkendt af Sikkerhedsudvalget den 1. marts 2024.", "2025-01-01", []string{RequiredBodyMissing}},
		{"an approval tomorrow", "Vedtaget af Byrådet den 1. marts 2024.\n\nGodkendt af Sikkerhedsudvalget den 1. marts 2024.\n\nGodkendt af Direktionen den 2. januar 2025.", "2025-01-01", []string{ApprovalAhead}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, f := range Parse(FromText(datedPolicy+c.approvals), c.today).Findings {
				got = append(got, f.Code)
			}
			same(t, "findings", slices.Compact(got), c.want)
		})
	}
}

func TestFindingsTellWhatTheFrontPageLacks(t *testing.T) {
	t.Parallel()
	got := Parse(FromText("1. Alt\n\nVi passer på det hele.\n\n2. Intet\n\n3. Lidt\n\nOgså dette skal være her."), "2025-01-01")
	var codes []string
	for _, f := range got.Findings {
		codes = append(codes, f.Code)
	}
	same(t, "findings", codes, []string{NoTitle, UnknownOrganisation, NoVersion, NoDate, EmptySection, NoApproval})
}

func TestFindingsAreSaidInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ approvals, danish, english string }{
		{"Vedtaget af Byrådet den 1. marts 2022.", "Byrådet godkendte 1. marts 2022, men versionen er dateret 1. marts 2024. Godkendelsen er altså ældre end den tekst, den skal dække.",
			"Byrådet approved on 1 March 2022, but the version is dated 1 March 2024. So the approval is older than the text that it should cover."},
		{"", "Teksten siger ikke, hvem der har godkendt politikken og hvornår.", "The text does not say who approved the policy, and when."},
		{"Vedtaget af Byrådet den 1. marts 2024.", "Der er ingen dateret godkendelse fra direktionen (eller den øverste ledelse).", "There is no dated approval by the executive board (or the highest management)."},
		{"Vi har meddarbejdere.", "»meddarbejdere« er nok »medarbejdere«. Den vedtagne tekst ændres ikke.", "“meddarbejdere” is probably “medarbejdere”. The adopted text is not changed."},
	} {
		var said [][2]string
		for _, f := range Parse(FromText(datedPolicy+c.approvals), "2027-06-01").Findings {
			said = append(said, f.Said())
			if f.English == "" || strings.Contains(f.English+f.Text, "%!") {
				t.Errorf("%s: %q", f.Code, f.Said())
			}
		}
		if !slices.Contains(said, [2]string{c.danish, c.english}) {
			t.Errorf("got %q, want %q, %q", said, c.danish, c.english)
		}
	}
	old := Finding{Text: "Dokumentet har ingen dato."}
	same(t, "a finding from before there was English", old.Said(), [2]string{old.Text, old.Text})
}
