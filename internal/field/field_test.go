package field

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"vaern/internal/i18n"
)

type colour string

func (colour) Choices() Choices {
	return Choices{{"red", "Rød", "Red"}, {"blue", "Blå", "Blue"}}
}

type sample struct {
	Title  string `da:"Titel" en:"Title" is:"title sort"`
	Colour colour `da:"Farve" en:"Colour" is:"filter"`
	Many   colour `da:"Flere" en:"Several" is:"several"`
	Count  int64  `da:"Antal" en:"Count"`
	Due    Date   `da:"Frist" en:"Due"`
	Owner  string `da:"Ejer" en:"Owner" is:"ref:position"`
}

func TestFieldReadsWhatPeopleWrite(t *testing.T) {
	fields := Of(reflect.TypeFor[sample]())
	for _, c := range []struct {
		field, text, raw, shown string
		wrong                   i18n.Text
	}{
		{"title", " Æble ", "Æble", "Æble", Fine},
		{"colour", "blå", "blue", "Blå", Fine},
		{"colour", "green", "green", "green", i18n.Text{"Vælg en af disse: Rød, Blå.", "Choose one of these: Red, Blue."}},
		{"many", "Rød, blue", "red blue", "Rød, Blå", Fine},
		{"many", "red green", "red green", "Rød, green", i18n.Text{"Vælg en af disse: Rød, Blå.", "Choose one of these: Red, Blue."}},
		{"count", "1200", "1200", "1.200", Fine},
		{"count", "many", "0", "0", NoNumber},
		{"count", "1.200", "1200", "1.200", Fine},
		{"count", "12,0", "12", "12", Fine},
		{"count", "12.5", "0", "0", NoNumber},
		{"due", "1/7-2026", "2026-07-01", "1.7.2026", Fine},
		{"due", "31/2-2026", "", "", NoDate},
		{"due", "1.7.2026", "2026-07-01", "1.7.2026", Fine},
		{"due", "1/7/26", "2026-07-01", "1.7.2026", Fine},
		{"due", "1.7.26", "2026-07-01", "1.7.2026", Fine},
		{"title", "", "", "", Needed},
		{"title", "a\x00b", "a\x00b", "a\x00b", NoText},
	} {
		var s sample
		rec := reflect.ValueOf(&s).Elem()
		i := slices.IndexFunc(fields, func(f Field) bool { return f.Name == c.field })
		f := &fields[i]
		wrong := f.Parse(rec, c.text)
		if wrong == Fine {
			wrong = f.Check(rec)
		}
		if raw := f.Raw(rec); raw != c.raw || f.Show(raw, i18n.Da) != c.shown || wrong != c.wrong {
			t.Errorf("%s %q: raw %q shown %q wrong %q, want %q, %q, %q", c.field, c.text, raw, f.Show(raw, i18n.Da), wrong, c.raw, c.shown, c.wrong)
		}
		if wrong != Fine {
			continue
		}
		var back sample
		if wrong := f.SetJSON(reflect.ValueOf(&back).Elem(), f.JSON(nil, rec)); wrong != Fine || back != s {
			t.Errorf("%s %q: %v after JSON, want %v (%v)", c.field, c.text, back, s, wrong)
		}
	}
}

func TestDaysAreReadAsPeopleAndSpreadsheetsWriteThem(t *testing.T) {
	for _, text := range strings.Split("1.3.2026|01-03-26|1/3-2026|1/3 2026|01/03-26|1. marts 2026|1.marts 2026|1 mar 2026|1. mar. 2026|1-mar-26|d. 1. marts 2026|den 1.3.2026|"+
		"Søndag den 1. marts 2026|1 March 2026|March 1, 2026|2026/03/01|2026-03-01 00:00:00|2026-03-01T00:00:00Z|01.03.2026 00.00.00|1/3/2026 kl. 12|20260301|01032026|010326", "|") {
		if day, ok := ReadDay(text); !ok || day != "2026-03-01" {
			t.Errorf("%q: %q, %v", text, day, ok)
		}
		if day, ok := ReadCell(text); !ok || day != "2026-03-01" {
			t.Errorf("%q in a cell: %q, %v", text, day, ok)
		}
	}
	for _, text := range []string{"31/2/2026", "2026-02-29", "marts 2026", "1/3", "1. marst 2026", "1.13.2026", "0.3.2026", "46082", "1.3.2026.4", "20261301", "i går", "1.3.26 og 2.3.26"} {
		if day, ok := ReadDay(text); ok {
			t.Errorf("%q is read as %q", text, day)
		}
	}
	if day, ok := ReadCell("46082"); !ok || day != "2026-03-01" {
		t.Errorf("Excel's number of a day is %q, %v", day, ok)
	}
}

func TestAProgramIsToldWhatItMaySend(t *testing.T) {
	fields := Of(reflect.TypeFor[sample]())
	for _, c := range []struct{ field, json, wrong string }{
		{"colour", `"red"`, ""},
		{"colour", `null`, ""},
		{"colour", `"Rød"`, "Send en af disse koder: red, blue."},
		{"many", `["red", "green"]`, "Send en af disse koder: red, blue."},
		{"many", `["red blue"]`, "Send en af disse koder: red, blue."},
		{"many", `"red"`, "Værdien skal være en liste af koder."},
		{"due", `"2026-12-31"`, ""},
		{"due", `"31.12.2026"`, "Skriv datoen sådan: 2026-12-31."},
		{"due", `"2026-02-30"`, "Skriv datoen sådan: 2026-12-31."},
		{"count", `"1"`, "Værdien skal være et helt tal."},
		{"title", `"\ud800"`, NoText[i18n.Da]},
	} {
		i := slices.IndexFunc(fields, func(f Field) bool { return f.Name == c.field })
		if wrong := fields[i].SetJSON(reflect.ValueOf(&sample{}).Elem(), []byte(c.json)); wrong[i18n.Da] != c.wrong {
			t.Errorf("%s %s: %q, want %q", c.field, c.json, wrong[i18n.Da], c.wrong)
		}
	}
}

func TestNoMoreChoicesAreNamedThanOneTakesIn(t *testing.T) {
	var all Choices
	for _, word := range strings.Fields("a b c d e f g h i j k l m n") {
		all = append(all, [3]string{word, word, word})
	}
	f := Field{Kind: Choice, Choices: all}
	if got := f.NoChoice().In(i18n.Da); got != "Vælg en af disse: a, b, c, d, e, f, g, h, i, j, k, l og 2 til." {
		t.Error(got)
	}
}

func TestALineHoldsNothingThatIsNotSeen(t *testing.T) {
	for text, want := range map[string]string{
		"Æblegrød på åen – 1 €":      "Æblegrød på åen – 1 €",
		"fra\x1b[31m\r\nRegneark":    "fra [31m  Regneark",
		"\ufeffr\u202efdp.exe\u2069": "rfdp.exe", "\u200b\u2028": "", "👩\u200d🚒": "👩\u200d🚒", "a\x00": "a\x00",
		"A\u030age André": "Åge André", "Ande\u0301": "Andé",
	} {
		if got := Line(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestDanishOrderPutsTheLastLettersLast(t *testing.T) {
	words := []string{"Ål", "Zebra", "Ørn", "abe", "Æble", "Aalborg"}
	slices.SortFunc(words, func(a, b string) int {
		return map[bool]int{true: -1, false: 1}[SortKey(a) < SortKey(b)]
	})
	want := []string{"abe", "Zebra", "Æble", "Ørn", "Ål", "Aalborg"}
	if !slices.Equal(words, want) {
		t.Errorf("order %v, want %v", words, want)
	}
}

func TestAWrongDeclarationStopsTheStart(t *testing.T) {
	for name, typ := range map[string]reflect.Type{
		"no English": reflect.TypeFor[struct {
			A string `da:"A"`
		}](),
		"unknown word": reflect.TypeFor[struct {
			A string `da:"A" en:"A" is:"odd"`
		}](),
		"no kind": reflect.TypeFor[struct {
			A float64 `da:"A" en:"A"`
		}](),
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s passes", name)
				}
			}()
			Of(typ)
		}()
	}
}

func TestAFieldDependsOnAChoiceThatThereIs(t *testing.T) {
	type good struct {
		Act  answer `da:"Hvad" en:"What"`
		Name string `da:"Navn" en:"Name" when:"act=yes"`
	}
	if f := Of(reflect.TypeFor[good]())[1]; f.When.Choice != "act" || !slices.Equal(f.When.Is, []string{"yes"}) {
		t.Errorf("depends on %+v", f.When)
	}
	for _, wrong := range []reflect.Type{
		reflect.TypeFor[struct {
			Name string `da:"Navn" en:"Name" when:"act=yes"`
		}](),
		reflect.TypeFor[struct {
			Act  answer `da:"Hvad" en:"What"`
			Name string `da:"Navn" en:"Name" when:"act=perhaps"`
		}](),
		reflect.TypeFor[struct {
			Act  answer `da:"Hvad" en:"What"`
			Name string `da:"Navn" en:"Name" is:"required" when:"act=yes"`
		}](),
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%v is taken", wrong)
				}
			}()
			Of(wrong)
		}()
	}
}

type answer string

func (answer) Choices() Choices { return Choices{{"yes", "Ja", "Yes"}, {"no", "Nej", "No"}} }
