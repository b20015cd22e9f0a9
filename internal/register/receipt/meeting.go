package receipt

import (
	"context"
	"errors"
	"strings"
	"time"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// Held is a meeting where a leader went through a version.
type Held struct {
	Reading, Unit string
	On, About     string
	Present       []string // persons
}

// check fails on what no meeting can be, such as one before the text was in force.
func (h *Held) check(today, begins string) error {
	bad := problem.Fields{}
	if on, err := time.Parse(time.DateOnly, h.On); err != nil {
		bad["on"] = field.NoDate
	} else if on.Format(time.DateOnly) > today {
		bad["on"] = i18n.Text{"Mødet ligger i fremtiden. Skriv det ind, når det er holdt.", "The meeting is in the future. Register it once it has been held."}
	} else if h.On < begins {
		bad["on"] = i18n.Text{"Teksten gælder først fra " + i18n.Da.Date(begins) + ", og mødet kan ikke ligge før.", "The text is in force from " + i18n.En.Date(begins) + ", and the meeting cannot have been before."}
	}
	if h.About = strings.TrimSpace(h.About); h.About == "" {
		bad["about"] = i18n.Text{"Skriv kort, hvad I gik igennem.", "Say briefly what you went through."}
	}
	if len(h.Present) == 0 {
		bad["present"] = i18n.Text{"Sæt flueben ved dem, der var til stede.", "Tick those who were present."}
	}
	return problem.Check(bad)
}

// Register keeps a meeting and a receipt for each who was present.
func (d *Desk) Register(ctx context.Context, s *store.Store, h Held) (id string, err error) {
	err = s.Change(ctx, store.Intent{Verb: "reading_meeting.create", Need: Gather}, func(w *store.Write) error {
		r, err := reading(&w.Read, h.Reading)
		if err != nil {
			return err
		}
		see, err := w.With("document.see")
		if err != nil {
			return err
		}
		paper, err := d.papers.Edition(see, r.Edition)
		if err != nil {
			return err
		}
		if err := h.check(w.Today, paper.Starts); err != nil {
			return err
		}
		if err := within(&w.Read, h.Unit); err != nil {
			return err
		}
		id = w.NewID()
		err = w.Do(ref.Ref{Kind: "reading_meeting", ID: id}, `
			INSERT INTO reading_meeting (id, version, unit, updated_at, updated_by, reading, held_on, about)
			VALUES (:id, 1, :unit, :now, :actor, :reading, :on, :about)`,
			store.Args{"id": id, "unit": h.Unit, "reading": h.Reading, "on": h.On, "about": h.About})
		if err != nil {
			return err
		}
		for _, person := range h.Present {
			if err := attend(w.As("receipt.meeting"), id, h, person, ""); err != nil {
				return err
			}
		}
		return nil
	})
	return id, err
}

// attend makes the receipt of one who was present. Who has confirmed in
// another way meanwhile stays so.
func attend(w *store.Write, meeting string, h Held, person, note string) error {
	var unit string
	if err := w.Row(`SELECT unit FROM asked WHERE reading = :reading AND person = :person AND here = 1`,
		store.Args{"reading": h.Reading, "person": person}, &unit); err != nil {
		return err
	}
	if err := within(&w.Read, unit); err != nil {
		return err
	}
	err := sign(w, act{reading: h.Reading, person: person, how: Meeting, on: h.On, meeting: meeting, note: note})
	if errors.Is(err, errDone) {
		return nil
	}
	return err
}

// within refuses what is out of the leader's reach, as if it were not there.
func within(q *store.Read, unit string) error {
	var n int
	err := q.Row(`SELECT count(*) FROM unit_under WHERE top = :unit AND unit = :unit AND :scope`, store.Args{"unit": unit}, &n)
	if err == nil && n == 0 {
		err = problem.Missing()
	}
	return err
}

// met is a meeting as its page tells of it.
type met struct {
	ID string
	Held
	By, Title string
	N         int64
}

const metQuery = `
	SELECT m.id, m.reading, m.unit, m.held_on, m.about, coalesce(p.name, ''), r.title,
		(SELECT count(*) FROM receipt c WHERE c.meeting = m.id AND c.takes_back = '' AND NOT EXISTS (SELECT 1 FROM receipt b WHERE b.takes_back = c.id))
	FROM reading_meeting m JOIN reading r ON r.id = m.reading LEFT JOIN person p ON p.id = m.updated_by WHERE :scope(m.unit) AND `

func scanMet(scan store.Scan) (m met, err error) {
	err = scan(&m.ID, &m.Reading, &m.Unit, &m.On, &m.About, &m.By, &m.Title, &m.N)
	return m, err
}

func meetings(q *store.Read, reading string) (out []met, err error) {
	err = q.Rows(metQuery+`m.reading = :reading ORDER BY m.held_on DESC, m.id DESC`, store.Args{"reading": reading}, func(scan store.Scan) error {
		m, err := scanMet(scan)
		out = append(out, m)
		return err
	})
	return out, err
}

func oneMeeting(q *store.Read, id string) (m met, err error) {
	err = q.Rows(metQuery+`m.id = :id`, store.Args{"id": id}, func(scan store.Scan) error {
		m, err = scanMet(scan)
		return err
	})
	if err == nil && m.ID == "" {
		err = problem.Missing()
	}
	return m, err
}

// AddLate adds somebody who was present and forgotten: a new row.
func (d *Desk) AddLate(ctx context.Context, s *store.Store, meeting, person, why string) error {
	return s.Change(ctx, store.Intent{Verb: "receipt.meeting", Need: Gather, Reason: why}, func(w *store.Write) error {
		m, err := oneMeeting(&w.Read, meeting)
		if err != nil {
			return err
		}
		return attend(w, meeting, m.Held, person, why)
	})
}

// RemoveLate takes back the receipt of somebody who was not present: a new row.
func (d *Desk) RemoveLate(ctx context.Context, s *store.Store, meeting, receipt, why string) error {
	if strings.TrimSpace(why) == "" {
		return problem.Field("why", "Skriv, hvad der var forkert.", "Say what was wrong.")
	}
	return s.Change(ctx, store.Intent{Verb: "receipt.take_back", Need: Gather, Reason: why}, func(w *store.Write) error {
		if _, err := oneMeeting(&w.Read, meeting); err != nil {
			return err
		}
		var n int
		if err := w.Row(`SELECT count(*) FROM receipt WHERE id = :id AND meeting = :meeting`, store.Args{"id": receipt, "meeting": meeting}, &n); err != nil {
			return err
		}
		if n == 0 {
			return problem.Missing()
		}
		return takeBack(w, receipt, why)
	})
}
