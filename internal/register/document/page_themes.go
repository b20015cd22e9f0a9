package document

import (
	"html/template"
	"net/http"
	"slices"
	"strings"

	"vaern/internal/clause"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/store"
	"vaern/internal/theme"
	"vaern/internal/themed"
	"vaern/internal/web"
)

var (
	themesPage = web.NewPage[*themesView](folder, "themes")
	tickPart   = web.NewPart[tick](folder, "tick")
)

// themesView is every clause with what it seems to ask for.
type themesView struct {
	opened
	Clauses []asking
	Open    int // not accepted yet
	Errors  []mistake
}

// asking is a clause with the themes to tick; the likely ones stand first.
type asking struct {
	clause.Clause
	Accepted bool
	Likely   template.HTML
	Others   template.HTML
}

// tick is a theme that can be ticked.
type tick struct {
	Key    string
	Label  i18n.Text
	Ticked bool
}

// ticks are what each is written as: every clause has all themes, so each is
// written once.
type ticks struct {
	i18n.Lang
	themes  []theme.Theme
	written map[tick]template.HTML
}

func (t *ticks) write(one tick) (template.HTML, error) {
	if html, ok := t.written[one]; ok {
		return html, nil
	}
	var b strings.Builder
	err := tickPart.Write(&b, t.Lang, one)
	t.written[one] = template.HTML(b.String())
	return t.written[one], err
}

func (d *desk) themes(w http.ResponseWriter, r *http.Request) error {
	return d.themesWith(w, r, nil)
}

func (d *desk) themesWith(w http.ResponseWriter, r *http.Request, failed error) error {
	v := &themesView{Errors: mistakes(failed, i18n.Of(r.Context()), "themes")}
	t := &ticks{i18n.Of(r.Context()), theme.All(), map[tick]template.HTML{}}
	err := d.site.Store.View(r.Context(), Bind, func(q *store.Read) (err error) {
		if v.opened, err = open(q, r.PathValue("id")); err != nil {
			return err
		}
		bound, err := Bindings(q, v.Document)
		if err != nil {
			return err
		}
		for _, c := range v.Edition.Clauses() {
			if c.Kind == clause.Heading {
				continue
			}
			a, err := t.ask(c, bound[c.ID])
			if err != nil {
				return err
			}
			if !a.Accepted {
				v.Open++
			}
			v.Clauses = append(v.Clauses, a)
		}
		return nil
	})
	if err != nil {
		return err
	}
	code := http.StatusOK
	if failed != nil {
		code = web.Status(failed)
	}
	return themesPage.Show(d.site, w, r, code, v.head(i18n.Text{"Hvad handler sætningerne om?", "What are the clauses about?"}, false), v)
}

func (t *ticks) ask(c clause.Clause, b Binding) (asking, error) {
	a := asking{Clause: c, Accepted: b.Accepted}
	chosen, proposed := b.Themes.Keys(), Proposed(c).Keys()
	var likely, others strings.Builder
	for _, th := range t.themes {
		one := tick{th.Key, i18n.Text{th.Da, th.En}, slices.Contains(chosen, th.Key)}
		html, err := t.write(one)
		if err != nil {
			return a, err
		}
		if one.Ticked || slices.Contains(proposed, th.Key) {
			likely.WriteString(string(html))
		} else {
			others.WriteString(string(html))
		}
	}
	a.Likely, a.Others = template.HTML(likely.String()), template.HTML(others.String())
	return a, nil
}

// accept takes one clause as it was ticked, or all proposals as they stand.
func (d *desk) accept(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(problem.Invalid, "Formularen kunne ikke læses.", "The form could not be read.")
	}
	id, clauseID := r.PathValue("id"), r.PostForm.Get("clause")
	said := i18n.Text{"Sætning %s er på plads.", "Clause %s is settled."}.With(clauseID)
	var err error
	if clauseID == "" {
		said = i18n.Text{"Alle forslag er bekræftet.", "All proposals are accepted."}
		err = AcceptAll(r.Context(), d.site.Store, id)
	} else {
		err = Accept(r.Context(), d.site.Store, id, clauseID, themed.Of(r.PostForm["themes"]...))
	}
	if askAgain(err) {
		return d.themesWith(w, r, err)
	}
	if err != nil {
		return err
	}
	to := path(id) + "/themes"
	if clauseID != "" {
		to += "#c-" + clauseID
	}
	return d.site.Done(w, r, to, said)
}
