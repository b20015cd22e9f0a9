package receipt

import (
	"bytes"
	"html/template"
	"net/http"
	"slices"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/sheet"
	"vaern/internal/store"
	"vaern/internal/web"
)

var (
	listPage     = web.NewPage[*listView](folder, "list")
	coveragePage = web.NewPage[*coverageView](folder, "coverage")
	besidePart   = web.NewPart[*besideView](folder, "_beside")
)

var readingsTitle = i18n.Text{"Hvem har læst", "Who has read"}

type listView struct {
	Readings           []stand
	MayScreens, MaySee bool
}

// stand is a reading and how far all have come.
type stand struct {
	Reading
	Wanted, Read int64
}

// stands are readings with how far all have come, newest first.
func stands(q *store.Read, where string, args store.Args) (out []stand, err error) {
	all, err := readings(q, where, args)
	if err != nil {
		return nil, err
	}
	var ids store.List
	for _, r := range all {
		ids = append(ids, r.ID)
	}
	wanted, read := map[string]int64{}, map[string]int64{}
	err = q.Rows(`SELECT reading, count(*), count(CASE WHEN state IN ('done', 'kept') THEN 1 END) FROM asked WHERE here = 1 AND reading :among(ids) GROUP BY reading`, store.Args{"ids": ids},
		func(scan store.Scan) error {
			var id string
			var n, met int64
			err := scan(&id, &n, &met)
			wanted[id], read[id] = n, met
			return err
		})
	for _, r := range all {
		out = append(out, stand{r, wanted[r.ID], read[r.ID]})
	}
	return out, err
}

func (p *pages) list(w http.ResponseWriter, r *http.Request) error {
	v := &listView{MayScreens: p.site.May(r, Screens), MaySee: p.site.May(r, receipts.Can("see"))}
	err := p.s.View(r.Context(), Numbers, func(q *store.Read) (err error) {
		v.Readings, err = stands(q, `1 = 1`, nil)
		return err
	})
	if err != nil {
		return err
	}
	return listPage.Show(p.site, w, r, http.StatusOK, web.Head{Title: readingsTitle}, v)
}

// coverageView is how far a unit has come with one version.
type coverageView struct {
	Reading
	Unit, UnitName string
	Total          Line
	Lines          []Line
	Absent         []Absent
	More           int64 // missing that are not shown
	Replies        []Reply
	Meetings       []met
	Ways           []way
	Versions       []stand
	MayMeet        bool
	Named          bool
	Nobody         int    // units below where nobody is to read
	Link           string // a new link, shown once
	For            string // whose it is
}

// atFirst is how many of those missing a page names; the list has all.
const atFirst = 40

// Kept is how many count by their receipt of an earlier version, for whoever may see names.
func (v *coverageView) Kept() int64 {
	if !v.Named {
		return 0
	}
	return v.Total.Kept
}

// Moving reports whether people are still being asked.
func (v *coverageView) Moving() bool { return v.State == open && v.Reached < v.Wanted }

// way is how many receipts came in one way.
type way struct {
	How How
	N   int64
}

func (p *pages) coverage(w http.ResponseWriter, r *http.Request) error {
	return p.showCoverage(w, r, &coverageView{Unit: r.URL.Query().Get("unit")})
}

// newLink makes a link for somebody who lost theirs, and shows it once.
func (p *pages) newLink(w http.ResponseWriter, r *http.Request) error {
	v := &coverageView{Unit: r.PostFormValue("unit"), For: r.PostFormValue("name")}
	var err error
	if v.Link, err = p.Desk.Link(r.Context(), p.s, r.PathValue("id"), r.PostFormValue("person")); err != nil {
		return err
	}
	v.Link = p.site.Whole(r, v.Link)
	return p.showCoverage(w, r, v)
}

func (p *pages) showCoverage(w http.ResponseWriter, r *http.Request, v *coverageView) error {
	var crumbs []web.Crumb
	err := p.s.View(r.Context(), Numbers, func(q *store.Read) (err error) {
		if v.Reading, err = reading(q, r.PathValue("id")); err != nil {
			return err
		}
		c, err := p.here.gather(q, nil)
		if err != nil {
			return err
		}
		if v.Unit == "" {
			v.Unit = own(q.Actor)
		}
		if c.names[v.Unit] == "" {
			return problem.Missing()
		}
		v.UnitName = c.names[v.Unit]
		for _, id := range c.path(v.Unit) {
			crumbs = append(crumbs, web.Crumb{Path: "/reading/" + v.ID + "?unit=" + id, Label: i18n.Same(c.names[id])})
		}
		return p.count(q, c, v)
	})
	if err != nil {
		return err
	}
	v.MayMeet = v.State == open && p.site.May(r, Gather)
	head := web.Head{Title: i18n.Same(v.Title), Path: "/reading", Crumbs: append([]web.Crumb{{Path: "/reading", Label: readingsTitle}}, crumbs[:len(crumbs)-1]...)}
	return coveragePage.Show(p.site, w, r, http.StatusOK, head, v)
}

// own is the unit that an actor begins at: the area whose names one may see.
func own(a access.Actor) string {
	if reach := a.May[Names]; len(reach.Tops) > 0 {
		return reach.Tops[0]
	}
	return people.Top
}

// count fills the page with what the viewer may see.
func (p *pages) count(q *store.Read, c *crowd, v *coverageView) (err error) {
	if v.Lines, v.Total, err = lines(q, c, v.ID, v.Unit); err != nil {
		return err
	}
	veil(v.Lines, c, q.Actor)
	one := []Line{v.Total}
	veil(one, c, q.Actor)
	v.Total = one[0]
	v.Named = v.Total.Named
	if v.Total.Hidden {
		v.Lines = nil
	}
	all := len(v.Lines)
	v.Lines = slices.DeleteFunc(v.Lines, func(l Line) bool { return l.Wanted == 0 })
	v.Nobody = all - len(v.Lines)
	if v.Versions, err = stands(q, `document = :document AND id <> :id`, store.Args{"document": v.Document, "id": v.ID}); err != nil {
		return err
	}
	if !v.Named {
		return nil
	}
	args := store.Args{"reading": v.ID, "units": c.first(v.Total.waits, atFirst), "most": atFirst}
	if v.Absent, err = namesOf(q, `a.unit :among(units)`, args); err != nil {
		return err
	}
	v.More = v.Total.Missing() - int64(len(v.Absent))
	names, err := q.With(Names)
	if err != nil {
		return err
	}
	if v.Replies, err = replies(names, v.ID, 50); err != nil {
		return err
	}
	if v.Meetings, err = meetings(names, v.ID); err != nil {
		return err
	}
	return names.Rows(`
		SELECT how, CAST(sum(n) AS BIGINT) FROM (
			SELECT how, unit, count(*) AS n FROM receipt WHERE reading = :reading AND takes_back = '' GROUP BY how, unit
			UNION ALL SELECT how, unit, -1 FROM receipt WHERE id IN (SELECT takes_back FROM receipt WHERE reading = :reading AND takes_back > '')) AS r
		WHERE r.unit IN (SELECT unit FROM unit_under WHERE top = :unit) AND :scope(r.unit) GROUP BY how HAVING sum(n) > 0 ORDER BY 2 DESC`,
		store.Args{"reading": v.ID, "unit": v.Unit}, func(scan store.Scan) error {
			var x way
			err := scan(&x.How, &x.N)
			v.Ways = append(v.Ways, x)
			return err
		})
}

// export is the list of those missing, for a spreadsheet.
func (p *pages) export(r *http.Request) (web.File, error) {
	var found []Absent
	unit := r.URL.Query().Get("unit")
	if unit == "" {
		unit = people.Top
	}
	err := p.s.View(r.Context(), Names, func(q *store.Read) (err error) {
		if _, err = reading(q, r.PathValue("id")); err != nil {
			return err
		}
		found, err = absent(q, r.PathValue("id"), unit, 1_000_000)
		return err
	})
	if err != nil {
		return web.File{}, err
	}
	l := i18n.Of(r.Context())
	var file bytes.Buffer
	yes := map[bool]i18n.Text{true: {"ja", "yes"}, false: {"nej", "no"}}
	var head []sheet.Heading
	for _, label := range []i18n.Text{{"Enhed", "Unit"}, {"Medarbejdernr.", "Staff no."}, {"Navn", "Name"}, {"Læses senest", "Read by"}, {"Har mail", "Has mail"}} {
		head = append(head, sheet.Heading{Label: label.In(l)})
	}
	err = sheet.CSV(&file, l, head, func(write func([]string) error) error {
		for _, a := range found {
			if err := write([]string{a.Unit, a.Number, a.Name, a.Due, yes[a.Mail].In(l)}); err != nil {
				return err
			}
		}
		return nil
	})
	return web.File{Type: "text/csv; charset=utf-8", Name: "missing.csv", Body: file.Bytes()}, err
}

// Version is the version whose page tells of its readers.
type Version struct {
	ID, Document string
	Ready        bool // decided or in force: it may ask
}

// besideView is what a version's page tells of its readers.
type besideView struct {
	Version
	Plan, Sees    bool
	Reading, Kind string
	Wanted, Read  int64
	Moving        bool // people are still being asked
}

// Asked reports whether people are or were asked.
func (v *besideView) Asked() bool { return v.Kind == open || v.Kind == closed }

// Beside shows on the page of a version who has read it, or who will be asked.
func (d *Desk) Beside(q *store.Read, l i18n.Lang, of Version) (template.HTML, error) {
	v := &besideView{Version: of, Plan: q.Actor.Can(Plans), Sees: q.Actor.Can(Numbers)}
	if !v.Plan && !v.Sees {
		return "", nil
	}
	err := q.Row(`
		SELECT r.id, r.state, CASE WHEN r.state = 'open' AND r.reached < r.wanted THEN 1 ELSE 0 END,
			(SELECT count(*) FROM asked a WHERE a.reading = r.id AND a.here = 1),
			(SELECT count(*) FROM asked a WHERE a.reading = r.id AND a.here = 1 AND a.state IN ('done', 'kept'))
		FROM reading r WHERE r.edition = :edition`, store.Args{"edition": of.ID}, &v.Reading, &v.Kind, &v.Moving, &v.Wanted, &v.Read)
	if err != nil && problem.Of(err) != problem.NotFound {
		return "", err
	}
	if !v.Asked() && (!v.Plan || !v.Ready) {
		return "", nil
	}
	var b bytes.Buffer
	err = besidePart.Write(&b, l, v)
	return template.HTML(b.String()), err
}
