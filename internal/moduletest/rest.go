package moduletest

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
)

const asJSON = "application/json"

// fault fails unless the answer is a problem with the status, in a language,
// that marks the places.
func (t *try) fault(w *httptest.ResponseRecorder, code int, at ...string) map[string]any {
	t.Helper()
	t.want(w, code)
	if kind := w.Header().Get("Content-Type"); kind != "application/problem+json" {
		t.Fatalf("%d comes as %s", code, kind)
	}
	var p map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p["status"] != float64(code) || p["detail"] == "" || !strings.HasPrefix(fmt.Sprint(p["instance"]), "urn:vaern:request:") {
		t.Fatalf("%d says %s", code, w.Body)
	}
	for _, place := range at {
		if !strings.Contains(w.Body.String(), `"location":"`+place+`"`) {
			t.Errorf("%d does not mark %s: %s", code, place, w.Body)
		}
	}
	return p
}

// programs tries what holds for every address that programs use.
func programs(t *try) {
	path := t.create(1, "a")
	w := t.want(t.get(path), 200)
	tag := w.Header().Get("ETag")
	t.want(t.send("GET", path, "", "", "If-None-Match", tag), 304)
	t.want(t.send("GET", path, "", "", "If-None-Match", `"0", W/`+tag), 304)
	t.want(t.send("GET", path, "", "", "If-None-Match", `"0"`), 200)
	t.want(t.send("HEAD", path, "", ""), 200)
	list := t.want(t.get(t.api()), 200)
	t.want(t.send("GET", t.api(), "", "", "If-None-Match", list.Header().Get("ETag")), 304)
	if !strings.Contains(list.Body.String(), `"next":""`) {
		t.Errorf("the last page says %s", list.Body)
	}
	for _, c := range [][3]string{{"DELETE", path, "GET, HEAD, PATCH"}, {"PUT", t.api(), "GET, HEAD, POST"}} {
		w := t.send(c[0], c[1], "", "")
		if t.fault(w, 405); w.Header().Get("Allow") != c[2] {
			t.Errorf("%s %s allows %q, want %q", c[0], c[1], w.Header().Get("Allow"), c[2])
		}
	}
	t.fault(t.get(t.api()+"/findes-ikke"), 404)
	t.fault(t.get(path+"/findes/ikke"), 404)
	t.fault(t.get(t.api()+"?soort=x"), 422, "query.soort")
	t.fault(t.get(t.api()+"?limit=0"), 422, "query.limit")
	t.fault(t.get(t.api()+"?limit=1e3"), 422, "query.limit")
	t.fault(t.get(t.api()+"?sort=findes_ikke"), 422, "query.sort")
	t.fault(t.get(t.api()+"?filter=findes_ikke+er+x"), 422, "query.filter")
	t.want(t.get(t.api()+"?filter=%22findes_ikke+er+x%22"), 200)
	t.fault(t.get(t.api()+"?cursor=x"), 422, "query.cursor")
	t.fault(t.get(t.api()+"?as_of=2026"), 422, "query.as_of")
	t.fault(t.get(t.api()+"?q=%ff"), 400)
	t.actor.ID = ""
	for _, c := range [][2]string{{"GET", t.api()}, {"GET", path}, {"POST", t.api()}, {"PATCH", path}, {"POST", t.api() + "/bulk"}} {
		w := t.send(c[0], c[1], asJSON, `{`) // who asks is asked first
		if t.fault(w, 401); w.Header().Get("WWW-Authenticate") == "" {
			t.Errorf("%s %s does not say how to identify oneself", c[0], c[1])
		}
	}
}

// brokenBodies tries what cannot be read, and what is of a wrong type.
func brokenBodies(t *try) {
	f := t.alterable()
	before := t.leaves()
	for _, body := range []string{``, `{`, `[]`, `null`, `"x"`, `{"a":1} {}`, `{"a":1}x`, "{\"a\":\"\xff\"}", `{"` + f.Name + `":"a","` + f.Name + `":"b"}`, `{"a":01}`} {
		t.fault(t.send("POST", t.api(), asJSON, body), 400)
	}
	for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=iso-8859-1"} {
		t.fault(t.send("POST", t.api(), kind, `{}`), 415)
	}
	t.fault(t.send("POST", t.api(), asJSON, `{}`, "Content-Encoding", "gzip"), 415)
	t.fault(t.send("POST", t.api(), asJSON, `{"`+f.Name+`":"`+strings.Repeat("x", 3<<20)+`"}`), 413)
	wrong := map[string]any{}
	var at []string
	for _, f := range t.m.Fields {
		if !f.Set {
			wrong[f.Name] = map[string]any{"huge": json.Number("1e400")}
			at = append(at, "body."+f.Name)
		}
	}
	wrong["findes_ikke"] = 1
	body, _ := json.Marshal(wrong)
	t.fault(t.send("POST", t.api(), asJSON, string(body)), 422, append(at, "body.findes_ikke")...)
	t.fault(t.send("POST", t.api(), asJSON, `{"`+f.Name+`":"\ud800"}`), 422, "body."+f.Name)
	for _, f := range t.m.Fields {
		if f.Set {
			t.fault(t.send("POST", t.api(), asJSON, `{"`+f.Name+`":null}`), 422, "body."+f.Name)
		}
	}
	for lang, says := range map[string]string{"da": "Feltet findes ikke", "en": "There is no such field"} {
		w := t.send("POST", t.api(), asJSON, `{"findes_ikke":1}`, "Accept-Language", lang)
		if t.fault(w, 422); w.Header().Get("Content-Language") != lang || !strings.Contains(w.Body.String(), says) {
			t.Errorf("in %s: %s", lang, w.Body)
		}
	}
	if n := t.leaves(); n != before {
		t.Errorf("what cannot be read left %d leaves", n-before)
	}
}

// versions tries If-Match as RFC 9110 has it.
func versions(t *try) {
	path := t.create(1, "a")
	for _, c := range []struct {
		tag  string
		code int
	}{{"", 428}, {"*", 428}, {`"7"`, 412}, {`W/"1"`, 412}, {"rubbish", 412}, {`"7", "1"`, 200}} {
		head := []string{"If-Match", c.tag}
		if c.tag == "" {
			head = nil
		}
		w := t.want(t.send("PATCH", path, asJSON, `{}`, head...), c.code)
		if c.code == 412 {
			if p := t.fault(w, 412); p["current"] == nil {
				t.Errorf("412 does not say what is so now: %s", w.Body)
			}
		}
	}
}

// safeAgain sends a create again, as a program does that heard no answer.
func safeAgain(t *try) {
	key := []string{"Idempotency-Key", "a key of mine"}
	body := t.body(t.sample(1, "a"))
	first := t.want(t.send("POST", t.api(), asJSON, body, key...), 201)
	before := t.leaves()
	again := t.want(t.send("POST", t.api(), asJSON, body, key...), 201)
	for _, name := range []string{"Location", "ETag"} {
		if first.Header().Get(name) != again.Header().Get(name) {
			t.Errorf("again it has another %s", name)
		}
	}
	if first.Body.String() != again.Body.String() || again.Header().Get("Idempotency-Replayed") != "true" {
		t.Errorf("again it says %s", again.Body)
	}
	t.fault(t.send("POST", t.api(), asJSON, t.body(t.sample(2, "a")), key...), 422, "header.Idempotency-Key")
	t.fault(t.send("POST", t.api(), asJSON, body, "Idempotency-Key", strings.Repeat("k", 256)), 422, "header.Idempotency-Key")
	if n := t.leaves(); n != before {
		t.Errorf("the same again left %d leaves", n-before)
	}
	var all sync.WaitGroup
	found := make([]string, 8)
	for i := range found {
		all.Go(func() {
			found[i] = t.send("POST", t.api(), asJSON, t.body(t.sample(3, "a")), "Idempotency-Key", "at once").Header().Get("Location")
		})
	}
	all.Wait()
	for _, at := range found {
		if at == "" || at != found[0] {
			t.Errorf("eight at once made %v", found)
			break
		}
	}
	t.as("bo") // another's key is another key
	other := t.want(t.send("POST", t.api(), asJSON, t.body(t.sample(4, "b")), key...), 201)
	if other.Header().Get("Location") == first.Header().Get("Location") {
		t.Error("somebody else gets the first one's answer")
	}
}

// manyAtOnce creates and patches many in one request.
func manyAtOnce(t *try) {
	path := t.create(1, "a")
	id := path[strings.LastIndex(path, "/")+1:]
	bulk := func(atomic bool, items ...string) *httptest.ResponseRecorder {
		return t.send("POST", t.api()+"/bulk", asJSON, fmt.Sprintf(`{"atomic":%v,"items":[%s]}`, atomic, strings.Join(items, ",")))
	}
	statuses := func(w *httptest.ResponseRecorder) (out []int) {
		var answer struct{ Items []struct{ Status int } }
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			t.Fatal(err)
		}
		for _, item := range answer.Items {
			out = append(out, item.Status)
		}
		return out
	}
	create := func(n int, unit string) string { return `{"create":` + t.body(t.sample(n, unit)) + `}` }
	patch := func(id string, version int) string {
		return fmt.Sprintf(`{"id":%q,"version":%d,"patch":%s}`, id, version, t.alteration(version+1))
	}
	before := t.leaves()
	wrong := []string{create(2, "a"), patch(id, 1), patch("findes-ikke", 1), create(3, "b"), `{"create":{"findes_ikke":1}}`, `{}`, patch(id, 1)}
	w := t.fault(bulk(true, wrong...), 422)
	if n := t.leaves(); n != before || fmt.Sprint(w["items"]) == "" {
		t.Errorf("all or nothing left %d leaves: %v", n-before, w)
	}
	some := t.want(bulk(false, wrong...), 200)
	if got := fmt.Sprint(statuses(some)); got != "[201 200 404 422 422 422 422]" {
		t.Errorf("each answered by its own status: %s in %s", got, some.Body)
	}
	if n := t.leaves(); n != before+2 {
		t.Errorf("two that were stored left %d leaves", n-before)
	}
	if got := fmt.Sprint(statuses(t.want(bulk(false, patch(id, 1)), 200))); got != "[412]" {
		t.Errorf("a stale one is answered %s", got)
	}
	if got := fmt.Sprint(statuses(t.want(bulk(true, create(4, "a"), patch(id, 2)), 200))); got != "[201 200]" {
		t.Errorf("all of them: %s", got)
	}
	t.fault(bulk(false), 422, "body.items")
	t.fault(bulk(false, strings.Split(strings.Repeat("{} ", 501), " ")[:501]...), 422, "body.items")
	t.as("anna", "edit")
	if got := fmt.Sprint(statuses(t.want(t.send("POST", t.api()+"/bulk", asJSON, `{"items":[`+create(5, "a")+`,`+patch(id, 3)+`]}`), 200))); got != "[403 200]" {
		t.Errorf("without the permission to create: %s", got)
	}
}

// onlyLooking lets a program that may only read change nothing.
func onlyLooking(t *try) {
	path := t.create(1, "a")
	t.actor.Reads = true
	before := t.leaves()
	t.want(t.get(path), 200)
	t.want(t.get(t.api()), 200)
	t.fault(t.send("POST", t.api(), asJSON, t.body(t.sample(2, "a"))), 403)
	t.fault(t.send("PATCH", path, asJSON, `{}`, "If-Match", `"1"`), 403)
	t.fault(t.send("POST", t.api()+"/bulk", asJSON, `{"items":[{"create":{}}]}`), 403)
	t.want(t.form(t.at(), t.sample(2, "a")), 403) // nor by any other way
	if n := t.leaves(); n != before && !t.m.Sensitive {
		t.Errorf("looking left %d leaves", n-before)
	}
}
