package kit

import "testing"

func TestALongWordIsBrokenWhereItIsJoined(t *testing.T) {
	for word, want := range map[string]string{
		"Informationssikkerhedskoordinator":  "Informations&shy;sikkerheds&shy;koordinator",
		"Databeskyttelsesrådgiveren":         "Databeskyttelses&shy;rådgiveren",
		"Leder af Digitaliseringsafdelingen": "Leder af Digitaliserings&shy;afdelingen",
		"Kommunaldirektør i Nordkyst":        "Kommunaldirektør i Nordkyst",
		"Retningslinje":                      "Retningslinje", // short enough to stand
	} {
		if got := jointed(word); got != want {
			t.Errorf("%s: %s", word, got)
		}
	}
}
