package app

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"vaern/internal/demo"
	harm "vaern/internal/hostile"
	"vaern/internal/i18n"
)

// attack is one request that means harm.
type attack struct {
	method, path, kind string
	body               []byte
	head               []string
	harmless           bool // it may be taken, since it is read as what it is
}

func uploaded(name string, content []byte) (kind string, body []byte) {
	var out bytes.Buffer
	m := multipart.NewWriter(&out)
	part, err := m.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		panic(err) // a buffer takes everything
	}
	return m.FormDataContentType(), out.Bytes()
}

// attacks are sent with the rights of a coordinator.
func attacks(rule, token string) map[string]attack {
	all := map[string]attack{}
	file := func(what, to, name string, content []byte) {
		kind, body := uploaded(name, content)
		all[what+" to "+to] = attack{method: "POST", path: to, kind: kind, body: body}
		all[what+" cut short to "+to] = attack{method: "POST", path: to, kind: kind, body: body[:len(body)/2]}
	}
	xml := `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`
	word := func(before, again string, times int) []byte {
		return harm.Zip(harm.Part{Name: "word/document.xml", Text: xml, Long: harm.Filled(before, again, "", times)})
	}
	book := harm.Zip(harm.Part{Name: "xl/worksheets/sheet1.xml", Long: harm.Filled("<a>", " ", "", 1<<29)})
	for _, to := range []string{"/policy/import", "/rule/import"} {
		file("nothing", to, "a.docx", nil)
		file("a bomb", to, "a.docx", word("", " ", 1<<29))
		file("depth", to, "a.docx", word("", "<a>", 10<<20))
		file("a workbook's bomb", to, "a.xlsx", book)
		file("many lines", to, "a.txt", bytes.Repeat([]byte("1;2\n"), 5<<20))
		file("many columns", to, "a.csv", bytes.Repeat([]byte(";"), 20<<20))
		file("a PDF of a gigabyte", to, "a.pdf", harm.PDFs()["a stream of a gigabyte"])
		file("a PDF in a circle", to, "a.pdf", harm.PDFs()["pages in a circle"])
		file("too much", to, "a.txt", make([]byte, 30<<20))
	}
	on := "/on/rule/" + rule + "/file"
	file("a page", on, "a.pdf", []byte("<html><script>alert(1)</script>"))
	file("an ending turned round", on, "a\u202egnp.exe", harm.PNG(1, 1))
	form := "application/x-www-form-urlencoded"
	for what, body := range map[string]string{"many fields": strings.Repeat("a=1&", 100_000), "half a letter": "title=%C3%", "zeros": "title=%00", "much": "title=" + strings.Repeat("x", 3<<20)} {
		all[what+" in a form"] = attack{method: "POST", path: "/rule", kind: form, body: []byte(body)}
	}
	auth := []string{"Authorization", "Bearer " + token, "If-Match", `"1"`}
	for what, body := range map[string]string{"deep": `{"title":` + strings.Repeat("[", 1_000_000), "a name twice": `{"title":"a","title":"b"}`, "1e999": `{"title":1e999}`,
		"no UTF-8": "{\"title\":\"\xff\"}", "zeros": `{"title":"\u0000"}`, "half a pair": `{"title":"\ud800"}`, "much": `{"title":"` + strings.Repeat("x", 3<<20) + `"}`, "two": `{} {}`, "nothing": ``} {
		all["create, "+what] = attack{method: "POST", path: "/api/v1/rules", kind: "application/json", body: []byte(body), head: auth}
		all["change, "+what] = attack{method: "PATCH", path: "/api/v1/rules/" + rule, kind: "application/json", body: []byte(body), head: auth}
		all["many, "+what] = attack{method: "POST", path: "/api/v1/rules/bulk", kind: "application/json", body: []byte(`{"items":[{"create":` + body + `}]}`), head: auth, harmless: true}
	}
	for what, query := range map[string]string{"brackets": "filter=" + strings.Repeat("(", 1000), "words": "q=" + strings.Repeat("a+", 5000), "a cursor": "cursor=%2e%2e%2f", "an instant": "as_of=1e999", "no letters": "q=%ff%fe"} {
		all["page, "+what] = attack{method: "GET", path: "/rule?" + query, harmless: true}
		all["list, "+what] = attack{method: "GET", path: "/api/v1/rules?" + query, head: auth, harmless: true}
	}
	return all
}

// TestWhatMeansHarmChangesNothing sends it all to the program as it is served,
// and then as much of it at once as it reads at once.
func TestWhatMeansHarmChangesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("filling the demo takes seconds")
	}
	args := []string{"--data", t.TempDir(), "--demo"}
	first := start(t, args...) // which fills it, and uses memory for that
	mail := coordinator(t)
	token := strings.TrimSpace(command(t, "token", "add", "--person", mail, "--name", "prøve", "--data", args[1]))
	first.stop(t)
	s := start(t, args...)
	jar, _ := cookiejar.New(nil) // never fails
	person := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if r, err := person.PostForm(s.url+"/sign-in", url.Values{"mail": {mail}, "password": {demo.Password}}); err != nil || r.StatusCode != 303 {
		t.Fatalf("signs in: %v", err)
	}
	_, list := ask(t, "GET", s.url+"/api/v1/rules?limit=1", "", "Authorization", "Bearer "+token)
	rule := regexp.MustCompile(`"id":"([0-9a-f-]{36})"`).FindStringSubmatch(list)
	if rule == nil {
		t.Fatalf("no rule in %.200s", list)
	}
	v := &victim{s.url, person}
	before := leavesOf(t, s)
	all := attacks(rule[1], token)
	for what, a := range all {
		v.send(t, what, a, i18n.Da)
	}
	var together sync.WaitGroup
	for what, a := range all {
		if len(a.body) > 100<<10 {
			together.Go(func() { v.send(t, what, a, i18n.En) })
		}
	}
	together.Wait()
	peak, ok := harm.Peak(strconv.Itoa(s.cmd.Process.Pid))
	t.Logf("%d attacks, then the large ones at once: the program used %d MB, a child at most %d MB", len(all), peak>>20, harm.PeakOfChildren()>>20)
	if ok && peak > harm.Whole {
		t.Errorf("the program used %d MB", peak>>20)
	}
	s.stop(t)
	onlyItself(t, args[1], before)
}

// onlyItself holds that the program alone recorded something since, as when it
// counts its indicators.
func onlyItself(t *testing.T, data string, before int) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "bundle")
	command(t, "ledger", "export", "--out", out, "--data", data)
	bundle, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(bundle)) {
		if strings.HasPrefix(line, "leaf\t") {
			if n++; n > before && !strings.Contains(line, "machine:") {
				t.Errorf("somebody changed something: %.300s", line)
			}
		}
	}
	if n < before || before == 0 {
		t.Errorf("the ledger had %d leaves, and now %d", before, n)
	}
	if out := command(t, "ledger", "verify", "--data", data); !strings.HasPrefix(out, "The ledger fits.") {
		t.Error(out)
	}
}

// victim is the program, and somebody who is let in.
type victim struct {
	url    string
	person *http.Client
}

// send sends one and looks at the answer.
func (v *victim) send(t *testing.T, what string, a attack, l i18n.Lang) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), a.method, v.url+a.path, bytes.NewReader(a.body))
	if err != nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	r.Header.Set("Content-Type", a.kind)
	r.Header.Set("Accept-Language", l.String())
	for i := 0; i < len(a.head); i += 2 {
		r.Header.Set(a.head[i], a.head[i+1])
	}
	w, err := v.person.Do(r)
	if err != nil { // it was cut off while it sent too much
		if len(a.body) < 20<<20 {
			t.Errorf("%s: %v", what, err)
		}
		return
	}
	defer w.Body.Close()
	page, _ := io.ReadAll(w.Body)
	if w.StatusCode >= 500 || w.StatusCode < 400 && !a.harmless {
		t.Errorf("%s: %d at %s: %.200s", what, w.StatusCode, w.Header.Get("Location"), page)
	}
	if w.StatusCode >= 400 && len(page) < 20 {
		t.Errorf("%s: %d says %q", what, w.StatusCode, page)
	}
}

// leavesOf is how many leaves the ledger has, as a monitor is told.
func leavesOf(t *testing.T, s *served) int {
	t.Helper()
	_, text := ask(t, "GET", s.url+"/metrics", "")
	n := regexp.MustCompile(`(?m)^vaern_ledger_leaves (\d+)`).FindStringSubmatch(text)
	if n == nil {
		t.Fatal("nobody counts the leaves")
	}
	leaves, err := strconv.Atoi(n[1])
	if err != nil {
		t.Fatal(err)
	}
	return leaves
}
