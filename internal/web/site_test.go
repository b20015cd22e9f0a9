package web_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/store/storetest"
	"vaern/internal/web"
)

// site has a few routes; who asks is what the header Who says.
func site(t *testing.T) *web.Site {
	s := storetest.Open(t, storetest.URLs(t)[0])
	site := web.New(s, func(r *http.Request) (access.Actor, error) {
		switch who := r.Header.Get("Who"); who {
		case "":
			return access.Actor{}, nil
		case "broken":
			return access.Actor{}, errors.New("the database is gone")
		default:
			return storetest.Actor(who, access.Reach{Whole: true}, "thing.see"), nil
		}
	})
	ok := func(w http.ResponseWriter, r *http.Request) error {
		_, err := w.Write([]byte("ok"))
		return err
	}
	site.Handle("GET /thing", "thing.see", ok)
	site.Handle("POST /thing", "thing.see", ok)
	site.Handle("GET /secret", "thing.secret", ok)
	site.Handle("GET /bug", "thing.see", func(http.ResponseWriter, *http.Request) error { return errors.New("password=hunter2") })
	site.Handle("GET /wrong", "thing.see", func(http.ResponseWriter, *http.Request) error {
		return problem.Field("due", "<b>Datoen</b> er forkert.", "The date is wrong.")
	})
	site.Handle("POST /done", "thing.see", func(w http.ResponseWriter, r *http.Request) error {
		return site.Done(w, r, "/wrong", i18n.Text{"Gemt: <i>æ</i>", "Saved"})
	})
	return site
}

func ask(s *web.Site, method, path string, head ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(head); i += 2 {
		r.Header.Set(head[i], head[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestRouteAdmitsOnlyItsPermission(t *testing.T) {
	s := site(t)
	for _, c := range []struct {
		method, path, who string
		want              int
	}{
		{"GET", "/thing", "anna", 200}, {"GET", "/secret", "anna", 403}, {"GET", "/thing", "", 303}, {"POST", "/thing", "", 401}, {"GET", "/nothing", "anna", 404},
	} {
		if w := ask(s, c.method, c.path, "Who", c.who); w.Code != c.want {
			t.Errorf("%s %s as %q: %d, want %d", c.method, c.path, c.who, w.Code, c.want)
		}
	}
	if w := ask(s, "GET", "/thing?a=1"); w.Header().Get("Location") != "/sign-in?next=%2Fthing%3Fa%3D1" {
		t.Errorf("who is not signed in goes to %s", w.Header().Get("Location"))
	}
}

func TestARouteWithoutAPermissionDoesNotStart(t *testing.T) {
	s := site(t)
	defer func() {
		if recover() == nil {
			t.Error("it starts")
		}
	}()
	s.Handle("GET /open", "", nil)
}

func TestErrorsExplainThemselvesAndTellNoSecret(t *testing.T) {
	s := site(t)
	w := ask(s, "GET", "/bug", "Who", "anna")
	number := w.Header().Get("X-Request-Id")
	if w.Code != 500 || strings.Contains(w.Body.String(), "hunter2") || number == "" || !strings.Contains(w.Body.String(), number) {
		t.Errorf("an internal error: %d, number %q", w.Code, number)
	}
	w = ask(s, "GET", "/wrong", "Who", "anna")
	if w.Code != 422 || strings.Contains(w.Body.String(), "<b>Datoen") || !strings.Contains(w.Body.String(), "Datoen") {
		t.Errorf("a field's error: %d %s", w.Code, w.Body)
	}
	if w = ask(s, "GET", "/thing", "Who", "broken"); w.Code != 500 {
		t.Errorf("who cannot be told: %d, want 500", w.Code)
	}
	if w = ask(s, "GET", "/api/v1/thing", "Who", "broken"); w.Code != 500 || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("a program that cannot be identified gets %d %s", w.Code, w.Header().Get("Content-Type"))
	}
}

func TestAPageThatIsOverIsNotSaidToBeNone(t *testing.T) {
	s := site(t)
	s.Handle("GET /over", "thing.see", func(http.ResponseWriter, *http.Request) error {
		return problem.New(problem.NotFound, "Linket virker ikke længere.", "The link does not work any more.")
	})
	for path, none := range map[string]bool{"/over": false, "/nothing": true} {
		if w := ask(s, "GET", path, "Who", "anna"); w.Code != 404 || strings.Contains(w.Body.String(), "Siden findes ikke") != none {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

func TestWhatNobodyWaitsForIsNoFault(t *testing.T) {
	s := site(t)
	s.Handle("GET /long", "thing.see", func(_ http.ResponseWriter, r *http.Request) error { return fmt.Errorf("asking: %w", context.Canceled) })
	var log bytes.Buffer
	defer slog.SetDefault(slog.Default())
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
	if w := ask(s, "GET", "/long", "Who", "anna"); w.Code != 499 || log.Len() > 0 {
		t.Errorf("answered %d, and the log says %s", w.Code, log.String())
	}
	if ask(s, "GET", "/bug", "Who", "anna"); log.Len() == 0 {
		t.Error("a fault is not logged")
	}
}

// TestEveryAnswerIsGuarded looks at what browsers are told, of a page, a mistake and
// what is not there.
func TestEveryAnswerIsGuarded(t *testing.T) {
	s := site(t)
	s.Secure = true
	for _, path := range []string{"/thing", "/wrong", "/nothing", "/bug", "/thing?a=%ff"} {
		w := ask(s, "GET", path, "Who", "anna")
		for name, want := range map[string]string{
			"X-Content-Type-Options":     "nosniff",
			"Referrer-Policy":            "same-origin",
			"Cross-Origin-Opener-Policy": "same-origin",
			"Cache-Control":              "no-store",
			"Strict-Transport-Security":  "max-age=31536000; includeSubDomains",
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
	}
	for _, path := range []string{"/thing?a=%ff", "/thing?%00=a", "/thing/%ff", "/thing?a=1%00"} {
		if w := ask(s, "GET", path, "Who", "anna"); w.Code != 400 {
			t.Errorf("%s is no text: %d", path, w.Code)
		}
	}
}

func TestPagesAreStrict(t *testing.T) {
	w := ask(site(t), "GET", "/wrong", "Who", "anna")
	csp := w.Header().Get("Content-Security-Policy")
	if !strings.Contains(csp, "default-src 'self'") || strings.Contains(csp, "unsafe") {
		t.Errorf("policy %q", csp)
	}
	for _, bad := range []string{"<script>", " style=", " onclick=", "http://", "https://"} {
		if strings.Contains(w.Body.String(), bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
}

func TestAnotherSiteCannotPost(t *testing.T) {
	s := site(t)
	if w := ask(s, "POST", "/thing", "Who", "anna", "Sec-Fetch-Site", "cross-site"); w.Code != 403 {
		t.Errorf("a post from elsewhere: %d, want 403", w.Code)
	}
	if w := ask(s, "POST", "/thing", "Who", "anna", "Sec-Fetch-Site", "same-origin"); w.Code != 200 {
		t.Errorf("a post from here: %d, want 200", w.Code)
	}
}

func TestLanguageIsChosenAndKept(t *testing.T) {
	s := site(t)
	for _, c := range []struct{ path, accept, cookie, want string }{
		{"/wrong", "", "", `lang="da"`}, {"/wrong", "en-GB,da", "", `lang="en"`}, {"/wrong", "en", "lang=da", `lang="da"`}, {"/wrong?lang=en", "da", "", `lang="en"`},
	} {
		w := ask(s, "GET", c.path, "Who", "anna", "Accept-Language", c.accept, "Cookie", c.cookie)
		if !strings.Contains(w.Body.String(), "<html "+c.want) {
			t.Errorf("%+v: another language", c)
		}
	}
}

func TestWhatWasDoneIsSaidOnce(t *testing.T) {
	s := site(t)
	w := ask(s, "POST", "/done", "Who", "anna")
	cookie := w.Header().Get("Set-Cookie")
	name, _, _ := strings.Cut(cookie, ";")
	w = ask(s, "GET", "/wrong", "Who", "anna", "Cookie", name)
	if !strings.Contains(w.Body.String(), "Gemt: &lt;i&gt;æ") {
		t.Error("what was done is not said, or not escaped")
	}
	if !strings.Contains(w.Header().Get("Set-Cookie"), "Max-Age=0") {
		t.Error("it would be said again")
	}
}

// TestAnErrorAndItsLineInTheLogHaveTheSameNumber breaks in every way there is:
// on a page and for a program, by an error and by a panic.
func TestAnErrorAndItsLineInTheLogHaveTheSameNumber(t *testing.T) {
	s := site(t)
	broken := func(http.ResponseWriter, *http.Request) error { panic("index out of range") }
	s.Handle("GET /panic", "thing.see", broken)
	s.Handle("GET /api/panic", "thing.see", broken)
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
	defer slog.SetDefault(before)
	for path, who := range map[string]string{"/bug": "anna", "/panic": "anna", "/api/panic": "anna", "/api/thing": "broken", "/thing": "broken"} {
		log.Reset()
		w := ask(s, "GET", path, "Who", who)
		number := w.Header().Get("X-Request-Id")
		if w.Code != 500 || len(number) != 10 || !strings.Contains(w.Body.String(), number) {
			t.Errorf("%s as %s: %d, number %q, and it shows\n%s", path, who, w.Code, number, w.Body)
		}
		if !strings.Contains(log.String(), `"request":"`+number+`"`) {
			t.Errorf("%s as %s: %s is not in the log: %s", path, who, number, log.String())
		}
	}
	if w := ask(s, "GET", "/thing?a=%ff"); w.Header().Get("X-Request-Id") == "" {
		t.Error("an address that is not text has no number")
	}
}

func TestAPageOfAMistakeLeadsBackToWhereOneCameFrom(t *testing.T) {
	s := site(t)
	for from, want := range map[string]string{
		"http://example.com/thing?q=x": `href="/thing?q=x"`, "": "", "http://example.com/wrong": "", "https://evil.example/thing": "", "http://example.com//evil.example/": "",
	} {
		page := ask(s, "GET", "/wrong", "Who", "anna", "Referer", from, "Accept-Language", "da").Body.String()
		if back := strings.Contains(page, ">Tilbage</a>"); back != (want != "") || !strings.Contains(page, want) {
			t.Errorf("from %q: leads back: %v, want %q", from, back, want)
		}
		if !strings.Contains(page, "Gå tilbage, og ret det") || strings.Contains(page, "markerede felter") {
			t.Error("fields are said to be marked where there are none")
		}
	}
}

func TestWhatIsGivenToOthersHasThePublicAddress(t *testing.T) {
	r := httptest.NewRequest("GET", "http://inner:8080/kiosk", nil)
	for public, want := range map[string]string{"": "http://inner:8080/x", "https://vaern.example/": "https://vaern.example/x"} {
		if got := (&web.Site{Public: public}).Whole(r, "/x"); got != want {
			t.Errorf("%q: %s, not %s", public, got, want)
		}
	}
}
