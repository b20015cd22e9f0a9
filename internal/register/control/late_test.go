package control

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"vaern/internal/access"
	"vaern/internal/i18n"
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
		late := &Control{Head: record.Head{Unit: people.Top}, Number: "K-1", Title: "Sen", Every: "year", Done: "2019-01-01", Result: "Som sidst", Due: "2020-01-01"}
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
			"/control/" + late.ID:                               {"ikke udført til tiden", "Fristen var 1.1.2020", "Udfør kontrollen", `href="/control/` + late.ID + `/edit?again=1#done"`},
		} {
			w := httptest.NewRecorder()
			site.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
			for _, text := range want {
				if !strings.Contains(w.Body.String(), text) {
					t.Errorf("%s (%d) does not say %q", path, w.Code, text)
				}
			}
		}
		form := "/control/" + late.ID + "?again=1"
		w := httptest.NewRecorder()
		site.ServeHTTP(w, httptest.NewRequest("GET", "/control/"+late.ID+"/edit?again=1", nil))
		for text, there := range map[string]bool{`name="done" value="` + i18n.Da.Date(s.Clock().In(i18n.Zone).Format(time.DateOnly)) + `"`: true, "Som sidst": false, `value="Sen"`: true, `action="` + form + `" data-draft="` + form + `"`: true, `Resultat</label>`: true, "<title>Udfør kontrollen: K-1 Sen": true} {
			if strings.Contains(w.Body.String(), text) != there {
				t.Errorf("the form to carry it out has %q: %v", text, !there)
			}
		}
	}, module.Schemas([]module.Module{m})...)
}
