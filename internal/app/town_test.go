package app

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/store/storetest"
)

func engineOf(at string) string {
	if strings.HasPrefix(at, "postgres://") {
		return "postgres"
	}
	return "sqlite"
}

// each runs fn on a new municipality on every database; its clock begins at
// storetest.Now. Afterwards the ledger must verify.
func each(t *testing.T, fn func(*testing.T, *town)) {
	t.Helper()
	for _, at := range storetest.URLs(t) {
		t.Run(engineOf(at), func(t *testing.T) {
			p := place{Data: t.TempDir(), Database: at}
			in, err := p.prepare(t.Context(), storetest.Clock())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { in.Close() })
			if err := in.begin(t.Context(), p.Data, false); err != nil {
				t.Fatal(err)
			}
			if _, err := in.found(t.Context(), "Prøve Kommune", "anna@example.dk"); err != nil {
				t.Fatal(err)
			}
			fn(t, in)
			storetest.Verify(t, in.Store)
		})
	}
}

// roleActor is somebody with a role in the whole municipality.
func (t *town) roleActor(role access.Role) access.Actor {
	a := access.Actor{ID: "test-" + string(role), Name: string(role), May: map[access.Permission]access.Reach{}}
	for _, r := range []access.Role{role, access.Employee} { // everybody is an employee too
		for _, p := range t.roles[r] {
			a.May[p] = access.Reach{Whole: true}
		}
	}
	for _, p := range t.roles[access.Holder] { // and everybody has what the record itself gives
		a.May[p] = a.May[p]
	}
	return a
}

// all is a context of somebody who may do everything that there is.
func (t *town) all(ctx context.Context) context.Context {
	return access.With(ctx, access.Machine("test", append(t.everything(), "test")...))
}

// visitor asks one site for pages.
type visitor struct {
	site   http.Handler
	cookie *http.Cookie
}

func (v visitor) send(method, path, form string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(form))
	if form != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if v.cookie != nil {
		r.AddCookie(v.cookie)
	}
	w := httptest.NewRecorder()
	v.site.ServeHTTP(w, r)
	return w
}
