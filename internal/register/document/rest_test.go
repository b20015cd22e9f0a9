package document

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func send(h http.Handler, path, body string, head ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(head); i += 2 {
		r.Header.Set(head[i], head[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// A program does to a version what a person does on its page, by the same
// functions: what one is refused the other is refused too.
func TestAVersionGoesItsWayThroughREST(t *testing.T) {
	each(t, func(t town) {
		h, colleague := t.as("coord", coordinator...), t.as("other", coordinator...)
		d := t.document(Instruction, "I-1")
		const text = `{"label":"1.0","body":"# Formål\n\nAlle låser skærmen.\n"}`
		at := "/api/v1/documents/" + d.ID + "/editions"
		made := send(h, at, text, "Idempotency-Key", "en")
		holds(t.T, made, 201, `"state":"draft"`)
		version := made.Header().Get("Location")
		if again := send(h, at, text, "Idempotency-Key", "en"); again.Header().Get("Location") != version {
			t.Errorf("sent again it made %q", again.Header().Get("Location"))
		}
		holds(t.T, send(h, at, `{"label":1}`), 422, "body.label")
		holds(t.T, send(h, version+"/return", `{"reason":"nej"}`), 409, "kladde")
		holds(t.T, send(h, version+"/submit", ""), 200, `"state":"in_review"`)
		holds(t.T, send(h, version+"/return", `{}`), 422, "body.reason")
		holds(t.T, send(h, version+"/return", `{"reason":"For kort."}`), 200, `"state":"draft"`)
		holds(t.T, send(h, version+"/decide", ""), 403) // who wrote it
		holds(t.T, send(colleague, version+"/decide", `{"x":1}`), 422, "body.x")
		holds(t.T, send(colleague, version+"/decide", `{}`), 200, `"state":"decided"`)
		holds(t.T, send(colleague, version+"/publish", `{"from":"i går"}`), 422, "body.from")
		holds(t.T, send(t.as("reader", reader...), version+"/publish", ""), 403)
		holds(t.T, send(colleague, version+"/publish", ""), 200, `"state":"in_force"`)
		var v struct{ ID string }
		if err := json.Unmarshal(made.Body.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		holds(t.T, post(h, "/edition/"+v.ID+"/submit", url.Values{}), 409) // the other face knows
		holds(t.T, send(h, "/api/v1/editions/findes-ikke/submit", ""), 404)
	})
}
