package kit_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/module"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
	"vaern/internal/web"
)

// TestALongListIsPrintedAsFarAsAPDFGoes makes a list longer than a PDF holds: what is offered says so, and is given.
func TestALongListIsPrintedAsFarAsAPDFGoes(t *testing.T) {
	m, lines := secrets()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		add := func(from, until int) {
			ctx := access.With(t.Context(), access.Machine("test", "test", "secret.create"))
			if err := s.Change(ctx, store.Intent{Verb: "test.do", Need: "test"}, func(w *store.Write) error {
				if from == 0 {
					if err := people.FoundTop(w); err != nil {
						return err
					}
					top := people.Unit{Head: record.Head{ID: people.Top, Unit: people.Top}, Number: "1", Name: "By", Kind: "municipality"}
					if err := people.Units.Add(w, &top); err != nil {
						return err
					}
				}
				var all []record.Save[Secret]
				for n := from; n < until; n++ {
					all = append(all, record.Save[Secret]{New: &Secret{Head: record.Head{Unit: people.Top}, Title: fmt.Sprintf("Linje %04d", n)}})
				}
				wrong, err := lines.SaveMany(w, w.NewID(), all)
				return errors.Join(append(wrong, err)...)
			}); err != nil {
				t.Fatal(err)
			}
		}
		site := web.New(s, func(*http.Request) (access.Actor, error) {
			return storetest.Actor("anna", access.Reach{Whole: true}, "secret.see"), nil
		})
		m.Mount(site)
		get := func(path string) string {
			w := httptest.NewRecorder()
			if site.ServeHTTP(w, httptest.NewRequest("GET", path, nil)); w.Code != http.StatusOK {
				t.Fatalf("%s answers %d", path, w.Code)
			}
			return w.Body.String()
		}
		const first, all = "højst de første 2.000 rækker", "(.xlsx): op til 200.000 rækker"
		add(0, 1000)
		if page := get("/secret"); strings.Contains(page, first) || strings.Contains(page, all) {
			t.Error("a short list is said to be cut")
		}
		add(1000, 2000)
		if page := get("/secret"); !strings.Contains(page, first) || !strings.Contains(page, all) {
			t.Error("nothing is said of what a PDF holds, or a spreadsheet")
		}
		if file := get("/secret/export?format=pdf"); !strings.Contains(file, ">2.000\u00a0rækker · ") {
			t.Error("a list that a PDF just holds is not whole in it")
		}
		add(2000, 2001)
		if file := get("/secret/export?format=pdf"); !strings.Contains(file, ">De første 2.000\u00a0rækker · ") {
			t.Error("a PDF does not say that the list is longer")
		}
		if n := strings.Count(get("/secret/export?format=csv"), "Linje"); n != 2001 {
			t.Errorf("a spreadsheet holds %d rows", n)
		}
	}, module.Schemas([]module.Module{m})...)
}
