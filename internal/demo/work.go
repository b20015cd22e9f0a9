package demo

import (
	"fmt"
	"strings"
	"time"

	"vaern/content"
	"vaern/internal/clause"
	"vaern/internal/field"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/register/control"
	"vaern/internal/register/document"
	"vaern/internal/register/rule"
	"vaern/internal/store"
	"vaern/internal/themed"
)

func head() record.Head { return record.Head{Unit: people.Top} }

// policy imports the policy as it was when the demo begins, and puts it in force.
func (d *seeder) policy() error {
	ctx := d.as(d.coord)
	id, err := d.importPolicy(content.PolicyBefore())
	if err != nil {
		return err
	}
	if err := document.Decide(ctx, d.s, id); err != nil {
		return err
	}
	return document.PutInForce(ctx, d.s, id, "2023-10-01")
}

func (d *seeder) importPolicy(text string) (string, error) {
	found := clause.Parse(clause.FromText(text), d.day())
	return document.Confirm(d.as(d.coord), d.s, document.Propose(found))
}

// newPolicy is the version that came meanwhile, approved by three bodies.
func (d *seeder) newPolicy() error {
	ctx := d.as(d.coord)
	id, err := d.importPolicy(content.Policy())
	if err != nil {
		return err
	}
	if err := document.Submit(ctx, d.s, id); err != nil {
		return err
	}
	d.at(time.Date(2026, 2, 27, 10, 0, 0, 0, time.UTC))
	if err := document.Decide(ctx, d.s, id); err != nil {
		return err
	}
	if err := d.forAll(id); err != nil {
		return err
	}
	d.at(time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC))
	if err := document.PutInForce(ctx, d.s, id, "2026-03-01"); err != nil {
		return err
	}
	if err := d.readPolicy(id); err != nil {
		return err
	}
	return d.acceptMost(id)
}

// acceptMost is the coordinator who has looked at most sentences, not all.
func (d *seeder) acceptMost(edition string) error {
	bindings, ids, err := d.bindings(edition)
	if err != nil {
		return err
	}
	for i, clauseID := range ids {
		if i%6 == 5 {
			continue
		}
		if err := document.Accept(d.as(d.coord), d.s, edition, clauseID, bindings[clauseID].Themes); err != nil {
			return err
		}
	}
	return nil
}

func (d *seeder) bindings(edition string) (out map[string]document.Binding, ids []string, err error) {
	err = d.s.View(d.as(d.coord), "document.see", func(q *store.Read) error {
		e, _, err := document.Current(q)
		if err != nil {
			return err
		}
		for _, c := range e.Clauses() {
			if c.Kind != "heading" {
				ids = append(ids, c.ID)
			}
		}
		out, err = document.Bindings(q, e.Document)
		return err
	})
	return out, ids, err
}

// owners answer for a theme's rules, by title; the coordinator for the rest.
var owners = []struct{ word, title string }{
	{"supplier", "Indkøbschef"}, {"access", "Digitaliserings- og it-chef"}, {"continuity", "Beredskabschef"}, {"loss", "It-driftschef"},
	{"physical", "Ejendomschef"}, {"data-protection", "Databeskyttelsesrådgiver"}, {"awareness", "HR-chef"}, {"violations", "HR-chef"},
	{"technical", "It-driftschef"}, {"equipment", "It-driftschef"}, {"availability", "It-driftschef"}, {"development", "Digitaliserings- og it-chef"},
	{"approval", "Sekretariatschef"}, {"one-in-force", "Sekretariatschef"}, {"legal", "Chefjurist"}, {"executive", "Kommunaldirektør"},
}

const coordinator = "Informationssikkerhedskoordinator"

func (d *seeder) ownerOf(themes []string) string {
	for _, o := range owners {
		for _, key := range themes {
			if strings.Contains(key, o.word) && d.title[o.title] != "" {
				return d.title[o.title]
			}
		}
	}
	return d.title[coordinator]
}

// handbook is the handbook and its rules, each with an owner.
func (d *seeder) handbook() error {
	ctx := d.as(d.coord)
	d.rules = map[string]string{}
	book := document.Document{Head: head(), Number: "H-01", Title: "Informationssikkerhedshåndbog", Level: document.Handbook,
		Owner: d.title[coordinator], Audience: "Alle", ReviewBy: d.due(11)}
	if err := each(d, ctx, "document.create", "document.create", []*document.Document{&book}, document.Add); err != nil {
		return err
	}
	return each(d, ctx, "rule.create", "rule.create", content.Handbook(), func(w *store.Write, r content.Rule) error {
		rec := rule.Rule{Head: head(), Number: r.No, Title: r.Title, Chapter: r.Chapter, Text: r.Text,
			Themes: themed.Of(r.Themes...), Owner: d.ownerOf(r.Themes), Document: book.ID}
		err := rule.Rules.Add(w, &rec)
		d.rules[r.No] = rec.ID
		return err
	})
}

// due is so many months after today.
func (d *seeder) due(months int) field.Date {
	return field.Date(d.today.AddDate(0, months, 0).Format(time.DateOnly))
}

// documents are guidelines, procedures and instructions, with a version each. A
// wart: some guidelines came late, and wait for the committee still.
func (d *seeder) documents() error { return d.write(false) }

// drafts are the guidelines that came late.
func (d *seeder) drafts() error { return d.write(true) }

func (d *seeder) write(late bool) error {
	ctx := d.as(d.coord)
	prefix := map[string]string{"guideline": "RL", "procedure": "FG", "instruction": "IN"}
	n := map[string]int{}
	for i, c := range content.Documents() {
		n[c.Level]++
		if waits := c.Level == "guideline" && i%7 == 3; waits != late {
			continue
		}
		var e document.Edition
		err := d.s.Change(ctx, store.Intent{Verb: "document.create", Need: "document.create"}, func(w *store.Write) error {
			rec := document.Document{Head: head(), Number: fmt.Sprintf("%s-%02d", prefix[c.Level], n[c.Level]), Title: c.Title, Level: document.Level(c.Level),
				Owner: d.title[c.Owner], Audience: c.Audience, ReviewBy: d.due(1 + i%c.ReviewMonths), Themes: themed.Of(c.Themes...)}
			if i%11 == 10 { // a wart: forgotten, and nobody noticed
				rec.ReviewBy = d.due(-2)
			}
			if err := document.Add(w, &rec); err != nil {
				return err
			}
			e = document.Edition{Unit: people.Top, Document: rec.ID, Label: "1.0", Dated: field.Date(d.day()), State: document.Draft, Author: d.coord, Body: c.Body}
			if err := document.Write(w.As("edition.create"), &e); err != nil {
				return err
			}
			if c.Level != "guideline" || late {
				return nil
			}
			return document.Approve(w.As("approval.create"), &document.Approval{Head: head(), Edition: e.ID, Body: d.body["committee"], Decided: field.Date(d.day()),
				Way: document.Minutes, Meeting: "Ordinært møde, punkt 4", CaseNumber: fmt.Sprintf("2024-%05d", 1100+i)})
		})
		if err != nil {
			return err
		}
		if late {
			if err := document.Submit(ctx, d.s, e.ID); err != nil {
				return err
			}
			continue
		}
		if err := document.Decide(d.ctx, d.s, e.ID); err != nil {
			return err
		}
		if err := document.PutInForce(d.ctx, d.s, e.ID, field.Date(d.day())); err != nil {
			return err
		}
	}
	return nil
}

// controls carry rules out: one for most rules, at intervals that differ.
func (d *seeder) controls() error {
	every := []control.Interval{"quarter", "half", "year", "month"}
	return each(d, d.as(d.coord), "control.create", "control.create", content.Handbook(), func(w *store.Write, r content.Rule) error {
		i := len(d.done)
		if i%8 == 7 {
			d.done = append(d.done, control.Control{})
			return nil // a wart: nobody made a control of this rule
		}
		rec := control.Control{Head: record.Head{Unit: d.home(r.Themes)}, Number: "K-" + strings.TrimPrefix(r.No, "R-"), Title: "Følges reglen? " + r.Title,
			Rule: d.rules[r.No], Owner: d.ownerOf(r.Themes), Every: every[i%len(every)], Themes: themed.Of(r.Themes...)}
		err := control.Controls.Add(w, &rec)
		d.done = append(d.done, rec)
		return err
	})
}

// chores are what every level-2 manager sees to in the own area.
var chores = []struct {
	code, title, rule string
	every             control.Interval
	themes            themed.Themes
}{
	{"E", "Ejerskab bekræftet", "R-31", "half", "ownership manager-control"},
	{"L", "Stikprøve i loggen", "R-48", "half", "misuse-detection attribution"},
	{"A", "Adgange gennemgået", "R-41", "half", "access-control"},
	{"N", "Nødplan prøvet", "R-66", "year", "continuity"},
	{"U", "Nye medarbejdere har fået introduktion", "R-24", "quarter", "awareness known-rules"},
}

// areas gives each level-2 manager the controls of the own area.
func (d *seeder) areas() error {
	var all []control.Control
	for i, p := range d.town.Positions {
		if p.Level != 2 {
			continue
		}
		for _, c := range chores {
			all = append(all, control.Control{Head: record.Head{Unit: d.unit[p.Unit]}, Number: fmt.Sprintf("K-%s%03d", c.code, i),
				Title: c.title + " i " + d.names[p.Unit], Rule: d.rules[c.rule], Owner: d.pos[p.Key], Every: c.every, Themes: c.themes})
		}
	}
	return each(d, d.as(d.coord), "control.create", "control.create", all, func(w *store.Write, c control.Control) error {
		err := control.Controls.Add(w, &c)
		d.done = append(d.done, c)
		return err
	})
}

// home is the unit of the position that carries a control out.
func (d *seeder) home(themes []string) string {
	owner := d.ownerOf(themes)
	for key, id := range d.pos {
		if id == owner {
			return d.homes[key]
		}
	}
	return people.Top
}
