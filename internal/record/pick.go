package record

import (
	"cmp"
	"slices"
	"strings"

	"vaern/internal/field"
	"vaern/internal/store"
)

// Pick returns at most limit records of a kind whose title has every word, in
// the order of their titles: what a field that points at one offers.
func Pick(q *store.Read, kind, words string, limit int) (out []Called, err error) {
	where, args := Matching("search", words)
	args["kind"], args["n"] = kind, limit
	err = q.Rows(`SELECT kind, id, title FROM record_title WHERE kind = :kind AND :scope AND `+where+` ORDER BY title, id LIMIT :n`, args,
		func(scan store.Scan) error {
			var c Called
			err := scan(&c.Kind, &c.ID, &c.Title)
			out = append(out, c)
			return err
		})
	if through := declarationOf(kind).through; err == nil && len(out) == 0 && through.Query != "" {
		return pickThrough(q, through.Query, kind, words, limit)
	}
	return out, err
}

// Apart is what tells records of one title apart: the number by which people
// know each, "" where the kind has none, its unit, and what else its kind says,
// as the position of a person.
type Apart struct{ ID, Key, Unit, Beside string }

// TellApart finds what tells some records of a kind apart, in the order of their
// numbers.
func TellApart(q *store.Read, kind string, ids []string) (out []Apart, err error) {
	d := declarationOf(kind)
	key, beside := `''`, `''`
	if d.key != "" && q.Keeps(kind, d.key) {
		key = `r.` + d.key
	}
	if d.beside != "" {
		beside = `coalesce((` + d.beside + `), '')`
	}
	in, args := listed(ids)
	err = q.Rows(`SELECT r.id, `+key+` AS known, coalesce(u.title, ''), `+beside+` FROM `+kind+` r JOIN record_title t ON t.id = r.id
		LEFT JOIN record_title u ON u.id = t.unit AND u.kind = 'unit' WHERE r.id `+in+` ORDER BY known, r.id`, args, func(scan store.Scan) error {
		var a Apart
		err := scan(&a.ID, &a.Key, &a.Unit, &a.Beside)
		out = append(out, a)
		return err
	})
	return out, err
}

// String is what one writes to mean the record, and where it is.
func (a Apart) String() string {
	number := a.Key
	if number == "" {
		number = a.ID
	}
	if place := a.Place(); place != "" {
		return number + " (" + place + ")"
	}
	return number
}

// Place is where the record is, and as what.
func (a Apart) Place() string {
	if a.Beside == "" || a.Unit == "" {
		return a.Beside + a.Unit
	}
	return a.Beside + ", " + a.Unit
}

// Found is a record that typed words may mean.
type Found struct {
	Called
	Write string // what to write to mean it: its title, with its number or unit in brackets where several are called so
	Place string // where it is, and as what
	mark  string // what tells it from others of its title
	known string // its number, "" where the kind has none
}

// Label tells it from the others to choose from. Many a title has its place in it.
func (f Found) Label() string {
	if strings.Contains(f.Write, f.Place) {
		return f.Write
	}
	return f.Write + " · " + f.Place
}

// mostMeant is how many records typed words are held against.
const mostMeant = 20

// Offer finds at most limit records of a kind that words may mean: the one whose
// number they are, those with the words in their title, and those whose number
// begins so.
func Offer(q *store.Read, kind, words string, limit int) ([]Found, error) {
	titled, err := Pick(q, kind, words, limit)
	if err != nil {
		return nil, err
	}
	is, begins, err := numbered(q, kind, words, limit)
	if err != nil {
		return nil, err
	}
	var some []Called
	for _, c := range slices.Concat(is, titled, begins) {
		if len(some) < limit && !slices.ContainsFunc(some, func(had Called) bool { return had.ID == c.ID }) {
			some = append(some, c)
		}
	}
	out, err := toldApart(q, kind, some)
	for i, f := range out { // a browser offers nothing in which it does not see what was typed
		if f.known != "" && strings.HasPrefix(field.Fold(f.known), field.Fold(words)) && !strings.Contains(f.Write, f.known) {
			out[i].Place = strings.TrimSuffix(f.known+", "+f.Place, ", ")
		}
	}
	return out, err
}

// Means finds what typed words mean: one record when they are its title, its
// number, its title with what tells it from others in brackets, or a part that
// no other title has; else all that they fit, mostMeant at most.
func Means(q *store.Read, kind, text string) ([]Found, error) {
	some, err := titled(q, kind, text)
	if err == nil && len(some) == 0 {
		some, err = meant(q, kind, text)
	}
	if err != nil {
		return nil, err
	}
	title, mark, ok := strings.Cut(strings.TrimSuffix(text, ")"), " (")
	if ok && len(some) == 0 {
		return marked(q, kind, title, mark)
	}
	return toldApart(q, kind, some)
}

// meant are the records that words mean which are no title as it stands.
func meant(q *store.Read, kind, text string) ([]Called, error) {
	some, err := Pick(q, kind, text, mostMeant)
	if err != nil {
		return nil, err
	}
	var same []Called
	for _, c := range some { // it matters not which letters are capital
		if field.Fold(c.Title) == field.Fold(text) || field.Fold(c.By) == field.Fold(text) {
			same = append(same, c)
		}
	}
	if len(same) > 0 {
		return same, nil
	}
	is, begins, err := numbered(q, kind, text, mostMeant)
	switch {
	case len(is) > 0:
		return is, err
	case len(some) > 0:
		return some, err
	}
	return begins, err
}

// Written is what to write to mean a record of a kind: what a field that points
// at it shows. One out of reach has its title.
func Written(q *store.Read, kind, id string) (string, error) {
	titles, err := Titles(q, slices.Values([]string{id}))
	if err != nil || titles[id].Title == "" {
		return "", err
	}
	some, err := titled(q, kind, titles[id].Title)
	if err != nil || len(some) < 2 {
		return titles[id].Title, err
	}
	all, err := toldApart(q, kind, some)
	for _, f := range all {
		if f.ID == id {
			return f.Write, err
		}
	}
	return titles[id].Title, err
}

// marked finds the record of a title that its number or unit tells from others.
func marked(q *store.Read, kind, title, mark string) ([]Found, error) {
	some, err := titled(q, kind, title)
	if err != nil {
		return nil, err
	}
	all, err := toldApart(q, kind, some)
	return slices.DeleteFunc(all, func(f Found) bool { return !strings.EqualFold(f.mark, mark) }), err
}

// titled are the records of a kind that the view reaches with a title.
func titled(q *store.Read, kind, title string) (out []Called, err error) {
	err = q.Rows(`SELECT id FROM record_title WHERE kind = :kind AND :scope AND title = :title ORDER BY id LIMIT 1000`, store.Args{"kind": kind, "title": title},
		func(scan store.Scan) error {
			c := Called{Title: title}
			c.Kind = kind
			err := scan(&c.ID)
			out = append(out, c)
			return err
		})
	return out, err
}

// toldApart adds what tells records from each other, in their order.
func toldApart(q *store.Read, kind string, some []Called) ([]Found, error) {
	if len(some) == 0 {
		return nil, nil
	}
	ids, called := make([]string, len(some)), map[string]int{}
	for i, c := range some {
		ids[i] = c.ID
		called[c.Title]++
	}
	all, err := TellApart(q, kind, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Found, len(some))
	for i, c := range some {
		out[i] = Found{Called: c, Write: c.Title}
		if at := slices.IndexFunc(all, func(a Apart) bool { return a.ID == c.ID }); at >= 0 {
			all[at].Beside = cmp.Or(c.By, all[at].Beside)
			out[i].Place, out[i].mark = all[at].Place(), cmp.Or(all[at].Key, all[at].Unit)
			out[i].known = all[at].Key
		}
		if called[c.Title] > 1 && out[i].mark != "" {
			out[i].Write += " (" + out[i].mark + ")"
		}
	}
	return out, nil
}
