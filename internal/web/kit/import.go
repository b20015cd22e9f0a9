package kit

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/intake"
	"vaern/internal/problem"
	"vaern/internal/progress"
	"vaern/internal/sheet"
	"vaern/internal/store"
	"vaern/internal/web"
)

var (
	importPage  = web.NewPage[*importView](pages, "import")
	columnsPage = web.NewPage[*columnsView](pages, "import_columns")
)

// importView is where a spreadsheet is handed in, and what waits.
type importView struct {
	At     string
	Many   i18n.Text
	Fields []fact // what a spreadsheet can say: label and what is asked of it
	Key    string
	Mine   []intake.Intake
	Errors []mistake
}

// columnsView is where a person says which column is which field.
type columnsView struct {
	At      string
	In      intake.Intake
	Columns []mapped
	Skipped []string // columns that could not be guessed, or are left out
	Secret  []string // columns of personal numbers, which are not read
	Lacks   []string // required fields that no column is
	Key     string   // the field that rows are known by
	Keyless bool     // no column is it
	Working progress.State
	Errors  []mistake
}

// mapped is a column, what is in it, and what it may be.
type mapped struct {
	Name, Letter, Heading, Examples string
	Options                         []option
}

func (f *face) importTitle() i18n.Text {
	return i18n.Text{"Indlæs: %s", "Import: %s"}.Naming(f.Many)
}

func (f *face) importHead() web.Head {
	return web.Head{Title: f.importTitle(), Crumbs: f.crumbs(web.Crumb{Path: f.at(), Label: f.Many}), Path: f.at()}
}

func (f *face) importRoutes() {
	at, may := f.at()+"/import", f.Can("create")
	f.site.Handle("GET "+at, may, func(w http.ResponseWriter, r *http.Request) error { return f.imports(w, r, nil) })
	f.site.Handle("GET "+at+"/template", may, f.template)
	f.site.Receive("POST "+at, may, f.upload)
	f.site.Handle("GET "+at+"/file/{id}", may, f.importShow)
	f.site.Handle("GET "+at+"/file/{id}/wrong", may, f.importWrong)
	f.site.Handle("POST "+at+"/file/{id}/columns", may, f.importColumns)
	f.site.Handle("POST "+at+"/file/{id}/save", may, func(w http.ResponseWriter, r *http.Request) error { return f.importDo(w, r, saving) })
	f.site.Handle("POST "+at+"/file/{id}/undo", may, func(w http.ResponseWriter, r *http.Request) error { return f.importDo(w, r, taking) })
	f.site.Handle("POST "+at+"/file/{id}/drop", may, f.importDrop)
	f.importing()
}

// imports is the page where a spreadsheet is handed in.
func (f *face) imports(w http.ResponseWriter, r *http.Request, failed error) error {
	l := i18n.Of(r.Context())
	v := &importView{At: f.at() + "/import", Many: f.Many}
	code := http.StatusOK
	if p := problem.As(failed); p != nil {
		code = web.Status(failed)
		v.Errors = []mistake{{"file", p.Text.In(l)}}
	}
	err := f.view(r, "create", func(q *store.Read) (err error) {
		for _, fd := range f.importable(q.Actor) {
			line := fact{Label: fd.Label.In(l), Text: fd.Help.In(l)}
			switch {
			case len(fd.Choices) > 0:
				line.Text = fd.Offered(l, len(fd.Choices))
			case fd.Kind == field.Ref:
				line.Text = i18n.Text{"navn eller nummer", "name or number"}.In(l)
			case fd.Kind == field.Day && line.Text == "":
				line.Text = i18n.Text{"en dato", "a date"}.In(l)
			case fd.Kind == field.Bool && line.Text == "":
				line.Text = i18n.Text{"ja eller nej", "yes or no"}.In(l)
			case fd.Bounded() && line.Text == "":
				line.Text = i18n.Text{"et tal fra %s til %s", "a number from %s to %s"}.With(l.Number(fd.Min), l.Number(fd.Max)).In(l)
			case fd.Kind == field.Int && line.Text == "":
				line.Text = i18n.Text{"et helt tal", "a whole number"}.In(l)
			}
			line.Long = fd.Required && !fd.IsUnit()
			if fd.Key {
				v.Key = line.Label
			}
			v.Fields = append(v.Fields, line)
		}
		v.Mine, err = intake.Mine(q, f.Name)
		return err
	})
	if err != nil {
		return err
	}
	return importPage.Show(f.site, w, r, code, f.importHead(), v)
}

// template is a spreadsheet with the right headings and no rows.
func (f *face) template(w http.ResponseWriter, r *http.Request) error {
	l := i18n.Of(r.Context())
	var head []sheet.Heading
	err := f.view(r, "create", func(q *store.Read) error {
		for _, fd := range f.importable(q.Actor) {
			head = append(head, sheet.Heading{Label: fd.Label.In(l)})
		}
		return nil
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	w.Header().Set("Content-Disposition", `attachment; filename="`+f.Plural+`.xlsx"`)
	return sheet.XLSX(w, f.Many.In(l), head, func(func([]string) error) error { return nil })
}

// upload reads a spreadsheet, guesses its columns and goes on to them.
func (f *face) upload(w http.ResponseWriter, r *http.Request) error {
	in, rows, err := f.handed(w, r)
	if problem.Of(err) == problem.Invalid && err != nil {
		return f.imports(w, r, err)
	}
	if err != nil {
		return err
	}
	err = f.view(r, "create", func(q *store.Read) (err error) {
		if in.Mapping, err = intake.Remembered(q, f.Name, in.Headings); err == nil && len(in.Mapping) == 0 {
			in.Mapping = intake.Guess(f.importable(q.Actor), in.Headings)
		}
		return err
	})
	if err == nil {
		err = f.s.Work(r.Context(), func(w *store.Work) error { return intake.Keep(w, in, rows) })
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, f.at()+"/import/file/"+in.ID, http.StatusSeeOther)
	return nil
}

func (f *face) handed(w http.ResponseWriter, r *http.Request) (*intake.Intake, []sheet.Row, error) {
	r.Body = http.MaxBytesReader(w, r.Body, sheet.MostBytes+1<<20)
	file, head, err := r.FormFile("file")
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, nil, problem.New(problem.Invalid, "Filen er over 20 MB. Del den i flere.", "The file is over 20 MB. Split it into several.")
	}
	if err != nil {
		return nil, nil, problem.New(problem.Invalid, "Vælg først en fil.", "Choose a file first.")
	}
	defer file.Close()
	t, err := sheet.Read(file)
	if err != nil {
		return nil, nil, err
	}
	if n := len(t.Headings) - 1; n > 0 && (t.Headings[n] == faults.In(i18n.Da) || t.Headings[n] == faults.In(i18n.En)) {
		t.Headings = t.Headings[:n] // corrected rows come back with what was wrong with them
		for i := range t.Rows {
			t.Rows[i].Cells = t.Rows[i].Cells[:n]
		}
	}
	intake.Tidy(t)
	return &intake.Intake{Register: f.Name, File: head.Filename, Headings: t.Headings, Source: t.Source}, t.Rows, nil
}

// columns is the page where a person says which column is which field.
func (f *face) columns(w http.ResponseWriter, r *http.Request, in intake.Intake, failed error) error {
	l := i18n.Of(r.Context())
	v := &columnsView{At: f.at() + "/import/file/" + in.ID, In: in}
	code := http.StatusOK
	if p := problem.As(failed); p != nil {
		code = web.Status(failed)
		v.Errors = []mistake{{"", p.Text.In(l)}}
	}
	err := f.view(r, "create", func(q *store.Read) error {
		p, err := in.Part(q, 0)
		if err != nil {
			return err
		}
		fields := f.importable(q.Actor)
		for c, heading := range in.Headings {
			m := mapped{Name: columnName(c), Letter: sheet.Column(c), Heading: heading, Examples: examples(p.Rows, c)}
			for _, fd := range fields {
				m.Options = append(m.Options, option{fd.Name, fd.Label.In(l), in.Mapping[c] == fd.Name})
			}
			if intake.Secret(heading) {
				v.Secret = append(v.Secret, heading)
			}
			if in.Mapping[c] == "" && heading != "" && m.Examples != "" {
				v.Skipped = append(v.Skipped, heading)
			}
			if m.Examples != "" || heading != "" {
				v.Columns = append(v.Columns, m)
			}
		}
		for _, fd := range fields {
			has := in.Column(fd.Name) >= 0
			switch {
			case fd.Key:
				v.Key, v.Keyless = fd.Label.In(l), !has
			case fd.Required && !fd.IsUnit() && !has:
				v.Lacks = append(v.Lacks, fd.Label.In(l))
			}
		}
		v.Working, err = progress.Of(q, f.Name+trying, in.ID)
		return err
	})
	if err != nil {
		return err
	}
	if v.Working.Running() {
		w.Header().Set("Refresh", "2")
	}
	return columnsPage.Show(f.site, w, r, code, f.importHead(), v)
}

func columnName(c int) string { return "column-" + sheet.Column(c) }

// examples are the first different values of a column, so that it is recognised.
func examples(rows []sheet.Row, c int) string {
	var out []string
	for _, row := range rows {
		cell := row.Cells[c]
		if r := []rune(cell); len(r) > 40 {
			cell = string(r[:40]) + "…"
		}
		if cell != "" && !slices.Contains(out, cell) {
			if out = append(out, cell); len(out) == 3 {
				break
			}
		}
	}
	return strings.Join(out, " · ")
}

// importColumns takes what the person says of the columns, and tries the rows.
func (f *face) importColumns(w http.ResponseWriter, r *http.Request) error {
	in, err := f.intake(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if in.Step == intake.Saved || in.Step == intake.Undone {
		return problem.New(problem.Precondition, "Filen er allerede indlæst.", "The file was imported already.")
	}
	var may []field.Field
	if err := f.view(r, "create", func(q *store.Read) error { may = f.importable(q.Actor); return nil }); err != nil {
		return err
	}
	mapping, failed := f.mappingSaid(r, &in, may)
	in.Mapping, in.Twice = mapping, ""
	if t := intake.Twice(r.PostFormValue("twice")); t == intake.First || t == intake.Last {
		in.Twice = t
	}
	if failed != nil {
		return f.columns(w, r, in, failed)
	}
	err = f.s.Work(r.Context(), func(w *store.Work) error {
		busy, err := progress.Of(&w.Read, f.Name+saving, in.ID)
		if err != nil || busy.Running() {
			return err
		}
		if err := in.Forget(w); err != nil {
			return err
		}
		if err := in.Remember(w); err != nil {
			return err
		}
		return in.Move(w.Do, intake.Columns)
	})
	if err != nil {
		return err
	}
	return f.importDo(w, r, trying)
}

// importDo begins a step's work and goes to the page that tells of it.
func (f *face) importDo(w http.ResponseWriter, r *http.Request, kind string) error {
	in, err := f.intake(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := f.site.Work.Begin(r.Context(), f.Name+kind, in.ID); err != nil {
		return err
	}
	http.Redirect(w, r, f.at()+"/import/file/"+in.ID, http.StatusSeeOther)
	return nil
}

// importDrop forgets a spreadsheet; what was stored of it stays.
func (f *face) importDrop(w http.ResponseWriter, r *http.Request) error {
	in, err := f.intake(r.Context(), r.PathValue("id"))
	if err == nil {
		err = f.s.Work(r.Context(), in.Drop)
	}
	if err != nil {
		return err
	}
	return f.site.Done(w, r, f.at()+"/import", i18n.Text{"Filen er glemt: %s", "The file is forgotten: %s"}.With(in.File))
}
