package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/store/storetest"
	"vaern/internal/web"

	"github.com/danielgtaylor/huma/v2"
)

// offered is a site with one operation that changes and one that looks; the
// program Lise may only look.
func offered(t *testing.T, fn web.Endpoint) *web.Site {
	s := web.New(storetest.Open(t, storetest.URLs(t)[0]), func(r *http.Request) (access.Actor, error) {
		a := storetest.Actor(r.Header.Get("Who"), access.Reach{Whole: true}, "thing.see")
		a.Reads = a.ID == "lise"
		return a, nil
	})
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		s.Offer(web.Operation{Need: "thing.see", Operation: huma.Operation{Method: method, Path: "/api/v1/things", OperationID: method, Summary: "x",
			Parameters: []*huma.Param{{Name: "word", In: "query", Schema: &huma.Schema{Type: "string"}}}}}, fn)
	}
	return s
}

// TestAProgramsRequestIsInBoundsBeforeItIsRead sends what an operation must not see.
func TestAProgramsRequestIsInBoundsBeforeItIsRead(t *testing.T) {
	called := false
	s := offered(t, func(*web.Call) (*web.Answer, error) { called = true; return web.Say(http.StatusOK, "ok") })
	for name, c := range map[string]struct {
		method, query, body, who string
		code                     int
	}{
		"good":                   {"POST", "", `{"a":1}`, "anna", 200},
		"as much as is taken":    {"POST", "", `{"a":"` + strings.Repeat("x", 2<<20-8) + `"}`, "anna", 200},
		"a byte more":            {"POST", "", `{"a":"` + strings.Repeat("x", 2<<20-7) + `"}`, "anna", 413},
		"broken UTF-8":           {"POST", "", "{\"a\":\"\xff\"}", "anna", 400},
		"by who may only look":   {"POST", "", `{"a":1}`, "lise", 403},
		"looking":                {"GET", "?word=a", "", "lise", 200},
		"a parameter that is no": {"GET", "?wort=a", "", "anna", 422},
		"a parameter twice":      {"GET", "?word=a&word=b", "", "anna", 422},
		"an address of no text":  {"GET", "?word=%ff", "", "anna", 400},
	} {
		called = false
		r := httptest.NewRequest(c.method, "/api/v1/things"+c.query, strings.NewReader(c.body))
		r.Header.Set("Who", c.who)
		if c.body != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != c.code || called != (c.code == 200) {
			t.Errorf("%s: %d, handled %v, want %d", name, w.Code, called, c.code)
		}
	}
}

// TestOnesProgramsTakeNotAllThereIs keeps calls waiting: one more of the same
// person is refused, another's is not.
func TestOnesProgramsTakeNotAllThereIs(t *testing.T) {
	const atOnce = 64
	in, done := make(chan bool), make(chan bool)
	s := offered(t, func(c *web.Call) (*web.Answer, error) {
		if c.URL.Query().Get("word") == "wait" {
			in <- true
			<-done
		}
		return web.Say(http.StatusOK, "ok")
	})
	for range atOnce {
		go ask(s, "GET", "/api/v1/things?word=wait", "Who", "anna")
		<-in
	}
	if w := ask(s, "GET", "/api/v1/things", "Who", "anna"); w.Code != http.StatusTooManyRequests {
		t.Errorf("the %d. call at once: %d", atOnce+1, w.Code)
	}
	if w := ask(s, "GET", "/api/v1/things", "Who", "bo"); w.Code != http.StatusOK {
		t.Errorf("another's call: %d", w.Code)
	}
	close(done)
}
