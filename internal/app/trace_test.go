package app

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"vaern/internal/store/storetest"
)

// The secrets and the names of the day.
const (
	dayPassword = "kanarie adgangskode 4711"
	dayWrong    = "kanarie forkert 4712"
	dayName     = "Kanarine Fugleholm"
	dayMail     = "kanarine.fugleholm@by.example"
	daySearch   = "kanariesøgning"
	daySMTP     = "kanariesmtp4713"
)

// TestSecretsAndNamesLeaveNoTrace works for a day as people and programs do,
// right and wrong, and then looks for what they typed where it must not be.
func TestSecretsAndNamesLeaveNoTrace(t *testing.T) {
	for _, at := range storetest.URLs(t) {
		t.Run(engineOf(at), func(t *testing.T) {
			data := t.TempDir()
			args := []string{"--data", data}
			if engineOf(at) == "postgres" {
				args = append(args, "--database", at)
			}
			out := command(t, append([]string{"init", "--name", "Prøve Kommune", "--admin", dayMail}, args...)...)
			link := regexp.MustCompile(`/link/[\w-]{43}`).FindString(out)
			s := start(t, append(args, "--smtp", "smtp://post:"+daySMTP+"@127.0.0.1:1", "--mail-from", "vaern@by.example", "--url", "http://by.example")...)
			d := &day{T: t, at: s.url}
			secrets := append(d.work(link), dayPassword, dayWrong, daySMTP, strings.TrimPrefix(link, "/link/"))
			personal := []string{"Fugleholm", "fugleholm", daySearch, url.QueryEscape(daySearch)}
			_, counts := ask(t, "GET", s.url+"/metrics", "")
			s.stop(t)
			key, backup, bundle := filepath.Join(data, "private.txt"), filepath.Join(data, "day.vaernbackup"), filepath.Join(data, "bundle.txt")
			recipient := strings.TrimSpace(command(t, "backup-key", "--out", key))
			command(t, append([]string{"backup", "--out", backup, "--recipient", regexp.MustCompile(`age1\w+`).FindString(recipient)}, args...)...)
			command(t, append([]string{"ledger", "export", "--out", bundle}, args...)...)
			d.without("the log", s.log.String(), append(personal, secrets...))
			d.without("the metrics", counts, append(personal, secrets...))
			d.without("the backup", contentOf(t, backup), append(personal, secrets...))
			d.without("the ledger", contentOf(t, bundle), secrets)
			if !strings.Contains(contentOf(t, bundle), "Fugleholm") || strings.Count(s.log.String(), `"msg":"request"`) < 15 {
				t.Error("the day was not lived: this test looks in vain")
			}
			for _, file := range []string{key, filepath.Join(data, "ledger.key"), backup} {
				if about, err := os.Stat(file); err != nil || about.Mode().Perm()&0o077 != 0 {
					t.Errorf("others on the machine may read %s: %v %v", file, about, err)
				}
			}
		})
	}
}

func contentOf(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// day is a day's traffic at one address.
type day struct {
	*testing.T
	at string
	*http.Client
}

// work does it and returns what only those who did it may know.
func (d *day) work(link string) (secrets []string) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		d.Fatal(err)
	}
	d.Client = &http.Client{Jar: jar}
	d.send(link, nil, 200)
	d.send("/me/password", url.Values{"password": {dayPassword}}, 200)
	d.send("/sign-out", nil, 200)
	d.send("/sign-in", url.Values{"mail": {dayMail}, "password": {dayWrong}}, 422)
	d.send("/sign-in", url.Values{"mail": {dayMail}, "password": {dayPassword}}, 200)
	person := url.Values{"unit": {"top"}, "number": {"4714"}, "name": {dayName}, "mail": {"k" + dayMail}, "category": {"employee"}}
	d.send("/person", person, 200)
	d.send("/person", person, 0) // the same number again
	d.send("/me/code", url.Values{"secret": {"KANARIESEED"}, "code": {"000000"}}, 422)
	d.send("/mail/try", nil, 0)
	page := d.send("/me/token", url.Values{"name": {"regneark"}}, 200)
	token := regexp.MustCompile(`vaern_[\w-]{43}`).FindString(page)
	if token == "" {
		d.Fatal("no token is shown")
	}
	for _, path := range []string{"/search?q=" + url.QueryEscape(daySearch), "/person?q=" + url.QueryEscape(dayName), "/person/" + url.PathEscape(dayName), "/rule?filter=" + url.QueryEscape(daySearch+"(((")} {
		r, err := d.Get(d.at + path)
		if err != nil {
			d.Fatal(err)
		}
		read(d.T, r)
	}
	for _, with := range []string{token, "vaern_kanarietoken4715"} {
		ask(d.T, "GET", d.at+"/api/v1/people?q="+url.QueryEscape(dayName), "", "Authorization", "Bearer "+with)
		ask(d.T, "POST", d.at+"/api/v1/people", `{"name":"`+dayName+`","number":{}`, "Authorization", "Bearer "+with)
	}
	secrets = append(secrets, token, "vaern_kanarietoken4715", "KANARIESEED")
	at, err := url.Parse(d.at)
	if err != nil {
		d.Fatal(err)
	}
	for _, c := range jar.Cookies(at) {
		if c.Name == "session" {
			secrets = append(secrets, c.Value)
		}
	}
	return secrets
}

// send sends a form and wants a status, 0 is any; it returns the page, which
// never tells a password again.
func (d *day) send(path string, form url.Values, want int) string {
	d.Helper()
	r, err := d.PostForm(d.at+path, form)
	if err != nil {
		d.Fatal(err)
	}
	page := read(d.T, r)
	if want != 0 && r.StatusCode != want {
		d.Errorf("%s: %d, want %d", path, r.StatusCode, want)
	}
	d.without("the answer of "+path, page, []string{dayPassword, dayWrong, daySMTP})
	return page
}

func (d *day) without(where, text string, words []string) {
	d.Helper()
	for _, word := range words {
		if i := strings.Index(text, word); i >= 0 {
			d.Errorf("%s holds %q: …%.200q…", where, word, text[max(0, i-80):])
		}
	}
}
