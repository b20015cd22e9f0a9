package signin

import (
	"strings"
	"testing"

	"vaern/internal/problem"
	assets "vaern/web"
)

func TestWhatAnybodyWouldGuessIsNoPassword(t *testing.T) {
	words := append([]string{"anna", "hansen", "anna", "nordkyst", "example", "4711", "kommune"}, expected...)
	for _, poor := range []string{
		"adgangskode1", "password1234", "p4ssw0rd!2026", "velkommen2026", "Sommer2026!!!", "nordkystkommune", "nordkyst-2026-vaern", "annahansen1975",
		"anna.hansen@nordkyst.example", "111111111111", "abababababab", "123456789012", "qwertyuiop12", "efterår-2026-efterår", "Værn+Nordkyst+4711",
	} {
		if !guessable(strings.ToLower(poor), words) {
			t.Errorf("%q is taken", poor)
		}
	}
	for _, good := range []string{"en lang sætning om havet", "korrekt hest batteri klamme", "Jeg cykler altid om vinteren", "anna spiser sild hver fredag", "xK9#mQ2vLp7w!rTz", "kanarie adgangskode 4711"} {
		if guessable(strings.ToLower(good), words) {
			t.Errorf("%q is refused", good)
		}
	}
}

func TestWhatOthersKnowOfAPersonIsNoPassword(t *testing.T) {
	each(t, func(h *house) {
		for _, poor := range []string{"for kort", "anna@by.example 1", "Velkommen, Anna!"} {
			if err := h.door.SetPassword(h.Context(), h.annaID, poor); problem.Of(err) != problem.Invalid {
				h.Errorf("%q: %v", poor, err)
			}
		}
		h.must(h.door.SetPassword(h.Context(), h.annaID, "min mormor bager kager"))
	})
}

func TestWhatHasLeakedIsNoPassword(t *testing.T) {
	if text, err := assets.Leaked(); err != nil || text == "" {
		t.Skip("the front end has not been built, and the list comes with it", err)
	}
	if n := len(leaked()); n < 40_000 {
		t.Errorf("only %d are known", n)
	}
	each(t, func(h *house) {
		for _, poor := range []string{"1qaz2wsx3edc", "LeaveMeAlone", "motherfucker", "chickenwing101"} {
			err := h.door.SetPassword(h.Context(), h.annaID, poor)
			if p := problem.As(err); p == nil || p.Fields["password"][1][:25] != "That password is on lists" {
				h.Errorf("%q: %v", poor, err)
			}
		}
	})
}
