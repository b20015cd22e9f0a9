package kit

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/web"
)

// mostAtOnce is how many records one bulk edit may change: as many as hold
// others up for a moment only.
const mostAtOnce = 1000

var bulkPage = web.NewPage[*bulkView](pages, "bulk")

// bulkView is one of the steps: what it shall be, what would happen, what did.
type bulkView struct {
	At, Back       string
	List           string // the list it came from, as an address says it
	Many           i18n.Text
	Count          int
	IDs            []string
	Versions       []pair // id and version that the preview was made from
	Field          string
	Label          string
	Input          input
	Value          string // as it was typed
	Reason         string
	Step           string // choose, preview or done
	Lines          []bulkLine
	Changes, Stays int
	Refused        int
}

// bulkLine is what happens to one record.
type bulkLine struct {
	Title, Link string
	Was, Is     string
	Why         string // it is refused
	Same        bool
}

// before puts what is refused first: among hundreds nobody would find it.
func (l bulkLine) before(other bulkLine) int {
	switch {
	case l.Why != "" && other.Why == "":
		return -1
	case l.Why == "" && other.Why != "":
		return 1
	}
	return 0
}

// changeable are the fields that can be changed for many: the owner first,
// since handing over is what people do most.
func (f *face) changeable(a access.Actor, l i18n.Lang) (out []option) {
	for _, fd := range f.Visible(a) {
		if fd.Set || fd.Key || fd.Title {
			continue
		}
		o := option{Value: fd.Name, Label: fd.Label.In(l)}
		if fd.Name == "owner" {
			out = append([]option{o}, out...)
			continue
		}
		out = append(out, o)
	}
	return out
}

// bulk changes one field of many records: it asks for the value, shows what
// would happen to each, and does it when that was seen.
func (f *face) bulk(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(problem.Invalid, "Formularen kunne ikke læses.", "The form could not be read.")
	}
	l := i18n.Of(r.Context())
	v := &bulkView{At: f.at() + "/bulk", Back: f.at() + "?" + r.PostFormValue("list"), List: r.PostFormValue("list"), Many: f.Many, Step: "choose", Field: r.PostFormValue("field"), Reason: r.PostFormValue("reason")}
	var recs []record.Rec
	err := f.view(r, "edit", func(q *store.Read) (err error) {
		if recs, err = f.picked(q, r); err != nil {
			return err
		}
		return f.chooseValue(q, r, v, l)
	})
	if err != nil {
		return err
	}
	if len(recs) == 0 {
		return problem.New(problem.Invalid, "Vælg først nogle rækker i listen.", "Choose some rows of the list first.")
	}
	for _, rec := range recs {
		v.IDs = append(v.IDs, rec.Head().ID)
	}
	v.Count = len(recs)
	code := http.StatusOK
	if step := r.PostFormValue("step"); step != "" && v.Input.Error == "" {
		if err := f.apply(r, v, recs, step == "save"); err != nil {
			return err
		}
	} else if v.Input.Error != "" {
		code = http.StatusUnprocessableEntity
	}
	head := web.Head{Title: i18n.Text{"Ret flere: %s", "Change several: %s"}.Naming(f.Many), Crumbs: f.crumbs(web.Crumb{Path: v.Back, Label: f.Many}), Path: f.at()}
	return bulkPage.Show(f.site, w, r, code, head, v)
}

// picked are the records that were chosen, or all that the list shows. Those
// that are out of reach by now are left out.
func (f *face) picked(q *store.Read, r *http.Request) (out []record.Rec, err error) {
	if r.PostFormValue("all") != "1" {
		ids := r.PostForm["id"]
		if len(ids) > mostAtOnce {
			return nil, tooMany()
		}
		return f.GetAll(q, ids)
	}
	list, err := url.ParseQuery(r.PostFormValue("list"))
	if err != nil {
		return nil, problem.New(problem.Invalid, "Listen kunne ikke læses. Gå tilbage, og vælg igen.", "The list could not be read. Go back and choose again.")
	}
	asked, err := f.listing(q, list, f.language(q))
	if err != nil {
		return nil, err
	}
	asked.After, asked.Limit = "", 500
	for {
		p, err := f.Page(q, asked.Query)
		if err != nil {
			return nil, err
		}
		if out = append(out, p.Items...); len(out) > mostAtOnce {
			return nil, tooMany()
		}
		if p.Next == "" {
			return out, nil
		}
		asked.After = p.Next
	}
}

func tooMany() error {
	return problem.New(problem.Invalid, "Det er over 1.000 på én gang. Gør listen kortere med et filter.", "That is over 1,000 at once. Make the list shorter with a filter.")
}

// chooseValue is the input of the chosen field, with what was typed.
func (f *face) chooseValue(q *store.Read, r *http.Request, v *bulkView, l i18n.Lang) error {
	fd, err := f.bulkField(q.Actor, v.Field)
	if err != nil {
		return err
	}
	v.Label = fd.Label.In(l)
	blank := f.Blank()
	typed := map[string]string{}
	var failed error
	if r.PostFormValue("step") != "" {
		failed = f.readOne(q, r, fd, blank, typed)
	}
	v.Value = typed[fd.Name]
	v.Input, err = f.filled(q, fd, &asked{rec: blank, typed: typed, failed: failed}, nil, l)
	if failed != nil && problem.As(failed) == nil {
		return failed
	}
	return err
}

func (f *face) bulkField(a access.Actor, name string) (*field.Field, error) {
	for _, o := range f.changeable(a, i18n.Da) {
		if o.Value == name {
			fd, _ := f.Field(name)
			return fd, nil
		}
	}
	return nil, problem.Field("field", "Vælg et felt, der kan rettes for flere.", "Choose a field that can be changed for several.")
}

var errPreview = errors.New("only looked at")

// apply gives every record the new value, each checked by the register's own
// rules. A preview is the real change, rolled back.
func (f *face) apply(r *http.Request, v *bulkView, recs []record.Rec, save bool) error {
	fd, _ := f.Field(v.Field)
	l := i18n.Of(r.Context())
	v.Step, v.Lines, v.Versions = "preview", nil, nil
	seen := map[string]string{}
	for i, id := range r.PostForm["seen"] {
		if versions := r.PostForm["version"]; i < len(versions) {
			seen[id] = versions[i]
		}
	}
	err := f.s.Change(r.Context(), store.Intent{Verb: f.Name + ".edit", Need: f.Can("edit"), Reason: v.Reason}, func(w *store.Write) error {
		v.Lines, v.Versions, v.Changes, v.Stays, v.Refused = nil, nil, 0, 0, 0
		var changed []record.Rec
		for _, old := range recs {
			rec, line, err := f.changeOne(w, r, fd, old, seen)
			if err != nil {
				return err
			}
			switch {
			case line.Why != "":
				v.Refused++
			case line.Same:
				v.Stays++
			default:
				v.Changes++
			}
			line.Title, line.Link = f.Title(old), f.link(old)
			v.Lines = append(v.Lines, line)
			changed = append(changed, rec)
			h := old.Head()
			v.Versions = append(v.Versions, pair{h.ID, strconv.FormatInt(h.Version, 10)})
		}
		if err := f.tell(&w.Read, fd, v.Lines, slices.Concat(recs, changed), l); err != nil {
			return err
		}
		slices.SortStableFunc(v.Lines, bulkLine.before)
		if !save || v.Changes == 0 {
			return errPreview
		}
		return nil
	})
	if errors.Is(err, errPreview) {
		err = nil
	} else if err == nil {
		v.Step = "done"
	}
	return err
}

// changeOne changes one record, or says why it cannot.
func (f *face) changeOne(w *store.Write, r *http.Request, fd *field.Field, old record.Rec, seen map[string]string) (record.Rec, bulkLine, error) {
	rec := old.Copy()
	l := i18n.Of(r.Context())
	h := old.Head()
	if was, ok := seen[h.ID]; ok && was != strconv.FormatInt(h.Version, 10) {
		return rec, bulkLine{Why: i18n.Text{"En anden har rettet den imens.", "Somebody else changed it meanwhile."}.In(l)}, nil
	}
	if err := f.readOne(&w.Read, r, fd, rec, map[string]string{}); err != nil {
		return rec, bulkLine{}, err
	}
	if fd.Raw(rec.Value) == fd.Raw(old.Value) {
		return rec, bulkLine{Same: true}, nil
	}
	err := f.Replace(w, old, rec)
	if p := problem.As(err); p != nil {
		why := p.Text.In(l)
		for _, text := range p.Fields {
			why = text.In(l)
		}
		return rec, bulkLine{Why: why}, nil
	}
	return rec, bulkLine{}, err
}

// tell writes what each record had and gets: all holds them as they were, then
// as they become.
func (f *face) tell(q *store.Read, fd *field.Field, lines []bulkLine, all []record.Rec, l i18n.Lang) error {
	titles, err := f.titles(q, all...)
	for i := range lines {
		lines[i].Was = f.says(fd, all[i], l, titles)
		lines[i].Is = f.says(fd, all[len(lines)+i], l, titles)
	}
	return err
}
