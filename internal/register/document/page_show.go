package document

import (
	"html/template"
	"net/http"
	"slices"
	"strings"

	"vaern/internal/access"
	"vaern/internal/clause"
	"vaern/internal/i18n"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/web"
)

var showPage = web.NewPage[*showView](folder, "edition")

// showView is one version: its text, how far it has come, and the next step.
type showView struct {
	opened
	AuthorName string
	Approvals  []Approved
	Lacking    []i18n.Text
	General    []Remark // about no clause
	Parts      []chapter
	Clauses    int
	Previous   string // the version to compare with
	Today      string
	Errors     []mistake
	Beside     template.HTML
	MayEdit    bool
	MayRemark  bool
	MayPublish bool
	MayApprove bool
	MayBind    bool
	MayTrace   bool
	MaySee     bool // the approvals, each on a page of its own
	Own        bool // the person wrote it, and so cannot decide it
}

type chapter struct {
	Number, Title string
	Lines         []shown
}

// shown is a clause with what stands in its margin.
type shown struct {
	clause.Clause
	Head    bool // it says what the columns of a table are
	Pieces  []piece
	Slips   []clause.Finding
	Remarks []Remark
}

// piece is a stretch of a clause's words; a probable slip is marked.
type piece struct {
	Text string
	Slip bool
}

func (d *desk) show(w http.ResponseWriter, r *http.Request) error {
	return d.showWith(w, r, nil)
}

// showWith shows the page after a step that was refused, with the reason on top.
func (d *desk) showWith(w http.ResponseWriter, r *http.Request, failed error) error {
	v := &showView{Errors: mistakes(failed, i18n.Of(r.Context()), "from", "reason")}
	err := d.site.Store.View(r.Context(), "document.see", func(q *store.Read) (err error) {
		if v.opened, err = open(q, r.PathValue("id")); err != nil {
			return err
		}
		if v.Beside, err = Beside(q, i18n.Of(r.Context()), v.Edition); err != nil {
			return err
		}
		if v.State == InReview && len(demands[v.Doc.Level]) == 0 {
			if v.Own, err = hasWritten(q, v.ID); err != nil {
				return err
			}
		}
		at := &admitting{q: q, id: v.ID, known: map[string]bool{}}
		if err := v.fill(q, at.has(Remarks)); err != nil {
			return err
		}
		v.MayEdit, v.MayPublish, v.MayBind = at.has("document.edit"), at.has(Publish), at.has(Bind)
		v.MayTrace, v.MaySee = at.has("edition.see"), at.has("approval.see")
		v.MayRemark = v.State == InReview && at.has(Remarks)
		v.MayApprove = at.has("approval.create") && (v.State.Editable() || len(v.Lacking) > 0) && v.State != Superseded
		return at.err
	})
	if err != nil {
		return err
	}
	code := http.StatusOK
	if failed != nil {
		code = web.Status(failed)
	}
	return showPage.Show(d.site, w, r, code, v.head(i18n.Same(v.Name()), true), v)
}

// admitting is what the actor may do with one version: everybody reads every one that is in force, and most may do more
// with some. It asks once for all permissions that reach alike.
type admitting struct {
	q     *store.Read
	id    string
	known map[string]bool // by how far a permission reaches
	err   error
}

func (a *admitting) has(need access.Permission) bool {
	near, err := a.q.With(need)
	if err != nil || a.err != nil {
		return false
	}
	far := a.q.Actor.May[need].Key()
	if _, asked := a.known[far]; !asked {
		n := 0
		a.err = near.Row(`SELECT count(*) FROM edition WHERE id = :id AND :scope`, store.Args{"id": a.id}, &n)
		a.known[far] = n > 0
	}
	return a.known[far]
}

// fill reads what else the page shows; remarks are for those who may write some.
func (v *showView) fill(q *store.Read, remarked bool) error {
	v.Today = q.Today
	have, err := Approvals(q, v.ID)
	if err != nil {
		return err
	}
	v.Approvals = have
	for _, kind := range lacking(v.Doc.Level, have) {
		v.Lacking = append(v.Lacking, kindName(kind))
	}
	names, err := record.Titles(q, slices.Values([]string{v.Author}))
	if err != nil {
		return err
	}
	v.AuthorName = names[v.Author].Title
	said := map[string][]Remark{}
	if remarked {
		all, err := remarks(q, v.ID)
		if err != nil {
			return err
		}
		for _, r := range all {
			said[r.Clause] = append(said[r.Clause], r)
		}
	}
	v.General = said[""]
	v.lay(said)
	all, err := editions(q, v.Document)
	if err != nil {
		return err
	}
	v.Previous = before(all, v.ID)
	return nil
}

// before is the version before one, or the newest other; "" when there is none.
func before(all []Edition, id string) string {
	i := slices.IndexFunc(all, func(e Edition) bool { return e.ID == id })
	if i >= 0 && i+1 < len(all) {
		return all[i+1].ID
	}
	if len(all) > 1 {
		return all[0].ID
	}
	return ""
}

func (v *showView) lay(said map[string][]Remark) {
	for _, s := range v.Sections {
		p := chapter{Number: s.Number, Title: s.Title}
		heads := s.Heads()
		for _, c := range s.Clauses {
			p.Lines = append(p.Lines, shown{c, heads[c.ID], marked(c), slipsIn(v.Findings, c.ID), said[c.ID]})
			if c.Kind != clause.Heading {
				v.Clauses++
			}
		}
		v.Parts = append(v.Parts, p)
	}
}

// Remains are the findings that are about no clause.
func (v *showView) Remains() []clause.Finding {
	return slices.DeleteFunc(slices.Clone(v.Findings), func(f clause.Finding) bool { return f.Clause != "" })
}

// Frozen reports whether a body has approved the text, so that it stays.
func (v *showView) Frozen() bool { return !v.State.Editable() || len(v.Approvals) > 0 }

// NeedsNone reports whether no body has to approve such a document.
func (v *showView) NeedsNone() bool { return len(demands[v.Doc.Level]) == 0 }

// Ready reports whether nothing is missing before the version can be decided.
func (v *showView) Ready() bool { return v.State.Editable() && len(v.Lacking) == 0 }

// Next is the one act that the page's primary button says.
func (v *showView) Next() string {
	switch {
	case v.State == Decided && v.MayPublish:
		return "publish"
	case v.Ready() && v.MayPublish && !v.Own && (v.State == InReview || len(v.Approvals) > 0):
		return "decide"
	case v.State == Draft && v.MayEdit && len(v.Approvals) == 0:
		return "submit"
	case v.State.Editable() && len(v.Lacking) > 0 && v.MayApprove:
		return "approve"
	}
	return ""
}

func slipsIn(all []clause.Finding, id string) (out []clause.Finding) {
	for _, f := range all {
		if isSlip(f) && f.Clause == id {
			out = append(out, f)
		}
	}
	return out
}

// marked cuts a clause at its probable slips; the words stay as they are.
func marked(c clause.Clause) (out []piece) {
	rest := c.Text
	for rest != "" {
		at, word := len(rest), ""
		for _, slip := range c.Sic {
			if i := strings.Index(rest, slip); slip != "" && i >= 0 && i < at {
				at, word = i, slip
			}
		}
		if at > 0 {
			out = append(out, piece{rest[:at], false})
		}
		if word != "" {
			out = append(out, piece{word, true})
		}
		rest = rest[at+len(word):]
	}
	return out
}

// act is a step without anything to type.
func (d *desk) resolve(w http.ResponseWriter, r *http.Request) error {
	err := Resolve(r.Context(), d.site.Store, r.PathValue("id"), r.PathValue("remark"))
	return d.done(w, r, err, r.PostFormValue("clause"), i18n.Text{"Bemærkningen er afsluttet.", "The remark is closed."})
}

// done goes back to the version, at the clause that the act was about, or shows
// it with what is in the way.
func (d *desk) done(w http.ResponseWriter, r *http.Request, err error, about string, said i18n.Text) error {
	if askAgain(err) {
		return d.showWith(w, r, err)
	}
	if err != nil {
		return err
	}
	to := path(r.PathValue("id"))
	if about != "" {
		to += "#c-" + about
	}
	return d.site.Done(w, r, to, said)
}
