package signin

import (
	"fmt"
	"net/url"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vaern/internal/access"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"

	"github.com/pquerna/otp/totp"
)

// looked is how many of n tries, one a second, were looked at; each has its own
// mail address and address when the pattern says so. Where nothing holds them
// back it does not try to the end, for a password takes its time.
func (h *house) looked(n int, mail, address string) (looked int) {
	for i := range n {
		in := func(pattern string) string { return strings.ReplaceAll(pattern, "%", fmt.Sprint(i)) }
		_, _, err := h.door.try(h.Context(), in(mail), "wrong wrong wrong", in(address))
		if k := problem.Of(err); k != problem.Busy {
			looked++
		}
		if looked > 100 {
			h.Fatalf("of %d tries %d were looked at", i+1, looked)
		}
		h.now.Add(time.Second.Milliseconds())
	}
	return looked
}

func TestThrottleHoldsAgainstTenThousandTries(t *testing.T) {
	each(t, func(h *house) {
		if n := h.looked(10_000, anna, "10.0.%.1"); n > 40 {
			h.Errorf("of 10,000 tries at one account from everywhere %d were looked at", n)
		}
		usual := withAddress
		withAddress.free = 20
		defer func() { withAddress = usual }()
		if n := h.looked(10_000, "somebody%@by.example", "10.9.9.9"); n > 60 || n < 20 {
			h.Errorf("of 10,000 tries from one address at everybody %d were looked at", n)
		}
		if usual.free > 200 || usual.pause < time.Hour || withAccount.free > 10 {
			h.Errorf("too patient: %+v, %+v", usual, withAccount)
		}
	})
}

// Whoever hammers an account cannot keep its owner out: a wait ends, tries while
// one waits do not lengthen it, and a link passes by it.
func TestNobodyCanLockTheOwnerOut(t *testing.T) {
	each(t, func(h *house) {
		h.looked(3_000, anna, "10.0.%.1")
		link, err := h.door.Link(h.Context(), h.annaID, SignInLink, time.Hour)
		h.must(err)
		b := h.browser()
		h.post(b, link, nil)
		h.wantIn(b, true)
		var until string
		h.must(h.door.Store.Peek(h.Context(), func(q *store.Read) error {
			return q.Row(`SELECT until FROM work_throttle WHERE bucket LIKE 'mail %'`, nil, &until)
		}))
		if at, err := time.Parse(store.Time, until); err != nil || at.Sub(time.UnixMilli(h.now.Load())) > mostWait {
			h.Errorf("the owner waits until %s, more than %v", until, mostWait)
		}
		h.now.Add(mostWait.Milliseconds())
		c := h.browser()
		h.signIn(c, anna, password)
		h.wantIn(c, true)
		if res := h.signIn(h.browser(), anna, password); res.StatusCode != 303 {
			h.Errorf("after the right password the next is answered %d", res.StatusCode)
		}
	})
}

// A town hall behind one address mistypes all day, and everybody else gets in.
func TestOthersAtTheSameAddressGetIn(t *testing.T) {
	each(t, func(h *house) {
		h.looked(30, "somebody%@by.example", "127.0.0.1")
		b := h.browser()
		h.signIn(b, anna, password)
		h.wantIn(b, true)
	})
}

// work is how many bytes something takes to be worked out: of a password, as many
// as make it dear to try.
func work(fn func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	fn()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// A wait that was set before the clock was put back keeps nobody out for as long.
func TestAWaitEndsThoughTheClockWasSetBack(t *testing.T) {
	each(t, func(h *house) {
		h.looked(50, anna, "10.0.%.1")
		b := h.browser()
		h.signIn(b, anna, password)
		h.wantIn(b, false)
		h.now.Add(-(48 * time.Hour).Milliseconds())
		h.signIn(b, anna, password)
		h.wantIn(b, true)
	})
}

// The answer to a name that is there is the answer to one that is not: status,
// words, and what is asked of the database. Passwords take their time in both.
func TestNamesCannotBeListed(t *testing.T) {
	each(t, func(h *house) {
		answer := func(form url.Values, path string) (int, string, int64) {
			b, before := h.browser(), h.door.Store.Statements()
			res, err := b.PostForm(h.server.URL+path, form)
			h.must(err)
			defer res.Body.Close()
			page := strings.NewReplacer(anna, "MAIL", "nobody@by.example", "MAIL").Replace(body(h, res.Body))
			return res.StatusCode, regexp.MustCompile(`[0-9a-f]{10}`).ReplaceAllString(page, "N"), h.door.Store.Statements() - before
		}
		for range 7 { // also when both must wait
			code, page, asked := answer(url.Values{"mail": {anna}, "password": {"wrong wrong wrong"}}, "/sign-in")
			code2, page2, asked2 := answer(url.Values{"mail": {"nobody@by.example"}, "password": {"wrong wrong wrong"}}, "/sign-in")
			if code != code2 || page != page2 || asked != asked2 {
				h.Errorf("known: %d with %d statements, unknown: %d with %d; the same page %v", code, asked, code2, asked2, page == page2)
			}
		}
		if work(func() { fits("", "x") }) < memory<<10 {
			h.Error("who is unknown costs no work")
		}
		used, err := h.door.Link(h.Context(), h.annaID, SignInLink, time.Hour)
		h.must(err)
		h.post(h.browser(), used, nil)
		code, page, _ := answer(nil, used)
		code2, page2, _ := answer(nil, "/link/"+strings.Repeat("x", 43))
		if page = strings.ReplaceAll(page, used, "LINK"); code != code2 || page != strings.ReplaceAll(page2, "/link/"+strings.Repeat("x", 43), "LINK") {
			h.Errorf("a link that was: %d, one that never was: %d", code, code2)
		}
	})
}

func TestCodesTriedAtOnceAreHeldBackToo(t *testing.T) {
	each(t, func(h *house) {
		key, err := totp.Generate(totp.GenerateOpts{Issuer: "Værn", AccountName: "Anna"})
		h.must(err)
		h.must(h.door.setCode(h.Context(), h.annaID, key.Secret(), ""))
		var busy atomic.Int64
		var all sync.WaitGroup
		for range 30 {
			all.Go(func() {
				if err := h.door.checkCode(h.Context(), h.annaID, key.Secret(), "000000"); problem.Of(err) == problem.Busy {
					busy.Add(1)
				}
			})
		}
		all.Wait()
		if n := busy.Load(); n < 20 {
			h.Errorf("%d of 30 codes at once were held back", n)
		}
	})
}

// A session that somebody left open changes neither password nor app, and the
// password cannot be tried there without end.
func TestAnOpenSessionOpensNothingMore(t *testing.T) {
	each(t, func(h *house) {
		b := h.browser()
		h.signIn(b, anna, password)
		key, err := totp.Generate(totp.GenerateOpts{Issuer: "Værn", AccountName: "Anna"})
		h.must(err)
		h.must(h.door.setCode(h.Context(), h.annaID, key.Secret(), h.hash(b)))
		theirs, err := totp.Generate(totp.GenerateOpts{Issuer: "Værn", AccountName: "Anna"})
		h.must(err)
		code, err := totp.GenerateCode(theirs.Secret(), time.UnixMilli(h.now.Load()))
		h.must(err)
		if res := h.post(b, "/me/code", url.Values{"secret": {theirs.Secret()}, "code": {code}}); res.StatusCode < 400 {
			h.Errorf("another app takes the place of the person's: %d", res.StatusCode)
		}
		_, kept, _, err := h.door.kept(h.Context(), h.annaID)
		h.must(err)
		if kept != key.Secret() {
			h.Error("the app was changed")
		}
		busy := 0
		for range 20 {
			for _, path := range []string{"/me/password", "/me/code/off"} {
				if h.post(b, path, url.Values{"present": {"wrong wrong wrong"}, "present-code": {"wrong wrong wrong"}, "password": {"en ny lang sætning her"}}).StatusCode == 429 {
					busy++
				}
			}
		}
		if busy < 30 {
			h.Errorf("%d of 40 tries at the password from inside were held back", busy)
		}
	})
}

// What signs in is kept as a hash alone, is long, and is another each time.
func TestWhatSignsInIsKeptHashed(t *testing.T) {
	each(t, func(h *house) {
		link, err := h.door.Link(h.Context(), h.annaID, SignInLink, time.Hour)
		h.must(err)
		session, err := h.door.begin(h.Context(), entry{Person: h.annaID, Stage: passed})
		h.must(err)
		again, err := h.door.begin(h.Context(), entry{Person: h.annaID, Stage: passed})
		h.must(err)
		token, err := h.door.NewToken(access.With(h.Context(), access.Machine("test", AllTokens)), AllTokens, anna, Grant{Name: "x"})
		h.must(err)
		if session == again || len(session) < 43 || len(link) < 43 || len(token) < 43 {
			h.Errorf("%s %s %s", session, link, token)
		}
		for table, text := range map[string]string{"work_link": strings.TrimPrefix(link, "/link/"), "work_session": session, "token": token, "credential": password} {
			column := map[string]string{"token": "hash_secret", "credential": "password_secret"}[table]
			if column == "" {
				column = "hash"
			}
			var plain, rows int
			h.must(h.door.Store.Peek(h.Context(), func(q *store.Read) error {
				return q.Row(`SELECT count(*), coalesce(sum(CASE WHEN `+column+` LIKE '%' || :text || '%' THEN 1 ELSE 0 END), 0) FROM `+table, store.Args{"text": text}, &rows, &plain)
			}))
			if plain > 0 || rows == 0 {
				h.Errorf("%s: %d of %d hold what signs in", table, plain, rows)
			}
		}
	})
}

// A new link takes the place of the earlier, and a first password ends both.
func TestOneLinkAtATime(t *testing.T) {
	each(t, func(h *house) {
		first, err := h.door.Link(h.Context(), h.annaID, SignInLink, time.Hour)
		h.must(err)
		second, err := h.door.Link(h.Context(), h.annaID, SignInLink, time.Hour)
		h.must(err)
		if res := h.post(h.browser(), first, nil); res.StatusCode != 404 {
			h.Errorf("the earlier link gives %d", res.StatusCode)
		}
		h.must(h.door.SetPassword(h.Context(), h.annaID, "en helt ny lang sætning"))
		if res := h.post(h.browser(), second, nil); res.StatusCode != 404 {
			h.Errorf("a link from before the new password gives %d", res.StatusCode)
		}
	})
}

// seat gives a person a position with a role at the top.
func (h *house) seat(id, name string, role access.Role) string {
	ctx := access.With(h.Context(), access.Machine("test", "test", "holding.edit", "role_grant.create", "holding.create"))
	h.must(h.door.Store.Change(ctx, store.Intent{Verb: "test.do", Need: "test"}, func(w *store.Write) error {
		if id == "" {
			p := people.Person{Head: record.Head{Unit: people.Top}, Number: name, Name: name, Mail: strings.ToLower(name) + "@by.example", Category: "employee"}
			if err := people.Persons.Add(w, &p); err != nil {
				return err
			}
			id = p.ID
		}
		at := people.Position{Head: record.Head{Unit: people.Top}, Title: name + " " + string(role)}
		if err := people.Positions.Add(w, &at); err != nil {
			return err
		}
		if err := people.Holdings.Add(w, &people.Holding{Head: record.Head{Unit: people.Top}, Person: id, Position: at.ID, Starts: "2026-01-01"}); err != nil {
			return err
		}
		return people.Grants.Add(w, &people.Grant{Head: record.Head{Unit: people.Top}, Position: at.ID, Role: people.Role(role)})
	}))
	return id
}

// An administrator can let anybody in, and so come to act as anybody: not unseen.
func TestALinkToAnothersAccountIsSeen(t *testing.T) {
	each(t, func(h *house) {
		h.door.Roles[access.Administrator] = append(h.door.Roles[access.Administrator], people.LinkNeed)
		bo, carl := h.seat("", "Bo", access.Administrator), h.seat("", "Carl", access.Coordinator)
		h.must(h.door.SetPassword(h.Context(), bo, password))
		b := h.browser()
		h.signIn(b, "bo@by.example", password)
		tasks := func() (n int) {
			h.must(h.door.Store.Peek(h.Context(), func(q *store.Read) error {
				return q.Row(`SELECT count(*) FROM task WHERE person = :carl AND record = :anna AND done = ''`, store.Args{"carl": carl, "anna": h.annaID}, &n)
			}))
			return n
		}
		if res := h.post(b, "/person/"+h.annaID+"/link", nil); res.StatusCode != 200 || tasks() != 0 {
			h.Errorf("a link for an employee: %d, %d tasks for others", res.StatusCode, tasks())
		}
		var told int
		h.must(h.door.Store.Peek(h.Context(), func(q *store.Read) error {
			return q.Row(`SELECT count(*) FROM work_mail m JOIN work_notice n ON m.writer = 'notice/' || n.id WHERE n.person = :anna AND n.urgent = 1 AND n.text_da LIKE 'Bo har lavet%'`,
				store.Args{"anna": h.annaID}, &told)
		}))
		if told != 1 {
			h.Errorf("Anna is told %d times at once", told)
		}
		h.seat(h.annaID, "Anna", access.Auditor)
		res, err := b.PostForm(h.server.URL+"/person/"+h.annaID+"/link", nil)
		h.must(err)
		link := regexp.MustCompile(`/link/[\w-]{43}`).FindString(body(h, res.Body))
		res.Body.Close()
		if tasks() != 1 || link == "" {
			h.Errorf("a link %q for an auditor gives others %d tasks", link, tasks())
		}
		c := h.browser()
		h.post(c, link, nil)
		h.wantIn(c, true)
		own := h.browser()
		h.signIn(own, anna, password)
		if _, page := h.get(own, "/me"); !strings.Contains(page, "Bo lavede et link") || !strings.Contains(page, "Nogen loggede ind som dig med et link") {
			h.Error("Anna's own page does not show it")
		}
		var leaves int
		h.must(h.door.Store.Peek(h.Context(), func(q *store.Read) error {
			return q.Row(`SELECT count(*) FROM ledger_leaf WHERE id = :anna AND (verb = 'person.link' AND actor = :bo OR verb = 'person.linked')`, store.Args{"anna": h.annaID, "bo": bo}, &leaves)
		}))
		if leaves != 3 {
			h.Errorf("the ledger has %d leaves about it, want 3", leaves)
		}
		ctx := access.With(h.Context(), access.Machine("test", "test", "holding.edit"))
		h.must(h.door.Store.Change(ctx, store.Intent{Verb: "test.do", Need: "test"}, func(w *store.Write) error {
			_, err := people.Leave(w, h.annaID, "", true)
			return err
		}))
		if code, page := h.get(b, "/person/"+h.annaID+"/link"); code/100 != 4 || code == 404 || !strings.Contains(page, "Anna har ikke adgang mere") {
			h.Errorf("a link for somebody who left: %d %s", code, page)
		}
	})
}

// Whoever administers one unit lets in who works there, but comes to no role of the whole municipality by it.
func TestALinkHandsOutNoRoleBeyondOnesReach(t *testing.T) {
	each(t, func(h *house) {
		h.door.Roles[access.Administrator] = append(h.door.Roles[access.Administrator], people.LinkNeed)
		bo := h.seat("", "Bo", access.Administrator)
		h.must(h.door.SetPassword(h.Context(), bo, password))
		h.must(h.door.Store.Change(access.With(h.Context(), access.Machine("test", "test")), store.Intent{Verb: "test.do", Need: "test"}, func(w *store.Write) error {
			a := people.Unit{Head: record.Head{ID: "a", Unit: people.Top}, Number: "a", Name: "A", Kind: "department"}
			if err := people.Units.Add(w, &a); err != nil {
				return err
			}
			var grant string
			if err := w.Row(`SELECT id FROM role_grant`, nil, &grant); err != nil {
				return err
			}
			g, err := people.Grants.Get(&w.Read, grant)
			if err != nil {
				return err
			}
			near := g
			near.Unit = a.ID
			if err := people.Grants.Replace(w, g, &near); err != nil {
				return err
			}
			p, err := people.Persons.Get(&w.Read, h.annaID)
			if err != nil {
				return err
			}
			there := p
			there.Unit = a.ID
			return people.Persons.Replace(w, p, &there)
		}))
		b := h.browser()
		h.signIn(b, "bo@by.example", password)
		if res := h.post(b, "/person/"+h.annaID+"/link", nil); res.StatusCode != 200 {
			h.Errorf("for an employee of the unit: %d", res.StatusCode)
		}
		h.seat(h.annaID, "Anna", access.Coordinator)
		if res := h.post(b, "/person/"+h.annaID+"/link", nil); res.StatusCode < 400 {
			h.Errorf("for a coordinator of the whole municipality: %d", res.StatusCode)
		}
	})
}
