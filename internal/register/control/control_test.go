package control

import (
	"reflect"
	"testing"

	"vaern/internal/moduletest"
)

func TestModule(t *testing.T) { moduletest.Exercise(t, Module()) }

func TestSpreadsheetsMaySayHowOftenInOtherWords(t *testing.T) {
	every, _ := Controls.Field("every")
	for text, want := range map[string]Interval{"Månedlig": "month", "kvartalsvis": "quarter", "Hver 6. måned": "half", "Årligt": "year", "Hvert år": "year", "Every quarter": "quarter"} {
		var c Control
		if wrong := every.Parse(reflect.ValueOf(&c).Elem(), text); wrong.Whole() || c.Every != want {
			t.Errorf("%s is %q: %v", text, c.Every, wrong)
		}
	}
	for text, code := range Interval("").Spoken() {
		if months[Interval(code)] == 0 {
			t.Errorf("%s means %q, which is no interval", text, code)
		}
	}
}
