package policy

import (
	"cmp"
	"net/http"
	"slices"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/indicator"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/register/document"
	"vaern/internal/register/receipt"
	"vaern/internal/store"
	"vaern/internal/task"
	"vaern/internal/web"
)

var frontPage = web.NewPage[*frontView](folder, "front")

// frontView is the first page: what is it, how does it stand, what should I do
// now. Which parts it has follows from what the person may see.
type frontView struct {
	Name      string
	Heading   i18n.Text
	Policy    bool // there is one
	Title     string
	Edition   document.Edition
	Bar       bar
	Standing  bool
	At        string       // the area that is looked at; "" is the whole municipality
	Area      []areaNumber // its numbers, live
	Bare      int          // numbers that have nothing to count there
	Elsewhere []elsewhere  // where else the person may look
	Late      overdue
	CanArea   bool        // what is overdue is told
	Tasks     []task.Task // what the person should do first
	Total     int         // of tasks
	Minutes   int         // for all of them
	Red       []Fact      // not met, worst first
	Quality   []Fact      // partly or old, for the coordinator
	Ledger    *store.Head
	Read      []receipt.Mine // what the person has confirmed, newest first
	CanWork   bool
	CanRead   bool
}

// areaNumber is an indicator counted in the person's own area.
type areaNumber struct {
	Indicator indicator.Indicator
	indicator.Measure
	State indicator.State
	Lacks int64
}

// List is where the list behind a number of the whole municipality stands.
func (v *frontView) List(key string) string {
	if len(v.Elsewhere) > 0 { // an indicator's page begins with the person's own area, too
		return "/indicator/" + key + "?area=" + people.Top
	}
	return "/indicator/" + key
}

func (d *desk) front(w http.ResponseWriter, r *http.Request) error {
	v := &frontView{Heading: i18n.Text{"Overblik", "Overview"}, Name: access.Of(r.Context()).Name, Standing: d.site.May(r, SeeStanding), CanArea: d.site.May(r, indicator.SeeArea), CanWork: d.site.May(r, document.Bind), CanRead: d.site.May(r, ReadLedger)}
	err := d.Store.View(r.Context(), SeePolicy, func(q *store.Read) (err error) {
		if v.Tasks, err = d.Tasks.Of(q); err != nil {
			return err
		}
		v.Total, v.Minutes = len(v.Tasks), task.Minutes(v.Tasks)
		v.Tasks = v.Tasks[:min(mostFront, v.Total)]
		v.Edition, v.Title, err = document.Current(q)
		if v.Policy = err == nil; !v.Policy && problem.Of(err) != problem.NotFound {
			return err
		}
		if !v.Standing {
			v.Read, err = receipt.Given(q, 3)
			return err
		}
		if err := d.standing(q, v, chosen(q.Actor, r)); err != nil {
			return err
		}
		if !v.CanRead || len(v.Elsewhere) > 0 { // whoever leads an area finds the ledger in the menu
			return nil
		}
		head, err := q.Head()
		v.Ledger = &head
		return err
	})
	if err != nil {
		return err
	}
	return frontPage.Show(d.site, w, r, http.StatusOK, web.Head{Title: v.Heading, Known: map[string]int{"/tasks": v.Total}}, v)
}

// standing is how the area stands that is looked at; the whole municipality,
// where that has nothing to count.
func (d *desk) standing(q *store.Read, v *frontView, area string) (err error) {
	if err := d.area(q, v, area); err != nil {
		return err
	}
	if v.At == "" {
		if err := d.overview(q, v); err != nil {
			return err
		}
	}
	if err := v.places(q, area); err != nil || !v.CanArea {
		return err
	}
	v.Late, err = d.late(q, cmp.Or(v.At, people.Top))
	return err
}

// overview is how the policy stands and which numbers are not as they should be.
func (d *desk) overview(q *store.Read, v *frontView) error {
	facts, err := d.facts(q, "")
	if err != nil {
		return err
	}
	if v.Policy {
		sections, err := d.stand(q, v.Edition, facts)
		if err != nil {
			return err
		}
		v.Bar.counted(Count(sections), func(show string) string { return "/policy?show=" + show })
	}
	for _, f := range facts {
		switch f.State {
		case indicator.Unmet:
			v.Red = append(v.Red, f)
		case indicator.Partly:
			v.Quality = append(v.Quality, f)
		}
	}
	slices.SortStableFunc(v.Red, func(a, b Fact) int { return int(b.Total - b.Met - a.Total + a.Met) })
	return nil
}

// mostFront is how many tasks the first page shows: the rest is one click away.
const mostFront = 3
