package demo

import (
	"strings"
	"time"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/readers"
	"vaern/internal/register/document"
	"vaern/internal/register/receipt"
	"vaern/internal/store"
)

// forAll makes a document one that everybody is to read.
func (d *seeder) forAll(edition string) error {
	var doc string
	err := d.s.View(d.ctx, "document.see", func(q *store.Read) error {
		e, _, err := document.Open(q, edition)
		doc = e.Document
		return err
	})
	if err != nil {
		return err
	}
	return readers.Desk.Include(d.as(d.coord), d.s, doc, receipt.Rule{Way: receipt.In, Kind: receipt.ByRole, Value: string(access.Employee)})
}

// read lets most of those who are asked about a version confirm it, each in a
// way that people have; who is the one of so many that does not.
func (d *seeder) read(edition string, but int, never ...string) error {
	if _, err := readers.Desk.Ask(d.ctx, d.s); err != nil {
		return err
	}
	type one struct{ reading, person, mail string }
	var asked []one
	err := d.s.View(d.ctx, receipt.Numbers, func(q *store.Read) error {
		return q.Rows(`
			SELECT a.reading, p.id, p.mail FROM pub_waiting a JOIN person p ON p.id = a.person
			WHERE a.edition = :edition ORDER BY p.id`, store.Args{"edition": edition}, func(scan store.Scan) error {
			var o one
			err := scan(&o.reading, &o.person, &o.mail)
			for _, n := range never {
				if o.person == n {
					return err
				}
			}
			asked = append(asked, o)
			return err
		})
	})
	if err != nil {
		return err
	}
	n := 0
	return each(d, d.ctx, "receipt.give", receipt.Give, asked, func(w *store.Write, o one) error {
		if n++; n%but == 0 {
			return nil
		}
		how := receipt.ByLink
		switch {
		case o.mail == "":
			how = receipt.Kiosk
		case n%4 == 0:
			how = receipt.SignedIn
		}
		return receipt.Confirm(w, o.reading, o.person, how)
	})
}

// login is the person of the demo with a role.
func (d *seeder) login(role access.Role) string {
	for _, l := range d.town.Logins {
		if l.Role == string(role) {
			return d.person[l.Person]
		}
	}
	return ""
}

// readPolicy asks everybody about the policy that has just come in force.
func (d *seeder) readPolicy(edition string) error {
	d.adopted = edition
	return d.read(edition, 11, d.login(access.Employee))
}

// instruction asks the unit of the demo's employee to read what to do when a
// telephone is lost.
func (d *seeder) instruction() error {
	var unit string
	err := d.s.View(d.ctx, "document.see", func(q *store.Read) error {
		return q.Row(`SELECT p.unit, r.id FROM person p, record_title r WHERE p.id = :id AND r.kind = 'document' AND r.title LIKE '%computeren er væk'`,
			store.Args{"id": d.login(access.Employee)}, &unit, &d.lost)
	})
	if err != nil {
		return err
	}
	ctx := d.as(d.coord)
	if err := readers.Desk.Include(ctx, d.s, d.lost, receipt.Rule{Way: receipt.In, Kind: receipt.ByUnit, Value: unit}); err != nil {
		return err
	}
	first, err := d.inForce(d.lost)
	if err != nil {
		return err
	}
	if _, err := readers.Desk.Prepare(ctx, d.s, first.ID, receipt.Choice{Due: d.clock.set.AddDate(0, 0, 20).Format(time.DateOnly)}); err != nil {
		return err
	}
	return d.read(first.ID, 1000)
}

// addition is its second version, which says more: those who have read the
// first are asked about the sentence that is new.
func (d *seeder) addition() error {
	ctx := d.as(d.coord)
	first, err := d.inForce(d.lost)
	if err != nil {
		return err
	}
	body := strings.TrimSpace(first.Body) + "\n\nReglen gælder nu også, når du arbejder hjemme eller hos en borger.\n"
	next, err := document.Begin(ctx, d.s, d.lost, document.Text{Label: "1.1", Dated: field.Date(d.day()), Body: body})
	if err != nil {
		return err
	}
	if err := document.Decide(d.ctx, d.s, next); err != nil {
		return err
	}
	if _, err := readers.Desk.Prepare(ctx, d.s, next, receipt.Choice{Due: d.today.AddDate(0, 0, 12).Format(time.DateOnly)}); err != nil {
		return err
	}
	if err := document.PutInForce(d.ctx, d.s, next, field.Date(d.day())); err != nil {
		return err
	}
	if err := d.read(next, 3, d.login(access.Employee)); err != nil {
		return err
	}
	return d.read(d.adopted, 3, d.login(access.Employee)) // those who came since
}

func (d *seeder) inForce(doc string) (e document.Edition, err error) {
	err = d.s.View(d.ctx, "document.see", func(q *store.Read) error {
		e, _, err = document.InForceOn(q, doc, q.Today)
		return err
	})
	return e, err
}
