package receipt

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/people"
	"vaern/internal/store"
)

func (t *town) receipts(where string) (n int) {
	t.Helper()
	t.view(func(q *store.Read) error { return q.Row(`SELECT count(*) FROM receipt WHERE `+where, nil, &n) })
	return n
}

// first is a reading that everybody is asked about.
func (t *town) first() Reading {
	t.Helper()
	return t.publish(t.decided(t.asksAll(), "1.0", forAll), "2026-02-01")
}

func TestOpeningALinkNeverSigns(t *testing.T) {
	each(t, func(t *town) {
		r := t.first()
		path, err := t.Link(t.coord, t.Store, r.ID, t.person["Anna"])
		t.must(err)
		before := t.leaves()
		nobody := t.site("", access.Reach{})
		for range 5 {
			holds(t.T, send(nobody, "GET", path, nil), http.StatusOK, "Anna Åby Holm", "Alle passer på kommunens oplysninger", "Skriv dine initialer")
		}
		if w := send(nobody, "HEAD", path, nil); w.Code != http.StatusOK {
			t.Errorf("HEAD answers %d", w.Code)
		}
		if n, now := t.receipts(`1 = 1`), t.leaves(); n != 0 || now != before {
			t.Errorf("%d receipts and %d leaves came of looking", n, now-before)
		}
		// A scanner that presses the button types nothing.
		holds(t.T, send(nobody, "POST", path, url.Values{}), http.StatusUnprocessableEntity, "Skriv de første bogstaver i dit navn")
		holds(t.T, send(nobody, "POST", path, url.Values{"initials": {"xx"}}), http.StatusUnprocessableEntity)
		if n := t.receipts(`1 = 1`); n != 0 {
			t.Errorf("%d receipts came of wrong initials", n)
		}
		if w := send(nobody, "POST", path, url.Values{"initials": {"a. h"}}); w.Code != http.StatusSeeOther {
			t.Fatalf("got %d: %s", w.Code, w.Body)
		}
		holds(t.T, send(nobody, "GET", path, nil), http.StatusOK, "Tak, Anna Åby Holm")
		if n := t.receipts(`how = 'link' AND updated_by LIKE 'machine%link'`); n != 1 {
			t.Errorf("%d receipts by link, want 1", n)
		}
		if w := send(nobody, "POST", path, url.Values{"initials": {"ah"}}); w.Code != http.StatusSeeOther {
			t.Errorf("confirming twice answers %d", w.Code)
		}
		if n := t.receipts(`1 = 1`); n != 1 {
			t.Errorf("%d receipts after confirming twice", n)
		}
	})
}

func TestLinkIsKeptHashedAndEnds(t *testing.T) {
	each(t, func(t *town) {
		r := t.first()
		path, err := t.Link(t.coord, t.Store, r.ID, t.person["Anna"])
		t.must(err)
		token := strings.TrimPrefix(path, "/read/")
		t.view(func(q *store.Read) error {
			var plain, hash int
			err := q.Row(`SELECT count(CASE WHEN hash = :token THEN 1 END), count(CASE WHEN hash = :hash THEN 1 END) FROM reading_link`,
				store.Args{"token": token, "hash": access.Hashed(token)}, &plain, &hash)
			if plain != 0 || hash != 1 {
				t.Errorf("%d as it is, %d hashed", plain, hash)
			}
			return err
		})
		nobody := t.site("", access.Reach{})
		holds(t.T, send(nobody, "GET", "/read/"+token[1:]+"x", nil), http.StatusNotFound, "Linket virker ikke længere")
		t.change("person.edit", func(w *store.Write) error {
			if err := w.Note(r.Ref()); err != nil {
				return err
			}
			return w.Also(`UPDATE reading_link SET expires = '2026-03-01'`, nil)
		})
		holds(t.T, send(nobody, "GET", path, nil), http.StatusNotFound, "Linket virker ikke længere", "Der er ikke sket noget galt")
		holds(t.T, send(nobody, "POST", path, url.Values{"initials": {"AH"}}), http.StatusNotFound)
	})
}

func TestWhoHasLeftOpensNoTextByALink(t *testing.T) {
	each(t, func(t *town) {
		path, err := t.Link(t.coord, t.Store, t.first().ID, t.person["Anna"])
		t.must(err)
		nobody := t.site("", access.Reach{})
		holds(t.T, send(nobody, "GET", path, nil), http.StatusOK)
		t.change("person.edit", func(w *store.Write) error { // and whoever is asked is not worked out yet
			_, err := people.Leave(w, t.person["Anna"], "", true)
			return err
		})
		holds(t.T, send(nobody, "GET", path, nil), http.StatusNotFound, "Linket virker ikke længere")
		holds(t.T, send(nobody, "POST", path, url.Values{"initials": {"AH"}}), http.StatusNotFound)
	})
}

func TestInitialsAreTakenAsPeopleWriteThem(t *testing.T) {
	for typed, fits := range map[string]bool{
		"AH": true, "ah": true, "A.H.": true, "aåh": true, "Anna Åby Holm": true, " a h ": true,
		"": false, "A": false, "ab": false, "..": false, "HA": false,
	} {
		if got := isThem(typed, "Anna Åby Holm"); got != fits {
			t.Errorf("%q: %v", typed, got)
		}
	}
	if isThem("", "") || isThem("", "42") {
		t.Error("nothing typed is somebody")
	}
}

func TestSignedInPersonConfirmsOnceAndReadsWhatIsNew(t *testing.T) {
	each(t, func(t *town) {
		doc := t.asksAll()
		r := t.publish(t.decided(doc, "1.0", forAll), "2026-02-01")
		lise := t.site(t.person["Lise"], access.Reach{Whole: true}, "document.see", Give)
		holds(t.T, send(lise, "GET", "/read", nil), http.StatusOK, "Instruks 1.0", "1 tekst venter på dig")
		holds(t.T, send(lise, "GET", "/reading/"+r.ID+"/read", nil), http.StatusOK, "Ledere følger op", "Jeg har læst og forstået det")
		if w := send(lise, "POST", "/reading/"+r.ID+"/read", url.Values{}); w.Code != http.StatusSeeOther {
			t.Fatalf("got %d: %s", w.Code, w.Body)
		}
		holds(t.T, send(lise, "POST", "/reading/"+r.ID+"/read", url.Values{}), http.StatusConflict, "Der er allerede kvitteret")
		if n := t.receipts(`how = 'signed_in'`); n != 1 {
			t.Errorf("%d receipts", n)
		}
		r = t.publish(t.decided(doc, "1.1", strings.Replace(forAll, "en gang om måneden", "to gange om måneden", 1)), "2026-03-01")
		holds(t.T, send(lise, "GET", "/reading/"+r.ID+"/read", nil), http.StatusOK, "1 sted er nyt", "<ins>to gange </ins>", "<del>en gang </del>")
		anna := t.site(t.person["Anna"], access.Reach{Whole: true}, "document.see", Give)
		holds(t.T, send(anna, "GET", "/reading/"+r.ID+"/read", nil), http.StatusOK, "Læs teksten, og kvittér nederst")
		stranger := t.site("nobody", access.Reach{Whole: true}, "document.see", Give)
		holds(t.T, send(stranger, "GET", "/reading/"+r.ID+"/read", nil), http.StatusNotFound)
		if w := send(stranger, "POST", "/reading/"+r.ID+"/read", url.Values{}); w.Code != http.StatusNotFound {
			t.Errorf("who is not asked signs with %d", w.Code)
		}
	})
}

func TestWhatOneGivesToOthersIsAWholeAddress(t *testing.T) {
	each(t, func(t *town) {
		r := t.first()
		boss := t.site(t.person["Lise"], access.Reach{Whole: true}, Screens, Gather, Numbers, "unit.see")
		holds(t.T, send(boss, "POST", "/kiosk", url.Values{"name": {"Personalestuen"}, "unit": {"Nord"}, "expires": {"den 1. juni 2026"}}), http.StatusOK, "<code>http://example.com/screen/")
		holds(t.T, send(boss, "POST", "/reading/"+r.ID+"/link", url.Values{"person": {t.person["Bo"]}, "name": {"Bo"}}), http.StatusOK, "<code>http://example.com/read/")
	})
}

func TestScreensStandBesideWhoHasReadInTheMenu(t *testing.T) {
	each(t, func(t *town) {
		boss := t.site(t.person["Lise"], access.Reach{Whole: true}, Screens, Gather, Numbers, "unit.see")
		page := send(boss, "GET", "/kiosk", nil).Body.String()
		menu, _, _ := strings.Cut(page, "<main")
		if strings.Contains(menu, "Bevis og drift") || strings.Index(menu, `href="/kiosk"`) < strings.Index(menu, `href="/reading"`) {
			t.Errorf("the menu is %s", menu)
		}
	})
}

func TestKioskFindsByStaffNumberAndShowsNothingOfOthers(t *testing.T) {
	each(t, func(t *town) {
		t.first()
		path, err := t.NewKiosk(t.coord, t.Store, "north", "Personalestuen", "2026-06-01")
		t.must(err)
		nobody := t.site("", access.Reach{})
		holds(t.T, send(nobody, "GET", "/screen", nil), http.StatusNotFound, "ikke i brug")
		holds(t.T, send(nobody, "GET", path, nil), http.StatusOK, "Personalestuen")
		w := send(nobody, "POST", path, url.Values{})
		if w.Code != http.StatusSeeOther || len(w.Result().Cookies()) == 0 {
			t.Fatalf("got %d: %s", w.Code, w.Body)
		}
		at := w.Result().Cookies()[0]
		holds(t.T, send(nobody, "GET", "/screen", nil, at), http.StatusOK, "Skriv dit medarbejdernummer")
		page := send(nobody, "POST", "/screen/find", url.Values{"number": {"mbo"}}, at)
		holds(t.T, page, http.StatusOK, "Bo Nøgle", "Alle passer på")
		for _, other := range []string{"Anna", "Dorte", "Lise"} {
			if strings.Contains(page.Body.String(), other) {
				t.Errorf("the screen shows %s to Bo", other)
			}
		}
		t.change("person.edit", func(w *store.Write) error {
			bo, err := people.Persons.Get(&w.Read, t.person["Bo"])
			now := bo
			now.Number = "åbo"
			return errors.Join(err, people.Persons.Replace(w, bo, &now))
		})
		for _, typed := range []string{"åbo", "ÅBO", "a\u030aBo "} {
			holds(t.T, send(nobody, "POST", "/screen/find", url.Values{"number": {typed}}, at), http.StatusOK, "Bo Nøgle")
		}
		// Nobody of another unit, and nobody at all, look alike.
		elsewhere := send(nobody, "POST", "/screen/find", url.Values{"number": {"MDO"}}, at)
		wrong := send(nobody, "POST", "/screen/find", url.Values{"number": {"X99"}}, at)
		holds(t.T, elsewhere, http.StatusUnprocessableEntity, "Der venter ikke noget på det nummer")
		holds(t.T, wrong, http.StatusUnprocessableEntity, "Der venter ikke noget på det nummer")
		if strings.Contains(wrong.Body.String(), "så kan vi gemme") {
			t.Error("a screen on which one looks oneself up says that something would be saved")
		}
		reading := t.readingOf()
		if w := send(nobody, "POST", "/screen/confirm", url.Values{"number": {"ÅBO"}, "reading": {reading}}, at); w.Code != http.StatusSeeOther {
			t.Fatalf("got %d: %s", w.Code, w.Body)
		}
		if n := t.receipts(`how = 'kiosk' AND note = 'Personalestuen'`); n != 1 {
			t.Errorf("%d receipts", n)
		}
		for i := range mostTries {
			send(nobody, "POST", []string{"/screen/find", "/screen/confirm"}[i%2], url.Values{"number": {"X98"}, "reading": {reading}}, at)
		}
		holds(t.T, send(nobody, "POST", "/screen/confirm", url.Values{"number": {"MAN"}, "reading": {reading}}, at), http.StatusTooManyRequests, "Vent ti minutter")
		if n := t.receipts(`how = 'kiosk'`); n != 1 {
			t.Errorf("%d receipts: a number was found by trying", n)
		}
		holds(t.T, send(nobody, "POST", "/screen/find", url.Values{"number": {"MAN"}}, at), http.StatusTooManyRequests, "Vent ti minutter")
		var id string
		t.view(func(q *store.Read) error { return q.Row(`SELECT id FROM kiosk`, nil, &id) })
		t.must(t.EndKiosk(t.coord, t.Store, id))
		holds(t.T, send(nobody, "GET", "/screen", nil, at), http.StatusNotFound, "ikke i brug")
	})
}

func (t *town) readingOf() (id string) {
	t.view(func(q *store.Read) error { return q.Row(`SELECT id FROM reading WHERE state = 'open'`, nil, &id) })
	return id
}

func TestLeaderRegistersAMeetingAndCorrectsItLater(t *testing.T) {
	each(t, func(t *town) {
		r := t.first()
		reach := access.Reach{Tops: []string{"north"}}
		lise := t.site(t.person["Lise"], reach, Numbers, Names, Give, Gather)
		form := send(lise, "GET", "/reading/"+r.ID+"/meeting", nil)
		holds(t.T, form, http.StatusOK, "Bo Nøgle", "Anna Åby Holm", `name="attended"`)
		if strings.Contains(form.Body.String(), "Dorte") {
			t.Error("the leader of north sees Dorte in south")
		}
		chief := t.site(t.person["Lise"], access.Reach{Whole: true}, Numbers, Names, Give, Gather)
		holds(t.T, send(chief, "GET", "/reading/"+r.ID+"/meeting", nil), http.StatusOK, "Prøve Kommune (5 mangler)", "Nord (4 mangler)", "Syd (1 mangler)")
		post := func(present ...string) int {
			v := url.Values{"unit": {"north"}, "on": {"2026-03-01"}, "about": {"Gennemgang på personalemøde"}}
			for _, p := range present {
				v.Add("attended", t.person[p])
			}
			return send(lise, "POST", "/reading/"+r.ID+"/meeting", v).Code
		}
		out := t.site("", access.Reach{}) // her session has ended
		typed := url.Values{"unit": {"north"}, "about": {"Gennemgang på personalemøde"}, "attended": {t.person["Bo"]}}
		holds(t.T, send(out, "POST", "/reading/"+r.ID+"/meeting", typed), http.StatusUnauthorized, "ikke gået tabt", "Gennemgang på personalemøde", t.person["Bo"])
		if code := post("Dorte"); code != http.StatusNotFound {
			t.Errorf("somebody out of reach: %d", code)
		}
		if code := post(); code != http.StatusUnprocessableEntity {
			t.Errorf("nobody present: %d", code)
		}
		early := url.Values{"unit": {"north"}, "on": {"2026-01-31"}, "about": {"Gennemgang"}, "attended": {t.person["Bo"]}}
		holds(t.T, send(lise, "POST", "/reading/"+r.ID+"/meeting", early), http.StatusUnprocessableEntity, "gælder først fra 1.2.2026")
		if code := post("Bo", "Anna"); code != http.StatusSeeOther {
			t.Fatalf("got %d", code)
		}
		var id, bo string
		t.view(func(q *store.Read) error {
			if err := q.Row(`SELECT id FROM reading_meeting`, nil, &id); err != nil {
				return err
			}
			return q.Row(`SELECT id FROM receipt WHERE person = :p`, store.Args{"p": t.person["Bo"]}, &bo)
		})
		at := "/reading_meeting/" + id
		holds(t.T, send(lise, "POST", at+"/remove", url.Values{"receipt": {bo}}), http.StatusUnprocessableEntity, "hvad der var forkert")
		if w := send(lise, "POST", at+"/remove", url.Values{"receipt": {bo}, "why": {"Bo var syg"}}); w.Code != http.StatusSeeOther {
			t.Fatalf("got %d: %s", w.Code, w.Body)
		}
		if w := send(lise, "POST", at+"/add", url.Values{"person": {t.person["Carl"]}, "why": {"kom senere"}}); w.Code != http.StatusSeeOther {
			t.Fatalf("got %d: %s", w.Code, w.Body)
		}
		holds(t.T, send(lise, "GET", at, nil), http.StatusOK, "Taget tilbage", "Bo var syg", "Carl Council", "kom senere")
		t.stands(r.ID, "Anna done, Bo open, Carl done, Dorte open, Lise open")
		if n := t.receipts(`how = 'meeting'`); n != 4 {
			t.Errorf("%d rows, want three receipts and one that takes one back", n)
		}
		if n := t.receipts(`version > 1`); n != 0 {
			t.Error("a receipt was changed")
		}
	})
}

func TestATableIsReadAsOne(t *testing.T) {
	each(t, func(t *town) {
		doc := t.asksAll()
		const table = forAll + "\n| Rolle | Ansvar | Frist |\n|---|---|---|\n| Leder | Ser <efter> | |\n\nOg:\n\n| Telefon | 112 |\n"
		r := t.publish(t.decided(doc, "1.0", table), "2026-02-01")
		lise := t.site(t.person["Lise"], access.Reach{Whole: true}, "document.see", Give)
		path := "/reading/" + r.ID + "/read"
		holds(t.T, send(lise, "GET", path, nil), http.StatusOK,
			`<tr><th scope="col">Rolle</th><th scope="col">Ansvar</th><th scope="col">Frist</th></tr><tr><td>Leder</td><td>Ser &lt;efter&gt;</td><td></td></tr>`,
			`<tr><th scope="row">Telefon</th><td>112</td></tr>`)
		send(lise, "POST", path, url.Values{})
		r = t.publish(t.decided(doc, "1.1", strings.Replace(table, "Ser <efter>", "Ser efter hver dag, også om natten", 1)), "2026-03-01")
		holds(t.T, send(lise, "GET", "/reading/"+r.ID+"/read", nil), http.StatusOK, "1 sted er nyt", `<tr class="new"><td><span class="sr-only">Nyt siden sidst: </span>Leder</td>`)
	})
}
