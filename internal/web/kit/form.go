package kit

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/web"
)

var formPage = web.NewPage[*formView](pages, "form")

type formView struct {
	At, Back string
	New      bool
	Again    bool // it is done once more
	One      i18n.Text
	Version  int64 // that the form was made from; 0 for a new record
	Reason   string
	Clash    string // what to say when somebody else changed the same fields
	Errors   []mistake
	Groups   []inputGroup
}

// inputGroup is inputs under the heading of their group.
type inputGroup struct {
	Label  string
	Inputs []input
}

type mistake struct{ Name, Text string }

// input is one field of a form. Where two people changed it, Mine and Theirs
// are what they made of it, and the person chooses.
type input struct {
	Name, Label, Help, Why, Type, Value string
	Required                            bool
	When                                field.When
	Options                             []option
	Pick                                string // the kind to pick a record of
	Error, Mine, Theirs                 string
	Clash                               bool
}

// atOnce is how many boxes a phone shows; of more, those that are ticked are shown and the rest unfold.
const atOnce = 12

// Shown are the choices that are seen at once, Folded the rest.
func (in input) Shown() []option  { return in.part(true) }
func (in input) Folded() []option { return in.part(false) }

// Numbered reports whether what is picked has a number.
func (in input) Numbered() bool { return record.HasKey(in.Pick) }

func (in input) part(shown bool) (out []option) {
	for _, o := range in.Options {
		if (o.Chosen || len(in.Options) <= atOnce) == shown {
			out = append(out, o)
		}
	}
	return out
}

type option struct {
	Value, Label string
	Chosen       bool
}

var inputType = map[field.Kind]string{
	field.Text: "text", field.Int: "number", field.Bool: "checkbox", field.Day: "date",
	field.Choice: "select", field.Ref: "pick", field.Several: "several",
}

func (f *face) input(fd *field.Field, raw string, l i18n.Lang) input {
	in := input{Name: fd.Name, Label: fd.Label.In(l), Help: fd.Help.In(l), Why: fd.Why.In(l), Type: inputType[fd.Kind], Value: raw, Pick: fd.To, When: fd.When}
	in.Required = fd.Required || fd.Kind == field.Int && fd.Min > 0 // none is 0, and too little
	if fd.Long && fd.Kind == field.Text {
		in.Type = "textarea"
	}
	for _, c := range fd.Choices {
		in.Options = append(in.Options, option{c[0], c[1+l], slices.Contains(strings.Fields(raw), c[0])})
	}
	return in
}

func (f *face) blank(w http.ResponseWriter, r *http.Request) error {
	rec := f.Blank()
	rec.Head().Unit = home(access.Of(r.Context()).May[f.Can("create")])
	v := rec.Value
	for _, fd := range f.Fields() { // a link may say what the new record is about
		if given := r.URL.Query().Get(fd.Name); given != "" && !fd.Set {
			fd.Parse(v, given) // what does not fit is left empty
		}
	}
	return f.form(w, r, "create", asked{rec: rec, theirs: rec})
}

// home is where a new record probably belongs: the top of what the person
// reaches, where there is one.
func home(reach access.Reach) string {
	switch {
	case reach.Whole:
		return people.Top
	case len(reach.Tops) == 1:
		return reach.Tops[0]
	}
	return ""
}

func (f *face) edit(w http.ResponseWriter, r *http.Request) error {
	var a asked
	err := f.open(r.Context(), "edit", r.PathValue("id"), func(q *store.Read) (err error) {
		a.theirs, err = f.Get(q, r.PathValue("id"))
		if a.rec = a.theirs; err == nil && f.asksAgain(r) {
			a.rec = f.Again.begun(q, f, a.theirs)
		}
		return err
	})
	if err != nil {
		return err
	}
	return f.form(w, r, "edit", a)
}

func (f *face) create(w http.ResponseWriter, r *http.Request) error { return f.save(w, r, "create") }
func (f *face) update(w http.ResponseWriter, r *http.Request) error { return f.save(w, r, "edit") }

// save reads the form and stores it, or shows it again with what is wrong. What
// others changed meanwhile stays, where it is not the same that the person changed.
func (f *face) save(w http.ResponseWriter, r *http.Request, verb string) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(problem.Invalid, "Formularen kunne ikke læses.", "The form could not be read.")
	}
	var m merge
	rec, typed := f.Blank(), map[string]string{}
	err := f.view(r, verb, func(q *store.Read) (err error) {
		if verb == "edit" { // what the form does not show stays
			if m, err = f.merging(q, r); err != nil {
				return err
			}
			rec = m.base.Copy()
		}
		return f.read(q, r, rec, typed)
	})
	said := i18n.Text{"Gemt: %s", "Saved: %s"}
	reason := r.PostFormValue("reason")
	switch {
	case err != nil:
	case verb == "create":
		err = f.Create(r.Context(), f.s, rec, reason)
	default:
		m.mine = rec
		if rec, err = m.merged(r.PostForm); err == nil {
			err = f.Update(r.Context(), f.s, rec, reason)
			said = m.said(rec)
		}
	}
	if stale := (*record.Stale[record.Rec])(nil); errors.As(err, &stale) {
		return f.save(w, r, verb) // somebody saved in this very moment: put it together with that
	}
	if err != nil {
		return f.askAgain(w, r, verb, asked{rec, m.theirs, typed, err})
	}
	to := f.link(rec)
	if verb == "edit" && f.Show == nil && rec.Head().Version > m.theirs.Head().Version {
		to += "?saved=" + strconv.FormatInt(rec.Head().Version, 10)
	}
	return f.site.Done(w, r, to, said.With(f.Title(rec)))
}

// askAgain shows the form once more when the person can mend what is wrong.
func (f *face) askAgain(w http.ResponseWriter, r *http.Request, verb string, a asked) error {
	switch problem.Of(a.failed) {
	case problem.Invalid, problem.Conflict, problem.Stale:
	default:
		return a.failed
	}
	var clash *clashing
	if errors.As(a.failed, &clash) {
		a.rec.Head().Version = a.theirs.Head().Version
		a.typed = nil // the merged record says what was typed
	} else {
		a.rec.Head().Version, _ = strconv.ParseInt(r.PostFormValue("version"), 10, 64)
	}
	return f.form(w, r, verb, a)
}

// read sets the record to what the form says; typed keeps it as it was typed.
func (f *face) read(q *store.Read, r *http.Request, rec record.Rec, typed map[string]string) error {
	bad := problem.Fields{}
	for _, fd := range f.Visible(q.Actor) {
		if fd.Set {
			continue
		}
		err := f.readOne(q, r, &fd, rec, typed)
		if p := problem.As(err); p != nil {
			maps.Copy(bad, p.Fields)
		} else if err != nil {
			return err
		}
	}
	for _, fd := range f.Visible(q.Actor) { // what else is wrong is told at once, not after the rest is mended
		if len(bad) > 0 && fd.Required && !fd.Set && fd.Auto == "" && strings.TrimSpace(typed[fd.Name]) == "" {
			bad[fd.Name] = field.Needed
		}
	}
	return problem.Check(bad)
}

// readOne sets one field to what the form says.
func (f *face) readOne(q *store.Read, r *http.Request, fd *field.Field, rec record.Rec, typed map[string]string) error {
	text := last(r.PostForm[fd.Name])
	if fd.Kind == field.Several {
		text = strings.Join(r.PostForm[fd.Name], " ")
	}
	typed[fd.Name] = text
	if fd.Kind == field.Ref && text != "" {
		id, wrong, err := pick(q, fd.To, text, fd.Raw(rec.Value))
		if err != nil {
			return err
		}
		if wrong != field.Fine {
			return problem.Check(problem.Fields{fd.Name: wrong})
		}
		text = id
	}
	if wrong := fd.Parse(rec.Value, f.Meant(fd, rec, text)); wrong != field.Fine {
		return problem.Check(problem.Fields{fd.Name: wrong})
	}
	return nil
}

// seeing is the view with the reach in which the person sees another register:
// one may point at a rule of the whole municipality from the own area.
func seeing(q *store.Read, kind string) *store.Read {
	other, err := q.With(access.Permission(kind + ".see"))
	if err != nil {
		return q
	}
	return other
}

// last is what a person meant who both typed and chose.
func last(values []string) string {
	for _, v := range slices.Backward(values) {
		if v != "" {
			return v
		}
	}
	return ""
}

// pick finds the one record that typed words mean: its id, its whole title, or
// the only one that has them all. was is what the field said before: its title,
// left as it stood, means it and no other of that title.
func pick(q *store.Read, kind, text, was string) (id string, wrong i18n.Text, err error) {
	titles, err := record.Titles(q, slices.Values([]string{text, was}))
	switch {
	case err != nil, titles[text].Kind == kind:
		return text, field.Fine, err
	case was != "" && titles[was].Title == text:
		return was, field.Fine, nil
	}
	found, err := record.Means(seeing(q, kind), kind, text)
	if err != nil {
		return "", field.Fine, err
	}
	switch len(found) {
	case 0:
		return "", i18n.Text{"Ingen hedder sådan. Skriv en del af navnet.", "Nothing is called that. Type a part of the name."}, nil
	case 1:
		return found[0].ID, field.Fine, nil
	}
	return "", i18n.Text{"Flere passer. Vælg en af dem herunder.", "Several match. Choose one of those below."}, nil
}

// fitting are the records that typed words fit, to choose one of.
func fitting(q *store.Read, kind, text string) (out []option, err error) {
	found, err := record.Means(seeing(q, kind), kind, text)
	for _, f := range found[:min(len(found), mostFitting)] {
		out = append(out, option{f.ID, f.Label(), false})
	}
	return out, err
}

// mostFitting is how many records are offered where several fit.
const mostFitting = 12

// asked is a form as it is shown: the record in it, what somebody else saved
// meanwhile, and after a failure what the person wrote, which is never lost.
type asked struct {
	rec, theirs record.Rec
	typed       map[string]string
	failed      error
}

func (f *face) form(w http.ResponseWriter, r *http.Request, verb string, a asked) error {
	l := i18n.Of(r.Context())
	rec := a.rec
	v := &formView{At: f.at(), Back: f.at(), New: verb == "create", One: f.One, Version: rec.Head().Version, Reason: r.PostFormValue("reason")}
	head := web.Head{Title: i18n.Text{"Opret %s", "New %s"}.Naming(f.One.Lower()), Crumbs: f.crumbs(web.Crumb{Path: f.at(), Label: f.Many}), Path: f.at()}
	code, p := http.StatusOK, problem.As(a.failed)
	if p != nil {
		code = web.Status(a.failed)
	}
	var clash *clashing
	if errors.As(a.failed, &clash) {
		v.Clash = p.Text.In(l)
	} else {
		clash = &clashing{}
	}
	return f.view(r, verb, func(q *store.Read) error {
		if verb == "edit" {
			v.At = f.at() + "/" + r.PathValue("id")
			v.Back = v.At
			head.Title = i18n.Text{"Ret: %s", "Edit: %s"}.With(f.Title(a.theirs)) // as it is called, not as it was typed
			if v.Again = f.asksAgain(r); v.Again {
				head.Title = i18n.Text{"%s: %s", "%s: %s"}.Naming(f.Again.Label, i18n.Same(f.Title(a.theirs)))
			}
			head.Crumbs = append(head.Crumbs, web.Crumb{Path: v.Back, Label: i18n.Same(f.Title(a.theirs))})
		}
		titles, err := f.titles(q, rec, a.theirs)
		if err != nil {
			return err
		}
		for _, g := range groups(f.Visible(q.Actor)) {
			group := inputGroup{Label: g.Label.In(l)}
			for _, fd := range g.Fields {
				if fd.Set {
					continue
				}
				in, err := f.filled(q, &fd, &a, titles, l)
				if err != nil {
					return err
				}
				in.Required = in.Required || v.Again && f.Again.anew(fd.Name)
				if in.Clash = clash.has(fd.Name); in.Clash {
					in.Mine = f.says(&fd, rec, l, titles)
					in.Theirs = f.says(&fd, a.theirs, l, titles)
				}
				if in.Error != "" {
					v.Errors = append(v.Errors, mistake{in.Name, in.Label + ": " + in.Error})
				}
				group.Inputs = append(group.Inputs, in)
			}
			if len(group.Inputs) > 0 {
				v.Groups = append(v.Groups, group)
			}
		}
		if p != nil && len(v.Errors) == 0 {
			v.Errors = append(v.Errors, mistake{"", p.Text.In(l)})
		}
		return formPage.Show(f.site, w, r, code, head, v)
	})
}

// filled is an input with its value, its error and, where several records fit
// what was typed, those to choose from.
func (f *face) filled(q *store.Read, fd *field.Field, a *asked, titles map[string]record.Called, l i18n.Lang) (in input, err error) {
	raw := fd.Raw(a.rec.Value)
	text := f.Said(fd, a.rec, l)
	switch fd.Kind {
	case field.Ref:
		text = titles[raw].Title
	case field.Day:
		if raw != "" {
			text = l.Date(raw)
		}
	}
	if a.typed != nil {
		raw, text = a.typed[fd.Name], a.typed[fd.Name]
	}
	in = f.input(fd, raw, l)
	in.Value = text
	if p := problem.As(a.failed); p != nil {
		in.Error = p.Fields[fd.Name].In(l)
	}
	if fd.Kind == field.Ref && in.Error != "" && text != "" {
		in.Options, err = fitting(q, fd.To, text)
	}
	return in, err
}
