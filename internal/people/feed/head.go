package feed

import (
	"strings"
	"unicode"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/intake"
	"vaern/internal/people"
	"vaern/internal/problem"
)

// column is what a column of a file holds.
type column int

const (
	number column = iota
	name
	first
	last
	mail
	unit
	title
	category
	from
	until
	sponsor
	above
	kind
	key // a number of whatever the file is about
	columns
)

// headings are what personnel systems and people call the columns, in the form
// of plain.
var headings = map[column][]string{
	number:   {"medarbejdernr", "medarbejdernummer", "medarbejderid", "ansættelsesnr", "ansættelsesnummer", "tjenestenr", "tjenestenummer", "lønnr", "lønnummer", "staffno", "staffnumber", "employeeno", "employeeid", "employeenumber"},
	name:     {"navn", "fuldenavn", "medarbejdernavn", "medarbejder", "name", "fullname", "enhedsnavn", "enhedensnavn", "unitname", "afdelingsnavn"},
	first:    {"fornavn", "fornavne", "firstname", "givenname"},
	last:     {"efternavn", "efternavne", "lastname", "surname", "familyname"},
	mail:     {"mail", "email", "emailadresse", "mailadresse", "arbejdsmail", "epost", "mailaddress", "emailaddress"},
	unit:     {"enhedsnr", "enhedsnummer", "enhed", "afdelingsnr", "afdelingsnummer", "afdeling", "orgnr", "orgenhed", "organisationsenhed", "organisationsnr", "unit", "unitno", "unitnumber", "department", "departmentno"},
	title:    {"stilling", "stillingsbetegnelse", "jobtitel", "titel", "position", "jobtitle", "title"},
	category: {"tilknytning", "kategori", "medarbejdertype", "ansættelsestype", "ansættelsesform", "relation", "category", "employeetype"},
	from:     {"ansatfra", "ansættelsesdato", "ansat", "startdato", "tiltrådt", "tiltrædelsesdato", "fra", "fraogmed", "from", "start", "startdate", "hired", "hiredate"},
	until:    {"fratrådt", "nedlægges", "nedlagt", "closes", "fratrædelsesdato", "fratrædelse", "ansattil", "slutdato", "sidstedag", "til", "tilogmed", "ophør", "adgangslutter", "until", "end", "enddate", "lastday", "left"},
	sponsor:  {"ansvarligleder", "ansvarlig", "sponsor", "ledersmedarbejdernr", "leder", "nærmesteleder", "manager"},
	above:    {"overordnetenhed", "overordnetenhedsnr", "overordnet", "overenhed", "moderenhed", "hørerunder", "parent", "parentunit", "parentno", "above"},
	key:      {"nr", "nummer", "no", "number"},
	kind:     {"art", "enhedstype", "type", "niveau", "kind", "unittype"},
}

// plain is a heading without what people write in different ways.
func plain(heading string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, field.Composed(heading))
}

// layout says in which column of a file each thing stands; -1 is nowhere.
type layout struct {
	at      [columns]int
	unknown []string // headings that say nothing to us
	secret  []string // what is not read at all
}

// understand reads the headings.
func understand(head []string) (l layout) {
	for c := range l.at {
		l.at[c] = -1
	}
	for i, heading := range head {
		word := plain(heading)
		switch {
		case word == "":
		case heading == Faults[i18n.Da] || heading == Faults[i18n.En]: // corrected rows come back with what was wrong with them
		case intake.Secret(heading):
			l.secret = append(l.secret, heading)
		case !l.place(word, i):
			l.unknown = append(l.unknown, heading)
		}
	}
	return l
}

// Faults heads the last column of rows to correct.
var Faults = i18n.Text{"Hvad er galt", "What is wrong"}

// forPeople reads the headings as those of people, and refuses a file without
// the columns that must be there.
func (l *layout) forPeople(head []string) error {
	if l.at[number] < 0 {
		l.at[number] = l.at[key]
	}
	if l.at[last] >= 0 {
		return l.needs(head, number)
	}
	return l.needs(head, number, name)
}

// forUnits reads them as those of units.
func (l *layout) forUnits(head []string) error {
	if l.at[number] = l.at[key]; l.at[key] < 0 {
		l.at[number] = l.at[unit]
	} else if l.at[above] < 0 {
		l.at[above] = l.at[unit]
	}
	return l.needs(head, number, name)
}

// needs refuses a file without columns that must be there.
func (l *layout) needs(head []string, asks ...column) error {
	for _, c := range asks {
		if l.at[c] < 0 {
			return problem.Check(problem.Fields{"file": lacking.Naming(called[c]).And(
				i18n.Text{" Overskriften kan for eksempel være »%s«. Fandt: %s.", " Its heading may for example be “%s”. Found: %s."}.With(headings[c][0], strings.Join(head, ", ")))})
		}
	}
	return nil
}

var lacking = i18n.Text{"Filen mangler en kolonne med %s.", "The file lacks a column with %s."}

func (l *layout) place(word string, i int) bool {
	for c, words := range headings {
		for _, w := range words {
			if w == word && l.at[c] < 0 {
				l.at[c] = i
				return true
			}
		}
	}
	return false
}

var called = map[column]i18n.Text{
	number: {"medarbejdernummer", "staff number"}, name: {"navn", "name"}, unit: {"enhedsnummer", "unit number"},
}

func (l *layout) get(row []string, c column) string {
	if i := l.at[c]; i >= 0 && i < len(row) {
		return strings.Join(strings.Fields(field.Composed(row[i])), " ")
	}
	return ""
}

// date reads a date; one beyond every working life means that there is none.
func date(text string) (day string, ok bool) {
	if text == "-" || text == "0" {
		return "", true
	}
	if day, ok = field.ReadCell(text); day >= "2200" {
		return "", ok
	}
	return day, ok
}

// relation reads a category by its name in either language, its code, or what
// personnel systems call it.
func relation(text string) (people.Category, bool) {
	text = strings.ToLower(text)
	for _, c := range people.Category("").Choices() {
		for _, word := range c {
			if strings.ToLower(word) == text {
				return people.Category(c[0]), true
			}
		}
	}
	c, ok := people.Category("").Spoken()[text]
	return people.Category(c), ok
}
