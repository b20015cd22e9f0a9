package org

import (
	"maps"
	"net/http"
	"reflect"
	"slices"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/module"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/task"
	"vaern/internal/web"
	"vaern/internal/web/kit"
)

var (
	vacantPage = web.NewPage[*vacantView](web.Folder(files), "vacant")
	givePage   = web.NewPage[*giveView](web.Folder(files), "give")
	givenPage  = web.NewPage[*givenView](web.Folder(files), "given")
)

const handoverPath = "/handover"

var handoverTitle = i18n.Text{"Uden ejer", "Without an owner"}

// handovers declares what is handed from one position to another.
func handovers() module.Module {
	return module.Module{
		Name: "handover", One: i18n.Text{"Overdragelse", "Hand-over"}, Many: i18n.Text{"Overdragelser", "Hand-overs"},
		Fields: field.Of(reflect.TypeFor[handoverFacts]()),
		Verbs:  map[string]i18n.Text{"handover.give": {"gav videre i en", "handed over in a"}, "handover.undo": {"fortrød en", "undid a"}},
		Roles: module.Roles{}.Grant([]access.Role{access.Coordinator, access.Executive, access.Manager}, people.HandOver).
			Grant([]access.Role{access.Coordinator, access.Auditor}, "handover.see"),
		Tasks: []task.Source{vacant},
		Mount: func(site *web.Site) { handing{site}.mount() },
	}
}

type handoverFacts struct {
	Giver   string `da:"Fra" en:"From" is:"ref:position"`
	Taker   string `da:"Til" en:"To" is:"ref:position"`
	Records int64  `da:"Poster" en:"Records"`
	State   string `da:"Status" en:"State"`
}

// vacant is what nobody owns any more, since nobody holds the position.
var vacant = task.Source{
	Key:     "handover.vacant",
	Act:     i18n.Text{"Giv det videre", "Hand it over"},
	Why:     i18n.Text{"Ingen har stillingen, så det, den ejer, er uden ejer.", "Nobody holds the position, so what it owns is without owner."},
	Minutes: 4, Weight: 3, Need: people.HandOver,
	// Owners are few and what they own is much, so the index is walked from one owner to the next.
	Query: `SELECT 'position' AS kind, p.id, p.title, '/position/' || p.id || '/handover' AS path, '' AS due
		FROM (WITH RECURSIVE owner (id) AS (
				SELECT min(owner) FROM record_title WHERE owner > ''
				UNION ALL SELECT (SELECT min(n.owner) FROM record_title n WHERE n.owner > o.id) FROM owner o WHERE o.id IS NOT NULL)
			SELECT id FROM owner) o JOIN position p ON p.id = o.id
		WHERE ` + people.Vacant + ` AND EXISTS (SELECT 1 FROM record_title t WHERE t.owner = p.id AND t.kind <> 'edition' AND :scope(t.unit))`,
}

// vacantView is the positions that own something and that nobody holds.
type vacantView struct {
	All    []people.Vacancy
	Latest []people.Handover
	Called map[string]record.Called
}

// giveView is what a position owns, on its way to another.
type giveView struct {
	Position people.Position
	Vacancy  *people.Vacancy // nil while somebody holds it
	Groups   []giveGroup
	Hidden   int // records the person does not see
	N        int
	Taker    string // as it was typed
	Reason   string
	Errors   []mistake
}

type giveGroup struct {
	Many  i18n.Text
	Items []record.Called
}

// givenView is what was handed over.
type givenView struct {
	people.Handover
	Giver, Taker string
	Groups       []giveGroup
	Hidden       int
	Still        int // what the taker still has of it
}

// handing serves the pages on which ownership changes hands.
type handing struct{ site *web.Site }

func (h handing) mount() {
	h.site.Handle("GET "+handoverPath, people.HandOver, h.list)
	h.site.Handle("GET /position/{id}/handover", people.HandOver, h.ask)
	h.site.Handle("POST /position/{id}/handover", people.HandOver, h.give)
	h.site.Handle("GET "+handoverPath+"/{id}", people.HandOver, h.given)
	h.site.Handle("POST "+handoverPath+"/{id}/undo", people.HandOver, h.undo)
	h.site.Menu(web.Item{Path: handoverPath, Label: handoverTitle, Need: people.HandOver, Order: 64})
}

func (h handing) list(w http.ResponseWriter, r *http.Request) error {
	v := &vacantView{}
	err := h.site.Store.View(r.Context(), people.HandOver, func(q *store.Read) (err error) {
		if v.All, err = people.Vacancies(q, "", 100); err != nil {
			return err
		}
		if v.Latest, err = people.Handovers(q, 10); err != nil {
			return err
		}
		ids := map[string]bool{}
		for _, l := range v.Latest {
			ids[l.Giver], ids[l.Taker] = true, true
		}
		v.Called, err = record.Titles(q, maps.Keys(ids))
		return err
	})
	if err != nil {
		return err
	}
	return vacantPage.Show(h.site, w, r, http.StatusOK, web.Head{Title: handoverTitle, Path: handoverPath, Crumbs: []web.Crumb{*above}}, v)
}

func (h handing) ask(w http.ResponseWriter, r *http.Request) error { return h.show(w, r, nil) }

func (h handing) show(w http.ResponseWriter, r *http.Request, failed error) error {
	v := &giveView{Taker: r.PostFormValue("taker"), Reason: r.PostFormValue("reason")}
	err := h.site.Store.View(r.Context(), people.HandOver, func(q *store.Read) (err error) {
		if v.Position, err = people.Positions.Get(q, r.PathValue("id")); err != nil {
			return err
		}
		owned, err := people.Owned(q, v.Position.ID, 500)
		if err != nil {
			return err
		}
		v.N = len(owned)
		if v.Groups, v.Hidden, err = h.groups(q, owned); err != nil {
			return err
		}
		found, err := people.Vacancies(q, v.Position.ID, 1)
		if len(found) == 1 {
			if v.Vacancy = &found[0]; v.Taker == "" {
				v.Taker = v.Vacancy.Heir.Title
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	code := http.StatusOK
	if p := problem.As(failed); p != nil {
		code, v.Errors = web.Status(failed), mistakesOf(p, i18n.Of(r.Context()))
	}
	head := web.Head{Title: i18n.Text{"Giv videre: %s", "Hand over: %s"}.With(v.Position.Title), Path: handoverPath, Crumbs: []web.Crumb{*above, {Path: handoverPath, Label: handoverTitle}}}
	return givePage.Show(h.site, w, r, code, head, v)
}

// groups are records by kind, those that the person sees.
func (h handing) groups(q *store.Read, refs []ref.Ref) (out []giveGroup, hidden int, err error) {
	seen, err := record.Seen(q, refs)
	for _, r := range refs {
		c, is := seen[r]
		if !is {
			hidden++
			continue
		}
		many := h.many(r.Kind)
		at := slices.IndexFunc(out, func(g giveGroup) bool { return g.Many == many })
		if at < 0 {
			at, out = len(out), append(out, giveGroup{Many: many})
		}
		out[at].Items = append(out[at].Items, c)
	}
	return out, hidden, err
}

// many is what records of a kind are called together.
func (h handing) many(kind string) i18n.Text {
	for _, k := range h.site.Kinds() {
		if k.Name == kind {
			return k.Many
		}
	}
	return i18n.Same(kind)
}

// give hands over what was chosen.
func (h handing) give(w http.ResponseWriter, r *http.Request) error {
	taker, giver := "", r.PathValue("id")
	err := h.site.Store.View(r.Context(), people.HandOver, func(q *store.Read) error {
		var wrong i18n.Text
		var err error
		v, err := people.Vacancies(q, giver, 1)
		if err != nil {
			return err
		}
		if name := r.PostFormValue("taker"); len(v) == 1 && v[0].Heir.Title == name {
			taker = v[0].Heir.Position // several positions may be called the same
			return nil
		} else if taker, wrong, err = kit.Find(q, "position", name); err == nil && wrong != field.Fine {
			err = problem.Check(problem.Fields{"taker": wrong})
		}
		return err
	})
	if err == nil && taker == "" {
		err = problem.Field("taker", "Vælg, hvem der tager over.", "Choose who takes over.")
	}
	if err == nil && len(r.PostForm["record"]) == 0 {
		err = problem.Field("giver", "Vælg mindst én post.", "Choose at least one record.")
	}
	var done people.Handover
	if err == nil {
		err = h.site.Store.Change(r.Context(), store.Intent{Verb: "handover.give", Need: people.HandOver, Reason: r.PostFormValue("reason")}, func(w *store.Write) (err error) {
			if done, err = (people.Gift{Giver: giver, Taker: taker, Chosen: r.PostForm["record"]}).Give(w); err != nil {
				return err
			}
			return tellTaker(w, done)
		})
	}
	if p := problem.As(err); p != nil && p.Kind == problem.Invalid {
		return h.show(w, r, err)
	}
	if err != nil {
		return err
	}
	return h.site.Done(w, r, handoverPath+"/"+done.ID, i18n.Text{"Givet videre", "Handed over"})
}

func (h handing) given(w http.ResponseWriter, r *http.Request) error {
	v := &givenView{}
	err := h.site.Store.View(r.Context(), people.HandOver, func(q *store.Read) (err error) {
		if v.Handover, err = people.FindHandover(q, r.PathValue("id")); err != nil {
			return err
		}
		called, err := record.Titles(q, slices.Values([]string{v.Handover.Giver, v.Handover.Taker}))
		if err != nil {
			return err
		}
		v.Giver, v.Taker = called[v.Handover.Giver].Title, called[v.Handover.Taker].Title
		refs, still, err := people.HandedOver(q, v.Handover)
		if err != nil {
			return err
		}
		v.Still = still
		v.Groups, v.Hidden, err = h.groups(q, refs)
		return err
	})
	if err != nil {
		return err
	}
	head := web.Head{Title: i18n.Text{"Overdragelse", "Hand-over"}, Path: handoverPath, Crumbs: []web.Crumb{*above, {Path: handoverPath, Label: handoverTitle}}}
	return givenPage.Show(h.site, w, r, http.StatusOK, head, v)
}

func (h handing) undo(w http.ResponseWriter, r *http.Request) error {
	back := 0
	err := h.site.Store.Change(r.Context(), store.Intent{Verb: "handover.undo", Need: people.HandOver}, func(w *store.Write) error {
		was, n, err := people.UndoHandover(w, r.PathValue("id"))
		if err != nil {
			return err
		}
		back = n
		return tellTakenBack(w, was)
	})
	if err != nil {
		return err
	}
	return h.site.Done(w, r, handoverPath+"/"+r.PathValue("id"), i18n.Text{"Fortrudt. Poster, der er givet tilbage: %d", "Undone. Records given back: %d"}.With(back))
}
