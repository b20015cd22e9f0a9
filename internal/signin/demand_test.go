package signin

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"vaern/internal/access"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/store"

	"github.com/pquerna/otp/totp"
)

// demand demands a code of a role from a day on.
func (h *house) demand(role access.Role, day string) {
	h.Helper()
	ctx := access.With(h.Context(), access.Machine("test", DemandNeed))
	h.must(h.door.Store.Change(ctx, store.Intent{Verb: "code_demand.set", Need: DemandNeed}, func(w *store.Write) error {
		_, err := putDemands(w, map[string]string{string(role): day})
		return err
	}))
}

func (h *house) page(b *http.Client, path string) string {
	h.Helper()
	_, text := h.get(b, path)
	return text
}

// From the day on, who lacks the code gets nothing but the page where it is set up.
func TestWhoLacksADemandedCodeGetsNothingElse(t *testing.T) {
	each(t, func(h *house) {
		open, b := h.browser(), h.browser()
		h.signIn(open, anna, password)
		token, err := h.door.NewToken(access.With(h.Context(), access.Machine("test", AllTokens)), AllTokens, anna, Grant{Name: "x"})
		h.must(err)
		byToken := func() problem.Kind {
			r, err := http.NewRequestWithContext(h.Context(), "GET", "/api/v1/rules", nil)
			h.must(err)
			r.Header.Set("Authorization", "Bearer "+token)
			_, err = h.door.Who(r)
			return problem.Of(err)
		}
		h.demand(access.Auditor, "2026-03-01") // another role
		h.wantIn(open, true)
		h.demand(access.Employee, "2026-03-02")
		h.wantIn(open, false)
		if byToken() != problem.Unknown {
			h.Error("the person's program gets in")
		}
		if res := h.signIn(b, anna, password); !strings.HasPrefix(res.Header.Get("Location"), appPath) {
			h.Errorf("after the password: %s", res.Header.Get("Location"))
		}
		h.wantIn(b, false)
		if code, _ := h.get(b, "/me"); code != 303 {
			h.Errorf("the account opens: %d", code)
		}
		stolen := strings.Repeat("A", 32)
		if code, page := h.get(b, appPath); code != 403 || shown.MatchString(page) {
			h.Errorf("a password alone leads to setting up a code: %d", code)
		}
		if res := h.post(b, appPath, url.Values{"secret": {stolen}, "code": {h.code(stolen)}}); res.StatusCode != 403 {
			h.Errorf("a password alone sets up a code: %d", res.StatusCode)
		}
		h.wantIn(b, false)
		h.admit()
		secret := shown.FindStringSubmatch(h.page(b, appPath))[1]
		if res := h.post(b, appPath, url.Values{"secret": {secret}, "code": {"000000"}}); res.StatusCode != 422 {
			h.Errorf("a wrong code: %d", res.StatusCode)
		}
		h.wantIn(b, false)
		h.post(b, appPath, url.Values{"secret": {secret}, "code": {h.code(secret)}, "next": {"/secret"}})
		h.wantIn(b, true)
		if byToken() == problem.Unknown {
			h.Error("the program stays out")
		}
		if res := h.post(b, "/me/code/off", url.Values{"present-code": {password}}); res.StatusCode < 400 {
			h.Errorf("a demanded code is turned off: %d", res.StatusCode)
		}
	})
}

// admit opens for Anna to set a code up, by one who administers; the link that the
// same one then makes lets nobody in.
func (h *house) admit() {
	h.Helper()
	h.door.Roles[access.Administrator] = append(h.door.Roles[access.Administrator], people.LinkNeed, people.VouchNeed)
	bo := h.seat("", "Bo", access.Administrator)
	h.must(h.door.SetPassword(h.Context(), bo, password))
	secret := strings.Repeat("B", 32)
	h.must(h.door.setCode(h.Context(), bo, secret, ""))
	b, thief := h.browser(), h.browser()
	h.signIn(b, "bo@by.example", password)
	h.post(b, "/sign-in/code", url.Values{"code": {h.code(secret)}})
	path := "/person/" + h.annaID + "/code"
	if res := h.post(b, path, url.Values{"act": {"admit"}, "reason": {"kort"}}); res.StatusCode != 422 {
		h.Errorf("opened without a reason: %d", res.StatusCode)
	}
	if res := h.post(b, path, url.Values{"act": {"admit"}, "reason": {"Hun stod ved mit bord med sit kort."}}); res.StatusCode != 303 {
		h.Fatalf("opened: %d", res.StatusCode)
	}
	if res := h.post(b, "/person/"+h.annaID+"/link", nil); res.StatusCode < 400 {
		h.Errorf("who opened makes a link: %d", res.StatusCode)
	}
	link, err := h.door.Link(h.Context(), h.annaID, SignInLink, time.Hour)
	h.must(err)
	if res := h.post(thief, link, nil); res.StatusCode < 400 {
		h.Errorf("a link lets in, opened by one: %d", res.StatusCode)
	}
	if res := h.post(b, "/person/"+bo+"/code", url.Values{"act": {"admit"}, "reason": {"Det er jo mig selv."}}); res.StatusCode < 400 {
		h.Errorf("one opens for oneself: %d", res.StatusCode)
	}
}

// Nobody shuts oneself out, and easing a demand in force takes two; the others are told of each.
func TestEasingADemandTakesTwo(t *testing.T) {
	each(t, func(h *house) {
		h.door.Roles[access.Administrator] = append(h.door.Roles[access.Administrator], DemandNeed)
		watcher := h.seat("", "Carl", access.Coordinator)
		as := map[string]*http.Client{}
		sit := func(name string) {
			h.must(h.door.SetPassword(h.Context(), h.seat("", name, access.Administrator), password))
			as[name] = h.browser()
			h.signIn(as[name], strings.ToLower(name)+"@by.example", password)
		}
		sit("Bo")
		if code := h.post(as["Bo"], "/code_demand", url.Values{"administrator": {"2026-03-01"}}).StatusCode; code != 409 {
			h.Errorf("one shuts oneself out: %d", code)
		}
		is := func() (starts string, told int) {
			h.must(h.door.Store.Peek(h.Context(), func(q *store.Read) error {
				return q.Row(`SELECT coalesce((SELECT starts FROM code_demand WHERE id = 'auditor'), ''), (SELECT count(*) FROM work_notice WHERE person = :person AND path = '/code_demand')`,
					store.Args{"person": watcher}, &starts, &told)
			}))
			return starts, told
		}
		try := func(what, who string, form url.Values, code int, starts string, told int) {
			h.Helper()
			res := h.post(as[who], "/code_demand", form)
			if isStarts, isTold := is(); res.StatusCode != code || isStarts != starts || isTold != told {
				h.Errorf("%s: answered %d, the demand is from %q, the coordinator is told %d times; want %d, %q, %d", what, res.StatusCode, isStarts, isTold, code, starts, told)
			}
		}
		set := func(day string) url.Values { return url.Values{"auditor": {day}} }
		answer := func(act, version string) url.Values { return url.Values{act: {"auditor"}, "version": {version}} }
		try("before its day", "Bo", set("2026-04-01"), 303, "2026-04-01", 0)
		try("sooner", "Bo", set("2026-03-02"), 303, "2026-03-02", 0)
		try("put off", "Bo", set("2026-04-01"), 303, "2026-03-02", 1)
		try("put off again, to the same day", "Bo", set("2026-04-01"), 303, "2026-03-02", 1)
		try("agreed to by who proposed it", "Bo", answer("agree", "1"), 409, "2026-03-02", 1)
		if page := h.page(as["Bo"], "/code_demand"); !strings.Contains(page, "Du er den eneste administrator") || !strings.Contains(page, `href="/role_grant/new"`) || strings.Contains(page, `value="auditor">Ja`) {
			h.Error("who is alone is not told what to do, or may agree")
		}
		try("taken away instead", "Bo", set(""), 303, "2026-03-02", 2)
		sit("Cai")
		if page := h.page(as["Bo"], "/code_demand"); strings.Contains(page, "den eneste") {
			h.Error("who is not alone is told so")
		}
		if page := h.page(as["Cai"], "/code_demand"); !strings.Contains(page, "Bo foreslår at fjerne kravet: Revisor") || !strings.Contains(page, `name="agree" value="auditor"`) {
			h.Error("another does not see it")
		}
		try("agreed to as it was before", "Cai", answer("agree", "1"), 409, "2026-03-02", 2)
		try("dropped", "Cai", answer("drop", "2"), 303, "2026-03-02", 2)
		try("agreed to when it is gone", "Cai", answer("agree", "2"), 409, "2026-03-02", 2)
		try("proposed once more", "Cai", set(""), 303, "2026-03-02", 3)
		try("agreed to by another", "Bo", answer("agree", "1"), 303, "", 4)
		try("set once more", "Bo", set("2026-03-01"), 303, "2026-03-01", 4)
	})
}

// Before the day one is led to it, and may do it later.
func TestBeforeTheDayOneIsRemindedAndGoesOn(t *testing.T) {
	each(t, func(h *house) {
		h.demand(access.Employee, "2026-04-01")
		h.demand(access.Employee, "2026-04-01") // the same again is no fault
		b := h.browser()
		res := h.signIn(b, anna, password)
		if res.Header.Get("Location") != "/me/code?next=%2Fsecret" {
			h.Errorf("led to %s", res.Header.Get("Location"))
		}
		if page := h.page(b, "/me/code?next=%2Fsecret"); !strings.Contains(page, `<a href="/secret">Gør det senere`) || !strings.Contains(page, "1.4.2026") {
			h.Error("the day or the way on is not told")
		}
		h.wantIn(b, true)
	})
}

// A link lets nobody in for whom a code is demanded, made before the day or after;
// where two agree that the code was lost, it does, to set up another.
func TestALinkPassesByNoDemandedCode(t *testing.T) {
	each(t, func(h *house) {
		h.door.Roles[access.Administrator] = append(h.door.Roles[access.Administrator], people.LinkNeed, people.VouchNeed)
		as := map[string]*http.Client{}
		for _, name := range []string{"Bo", "Carl"} {
			h.must(h.door.SetPassword(h.Context(), h.seat("", name, access.Administrator), password))
			as[name] = h.browser()
			h.signIn(as[name], strings.ToLower(name)+"@by.example", password)
		}
		early, err := h.door.Link(h.Context(), h.annaID, SignInLink, 24*time.Hour)
		h.must(err)
		h.seat(h.annaID, "Anna", access.Auditor)
		h.demand(access.Auditor, "2026-03-02")
		b := h.browser()
		if res := h.post(b, early, nil); res.StatusCode < 400 {
			h.Errorf("the link of before the day: %d", res.StatusCode)
		}
		h.wantIn(b, false)
		if res := h.post(as["Bo"], "/person/"+h.annaID+"/link", nil); res.StatusCode < 400 {
			h.Errorf("a link is made: %d", res.StatusCode)
		}
		path := "/person/" + h.annaID + "/code"
		if res := h.post(as["Bo"], path, url.Values{"act": {"grant"}}); res.StatusCode < 400 {
			h.Errorf("granted without being asked: %d", res.StatusCode)
		}
		h.post(as["Bo"], path, url.Values{"act": {"ask"}, "reason": {"Vi mødtes på rådhuset, og hun viste pas."}})
		if res := h.post(as["Bo"], path, url.Values{"act": {"grant"}}); res.StatusCode < 400 {
			h.Errorf("one agrees with oneself: %d", res.StatusCode)
		}
		if res := h.post(as["Carl"], path, url.Values{"act": {"grant"}}); res.StatusCode != 303 {
			h.Errorf("another agrees: %d", res.StatusCode)
		}
		res, err := as["Bo"].PostForm(h.server.URL+"/person/"+h.annaID+"/link", nil)
		h.must(err)
		link := regexp.MustCompile(`/link/[\w-]{43}`).FindString(body(h, res.Body))
		res.Body.Close()
		h.post(b, link, nil)
		h.wantIn(b, false)
		secret := shown.FindStringSubmatch(h.page(b, appPath))[1]
		h.post(b, appPath, url.Values{"secret": {secret}, "code": {h.code(secret)}})
		h.wantIn(b, true)
	})
}

// What was opened for a day is shut after it, for a link and for a password.
func TestWhatWasAgreedLastsADay(t *testing.T) {
	each(t, func(h *house) {
		h.demand(access.Employee, "2026-03-02")
		_, err := h.door.Readmit(h.Context(), anna, "Anna stod ved serveren.")
		h.must(err)
		link, err := h.door.Link(h.Context(), h.annaID, SignInLink, 3*goodFor)
		h.must(err)
		b := h.browser()
		h.signIn(b, anna, password)
		if code, _ := h.get(b, appPath); code != 200 {
			h.Errorf("the same day a code can be set up: %d", code)
		}
		h.now.Add((goodFor + time.Minute).Milliseconds())
		h.signIn(b, anna, password)
		if code, _ := h.get(b, appPath); code != 403 {
			h.Errorf("the day after a code can be set up by password: %d", code)
		}
		if res := h.post(b, link, nil); res.StatusCode < 400 {
			h.Errorf("the day after a link lets in: %d", res.StatusCode)
		}
	})
}

// A lost code is turned off by two, never by the person at one's own account.
func TestALostCodeTakesTwo(t *testing.T) {
	each(t, func(h *house) {
		h.door.Roles[access.Administrator] = append(h.door.Roles[access.Administrator], people.VouchNeed, people.LinkNeed)
		bo := h.seat("", "Bo", access.Administrator)
		h.must(h.door.SetPassword(h.Context(), bo, password))
		h.seat(h.annaID, "Anna", access.Administrator)
		secret := strings.Repeat("A", 32)
		h.must(h.door.setCode(h.Context(), h.annaID, secret, ""))
		a, b := h.browser(), h.browser()
		h.signIn(a, anna, password)
		h.post(a, "/sign-in/code", url.Values{"code": {h.code(secret)}})
		h.wantIn(a, true)
		h.signIn(b, "bo@by.example", password)
		path := "/person/" + h.annaID + "/code"
		if res := h.post(b, path, url.Values{"act": {"grant"}}); res.StatusCode < 400 {
			h.Errorf("nobody asked: %d", res.StatusCode)
		}
		h.post(b, path, url.Values{"act": {"ask"}, "reason": {"Hun ringede, og jeg kender stemmen."}})
		for _, who := range []*http.Client{a, b} {
			if res := h.post(who, path, url.Values{"act": {"grant"}}); res.StatusCode < 400 {
				h.Errorf("one is enough: %d", res.StatusCode)
			}
		}
		if _, _, on, _ := h.door.kept(h.Context(), h.annaID); !on {
			h.Error("the code is off")
		}
		h.post(b, "/person/"+h.annaID+"/session", nil)
		h.wantIn(a, false)
		h.must(h.door.SetPassword(h.Context(), h.seat("", "Cai", access.Administrator), password))
		grants := func() (answered int, on bool) {
			c := h.browser()
			h.signIn(c, "cai@by.example", password)
			res := h.post(c, path, url.Values{"act": {"grant"}})
			_, _, on, err := h.door.kept(h.Context(), h.annaID)
			h.must(err)
			return res.StatusCode, on
		}
		if code, on := grants(); code != 303 || on {
			h.Errorf("another agrees: %d, the code is still on: %v", code, on)
		}
		h.must(h.door.setCode(h.Context(), h.annaID, secret, ""))
		for range 2 { // what was agreed once is asked for anew, while it lasts and after that
			if code, on := grants(); code < 400 || !on {
				h.Errorf("agreed again without being asked: %d, the code is on: %v", code, on)
			}
			h.now.Add((goodFor + time.Hour).Milliseconds())
		}
	})
}

// Where no two others are, whoever runs the machine lets the person in, in the
// machine's name.
func TestTheMachineReadmitsWhoLostTheCode(t *testing.T) {
	each(t, func(h *house) {
		h.must(h.door.setCode(h.Context(), h.annaID, strings.Repeat("A", 32), ""))
		if _, err := h.door.Readmit(h.Context(), anna, ""); problem.Of(err) != problem.Invalid {
			h.Errorf("without a reason: %v", err)
		}
		link, err := h.door.Readmit(h.Context(), anna, "Anna stod ved serveren.")
		h.must(err)
		b := h.browser()
		h.post(b, link, nil)
		h.wantIn(b, true)
		var leaves int
		h.must(h.door.Store.Peek(h.Context(), func(q *store.Read) error {
			return q.Row(`SELECT count(*) FROM ledger_leaf WHERE actor = :machine AND id = :anna`, store.Args{"machine": "machine:console", "anna": h.annaID}, &leaves)
		}))
		if leaves < 2 {
			h.Errorf("the ledger has %d leaves about it", leaves)
		}
	})
}

// Whoever has no secret has no code, although an empty one makes some.
func TestNoSecretHasNoCode(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	code, err := totp.GenerateCode("", at)
	if err != nil || len(code) != 6 {
		t.Fatalf("an empty secret makes %q: %v: this test looks in vain", code, err)
	}
	if _, ok := step("", code, at); ok {
		t.Error("a code of no secret fits")
	}
}

func TestACodeIsGoodForItsPeriodAndOneOnEachSide(t *testing.T) {
	secret := unpadded.EncodeToString(make([]byte, seed))
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for drift, want := range map[int]bool{-3: false, -2: false, -1: true, 0: true, 1: true, 2: false, 3: false} {
		code, err := totp.GenerateCode(secret, at.Add(time.Duration(drift*period)*time.Second))
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := step(secret, code, at); ok != want {
			t.Errorf("a code %d periods away is good: %v, want %v", drift, ok, want)
		}
	}
}
