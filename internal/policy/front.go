package policy

import (
	"net/http"
	"slices"
	"strings"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/indicator"
	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/register/document"
	"vaern/internal/store"
	"vaern/internal/web"
)

var frontPage = web.NewPage[*frontView](folder, "front")

// frontView is the first page: what is it, how does it stand, what should I do
// now. Which parts it has follows from what the person may see.
type frontView struct {
	Name     string
	Policy   bool // there is one
	Title    string
	Edition  document.Edition
	Bar      bar
	Standing bool
	Area     []areaNumber     // the person's own area, live
	Mine     []lacking        // what the person's positions own and somebody must do something about
	Waiting  []document.Waits // versions that a body must decide
	Red      []Fact           // not met, worst first
	Quality  []Fact           // partly or old, for the coordinator
	Ledger   *store.Head
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
	v := &frontView{Name: access.Of(r.Context()).Name, Standing: d.site.May(r, SeeStanding), CanWork: d.site.May(r, document.Bind), CanRead: d.site.May(r, ReadLedger)}
	err := d.Store.View(r.Context(), SeePolicy, func(q *store.Read) (err error) {
		v.Edition, v.Title, err = document.Current(q)
		if v.Policy = err == nil; !v.Policy && problem.Of(err) != problem.NotFound {
			return err
		}
		if !v.Standing {
			return nil
		}
		if err := d.overview(q, v); err != nil {
			return err
		}
		if v.Mine, err = d.mine(q); err != nil {
			return err
		}
		if v.Area, err = d.area(q); err != nil {
			return err
		}
		if d.site.May(r, "approval.create") {
			if v.Waiting, err = document.Waiting(q, mostMine); err != nil {
				return err
			}
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
	return frontPage.Show(d.site, w, r, http.StatusOK, web.Head{Title: i18n.Text{"Overblik", "Overview"}}, v)
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

const mostMine = 7 // more than seven tasks are none

// mine are the records that the person's positions own and that some
// indicator misses: what to do now, no more than seven.
func (d *desk) mine(q *store.Read) (out []lacking, err error) {
	whole, err := q.As(asker)
	if err != nil {
		return nil, err
	}
	owned := map[string]lacking{}
	err = q.Rows(`
		SELECT r.id, r.kind, r.title, o.title FROM record_title r JOIN record_title o ON o.id = r.owner
		WHERE r.owner IN (SELECT position FROM holding WHERE person = :actor AND starts <= :today AND (ends IS NULL OR ends >= :today))`, nil,
		func(scan store.Scan) error {
			var r ref.Ref
			var l lacking
			err := scan(&r.ID, &r.Kind, &l.Title, &l.Owner)
			l.Path = "/" + r.String()
			owned[r.ID] = l
			return err
		})
	if err != nil || len(owned) == 0 {
		return nil, err
	}
	var lists []string // of all indicators that know of areas: one statement
	for _, in := range d.declared {
		if in.Area != "" {
			lists = append(lists, in.Missing)
		}
	}
	if len(lists) == 0 {
		return nil, nil
	}
	err = whole.Rows(strings.Join(lists, "\nUNION ALL\n"), nil, func(scan store.Scan) error {
		var m ref.Ref
		if err := scan(&m.Kind, &m.ID); err != nil {
			return err
		}
		if l, ok := owned[m.ID]; ok && len(out) < mostMine && !slices.Contains(out, l) {
			out = append(out, l)
		}
		return nil
	})
	return out, err
}

// area asks the indicators that know of areas, within the person's own.
func (d *desk) area(q *store.Read) (out []areaNumber, err error) {
	for _, in := range d.declared {
		reach, ok := q.Actor.May[in.Area]
		if in.Area == "" || !ok || reach.Whole {
			continue
		}
		scoped, err := q.With(in.Area)
		if err != nil {
			return nil, err
		}
		a, err := ask(scoped, in)
		if err != nil {
			return nil, err
		}
		out = append(out, areaNumber{in, a.Measure, a.state, a.Total - a.Met})
	}
	return out, nil
}
