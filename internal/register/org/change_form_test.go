package org

import (
	"net/url"
	"strings"
	"testing"
)

func TestAChangeAsksForEachUnitOnceAndWhereItIsNeeded(t *testing.T) {
	inOffice(t, func(o *office) {
		page := o.ask("GET", "/unit_change/new", "", "").Body.String()
		if strings.Contains(page, `name="unit"`) || strings.Count(page, `hx-get="/pick/unit"`) != 2 {
			t.Errorf("the form asks for more than the unit that changes and the one it goes to: %s", page)
		}
		for _, mark := range []string{`data-when="act" data-is="move merge close split "><label class="form-label" for="target">To which unit</label>`, `data-when="act" data-is="split rename "><label class="form-label" for="name">New name</label>`} {
			if !strings.Contains(page, strings.ReplaceAll(mark, "><", ">\n<")) {
				t.Errorf("the form lacks %s", mark)
			}
		}
		// Typed before something else was chosen, or where there is no script: it says nothing.
		w := o.post("/unit_change", url.Values{"act": {"rename"}, "subject": {"a"}, "target": {"top"}, "name": {"Ny skole"}, "number": {"77"}, "along": {"Ingen"}, "effective": {"2026-09-01"}})
		if w.Code != 303 || o.text(`SELECT unit || ' ' || target || number || along || name FROM unit_change`) != "a Ny skole" {
			t.Errorf("%d %s: %s", w.Code, w.Body, o.text(`SELECT coalesce(max(unit || ' ' || target || number || along || name), '') FROM unit_change`))
		}
	})
}

func TestOnlyAPlannedChangeCanBeCancelled(t *testing.T) {
	inOffice(t, func(o *office) {
		for day, offered := range map[string]bool{"2030-01-01": true, "2026-03-02": false} {
			at := o.post("/unit_change", url.Values{"act": {"rename"}, "subject": {"a"}, "name": {"Ny " + day}, "effective": {day}}).Header().Get("Location")
			at, _, _ = strings.Cut(at, "?")
			if page := o.ask("GET", at, "", ""); page.Code != 200 || strings.Contains(page.Body.String(), at+"/cancel") != offered {
				t.Errorf("%s at %q: %d, offered: %v, want %v", day, at, page.Code, !offered, offered)
			}
		}
	})
}
