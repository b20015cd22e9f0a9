package kit

import (
	"net/http"
	"net/url"

	"vaern/internal/filter"
	"vaern/internal/i18n"
	"vaern/internal/record"
	"vaern/internal/store"
)

// viewsView is the saved views beside a list.
type viewsView struct {
	At      string
	Saved   []savedView
	Current *record.View // the one that the list is, with what the address changes of it
	Mine    bool
	Usual   bool // the list begins with it
	Share   bool // the person may share
	Address string
	List    string // what is saved: the list as it stands, as an address says it
}

type savedView struct {
	Path, Name string
	Shared     bool
	Current    bool
}

func (f *face) views(q *store.Read, asked listing) (v viewsView, err error) {
	v = viewsView{At: f.at() + "/view", Share: q.Actor.Can(f.Can("edit")), List: asked.values(asked.Filter).Encode()}
	all, err := record.Views(q, f.Name)
	if err != nil || len(all) == 0 {
		return v, err
	}
	for i := range all {
		s := savedView{f.at() + "?view=" + all[i].ID, all[i].Name, all[i].Shared, all[i].ID == asked.view}
		if s.Current {
			v.Current, v.Mine = &all[i], all[i].Person == q.Actor.ID
		}
		v.Saved = append(v.Saved, s)
	}
	usual, err := record.Usual(q, f.Name)
	v.Usual = v.Current != nil && usual == v.Current.ID
	return v, err
}

// saveView keeps the list as it stands, as a new view or in place of one's own.
func (f *face) saveView(w http.ResponseWriter, r *http.Request) error {
	list, err := url.ParseQuery(r.PostFormValue("list"))
	if err != nil {
		list = url.Values{}
	}
	v := record.View{ID: r.PostFormValue("id"), Register: f.Name, Name: r.PostFormValue("name"), Shared: r.PostFormValue("shared") == "1",
		Sort: list.Get("sort"), Columns: list.Get("columns")}
	err = f.s.Change(r.Context(), store.Intent{Verb: record.ViewKind + ".save", Need: f.Can("see")}, func(w *store.Write) error {
		said, err := filter.Language{Fields: f.Fields(), Today: w.Today}.Parse(list.Get("filter"))
		if err != nil {
			return err
		}
		v.Filter = said.String()
		return v.Save(w)
	})
	if err != nil {
		return err
	}
	return f.site.Done(w, r, f.at()+"?view="+v.ID, i18n.Text{"Visningen er gemt: %s", "The view is saved: %s"}.With(v.Name))
}

func (f *face) deleteView(w http.ResponseWriter, r *http.Request) error {
	v := record.View{ID: r.PathValue("id"), Register: f.Name}
	err := f.s.Change(r.Context(), store.Intent{Verb: record.ViewKind + ".remove", Need: f.Can("see")}, v.Delete)
	if err != nil {
		return err
	}
	return f.site.Done(w, r, f.at()+"?sort=", i18n.Text{"Visningen er slettet. Posterne er her stadig.", "The view is deleted. The records are still here."})
}

// usualView makes a view the one that the person's list begins with, or none.
func (f *face) usualView(w http.ResponseWriter, r *http.Request) error {
	id := r.PostFormValue("id")
	if id != "" {
		err := f.view(r, "see", func(q *store.Read) error {
			_, err := record.ViewOf(q, f.Name, id)
			return err
		})
		if err != nil {
			return err
		}
	}
	if err := f.s.Work(r.Context(), func(w *store.Work) error { return record.SetUsual(w, f.Name, id) }); err != nil {
		return err
	}
	said := i18n.Text{"Listen begynder nu med denne visning.", "The list now begins with this view."}
	if id == "" {
		return f.site.Done(w, r, f.at(), i18n.Text{"Listen begynder nu med alle.", "The list now begins with all."})
	}
	return f.site.Done(w, r, f.at()+"?view="+id, said)
}
