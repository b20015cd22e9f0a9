package kit

import (
	"cmp"
	"slices"
	"strings"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/intake"
	"vaern/internal/record"
	"vaern/internal/sheet"
	"vaern/internal/store"
)

// reading makes records of the rows of a spreadsheet, part by part.
type reading struct {
	*face
	in     *intake.Intake
	may    []field.Field     // those that a spreadsheet can say
	fields []*field.Field    // of each column; nil is left out
	rows   map[string][]int  // key as it will be stored → the rows that have it
	keys   map[string]string // key as a row has it → as it will be stored: as a record has it, else as the first such row
	first  map[string]string // folded key → as the first row of the file has it
}

// line is a row on its way: what it says, and what would come of it.
type line struct {
	row     sheet.Row
	save    record.Saving
	verdict intake.Verdict
}

func (f *face) reading(in *intake.Intake, a access.Actor) *reading {
	may := f.importable(a)
	r := &reading{f, in, may, make([]*field.Field, len(in.Headings)), map[string][]int{}, map[string]string{}, map[string]string{}}
	for c, name := range in.Mapping {
		for i := range may {
			if may[i].Name == name {
				r.fields[c] = &may[i]
			}
		}
	}
	return r
}

// importable are the fields that a spreadsheet can say.
func (f *face) importable(a access.Actor) (out []field.Field) {
	for _, fd := range f.Visible(a) {
		if !fd.Set {
			out = append(out, fd)
		}
	}
	return out
}

// key is the column that says which record a row is of; -1 is none.
func (r *reading) key() int {
	return slices.IndexFunc(r.fields, func(fd *field.Field) bool { return fd != nil && fd.Key })
}

// survey finds which rows of the whole file have which key, and whether any is
// there more than once.
func (r *reading) survey(q *store.Read) (twice bool, err error) {
	if r.key() < 0 {
		return false, nil
	}
	for n := range r.in.Parts() {
		p, err := r.in.Part(q, n)
		if err != nil {
			return false, err
		}
		if err := r.spell(q, p.Rows); err != nil {
			return false, err
		}
		for _, row := range p.Rows {
			if key := r.keyOf(q, row); key != "" {
				r.rows[key] = append(r.rows[key], row.Number)
				twice = twice || len(r.rows[key]) > 1
			}
		}
	}
	return twice, nil
}

// spell finds which records the keys of rows are of, whatever the case of their letters.
func (r *reading) spell(q *store.Read, rows []sheet.Row) error {
	c := r.key()
	var keys []string
	for _, row := range rows {
		if row.Cells[c] != "" {
			keys = append(keys, r.KeyOf(q, row.Cells[c]))
		}
	}
	have, err := r.Spelled(q, keys)
	if err != nil {
		return err
	}
	for _, key := range keys {
		folded := field.Fold(key)
		if r.first[folded] == "" {
			r.first[folded] = key
		}
		r.keys[key] = cmp.Or(have[key], r.first[folded])
	}
	return nil
}

// keyOf is the key of a row as it will be stored, "" for none.
func (r *reading) keyOf(q *store.Read, row sheet.Row) string {
	c := r.key()
	if c < 0 || row.Cells[c] == "" {
		return ""
	}
	return r.keys[r.KeyOf(q, row.Cells[c])]
}

// counts says why a row does not count where several have its key.
func (r *reading) counts(key string, row int) i18n.Text {
	rows := r.rows[key]
	last := rows[len(rows)-1]
	switch {
	case len(rows) == 1 || r.in.Twice == intake.First && row == rows[0] || r.in.Twice == intake.Last && row == last:
		return field.Fine
	case r.in.Twice == intake.First:
		return i18n.Text{"Række %d gælder for »%s«. Denne er sprunget over.", "Row %d counts for “%s”. This one is skipped."}.With(rows[0], key)
	case r.in.Twice == intake.Last:
		return i18n.Text{"Række %d gælder for »%s«. Denne er sprunget over.", "Row %d counts for “%s”. This one is skipped."}.With(last, key)
	}
	return i18n.Text{"»%s« står både i række %d og %d. Vælg over listen, hvilken der gælder, eller behold én af dem.",
		"“%s” is in both row %d and %d. Choose above the list which one counts, or keep one of them."}.With(key, rows[0], last)
}

// judge finds what each row would do, and changes nothing.
func (r *reading) judge(q *store.Read, rows []sheet.Row) ([]*line, error) {
	old, taken, err := r.known(q, rows)
	if err != nil {
		return nil, err
	}
	means, err := r.meanings(q, rows)
	if err != nil {
		return nil, err
	}
	lines := make([]*line, len(rows))
	for i, row := range rows {
		lines[i] = r.line(q, row, old, means)
		if c := r.key(); c >= 0 && !lines[i].save.Old.Is() && taken[r.keyOf(q, row)] {
			lines[i].wrong(c, i18n.Text{"Den findes allerede, og du kan ikke rette den.", "It exists already, and you cannot change it."})
		}
	}
	return lines, r.examine(q, lines)
}

// known finds the records that the rows are of, and the keys that are taken
// where the person reaches nothing.
func (r *reading) known(q *store.Read, rows []sheet.Row) (old map[string]record.Rec, taken map[string]bool, err error) {
	c := r.key()
	if c < 0 {
		return nil, nil, nil
	}
	if err := r.spell(q, rows); err != nil { // again, since others save
		return nil, nil, err
	}
	var keys []string
	for _, row := range rows {
		if k := r.keyOf(q, row); k != "" {
			keys = append(keys, k)
		}
	}
	if edit, err := q.With(r.Can("edit")); err == nil {
		if old, err = r.ByKeys(edit, keys); err != nil {
			return nil, nil, err
		}
	}
	taken, err = r.Taken(q, keys)
	return old, taken, err
}

// meanings finds what the references of the rows mean: kind → text → ids.
func (r *reading) meanings(q *store.Read, rows []sheet.Row) (map[string]map[string][]string, error) {
	out := map[string]map[string][]string{}
	for c, fd := range r.fields {
		if fd == nil || fd.Kind != field.Ref {
			continue
		}
		var texts []string
		for _, row := range rows {
			texts = append(texts, row.Cells[c])
		}
		slices.Sort(texts)
		found, err := record.Meant(seeing(q, fd.To), fd.To, slices.Compact(texts))
		if err != nil {
			return nil, err
		}
		if out[fd.To] == nil {
			out[fd.To] = map[string][]string{}
		}
		for text, ids := range found {
			out[fd.To][text] = ids
		}
	}
	return out, nil
}

// line reads one row.
func (r *reading) line(q *store.Read, row sheet.Row, old map[string]record.Rec, means map[string]map[string][]string) *line {
	l := &line{row: row, verdict: intake.Verdict{Is: intake.New}}
	rec := r.Blank()
	rec.Head().Unit = home(q.Actor.May[r.Can("create")])
	if key := r.keyOf(q, row); key != "" {
		if why := r.counts(key, row.Number); why != field.Fine {
			l.wrong(r.key(), why)
		}
		if l.save.Old = old[key]; l.save.Old.Is() {
			rec = l.save.Old.Copy()
			h := rec.Head()
			l.verdict.ID, l.verdict.Version = h.ID, h.Version
		}
	}
	for c, fd := range r.fields {
		if fd == nil || fd.Key && l.save.Old.Is() || fd.IsUnit() && row.Cells[c] == "" || !l.save.Old.Is() && row.Cells[c] == "" {
			continue
		}
		if wrong := r.parse(q, fd, rec, row.Cells[c], means); wrong != field.Fine {
			l.wrong(c, wrong)
		}
	}
	l.lacks(r, rec)
	l.save.New = rec
	l.verdict.Title = r.Title(rec)
	return l
}

func (l *line) wrong(column int, text i18n.Text) {
	l.verdict.Is = intake.Wrong
	l.verdict.Faults = append(l.verdict.Faults, intake.Fault{Column: column, Text: text})
}

var excelErrors = []string{"#N/A", "#I/T", "#REF!", "#REFERENCE!", "#VALUE!", "#VÆRDI!", "#DIV/0!", "#DIVISION/0!", "#NAME?", "#NAVN?", "#NUM!", "#NULL!", "#NUL!"}

// parse sets a field to what a cell says, or tells what is wrong with it.
func (r *reading) parse(q *store.Read, fd *field.Field, rec record.Rec, text string, means map[string]map[string][]string) i18n.Text {
	if slices.Contains(excelErrors, text) {
		return i18n.Text{"Cellen viser fejlen %s i regnearket.", "The cell shows the error %s in the spreadsheet."}.With(text)
	}
	switch {
	case text == "":
	case fd.Kind == field.Ref:
		switch ids := means[fd.To][text]; len(ids) {
		case 1:
			text = ids[0]
		case 0:
			return i18n.Text{"Ingen, du har adgang til, hedder »%s«.", "Nothing that you have access to is called “%s”."}.With(text)
		default:
			return several(q, fd.To, text, ids)
		}
	case fd.Kind == field.Choice && !fd.IsChoice(text):
		return i18n.Text{"»%s« er ingen af mulighederne: ", "“%s” is none of the options: "}.With(text).And(i18n.Text{fd.Offered(i18n.Da, field.AtAGlance) + ".", fd.Offered(i18n.En, field.AtAGlance) + "."})
	case fd.Kind == field.Bool && !slices.Contains(yesOrNo, strings.ToLower(text)):
		return i18n.Text{"Skriv ja eller nej, ikke »%s«.", "Write yes or no, not “%s”."}.With(text)
	}
	read := text
	if fd.Kind == field.Day {
		if day, ok := field.ReadCell(r.in.Source.Day(text)); ok {
			read = day
		}
	}
	if wrong := fd.Parse(rec.Value, read); wrong != field.Fine {
		return i18n.Text{wrong[0] + " Der står »%s«.", wrong[1] + " It says “%s”."}.With(text)
	}
	return field.Fine
}

var yesOrNo = []string{"1", "0", "ja", "nej", "yes", "no", "true", "false", "sand", "falsk", "x"}

// examine tries the rows that say something new as a save would, and finds what
// each changes.
func (r *reading) examine(q *store.Read, lines []*line) error {
	var saves []record.Saving
	var of []*line
	for _, l := range lines {
		switch {
		case l.verdict.Is == intake.Wrong:
		case l.save.Old.Is() && len(r.differ(l)) == 0:
			l.verdict.Is = intake.Same
		default:
			saves, of = append(saves, l.save), append(of, l)
		}
	}
	wrong, err := r.Examine(q, saves)
	if err != nil {
		return err
	}
	var told []record.Rec
	for i, l := range of {
		changed := r.differ(l)
		switch {
		case wrong[i] != nil:
			r.blame(l, wrong[i])
		case l.save.Old.Is() && len(changed) == 0:
			l.verdict.Is = intake.Same
		case l.save.Old.Is():
			l.verdict.Is = intake.Changed
			told = append(told, l.save.Old, l.save.New)
		default:
			told = append(told, l.save.New)
		}
	}
	titles, err := r.titles(q, told...)
	if err != nil {
		return err
	}
	for _, l := range of {
		switch l.verdict.Is {
		case intake.Changed:
			for _, fd := range r.differ(l) {
				l.verdict.Changes = append(l.verdict.Changes, r.change(fd, l, titles))
			}
		case intake.New:
			l.verdict.Changes = r.understood(l, titles)
		}
		l.verdict.Title = r.Title(l.save.New)
	}
	return nil
}

// differ are the fields that a row would change of what is there.
func (r *reading) differ(l *line) []*field.Field {
	if !l.save.Old.Is() {
		return nil
	}
	return r.Differ(l.save.Old, l.save.New)
}
