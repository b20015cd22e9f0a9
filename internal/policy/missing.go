package policy

import (
	"cmp"
	"slices"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// The list behind a number: as many as a page holds, and those that stand open.
const mostMissing, mostOpen = 200, 20

// lackings is the list behind a number, with who is to do something about each
// and what its register says of when.
type lackings struct {
	N       int // all of them that the person may see
	Hidden  int // what the person may count but not see
	Columns []i18n.Text
	Open    []lacking
	Folded  []lacking
	More    int // beyond the page
}

type lacking struct {
	ref.Ref
	Title, Owner, Unit string
	Vacant             bool // nobody holds the owner's position today
	Cells              []cell
	days               []string
}

// cell is what a row says in a column; a day where it is one.
type cell struct {
	Label     i18n.Text
	Text, Day string
	None      i18n.Text // what it says when it has neither
	Vacant    bool
}

var nobody, never = i18n.Text{"ingen", "none"}, i18n.Text{"ingen dato", "no date"}

// behind is the list behind the number, as far as a page can hold it.
func (d *desk) behind(q *store.Read, v *indicatorView, area string) error {
	whole, err := q.As(asker)
	if err != nil {
		return err
	}
	near, own := within(q, v.Indicator, area)
	if own {
		a, err := ask(near, v.Indicator)
		if err != nil {
			return err
		}
		if own = a.Total > 0; own { // the list is of what the front page counted
			number := counted(v.Indicator, a.Measure)
			v.Area, whole = &number, near
		}
	}
	refs, err := missing(whole, v.Indicator)
	if err != nil {
		return err
	}
	b := &v.Missing
	refs = slices.DeleteFunc(refs, func(m ref.Ref) bool {
		reach, ok := q.Actor.May[access.Permission(m.Kind+".see")]
		hidden := !ok || !reach.Whole && !(own && slices.Contains(reach.Tops, area))
		if hidden {
			b.Hidden++
		}
		return hidden
	})
	b.N = len(refs)
	b.More = max(0, b.N-mostMissing)
	rows := make([]lacking, b.N-b.More)
	at := map[string][]int{}
	for i := range rows {
		rows[i] = lacking{Ref: refs[i], Title: d.singular[refs[i].Kind].In(i18n.Da)}
		at[refs[i].ID] = append(at[refs[i].ID], i)
	}
	days, err := d.tell(q, rows, at)
	if err != nil {
		return err
	}
	what := i18n.Text{"Hvad", "What"}
	if len(rows) > 0 && len(ids(rows, rows[0].Kind)) == len(rows) {
		what = d.singular[rows[0].Kind]
	}
	b.lay(what, rows, days)
	return nil
}

// ids are those of a kind, or of all.
func ids(rows []lacking, kind string) (out store.List) {
	for _, r := range rows {
		if kind == "" || r.Kind == kind {
			out = append(out, r.ID)
		}
	}
	return out
}

// tell finds in one statement what each is called, who owns it, where it belongs
// and the days that its register's list shows; it returns what the days are called.
func (d *desk) tell(q *store.Read, rows []lacking, at map[string][]int) (days []i18n.Text, err error) {
	if len(rows) == 0 {
		return nil, nil
	}
	columns, from := "", ""
	for _, m := range d.Modules {
		if len(ids(rows, m.Name)) == 0 {
			continue
		}
		join := ""
		for _, f := range m.Fields {
			if f.Kind == field.Day && !f.Aside && !f.Sensitive {
				columns, days = columns+`, coalesce(`+m.Name+`.`+f.Name+`, '')`, append(days, f.Label)
				join = ` LEFT JOIN ` + m.Name + ` ON ` + m.Name + `.id = t.id`
			}
		}
		from += join
	}
	err = q.Rows(`SELECT t.id, t.title, coalesce(o.title, ''), coalesce(u.title, ''),
			CASE WHEN o.id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM holding h WHERE h.position = t.owner AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today)) THEN 1 ELSE 0 END`+columns+`
		FROM record_title t LEFT JOIN record_title o ON o.id = t.owner LEFT JOIN record_title u ON u.id = t.unit`+from+`
		WHERE t.id :among(ids)`, store.Args{"ids": ids(rows, "")}, func(scan store.Scan) error {
		r := lacking{days: make([]string, len(days))}
		var id string
		dest := []any{&id, &r.Title, &r.Owner, &r.Unit, &r.Vacant}
		for i := range r.days {
			dest = append(dest, &r.days[i])
		}
		err := scan(dest...)
		for _, i := range at[id] {
			r.Ref = rows[i].Ref
			rows[i] = r
		}
		return err
	})
	return days, err
}

// lay puts what was found into columns: those that have something to say. What
// nobody owns is told by where it belongs, if not all belong alike. What has waited longest comes first.
func (b *lackings) lay(what i18n.Text, rows []lacking, days []i18n.Text) {
	owned := slices.ContainsFunc(rows, func(r lacking) bool { return r.Owner != "" })
	whose := i18n.Text{"Enhed", "Unit"}
	if owned {
		whose = i18n.Text{"Ejer", "Owner"}
	}
	var shown []int
	for i := range days {
		if slices.ContainsFunc(rows, func(r lacking) bool { return i < len(r.days) && r.days[i] != "" }) {
			shown = append(shown, i)
		}
	}
	for i := range rows {
		if rows[i].days == nil { // what is called nothing
			rows[i].days = make([]string, len(days))
		}
	}
	if len(shown) > 0 {
		last := shown[len(shown)-1]
		slices.SortStableFunc(rows, func(a, b lacking) int { return cmp.Compare(a.days[last], b.days[last]) })
	}
	somewhere := owned || slices.ContainsFunc(rows, func(r lacking) bool { return r.Unit != rows[0].Unit })
	if b.Columns = []i18n.Text{what}; somewhere {
		b.Columns = append(b.Columns, whose)
	}
	for _, i := range shown {
		b.Columns = append(b.Columns, days[i])
	}
	for i := range rows {
		r := &rows[i]
		who := cell{Label: whose, Text: r.Unit, None: nobody}
		if owned {
			who = cell{Label: whose, Text: r.Owner, None: nobody, Vacant: r.Vacant}
		}
		if somewhere {
			r.Cells = append(r.Cells, who)
		}
		for _, i := range shown {
			r.Cells = append(r.Cells, cell{Label: days[i], Day: r.days[i], None: never})
		}
	}
	b.Open, b.Folded = rows[:min(mostOpen, len(rows))], rows[min(mostOpen, len(rows)):]
}
