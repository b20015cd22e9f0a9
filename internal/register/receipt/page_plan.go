package receipt

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"vaern/internal/access"
	"vaern/internal/clause"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/web"
)

var (
	audiencePage = web.NewPage[*audienceView](folder, "audience")
	readersPage  = web.NewPage[*readersView](folder, "readers")
)

// audienceView is whom a document is for, part by part, and who that is.
type audienceView struct {
	Paper  Paper
	Parts  []partRules
	Form   ruleForm
	Who    preview
	Errors []mistake
}

type partRules struct {
	Label i18n.Text
	Lines []ruleLine
}

type ruleLine struct {
	ID    string
	Out   bool
	Label i18n.Text
}

// ruleForm is what somebody chooses a rule from.
type ruleForm struct {
	Parts            []option
	Categories       []option
	Roles            []option
	Way, Who, Part   string
	Name             string
	Units, Positions []record.Called
}

// everybody is the audience of the role that everybody has.
var everybody = i18n.Text{"Alle med adgang", "Everybody with access"}

type option struct {
	Value string
	Label i18n.Text
}

// options are the categories and roles that a rule can be about.
func (f *ruleForm) options() {
	f.Categories = append(f.Categories, option{ByRole + ":" + string(access.Employee), everybody})
	for _, c := range people.Category("").Choices() {
		f.Categories = append(f.Categories, option{ByCategory + ":" + c[0], i18n.Text{c[1], c[2]}})
	}
	for _, role := range slices.Sorted(maps.Keys(people.RoleName)) {
		if role != access.Employee {
			f.Roles = append(f.Roles, option{ByRole + ":" + string(role), people.RoleName[role]})
		}
	}
}

// partName is what a part of a document is called.
func partName(part string) i18n.Text {
	if number, ok := strings.CutPrefix(part, "s:"); ok {
		return i18n.Text{"Afsnit %s", "Section %s"}.With(number)
	}
	if id, ok := strings.CutPrefix(part, "c:"); ok {
		return i18n.Text{"Sætning %s", "Clause %s"}.With(id)
	}
	return i18n.Text{"Hele dokumentet", "The whole document"}
}

// label says a rule in words; names are what units and positions are called.
func (r Rule) label(names map[string]record.Called) i18n.Text {
	switch r.Kind {
	case ByCategory:
		return categoryName(r.Value)
	case ByRole:
		if r.Value == string(access.Employee) {
			return everybody
		}
		return people.RoleName[access.Role(r.Value)]
	case ByUnit:
		return i18n.Text{"%s og alt under", "%s and all below"}.With(names[r.Value].Title)
	}
	return i18n.Same(names[r.Value].Title)
}

func titles(q *store.Read, rules []Rule) (map[string]record.Called, error) {
	return record.Titles(q, func(yield func(string) bool) {
		for _, r := range rules {
			if (r.Kind == ByUnit || r.Kind == ByPosition) && !yield(r.Value) {
				return
			}
		}
	})
}

func (p *pages) audience(w http.ResponseWriter, r *http.Request) error {
	return p.showAudience(w, r, nil)
}

func (p *pages) showAudience(w http.ResponseWriter, r *http.Request, failed error) error {
	v := &audienceView{Errors: mistakes(failed, i18n.Of(r.Context()))}
	v.Form = ruleForm{Way: r.PostFormValue("way"), Who: r.PostFormValue("who"), Part: r.PostFormValue("part"), Name: r.PostFormValue("name")}
	document := r.PathValue("document")
	err := p.s.View(r.Context(), Plans, func(q *store.Read) (err error) {
		if v.Paper, err = p.papers.Current(q, document); err != nil {
			return err
		}
		if err := within(q, v.Paper.Unit); err != nil {
			return err
		}
		all, err := rules(q, document)
		if err != nil {
			return err
		}
		names, err := titles(q, all)
		if err != nil {
			return err
		}
		v.sort(all, names)
		v.Form.fill(v.Paper.Sections)
		c, err := p.here.gather(q, all)
		if err != nil {
			return err
		}
		a := newAudience(all, v.Paper.Sections)
		var in []*member
		for _, m := range c.all {
			if a.whole(c, m) {
				in = append(in, m)
			}
		}
		v.Who, err = look(q, c, in, r.URL.Query().Get("unit"))
		v.Who.At = "/document/" + document + "/audience"
		return err
	})
	if err != nil {
		return err
	}
	head := web.Head{Title: i18n.Text{"Hvem gælder det for?", "Who is it for?"}, Path: "/document",
		Crumbs: []web.Crumb{{Path: "/document", Label: i18n.Text{"Dokumenter", "Documents"}}, {Path: "/document/" + document, Label: i18n.Same(v.Paper.Title)}}}
	return audiencePage.Show(p.site, w, r, status(failed), head, v)
}

func (v *audienceView) sort(all []Rule, names map[string]record.Called) {
	for i, r := range all {
		if i == 0 || all[i-1].Part != r.Part {
			v.Parts = append(v.Parts, partRules{Label: partName(r.Part)})
		}
		last := &v.Parts[len(v.Parts)-1]
		last.Lines = append(last.Lines, ruleLine{r.ID, r.Way == Out, r.label(names)})
	}
}

// fill offers every section and sentence of a text.
func (f *ruleForm) fill(sections []clause.Section) {
	f.options()
	for _, s := range sections {
		if s.Number != "0" && s.Number != "" {
			f.Parts = append(f.Parts, option{"s:" + s.Number, i18n.Text{"Afsnit %s %s", "Section %s %s"}.With(s.Number, s.Title)})
		}
		for _, c := range s.Clauses {
			if c.Kind != clause.Heading {
				f.Parts = append(f.Parts, option{"c:" + c.ID, i18n.Text{"Sætning %s: %s", "Clause %s: %s"}.With(c.ID, short(c.Text))})
			}
		}
	}
}

func short(text string) string {
	if r := []rune(text); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return text
}

// asked reads a rule from a form: "category:keys", or a unit or position by
// name. Nothing chosen is no rule.
func asked(q *store.Read, who, name, way string) (Rule, error) {
	kind, value, _ := strings.Cut(who, ":")
	r := Rule{Way: way, Kind: kind, Value: value}
	if kind == ByUnit || kind == ByPosition {
		found, err := record.Means(q, kind, name)
		if err != nil {
			return r, err
		}
		if len(found) == 1 {
			r.Value = found[0].ID
		}
	}
	return r, r.check()
}

func (p *pages) include(w http.ResponseWriter, r *http.Request) error {
	document := r.PathValue("document")
	var rule Rule
	err := p.s.View(r.Context(), Plans, func(q *store.Read) (err error) {
		if _, err := p.papers.Current(q, document); err != nil {
			return err
		}
		rule, err = asked(q, r.PostFormValue("who"), r.PostFormValue("name"), r.PostFormValue("way"))
		rule.Part = r.PostFormValue("part")
		return err
	})
	if err == nil {
		err = p.Include(r.Context(), p.s, document, rule)
	}
	if askAgain(err) {
		return p.showAudience(w, r, err)
	}
	if err != nil {
		return err
	}
	return p.site.Done(w, r, "/document/"+document+"/audience", i18n.Text{"Målgruppen er ændret.", "The audience is changed."})
}

func (p *pages) drop(w http.ResponseWriter, r *http.Request) error {
	document := r.PathValue("document")
	if err := p.Drop(r.Context(), p.s, document, r.PathValue("rule")); err != nil {
		return err
	}
	return p.site.Done(w, r, "/document/"+document+"/audience", i18n.Text{"Målgruppen er ændret.", "The audience is changed."})
}

// readersView is whom a version asks, before it does.
type readersView struct {
	*Plan
	Who      preview
	Choice   Choice
	Form     ruleForm
	Extra    []ruleLine
	Errors   []mistake
	Days     int
	Publish  bool // the same button puts it in force
	Today    string
	Standing bool // it is asked already
}

func (p *pages) readers(w http.ResponseWriter, r *http.Request) error {
	return p.showReaders(w, r, nil, nil)
}

// showReaders shows the plan: as it is kept, or as it was just chosen.
func (p *pages) showReaders(w http.ResponseWriter, r *http.Request, chosen *Choice, failed error) error {
	v := &readersView{Errors: mistakes(failed, i18n.Of(r.Context()))}
	err := p.s.View(r.Context(), Plans, func(q *store.Read) error {
		paper, err := p.papers.Edition(q, r.PathValue("edition"))
		if err != nil {
			return err
		}
		if err := within(q, paper.Unit); err != nil {
			return err
		}
		story, err := storyOf(q, paper.Document)
		if err != nil {
			return err
		}
		kept, there := story.of(paper.ID)
		v.Standing = there && kept.State != planned
		v.Choice = Choice{Due: kept.Due, Skipped: kept.Skipped, More: kept.More, Why: kept.Why}
		if chosen != nil {
			v.Choice = *chosen
		}
		if v.Choice.Due == "" {
			v.Choice.Due = later(q.Today, usualDays)
		}
		kept.Skipped, kept.More = v.Choice.Skipped, v.Choice.More
		if v.Plan, err = p.plan(q, paper, story, kept, &p.here); err != nil {
			return err
		}
		v.Today = q.Today
		if v.Who, err = look(q, v.crowd, v.Asks(), r.URL.Query().Get("unit")); err != nil {
			return err
		}
		v.Who.At = "/edition/" + paper.ID + "/readers"
		names, err := titles(q, v.Choice.More)
		if err != nil {
			return err
		}
		for _, rule := range v.Choice.More {
			v.Extra = append(v.Extra, ruleLine{rule.Way + ":" + rule.Kind + ":" + rule.Value, rule.Way == Out, rule.label(names)})
		}
		v.Form.options()
		return nil
	})
	if err != nil {
		return err
	}
	v.Publish = v.Paper.Decided && !v.Paper.InForce
	head := web.Head{Title: i18n.Text{"Hvem skal læse det?", "Who is to read it?"}, Path: "/document",
		Crumbs: []web.Crumb{{Path: "/document", Label: i18n.Text{"Dokumenter", "Documents"}}, {Path: "/edition/" + v.Paper.ID, Label: i18n.Same(v.Paper.Name())}}}
	return readersPage.Show(p.site, w, r, status(failed), head, v)
}

// prepare keeps the choice, shows it again after a change, or carries it out.
func (p *pages) prepare(w http.ResponseWriter, r *http.Request) error {
	edition := r.PathValue("edition")
	c, err := p.choice(r)
	switch {
	case askAgain(err):
		return p.showReaders(w, r, &c, err)
	case err != nil:
		return err
	case r.PostFormValue("act") == "look":
		return p.showReaders(w, r, &c, nil)
	}
	id, err := p.Prepare(r.Context(), p.s, edition, c)
	if err == nil && r.PostFormValue("act") == "publish" {
		err = p.papers.Publish(r.Context(), p.s, edition, "")
	}
	if askAgain(err) {
		return p.showReaders(w, r, &c, err)
	}
	if err != nil {
		return err
	}
	if r.PostFormValue("act") == "keep" {
		return p.site.Done(w, r, "/edition/"+edition, i18n.Text{"Planen er gemt. Ingen er spurgt endnu.", "The plan is saved. Nobody is asked yet."})
	}
	return p.site.Done(w, r, "/reading/"+id, i18n.Text{"Nu bliver de bedt om at læse.", "Now they are asked to read."})
}

// choice reads what the publisher chose.
func (p *pages) choice(r *http.Request) (c Choice, err error) {
	if err := r.ParseForm(); err != nil {
		return c, err
	}
	c = Choice{Due: field.TypedDay(r.PostFormValue("due")), Why: r.PostFormValue("why")}
	for _, id := range r.PostForm["touch"] {
		if !slices.Contains(r.PostForm["ask"], id) {
			c.Skipped = append(c.Skipped, id)
		}
	}
	for _, text := range r.PostForm["more"] {
		if part := strings.SplitN(text, ":", 3); len(part) == 3 {
			c.More = append(c.More, Rule{Way: part[0], Kind: part[1], Value: part[2]})
		}
	}
	if who := r.PostFormValue("who"); who != "" {
		err = p.s.View(r.Context(), Plans, func(q *store.Read) error {
			rule, err := asked(q, who, r.PostFormValue("name"), r.PostFormValue("way"))
			if err == nil {
				c.More = append(c.More, rule)
			}
			return err
		})
	}
	return c, err
}
