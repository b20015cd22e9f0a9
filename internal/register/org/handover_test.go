package org

import (
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/web/kit"
)

// asset is a register whose records have an owner.
type asset struct {
	record.Head
	Title string `da:"Navn" en:"Name" is:"title sort"`
	Owner string `da:"Ejer" en:"Owner" is:"ref:position"`
}

var assets = record.New(record.Register[asset]{Name: "asset", One: i18n.Text{"Aktiv", "Asset"}, Many: i18n.Text{"Aktiver", "Assets"}, About: i18n.Text{"Aktiver.", "Assets."},
	Schema: fstest.MapFS{"0001.sql": {Data: []byte(`CREATE TABLE asset (id TEXT PRIMARY KEY, version BIGINT NOT NULL, unit TEXT NOT NULL, updated_at TEXT NOT NULL,
		updated_by TEXT NOT NULL, search TEXT NOT NULL, title TEXT NOT NULL, title_sort TEXT NOT NULL, owner TEXT NOT NULL);`)}}})

// owning is an office in which olga, the chief of unit a, owns three assets;
// beside her stand a leader of the municipality and somebody with her title.
func owning(t *testing.T, fn func(*office)) {
	m := kit.Module(kit.Register[asset]{Register: assets, See: []access.Role{access.Coordinator}, Edit: []access.Role{access.Coordinator}})
	inOffice(t, func(o *office) {
		o.do(func(w *store.Write) error {
			for _, p := range []people.Position{{Head: record.Head{ID: "chief", Unit: "a"}, Title: "Chef", Level: 2}, {Head: record.Head{ID: "twin", Unit: "a"}, Title: "Chef", Level: 2},
				{Head: record.Head{ID: "top-leader", Unit: people.Top}, Title: "Direktør", Level: 1}, {Head: record.Head{ID: "clerk", Unit: "a"}, Title: "Fuldmægtig"}} {
				if err := people.Positions.Add(w, &p); err != nil {
					return err
				}
			}
			for _, n := range [][2]string{{"olga", "chief"}, {"dan", "top-leader"}, {"karl", "clerk"}} {
				if err := people.Persons.Add(w, &people.Person{Head: record.Head{ID: n[0], Unit: "a"}, Number: n[0], Name: strings.ToUpper(n[0]), Category: "employee"}); err != nil {
					return err
				}
				if err := people.Holdings.Add(w, &people.Holding{Head: record.Head{Unit: "a"}, Person: n[0], Position: n[1], Starts: "2025-01-01"}); err != nil {
					return err
				}
			}
			for _, id := range []string{"one", "two", "three"} {
				if err := assets.Add(w, &asset{Head: record.Head{ID: id, Unit: "a"}, Title: "Aktiv " + id, Owner: "chief"}); err != nil {
					return err
				}
			}
			return nil
		})
		fn(o)
	}, m)
}

func (o *office) vacancies() (out []people.Vacancy) {
	o.Helper()
	err := o.s.View(access.With(o.Context(), o.who), people.HandOver, func(q *store.Read) (err error) {
		out, err = people.Vacancies(q, "", 10)
		return err
	})
	if err != nil {
		o.Fatal(err)
	}
	return out
}

// leave ends somebody's access at this moment.
func (o *office) leave(person string) {
	o.do(func(w *store.Write) error {
		_, err := people.Leave(w, person, "", true)
		return err
	})
}

func TestWhatALeaverOwnedIsWithoutOwnerAtOnceAndHasAnHeir(t *testing.T) {
	owning(t, func(o *office) {
		if v := o.vacancies(); len(v) != 0 {
			t.Errorf("while she is here: %+v", v)
		}
		o.leave("olga")
		heir := func(want, why string) {
			t.Helper()
			v := o.vacancies()
			if len(v) != 1 || v[0].Position != "chief" || v[0].Records != 3 || v[0].Last != "OLGA" || v[0].Heir.Position != want || v[0].Heir.Why[1] != why {
				t.Errorf("got %+v, want %s (%s)", v, want, why)
			}
		}
		heir("top-leader", "manager")
		o.do(func(w *store.Write) error {
			return people.Holdings.Add(w, &people.Holding{Head: record.Head{Unit: "a"}, Person: "karl", Position: "twin", Starts: "2025-01-01"})
		})
		heir("twin", "same position")
		o.do(func(w *store.Write) error {
			return people.Deputies.Add(w, &people.Deputy{Head: record.Head{Unit: "a"}, Absent: "chief", Position: "clerk", Starts: "2025-01-01"})
		})
		heir("clerk", "deputy")
		if n := o.count(`SELECT count(*) FROM (` + strings.ReplaceAll(strings.ReplaceAll(vacant.Query, ":scope(t.unit)", "1 = 1"), ":today", "'2026-03-02'") + `) AS waiting`); n != 1 {
			t.Errorf("%d tasks wait, want 1", n)
		}
		o.who.May[people.HandOver] = access.Reach{Tops: []string{"nowhere"}}
		if v := o.vacancies(); len(v) != 0 {
			t.Errorf("out of reach: %+v", v)
		}
	})
}

func TestWhatAPositionOwnsIsHandedOverAndBack(t *testing.T) {
	owning(t, func(o *office) {
		o.leave("olga")
		owner := func(position string) (n int) {
			return o.count(`SELECT count(*) FROM asset WHERE owner = '` + position + `'`)
		}
		page := o.ask("GET", "/position/chief/handover", "", "").Body.String()
		for _, says := range []string{"Aktiv one", "Assets", "The position owns", `value="Direktør"`} {
			if !strings.Contains(page, says) {
				t.Errorf("the page does not say %q", says)
			}
		}
		for what, form := range map[string]url.Values{
			"to nobody": {"taker": {""}, "record": {"one"}}, "to who is not there": {"taker": {"Kejser"}, "record": {"one"}}, "nothing": {"taker": {"Direktør"}},
			"to itself": {"taker": {"Chef"}, "record": {"one"}},
		} {
			if w := o.post("/position/chief/handover", form); w.Code != http.StatusUnprocessableEntity || owner("chief") != 3 {
				t.Errorf("%s: %d", what, w.Code)
			}
		}
		w := o.post("/position/chief/handover", url.Values{"taker": {"Direktør"}, "record": {"one", "two"}, "reason": {"Olga er rejst"}})
		if w.Code != http.StatusSeeOther || owner("top-leader") != 2 || owner("chief") != 1 {
			t.Fatalf("two of three: %d %s", w.Code, w.Body)
		}
		at := w.Header().Get("Location")
		o.do(func(w *store.Write) error { // one of them gets an owner of its own meanwhile
			old, err := assets.Get(&w.Read, "two")
			if err != nil {
				return err
			}
			is := old
			is.Owner = "clerk"
			return assets.Replace(w, old, &is)
		})
		if page := o.ask("GET", at, "", "").Body.String(); !strings.Contains(page, "another owner since") || !strings.Contains(page, "Aktiv one") {
			t.Errorf("what was handed over: %s", page)
		}
		if w := o.post(at+"/undo", nil); w.Code != http.StatusSeeOther || owner("chief") != 2 || owner("clerk") != 1 || owner("top-leader") != 0 {
			t.Errorf("undone: %d, chief owns %d, clerk %d", w.Code, owner("chief"), owner("clerk"))
		}
		if w := o.post(at+"/undo", nil); w.Code == http.StatusSeeOther {
			t.Error("undone twice")
		}
		o.who.May[people.HandOver] = access.Reach{Tops: []string{"nowhere"}}
		if w := o.ask("GET", at, "", ""); w.Code != http.StatusNotFound {
			t.Errorf("out of reach: %d", w.Code)
		}
		if w := o.post("/position/chief/handover", url.Values{"taker": {"Direktør"}, "record": {"one"}}); w.Code == http.StatusSeeOther || owner("chief") != 2 {
			t.Errorf("out of reach: %d", w.Code)
		}
	})
}

func TestWhoTakesOverIsToldAndToldAgainWhenItIsTakenBack(t *testing.T) {
	owning(t, func(o *office) {
		give := func(records ...string) string {
			return o.post("/position/chief/handover", url.Values{"taker": {"Direktør"}, "record": records}).Header().Get("Location")
		}
		said := func(want string) {
			t.Helper()
			if got := strings.ReplaceAll(o.text(`SELECT person || ': ' || text_en || ' ' || why_en || ' ' || path FROM work_notice WHERE mailed = ''`), "\u00a0", " "); got != want {
				t.Errorf("told %q, want %q", got, want)
			}
		}
		at := give("one", "two")
		said("dan: Your position is now responsible for 2 records that belonged to Chef. You hold the position Direktør. /position/top-leader")
		o.post(at+"/undo", nil)
		if n := o.count(`SELECT count(*) FROM work_notice`); n != 0 {
			t.Errorf("of what was undone before the day's mail, %d are told", n)
		}
		at = give("one")
		if err := o.s.Work(o.Context(), func(w *store.Work) error { return w.Do(`UPDATE work_notice SET mailed = :now`, nil) }); err != nil {
			t.Fatal(err)
		}
		o.post(at+"/undo", nil)
		said("dan: Your position is no longer responsible for 1 record from Chef. The hand-over was undone. You hold the position Direktør. /position/top-leader")
	})
}

func TestPanelsSayFromWhenUntilWhen(t *testing.T) {
	owning(t, func(o *office) {
		o.do(func(w *store.Write) error {
			return w.Do(ref.Ref{Kind: "holding", ID: o.text(`SELECT id FROM holding WHERE person = 'olga'`)},
				`UPDATE holding SET version = version + 1, updated_at = :now, updated_by = :actor, ends = '2026-12-31' WHERE person = 'olga'`, nil)
		})
		err := o.s.Peek(o.Context(), func(q *store.Read) error {
			of, err := seats(q, i18n.Da, people.Person{Head: record.Head{ID: "olga"}})
			by, wrong := holders(q, i18n.Da, people.Position{Head: record.Head{ID: "chief"}})
			for _, page := range []template.HTML{of, by} {
				if !strings.Contains(string(page), "1.1.2025–31.12.2026") || strings.Contains(string(page), "2026-") {
					t.Errorf("the panel says %s", page)
				}
			}
			return errors.Join(err, wrong)
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestAUnitSaysWhatIsPlannedAndWhatGoesAlong(t *testing.T) {
	owning(t, func(o *office) {
		o.do(func(w *store.Write) error {
			for _, u := range [][2]string{{"b", people.Top}, {"a1", "a"}, {"a11", "a1"}} {
				if err := people.Units.Add(w, &people.Unit{Head: record.Head{ID: u[0], Unit: u[1]}, Number: u[0], Name: "Enhed " + u[0], Kind: "team"}); err != nil {
					return err
				}
			}
			return people.Holdings.Add(w, &people.Holding{Head: record.Head{Unit: "a"}, Person: "karl", Position: "chief", Starts: "2025-01-01"})
		})
		move := url.Values{"act": {"move"}, "target": {"b"}, "effective": {"2027-01-01"}}
		shows := func(path string, words ...string) {
			t.Helper()
			page := o.ask("GET", path, "", "").Body.String()
			for _, word := range words {
				if !strings.Contains(strings.ReplaceAll(page, "\u00a0", " "), word) {
					t.Errorf("%s lacks %q: %s", path, word, page)
				}
			}
		}
		shows("/unit/a/change?"+move.Encode(), "2 units below move along")
		if w := o.post("/unit/a/change", move); w.Code != http.StatusSeeOther {
			t.Fatalf("got %d: %s", w.Code, w.Body)
		}
		shows("/unit/a", "What is planned", "from 1 Jan 2027", "KARL and 1 more")
		if page := o.ask("GET", "/unit/a1", "", "").Body.String(); strings.Contains(page, "What is planned") {
			t.Error("a unit of which nothing is planned says that something is")
		}
	})
}

func TestASearchFindsTheUnitsOfTheDay(t *testing.T) {
	owning(t, func(o *office) {
		change := func(unit string, form url.Values) {
			t.Helper()
			if w := o.post("/unit/"+unit+"/change", form); w.Code != http.StatusSeeOther {
				t.Fatalf("%s: %d %s", unit, w.Code, w.Body)
			}
		}
		o.do(func(w *store.Write) error {
			return errors.Join(people.Units.Add(w, &people.Unit{Head: record.Head{ID: "b", Unit: people.Top}, Number: "b", Name: "Åbrug", Kind: "team"}),
				people.Units.Add(w, &people.Unit{Head: record.Head{ID: "d", Unit: people.Top}, Number: "d", Name: "Drift", Kind: "team"}))
		})
		o.do(func(w *store.Write) error {
			return errors.Join(w.Note(ref.Ref{Kind: "unit", ID: people.Top}), w.Also(`UPDATE unit_span SET starts = '2025-01-01'`, nil))
		})
		change("b", url.Values{"act": {"rename"}, "name": {"Havn"}, "effective": {"2026-02-01"}})
		change("b", url.Values{"act": {"close"}, "target": {"a"}, "effective": {"2026-03-01"}})
		change("a", url.Values{"act": {"split"}, "name": {"Enhed c"}, "number": {"c"}, "effective": {"2026-02-01"}})
		change("d", url.Values{"act": {"rename"}, "name": {"Ørne"}, "effective": {"2026-12-01"}})
		change("a", url.Values{"act": {"split"}, "name": {"Østkyst"}, "number": {"oest"}, "effective": {"2026-12-01"}})
		change("a", url.Values{"act": {"close"}, "target": {people.Top}, "effective": {"2027-01-01"}})
		for at, want := range map[string]string{"%C3%A5brug 2026-01-31": "Åbrug", "%25 2026-01-31": "", "Havn 2026-02-28": "Havn", "Havn 2026-03-02": "", "%C3%A5brug 2026-03-02": "",
			"Enhed+c 2026-01-31": "", "Enhed+c 2026-03-02": "Enhed c", "Enhed+a 2026-03-02": "Enhed a", "Enhed+a 2027-01-02": "",
			"%C3%B8rne 2026-11-30": "", "%C3%B8rne 2026-12-01": "Ørne", "Drift 2026-11-30": "Drift", "Drift 2026-12-01": "", "%C3%B8stkyst 2026-11-30": "", "%C3%98STKYST 2026-12-02": "Østkyst"} {
			words, day, _ := strings.Cut(at, " ")
			page := o.ask("GET", "/organisation?q="+words+"&date="+day, "", "").Body.String()
			_, list, _ := strings.Cut(page, `role="status">`)
			list, plans, _ := strings.Cut(list, `<aside`)
			if _, name, ok := strings.Cut(list, `<li><span><a href="/unit`); ok != (want != "") || ok && !strings.Contains(name, ">"+want+"<") {
				t.Errorf("%s on %s: %s", words, day, list)
			}
			if !strings.Contains(plans, "/unit_change/") {
				t.Errorf("beside a search nothing is planned: %s", plans)
			}
		}
	})
}
