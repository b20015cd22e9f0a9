package app

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// TestGalleryShowsEveryPage opens each exhibit in both languages, and finds
// registers of which a state is lacking.
func TestGalleryShowsEveryPage(t *testing.T) {
	if testing.Short() {
		t.Skip("filling the demo takes seconds")
	}
	all, err := furnish(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(all.close)
	exhibits, closed, err := all.exhibits(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	states := map[string]bool{}
	for _, e := range exhibits {
		states[e.Pattern+" "+e.State] = true
		for _, lang := range []string{"da", "en"} {
			r := httptest.NewRequest(http.MethodGet, e.Link(lang), nil)
			w := httptest.NewRecorder()
			all.ServeHTTP(w, r)
			for w.Code == http.StatusSeeOther && strings.HasPrefix(r.URL.Path, "/gallery/") {
				next := httptest.NewRequest(http.MethodGet, w.Header().Get("Location"), nil)
				for _, c := range w.Result().Cookies() {
					next.AddCookie(c)
				}
				r, w = next, httptest.NewRecorder()
				all.ServeHTTP(w, r)
			}
			if want := map[string]int{"filled": 200, "empty": 200, "error": 422, "clash": 412}[e.State]; want != 0 && w.Code != want && e.Pattern != "/sign-in" {
				t.Errorf("%s %s in %s: %d, want %d", e.Pattern, e.State, lang, w.Code, want)
			}
			if !strings.Contains(w.Body.String(), `<html lang="`+lang+`"`) {
				t.Errorf("%s %s is not in %s", e.Pattern, e.State, lang)
			}
		}
	}
	for _, m := range all.full.engine.Modules {
		if m.Plural == "" {
			continue
		}
		lacks := []string{"/" + m.Name + " filled", "/" + m.Name + "/{id} filled", "/" + m.Name + " empty"}
		if !m.Kept {
			lacks = append(lacks, "/"+m.Name+"/new filled", "/"+m.Name+"/new error", "/"+m.Name+"/{id}/edit filled")
		}
		for _, s := range lacks {
			if !states[s] {
				t.Errorf("%s is not shown. Let the demo or room.furnish have one.", s)
			}
		}
	}
	if len(closed) > 15 {
		slices.Sort(closed)
		t.Errorf("%d pages are open to nobody: %v", len(closed), closed)
	}
	w := httptest.NewRecorder()
	all.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/gallery", nil))
	if n := strings.Count(w.Body.String(), "data-page="); w.Code != http.StatusOK || n != 2*len(exhibits) {
		t.Errorf("the list: %d with %d links, want %d", w.Code, n, 2*len(exhibits))
	}
}
