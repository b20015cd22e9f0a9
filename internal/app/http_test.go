package app

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"vaern/internal/demo"
	"vaern/internal/i18n"
	"vaern/internal/store/storetest"
)

// TestServedProgram starts the program as make run does, uses it as people and
// programs do, stops it, and starts it again.
func TestServedProgram(t *testing.T) {
	if testing.Short() {
		t.Skip("filling the demo takes seconds")
	}
	for _, at := range storetest.URLs(t) {
		t.Run(engineOf(at), func(t *testing.T) {
			args := []string{"--data", t.TempDir()}
			if engineOf(at) == "postgres" {
				args = append(args, "--database", at)
			}
			first := start(t, append(args, "--demo")...)
			t.Logf("filled and up in %v", first.took)
			mail := coordinator(t)
			healthy(t, first.url)
			signsIn(t, first.url, mail)
			token := strings.TrimSpace(command(t, append([]string{"token", "add", "--person", mail, "--name", "prøve"}, args...)...))
			speaksREST(t, first.url, token)
			finishesWhatItBegan(t, first)
			first.stop(t)
			if !strings.Contains(first.guests, mail) || !strings.Contains(first.guests, demo.Password) {
				t.Errorf("it does not say who may sign in: %q", first.guests)
			}
			if out := command(t, append([]string{"ledger", "verify"}, args...)...); !strings.HasPrefix(out, "The ledger fits.") {
				t.Errorf("after it was stopped: %s", out)
			}

			again := start(t, append(args, "--demo")...)
			t.Logf("up again in %v", again.took)
			if again.took > 2*time.Second {
				t.Errorf("started again it is up in %v, more than two seconds", again.took)
			}
			signsIn(t, again.url, mail)
			again.stop(t)
		})
	}
}

// coordinator is the mail address of the demo's coordinator.
func coordinator(t *testing.T) string {
	t.Helper()
	for _, g := range demo.Guests(time.Now().In(i18n.Zone).Format(time.DateOnly)) {
		if strings.Contains(strings.ToLower(g.What), "koordinator") {
			return g.Mail
		}
	}
	t.Fatal("nobody coordinates the demo")
	return ""
}

// healthy asks what a monitor asks.
func healthy(t *testing.T, at string) {
	t.Helper()
	for path, want := range map[string]string{"/healthz": "ok", "/readyz": "ready", "/metrics": "vaern_ledger_leaves "} {
		r, body := ask(t, "GET", at+path, "")
		if r.StatusCode != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %d %.200s", path, r.StatusCode, body)
		}
	}
}

// TestMetricsStayOnThisMachine asks from elsewhere.
func TestMetricsStayOnThisMachine(t *testing.T) {
	each(t, func(t *testing.T, in *town) {
		for _, c := range []struct {
			from string
			open bool
			want int
		}{
			{"127.0.0.1:4711", false, 200}, {"[::1]:4711", false, 200},
			{"192.0.2.7:4711", false, 404}, {"", false, 404}, {"192.0.2.7:4711", true, 200},
		} {
			site, _ := (&serve{MetricsOpen: c.open}).site(in)
			r := httptest.NewRequest("GET", "/metrics", nil)
			r.RemoteAddr = c.from
			w := httptest.NewRecorder()
			site.ServeHTTP(w, r)
			if w.Code != c.want {
				t.Errorf("from %q, open %v: %d, want %d", c.from, c.open, w.Code, c.want)
			}
		}
	})
}

// signsIn is refused with a wrong password and let in with the right one.
func signsIn(t *testing.T, at, mail string) {
	t.Helper()
	jar, _ := cookiejar.New(nil) // never fails
	person := &http.Client{Jar: jar}
	enter := func(password string) (*http.Response, string) {
		r, err := person.PostForm(at+"/sign-in", url.Values{"mail": {mail}, "password": {password}, "next": {"/policy"}})
		if err != nil {
			t.Fatal(err)
		}
		return r, read(t, r)
	}
	if r, _ := enter("forkert"); r.StatusCode < 400 || r.StatusCode >= 500 {
		t.Errorf("a wrong password answers %d", r.StatusCode)
	}
	if r, body := enter(demo.Password); r.StatusCode != 200 || r.Request.URL.Path != "/policy" || !strings.Contains(body, "Nordkyst") {
		t.Errorf("signed in: %d at %s", r.StatusCode, r.Request.URL.Path)
	}
}

// speaksREST creates a rule, changes it, and is refused what it must be.
func speaksREST(t *testing.T, at, token string) {
	t.Helper()
	rules := at + "/api/v1/rules"
	auth := []string{"Authorization", "Bearer " + token}
	want := func(r *http.Response, body string, code int) {
		t.Helper()
		if r.StatusCode != code {
			t.Fatalf("%s %s: got %d, want %d: %.300s", r.Request.Method, r.Request.URL.Path, r.StatusCode, code, body)
		}
	}
	r, body := ask(t, "GET", rules+"?limit=3", "", auth...)
	want(r, body, 200)
	var list struct{ Items []struct{ ID string } }
	if err := json.Unmarshal([]byte(body), &list); err != nil || len(list.Items) != 3 {
		t.Fatalf("the list: %v %.300s", err, body)
	}
	const rule = `{"unit":"top","number":"R-999","title":"En prøve","text":"Den, der prøver, skriver ned, hvad der skete.","themes":["awareness"]}`
	r, body = ask(t, "POST", rules, rule, auth...)
	want(r, body, 201)
	made, tag := r.Header.Get("Location"), r.Header.Get("ETag")
	if !strings.HasPrefix(made, "/api/v1/rules/") || tag != `"1"` {
		t.Errorf("created at %q with the tag %q", made, tag)
	}
	for _, c := range []struct {
		body, tag string
		code      int
		has       string
	}{
		{`{"title":"En bedre prøve"}`, tag, 200, "En bedre prøve"},
		{`{"title":"For sent"}`, tag, 412, "En bedre prøve"}, // it says what is so now
		{`{"title":"Uden mærke"}`, "", 428, ""},
		{`{"title":""}`, `"2"`, 422, "body.title"},
		{`{"no_such_field":1}`, `"2"`, 422, "body.no_such_field"},
	} {
		head := auth
		if c.tag != "" {
			head = append(auth[:2:2], "If-Match", c.tag)
		}
		r, body := ask(t, "PATCH", at+made, c.body, head...)
		want(r, body, c.code)
		if !strings.Contains(body, c.has) {
			t.Errorf("%s: want %q in %.300s", c.body, c.has, body)
		}
	}
	r, body = ask(t, "GET", at+made, "", auth...)
	want(r, body, 200)
	if !strings.Contains(body, `"title":"En bedre prøve"`) || r.Header.Get("ETag") != `"2"` {
		t.Errorf("now it is %s with the tag %s", body, r.Header.Get("ETag"))
	}
	for _, wrong := range [][]string{nil, {"Authorization", "Bearer vaern_forkert"}} {
		r, body := ask(t, "GET", rules, "", wrong...)
		want(r, body, 401)
		if r.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("401 as %s", r.Header.Get("Content-Type"))
		}
	}
}

// finishesWhatItBegan stops the program in the middle of a request, which is
// answered all the same.
func finishesWhatItBegan(t *testing.T, s *served) {
	t.Helper()
	host := strings.TrimPrefix(s.url, "http://")
	conn, err := net.DialTimeout("tcp", host, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(15 * time.Second))
	form := url.Values{"mail": {"ingen@example.dk"}, "password": {"forkert"}}.Encode()
	fmt.Fprintf(conn, "POST /sign-in HTTP/1.1\r\nHost: %s\r\nExpect: 100-continue\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n", host, len(form))
	in := bufio.NewReader(conn)
	line, err := in.ReadString('\n') // the handler has begun to read
	if err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("got %q, %v", line, err)
	}
	if _, err := in.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	s.signal(t)
	for { // until it takes no more
		c, err := net.DialTimeout("tcp", host, time.Second)
		if err != nil {
			break
		}
		c.Close()
	}
	io.WriteString(conn, form)
	r, err := http.ReadResponse(in, nil)
	if err != nil {
		t.Fatalf("a request under way was cut off: %v", err)
	}
	defer r.Body.Close()
	if r.StatusCode < 400 || r.StatusCode >= 500 {
		t.Errorf("nobody signs in: %d", r.StatusCode)
	}
}

func ask(t *testing.T, method, at, body string, head ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, at, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(head); i += 2 {
		r.Header.Set(head[i], head[i+1])
	}
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	return w, read(t, w)
}

func read(t *testing.T, r *http.Response) string {
	t.Helper()
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestAFormThatIsTooLargeIsExplained(t *testing.T) {
	each(t, func(t *testing.T, in *town) {
		s := &someone{in.roleActor("coordinator")}
		c := &serve{}
		site, _ := c.hang(in, s.who)
		w := httptest.NewRecorder()
		r := httptest.NewRequest("POST", "/tasks", strings.NewReader("title="+strings.Repeat("x", largestForm)))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		c.watched(in, site).ServeHTTP(w, r)
		if page := w.Body.String(); w.Code != http.StatusRequestEntityTooLarge || !strings.Contains(page, "højst 2 MB") || !strings.Contains(page, w.Header().Get("X-Request-Id")) {
			t.Errorf("%d: %s", w.Code, firstLine(page))
		}
	})
}
