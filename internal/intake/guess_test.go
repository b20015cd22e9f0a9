package intake_test

import (
	"reflect"
	"slices"
	"testing"

	"vaern/internal/field"
	"vaern/internal/intake"
	"vaern/internal/people"
)

func TestHeadingsAreGuessedInBothLanguagesAndWithSlips(t *testing.T) {
	fields := field.Of(reflect.TypeFor[people.Person]())
	for _, c := range []struct{ headings, want []string }{
		{[]string{"Navn", "Medarbejdernr.", "Mail", "Enhed"}, []string{"name", "number", "mail", "unit"}},
		{[]string{"Name", "Staff no.", "E-mail", "Unit"}, []string{"name", "number", "mail", "unit"}},
		{[]string{"MEDARBEJDER NR", "Nvan", "e-mail adresse", "Afdeling", "Telefon"}, []string{"number", "name", "mail", "unit", ""}},
		{[]string{"Tilknytning", "Adgang sluter", "", "Navn", "Navn"}, []string{"category", "ends", "", "name", ""}},
		{[]string{"Medarb.nr.", "Afd.", "Navn", "Nation"}, []string{"number", "unit", "name", ""}},
		{[]string{"Skostørrelse", "Yndlingsret"}, []string{"", ""}},
	} {
		if got := intake.Guess(fields, c.headings); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.headings, got, c.want)
		}
	}
}

func TestHeadingsOfOtherRegistersAreGuessed(t *testing.T) {
	fields := field.Of(reflect.TypeFor[struct {
		Title     string     `da:"Forpligtelse" en:"Obligation" is:"title sort"`
		Reference string     `da:"Kilde" en:"Source"`
		ValidFrom field.Date `da:"Gælder fra" en:"Valid from"`
		ValidTo   field.Date `da:"Gælder til" en:"Valid to"`
	}]())
	for _, headings := range [][]string{{"Emne", "Lovgivning", "Gyldig fra", "Gyldig til"}, {"Titel", "Hjemmel", "Gældende fra", "Udløber"}, {"Navn", "Lov", "Fra", "Til"}, {"Titel", "Lovgrundlag", "Fra", "Til"}} {
		if got := intake.Guess(fields, headings); !slices.Equal(got, []string{"title", "reference", "valid_from", "valid_to"}) {
			t.Errorf("%q: %q", headings, got)
		}
	}
}
