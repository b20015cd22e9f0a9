package org

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/people/feed"
	"vaern/internal/problem"
	"vaern/internal/progress"
	"vaern/internal/sheet"
	"vaern/internal/store"
	"vaern/internal/task"
	"vaern/internal/web"
)

var (
	feedPage  = web.NewPage[*feedView](web.Folder(files), "feed")
	feedShown = web.NewPage[*feedOne](web.Folder(files), "feed_one")
	feedTitle = i18n.Text{"Personalefil", "Personnel file"}
)

// feedPath is where files of the personnel system are handed in.
const feedPath = "/people/feed"

// feedView is where a file is handed in, and what became of earlier ones.
type feedView struct {
	Errors []mistake
	Meant  feed.Meant
	Today  string
	Latest []feed.Kept
	Names  map[string]string // who handed it in
}

// feedOne is what a file would do, or did.
type feedOne struct {
	feed.Kept
	At      string // its address
	Errors  []mistake
	Tabs    []feedTab
	Shown   []feed.Line
	Is      feed.Did
	Reason  string
	Changes int // rows that change something
	Working progress.State
	Kind    string // of the work
}

// The kinds of work on a kept file.
const (
	looking = "feed.look"
	taking  = "feed.take"
	undoing = "feed.undo"
)

type feedTab struct {
	Label   i18n.Text
	Did     feed.Did
	N       int
	Current bool
}

// DidWord is what a row did, in words.
var didWord = map[feed.Did]i18n.Text{
	feed.Wrong: {"forkerte", "wrong"}, feed.Joined: {"nye", "new"}, feed.Moved: {"flytter", "moving"}, feed.Changed: {"ændrede", "changed"},
	feed.Left: {"slutter", "leaving"}, feed.Waits: {"venter", "waiting"}, feed.Unchanged: {"uændrede", "unchanged"},
}

var didOrder = []feed.Did{feed.Wrong, feed.Left, feed.Joined, feed.Moved, feed.Changed, feed.Waits, feed.Unchanged}

// feeding serves the files of the personnel system.
type feeding struct{ site *web.Site }

func (f feeding) mount() {
	for kind, do := range map[string]func(context.Context, *store.Store, string, feed.Step) error{looking: feed.Look, taking: feed.Take, undoing: feed.Undo} {
		f.site.Work.Does(kind, func(ctx context.Context, id string, step progress.Step) error {
			return do(ctx, f.site.Store, id, feed.Step(step))
		})
	}
	f.site.Handle("GET "+feedPath, feed.Need, f.ask)
	f.site.Receive("POST "+feedPath, feed.Need, f.try)
	f.site.Handle("GET "+feedPath+"/{id}", feed.Need, f.one)
	f.site.Handle("POST "+feedPath+"/{id}/take", feed.Need, f.take)
	f.site.Handle("POST "+feedPath+"/{id}/drop", feed.Need, f.drop)
	f.site.Handle("POST "+feedPath+"/{id}/undo", feed.Need, f.undo)
	f.site.Handle("GET "+feedPath+"/{id}/wrong", feed.Need, f.wrong)
	f.site.Menu(web.Item{Path: feedPath, Label: feedTitle, Need: feed.Need, Order: 66})
	f.offer()
}

// held is a file that came by itself and waits for somebody to look at it.
var held = task.Source{
	Key:     "people.feed_held",
	Act:     i18n.Text{"Se filen", "Look at the file"},
	Why:     i18n.Text{"Usædvanlig mange ville miste deres adgang. Filen venter på, at nogen siger god for den.", "Unusually many would lose their access. The file waits for somebody to say that it is right."},
	Minutes: 5, Weight: 4, Need: feed.Need,
	Query: `SELECT 'feed', f.id, f.name, '/people/feed/' || f.id, '' FROM work_feed f, unit u WHERE f.state = 'held' AND u.id = 'top' AND :scope(u.id)`,
}

func (f feeding) ask(w http.ResponseWriter, r *http.Request) error {
	return f.show(w, r, feed.Meant{}, nil)
}

func (f feeding) show(w http.ResponseWriter, r *http.Request, m feed.Meant, failed error) error {
	v := &feedView{Meant: m, Names: map[string]string{}}
	err := f.site.Store.View(r.Context(), feed.Need, func(q *store.Read) (err error) {
		v.Today = q.Today
		if v.Latest, err = feed.Latest(q, 10); err != nil {
			return err
		}
		v.Names, err = namesOf(q, v.Latest)
		return err
	})
	if err != nil {
		return err
	}
	code := http.StatusOK
	if p := problem.As(failed); p != nil {
		code, v.Errors = web.Status(failed), mistakesOf(p, i18n.Of(r.Context()))
	} else if failed != nil {
		return failed
	}
	return feedPage.Show(f.site, w, r, code, web.Head{Title: feedTitle, Path: feedPath, Crumbs: []web.Crumb{*above}}, v)
}

// largestFeed is how much of an upload is read: a spreadsheet and the form
// around it.
const largestFeed = sheet.MostBytes + 1<<20

// try keeps a file, and finds what it would do; it waits until somebody says that
// it counts.
func (f feeding) try(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, largestFeed)
	file, head, err := r.FormFile("file")
	m := feed.Meant{Units: r.FormValue("about") == "units", Full: r.FormValue("full") == "yes", Day: field.TypedDay(r.FormValue("date"))}
	m.Full = m.Full && !m.Units
	if err != nil {
		return f.show(w, r, m, problem.Field("file", "Vælg filen fra personalesystemet. Den må højst være på 20 MB.", "Choose the file of the personnel system. It may be 20 MB at most."))
	}
	defer file.Close()
	read, err := sheet.Read(file)
	if err != nil {
		return f.show(w, r, m, inFile(err))
	}
	id, err := feed.Hand(r.Context(), f.site.Store, head.Filename, m, feed.SheetOf(read))
	if err != nil {
		return f.show(w, r, m, err)
	}
	return f.begin(w, r, looking, id)
}

// begin begins work on a kept file, and goes to the page that tells of it.
func (f feeding) begin(w http.ResponseWriter, r *http.Request, kind, id string) error {
	if err := f.site.Work.Begin(r.Context(), kind, id); err != nil {
		return err
	}
	http.Redirect(w, r, feedPath+"/"+id, http.StatusSeeOther)
	return nil
}

// inFile marks the file with what is wrong with it.
func inFile(err error) error {
	if p := problem.As(err); p != nil && len(p.Fields) == 0 {
		return problem.Check(problem.Fields{"file": p.Text})
	}
	return err
}

func (f feeding) one(w http.ResponseWriter, r *http.Request) error {
	return f.showOne(w, r, nil)
}

func (f feeding) showOne(w http.ResponseWriter, r *http.Request, failed error) error {
	v := &feedOne{Reason: r.PostFormValue("reason")}
	err := f.site.Store.View(r.Context(), feed.Need, func(q *store.Read) (err error) {
		if v.Kept, err = feed.Find(q, r.PathValue("id")); err != nil {
			return err
		}
		v.Working, v.Kind, err = working(q, v.ID)
		return err
	})
	if err != nil {
		return err
	}
	v.fill(feed.Did(r.URL.Query().Get("show")))
	if v.Working.Running() {
		w.Header().Set("Refresh", "2")
	}
	code := http.StatusOK
	if p := problem.As(failed); p != nil {
		code, v.Errors = web.Status(failed), mistakesOf(p, i18n.Of(r.Context()))
	}
	head := web.Head{Title: feedTitle.And(i18n.Same(": " + v.Name)), Path: feedPath, Crumbs: []web.Crumb{*above, {Path: feedPath, Label: feedTitle}}}
	return feedShown.Show(f.site, w, r, code, head, v)
}

// fill chooses what is shown: what is wrong first.
func (v *feedOne) fill(show feed.Did) {
	v.At = feedPath + "/" + v.ID
	for _, d := range didOrder {
		n := v.Report.Counts[d]
		if d != feed.Unchanged && d != feed.Wrong && d != feed.Waits {
			v.Changes += n
		}
		if n == 0 || d == feed.Unchanged {
			continue
		}
		if v.Is == "" || d == show {
			v.Is = d
		}
		v.Tabs = append(v.Tabs, feedTab{Label: didWord[d], Did: d, N: n})
	}
	for i := range v.Tabs {
		v.Tabs[i].Current = v.Tabs[i].Did == v.Is
	}
	for _, l := range v.Lines {
		if l.Did == v.Is && len(v.Shown) < 200 {
			v.Shown = append(v.Shown, l)
		}
	}
}

// More is how many rows of the chosen sort are not shown.
func (v *feedOne) More() int { return v.Report.Counts[v.Is] - len(v.Shown) }

// working is what is being done with a kept file, or what went wrong with it.
func working(q *store.Read, id string) (s progress.State, kind string, err error) {
	for _, kind := range []string{looking, taking, undoing} {
		if s, err = progress.Of(q, kind, id); err != nil || s.Running() {
			return s, kind, err
		}
	}
	// Nothing is under way: what failed is told until it is tried again and done.
	for _, kind := range []string{undoing, taking, looking} {
		if s, err = progress.Of(q, kind, id); err != nil || s.Failed() {
			return s, kind, err
		}
	}
	return progress.State{}, "", nil
}

// kept is a file that something is to be done with, which nothing may be under
// way with.
func (f feeding) kept(r *http.Request) (k feed.Kept, busy bool, err error) {
	err = f.site.Store.View(r.Context(), feed.Need, func(q *store.Read) (err error) {
		if k, err = feed.Find(q, r.PathValue("id")); err != nil {
			return err
		}
		state, _, err := working(q, k.ID)
		busy = state.Running()
		return err
	})
	return k, busy, err
}

// take lets a file count. What is done already, from another window, is only
// shown.
func (f feeding) take(w http.ResponseWriter, r *http.Request) error {
	k, busy, err := f.kept(r)
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(r.PostFormValue("reason"))
	switch {
	case busy || !k.Waits():
		http.Redirect(w, r, feedPath+"/"+k.ID, http.StatusSeeOther)
		return nil
	case k.Report.Held && reason == "":
		return f.showOne(w, r, problem.Field("reason", "Skriv, hvorfor så mange mister deres adgang. Intet er ændret endnu.", "Say why so many lose their access. Nothing was changed yet."))
	case reason != "":
		if err := k.Because(r.Context(), f.site.Store, reason); err != nil {
			return err
		}
	}
	return f.begin(w, r, taking, k.ID)
}

// undo takes back what a file did.
func (f feeding) undo(w http.ResponseWriter, r *http.Request) error {
	k, _, err := f.kept(r)
	if err != nil {
		return err
	}
	return f.begin(w, r, undoing, k.ID)
}

// drop forgets a file that nobody wants.
func (f feeding) drop(w http.ResponseWriter, r *http.Request) error {
	k, busy, err := f.kept(r)
	if err != nil {
		return err
	}
	switch {
	case busy:
		return problem.New(problem.Precondition, "Filen er ved at blive læst. Vent, til det er gjort.", "The file is being read. Wait until that is done.")
	case k.Begun():
		return problem.New(problem.Precondition, "Noget af filen er læst ind. Læs resten ind, og fortryd så det hele.", "Some of the file was taken in. Take in the rest, and then undo all of it.")
	case !k.Waits() && k.State != feed.Handed:
		return problem.Missing()
	}
	if err := k.Settle(r.Context(), f.site.Store, feed.Dropped, nil); err != nil {
		return err
	}
	return f.site.Done(w, r, feedPath, i18n.Text{"Filen er glemt. Intet er ændret", "The file is forgotten. Nothing was changed"})
}

// wrong is the wrong rows as a spreadsheet to correct: as they were, and a last
// column that says what is wrong.
func (f feeding) wrong(w http.ResponseWriter, r *http.Request) error {
	var data *feed.Sheet
	err := f.site.Store.View(r.Context(), feed.Need, func(q *store.Read) (err error) {
		data, err = feed.Data(q, r.PathValue("id"))
		return err
	})
	if err != nil {
		return err
	}
	data = data.OnlyWrong()
	if len(data.Rows) == 0 {
		return problem.Missing()
	}
	l := i18n.Of(r.Context())
	var head []sheet.Heading
	for _, h := range append(slices.Clone(data.Head), feed.Faults.In(l)) {
		head = append(head, sheet.Heading{Label: h})
	}
	var file bytes.Buffer
	err = sheet.XLSX(&file, feedTitle.In(l), head, func(write func([]string) error) error {
		for i, row := range data.Rows {
			cells := make([]string, len(data.Head))
			copy(cells, row)
			if err := write(append(cells, data.Wrong[data.No[i]].In(l))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	w.Header().Set("Content-Disposition", `attachment; filename="`+i18n.Text{"ret", "correct"}.In(l)+`.xlsx"`)
	_, err = file.WriteTo(w)
	return err
}

func namesOf(q *store.Read, all []feed.Kept) (map[string]string, error) {
	args, in := store.Args{}, "''"
	for i, k := range all {
		name := fmt.Sprintf("p%d", i)
		args[name], in = k.Person, in+", :"+name
	}
	out := map[string]string{}
	err := q.Rows(`SELECT id, name FROM person WHERE id IN (`+in+`)`, args, func(scan store.Scan) error {
		var id, name string
		err := scan(&id, &name)
		out[id] = name
		return err
	})
	return out, err
}

// Same is how many rows change nothing, Faulty how many are wrong.
func (v *feedOne) Same() int   { return v.Report.Counts[feed.Unchanged] }
func (v *feedOne) Faulty() int { return v.Report.Counts[feed.Wrong] }

// Undoable reports whether there is anything to take back.
func (v *feedOne) Undoable() bool { return v.State == feed.Taken && len(v.Report.Changes) > 0 }
