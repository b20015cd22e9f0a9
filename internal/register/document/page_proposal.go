package document

import (
	"net/http"
	"strings"

	"vaern/internal/clause"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/store"
	"vaern/internal/themed"
	"vaern/internal/web"
)

var proposalPage = web.NewPage[*proposalView](folder, "proposal")

// proposalView is an import under way: findings on top, then the text beside
// what was understood of it, then the fields to correct.
type proposalView struct {
	draftImport
	Parts  []understood
	Count  int // clauses
	Found  []finding
	Bodies []bodyField
	Errors []mistake
	Bad    map[string]string
}

// finding is a sentence with where to look and where to correct.
type finding struct {
	clause.Finding
	Pair      string
	Show, Fix string // anchors
}

type understood struct {
	Number, Title string
	Lines         []line
}

// line is one clause and what was understood of it.
type line struct {
	shown
	Themes    []i18n.Text
	Approvals []clause.Approval
}

// bodyField is a body as a person corrects it: one office a line.
type bodyField struct{ Name, Offices string }

// fixedIn says which field of the form answers a finding.
var fixedIn = map[string]string{
	clause.NoTitle: "title", clause.UnknownOrganisation: "organisation", clause.NoVersion: "version", clause.TwoVersions: "version",
	VersionKnown: "version", clause.NoDate: "dated", clause.DateAhead: "dated", clause.NoApproval: "approvals", clause.ApprovalAhead: "approvals",
	clause.NoApprovalOnDate: "approvals", clause.ApprovalOlder: "approvals", clause.LatestApprovalOld: "approvals",
	clause.RequiredBodyMissing: "approvals", clause.BodyWithoutChair: "bodies",
}

func (d *desk) proposal(w http.ResponseWriter, r *http.Request) error {
	return d.proposalWith(w, r, nil, nil)
}

// proposalWith shows the import as it is kept, or as it was typed with what is
// wrong about it.
func (d *desk) proposalWith(w http.ResponseWriter, r *http.Request, typed *draftImport, failed error) error {
	v := &proposalView{Bad: map[string]string{}}
	err := d.site.Store.View(r.Context(), Import, func(q *store.Read) (err error) {
		if typed != nil {
			v.draftImport = *typed
		} else if v.draftImport, err = importOf(q, r.PathValue("id")); err != nil {
			return err
		}
		v.fill(q.Today)
		return nil
	})
	if err != nil {
		return err
	}
	l := i18n.Of(r.Context())
	if p := problem.As(failed); p != nil {
		for name, text := range p.Fields {
			v.Bad[name] = text.In(l)
		}
	}
	v.Errors = mistakes(failed, l, "title", "version", "dated", "approvals", "text")
	code := http.StatusOK
	if failed != nil {
		code = web.Status(failed)
	}
	head := web.Head{Title: importTitle, Crumbs: []web.Crumb{*above, {Path: "/policy/import", Label: importTitle}}, Path: "/document"}
	return proposalPage.Show(d.site, w, r, code, head, v)
}

// relabelled names the fields of records by those of the form.
func relabelled(err error) error {
	p := problem.As(err)
	if p == nil || len(p.Fields) == 0 {
		return err
	}
	names := map[string]string{"label": "version", "decided": "approvals", "body": "text"}
	out := problem.Fields{}
	for name, text := range p.Fields {
		if to, ok := names[name]; ok {
			name = to
		}
		out[name] = text
	}
	return problem.Check(out)
}

func (v *proposalView) fill(today string) {
	for _, s := range v.Sections(today) {
		u := understood{Number: s.Number, Title: s.Title}
		heads := s.Heads()
		for _, c := range s.Clauses {
			if c.Kind != clause.Heading {
				v.Count++
			}
			u.Lines = append(u.Lines, v.line(c, heads[c.ID]))
		}
		v.Parts = append(v.Parts, u)
	}
	for _, f := range v.Findings {
		one := finding{Finding: f, Fix: "text", Show: "facts"}
		if to, ok := fixedIn[f.Code]; ok {
			one.Fix = to
		}
		if f.Clause != "" {
			one.Pair, one.Show = f.Clause, "c-"+f.Clause
		}
		v.Found = append(v.Found, one)
	}
	for _, b := range v.Proposal.Bodies {
		v.Bodies = append(v.Bodies, bodyField{b.Name, officeLines(b.Offices)})
	}
}

func (v *proposalView) line(c clause.Clause, head bool) line {
	out := line{shown: shown{Clause: c, Head: head, Pieces: marked(c), Slips: slipsIn(v.Findings, c.ID)}}
	for _, key := range Proposed(c).Keys() {
		out.Themes = append(out.Themes, themed.Label(key))
	}
	for _, a := range v.Approvals {
		if a.Text != "" && strings.Contains(c.Text, a.Text) {
			out.Approvals = append(out.Approvals, a)
		}
	}
	return out
}

const chairMark = "(formand)"

func officeLines(offices []clause.Office) string {
	var lines []string
	for _, o := range offices {
		text := o.Title
		if o.Chair {
			text += " " + chairMark
		}
		lines = append(lines, text)
	}
	return strings.Join(lines, "\n")
}

// typedOffices reads one office a line; "(formand)" or "(chair)" marks the chair.
func typedOffices(text string) []clause.Office {
	out := []clause.Office{}
	for l := range strings.Lines(text) {
		title, chair := strings.TrimSpace(l), false
		for _, mark := range []string{chairMark, "(chair)"} {
			if rest, ok := strings.CutSuffix(title, mark); ok {
				title, chair = strings.TrimSpace(rest), true
			}
		}
		if title != "" {
			out = append(out, clause.Office{Title: title, Chair: chair})
		}
	}
	return out
}

// correct keeps what was typed and does what the button says.
func (d *desk) correct(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, largest)
	if err := r.ParseForm(); err != nil {
		return problem.New(problem.Invalid, "Formularen kunne ikke læses.", "The form could not be read.")
	}
	var work draftImport
	var today string
	err := d.site.Store.View(r.Context(), Import, func(q *store.Read) (err error) {
		today = q.Today
		work, err = importOf(q, r.PathValue("id"))
		return err
	})
	if err != nil {
		return err
	}
	if r.PostForm.Get("do") == "discard" {
		if err := work.drop(r.Context(), d.site.Store); err != nil {
			return err
		}
		return d.site.Done(w, r, "/policy/import", i18n.Text{"Indlæsningen er kasseret. Politikken er, som den var.", "The import was discarded. The policy is as it was."})
	}
	was := work.Proposal
	work.Proposal = typedProposal(r, was)
	work.review(was, today)
	if err := work.keep(r.Context(), d.site.Store); err != nil {
		return err
	}
	if r.PostForm.Get("do") != "confirm" {
		http.Redirect(w, r, "/policy/import/"+work.ID, http.StatusSeeOther)
		return nil
	}
	id, err := work.confirm(r.Context(), d.site.Store)
	if askAgain(err) {
		return d.proposalWith(w, r, &work, relabelled(err))
	}
	if err != nil {
		return err
	}
	return d.site.Done(w, r, path(id), i18n.Text{"Version %s er gemt som kladde.", "Version %s was saved as a draft."}.With(work.Version))
}

// typedProposal is the proposal as the form says. Rows left empty are gone.
func typedProposal(r *http.Request, was Proposal) Proposal {
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	at := func(name string, i int) string {
		if list := r.PostForm[name]; i < len(list) {
			return strings.TrimSpace(list[i])
		}
		return ""
	}
	p := Proposal{Title: get("title"), Organisation: get("organisation"), Version: get("version"), Dated: field.TypedDay(get("dated")),
		Body: strings.ReplaceAll(r.PostForm.Get("text"), "\r\n", "\n"), Findings: was.Findings, Bodies: []clause.Body{}, Approvals: []clause.Approval{}}
	for i := range r.PostForm["approval_body"] {
		a := clause.Approval{Body: at("approval_body", i), Date: field.TypedDay(at("approval_date", i)), Text: at("approval_text", i)}
		if a.Body != "" || a.Date != "" {
			p.Approvals = append(p.Approvals, a)
		}
	}
	for i := range r.PostForm["body_name"] {
		if name := at("body_name", i); name != "" {
			p.Bodies = append(p.Bodies, clause.Body{Name: name, Offices: typedOffices(at("body_offices", i))})
		}
	}
	return p
}
