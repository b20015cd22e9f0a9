package signin

import (
	"context"
	"io"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"vaern/internal/access"
	"vaern/internal/problem"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

func TestTokenActsForItsPersonUntilItExpires(t *testing.T) {
	each(t, func(h *house) {
		ctx := access.With(h.Context(), access.Machine("test", "token.create"))
		text, err := h.door.NewToken(ctx, "token.create", anna, Grant{Name: "budget"})
		h.must(err)
		who := func(authorization string) (access.Actor, error) {
			r := httptest.NewRequestWithContext(context.Background(), "GET", "/api/v1/rule", nil)
			r.Header.Set("Authorization", authorization)
			return h.door.Who(r)
		}
		if a, err := who("Bearer " + text); err != nil || a.ID != h.annaID || !a.Can("rule.see") {
			h.Errorf("the token is %q, %v", a.ID, err)
		}
		if _, err := who("Bearer vaern_wrong"); problem.Of(err) != problem.Unknown {
			h.Errorf("a wrong token: %v", err)
		}
		r := httptest.NewRequestWithContext(context.Background(), "GET", "/rule", nil)
		r.Header.Set("Authorization", "Bearer "+text)
		if a, err := h.door.Who(r); err != nil || a.ID != "" {
			h.Errorf("a token opens a page, for %q: %v", a.ID, err)
		}
		h.now.Add((400 * 24 * time.Hour).Milliseconds())
		if _, err := who("Bearer " + text); problem.Of(err) != problem.Unknown {
			h.Errorf("an expired token: %v", err)
		}
	})
}

func TestOnesOwnTokensAreMadeShownOnceAndRevoked(t *testing.T) {
	each(t, func(h *house) {
		h.door.Roles[access.Employee] = append(h.door.Roles[access.Employee], OwnTokens)
		b := h.browser()
		h.signIn(b, anna, password)
		if res := h.post(b, "/me/token", url.Values{"name": {" "}}); res.StatusCode != 422 {
			h.Errorf("a token without a name: %d", res.StatusCode)
		}
		if res := h.post(b, "/me/token", url.Values{"name": {"x"}, "expires": {"2099-01-01"}}); res.StatusCode != 422 {
			h.Errorf("a token for ever: %d", res.StatusCode)
		}
		res, err := b.PostForm(h.server.URL+"/me/token", url.Values{"name": {"regneark"}, "reads": {"1"}})
		h.must(err)
		page, err := io.ReadAll(res.Body)
		h.must(err)
		text := regexp.MustCompile(tokenTag + `[\w-]+`).FindString(string(page))
		if text == "" {
			h.Fatalf("the token is not shown: %s", page)
		}
		who := func() (access.Actor, error) {
			r := httptest.NewRequestWithContext(context.Background(), "GET", "/api/v1/rules", nil)
			r.Header.Set("Authorization", "Bearer "+text)
			return h.door.Who(r)
		}
		a, err := who()
		if err != nil || a.ID != h.annaID || !a.Reads || a.Token == "" {
			h.Fatalf("the token is %+v, %v", a, err)
		}
		ctx := access.With(h.Context(), a)
		if err := h.door.Store.Change(ctx, store.Intent{Verb: "rule.edit", Need: "rule.see"}, func(*store.Write) error { return nil }); problem.Of(err) != problem.Forbidden {
			h.Errorf("who may only read changes something: %v", err)
		}
		_, list := h.get(b, "/me/token")
		if strings.Contains(list, text) || !strings.Contains(list, "regneark") || strings.Contains(list, "aldrig brugt") {
			h.Errorf("the list shows %s", list)
		}
		h.must(h.door.Store.Peek(h.Context(), func(q *store.Read) error {
			all, err := tokens(q, h.annaID)
			if len(all) != 1 || err != nil {
				h.Fatalf("%v %v", all, err)
			}
			a.Token = all[0].ID
			return nil
		}))
		other := access.With(h.Context(), storetest.Actor("somebody", access.Reach{Whole: true}, OwnTokens))
		if err := h.door.revoke(other, OwnTokens, a.Token, true); problem.Of(err) != problem.NotFound {
			h.Errorf("somebody else revokes it: %v", err)
		}
		h.post(b, "/me/token/"+a.Token+"/revoke", nil)
		if _, err := who(); problem.Of(err) != problem.Unknown {
			h.Errorf("a revoked token: %v", err)
		}
	})
}

// Whoever asks says what address is asked from; only what a trusted proxy saw counts.
func TestTriesAreCountedAgainstWhereTheyComeFrom(t *testing.T) {
	r := httptest.NewRequest("POST", "/sign-in", nil)
	r.RemoteAddr = "10.0.0.9:4711"
	for _, c := range []struct {
		proxy     bool
		forwarded []string
		want      string
	}{
		{false, nil, "10.0.0.9"}, {false, []string{"1.1.1.1"}, "10.0.0.9"}, {true, nil, "10.0.0.9"}, {true, []string{"1.1.1.1, 2.2.2.2"}, "2.2.2.2"},
		{true, []string{"1.1.1.1", "2.2.2.2"}, "2.2.2.2"}, {true, []string{"2.2.2.2:4711"}, "2.2.2.2"}, {true, []string{"::ffff:2.2.2.2"}, "2.2.2.2"},
		{true, []string{"2001:db8:1:2:3::4"}, "2001:db8:1:2::/64"}, {true, []string{"[2001:db8:1:2:ffff::9]:4711"}, "2001:db8:1:2::/64"},
	} {
		r.Header["X-Forwarded-For"] = c.forwarded
		if got := (&desk{proxy: c.proxy}).address(r); got != c.want {
			t.Errorf("behind a proxy %v, forwarded %q: %s, want %s", c.proxy, c.forwarded, got, c.want)
		}
	}
}
