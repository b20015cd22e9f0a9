package kit_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/module"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
	"vaern/internal/web"
	"vaern/internal/web/kit"
)

func TestARecordStandsAsItDidOnTheDayThatIsAskedFor(t *testing.T) {
	_, all := secrets()
	m := kit.Module(kit.Register[Secret]{Register: all, Stands: func(_ Secret, day string, _ i18n.Lang) kit.Standing {
		return kit.Standing{Code: "met", Word: "stod " + day}
	}})
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		one := Secret{Head: record.Head{Unit: people.Top}, Title: "Linje"}
		ctx := access.With(t.Context(), access.Machine("test", "test", "secret.create"))
		if err := s.Change(ctx, store.Intent{Verb: "test.do", Need: "test"}, func(w *store.Write) error {
			top := people.Unit{Head: record.Head{ID: people.Top, Unit: people.Top}, Number: "1", Name: "By", Kind: "municipality"}
			return errors.Join(people.FoundTop(w), people.Units.Add(w, &top), all.Add(w, &one))
		}); err != nil {
			t.Fatal(err)
		}
		site := web.New(s, func(*http.Request) (access.Actor, error) {
			return storetest.Actor("anna", access.Reach{Whole: true}, "secret.see"), nil
		})
		m.Mount(site)
		w := httptest.NewRecorder()
		if site.ServeHTTP(w, httptest.NewRequest("GET", "/secret/"+one.ID+"?as_of=5.3.2026", nil)); !strings.Contains(w.Body.String(), "stod 2026-03-05") {
			t.Errorf("%d: %s", w.Code, w.Body)
		}
	}, module.Schemas([]module.Module{m})...)
}

func TestDoingAgainNamesFieldsOrStopsTheStart(t *testing.T) {
	_, all := secrets()
	for _, wrong := range []kit.Again{{Day: "title"}, {Day: "nothing"}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q is taken as the day", wrong.Day)
				}
			}()
			kit.Module(kit.Register[Secret]{Register: all, Again: &wrong})
		}()
	}
}
