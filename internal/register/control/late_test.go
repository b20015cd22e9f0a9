package control

import (
	"errors"
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

func TestALateControlSaysSoInItsListAndOnItsPage(t *testing.T) {
	m := Module()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		fresh := &Control{Head: record.Head{Unit: people.Top}, Number: "K-2", Title: "Ny", Every: "year", Due: "2999-01-01"}
		late := &Control{Head: record.Head{Unit: people.Top}, Number: "K-1", Title: "Sen", Every: "year", Due: "2020-01-01"}
		err := s.Change(access.With(t.Context(), access.Machine("test", "test", "control.create")), store.Intent{Verb: "test.do", Need: "test"}, func(w *store.Write) error {
			if err := people.FoundTop(w); err != nil {
				return err
			}
			top := people.Unit{Head: record.Head{ID: people.Top, Unit: people.Top}, Number: "1", Name: "By", Kind: "municipality"}
			if err := people.Units.Add(w, &top); err != nil {
				return err
			}
			return errors.Join(Controls.Add(w, fresh), Controls.Add(w, late))
		})
		if err != nil {
			t.Fatal(err)
		}
		site := web.New(s, func(*http.Request) (access.Actor, error) {
			return storetest.Actor("anna", access.Reach{Whole: true}, "control.see", "control.edit"), nil
		})
		m.Mount(site)
		for path, want := range map[string][]string{
			"/control":                       {"1.1.2020<br>", "dage over", `class="state unmet"`, "</svg>ikke udført til tiden", `<th scope="col" role="columnheader">Status</th>`},
			"/control?columns=standing&q=Ny": {"</svg>ikke udført endnu"},
			"/control/export?format=csv&columns=title,standing": {"Status", "ikke udført til tiden"},
			"/control/" + late.ID:                               {"ikke udført til tiden", "Fristen var 1.1.2020", "Udfør eller ret"},
		} {
			w := httptest.NewRecorder()
			site.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
			for _, text := range want {
				if !strings.Contains(w.Body.String(), text) {
					t.Errorf("%s (%d) does not say %q", path, w.Code, text)
				}
			}
		}
	}, module.Schemas([]module.Module{m})...)
}
