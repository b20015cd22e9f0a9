package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"vaern/internal/access"
	"vaern/internal/store/storetest"
	"vaern/internal/web"
)

// A neighbour under the same domain can set a cookie by any name but one that
// begins with __Host-: over TLS no other counts.
func TestOverTLSOnlyCookiesOfThisHostCount(t *testing.T) {
	seen := ""
	s := web.New(storetest.Open(t, storetest.URLs(t)[0]), func(r *http.Request) (access.Actor, error) {
		seen = ""
		if c, err := r.Cookie("session"); err == nil {
			seen = c.Value
		}
		return access.Actor{}, nil
	})
	for _, c := range []struct {
		secure       bool
		cookie, want string
	}{
		{true, "__Host-session=mine", "mine"}, {true, "session=planted", ""}, {true, "session=planted; __Host-session=mine", "mine"},
		{false, "session=mine", "mine"},
	} {
		s.Secure = c.secure
		r := httptest.NewRequest("GET", "/nothing", nil)
		r.Header.Set("Cookie", c.cookie)
		s.ServeHTTP(httptest.NewRecorder(), r)
		if seen != c.want {
			t.Errorf("secure %v with %s: the session is %q, want %q", c.secure, c.cookie, seen, c.want)
		}
		name := map[bool]string{true: "__Host-session", false: "session"}[c.secure]
		if made := s.Cookie("session", "x", 1); made.Name != name || made.Secure != c.secure || !made.HttpOnly || made.SameSite != http.SameSiteLaxMode || made.Path != "/" || made.Domain != "" {
			t.Errorf("secure %v sets %s", c.secure, made)
		}
	}
}
