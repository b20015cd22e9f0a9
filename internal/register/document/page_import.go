package document

import (
	"errors"
	"io"
	"net/http"

	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/store"
	"vaern/internal/web"
)

var importsPage = web.NewPage[*importsView](folder, "imports")

// largest is how much of an upload is read: what a policy may fill, and the
// form around it.
const largest = 21 << 20

// importsView is where a file is handed in, and what waits to be finished.
type importsView struct {
	Unfinished []draftImport
	Errors     []mistake
}

var importTitle = i18n.Text{"Læs politikken ind", "Import the policy"}

func (d *desk) imports(w http.ResponseWriter, r *http.Request) error {
	return d.importsWith(w, r, nil)
}

func (d *desk) importsWith(w http.ResponseWriter, r *http.Request, failed error) error {
	v := &importsView{Errors: mistakes(failed, i18n.Of(r.Context()), "file")}
	err := d.site.Store.View(r.Context(), Import, func(q *store.Read) (err error) {
		v.Unfinished, err = unfinished(q)
		return err
	})
	if err != nil {
		return err
	}
	code := http.StatusOK
	if failed != nil {
		code = web.Status(failed)
	}
	head := web.Head{Title: importTitle, Crumbs: []web.Crumb{*above}, Path: "/document"}
	return importsPage.Show(d.site, w, r, code, head, v)
}

// upload reads the file and goes on to what was found in it.
func (d *desk) upload(w http.ResponseWriter, r *http.Request) error {
	name, data, err := uploaded(w, r)
	if err != nil {
		return d.importsWith(w, r, err)
	}
	today := ""
	if err := d.site.Store.View(r.Context(), Import, func(q *store.Read) error { today = q.Today; return nil }); err != nil {
		return err
	}
	found, err := ImportFile(r.Context(), d.site.Store, name, data, today)
	if askAgain(err) {
		return d.importsWith(w, r, err)
	}
	if err != nil {
		return err
	}
	work := draftImport{Name: name, Proposal: Propose(found)}
	if err := work.keep(r.Context(), d.site.Store); err != nil {
		return err
	}
	http.Redirect(w, r, "/policy/import/"+work.ID, http.StatusSeeOther)
	return nil
}

func uploaded(w http.ResponseWriter, r *http.Request) (name string, data []byte, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, largest)
	f, h, err := r.FormFile("file")
	if big := (*http.MaxBytesError)(nil); errors.As(err, &big) {
		return "", nil, problem.Check(problem.Fields{"file": fileProblems["error.file.too_large"]})
	}
	if err != nil {
		return "", nil, problem.Field("file", "Vælg den fil, politikken står i.", "Choose the file that holds the policy.")
	}
	defer f.Close()
	if data, err = io.ReadAll(f); err != nil {
		return "", nil, problem.Check(problem.Fields{"file": fileProblems["error.file.damaged"]})
	}
	return h.Filename, data, nil
}
