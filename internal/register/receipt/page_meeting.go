package receipt

import (
	"net/http"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/store"
	"vaern/internal/web"
)

var (
	meetingPage = web.NewPage[*meetingView](folder, "meeting")
	metPage     = web.NewPage[*metView](folder, "met")
)

// meetingView is the form that registers a meeting.
type meetingView struct {
	Reading
	Held
	Units  []Line
	People []Absent
	Errors []mistake
	Today  string
	Ticked map[string]bool
}

// atOnce is how many people a form shows without a unit being chosen.
const atOnce = 60

func (p *pages) meeting(w http.ResponseWriter, r *http.Request) error {
	return p.showMeeting(w, r, Held{Unit: r.URL.Query().Get("unit")}, nil)
}

func (p *pages) showMeeting(w http.ResponseWriter, r *http.Request, h Held, failed error) error {
	v := &meetingView{Held: h, Errors: mistakes(failed, i18n.Of(r.Context())), Ticked: map[string]bool{}}
	for _, id := range h.Present {
		v.Ticked[id] = true
	}
	err := p.s.View(r.Context(), Gather, func(q *store.Read) (err error) {
		v.Today = q.Today
		if v.Reading, err = reading(q, r.PathValue("id")); err != nil {
			return err
		}
		var all int64
		if v.Units, all, err = metIn(q, v.Reading.ID); err != nil {
			return err
		}
		if v.Held.Unit == "" && all <= atOnce {
			v.Held.Unit = own(q.Actor)
		}
		if v.Held.Unit != "" {
			v.People, err = absent(q, v.Reading.ID, v.Held.Unit, 500)
		}
		return err
	})
	if err != nil {
		return err
	}
	if v.On == "" {
		v.On = v.Today
	}
	head := web.Head{Title: i18n.Text{"Gennemgået på et møde", "Gone through at a meeting"}, Path: "/reading",
		Crumbs: []web.Crumb{{Path: "/reading", Label: readingsTitle}, {Path: "/reading/" + v.Reading.ID, Label: i18n.Same(v.Title)}}}
	return meetingPage.Show(p.site, w, r, status(failed), head, v)
}

// metIn are the units within reach in which somebody is still to read, in them
// or below: those who work in the parts of a house meet as one.
func metIn(q *store.Read, reading string) (out []Line, all int64, err error) {
	err = q.Rows(`
		SELECT u.id, u.name, sum(c.n), sum(CASE WHEN c.unit = u.id THEN c.n ELSE 0 END)
		FROM (SELECT a.unit, count(*) AS n FROM asked a WHERE a.reading = :reading AND a.here = 1 AND a.state IN ('open', 'spared') AND :scope(a.unit) GROUP BY a.unit) c
		JOIN unit_under x ON x.unit = c.unit JOIN unit u ON u.id = x.top WHERE :scope(u.id)
		GROUP BY u.id, u.name, u.name_sort ORDER BY u.name_sort, u.id`, store.Args{"reading": reading}, func(scan store.Scan) error {
		var l Line
		var own int64
		err := scan(&l.Unit, &l.Name, &l.Wanted, &own)
		all += own
		out = append(out, l)
		return err
	})
	return out, all, err
}

func (p *pages) register(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	h := Held{Reading: r.PathValue("id"), Unit: r.PostFormValue("unit"), On: field.TypedDay(r.PostFormValue("on")), About: r.PostFormValue("about"), Present: r.PostForm["attended"]}
	id, err := p.Register(r.Context(), p.s, h)
	if askAgain(err) {
		return p.showMeeting(w, r, h, err)
	}
	if err != nil {
		return err
	}
	return p.site.Done(w, r, "/reading_meeting/"+id, i18n.Text{"Mødet er gemt, og der er kvitteret for dem, der var til stede.", "The meeting is saved, and receipts are given for those who were present."})
}

// metView is a meeting that was held, and what was corrected since.
type metView struct {
	met
	Present []attendee
	Wrong   []attendee
	People  []Absent
	Errors  []mistake
}

type attendee struct{ Receipt, Name, Note, At string }

func (p *pages) met(w http.ResponseWriter, r *http.Request) error { return p.showMet(w, r, nil) }

func (p *pages) showMet(w http.ResponseWriter, r *http.Request, failed error) error {
	v := &metView{Errors: mistakes(failed, i18n.Of(r.Context()))}
	err := p.s.View(r.Context(), Gather, func(q *store.Read) (err error) {
		if v.met, err = oneMeeting(q, r.PathValue("id")); err != nil {
			return err
		}
		err = q.Rows(`
			SELECT c.id, p.name, c.note, c.updated_at, coalesce(b.note, ''), coalesce(b.updated_at, '') FROM receipt c
			JOIN person p ON p.id = c.person LEFT JOIN receipt b ON b.takes_back = c.id
			WHERE c.meeting = :id AND c.takes_back = '' ORDER BY p.name_sort, c.id`, store.Args{"id": v.ID}, func(scan store.Scan) error {
			var a attendee
			var why, when string
			if err := scan(&a.Receipt, &a.Name, &a.Note, &a.At, &why, &when); err != nil {
				return err
			}
			if when == "" {
				v.Present = append(v.Present, a)
			} else {
				v.Wrong = append(v.Wrong, attendee{a.Receipt, a.Name, why, when})
			}
			return nil
		})
		if err != nil {
			return err
		}
		v.People, err = absent(q, v.Reading, v.Unit, 500)
		return err
	})
	if err != nil {
		return err
	}
	head := web.Head{Title: i18n.Text{"Møde den %s", "Meeting on %s"}.With(i18n.Of(r.Context()).Date(v.On)), Path: "/reading",
		Crumbs: []web.Crumb{{Path: "/reading", Label: readingsTitle}, {Path: "/reading/" + v.Reading, Label: i18n.Same(v.Title)}}}
	return metPage.Show(p.site, w, r, status(failed), head, v)
}

func (p *pages) addLate(w http.ResponseWriter, r *http.Request) error {
	err := p.AddLate(r.Context(), p.s, r.PathValue("id"), r.PostFormValue("person"), r.PostFormValue("why"))
	return p.corrected(w, r, err)
}

func (p *pages) removeLate(w http.ResponseWriter, r *http.Request) error {
	err := p.RemoveLate(r.Context(), p.s, r.PathValue("id"), r.PostFormValue("receipt"), r.PostFormValue("why"))
	return p.corrected(w, r, err)
}

func (p *pages) corrected(w http.ResponseWriter, r *http.Request, err error) error {
	if askAgain(err) {
		return p.showMet(w, r, err)
	}
	if err != nil {
		return err
	}
	return p.site.Done(w, r, "/reading_meeting/"+r.PathValue("id"), i18n.Text{"Rettelsen er gemt som en ny linje. Det gamle står der stadig.", "The correction is saved as a new line. The old one is still there."})
}
