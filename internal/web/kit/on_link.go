package kit

import (
	"net/http"
	"slices"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/link"
	"vaern/internal/module"
	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/web"
)

var linkPage = web.NewPage[*linkView](pages, "on_link")

type linkView struct {
	around
	Groups []linkGroup
	Kinds  []option // what one can link to
	To     input
	Reason string
}

// linkGroup is the links to records of one kind.
type linkGroup struct {
	Kind, Many string
	Links      []link.Link
}

func (d *Around) links(w http.ResponseWriter, r *http.Request) error {
	return d.showLinks(w, r, http.StatusOK, &linkView{})
}

func (d *Around) showLinks(w http.ResponseWriter, r *http.Request, code int, v *linkView) error {
	l := i18n.Of(r.Context())
	head, err := d.open(r, tabLinks, &v.around, func(q *store.Read) (int, error) {
		all, err := link.Of(q, onRecord(r))
		for _, one := range all {
			if n := len(v.Groups); n == 0 || v.Groups[n-1].Kind != one.Other.Kind {
				v.Groups = append(v.Groups, linkGroup{Kind: one.Other.Kind, Many: d.many(l)(one.Other.Kind)})
			}
			last := &v.Groups[len(v.Groups)-1]
			if one.Other.Title == "" { // a closed case that the actor is let into
				m, _ := d.kind(one.Other.Kind)
				one.Other.Title = m.One.In(l)
			}
			last.Links = append(last.Links, one)
		}
		return len(all), err
	})
	if err != nil {
		return err
	}
	chosen := r.PostFormValue("kind")
	for _, m := range d.linkable(r) {
		v.Kinds = append(v.Kinds, option{m.Name, m.Many.In(l), m.Name == chosen})
	}
	v.To.Error = v.wrong("to")
	return linkPage.Show(d.site, w, r, code, head, v)
}

// linkable are the registers whose records the person can find by name.
func (d *Around) linkable(r *http.Request) (out []module.Module) {
	for _, m := range d.Modules {
		if m.Rows != nil && !m.Closed && d.site.May(r, access.Permission(m.Name+".see")) {
			out = append(out, m)
		}
	}
	return out
}

func (d *Around) tie(w http.ResponseWriter, r *http.Request) error {
	about := onRecord(r)
	v := &linkView{Reason: r.PostFormValue("reason"), To: input{Value: last(r.PostForm["to"])}}
	err := d.mayBe(r)
	if err == nil {
		err = d.site.Store.Change(r.Context(), store.Intent{Verb: "link.create", Need: access.Permission(about.Kind + ".edit")}, func(w *store.Write) error {
			to, err := d.meant(&w.Read, r, v)
			if err != nil {
				return err
			}
			return link.Tie(w, about, to, v.Reason)
		})
	}
	var code int
	var ask bool
	if v.Errors, code, ask = again(r, err); ask {
		return d.showLinks(w, r, code, v)
	}
	if err != nil {
		return refusedAsAbsent(err)
	}
	return d.site.Done(w, r, "/on/"+about.String()+"/link", i18n.Text{"De hænger nu sammen.", "They are linked now."})
}

// meant is the record that the form names: of one kind by what it is called.
func (d *Around) meant(q *store.Read, r *http.Request, v *linkView) (to ref.Ref, err error) {
	kind := r.PostFormValue("kind")
	if !slices.ContainsFunc(d.linkable(r), func(m module.Module) bool { return m.Name == kind }) {
		return to, problem.Field("kind", "Vælg, hvad det er.", "Choose what it is.")
	}
	typed := last(r.PostForm["to"])
	if typed == "" {
		return to, problem.Field("to", "Skriv en del af navnet.", "Type a part of the name.")
	}
	id, wrong, err := pick(q, kind, typed, "")
	if err != nil {
		return to, err
	}
	if wrong != (i18n.Text{}) {
		if v.To.Options, err = fitting(q, kind, typed); err == nil {
			err = problem.Check(problem.Fields{"to": wrong})
		}
		return to, err
	}
	return ref.Ref{Kind: kind, ID: id}, nil
}

func (d *Around) untie(w http.ResponseWriter, r *http.Request) error {
	about := onRecord(r)
	err := d.mayBe(r)
	if err == nil {
		err = d.site.Store.Change(r.Context(), store.Intent{Verb: "link.remove", Need: access.Permission(about.Kind + ".edit")}, func(w *store.Write) error {
			return link.Untie(w, about, r.PathValue("link"))
		})
	}
	if err != nil {
		return refusedAsAbsent(err)
	}
	return d.site.Done(w, r, "/on/"+about.String()+"/link", i18n.Text{"Forbindelsen er fjernet.", "The link was removed."})
}
