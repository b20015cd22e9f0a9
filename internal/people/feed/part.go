package feed

import (
	"fmt"
	"maps"
	"slices"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
)

// part is so many rows of the file as one change takes.
type part struct {
	*crew
	until Done // when it is taken in
	jobs  []job
	lines []Line
	w     *store.Write
	known map[string]*people.Person // by number
	mails map[string]string         // mail → the number of who has it
	made  []seat                    // positions that this part makes
	did   bool
}

var asBefore = i18n.Text{"Som før.", "As before."}

// run takes the part in, in one change.
func (p *part) run() error {
	if len(p.jobs) == 0 {
		return nil
	}
	err := p.change("person.feed", p.until, func(w *store.Write) ([]Line, bool, error) {
		p.w, p.lines, p.did = w, make([]Line, len(p.jobs)), false
		for i, j := range p.jobs {
			p.lines[i] = Line{Row: j.row, Key: j.number, Name: j.name, Did: Unchanged, Text: asBefore}
		}
		for _, step := range []func() error{p.find, p.makePositions, p.savePeople, p.saveHoldings} {
			if err := step(); err != nil {
				return nil, false, err
			}
		}
		return p.lines, p.did, nil
	})
	if err != nil {
		return err
	}
	if p.Try { // they were taken back
		for _, at := range p.made {
			delete(p.seats, p.positions[at])
			delete(p.positions, at)
		}
	}
	for _, j := range p.jobs {
		p.took(j.number)
	}
	return nil
}

// find loads the people that the rows are about, and who has their mail addresses.
func (p *part) find() error {
	numbers, mails := map[string]bool{}, map[string]bool{}
	for _, j := range p.jobs {
		numbers[j.number] = true
		mails[j.mail] = j.mail != ""
	}
	q, err := p.w.With("person.edit")
	if err != nil {
		return err
	}
	if p.known, err = people.Persons.ByKeys(q, slices.Sorted(maps.Keys(numbers))); err != nil {
		return err
	}
	p.mails, err = people.WhoseMail(q, slices.Sorted(maps.Keys(mails)))
	return err
}

// makePositions makes the positions that rows name and that are not there yet.
func (p *part) makePositions() error {
	p.made = p.made[:0]
	var saves []record.Save[people.Position]
	var at []seat
	for _, j := range p.jobs {
		s := seatOf(j.unitID, j.title)
		if j.unitID == "" || j.title == "" || p.positions[s] != "" || slices.Contains(at, s) || j.until != "" && j.until < p.Day {
			continue
		}
		saves = append(saves, record.Save[people.Position]{New: &people.Position{Head: record.Head{Unit: j.unitID}, Title: j.title}})
		at = append(at, s)
	}
	if len(saves) > 0 {
		wrong, err := people.Positions.SaveMany(p.w, p.report.Batch, saves)
		if err != nil {
			return err
		}
		for i, s := range saves {
			if wrong == nil || wrong[i] == nil {
				p.positions[at[i]], p.seats[s.New.ID] = s.New.ID, at[i]
				p.made, p.did = append(p.made, at[i]), true
			}
		}
	}
	for i := range p.jobs {
		j := &p.jobs[i]
		j.position = p.positions[seatOf(j.unitID, j.title)]
	}
	return nil
}

// savePeople saves each person whom the rows make different. Where several rows
// are about one, the first that counts today says where the person belongs.
func (p *part) savePeople() error {
	var saves []record.Save[people.Person]
	var rows []int
	for _, i := range p.first() {
		j := &p.jobs[i]
		old := p.known[j.number]
		if why := p.stays(old, j); why != (i18n.Text{}) {
			p.mark(j.number, Waits, why)
			continue
		}
		if owner := p.mails[j.mail]; owner != "" && owner != j.number {
			p.mark(j.number, Wrong, i18n.Text{"Mailadressen hører til nummer %s.", "The mail address belongs to number %s."}.With(owner))
			continue
		}
		if old != nil && another(old, j) {
			p.mark(j.number, Wrong, i18n.Text{"I Værn har %s det nummer. Ret nummeret eller navnet det ene sted.", "In Værn %s has that number. Correct the number or the name in one of the places."}.With(old.Name))
			continue
		}
		is, err := p.person(old, j)
		if err != nil {
			return err
		}
		if old != nil && is.Ends != "" && is.Ends < is.FedEnds || is.FedEnds == "" && is.Ends != "" && string(is.Ends) < p.Day {
			p.lines[i].Text = i18n.Text{"Adgangen er sluttet i Værn, selv om filen siger andet.", "Access was ended in Værn, though the file says otherwise."}
		}
		if old == nil || *is != *old {
			saves, rows = append(saves, record.Save[people.Person]{Old: old, New: is}), append(rows, i)
		}
		if j.mail != "" {
			p.mails[j.mail] = j.number
		}
	}
	if len(saves) == 0 {
		return nil
	}
	wrong, err := people.Persons.SaveMany(p.w, p.report.Batch, saves)
	if err != nil {
		return err
	}
	for n, s := range saves {
		i := rows[n]
		if wrong != nil && wrong[n] != nil {
			p.mark(p.jobs[i].number, Wrong, plainly(wrong[n]))
			continue
		}
		p.did = true
		p.lines[i].Did, p.lines[i].Text = told(s.Old, s.New)
		p.known[p.jobs[i].number] = s.New
	}
	return nil
}

// first is, of each person, the row that says where the person belongs.
func (p *part) first() (rows []int) {
	at := map[string]int{}
	for i, j := range p.jobs {
		n, met := at[j.number]
		if !met {
			if p.about(j.number).taken {
				continue // by an earlier part
			}
			at[j.number] = len(rows)
			rows = append(rows, i)
		} else if !p.jobs[rows[n]].counts(p.Day) && j.counts(p.Day) {
			rows[n] = i
		}
	}
	return rows
}

// stays says why a row makes nobody: the person has left already, or has
// nothing that says when access begins.
func (p *part) stays(old *people.Person, j *job) i18n.Text {
	switch last := p.about(j.number).ends(); {
	case old != nil:
		return i18n.Text{}
	case last != "" && last < p.Day:
		return i18n.Text{"Er fratrådt og fandtes ikke her.", "Has left and was not here."}
	case j.from > p.Day && (j.unitID == "" || j.title == ""):
		return i18n.Text{"Begynder %s. Kommer med, når filen læses den dag.", "Begins on %s. Joins when the file is read that day."}.Naming(dayText(j.from))
	}
	return i18n.Text{}
}

// another reports whether a row seems to be about somebody else than the person
// whom people entered with its number: an account must not change hands.
func another(old *people.Person, j *job) bool {
	return !old.Fed && field.Fold(old.Name) != field.Fold(j.name) && (old.Mail == "" || old.Mail != j.mail)
}

// told is what happened to a person.
func told(old, is *people.Person) (Did, i18n.Text) {
	switch {
	case old == nil:
		return Joined, i18n.Text{"Ny.", "New."}
	case is.Ends != "" && is.Ends != old.Ends && (old.Ends == "" || is.Ends < old.Ends):
		return Left, accessEnds(is.Ends)
	case old.Ends != "" && is.Ends == "":
		return Joined, i18n.Text{"Kommet igen.", "Came back."}
	case is.Unit != old.Unit:
		return Moved, i18n.Text{"Har fået en anden enhed.", "Has another unit."}
	}
	return Changed, i18n.Text{"Oplysninger er ændret.", "Details changed."}
}

// mark says the same of every row about a person.
func (p *part) mark(number string, did Did, text i18n.Text) {
	for i := range p.jobs {
		if p.jobs[i].number == number {
			p.lines[i].Did, p.lines[i].Text = did, text
		}
	}
}

// person is what a row makes of somebody.
func (p *part) person(old *people.Person, j *job) (*people.Person, error) {
	is := &people.Person{Head: record.Head{Unit: people.Top}, Number: j.number, Category: "employee"}
	if old != nil {
		*is = *old
	}
	is.Name, is.Fed = j.name, true
	if p.at[mail] >= 0 {
		is.Mail = j.mail
	}
	if j.category != "" {
		is.Category = j.category
	}
	if j.unitID != "" && (old == nil || j.counts(p.Day)) {
		is.Unit = j.unitID
	}
	// What the file says anew about the end counts. What it said before yields to
	// what people did since: whose access was ended by hand stays out.
	said := field.Date(p.about(j.number).ends())
	if p.at[until] < 0 && is.Category.External() {
		said = is.Ends
	}
	if old == nil || !old.Fed || old.FedEnds != said {
		is.Ends = said
	}
	is.FedEnds = said
	if is.Category.External() && (is.Sponsor == "" || j.who != "") {
		sponsor, err := p.answering(is.Unit, j.who)
		if err != nil {
			return nil, err
		}
		is.Sponsor = sponsor
	}
	return is, nil
}

// answering is the position that answers for an external: that of the person
// whom the row names, or else what leads the unit.
func (p *part) answering(unit, number string) (position string, err error) {
	if number != "" {
		if position, err = people.HeldBy(&p.w.Read, number); position != "" || err != nil {
			return position, err
		}
	}
	position, known := p.leading[unit]
	if !known {
		if position, err = people.Leading(&p.w.Read, unit, ""); err == nil {
			p.leading[unit] = position
		}
	}
	return position, err
}

// plainly is a problem as one sentence.
func plainly(err error) i18n.Text {
	p := problem.As(err)
	if p == nil {
		return i18n.Same(fmt.Sprint(err))
	}
	for _, name := range slices.Sorted(maps.Keys(p.Fields)) {
		return p.Fields[name]
	}
	return p.Text
}
