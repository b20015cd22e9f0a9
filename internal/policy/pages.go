package policy

import (
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"time"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/indicator"
	"vaern/internal/module"
	"vaern/internal/problem"
	"vaern/internal/register/document"
	"vaern/internal/store"
	"vaern/internal/web"
)

// What the engine's pages need.
const (
	SeePolicy   access.Permission = "policy.see"
	SeeStanding access.Permission = "policy.standing" // how sentences stand, and why
	LeadArea    access.Permission = "area.lead"       // its reach is what somebody leads: that comes first, whatever else one may see
	EditTargets access.Permission = "target.edit"
	ReadLedger  access.Permission = "ledger.read"
	EraseLedger access.Permission = "ledger.erase"
)

//go:embed pages/*.html
var pageFiles embed.FS

var (
	folder     = web.Folder(pageFiles)
	policyPage = web.NewPage[*policyView](folder, "policy")
	whyPart    = web.NewPart[whyView](folder, "why")
	factPart   = web.NewPart[*Fact](folder, "fact")
	emptyPage  = web.NewPage[emptyView](folder, "empty")
)

// desk is the engine's pages on one site.
type desk struct {
	*Engine
	site *web.Site
}

// module declares the engine: its tables, its pages and who sees them.
func (e *Engine) module() module.Module {
	return module.Module{
		Name: "measure", One: i18n.Text{"Måling", "Measurement"}, Many: i18n.Text{"Målinger", "Measurements"},
		Schema: Schema(), Fields: told, Roles: roles(), Indicators: ledgerIndicators, Mount: e.mount,
		Verbs: map[string]i18n.Text{"measure.measure": {"målte", "measured"}}, Found: found,
	}
}

// told are the columns of a measure that history tells of.
var told = field.Of(reflect.TypeFor[struct {
	Met   int64     `da:"Er, som de skal være" en:"As they should be"`
	Total int64     `da:"Ud af" en:"Out of"`
	State stateName `da:"Status" en:"State"`
}]())

// aims declares what history tells of a municipality's own goals.
func aims() module.Module {
	return module.Module{
		Name: "target", One: i18n.Text{"Mål", "Goal"}, Many: i18n.Text{"Mål", "Goals"},
		Fields: field.Of(reflect.TypeFor[struct {
			Goal    int64  `da:"Opfyldt ved (procent)" en:"Met at (per cent)"`
			Warning int64  `da:"Delvist opfyldt ved (procent)" en:"Partly met at (per cent)"`
			Most    bool   `da:"Færrest mulige er bedst" en:"Fewest is best"`
			Owner   string `da:"Ejer" en:"Owner" is:"ref:position"`
		}]()),
		Verbs: map[string]i18n.Text{"target.set": {"satte målet for", "set the goal of"}},
	}
}

// stateName is a state as a choice.
type stateName string

// Choices are the states.
func (stateName) Choices() (out field.Choices) {
	for _, s := range indicator.States {
		out = append(out, [3]string{s.Code(), s.Word()[0], s.Word()[1]})
	}
	return out
}

// roles says who may do what with the engine's pages.
func roles() module.Roles {
	readers := append([]access.Role{access.Council, access.Administrator}, module.Readers...)
	return module.Roles{}.
		Grant(module.Everyone, SeePolicy).
		Grant(readers, SeeStanding).
		Grant([]access.Role{access.Coordinator, access.Director, access.DPO, access.Auditor, access.Executive, access.Manager, access.Owner}, indicator.SeeArea).
		Grant([]access.Role{access.Executive, access.Manager}, LeadArea).
		Grant([]access.Role{access.Coordinator}, EditTargets).
		Grant([]access.Role{access.Administrator}, EraseLedger).
		Grant([]access.Role{access.Coordinator, access.Auditor, access.Administrator, access.DPO, access.Director}, ReadLedger)
}

func (e *Engine) mount(site *web.Site) {
	d := &desk{e, site}
	site.Handle("GET /{$}", web.SignedIn, d.front)
	site.Handle("GET /policy", SeePolicy, d.policy)
	site.Makes("GET /policy/pdf", SeePolicy, d.pdf)
	site.Handle("GET /policy/coverage", SeeStanding, d.coverage)
	site.Handle("GET /indicator", SeeStanding, d.indicators)
	site.Handle("GET /indicator/{key}", SeeStanding, d.indicator)
	site.Handle("GET /indicator/{key}/target", EditTargets, d.targetForm)
	site.Handle("POST /indicator/{key}/target", EditTargets, d.setTarget)
	site.Handle("GET /history", ReadLedger, d.ledger)
	site.Handle("GET /history/{kind}/{id}", web.SignedIn, d.history)
	site.Handle("GET /accessibility", web.Public, d.accessibility)
	site.Panel(e.serves)
	site.Menu(web.Item{Path: "/", Label: i18n.Text{"Overblik", "Overview"}, Need: web.SignedIn, Order: 1})
	site.Menu(web.Item{Path: "/policy", Label: i18n.Text{"Politikken", "The policy"}, Need: SeePolicy, Order: 20})
	site.Menu(web.Item{Path: "/indicator", Label: i18n.Text{"Målepunkter", "Indicators"}, Need: SeeStanding, Order: 40})
	site.Menu(web.Item{Path: "/history", Label: i18n.Text{"Beviser og historik", "Proof and history"}, Need: ReadLedger, Order: 90})
}

type policyView struct {
	Edition   document.Edition
	InForce   bool
	Approvals []document.Approved
	Standing  bool // the person sees how sentences stand
	Bar       bar
	Chips     []chip
	Show      string
	Days      []string // earlier days to look at
	On        string   // the day looked at; "" is today
	Now       string
	Sections  []Section
	Why       map[string]template.HTML // what is behind sentences, by their basis
	Shown     int
	CanBind   bool
}

// bar is the policy's state as one line of colour, with words.
type bar struct {
	Total  int
	Counts []count
}

type count struct {
	State indicator.State
	N     int
	At    float64 // where it begins, of 1000
	Width float64
	Path  string
}

type chip struct {
	Path    string
	Label   i18n.Text
	N       int
	Current bool
}

// Older reports whether data are of another day than the page.
func (v *policyView) Older(asked string) bool { return i18n.Day(asked) != i18n.Day(v.Now) }

type emptyView struct{ CanImport bool }

var policyTitle = i18n.Text{"Politikken", "The policy"}

func (d *desk) policy(w http.ResponseWriter, r *http.Request) error {
	v, title, err := d.read(r)
	if problem.Of(err) == problem.NotFound && r.URL.RawQuery == "" {
		return emptyPage.Show(d.site, w, r, http.StatusOK, web.Head{Title: policyTitle}, emptyView{d.site.May(r, document.Import)})
	}
	if err != nil {
		return err
	}
	if err := v.explain(i18n.Of(r.Context())); err != nil {
		return err
	}
	crumbs := []web.Crumb{{Path: "/document", Label: i18n.Text{"Dokumenter", "Documents"}}}
	return policyPage.Show(d.site, w, r, http.StatusOK, web.Head{Title: i18n.Same(title), Crumbs: crumbs, Path: "/policy"}, v)
}

// whyView is what is behind a sentence.
type whyView struct {
	Of   *Standing
	Rows template.HTML // its facts
}

// explain writes what is behind the sentences, once for all that are about the
// same, and each measure once: of a long policy many are.
func (v *policyView) explain(l i18n.Lang) error {
	v.Why = map[string]template.HTML{}
	rows := map[string]string{}
	for _, s := range v.Sections {
		for i := range s.Clauses {
			c := &s.Clauses[i]
			if _, written := v.Why[c.Basis]; written || c.Explains || !v.Standing {
				continue
			}
			var facts, why strings.Builder
			for _, f := range c.Facts {
				if _, written := rows[f.Key]; !written {
					var b strings.Builder
					if err := factPart.Write(&b, l, f); err != nil {
						return err
					}
					rows[f.Key] = b.String()
				}
				facts.WriteString(rows[f.Key])
			}
			if err := whyPart.Write(&why, l, whyView{c, template.HTML(facts.String())}); err != nil {
				return err
			}
			v.Why[c.Basis] = template.HTML(why.String())
		}
	}
	return nil
}

// read is all that the policy page and its print show, in a fixed number of
// statements.
func (d *desk) read(r *http.Request) (v *policyView, title string, err error) {
	v = &policyView{Show: r.URL.Query().Get("show"), On: r.URL.Query().Get("on"), Standing: d.site.May(r, SeeStanding), CanBind: d.site.May(r, document.Bind)}
	err = d.Store.View(r.Context(), SeePolicy, func(q *store.Read) error {
		v.Now = q.Now
		v.Edition, title, err = document.Current(q)
		if err != nil {
			return err
		}
		at := ""
		if v.On != "" && v.On < q.Today {
			if at, err = endOf(v.On); err != nil {
				return problem.Missing()
			}
			was, ok, err := document.InForceOn(q, v.Edition.Document, v.On)
			if err != nil {
				return err
			}
			if !ok {
				return problem.New(problem.NotFound, "Den dag var der ingen gældende politik.", "No policy was in force on that day.")
			}
			v.Edition = was
		} else {
			v.On = ""
		}
		v.InForce = v.Edition.State == document.InForce || v.On != ""
		if v.Approvals, err = document.Approvals(q, v.Edition.ID); err != nil {
			return err
		}
		if v.Sections, err = d.Stand(q, v.Edition, at); err != nil {
			return err
		}
		v.Days = earlier(q.Today, string(v.Edition.Starts))
		return nil
	})
	if err != nil {
		return nil, "", err
	}
	v.summarise()
	return v, title, nil
}

// endOf is the last instant of a day in the municipality.
func endOf(day string) (string, error) {
	t, err := time.ParseInLocation(time.DateOnly, day, i18n.Zone)
	if err != nil {
		return "", err
	}
	return t.AddDate(0, 0, 1).Add(-time.Microsecond).UTC().Format(store.Time), nil
}

// earlier offers the firsts of the last quarters.
func earlier(today, starts string) (out []string) {
	t, err := time.Parse(time.DateOnly, today)
	if err != nil {
		return nil
	}
	t = time.Date(t.Year(), t.Month()-(t.Month()-1)%3, 1, 0, 0, 0, 0, time.UTC)
	for range 8 {
		if day := t.Format(time.DateOnly); day < today {
			out = append(out, day)
		}
		t = t.AddDate(0, -3, 0)
	}
	return out
}

// summarise counts, and keeps of the sentences what the filter asks for.
func (v *policyView) summarise() {
	counts := Count(v.Sections)
	v.Bar.counted(counts, v.address)
	lacks := map[string]int{}
	for _, s := range v.Sections {
		for i := range s.Clauses {
			for _, what := range []string{"rule", "measure", "owner"} {
				if s.Clauses[i].Lacks(what) {
					lacks[what]++
				}
			}
		}
	}
	v.Chips = []chip{{v.address(""), i18n.Text{"Alle sætninger", "All clauses"}, v.Bar.Total, v.Show == ""}}
	for _, c := range []struct {
		what  string
		label i18n.Text
	}{
		{"rule", i18n.Text{"Uden regel", "Without a rule"}},
		{"measure", i18n.Text{"Uden måling", "Without a measure"}},
		{"owner", i18n.Text{"Uden ejer", "Without an owner"}},
	} {
		v.Chips = append(v.Chips, chip{v.address(c.what), c.label, lacks[c.what], v.Show == c.what})
	}
	if v.Show != "" {
		v.filter()
	}
	for _, s := range v.Sections {
		v.Shown += len(s.Clauses)
	}
}

func (v *policyView) address(show string) string {
	q := url.Values{}
	if show != "" {
		q.Set("show", show)
	}
	if v.On != "" {
		q.Set("on", v.On)
	}
	if len(q) == 0 {
		return "/policy"
	}
	return "/policy?" + q.Encode()
}

func (v *policyView) filter() {
	var kept []Section
	for _, s := range v.Sections {
		part := Section{Number: s.Number, Title: s.Title}
		for i := range s.Clauses {
			if !s.Clauses[i].Explains && s.Clauses[i].Lacks(v.Show) {
				part.Clauses = append(part.Clauses, s.Clauses[i])
			}
		}
		if len(part.Clauses) > 0 {
			kept = append(kept, part)
		}
	}
	v.Sections = kept
}

// counted lays the states out over a line of 1000, with gaps between.
func (b *bar) counted(counts map[indicator.State]int, path func(string) string) {
	const gap = 4
	for _, s := range indicator.States {
		b.Total += counts[s]
	}
	at := 0.0
	for _, s := range indicator.States {
		c := count{State: s, N: counts[s], At: at, Path: path(string(s))}
		if c.N > 0 {
			share := float64(c.N) / float64(b.Total) * 1000
			c.Width = max(share-gap, 1)
			at += share
		}
		b.Counts = append(b.Counts, c)
	}
}
