package signin

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"vaern/internal/access"
	"vaern/internal/history"
	"vaern/internal/ledger"
	"vaern/internal/store"

	"github.com/pquerna/otp/totp"
)

// hash is under what the session of a browser is kept.
func (h *house) hash(b *http.Client) string {
	h.Helper()
	at, err := url.Parse(h.server.URL)
	h.must(err)
	for _, c := range b.Jar.Cookies(at) {
		if c.Name == cookie {
			return access.Hashed(c.Value)
		}
	}
	h.Fatal("the browser has no session")
	return ""
}

// which are the sessions that a page offers to end.
var which = regexp.MustCompile(`name="which" value="([0-9a-f]{64})"`)

func TestOnesSessionsAreSeenAndEnded(t *testing.T) {
	each(t, func(h *house) {
		a, b, c := h.browser(), h.browser(), h.browser()
		for _, x := range []*http.Client{a, b, c} {
			h.signIn(x, anna, password)
		}
		_, page := h.get(a, "/me")
		others := which.FindAllStringSubmatch(page, -1)
		if len(others) != 2 || strings.Count(page, "denne browser") != 1 {
			h.Fatalf("Anna is offered to end %d sessions, want the 2 others", len(others))
		}
		if res := h.post(a, "/me/session", url.Values{"which": {others[0][1]}}); res.StatusCode != 422 {
			h.Errorf("without the password: %d", res.StatusCode)
		}
		h.post(a, "/me/session", url.Values{"which": {others[0][1]}, "present-session": {password}})
		if _, page = h.get(a, "/me"); len(which.FindAllString(page, -1)) != 1 {
			h.Error("one ended, and not one is left")
		}
		h.post(a, "/me/session", url.Values{"which": {"others"}, "present-session": {password}})
		h.wantIn(a, true)
		h.wantIn(b, false)
		h.wantIn(c, false)
	})
}

// kept is whether the session of a hash is still in the database, where whoever
// has copied its cookie could go on with it.
func (h *house) kept(hash string) (n int) {
	h.Helper()
	h.must(h.door.Store.Peek(h.Context(), func(q *store.Read) error {
		return q.Row(`SELECT count(*) FROM work_session WHERE hash = :hash`, store.Args{"hash": hash}, &n)
	}))
	return n
}

func TestWhatWasLeftIsNoSessionForWhoeverCopiedIt(t *testing.T) {
	each(t, func(h *house) {
		b := h.browser()
		h.signIn(b, anna, password)
		open := h.hash(b)
		h.post(b, "/sign-out", nil)
		if h.kept(open) != 0 {
			h.Error("who signed out is still let in by the old cookie")
		}
		key, err := totp.Generate(totp.GenerateOpts{Issuer: "Værn", AccountName: "Anna"})
		h.must(err)
		h.must(h.door.setCode(h.Context(), h.annaID, key.Secret(), ""))
		h.signIn(b, anna, password)
		half := h.hash(b)
		h.post(b, "/sign-in/code", url.Values{"code": {h.code(key.Secret())}})
		h.wantIn(b, true)
		if h.hash(b) == half || h.kept(half) != 0 {
			h.Error("the half-open session outlives the code")
		}
	})
}

func TestASessionOfATimeToComeHasEnded(t *testing.T) {
	each(t, func(h *house) {
		b := h.browser()
		h.signIn(b, anna, password)
		h.now.Add(-(2 * ahead).Milliseconds()) // the clock was set back
		h.wantIn(b, false)
	})
}

func TestNobodyEndsAnothersSessions(t *testing.T) {
	each(t, func(h *house) {
		bo := h.seat("", "Bo", access.Auditor)
		h.must(h.door.SetPassword(h.Context(), bo, password))
		a, b := h.browser(), h.browser()
		h.signIn(a, anna, password)
		h.signIn(b, "bo@by.example", password)
		var hash string
		h.must(h.door.Store.Peek(h.Context(), func(q *store.Read) error {
			return q.Row(`SELECT hash FROM work_session WHERE person = :anna`, store.Args{"anna": h.annaID}, &hash)
		}))
		for _, w := range []string{hash, "others"} {
			h.post(b, "/me/session", url.Values{"which": {w}, "present-session": {password}})
		}
		h.wantIn(a, true)
	})
}

func (h *house) code(secret string) string {
	h.Helper()
	code, err := totp.GenerateCode(secret, time.UnixMilli(h.now.Load()))
	h.must(err)
	return code
}

var shown = regexp.MustCompile(`name="secret" value="(\w+)"`)

func TestTurningTheCodeOnAsksForThePasswordAndEndsOtherSessions(t *testing.T) {
	each(t, func(h *house) {
		a, b := h.browser(), h.browser()
		h.signIn(a, anna, password)
		h.signIn(b, anna, password)
		_, page := h.get(a, "/me/code")
		secret := shown.FindStringSubmatch(page)[1]
		form := url.Values{"secret": {secret}, "code": {h.code(secret)}}
		if res := h.post(a, "/me/code", form); res.StatusCode != 422 {
			h.Errorf("without the password: %d", res.StatusCode)
		}
		res, err := a.PostForm(h.server.URL+"/me/code", url.Values{"secret": {secret}, "code": {"000000"}, "present-code": {password}})
		h.must(err)
		if again := shown.FindStringSubmatch(body(h, res.Body)); len(again) != 2 || again[1] != secret {
			h.Error("after a wrong code the picture has to be scanned again")
		}
		res.Body.Close()
		for _, poor := range []string{"", "MFRGG"} {
			if res := h.post(a, "/me/code", url.Values{"secret": {poor}, "code": {h.code(poor)}, "present-code": {password}}); res.StatusCode != 422 {
				h.Errorf("the secret %q is taken: %d", poor, res.StatusCode)
			}
		}
		form.Set("present-code", password)
		if res := h.post(a, "/me/code", form); res.StatusCode != 303 {
			h.Errorf("with the password: %d", res.StatusCode)
		}
		h.wantIn(a, true)
		h.wantIn(b, false)
		h.signIn(b, anna, password)
		h.wantIn(b, false)
		h.post(b, "/sign-in/code", url.Values{"code": {h.code(secret)}})
		h.wantIn(b, true)
		other := url.Values{"secret": {unpadded.EncodeToString(make([]byte, seed))}, "present-code": {password}}
		other.Set("code", h.code(other.Get("secret")))
		if res := h.post(b, "/me/code", other); res.StatusCode != 409 {
			h.Errorf("another app in place of the one that is on: %d", res.StatusCode)
		}
		h.post(b, "/me/code/off", url.Values{"present-code": {password}})
		h.wantIn(b, true)
		h.wantIn(a, false)
	})
}

// Whoever forgot the password and has a code comes in by a link and the code, and
// chooses another.
func TestALinkAndACodeChooseANewPassword(t *testing.T) {
	each(t, func(h *house) {
		key, err := totp.Generate(totp.GenerateOpts{Issuer: "Værn", AccountName: "Anna"})
		h.must(err)
		h.must(h.door.setCode(h.Context(), h.annaID, key.Secret(), ""))
		link, err := h.door.Link(h.Context(), h.annaID, SignInLink, time.Hour)
		h.must(err)
		b := h.browser()
		h.post(b, link, nil)
		h.wantIn(b, false)
		h.post(b, "/sign-in/code", url.Values{"code": {h.code(key.Secret())}})
		h.wantIn(b, true)
		if res := h.post(b, "/me/password", url.Values{"password": {"en helt ny lang sætning"}}); res.StatusCode != 303 {
			h.Errorf("the new password: %d", res.StatusCode)
		}
	})
}

// Who came in, when and how is in the ledger, a leaf a time, and on the person's
// page; what failed is counted and not in the ledger.
func TestSignInsAreInTheLedgerAndShownToThePerson(t *testing.T) {
	each(t, func(h *house) {
		b := h.browser()
		h.signIn(b, anna, "wrong wrong wrong")
		h.signIn(b, anna, "wrong wrong wrong")
		h.signIn(b, anna, password)
		h.must(h.door.setCode(h.Context(), h.annaID, strings.Repeat("A", 32), ""))
		h.signIn(b, anna, password)
		h.post(b, "/sign-in/code", url.Values{"code": {h.code(strings.Repeat("A", 32))}})
		link, err := h.door.Link(h.Context(), h.annaID, SignInLink, time.Hour)
		h.must(err)
		h.post(b, link, nil)
		h.now.Add(time.Minute.Milliseconds())
		h.post(b, "/sign-in/code", url.Values{"code": {h.code(strings.Repeat("A", 32))}})
		_, err = h.door.NewToken(access.With(h.Context(), access.Machine("test", AllTokens)), AllTokens, anna, Grant{Name: "budget"})
		h.must(err)
		for range 5 {
			h.get(b, "/secret")
		}
		var told []string
		h.must(h.door.Store.View(access.With(h.Context(), access.Machine("test", "test")), "test", func(q *store.Read) error {
			return q.Leaves(func(l *ledger.Leaf) error {
				if l.About == history.SignIn+"/"+h.annaID {
					told = append(told, l.Verb)
				}
				return nil
			})
		}))
		if want := "sign_in.password sign_in.password_code sign_in.link_code sign_in.token"; strings.Join(told, " ") != want {
			h.Errorf("the ledger has %v", told)
		}
		_, page := h.get(b, "/me")
		for _, line := range []string{"Med adgangskode<", "Med adgangskode og kode<", "Med et link og en kode<", "Adgang til et program lavet<", "2\u00a0forsøg mislykkedes"} {
			if !strings.Contains(page, line) {
				h.Errorf("Anna's page lacks %s", line)
			}
		}
	})
}

// How others came in is told to nobody, not to those who read the whole ledger.
func TestSignInsAreToldToThePersonAlone(t *testing.T) {
	each(t, func(h *house) {
		h.signIn(h.browser(), anna, password)
		told := func(who string) (lines, page int) {
			actor := access.Machine("reader", "read")
			actor.ID = who
			h.must(h.door.Store.View(access.With(h.Context(), actor), "read", func(q *store.Read) error {
				var all []ledger.Leaf
				h.must(q.Leaves(func(l *ledger.Leaf) error { all = append(all, *l); return nil }))
				out, err := history.Kinds{}.Tell(q, all, 0)
				for _, line := range out {
					if line.About.Kind == history.SignIn {
						lines++
					}
				}
				h.must(err)
				leaves, err := q.LeavesBefore(1<<40, 100, history.SignIn)
				for _, l := range leaves {
					if strings.HasPrefix(l.About, history.SignIn+"/") {
						page++
					}
				}
				return err
			}))
			return lines, page
		}
		if a, b := told(h.annaID); a != 1 || b != 1 {
			h.Errorf("Anna is told %d and %d", a, b)
		}
		if a, b := told("auditor"); a+b != 0 {
			h.Errorf("others are told %d and %d", a, b)
		}
	})
}

func TestBrowsersAreKnownByWhatTheySay(t *testing.T) {
	for says, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0":     "Edge, Windows",
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                    "Firefox, Linux",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1": "Safari, iPhone",
		"Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36":                  "Chrome, Android",
		"<script>alert(1)</script>": "",
	} {
		r, err := http.NewRequest("GET", "/", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("User-Agent", says)
		if got := browserOf(r); got != want {
			t.Errorf("%s: %q, want %q", says, got, want)
		}
	}
}
