package kit

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
)

// merge is three versions of one record: the one that a form was made from,
// what the person made of it, and what stands there by now.
type merge struct {
	base, mine, theirs record.Rec
	fields             []field.Field
	lost               bool // which version the form was made from is not known
}

// clashing is the error of a save where two people changed the same fields, or
// where it is not known who changed what, since the form is too old to tell.
type clashing struct {
	fields []string
	lost   bool
}

func (*clashing) Error() string { return "two people changed the same fields" }

// Unwrap makes it a problem like any other.
func (c *clashing) Unwrap() error {
	if c.lost {
		return problem.New(problem.Stale, "Siden er for gammel til, at vi kan se, hvad du ændrede. Vælg herunder, hvad der skal gælde. Intet er gået tabt.",
			"The page is too old for us to see what you changed. Choose below what should count. Nothing was lost.")
	}
	return problem.New(problem.Stale, "En anden har ændret det samme som dig imens. Vælg herunder, hvad der skal gælde. Alt andet er lagt sammen, og intet er gået tabt.",
		"Somebody else changed the same as you meanwhile. Choose below what should count. Everything else was put together, and nothing was lost.")
}

func (c *clashing) has(name string) bool { return slices.Contains(c.fields, name) }

// merging reads the version that the form was made from, and what stands there.
func (f *face) merging(q *store.Read, r *http.Request) (m merge, err error) {
	id := r.PathValue("id")
	if m.theirs, err = f.Get(q, id); err != nil {
		return m, err
	}
	m.fields = f.Visible(q.Actor)
	version, _ := strconv.ParseInt(r.PostFormValue("version"), 10, 64)
	m.base, err = f.At(q, id, version)
	if problem.Of(err) == problem.NotFound {
		m.base, m.lost, err = m.theirs, true, nil
	}
	return m, err
}

// merged is what stands there with what the person changed: a field that only
// one of the two changed is as that one made it. For a field that both changed
// the form says who is right.
func (m *merge) merged(form url.Values) (record.Rec, error) {
	out := m.theirs.Copy()
	clash := &clashing{lost: m.lost}
	for i := range m.fields {
		fd := &m.fields[i]
		base, mine, theirs := fd.Raw(m.base.Value), fd.Raw(m.mine.Value), fd.Raw(m.theirs.Value)
		keep := form.Get("keep." + fd.Name)
		asked := slices.Contains(form["clash"], fd.Name)
		switch {
		case fd.Set || asked && keep == "theirs":
			continue
		case asked && keep == "", !asked && m.lost && mine != theirs, theirs != base && mine != base && mine != theirs:
			clash.fields = append(clash.fields, fd.Name)
		case mine == base:
			continue
		}
		fd.Of(out.Value).Set(fd.Of(m.mine.Value))
	}
	if len(clash.fields) > 0 {
		return out, clash
	}
	return out, nil
}

// said tells what was saved, and what somebody else saved meanwhile.
func (m *merge) said(saved record.Rec) i18n.Text {
	said := i18n.Text{"Gemt: %s.", "Saved: %s."}
	if saved.Head().Version == m.theirs.Head().Version {
		said = i18n.Text{"Intet er ændret: %s er, som den var.", "Nothing changed: %s is as it was."}
	}
	if labels := m.differ(saved, m.theirs); labels != (i18n.Text{}) {
		said = said.And(i18n.Text{" Ændret: ", " Changed: "}).And(labels).And(i18n.Same("."))
	}
	if labels := m.differ(m.theirs, m.base); labels != (i18n.Text{}) {
		said = said.And(i18n.Text{" En anden ændrede imens ", " Somebody else meanwhile changed "}).And(labels).And(i18n.Text{"; begge dele er med.", "; both are kept."})
	}
	return said
}

// differ are the labels of the fields in which two versions differ.
func (m *merge) differ(a, b record.Rec) (out i18n.Text) {
	for _, l := range i18n.Langs {
		var labels []string
		for i := range m.fields {
			if fd := &m.fields[i]; fd.Raw(a.Value) != fd.Raw(b.Value) {
				labels = append(labels, strings.ReplaceAll(fd.Label.In(l), "%", "%%"))
			}
		}
		out[l] = strings.Join(labels, ", ")
	}
	return out
}

// madeJust reports whether the person comes from saving this version, and
// nobody has changed it since: then it can be taken back.
func madeJust(r *http.Request, h *record.Head) bool {
	return h.Version > 1 && r.URL.Query().Get("saved") == strconv.FormatInt(h.Version, 10) && h.UpdatedBy == access.Of(r.Context()).ID
}

// undo brings the version before back, as a new change: nothing is unmade in
// the history. Only who made the newest version takes it back.
func (f *face) undo(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	version, _ := strconv.ParseInt(r.PostFormValue("version"), 10, 64) // no version is 0
	l := i18n.Of(r.Context())
	var was record.Rec
	err := f.view(r, "edit", func(q *store.Read) error {
		now, err := f.Get(q, id)
		if err != nil {
			return err
		}
		h := now.Head()
		if h.Version != version || version < 2 || h.UpdatedBy != q.Actor.ID {
			return problem.New(problem.Precondition, "Den er ændret siden og kan ikke fortrydes herfra. Ret den i stedet.", "It was changed since and cannot be undone from here. Edit it instead.")
		}
		before, err := f.At(q, id, version-1)
		if err != nil {
			return err
		}
		was = now
		for _, fd := range f.Visible(q.Actor) { // what only the register's own acts set stays
			if !fd.Set {
				fd.Of(was.Value).Set(fd.Of(before.Value))
			}
		}
		return nil
	})
	if err == nil {
		err = f.Update(r.Context(), f.s, was, i18n.Text{"Fortrudt", "Undone"}.In(l))
	}
	if err != nil {
		return err
	}
	return f.site.Done(w, r, f.link(was), i18n.Text{"Ændringen er fortrudt: %s er, som den var før.", "The change is undone: %s is as it was before."}.With(f.Title(was)))
}
