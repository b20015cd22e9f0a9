package demo

import (
	"time"

	"vaern/internal/field"
	"vaern/internal/register/control"
	"vaern/internal/register/rule"
	"vaern/internal/store"
)

// years lets two years pass, a month at a time: people come and leave,
// controls are carried out, and the numbers are taken.
func (d *seeder) years() error {
	start := d.clock.set
	newPolicy := time.Date(2026, 2, 26, 9, 0, 0, 0, time.UTC)
	adopted := false
	for m := 1; m <= 24; m++ {
		month := start.AddDate(0, m, 0)
		if month.After(d.today.Add(-time.Hour)) {
			month = d.today.Add(-time.Hour)
		}
		if !adopted && month.After(newPolicy) {
			adopted = true
			d.at(newPolicy)
			if err := d.newPolicy(); err != nil {
				return err
			}
		}
		d.at(month)
		if err := d.join(d.day()); err != nil {
			return err
		}
		if err := d.leave(d.day()); err != nil {
			return err
		}
		if err := d.carryOut(m); err != nil {
			return err
		}
		if meanwhile := map[int]func() error{21: d.drafts, 22: d.instruction, 23: d.addition}[m]; meanwhile != nil {
			if err := meanwhile(); err != nil {
				return err
			}
		}
		if m%2 == 0 || m > 18 {
			if err := d.engine.Evaluate(d.ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// carryOut does the controls that fall due, but for those that slip.
func (d *seeder) carryOut(month int) error {
	var now []int
	for i, c := range d.done {
		slips := i%9 == 4 && month > 17+i/9%5 || (i+month)%13 == 0
		if c.ID != "" && string(c.Due) <= d.day() && !slips {
			now = append(now, i)
		}
	}
	return each(d, d.as(d.coord), "control.carry_out", "control.edit", now, func(w *store.Write, i int) error {
		old := d.done[i]
		rec := old
		rec.Done, rec.Due = field.Date(w.Today), ""
		rec.Result = results[(i+month)%len(results)]
		err := control.Controls.Replace(w, old, &rec)
		d.done[i] = rec
		return err
	})
}

var results = []string{
	"Ingen bemærkninger.",
	"Reglen følges. Én undtagelse er aftalt med nærmeste leder og ophører ved månedens udgang.",
	"To steder manglede dokumentationen. Den er skrevet siden, og lederen har set den.",
	"Gennemført som stikprøve på ti sager. Ingen fejl.",
}

// warts are what real life leaves behind: a rule that was put right after an
// incident, and a reason that everybody can read.
func (d *seeder) warts() error {
	return d.s.Change(d.as(d.coord), store.Intent{Verb: "rule.edit", Need: "rule.edit", Reason: "ordlyden gav anledning til spørgsmål fra fire ledere"}, func(w *store.Write) error {
		old, err := rule.Rules.Get(&w.Read, d.rules["R-04"])
		if err != nil {
			return err
		}
		changed := old
		changed.Title = old.Title + " og hvem der følger op"
		return rule.Rules.Replace(w, old, &changed)
	})
}
