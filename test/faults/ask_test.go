package faults

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"
)

// program asks by REST, with a token.
type program struct {
	url, token string
	client     *http.Client
}

// answer is what was answered; whole is false when the answer never came, so
// that nobody knows what became of the request.
type answer struct {
	status int
	head   http.Header
	body   string
}

func (n *node) program(token string) *program {
	return &program{n.url, token, &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 8}}}
}

func (p *program) ask(method, path, body string, head ...string) (answer, error) {
	r, err := http.NewRequest(method, p.url+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Authorization", "Bearer "+p.token)
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(head); i += 2 {
		r.Header.Set(head[i], head[i+1])
	}
	return read(p.client.Do(r))
}

func read(r *http.Response, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	return answer{r.StatusCode, r.Header, string(body)}, err
}

// rule is a rule as REST tells it.
type rule struct {
	ID      string `json:"id"`
	Number  string `json:"number"`
	Title   string `json:"title"`
	Version int    `json:"version"`
}

func ruleBody(number, title string) string {
	return fmt.Sprintf(`{"unit":"top","number":%q,"title":%q,"text":"Den, der prøver, skriver ned, hvad der skete.","themes":["awareness"]}`, number, title)
}

func (a answer) rule() (r rule, err error) {
	err = json.Unmarshal([]byte(a.body), &r)
	return r, err
}

// add creates a rule, which must succeed.
func (p *program) add(t *testing.T, number, title string) rule {
	t.Helper()
	a, err := p.ask("POST", "/api/v1/rules", ruleBody(number, title))
	must(t, err)
	if a.status != http.StatusCreated {
		t.Fatalf("a rule: %d %s", a.status, a.body)
	}
	r, err := a.rule()
	must(t, err)
	return r
}

func (p *program) get(t *testing.T, id string) rule {
	t.Helper()
	a, err := p.ask("GET", "/api/v1/rules/"+id, "")
	must(t, err)
	if a.status != http.StatusOK {
		t.Fatalf("rule %s: %d %s", id, a.status, a.body)
	}
	r, err := a.rule()
	must(t, err)
	return r
}

// browser asks for pages, signed in.
type browser struct {
	url    string
	client *http.Client
}

func (n *node) browser(t testing.TB) *browser {
	jar, err := cookiejar.New(nil)
	must(t, err)
	return &browser{n.url, &http.Client{Jar: jar, Timeout: 30 * time.Second}}
}

// at is the same person at another node, or at the same one after it was
// started again on another port.
func (b *browser) at(n *node) *browser {
	from, _ := url.Parse(b.url)
	to, _ := url.Parse(n.url)
	b.client.Jar.SetCookies(to, b.client.Jar.Cookies(from))
	b.client.CloseIdleConnections()
	return &browser{n.url, b.client}
}

func (b *browser) get(path string) (answer, error) { return read(b.client.Get(b.url + path)) }

func (b *browser) post(path string, form url.Values) (answer, string, error) {
	r, err := b.client.PostForm(b.url+path, form)
	a, err := read(r, err)
	if err != nil {
		return a, "", err
	}
	return a, r.Request.URL.Path, nil
}

const password = "en lang nok adgangskode"

// come uses the first link and chooses a password.
func (b *browser) come(t testing.TB, link string) *browser {
	t.Helper()
	for path, form := range map[string]url.Values{link: {}} {
		a, at, err := b.post(path, form)
		must(t, err)
		if a.status != http.StatusOK || at != "/me" {
			t.Fatalf("the link ends at %s with %d", at, a.status)
		}
	}
	a, _, err := b.post("/me/password", url.Values{"password": {password}, "again": {password}})
	must(t, err)
	if a.status != http.StatusOK {
		t.Fatalf("the password: %d %s", a.status, a.body)
	}
	return b
}
