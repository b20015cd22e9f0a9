package kit

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/web"
)

var (
	versionsPage = web.NewPage[*versionsView](pages, "versions")
	pastPage     = web.NewPage[*pastView](pages, "past")
)

// versionsView is two versions of a record side by side.
type versionsView struct {
	At       string
	Tabs     []tab
	Versions []versionLine
	From, To int64
	Was, Is  versionLine
	Rows     []comparedRow
	Same     int // fields that are alike
}

// versionLine is a version and who made it.
type versionLine struct {
	Version int64
	When    string
	Who     string
}

type comparedRow struct{ Name, Label, Was, Is string }

// versions compares two versions: the last two, unless the address says which.
func (f *face) versions(w http.ResponseWriter, r *http.Request) error {
	l := i18n.Of(r.Context())
	id := r.PathValue("id")
	v := &versionsView{At: f.at() + "/" + id}
	v.From, _ = strconv.ParseInt(r.URL.Query().Get("from"), 10, 64) // no version is 0
	v.To, _ = strconv.ParseInt(r.URL.Query().Get("to"), 10, 64)
	var title string
	err := f.open(r.Context(), "see", id, func(q *store.Read) error {
		all, err := f.Versions(q, id)
		if err != nil {
			return err
		}
		title = f.Title(all[0])
		names, err := f.authors(q, all)
		if err != nil {
			return err
		}
		for _, rec := range all {
			v.Versions = append(v.Versions, lineOf(rec, names))
		}
		was, is := v.choose(all[0].Head().Version)
		if was < 0 || is < 0 {
			return problem.Missing()
		}
		v.Was, v.Is = v.Versions[was], v.Versions[is]
		titles, err := f.titles(q, all[was], all[is])
		if err != nil {
			return err
		}
		for _, fd := range f.Visible(q.Actor) {
			if fd.Raw(all[was].Value) == fd.Raw(all[is].Value) {
				v.Same++
				continue
			}
			v.Rows = append(v.Rows, comparedRow{fd.Name, fd.Label.In(l), f.says(&fd, all[was], l, titles), f.says(&fd, all[is], l, titles)})
		}
		v.Tabs, err = f.tabs(q, all[0], tabHistory)
		return err
	})
	if err != nil {
		return err
	}
	return versionsPage.Show(f.site, w, r, http.StatusOK, f.under(title, v.At, i18n.Text{"To udgaver af %s", "Two versions of %s"}), v)
}

// choose finds the two versions to compare; below zero is one that is not there.
func (v *versionsView) choose(newest int64) (was, is int) {
	if v.To == 0 {
		v.To = newest
	}
	if v.From == 0 {
		v.From = max(1, v.To-1)
	}
	at := func(n int64) int {
		return slices.IndexFunc(v.Versions, func(l versionLine) bool { return l.Version == n })
	}
	return at(v.From), at(v.To)
}

func lineOf(rec record.Rec, names map[string]record.Called) versionLine {
	h := rec.Head()
	return versionLine{h.Version, h.UpdatedAt, cmp.Or(names[h.UpdatedBy].Title, "Værn")} // who has no name is a machine of ours
}

// authors are the names of those who made some versions.
func (f *face) authors(q *store.Read, all []record.Rec) (map[string]record.Called, error) {
	return record.Titles(q, func(yield func(string) bool) {
		for _, rec := range all {
			if !yield(rec.Head().UpdatedBy) {
				return
			}
		}
	})
}

// under is the head of a page below that of a record.
func (f *face) under(title, at string, name i18n.Text) web.Head {
	return web.Head{Title: name.With(title), Crumbs: f.crumbs(web.Crumb{Path: f.at(), Label: f.Many}, web.Crumb{Path: at, Label: i18n.Same(title)}), Path: f.at()}
}

// pastView is what one field has been.
type pastView struct {
	At, Label string
	Tabs      []tab
	Values    []pastValue
}

// pastValue is what a field was for a while.
type pastValue struct {
	versionLine
	Text  string
	Long  bool
	Until string // "" while it still is
}

// past shows the values of one field over time, the present one first.
func (f *face) past(w http.ResponseWriter, r *http.Request) error {
	l := i18n.Of(r.Context())
	id := r.PathValue("id")
	v := &pastView{At: f.at() + "/" + id}
	var title string
	err := f.open(r.Context(), "see", id, func(q *store.Read) error {
		i := slices.IndexFunc(f.Visible(q.Actor), func(fd field.Field) bool { return fd.Name == r.PathValue("field") })
		if i < 0 {
			return problem.Missing()
		}
		fd := f.Visible(q.Actor)[i]
		v.Label = fd.Label.In(l)
		all, err := f.Versions(q, id)
		if err != nil {
			return err
		}
		title = f.Title(all[0])
		names, err := f.authors(q, all)
		if err != nil {
			return err
		}
		titles, err := f.titles(q, all...)
		if err != nil {
			return err
		}
		until := ""
		for i, rec := range all {
			raw := fd.Raw(rec.Value)
			if i+1 < len(all) && fd.Raw(all[i+1].Value) == raw {
				continue // it was so before, too
			}
			line := lineOf(rec, names)
			v.Values = append(v.Values, pastValue{line, f.says(&fd, rec, l, titles), fd.Long, until})
			until = line.When
		}
		v.Tabs, err = f.tabs(q, all[0], tabHistory)
		return err
	})
	if err != nil {
		return err
	}
	return pastPage.Show(f.site, w, r, http.StatusOK, f.under(title, v.At, i18n.Text{v.Label + ": %s", v.Label + ": %s"}), v)
}
