package policy

import (
	"net/http"
	"slices"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/indicator"
	"vaern/internal/problem"
	"vaern/internal/record"
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
	Name     string
	Heading  i18n.Text
	Policy   bool // there is one
	Title    string
	Edition  document.Edition
	Bar      bar
	Standing bool
	Area     []areaNumber // the person's own area, live
	Bare     int          // numbers that have nothing to count there
	Tasks    []task.Task  // what the person should do first
	Total    int          // of tasks
	Minutes  int          // for all of them
	Red      []Fact       // not met, worst first
	Quality  []Fact       // partly or old, for the coordinator
	Ledger   *store.Head
	Read     []receipt.Mine // what the person has confirmed, newest first
	CanWork  bool
	CanRead  bool
}

// areaNumber is an indicator counted in the person's own area.
type areaNumber struct {
	Indicator indicator.Indicator
	indicator.Measure
	State indicator.State
	Lacks int64
}

func (d *desk) front(w http.ResponseWriter, r *http.Request) error {
	v := &frontView{Heading: i18n.Text{"Overblik", "Overview"}, Name: access.Of(r.Context()).Name, Standing: d.site.May(r, SeeStanding), CanWork: d.site.May(r, document.Bind), CanRead: d.site.May(r, ReadLedger)}
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
		if err := d.overview(q, v); err != nil {
			return err
		}
		if err := d.area(q, v); err != nil {
			return err
		}
		if len(v.Area) > 0 { // who has an area needs that, not the whole municipality's
			v.Red, v.Quality = nil, nil
		}
		if !v.CanRead {
			return nil
		}
		head, err := q.Head()
		v.Ledger = &head
		return err
	})
	if err != nil {
		return err
	}
	return frontPage.Show(d.site, w, r, http.StatusOK, web.Head{Title: v.Heading}, v)
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

// area asks the indicators that know of areas, within the person's own, and
// says which area that is where it is one.
func (d *desk) area(q *store.Read, v *frontView) error {
	var tops []string
	for _, in := range d.declared {
		near, ok, err := within(q, in)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		a, err := ask(near, in)
		if err != nil {
			return err
		}
		if tops = q.Actor.May[in.Area].Tops; a.Total == 0 {
			v.Bare++
			continue
		}
		v.Area = append(v.Area, areaNumber{in, a.Measure, a.state, a.Total - a.Met})
	}
	if len(v.Area) == 0 {
		return nil
	}
	v.Heading = i18n.Text{"Mit område", "My area"}
	if len(tops) == 1 {
		called, err := record.Titles(q, slices.Values(tops))
		v.Heading = v.Heading.And(i18n.Same(": " + called[tops[0]].Title))
		return err
	}
	return nil
}

// within is the view of somebody's own area, for an indicator that knows of
// areas; who reaches everything has none.
func within(q *store.Read, in indicator.Indicator) (near *store.Read, ok bool, err error) {
	reach, ok := q.Actor.May[in.Area]
	if in.Area == "" || !ok || reach.Whole {
		return nil, false, nil
	}
	near, err = q.With(in.Area)
	return near, err == nil, err
}
