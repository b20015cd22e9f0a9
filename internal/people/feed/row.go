package feed

import (
	"strings"

	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/store"
)

// survey reads the file once before anything is done: who is in it, until
// when, and whether so many leave that it may not be meant.
func (c *crew) survey() error {
	for n, row := range c.Table.Rows {
		number := c.get(row, number)
		if number == "" {
			continue
		}
		until, ok := date(c.get(row, until))
		is, known := c.all[c.hash(number)]
		switch last := is.ends(); {
		case !known:
			is = one{row: n, name: c.hash(c.nameIn(row))}
			is.end(until)
		case last != "" && (until == "" || until > last):
			is.end(until)
		}
		if !ok {
			is.end("")
		}
		c.all[c.hash(number)] = is
		at := seatOf(c.units[strings.ToLower(c.get(row, unit))].id, c.get(row, title))
		if key := c.employment(number, at); c.rows[key] == 0 {
			c.rows[key] = n
		}
	}
	if len(c.all) == 0 {
		return problem.Field("file", "Der står ingen personer i filen.", "There are no people in the file.")
	}
	leaving, of := 0, 0
	err := c.s.View(c.ctx, Need, func(q *store.Read) error {
		return q.Rows(`SELECT number, fed FROM person WHERE ends IS NULL OR ends >= :day`, store.Args{"day": c.Day}, func(scan store.Scan) error {
			var number string
			var fed bool
			err := scan(&number, &fed)
			is, named := c.all[c.hash(number)]
			of++
			if last := is.ends(); !named && fed && c.Full || last != "" && last < c.Day {
				leaving++
			}
			return err
		})
	})
	r := c.report
	if r.Changes != nil {
		return err // it was said before it was cut off
	}
	r.Leaving, r.Of = leaving, of
	r.Held = r.Leaving > 1 && r.Leaving*100 > r.Of*Usual && strings.TrimSpace(c.Reason) == ""
	return err
}

// nameIn is what a row calls the person, the given name first.
func (l *layout) nameIn(row []string) string {
	whole := l.get(row, name)
	if whole == "" {
		return strings.TrimSpace(l.get(row, first) + " " + l.get(row, last))
	}
	if family, given, ok := strings.Cut(whole, ","); ok {
		return strings.TrimSpace(given) + " " + strings.TrimSpace(family)
	}
	return whole
}

// read reads a row, and says what is wrong with it by itself.
func (c *crew) read(n int, row []string) (j job, wrong i18n.Text) {
	j = job{row: n, number: c.get(row, number), name: c.nameIn(row), mail: strings.ToLower(c.get(row, mail)), unit: c.get(row, unit), title: c.get(row, title), who: c.get(row, sponsor)}
	switch {
	case j.number == "":
		return j, i18n.Text{"Der mangler et medarbejdernummer.", "The staff number is missing."}
	case strings.Contains(j.number, "E+"):
		return j, i18n.Text{"Regnearket har lavet nummeret om til »%s«. Gør kolonnen til tekst, og eksportér igen.", "The spreadsheet turned the number into “%s”. Make the column text and export again."}.With(j.number)
	case j.name == "":
		return j, i18n.Text{"Der mangler et navn.", "The name is missing."}
	case j.mail != "" && !people.IsMail(j.mail):
		return j, i18n.Text{"»%s« er ikke en mailadresse.", "“%s” is not a mail address."}.With(j.mail)
	}
	for _, d := range []struct {
		column
		to *string
	}{{from, &j.from}, {until, &j.until}} {
		var ok bool
		if *d.to, ok = date(c.get(row, d.column)); !ok {
			return j, noDate.With(c.get(row, d.column))
		}
	}
	if j.until != "" && j.until < j.from {
		return j, i18n.Text{"Sidste dag ligger før den første.", "The last day is before the first."}
	}
	if word := c.get(row, category); word != "" {
		var ok bool
		if j.category, ok = relation(word); !ok {
			return j, i18n.Text{"Tilknytningen »%s« er ukendt. Brug et af Værns ord, for eksempel Medarbejder, Vikar eller Konsulent.", "The relation “%s” is unknown. Use one of Værn's words, for example Employee, Substitute or Consultant."}.With(word)
		}
	}
	return j, c.place(&j)
}

var (
	noUnit = i18n.Text{"Enheden »%s« findes ikke. Læs enhederne ind først, eller ret nummeret.", "The unit “%s” does not exist. Take the units in first, or correct the number."}
	noDate = i18n.Text{"»%s« er ikke en dato. Skriv for eksempel 31-12-2026.", "“%s” is no date. Write for example 2026-12-31."}
)

// place finds the unit of a row, and holds the row against the others.
func (c *crew) place(j *job) (wrong i18n.Text) {
	u, known := c.units[strings.ToLower(j.unit)]
	gone := j.until != "" && j.until < c.Day
	switch {
	case j.unit == "" && c.at[unit] >= 0 && !gone:
		return i18n.Text{"Der mangler en enhed.", "The unit is missing."}
	case j.unit != "" && !known && !gone:
		return noUnit.With(j.unit)
	case u.closes != "" && u.closes < c.Day && !gone:
		return i18n.Text{"Enheden »%s« blev nedlagt %s.", "The unit “%s” closed on %s."}.With(j.unit, u.closes)
	}
	j.unitID = u.id
	if is := c.about(j.number); is.name != c.hash(j.name) {
		return i18n.Text{"Række %d har det samme nummer og et andet navn.", "Row %d has the same number and another name."}.With(is.row)
	}
	if row := c.rows[c.employment(j.number, seatOf(j.unitID, j.title))]; row != j.row {
		return i18n.Text{"Den samme ansættelse står allerede i række %d.", "Row %d already has the same employment."}.With(row)
	}
	return wrong
}
