package org

import (
	"bytes"
	"embed"
	"html/template"
	"slices"

	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/store"
	"vaern/internal/web"
)

//go:embed pages/*.html
var files embed.FS

var panel = web.NewPart[panelView](web.Folder(files), "_people")

// panelView is a short list on a record's page: who is where, and since when.
type panelView struct {
	Title i18n.Text
	Empty i18n.Text
	Lines []panelLine
	Ahead bool   // they begin on the day that they say
	More  string // address of the whole list
}

type panelLine struct {
	Path, Title string
	Under       string // the second line
	N           int64  // how many it speaks of, and names one
	Since       string
	Until       string
	Chair       bool
}

const most = 30 // lines on a page; the rest is one click away

// Others are how many more than the one that the second line names.
func (l panelLine) Others() int64 { return max(l.N-1, 0) }

// lines reads rows of path, title, second line, how many, since, until, chair.
func lines(q *store.Read, query string, args store.Args) (out []panelLine, err error) {
	args["most"] = most
	err = q.Rows(query+` LIMIT :most`, args, func(scan store.Scan) error {
		var l panelLine
		err := scan(&l.Path, &l.Title, &l.Under, &l.N, &l.Since, &l.Until, &l.Chair)
		out = append(out, l)
		return err
	})
	return out, err
}

func render(l i18n.Lang, v panelView) (template.HTML, error) {
	var b bytes.Buffer
	err := panel.Write(&b, l, v)
	return template.HTML(b.String()), err
}

// holder names one who holds a position p today, and says how many do.
const (
	holds  = `FROM holding h JOIN person n ON n.id = h.person WHERE h.position = p.id AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today)`
	holder = `coalesce((SELECT min(n.name) ` + holds + `), ''), (SELECT count(*) ` + holds + `)`
)

// below shows what is planned for a unit where anything is, the units right under
// it, and its positions.
func below(q *store.Read, l i18n.Lang, u people.Unit) (template.HTML, error) {
	args := store.Args{"id": u.ID}
	found, err := lines(q, `
		SELECT path, title, '', 0, since, '', 0 FROM (
			SELECT 0 AS part, '/unit_change/' || id AS path, title, effective AS since, effective AS place, id FROM unit_change
			WHERE (subject = :id OR target = :id) AND state = 'planned'
			UNION ALL SELECT 1, '/unit/' || id, name, '', name_sort, id FROM unit WHERE unit = :id AND id <> :id) AS found
		ORDER BY part, place, id`, args)
	if err != nil {
		return "", err
	}
	planned := slices.IndexFunc(found, func(l panelLine) bool { return l.Since == "" })
	if planned < 0 {
		planned = len(found)
	}
	positions, err := lines(q, `
		SELECT '/position/' || p.id, p.title,
			`+holder+`, '', '', 0
		FROM position p WHERE p.unit = :id ORDER BY p.level = 0, p.level, p.title_sort, p.id`, args)
	if err != nil {
		return "", err
	}
	parts := []panelView{
		{Title: i18n.Text{"Det er planlagt", "What is planned"}, Lines: found[:planned], Ahead: true},
		{Title: i18n.Text{"Enheder herunder", "Units below"}, Empty: i18n.Text{"Ingen enheder ligger under denne.", "No units are below this one."}, Lines: found[planned:]},
		{Title: people.Positions.Many, Empty: i18n.Text{"Her er ingen stillinger endnu.", "No positions here yet."}, Lines: positions, More: "/position?unit=" + u.ID},
	}
	if planned == 0 {
		parts = parts[1:]
	}
	var all template.HTML
	for _, part := range parts {
		html, err := render(l, part)
		if err != nil {
			return "", err
		}
		all += html
	}
	return all, nil
}

// holders shows who holds a position, now and before.
func holders(q *store.Read, l i18n.Lang, p people.Position) (template.HTML, error) {
	found, err := lines(q, `
		SELECT '/person/' || n.id, n.name, '', 0, h.starts, coalesce(h.ends, ''), 0
		FROM holding h JOIN person n ON n.id = h.person
		WHERE h.position = :id ORDER BY h.ends IS NOT NULL, h.ends DESC, h.starts DESC, n.id`, store.Args{"id": p.ID})
	if err != nil {
		return "", err
	}
	return render(l, panelView{Title: i18n.Text{"Hvem har stillingen", "Who holds the position"},
		Empty: i18n.Text{"Ingen har stillingen. Det, den ejer, er uden ejer, til nogen får den.", "Nobody holds the position. What it owns is without owner until somebody does."},
		Lines: found, More: "/holding?position=" + p.ID})
}

// seats shows a person's positions.
func seats(q *store.Read, l i18n.Lang, p people.Person) (template.HTML, error) {
	found, err := lines(q, `
		SELECT '/position/' || o.id, o.title, u.name, 0, h.starts, coalesce(h.ends, ''), 0
		FROM holding h JOIN position o ON o.id = h.position JOIN unit u ON u.id = o.unit
		WHERE h.person = :id ORDER BY h.ends IS NOT NULL, h.ends DESC, h.starts DESC, o.id`, store.Args{"id": p.ID})
	if err != nil {
		return "", err
	}
	return render(l, panelView{Title: people.Positions.Many, Empty: i18n.Text{"Personen har ingen stilling.", "The person holds no position."},
		Lines: found, More: "/holding?person=" + p.ID})
}

// members shows a body's seats and who sits there today, by office.
func members(q *store.Read, l i18n.Lang, b people.Body) (template.HTML, error) {
	found, err := lines(q, `
		SELECT '/position/' || p.id, p.title,
			`+holder+`, '', '', o.chair
		FROM office o JOIN position p ON p.id = o.position
		WHERE o.body = :id ORDER BY o.chair DESC, o.title_sort, o.id`, store.Args{"id": b.ID})
	if err != nil {
		return "", err
	}
	return render(l, panelView{Title: people.Offices.Many, Empty: i18n.Text{"Udvalget har ingen pladser endnu.", "The body has no seats yet."},
		Lines: found, More: "/office?body=" + b.ID})
}
