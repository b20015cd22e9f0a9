package document

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"vaern/internal/people"
	"vaern/internal/store"
)

// upload hands a file in and returns the answer.
func upload(t *testing.T, h http.Handler, name, text string) *httptest.ResponseRecorder {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	part.Write([]byte(text))
	m.Close()
	r := httptest.NewRequest(http.MethodPost, "/policy/import", &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

var inputs = regexp.MustCompile(`<input[^>]* name="([a-z_]+)"[^>]* value="([^"]*)"`)
var areas = regexp.MustCompile(`(?s)<textarea[^>]* name="([a-z_]+)"[^>]*>(.*?)</textarea>`)

// fields are what a browser would send of a page's forms.
func fields(page string) url.Values {
	out := url.Values{}
	unescape := strings.NewReplacer("&amp;", "&", "&#34;", `"`, "&#39;", "'", "&lt;", "<", "&gt;", ">", "&#43;", "+")
	for _, m := range append(inputs.FindAllStringSubmatch(page, -1), areas.FindAllStringSubmatch(page, -1)...) {
		out.Add(m[1], unescape.Replace(m[2]))
	}
	return out
}

func TestAPolicyIsImportedInTheBrowser(t *testing.T) {
	each(t, func(t town) {
		h := t.as("coord", coordinator...)
		holds(t.T, get(h, "/policy/import"), 200, "data-drop", "Læs filen")
		at := upload(t.T, h, "politik.txt", invented).Header().Get("Location")
		page := get(h, at)
		holds(t.T, page, 200, "Læst", "Forstået", "Bekræft 8 sætninger", `id="c-2.2"`, `data-pair="2.2"`, "Byrådet", "Handler nok om", `href="#approvals"`)
		holds(t.T, get(h, "/policy/import"), 200, "Indlæsninger, du ikke er færdig med", at)
		if w := get(t.as("other", coordinator...), at); w.Code != 404 {
			t.Errorf("somebody else sees the import: %d", w.Code)
		}

		form := fields(page.Body.String())
		form.Set("version", "1.5")
		form["approval_body"][2], form["approval_date"][2] = "Informationssikkerhedsudvalget", "12.3.2025"
		form.Set("do", "update")
		if w := post(h, at, form); w.Code != 303 {
			t.Fatalf("update: %d %s", w.Code, w.Body)
		}
		page = get(h, at)
		holds(t.T, page, 200, `value="1.5"`, `value="12.3.2025"`)
		if strings.Contains(page.Body.String(), "Der er ingen dateret godkendelse fra informationssikkerhedsudvalget") {
			t.Error("the finding stays after the approval was added")
		}
		t.view(func(q *store.Read) error {
			var n int
			err := q.Row(`SELECT count(*) FROM edition`, nil, &n)
			if n != 0 {
				t.Errorf("%d versions are stored before anybody confirmed", n)
			}
			return err
		})

		form = fields(page.Body.String())
		form.Set("do", "confirm")
		w := post(h, at, form)
		if w.Code != 303 {
			t.Fatalf("confirm: %d %s", w.Code, w.Body)
		}
		holds(t.T, get(h, w.Header().Get("Location")), 200, "Politik for informationssikkerhed 1.5", "Byrådet", "er besluttet", `id="c-2.2"`)
		if w := get(h, at); w.Code != 404 {
			t.Errorf("the import is still there: %d", w.Code)
		}
	})
}

func TestAnImportThatCannotBeStoredSaysWhyAndLosesNothing(t *testing.T) {
	each(t, func(t town) {
		h := t.as("coord", coordinator...)
		holds(t.T, upload(t.T, h, "billede.png", "\x89PNG\r\n\x1a\n"), 422, "Brug Word (.docx)")
		at := upload(t.T, h, "politik.txt", invented).Header().Get("Location")
		form := fields(get(h, at).Body.String())
		form.Set("title", "")
		form["approval_date"][0] = "engang"
		form.Set("do", "confirm")
		w := post(h, at, form)
		holds(t.T, w, 422, "Skriv politikkens titel.", `href="#title"`, `href="#approvals"`, "Byrådet")
		form.Set("do", "discard")
		if w := post(h, at, form); w.Header().Get("Location") != "/policy/import" {
			t.Errorf("discard: %d %s", w.Code, w.Body)
		}
		if w := get(h, at); w.Code != 404 {
			t.Errorf("the discarded import is still there: %d", w.Code)
		}
	})
}

func TestAVersionGoesItsWayInTheBrowser(t *testing.T) {
	each(t, func(t town) {
		d := t.document(Instruction, "IN-1")
		h, colleague := t.as("coord", coordinator...), t.as("other", coordinator...)
		page := get(h, "/document/"+d.ID+"/edition/new")
		holds(t.T, page, 200, `value="1.0"`, "data-editor", "data-draft")
		w := post(h, "/document/"+d.ID+"/edition", url.Values{"label": {"1.0"}, "dated": {"2026-03-01"}, "body": {simple}})
		at := w.Header().Get("Location")
		holds(t.T, get(h, at), 200, "Send i høring", `id="c-1.2"`, "kladde")
		post(h, at+"/submit", nil)
		holds(t.T, get(h, at), 200, "Høringen slutter", "Skriv en bemærkning")
		post(t.as("member", reader...), at+"/remark", url.Values{"clause": {"1.2"}, "text": {"Hvilken dør?"}})
		holds(t.T, get(h, at), 200, "Hvilken dør?", "Afslut")
		holds(t.T, post(h, at+"/decide", nil), 403, "En anden skal godkende")
		post(colleague, at+"/decide", nil)
		holds(t.T, get(h, at), 200, "Sæt version 1.0 i kraft")
		holds(t.T, post(h, at+"/publish", url.Values{"from": {"2027-01-01"}}), 422, "ligger i fremtiden")
		post(h, at+"/publish", url.Values{"from": {"2026-03-01"}})
		holds(t.T, get(t.as("anybody", "document.see"), at), 200, "gældende", "Lås skærmen")
		holds(t.T, get(h, "/document/"+d.ID), 200, "Version 1.0", "Ny version")

		if w := get(h, "/document/"+d.ID+"/edition/new"); !strings.Contains(w.Body.String(), `value="1.1"`) {
			t.Error("the next number is not proposed")
		}
	})
}

func TestAClashInTheBrowserShowsBothTexts(t *testing.T) {
	each(t, func(t town) {
		id := t.draft(t.document(Instruction, "IN-1"), "1.0", simple)
		t.must(Save(t.other, t.Store, id, 1, Text{Label: "1.0", Body: "Deres sætning står her."}))
		h := t.as("coord", coordinator...)
		w := post(h, "/edition/"+id, url.Values{"version": {"1"}, "label": {"1.0"}, "body": {"Min sætning står her."}})
		holds(t.T, w, 412, "Deres sætning står her.", "Min sætning står her.", `name="version" value="2"`, "<del>Deres </del>")
		w = post(h, "/edition/"+id, fields(w.Body.String()))
		if w.Code != 303 || t.edition(id).Body != "Min sætning står her." {
			t.Errorf("after the clash: %d, %q", w.Code, t.edition(id).Body)
		}
	})
}

func TestWhoWroteAVersionIsNotOfferedToDecideIt(t *testing.T) {
	each(t, func(t town) {
		id := t.draft(t.document(Instruction, "IN-1"), "1.0", simple)
		t.must(Submit(t.coord, t.Store, id))
		const button = `action="/edition/%s/decide"`
		if w := get(t.as("coord", coordinator...), "/edition/"+id); strings.Contains(w.Body.String(), fmt.Sprintf(button, id)) || !strings.Contains(w.Body.String(), "Du har selv skrevet versionen, så en anden") {
			t.Error("who wrote it is offered to decide it")
		}
		page := get(t.as("other", coordinator...), "/edition/"+id)
		holds(t.T, page, 200, fmt.Sprintf(button, id), "skal intet udvalg godkende")
		if strings.Contains(page.Body.String(), "Alle, der skal godkende") {
			t.Error("nobody must approve an instruction, and still all are said to have")
		}
	})
}

func TestAFormWithMistakesKeepsWhatWasTyped(t *testing.T) {
	each(t, func(t town) {
		d := t.document(Instruction, "IN-1")
		w := post(t.as("coord", coordinator...), "/document/"+d.ID+"/edition", url.Values{"label": {""}, "body": {"Skrevet med møje."}})
		holds(t.T, w, 422, "Skrevet med møje.", `href="#label"`)
	})
}

func TestVersionsAreComparedClauseByClause(t *testing.T) {
	each(t, func(t town) {
		d := t.document(Instruction, "IN-1")
		one := t.draft(d, "1.0", simple+"\nMeld fejl til it-vagten samme dag, du ser dem.\n")
		two := t.draft(d, "1.1", strings.Replace(simple, "din plads", "din egen plads", 1)+"\nHusk nøglen.\n")
		h := t.as("coord", coordinator...)
		holds(t.T, get(h, "/edition/"+two+"/compare?with="+one), 200, "<ins>egen </ins>", "<ins>Husk nøglen.</ins>", "<del>Meld fejl", "1 uændret sætning")
		if w := get(h, "/edition/"+two+"/compare?with=nothing"); w.Code != 404 {
			t.Errorf("compared with nothing: %d", w.Code)
		}
		const before = "# Instruks\n\n## 1. Pladsen\n\nRyd bordet hver aften, før du går hjem.\n\nLås skærmen, når du rejser dig.\n\n## 2. Nøglen\n\nHusk nøglen, når du går.\n"
		moved := strings.Replace(before, "Ryd bordet hver aften, før du går hjem.\n\n", "", 1) + "\nRyd bordet hver aften, før du går hjem.\n"
		one, two = t.draft(d, "2.0", before), t.draft(d, "2.1", moved)
		holds(t.T, get(h, "/edition/"+two+"/compare?with="+one), 200, `<h2 class="prose">2 Nøglen</h2>`, "<strong>flyttet</strong><br>fra 1 Pladsen", "2 uændrede sætninger")
	})
}

func TestThemesAreAcceptedOneByOneOrAllAtOnce(t *testing.T) {
	each(t, func(t town) {
		id := t.draft(t.document(Policy, "P-01"), "1.0", simple)
		h := t.as("coord", coordinator...)
		at := "/edition/" + id + "/themes"
		holds(t.T, get(h, at), 200, "2 sætninger venter", "Bekræft alle forslag", "Ingen temaer")
		holds(t.T, post(h, at, url.Values{"clause": {"1.1"}, "themes": {"magic"}}), 422, "Vælg temaer fra listen.")
		post(h, at, url.Values{"clause": {"1.1"}, "themes": {"physical-security", "awareness"}})
		holds(t.T, get(h, at), 200, "1 sætning venter", "bekræftet", `value="physical-security" checked`)
		post(h, at, nil)
		holds(t.T, get(h, at), 200, "Alle sætninger er på plads")
	})
}

func TestTheTextIsPrintedAsTaggedPDF(t *testing.T) {
	each(t, func(t town) {
		id := t.draft(t.document(Guideline, "RL/1"), "1.0", simple)
		t.approve(id, t.body(people.Committee), "2026-03-01")
		w := get(t.as("coord", coordinator...), "/edition/"+id+"/pdf")
		if w.Code != 200 || w.Header().Get("Content-Type") != "application/pdf" || !strings.Contains(w.Header().Get("Content-Disposition"), "RL_1-1.0.pdf") {
			t.Fatalf("got %d %v", w.Code, w.Header())
		}
		for _, want := range []string{"/StructTreeRoot", "/H1", "/Table"} {
			if !bytes.Contains(w.Body.Bytes(), []byte(want)) {
				t.Errorf("the file lacks %s", want)
			}
		}
	})
}

func TestOnlyWhoMayDoesIt(t *testing.T) {
	each(t, func(t town) {
		d := t.document(Instruction, "IN-1")
		id := t.draft(d, "1.0", simple)
		readers := t.as("member", reader...)
		holds(t.T, get(readers, "/edition/"+id), 200, "Forfatteren arbejder på kladden.")
		for _, path := range []string{"/policy/import", "/edition/" + id + "/edit", "/edition/" + id + "/themes", "/document/" + d.ID + "/edition/new"} {
			if w := get(readers, path); w.Code != 403 {
				t.Errorf("GET %s: got %d, want 403", path, w.Code)
			}
		}
		for _, act := range []string{"", "/submit", "/return", "/decide", "/publish", "/themes"} {
			if w := post(readers, "/edition/"+id+act, nil); w.Code != 403 {
				t.Errorf("POST %s: got %d, want 403", act, w.Code)
			}
		}
		if w := get(t.as("anybody", "document.see"), "/edition/"+id); w.Code != 404 {
			t.Errorf("a draft shows to everybody: %d", w.Code)
		}
	})
}

func TestAPageAsksTheDatabaseNoMoreForMoreClauses(t *testing.T) {
	each(t, func(t town) {
		d := t.document(Policy, "P-01")
		h := t.as("coord", coordinator...)
		cost := func(clauses int) string {
			body := "## 1. Krav\n"
			for i := range clauses {
				body += fmt.Sprintf("\nKrav nummer %d skal være opfyldt hver dag.\n", i)
			}
			id := t.draft(d, fmt.Sprint(clauses), body)
			var out []int64
			for _, page := range []string{"", "/themes", "/compare", "/pdf"} {
				from := t.Statements()
				if w := get(h, "/edition/"+id+page); w.Code != 200 {
					t.Fatalf("%s: %d %s", page, w.Code, w.Body)
				}
				out = append(out, t.Statements()-from)
			}
			return fmt.Sprint(out)
		}
		cost(1) // from the second version on there is one to compare with
		if few, many := cost(2), cost(40); few != many {
			t.Errorf("2 clauses cost %s statements, 40 cost %s", few, many)
		}
	})
}

func TestProgramsReadVersions(t *testing.T) {
	each(t, func(t town) {
		d := t.document(Instruction, "IN-1")
		id := t.draft(d, "1.0", simple)
		h := t.as("coord", coordinator...)
		holds(t.T, get(h, "/api/v1/editions/"+id), 200, `"label":"1.0"`, `"state":"draft"`, `"id":"1.2"`)
		holds(t.T, get(h, "/api/v1/documents/"+d.ID+"/editions"), 200, id)
		if w := get(t.as("anybody", "document.see"), "/api/v1/editions/"+id); w.Code != 404 {
			t.Errorf("a draft shows to every program: %d", w.Code)
		}
	})
}
