package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vaern/internal/web"
)

// TestAFormIsReadWholeOrNotAtAll sends forms that are broken: the handler must
// not see the half that could be read.
func TestAFormIsReadWholeOrNotAtAll(t *testing.T) {
	s := site(t)
	called := false
	seen := func(w http.ResponseWriter, r *http.Request) error { called = true; return nil }
	s.Handle("POST /form", "thing.see", seen)
	s.Handle("POST /open", web.Public, seen)
	const usual = "application/x-www-form-urlencoded"
	for name, c := range map[string]struct {
		path, kind, body string
		code             int
	}{
		"good":                    {"/form", usual, "a=1&b=%C3%A6", 200},
		"good, and says UTF-8":    {"/form", usual + "; charset=utf-8", "a=1", 200},
		"nothing":                 {"/form", "", "", 200},
		"half a letter":           {"/form", usual, "a=1&b=%C3%", 400},
		"no letter at all":        {"/form", usual, "a=1&b=%zz&c=2", 400},
		"semicolons":              {"/form", usual, "a=1;b=2", 400},
		"broken UTF-8":            {"/form", usual, "a=%ff%fe", 400},
		"overlong UTF-8":          {"/form", usual, "a=%c0%af", 400},
		"Windows's æ":             {"/form", usual, "a=\xe6", 400},
		"a byte of zero":          {"/form", usual, "a=1%00", 400},
		"a byte of zero in names": {"/form", usual, "a%00=1", 400},
		"a hundred thousand":      {"/form", usual, strings.Repeat("a=1&", 100_000), 400},
		"another kind":            {"/form", "text/plain", "a=1", 415},
		"JSON":                    {"/form", "application/json", `{"a":1}`, 415},
		"a file where none goes":  {"/form", "multipart/form-data; boundary=x", "--x\r\n", 415},
		"a kind that is none":     {"/form", ";;;", "a=1", 415},
		"much from a stranger":    {"/open", usual, "a=" + strings.Repeat("x", 70_000), 413},
		"a stranger's own":        {"/open", usual, "a=" + strings.Repeat("x", 10_000), 200},
	} {
		called = false
		r := httptest.NewRequest("POST", c.path, strings.NewReader(c.body))
		r.Header.Set("Who", "anna")
		if c.kind != "" {
			r.Header.Set("Content-Type", c.kind)
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != c.code || called != (c.code == 200) {
			t.Errorf("%s: %d, handled %v, want %d", name, w.Code, called, c.code)
		}
		if c.code >= 400 && !strings.Contains(w.Body.String(), "Intet er gemt") {
			t.Errorf("%s: does not say that nothing was saved: %.300s", name, w.Body)
		}
	}
}

func TestWhatWasTypedBeforeAFileThatIsTooLargeIsNotLost(t *testing.T) {
	s := site(t)
	var title, after string
	s.Receive("POST /file", "thing.see", func(_ http.ResponseWriter, r *http.Request) error {
		if err := r.ParseMultipartForm(1 << 20); err == nil {
			t.Error("the file is not too large")
		}
		title, after = r.PostFormValue("title"), r.PostFormValue("after")
		return nil
	})
	part := func(name, more, text string) string {
		return "--x\r\nContent-Disposition: form-data; name=\"" + name + "\"" + more + "\r\n\r\n" + text + "\r\n"
	}
	body := part("title", "", "Årets erklæring") + part("file", `; filename="a.pdf"`, strings.Repeat("x", 5<<20)) + part("after", "", "never read") + "--x--\r\n"
	r := httptest.NewRequest("POST", "/file", strings.NewReader(body))
	r.Header.Set("Who", "anna")
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	w := httptest.NewRecorder()
	r.Body = http.MaxBytesReader(w, r.Body, 4<<20) // what stands around the site
	s.ServeHTTP(w, r)
	if title != "Årets erklæring" || after != "" {
		t.Errorf("typed %q, and %q", title, after)
	}
}

// TestFilesAreReadOneAtATime holds one file under its handler: the next waits.
func TestFilesAreReadOneAtATime(t *testing.T) {
	s := site(t)
	in, done := make(chan bool, 2), make(chan bool)
	s.Receive("POST /file", "thing.see", func(http.ResponseWriter, *http.Request) error {
		in <- true
		<-done
		return nil
	})
	answered := make(chan int, 2)
	for range 2 {
		go func() {
			r := httptest.NewRequest("POST", "/file", strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\na\r\n--x--\r\n"))
			r.Header.Set("Who", "anna")
			r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			answered <- w.Code
		}()
	}
	<-in
	select {
	case <-in:
		t.Error("two are read at once")
	case <-time.After(100 * time.Millisecond):
	}
	close(done)
	for range 2 {
		if code := <-answered; code != http.StatusOK {
			t.Errorf("answered %d", code)
		}
	}
}

// TestJSONIsOneObjectInBounds reads bodies that parsers disagree on.
func TestJSONIsOneObjectInBounds(t *testing.T) {
	for name, body := range map[string]string{
		"nothing":             "",
		"a mark before":       "\ufeff{}",
		"a list":              "[]",
		"cut short":           `{"a":`,
		"two of them":         `{} {}`,
		"a name twice":        `{"a":1,"a":2}`,
		"the same name twice": `{"a":1,"\u0061":2}`,
		"deep":                `{"a":` + strings.Repeat("[", 500_000),
		"deep and closed":     `{"a":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`,
		"deep objects":        strings.Repeat(`{"a":`, 200_000),
		"a comma too many":    `{"a":1,}`,
		"NaN":                 `{"a":NaN}`,
		"a comment":           `{/* */"a":1}`,
		"another quote":       `{'a':1}`,
	} {
		if got, err := web.Members([]byte(body)); err == nil {
			t.Errorf("%s: taken as %v", name, got)
		}
	}
}

// FuzzMembers looks for a body that is read otherwise than it is written.
func FuzzMembers(f *testing.F) {
	for _, seed := range []string{`{}`, `{"a":1,"b":[1,2]}`, `{"a":1e999}`, `{"a":"\ud800"}`, `{"a":{"a":{}}}`, "{\"a\":\"\xff\"}", `{"a":1} x`, `[`, `{"":null}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		members, err := web.Members(body)
		if err != nil {
			return
		}
		var parts []string
		for _, m := range members {
			parts = append(parts, fmt.Sprintf("%q:%s", m.Name, m.Value))
		}
		seen := map[string]bool{}
		for _, m := range members {
			if seen[m.Name] {
				t.Fatalf("%q stands twice in %s", m.Name, parts)
			}
			seen[m.Name] = true
		}
	})
}

// TestFilesAreMadeAFewAtATime asks for many at once: each takes memory while it
// is made, and none while somebody reads slowly.
func TestFilesAreMadeAFewAtATime(t *testing.T) {
	s := site(t)
	var now, most atomic.Int32
	s.Makes("GET /file", web.Public, func(*http.Request) (web.File, error) {
		most.Store(max(most.Load(), now.Add(1)))
		time.Sleep(10 * time.Millisecond)
		now.Add(-1)
		return web.File{Type: "text/csv", Name: "x.csv", Body: []byte("a")}, nil
	})
	slow := make(chan struct{})
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			s.ServeHTTP(&slowly{httptest.NewRecorder(), slow}, httptest.NewRequest("GET", "/file", nil))
		})
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("GET", "/file", nil))
	close(slow)
	all.Wait()
	if w.Code != http.StatusOK || w.Header().Get("Content-Disposition") != `attachment; filename="x.csv"` || most.Load() > 4 {
		t.Errorf("%d %v, %d at once", w.Code, w.Header(), most.Load())
	}
}

// slowly takes what is written when somebody lets it.
type slowly struct {
	*httptest.ResponseRecorder
	when chan struct{}
}

func (s *slowly) Write(b []byte) (int, error) {
	<-s.when
	return s.ResponseRecorder.Write(b)
}
