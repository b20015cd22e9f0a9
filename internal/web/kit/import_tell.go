package kit

import (
	"fmt"
	"slices"
	"strings"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/intake"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
)

// lacks tells what else is wrong with a wrong row, so that it need be corrected once.
func (l *line) lacks(r *reading, rec record.Rec) {
	if l.verdict.Is != intake.Wrong {
		return
	}
	for _, fd := range r.may {
		c := r.in.Column(fd.Name)
		if slices.ContainsFunc(l.verdict.Faults, func(f intake.Fault) bool { return f.Column == c && c >= 0 }) || fd.Auto != "" || fd.IsUnit() {
			continue
		}
		wrong := fd.Check(rec.Value)
		switch {
		case wrong == field.Fine:
		case c >= 0:
			l.wrong(c, wrong)
		default:
			l.wrong(c, i18n.Text{fd.Label[0] + ": " + wrong[0], fd.Label[1] + ": " + wrong[1]})
		}
	}
}

// several says what to write instead of a name that many have.
func several(q *store.Read, kind, name string, ids []string) i18n.Text {
	const named = 4
	ways, titles, err := record.Ways(q, kind, ids[:min(len(ids), named)])
	if titles {
		return i18n.Text{"Flere passer til »%s«. Skriv i stedet en af disse: %s.", "Several match “%s”. Write instead one of these: %s."}.With(name, strings.Join(ways, "; "))
	}
	if err != nil || len(ways) == 0 {
		return i18n.Text{"Flere hedder »%s«. Skriv nummeret i stedet.", "Several are called “%s”. Write the number instead."}.With(name)
	}
	return i18n.Text{"Flere hedder »%s«. Skriv i stedet nummeret på den, du mener: %s.", "Several are called “%s”. Write instead the number of the one you mean: %s."}.With(name, strings.Join(ways, ", "))
}

// change is what a field has and gets. What a sensitive kind holds is seen one
// record at a time.
func (r *reading) change(fd *field.Field, l *line, titles map[string]record.Called) intake.Change {
	c := intake.Change{Field: fd.Name}
	for _, lang := range i18n.Langs {
		if c.Was[lang] = r.says(fd, l.save.Old, lang, titles); r.Sensitive {
			c.Was[lang] = "…"
		}
		c.Is[lang] = r.says(fd, l.save.New, lang, titles)
	}
	return c
}

// blame puts what was wrong with a save to the columns that said it.
func (r *reading) blame(l *line, err error) {
	p := problem.As(err)
	if len(p.Fields) == 0 {
		l.wrong(-1, p.Text)
	}
	for _, fd := range r.Fields() {
		text, bad := p.Fields[fd.Name]
		if !bad {
			continue
		}
		if c := r.in.Column(fd.Name); c >= 0 {
			l.wrong(c, text)
			continue
		}
		l.wrong(-1, i18n.Text{fmt.Sprintf("%s: %s", fd.Label[0], text[0]), fmt.Sprintf("%s: %s", fd.Label[1], text[1])})
	}
	if len(l.verdict.Faults) == 0 {
		l.wrong(-1, p.Text)
	}
}

// understood are the cells of a new row that are read as something else than stands there: 46082 as a day, a person's name as the
// position that person holds.
func (r *reading) understood(l *line, titles map[string]record.Called) (out []intake.Change) {
	for c, fd := range r.fields {
		if fd == nil || fd.Kind == field.Text || l.row.Cells[c] == "" || r.Sensitive {
			continue
		}
		read := i18n.Text{r.says(fd, l.save.New, i18n.Da, titles), r.says(fd, l.save.New, i18n.En, titles)}
		if field.Fold(read[i18n.Da]) != field.Fold(l.row.Cells[c]) {
			out = append(out, intake.Change{Field: fd.Name, Is: read})
		}
	}
	return out
}
