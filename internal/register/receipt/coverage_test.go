package receipt

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/store"
)

func TestCoverageCountsEverybodyWithAccess(t *testing.T) {
	each(t, func(t *town) {
		r := t.first()
		t.signAll(r.ID, "Anna", "Bo")
		t.view(func(q *store.Read) error {
			c, err := gather(q, nil)
			if err != nil {
				return err
			}
			all, total, err := lines(q, c, r.ID, people.Top)
			if total.Access != 5 || total.Wanted != 5 || total.Read != 2 {
				t.Errorf("of all: %+v", total)
			}
			if len(all) != 2 || all[0].Name != "Nord" || all[0].Access != 4 || all[0].Read != 2 || all[1].Missing() != 1 {
				t.Errorf("by unit: %+v", all)
			}
			return err
		})
	})
}

func TestAccessIsTheSameForOneAndForAll(t *testing.T) {
	each(t, func(t *town) {
		seat := func(name, from, until string) {
			t.join(name, "south", "", "student")
			if from == "" {
				return
			}
			t.change("holding.create", func(w *store.Write) error {
				h := people.Holding{Head: record.Head{Unit: "south"}, Person: t.person[strings.Fields(name)[0]], Position: t.leader, Starts: field.Date(from), Ends: field.Date(until)}
				return people.Holdings.Add(w, &h)
			})
		}
		seat("Ib Altid", "", "")
		seat("Jo Nu", "2026-01-01", "")
		seat("Ki Snart", "2026-05-01", "")
		seat("Lo Stoppet", "2025-01-01", "2026-02-01")
		t.view(func(q *store.Read) error {
			all, err := gather(q, nil)
			if err != nil {
				return err
			}
			for name, want := range map[string]bool{"Ib": true, "Jo": true, "Ki": false, "Lo": false, "Anna": true, "Bo": true} {
				one, err := alone(q, t.person[name], nil)
				if err != nil {
					return err
				}
				if a, b := all.member(t.person[name]) != nil, len(one.all) == 1; a != want || b != want {
					t.Errorf("%s: among all %v, alone %v, want %v", name, a, b, want)
				}
			}
			return nil
		})
	})
}

func TestLeaderSeesNamesOfTheOwnAreaAndOthersSeeNumbersThatTellNobody(t *testing.T) {
	each(t, func(t *town) {
		for i := range 6 {
			t.join(fmt.Sprintf("%c%c Syd", 'P'+i, 'P'+i), "south", "", "student")
		}
		r := t.first()
		at := "/reading/" + r.ID
		lise := t.site(t.person["Lise"], access.Reach{Tops: []string{"north"}}, Names, Numbers, Gather)
		holds(t.T, send(lise, "GET", at, nil), http.StatusOK, "Bo Nøgle", "har ingen mail")
		if page := send(lise, "GET", at+"?unit=south", nil).Body.String(); strings.Contains(page, "Dorte") {
			t.Error("the leader of north reads names in south")
		}
		if list := send(lise, "GET", at+"/missing.csv", nil).Body.String(); strings.Contains(list, "Dorte") || !strings.Contains(list, "Anna") {
			t.Errorf("the leader's list: %s", list)
		}
		if list := send(lise, "GET", at+"/missing.csv?lang=en", nil).Body.String(); !strings.HasPrefix(list, "\ufeffUnit,Staff no.,Name,Read by,Has mail\r\n") {
			t.Errorf("a list is not written as all others are: %s", list)
		}
		reader := t.site("reader", access.Reach{Whole: true}, Numbers)
		page := send(reader, "GET", at, nil)
		holds(t.T, page, http.StatusOK, "for få til at vise")
		for _, name := range []string{"Anna", "Bo Nøgle", "Dorte"} {
			if strings.Contains(page.Body.String(), name) {
				t.Errorf("somebody without the right to names reads %s", name)
			}
		}
		// Nord has four, which are too few; then Syd is hidden too, or Nord could be worked out.
		if n := strings.Count(page.Body.String(), "for få til at vise"); n != 2 {
			t.Errorf("%d units are hidden, want 2", n)
		}
		holds(t.T, send(reader, "GET", at+"?unit=north", nil), http.StatusOK, "For få personer")
		if w := send(reader, "GET", at+"/missing.csv", nil); w.Code != http.StatusForbidden {
			t.Errorf("the list of names answers %d", w.Code)
		}
	})
}

func TestIndicatorsCountWhoKnowsTheRules(t *testing.T) {
	each(t, func(t *town) {
		measure := func(key string) (met, total int64, missing int) {
			t.view(func(q *store.Read) error {
				for _, in := range indicators {
					if in.Key != key {
						continue
					}
					if err := q.Row(in.Query, nil, &met, &total); err != nil {
						return err
					}
					return q.Rows(in.Missing, nil, func(scan store.Scan) error { missing++; return nil })
				}
				t.Fatalf("no indicator %s", key)
				return nil
			})
			return met, total, missing
		}
		want := func(key string, met, total int64) {
			t.Helper()
			if m, n, lacks := measure(key); m != met || n != total || int64(lacks) != total-met {
				t.Errorf("%s: %d of %d, %d missing; want %d of %d", key, m, n, lacks, met, total)
			}
		}
		want("receipt.coverage", 0, 0) // nothing is measured before anybody is asked
		doc := t.asksAll()
		r := t.publish(t.decided(doc, "1.0", forAll), "2026-02-01")
		want("receipt.coverage", 0, 5)
		t.signAll(r.ID, "Anna", "Bo", "Carl", "Lise")
		want("receipt.coverage", 4, 5)
		want("receipt.council", 1, 1)
		// Who is asked anew still counts until the day has come.
		t.publish(t.decided(doc, "1.1", strings.Replace(forAll, "en gang om måneden", "to gange om måneden", 1)), "2026-03-01")
		want("receipt.coverage", 4, 5)
		t.move("2026-02-20")
		want("receipt.coverage", 3, 5)
	})
}

func TestReceiptsAreReadByPrograms(t *testing.T) {
	each(t, func(t *town) {
		r := t.first()
		t.signAll(r.ID, "Anna", "Dorte")
		north := t.site("lise", access.Reach{Tops: []string{"north"}}, Names)
		w := send(north, "GET", "/api/v1/receipts", nil)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"how":"signed_in"`) || !strings.Contains(w.Body.String(), "Anna") || strings.Contains(w.Body.String(), "Dorte") {
			t.Errorf("got %d: %s", w.Code, w.Body)
		}
		if w := send(north, "POST", "/api/v1/receipts", nil); w.Code != http.StatusMethodNotAllowed && w.Code != http.StatusNotFound {
			t.Errorf("a program writes a receipt: %d", w.Code)
		}
	})
}
