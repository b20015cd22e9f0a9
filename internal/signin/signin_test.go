package signin

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vaern/internal/access"
	"vaern/internal/ledger"
	"vaern/internal/mail"
	"vaern/internal/notify"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
	"vaern/internal/task"
	"vaern/internal/web"

	"github.com/pquerna/otp/totp"
)

const (
	anna     = "anna@by.example"
	password = "en lang sætning om havet"
)

// house is a door with one person, Anna, and a clock that a test can move.
type house struct {
	*testing.T
	door   *Door
	server *httptest.Server
	now    atomic.Int64
	annaID string
}

func each(t *testing.T, fn func(*house)) {
	for _, address := range storetest.URLs(t) {
		h := &house{T: t}
		h.now.Store(storetest.Now.UnixMilli())
		s, err := store.Open(t.Context(), address, func() time.Time { return time.UnixMilli(h.now.Add(1)) }, people.Schema(), mail.Schema(), notify.Schema(), task.Schema())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		h.must(s.Begin(t.Context(), ledger.NewOrigin(true)))
		h.door = &Door{Store: s, Roles: people.Table{access.Employee: {"rule.see"}}}
		h.settle(s)
		site := web.New(s, h.door.Who)
		h.door.Mount(site, nil, false)
		site.Handle("GET /secret", "rule.see", func(w http.ResponseWriter, r *http.Request) error {
			_, err := w.Write([]byte("hello " + access.Of(r.Context()).Name))
			return err
		})
		h.server = httptest.NewServer(site)
		t.Cleanup(h.server.Close)
		fn(h)
		storetest.Verify(t, s)
	}
}

func (h *house) settle(s *store.Store) {
	ctx := access.With(h.Context(), access.Machine("test", "test"))
	h.must(s.Change(ctx, store.Intent{Verb: "test.do", Need: "test"}, func(w *store.Write) error {
		if err := people.FoundTop(w); err != nil {
			return err
		}
		top := people.Unit{Head: record.Head{ID: people.Top, Unit: people.Top}, Number: "1", Name: "By", Kind: "municipality"}
		if err := people.Units.Add(w, &top); err != nil {
			return err
		}
		p := people.Person{Head: record.Head{Unit: people.Top}, Number: "1", Name: "Anna", Mail: anna, Category: "employee"}
		err := people.Persons.Add(w, &p)
		h.annaID = p.ID
		return err
	}))
	h.must(h.door.SetPassword(h.Context(), h.annaID, password))
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// browser keeps cookies and follows no redirect.
func (h *house) browser() *http.Client {
	jar, err := cookiejar.New(nil)
	h.must(err)
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func (h *house) post(b *http.Client, path string, form url.Values) *http.Response {
	h.Helper()
	res, err := b.PostForm(h.server.URL+path, form)
	h.must(err)
	res.Body.Close()
	return res
}

func (h *house) get(b *http.Client, path string) (int, string) {
	h.Helper()
	res, err := b.Get(h.server.URL + path)
	h.must(err)
	defer res.Body.Close()
	return res.StatusCode, body(h, res.Body)
}

func body(h *house, r io.Reader) string {
	h.Helper()
	text, err := io.ReadAll(r)
	h.must(err)
	return string(text)
}

func (h *house) signIn(b *http.Client, mail, word string) *http.Response {
	h.Helper()
	return h.post(b, "/sign-in", url.Values{"mail": {mail}, "password": {word}, "next": {"/secret"}})
}

func (h *house) wantIn(b *http.Client, in bool) {
	h.Helper()
	code, text := h.get(b, "/secret")
	if got := code == 200 && strings.Contains(text, "hello Anna"); got != in {
		h.Errorf("signed in %v (%d), want %v", got, code, in)
	}
}

func TestPasswordOpensASessionAndSigningOutEndsIt(t *testing.T) {
	each(t, func(h *house) {
		b := h.browser()
		h.wantIn(b, false)
		if res := h.signIn(b, "ANNA@by.example ", password); res.StatusCode != 303 || res.Header.Get("Location") != "/secret" {
			h.Fatalf("got %d %s", res.StatusCode, res.Header.Get("Location"))
		}
		h.wantIn(b, true)
		h.post(b, "/sign-out", nil)
		h.wantIn(b, false)
	})
}

func TestSessionEndsByIdlenessAndByAge(t *testing.T) {
	each(t, func(h *house) {
		b := h.browser()
		h.signIn(b, anna, password)
		h.now.Add((idle + time.Minute).Milliseconds())
		h.wantIn(b, false)
		h.signIn(b, anna, password)
		for range 13 {
			h.get(b, "/secret") // never idle
			h.now.Add(time.Hour.Milliseconds())
		}
		h.wantIn(b, false)
	})
}

func TestWrongPasswordAndUnknownMailLookAlike(t *testing.T) {
	each(t, func(h *house) {
		a, c := h.browser(), h.browser()
		x, y := h.signIn(a, anna, "wrong wrong wrong"), h.signIn(c, "nobody@by.example", "wrong wrong wrong")
		if x.StatusCode != 422 || y.StatusCode != 422 {
			h.Errorf("got %d and %d, want 422", x.StatusCode, y.StatusCode)
		}
	})
}

func TestThrottleHoldsAgainstManyTries(t *testing.T) {
	each(t, func(h *house) {
		b := h.browser()
		busy := 0
		for range 20 {
			if h.signIn(b, anna, "wrong wrong wrong").StatusCode == 429 {
				busy++
			}
		}
		if busy < 14 {
			h.Errorf("%d of 20 tries were held back", busy)
		}
		if h.signIn(b, anna, password).StatusCode != 429 {
			h.Error("the right password passes while one must wait")
		}
		h.now.Add(time.Hour.Milliseconds())
		h.signIn(b, anna, password)
		h.wantIn(b, true)
	})
}

func TestRedirectStaysHere(t *testing.T) {
	for path, want := range map[string]string{
		"/policy?x=1": "/policy?x=1", "https://evil.example": "/", "//evil.example": "/", "/\\evil": "/", "": "/", "/a\nb": "/",
	} {
		if got := inside(path); got != want {
			t.Errorf("inside(%q) = %q, want %q", path, got, want)
		}
	}
}

func TestLinkWorksOnceAndOpeningItUsesNothing(t *testing.T) {
	each(t, func(h *house) {
		path, err := h.door.Link(h.Context(), h.annaID, SignInLink, time.Hour)
		h.must(err)
		scanner := h.browser()
		for range 3 {
			if code, text := h.get(scanner, path); code != 200 || !strings.Contains(text, "Anna") {
				h.Fatalf("the link's page: %d", code)
			}
		}
		h.wantIn(scanner, false)
		b := h.browser()
		h.post(b, path, nil)
		h.wantIn(b, true)
		if res := h.post(h.browser(), path, nil); res.StatusCode != 404 {
			h.Errorf("a used link gives %d, want 404", res.StatusCode)
		}
		old, err := h.door.Link(h.Context(), h.annaID, SignInLink, time.Hour)
		h.must(err)
		h.now.Add((2 * time.Hour).Milliseconds())
		if res := h.post(h.browser(), old, nil); res.StatusCode != 404 {
			h.Errorf("an old link gives %d, want 404", res.StatusCode)
		}
		other, err := h.door.Link(h.Context(), h.annaID, "another action", time.Hour)
		h.must(err)
		if code, _ := h.get(h.browser(), other); code != 404 {
			h.Errorf("the page of a link for something else gives %d, want 404", code)
		}
		if res := h.post(h.browser(), other, nil); res.StatusCode != 404 {
			h.Errorf("a link for something else gives %d, want 404", res.StatusCode)
		}
	})
}

func TestALinkStandsInForThePasswordAndNeverForTheCode(t *testing.T) {
	each(t, func(h *house) {
		path, err := h.door.Link(h.Context(), h.annaID, SignInLink, time.Hour)
		h.must(err)
		b := h.browser()
		h.post(b, path, nil)
		h.post(b, "/me/password", url.Values{"password": {"en helt ny lang sætning"}}) // the old one is forgotten
		h.signIn(h.browser(), anna, "en helt ny lang sætning")
		key, err := totp.Generate(totp.GenerateOpts{Issuer: "Værn", AccountName: "Anna"})
		h.must(err)
		h.must(h.door.setCode(h.Context(), h.annaID, key.Secret(), h.hash(b)))
		path, err = h.door.Link(h.Context(), h.annaID, SignInLink, time.Hour)
		h.must(err)
		c := h.browser()
		h.post(c, path, nil)
		h.wantIn(c, false)
		h.wantIn(b, true)
		if res := h.post(b, "/me/code/off", nil); res.StatusCode != 422 {
			h.Errorf("the code is turned off without the password: %d", res.StatusCode)
		}
	})
}

func TestManyTriesAtOnceAreHeldBackToo(t *testing.T) {
	each(t, func(h *house) {
		var busy atomic.Int64
		var all sync.WaitGroup
		for range 30 {
			all.Go(func() {
				if _, _, err := h.door.try(h.Context(), anna, "wrong wrong wrong", "10.0.0.1"); problem.Of(err) == problem.Busy {
					busy.Add(1)
				}
			})
		}
		all.Wait()
		if n := busy.Load(); n < 20 {
			h.Errorf("%d of 30 tries at once were held back", n)
		}
	})
}

func TestCodeIsAskedForAndEachWorksOnce(t *testing.T) {
	each(t, func(h *house) {
		key, err := totp.Generate(totp.GenerateOpts{Issuer: "Værn", AccountName: "Anna"})
		h.must(err)
		h.must(h.door.setCode(h.Context(), h.annaID, key.Secret(), ""))
		code := func() string {
			c, err := totp.GenerateCode(key.Secret(), time.UnixMilli(h.now.Load()))
			h.must(err)
			return c
		}
		b := h.browser()
		h.signIn(b, anna, password)
		h.wantIn(b, false)
		used := code()
		h.post(b, "/sign-in/code", url.Values{"code": {used}})
		h.wantIn(b, true)
		c := h.browser()
		h.signIn(c, anna, password)
		h.post(c, "/sign-in/code", url.Values{"code": {used}})
		h.wantIn(c, false)
		h.now.Add((time.Minute).Milliseconds())
		h.post(c, "/sign-in/code", url.Values{"code": {code()}})
		h.wantIn(c, true)
		h.now.Add(-(48 * time.Hour).Milliseconds()) // codes of a time that was put back are not used
		d := h.browser()
		h.signIn(d, anna, password)
		h.post(d, "/sign-in/code", url.Values{"code": {code()}})
		h.wantIn(d, true)
	})
}

func TestNewPasswordEndsOtherSessions(t *testing.T) {
	each(t, func(h *house) {
		a, b := h.browser(), h.browser()
		h.signIn(a, anna, password)
		h.signIn(b, anna, password)
		if res := h.post(a, "/me/password", url.Values{"present": {"not this one"}, "password": {"en anden lang sætning"}}); res.StatusCode != 422 {
			h.Errorf("a wrong present password gives %d", res.StatusCode)
		}
		h.post(a, "/me/password", url.Values{"present": {password}, "password": {"en anden lang sætning"}})
		h.wantIn(a, true)
		h.wantIn(b, false)
	})
}

func TestNoSecretReachesTheLedgerOrTheTables(t *testing.T) {
	each(t, func(h *house) {
		ctx := access.With(h.Context(), access.Machine("test", "token.create"))
		text, err := h.door.NewToken(ctx, "token.create", anna, Grant{Name: "budget"})
		h.must(err)
		ctx = access.With(h.Context(), access.Machine("test", "test"))
		h.must(h.door.Store.View(ctx, "test", func(q *store.Read) error {
			return q.Leaves(func(l *ledger.Leaf) error {
				for _, secret := range []string{text, access.Hashed(text), password, "argon2id"} {
					if strings.Contains(string(l.Body), secret) {
						h.Errorf("leaf %d holds a secret: %s", l.Seq, l.Body)
					}
				}
				return nil
			})
		}))
	})
}
