package receipt

import (
	"errors"
	"net/http"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/web"
)

var (
	kiosksPage = web.NewPage[*kiosksView](folder, "kiosks")
	screenPage = web.NewPage[*screenView](folder, "screen")
)

var kiosksTitle = i18n.Text{"Fælles skærme", "Shared screens"}

// kiosksView is the screens within reach, and the form that makes one.
type kiosksView struct {
	Kiosks              []kiosk
	Unit, Name, Expires string
	Path                string // starts the new screen; shown once
	Errors              []mistake
}

func (p *pages) kiosks(w http.ResponseWriter, r *http.Request) error {
	return p.showKiosks(w, r, &kiosksView{}, nil)
}

func (p *pages) showKiosks(w http.ResponseWriter, r *http.Request, v *kiosksView, failed error) error {
	v.Errors = mistakes(failed, i18n.Of(r.Context()))
	err := p.s.View(r.Context(), Screens, func(q *store.Read) (err error) {
		if v.Expires == "" {
			v.Expires = later(q.Today, 90)
		}
		v.Kiosks, err = kiosks(q, `:scope(k.unit)`, nil)
		return err
	})
	if err != nil {
		return err
	}
	return kiosksPage.Show(p.site, w, r, status(failed), web.Head{Title: kiosksTitle, Path: "/kiosk"}, v)
}

func (p *pages) makeKiosk(w http.ResponseWriter, r *http.Request) error {
	v := &kiosksView{Unit: r.PostFormValue("unit"), Name: r.PostFormValue("name"), Expires: field.TypedDay(r.PostFormValue("expires"))}
	unit := ""
	err := p.s.View(r.Context(), Screens, func(q *store.Read) error {
		found, err := record.Means(q, "unit", v.Unit)
		if len(found) == 1 {
			unit = found[0].ID
		}
		return err
	})
	if err != nil {
		return err
	}
	v.Path, err = p.NewKiosk(r.Context(), p.s, unit, v.Name, v.Expires)
	if askAgain(err) {
		v.Path = ""
		return p.showKiosks(w, r, v, err)
	}
	if err != nil {
		return err
	}
	return p.showKiosks(w, r, &kiosksView{Path: p.site.Whole(r, v.Path)}, nil)
}

func (p *pages) endKiosk(w http.ResponseWriter, r *http.Request) error {
	if err := p.EndKiosk(r.Context(), p.s, r.PathValue("id")); err != nil {
		return err
	}
	return p.site.Done(w, r, "/kiosk", i18n.Text{"Skærmen er lukket.", "The screen is closed."})
}

// screenView is the shared screen's own page: who are you?
type screenView struct {
	Name, Unit string
	Start      string // where the device says that it is a screen
	Thanks     bool
	Errors     []mistake
}

const kioskCookie = "screen"

// token is what the device keeps.
func token(r *http.Request) string {
	c, err := r.Cookie(kioskCookie)
	if err != nil {
		return ""
	}
	return c.Value
}

var screenTitle = i18n.Text{"Læs og kvittér her", "Read and confirm here"}

// offerScreen asks whether this device is to be the screen.
func (p *pages) offerScreen(w http.ResponseWriter, r *http.Request) error {
	v := &screenView{Start: "/screen/" + r.PathValue("token")}
	err := p.machineView(r, byKiosk, func(q *store.Read) error {
		k, err := screenOf(q, r.PathValue("token"))
		v.Name, v.Unit = k.Name, k.UnitName
		return err
	})
	if err != nil {
		return err
	}
	return screenPage.Show(p.site, w, r, http.StatusOK, web.Head{Title: i18n.Text{"Skal det her være en fælles skærm?", "Should this be a shared screen?"}, Bare: true}, v)
}

func (p *pages) beScreen(w http.ResponseWriter, r *http.Request) error {
	if err := p.machineView(r, byKiosk, func(q *store.Read) error {
		_, err := screenOf(q, r.PathValue("token"))
		return err
	}); err != nil {
		return err
	}
	http.SetCookie(w, p.site.Cookie(kioskCookie, r.PathValue("token"), longestKiosk*24*3600))
	http.Redirect(w, r, "/screen", http.StatusSeeOther)
	return nil
}

func (p *pages) screen(w http.ResponseWriter, r *http.Request) error {
	return p.showScreen(w, r, r.URL.Query().Get("thanks") == "1", nil)
}

func (p *pages) showScreen(w http.ResponseWriter, r *http.Request, thanks bool, failed error) error {
	v := &screenView{Thanks: thanks, Errors: mistakes(failed, i18n.Of(r.Context()))}
	err := p.machineView(r, byKiosk, func(q *store.Read) error {
		k, err := screenOf(q, token(r))
		v.Name, v.Unit = k.Name, k.UnitName
		return err
	})
	if err != nil {
		return err
	}
	return screenPage.Show(p.site, w, r, status(failed), web.Head{Title: screenTitle, Bare: true}, v)
}

// find shows what waits for a number; nobody else's name or number is shown.
func (p *pages) find(w http.ResponseWriter, r *http.Request) error {
	number := r.PostFormValue("number")
	v := &readView{How: Kiosk, Post: "/screen/confirm", Number: number}
	reading, person, err := p.number(r.Context(), p.s, token(r), number, "")
	if err == nil {
		err = p.machineView(r, byKiosk, func(q *store.Read) (err error) {
			v.text, err = p.textFor(q, reading, person)
			return err
		})
	}
	if errors.Is(err, errUnknown) || errors.Is(err, errBusy) {
		return p.showScreen(w, r, false, err)
	}
	if err != nil {
		return err
	}
	w.Header().Set("Refresh", "900; url=/screen") // where there is no script; with it, a minute without touch
	return readPage.Show(p.site, w, r, http.StatusOK, web.Head{Title: i18n.Same(v.Paper.Title), Bare: true}, v)
}

func (p *pages) confirm(w http.ResponseWriter, r *http.Request) error {
	err := p.signAt(r.Context(), p.s, token(r), r.PostFormValue("number"), r.PostFormValue("reading"))
	if problem.Of(err) == problem.Invalid || errors.Is(err, errBusy) {
		return p.showScreen(w, r, false, err)
	}
	if err != nil && !errors.Is(err, errDone) {
		return err
	}
	http.Redirect(w, r, "/screen?thanks=1", http.StatusSeeOther)
	return nil
}
