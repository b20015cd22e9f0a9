package nordkyst

import (
	"regexp"
	"strings"
	"testing"
)

func TestNoRealMunicipalityIsNamed(t *testing.T) {
	actual := regexp.MustCompile(`(?i)(^|[^\p{L}])(` + strings.Join(strings.Fields(realMunicipalities), "|") + `)s?($|[^\p{L}])`)
	if !actual.MatchString("Thisteds skoler") || actual.MatchString("Skiveren") {
		t.Fatal("the pattern does not tell")
	}
	m := Make(today)
	for _, u := range m.Units {
		if actual.MatchString(u.Name) {
			t.Errorf("unit %s", u.Name)
		}
	}
	for _, p := range m.Positions {
		if actual.MatchString(p.Title) {
			t.Errorf("position %s", p.Title)
		}
	}
	for _, p := range m.Persons {
		if actual.MatchString(p.Name) {
			t.Errorf("person %s", p.Name)
		}
	}
}

// Names of two words by the one that tells.
const realMunicipalities = `Albertslund Allerød Assens Ballerup Billund Bornholm Brøndby Brønderslev Dragør Egedal
Esbjerg Fanø Favrskov Faxe Fredensborg Fredericia Frederiksberg Frederikshavn Frederikssund Furesø
Gentofte Gladsaxe Glostrup Greve Gribskov Guldborgsund Fyn Midtfyn Nordfyn Haderslev Halsnæs Hedensted
Helsingør Herlev Herning Hillerød Hjørring Holbæk Holstebro Horsens Hvidovre Høje-Taastrup Taastrup Hørsholm
Ikast Ikast-Brande Ishøj Jammerbugt Kalundborg Kerteminde Kolding København Køge Langeland Lejre Lemvig
Lolland Lyngby Lyngby-Taarbæk Læsø Mariagerfjord Middelfart Morsø Norddjurs Syddjurs Nyborg Næstved Odder Odense
Odsherred Randers Rebild Ringkøbing Ringkøbing-Skjern Ringsted Roskilde Rudersdal Rødovre Samsø Silkeborg
Skanderborg Skive Slagelse Solrød Sorø Stevns Struer Svendborg Sønderborg Thisted Tønder Tårnby Vallensbæk
Varde Vejen Vejle Vesthimmerland Viborg Vordingborg Ærø Aabenraa Aalborg Aarhus`
