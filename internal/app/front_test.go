package app

import (
	"html"
	"maps"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"vaern/internal/register/document"
	"vaern/internal/store"
)

var (
	lateTable  = regexp.MustCompile(`(?s)<table class="table cards overdue".*?</table>`)
	lateNumber = regexp.MustCompile(`<a href="([^"]+)">([0-9.]+)\x{a0}`)
	lateArea   = regexp.MustCompile(`data-label="Forfaldne"><span>([0-9.]+)</span>`)
	rowCount   = regexp.MustCompile(`role="status">([0-9.]+) passer`)
)

// wholeNumber is a number as a Danish page writes it.
func wholeNumber(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(strings.ReplaceAll(text, ".", ""))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// lateLeadsToItsRows opens every list behind what is overdue on the guests' first
// pages: each has as many rows as the number says, and the areas are all of them.
func lateLeadsToItsRows(t *testing.T, in *town) {
	r := asGuests(t, in)
	looked := 0
	for _, g := range r.guests {
		for _, at := range []string{"/", "/?area=top"} {
			if said, _ := r.hears(exhibit{As: g.Mail, Path: at}); len(said) > mostStatements {
				t.Errorf("%s of %s sends %d statements, more than %d:\n%s", at, g.Mail, len(said), mostStatements, strings.Join(said, "\n"))
			}
			table := lateTable.FindString(r.ask(g.Mail, "da", at, nil).Body.String())
			sum, areas := 0, 0
			for _, link := range lateNumber.FindAllStringSubmatch(table, -1) {
				n := wholeNumber(t, link[2])
				list := r.ask(g.Mail, "da", html.UnescapeString(link[1]), nil)
				found := rowCount.FindStringSubmatch(list.Body.String())
				if list.Code != http.StatusOK || found == nil || wholeNumber(t, found[1]) != n {
					t.Errorf("%s of %s says %d, and the list behind (%d) %v: %s", at, g.Mail, n, list.Code, found, link[1])
				}
				sum += n
				looked++
			}
			all := lateArea.FindAllStringSubmatch(table, -1)
			for i, n := range all {
				if i == len(all)-1 && len(all) > 1 {
					if wholeNumber(t, n[1]) != areas {
						t.Errorf("%s of %s says %s in all, and its areas are %d", at, g.Mail, n[1], areas)
					}
					break
				}
				areas += wholeNumber(t, n[1])
			}
			if sum != areas {
				t.Errorf("%s of %s counts %d by area and %d by register", at, g.Mail, areas, sum)
			}
		}
	}
	if looked < 8 {
		t.Errorf("only %d numbers were looked behind", looked)
	}
}

// ownAreaFirst: whoever leads an area and stands in for somebody who reaches
// everything begins with the own area, and finds the way to the whole and back.
func ownAreaFirst(t *testing.T, in *town) {
	r := asGuests(t, in)
	const mette = "mette.noergaard@nordkyst.example"
	own := r.ask(mette, "da", "/", nil).Body.String()
	for _, want := range []string{"Mit område: Social og Sundhed</h1>", `href="/?area=top">Hele kommunen`, "Kontroller udført til tiden"} {
		if !strings.Contains(own, want) {
			t.Errorf("the own area does not say %q", want)
		}
	}
	whole := r.ask(mette, "da", "/?area=top", nil).Body.String()
	for _, want := range []string{"Overblik</h1>", "Mit område: Social og Sundhed</a>", "Delvist opfyldt", "?area=top"} {
		if !strings.Contains(whole, want) {
			t.Errorf("the whole municipality's page does not say %q", want)
		}
	}
	number := regexp.MustCompile(`href="(/indicator/control.on_time\?area=[^"]+)"><span class="label">[^<]*</span><span class="value">([0-9.]+) af ([0-9.]+)`).FindStringSubmatch(own)
	if number == nil {
		t.Fatal("the own area has no number of controls")
	}
	behind := r.ask(mette, "da", html.UnescapeString(number[1]), nil).Body.String()
	if want := "<strong>" + number[2] + " af " + number[3] + "</strong>"; !strings.Contains(behind, want) || !strings.Contains(behind, "i dit område") {
		t.Errorf("the page behind %s does not say %s", number[1], want)
	}
	if all := r.ask(mette, "da", "/indicator/control.on_time?area=top", nil).Body.String(); strings.Contains(all, "i dit område") {
		t.Error("the whole municipality's number leads to the list of an area")
	}
	if page := r.ask("maria.friis@nordkyst.example", "da", "/", nil).Body.String(); !strings.Contains(page, "Overblik</h1>") {
		t.Error("the coordinator begins with something else than the overview")
	}
}

var servedClause = regexp.MustCompile(`<a href="/policy#c-([^"]+)">Sætning [^<]*</a>(?:.*?<span class="num small"><span class="state ([a-z]+)">)?`)

// servesAsThePolicySays holds what records say of the sentences that they serve
// against the policy: these sentences, standing so, and no others.
func servesAsThePolicySays(t *testing.T, in *town) {
	r := asGuests(t, in)
	serve := map[string]map[string]string{} // page → sentence → state
	see(t, in, func(q *store.Read) error {
		ed, _, err := document.Current(q)
		if err != nil {
			return err
		}
		sections, err := in.engine.Stand(q, ed, "")
		for _, s := range sections {
			for _, c := range s.Clauses {
				for _, b := range c.Below {
					for _, item := range b.Items {
						if serve[item.Path] == nil {
							serve[item.Path] = map[string]string{}
						}
						serve[item.Path][c.ID] = c.State.Code()
					}
				}
			}
		}
		return err
	})
	looked := map[string]int{}
	for path, want := range serve {
		kind := strings.Split(path, "/")[1]
		if looked[kind]++; looked[kind] > 12 {
			continue
		}
		page := r.ask("maria.friis@nordkyst.example", "da", path, nil).Body.String()
		has := map[string]string{}
		for _, line := range strings.Split(page, "<li>") {
			if m := servedClause.FindStringSubmatch(line); m != nil {
				has[m[1]] = m[2]
			}
		}
		if !maps.Equal(has, want) {
			t.Errorf("%s serves %v, and the policy says %v", path, has, want)
		}
		if plain := r.ask("sofie.winther@nordkyst.example", "da", path, nil).Body.String(); !strings.Contains(plain, "/policy#c-") || strings.Contains(plain, `<span class="num small"><span class="state`) {
			t.Errorf("%s says to an employee how the policy stands, or not what it serves", path)
		}
	}
	for _, kind := range []string{"rule", "control", "document", "obligation"} {
		if looked[kind] == 0 {
			t.Errorf("no %s serves a sentence", kind)
		}
	}
}
