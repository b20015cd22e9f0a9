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
	One      i18n.Text
	Version  int64 // 0 for a new record
	Reason   string
	Stale    string // what to say when somebody else was faster
	Errors   []mistake
	Inputs   []input
}

type mistake struct{ Name, Text string }

// input is one field of a form. Theirs is what somebody else saved meanwhile.
type input struct {
	Name, Label, Help, Type, Value string
	Required                       bool
	Options                        []option
	Pick                           string // the kind to pick a record of
	Error, Theirs                  string
	Clash                          bool
}

type option struct {
	Value, Label string
	Chosen       bool
}

var inputType = map[field.Kind]string{
	field.Text: "text", field.Int: "number", field.Bool: "checkbox", field.Day: "date",
	field.Choice: "select", field.Ref: "pick", field.Several: "several",
}

func (f *face[T]) input(fd *field.Field, raw string, l i18n.Lang) input {
	in := input{Name: fd.Name, Label: fd.Label.In(l), Help: fd.Help.In(l), Type: inputType[fd.Kind], Value: raw, Required: fd.Required, Pick: fd.To}
	if fd.Long && fd.Kind == field.Text {
		in.Type = "textarea"
	}
	for _, c := range fd.Choices {
		in.Options = append(in.Options, option{c[0], c[1+l], slices.Contains(strings.Fields(raw), c[0])})
	}
	return in
}

func (f *face[T]) blank(w http.ResponseWriter, r *http.Request) error {
	rec := f.Blank
	record.HeadOf(&rec).Unit = home(access.Of(r.Context()).May[f.Can("create")])
	v := record.Value(&rec)
	for _, fd := range f.Fields() { // a link may say what the new record is about
		if given := r.URL.Query().Get(fd.Name); given != "" && !fd.Set {
			fd.Parse(v, given) // what does not fit is left empty
		}
	}
	return f.form(w, r, "create", rec, nil, nil)
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

func (f *face[T]) edit(w http.ResponseWriter, r *http.Request) error {
	var rec T
	err := f.open(r.Context(), "edit", r.PathValue("id"), func(q *store.Read) (err error) {
		rec, err = f.Get(q, r.PathValue("id"))
		return err
	})
	if err != nil {
		return err
	}
	return f.form(w, r, "edit", rec, nil, nil)
}

func (f *face[T]) create(w http.ResponseWriter, r *http.Request) error { return f.save(w, r, "create") }
func (f *face[T]) update(w http.ResponseWriter, r *http.Request) error { return f.save(w, r, "edit") }

// save reads the form and stores it, or shows it again with what is wrong.
func (f *face[T]) save(w http.ResponseWriter, r *http.Request, verb string) error {
	var rec T
	typed := map[string]string{}
	if err := r.ParseForm(); err != nil {
		return problem.New(problem.Invalid, "Formularen kunne ikke læses.", "The form could not be read.")
	}
	err := f.view(r, verb, func(q *store.Read) (err error) {
		if verb == "edit" { // what the form does not show stays
			if rec, err = f.Get(q, r.PathValue("id")); err != nil {
				return err
			}
		}
		return f.read(q, r, &rec, typed)
	})
	record.HeadOf(&rec).Version, _ = strconv.ParseInt(r.PostFormValue("version"), 10, 64)
	reason := r.PostFormValue("reason")
	switch {
	case err != nil:
	case verb == "create":
		rec, err = f.Create(r.Context(), f.s, rec, reason)
	default:
		rec, err = f.Update(r.Context(), f.s, rec, reason)
	}
	switch problem.Of(err) {
	case problem.Invalid, problem.Conflict, problem.Stale:
		return f.form(w, r, verb, rec, typed, err)
	}
	if err != nil {
		return err
	}
	return f.site.Done(w, r, f.link(&rec), i18n.Text{"Gemt: %s", "Saved: %s"}.With(f.Title(&rec)))
}

// read sets the record to what the form says; typed keeps it as it was typed.
func (f *face[T]) read(q *store.Read, r *http.Request, rec *T, typed map[string]string) error {
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
	return problem.Check(bad)
}

// readOne sets one field to what the form says.
func (f *face[T]) readOne(q *store.Read, r *http.Request, fd *field.Field, rec *T, typed map[string]string) error {
	text := last(r.PostForm[fd.Name])
	if fd.Kind == field.Several {
		text = strings.Join(r.PostForm[fd.Name], " ")
	}
	typed[fd.Name] = text
	if fd.Kind == field.Ref && text != "" {
		id, wrong, err := pick(q, fd.To, text)
		if err != nil {
			return err
		}
		if wrong != field.Fine {
			return problem.Check(problem.Fields{fd.Name: wrong})
		}
		text = id
	}
	if wrong := fd.Parse(record.Value(rec), text); wrong != field.Fine {
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
// the only one that has them all.
func pick(q *store.Read, kind, text string) (id string, wrong i18n.Text, err error) {
	titles, err := record.Titles(q, func(yield func(string) bool) { yield(text) })
	if err != nil || titles[text].Kind == kind {
		return text, field.Fine, err
	}
	found, err := record.Pick(seeing(q, kind), kind, text, 20)
	if err != nil {
		return "", field.Fine, err
	}
	for _, c := range found {
		if c.Title == text {
			return c.ID, field.Fine, nil
		}
	}
	switch len(found) {
	case 0:
		return "", i18n.Text{"Ingen hedder sådan. Skriv en del af navnet.", "Nothing is called that. Type a part of the name."}, nil
	case 1:
		return found[0].ID, field.Fine, nil
	}
	return "", i18n.Text{"Flere passer. Vælg en af dem herunder.", "Several match. Choose one of those below."}, nil
}

// form shows the form of a record. After a failure typed is what the person
// wrote, which is never lost; after a clash the saved version stands beside it.
func (f *face[T]) form(w http.ResponseWriter, r *http.Request, verb string, rec T, typed map[string]string, failed error) error {
	l := i18n.Of(r.Context())
	v := &formView{At: f.at(), Back: f.at(), New: verb == "create", One: f.One, Version: record.HeadOf(&rec).Version, Reason: r.PostFormValue("reason")}
	head := web.Head{Title: i18n.Text{"Ny: %s", "New: %s"}.Naming(f.One), Crumbs: f.crumbs(web.Crumb{Path: f.at(), Label: f.Many}), Path: f.at()}
	code, theirs := http.StatusOK, rec
	p := problem.As(failed)
	if p != nil {
		code = web.Status(failed)
	}
	var stale *record.Stale[T]
	if errors.As(failed, &stale) {
		theirs, v.Version, v.Stale = stale.Theirs, record.HeadOf(&stale.Theirs).Version, p.Text.In(l)
	}
	return f.view(r, verb, func(q *store.Read) error {
		if verb == "edit" {
			title := f.Title(&rec)
			v.At = f.at() + "/" + record.HeadOf(&rec).ID
			v.Back = v.At
			head.Title = i18n.Text{"Ret: %s", "Edit: %s"}.With(title)
			head.Crumbs = append(head.Crumbs, web.Crumb{Path: v.Back, Label: i18n.Same(title)})
		}
		titles, err := f.titles(q, &rec, &theirs)
		if err != nil {
			return err
		}
		for _, fd := range f.Visible(q.Actor) {
			if fd.Set {
				continue
			}
			in, err := f.filled(q, &fd, &rec, typed, titles, p, l)
			if err != nil {
				return err
			}
			if was := fd.Raw(record.Value(&theirs)); stale != nil && was != fd.Raw(record.Value(&rec)) {
				in.Clash, in.Theirs = true, show(&fd, was, l, titles)
			}
			if in.Error != "" {
				v.Errors = append(v.Errors, mistake{in.Name, in.Label + ": " + in.Error})
			}
			v.Inputs = append(v.Inputs, in)
		}
		if p != nil && len(v.Errors) == 0 && stale == nil {
			v.Errors = append(v.Errors, mistake{"", p.Text.In(l)})
		}
		return formPage.Show(f.site, w, r, code, head, v)
	})
}

// filled is an input with its value, its error and, where several records fit
// what was typed, those to choose from.
func (f *face[T]) filled(q *store.Read, fd *field.Field, rec *T, typed map[string]string, titles map[string]record.Called, p *problem.Error, l i18n.Lang) (in input, err error) {
	raw := fd.Raw(record.Value(rec))
	text := raw
	if fd.Kind == field.Ref {
		text = titles[raw].Title
	}
	if typed != nil {
		raw, text = typed[fd.Name], typed[fd.Name]
	}
	in = f.input(fd, raw, l)
	in.Value = text
	if p != nil {
		in.Error = p.Fields[fd.Name].In(l)
	}
	if fd.Kind == field.Ref && in.Error != "" && text != "" {
		found, err := record.Pick(seeing(q, fd.To), fd.To, text, 12)
		if err != nil {
			return in, err
		}
		for _, c := range found {
			in.Options = append(in.Options, option{c.ID, c.Title, false})
		}
	}
	return in, nil
}
