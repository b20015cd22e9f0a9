package policy

import (
	"net/http"
	"slices"
	"strconv"

	"vaern/internal/i18n"
	"vaern/internal/indicator"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/register/document"
	"vaern/internal/store"
	"vaern/internal/web"
)

var (
	indicatorsPage = web.NewPage[*indicatorsView](folder, "indicators")
	indicatorPage  = web.NewPage[*indicatorView](folder, "indicator")
	targetPage     = web.NewPage[*targetView](folder, "target")
	indicatorCrumb = web.Crumb{Path: "/indicator", Label: i18n.Text{"Målepunkter", "Indicators"}}
)

type indicatorsView struct {
	Facts  []Fact
	Counts []count
	Show   string
	CanAdd bool
}

func (d *desk) indicators(w http.ResponseWriter, r *http.Request) error {
	v := &indicatorsView{Show: r.URL.Query().Get("show"), CanAdd: d.site.May(r, "own_indicator.create")}
	err := d.Store.View(r.Context(), SeeStanding, func(q *store.Read) error {
		facts, err := d.facts(q, "")
		if err != nil {
			return err
		}
		counts := map[indicator.State]int{}
		for _, f := range facts {
			counts[f.State]++
			if v.Show == "" || v.Show == f.State.Code() {
				v.Facts = append(v.Facts, f)
			}
		}
		// what somebody must do something about comes first
		first := func(f Fact) int {
			return slices.Index([]indicator.State{indicator.Unmet, indicator.Partly, indicator.NotMeasured, indicator.Met}, f.State)
		}
		slices.SortStableFunc(v.Facts, func(a, b Fact) int { return first(a) - first(b) })
		for _, s := range indicator.States {
			v.Counts = append(v.Counts, count{State: s, N: counts[s], Path: "/indicator?show=" + s.Code()})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return indicatorsPage.Show(d.site, w, r, http.StatusOK, web.Head{Title: indicatorCrumb.Label}, v)
}

// facts are all indicators with the answers of an instant, "" for the newest.
func (e *Engine) facts(q *store.Read, at string) ([]Fact, error) {
	all, err := e.all(q)
	if err != nil {
		return nil, err
	}
	known, err := measures(q, at)
	if err != nil {
		return nil, err
	}
	facts := make([]Fact, len(all))
	for i, in := range all {
		m, ok := known[in.Key]
		if !ok {
			m = Measured{Key: in.Key, State: indicator.NotMeasured}
		}
		facts[i] = Fact{m, in}
	}
	return facts, nil
}

type indicatorView struct {
	Fact
	Owner   string
	Missing lackings
	Area    *areaNumber // the same in the person's own area: what the list is then of
	Chart   chart
	Past    []Measured
	Clauses []string
	Failed  string
	CanAim  bool
}

func (d *desk) indicator(w http.ResponseWriter, r *http.Request) error {
	key := r.PathValue("key")
	v := &indicatorView{CanAim: d.site.May(r, EditTargets)}
	err := d.Store.View(r.Context(), SeeStanding, func(q *store.Read) error {
		facts, err := d.facts(q, "")
		if err != nil {
			return err
		}
		i := slices.IndexFunc(facts, func(f Fact) bool { return f.Key == key })
		if i < 0 {
			return problem.Missing()
		}
		v.Fact = facts[i]
		if v.Past, err = past(q, key); err != nil {
			return err
		}
		if err := d.about(q, v, facts); err != nil {
			return err
		}
		v.Chart = draw(v.Past, v.Indicator, q.Today, i18n.Of(r.Context()))
		return d.behind(q, v, chosen(q.Actor, r))
	})
	if err != nil {
		return err
	}
	return indicatorPage.Show(d.site, w, r, http.StatusOK, web.Head{Title: v.Indicator.Name, Crumbs: []web.Crumb{indicatorCrumb}, Path: "/indicator"}, v)
}

// about finds the owner, when it was asked last, and the sentences it bears.
func (d *desk) about(q *store.Read, v *indicatorView, facts []Fact) error {
	err := q.Row(`
		SELECT coalesce((SELECT r.title FROM target t JOIN record_title r ON r.id = t.owner WHERE t.id = :key), ''),
			coalesce((SELECT at FROM work_asked WHERE id = :key), ''), coalesce((SELECT failed FROM work_asked WHERE id = :key), '')`,
		store.Args{"key": v.Key}, &v.Owner, &v.At, &v.Failed)
	if err != nil {
		return err
	}
	ed, _, err := document.Current(q)
	if problem.Of(err) == problem.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	sections, err := d.stand(q, ed, facts)
	if err != nil {
		return err
	}
	for _, s := range sections {
		for _, c := range s.Clauses {
			for _, f := range c.Facts {
				if f.Indicator.Key == v.Key {
					v.Clauses = append(v.Clauses, c.ID)
				}
			}
		}
	}
	return nil
}

type targetView struct {
	Fact
	Version int64
	Owner   string
	Reason  string
	Errors  []mistake
}

type mistake struct{ Name, Text string }

func (d *desk) targetForm(w http.ResponseWriter, r *http.Request) error {
	return d.showTarget(w, r, http.StatusOK, nil)
}

func (d *desk) showTarget(w http.ResponseWriter, r *http.Request, code int, failed *problem.Error) error {
	v := &targetView{}
	key, l := r.PathValue("key"), i18n.Of(r.Context())
	err := d.Store.View(r.Context(), EditTargets, func(q *store.Read) error {
		in, err := d.Find(q, key)
		if err != nil {
			return err
		}
		v.Indicator, v.Key = in, key
		have, err := targets(q)
		if err != nil {
			return err
		}
		v.Version = have[key].Version
		v.Owner, err = record.Written(q, "position", have[key].Owner)
		return err
	})
	if err != nil {
		return err
	}
	if failed != nil {
		v.Owner, v.Reason = r.PostFormValue("owner"), r.PostFormValue("reason")
		v.Indicator.Goal, v.Indicator.Warning, v.Indicator.Most = typed(r, "goal"), typed(r, "warning"), r.PostFormValue("direction") == "most"
		for name, text := range failed.Fields {
			v.Errors = append(v.Errors, mistake{name, text.In(l)})
		}
		if len(v.Errors) == 0 {
			v.Errors = append(v.Errors, mistake{"", failed.Text.In(l)})
		}
	}
	head := web.Head{Title: i18n.Text{"Ret målet", "Change the goal"}, Crumbs: []web.Crumb{indicatorCrumb, {Path: "/indicator/" + key, Label: v.Indicator.Name}}, Path: "/indicator"}
	return targetPage.Show(d.site, w, r, code, head, v)
}

func typed(r *http.Request, name string) int64 {
	n, err := strconv.ParseInt(r.PostFormValue(name), 10, 64)
	if err != nil {
		return -1 // no per cent: the check says so
	}
	return n
}

func (d *desk) setTarget(w http.ResponseWriter, r *http.Request) error {
	key := r.PathValue("key")
	version, _ := strconv.ParseInt(r.PostFormValue("version"), 10, 64)
	t := Target{Version: version, Limits: indicator.Limits{Goal: typed(r, "goal"), Warning: typed(r, "warning"), Most: r.PostFormValue("direction") == "most"}}
	err := d.Store.View(r.Context(), EditTargets, func(q *store.Read) (err error) {
		t.Owner, err = d.position(q, r.PostFormValue("owner"))
		return err
	})
	if err == nil {
		err = d.Aim(r.Context(), key, t, r.PostFormValue("reason"))
	}
	if p := problem.As(err); p != nil && p.Kind != problem.NotFound && p.Kind != problem.Forbidden && !p.Outage() {
		return d.showTarget(w, r, web.Status(err), p)
	}
	if err != nil {
		return err
	}
	return d.site.Done(w, r, "/indicator/"+key, i18n.Text{"Målet er gemt.", "The goal is saved."})
}

// position finds the position that is called so; "" is none.
func (d *desk) position(q *store.Read, title string) (string, error) {
	if title == "" {
		return "", nil
	}
	found, err := record.Means(q, "position", title)
	if err != nil {
		return "", err
	}
	if len(found) == 1 {
		return found[0].ID, nil
	}
	return "", problem.Field("owner", "Vælg en stilling fra listen.", "Choose a position from the list.")
}
