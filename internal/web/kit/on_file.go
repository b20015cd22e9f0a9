package kit

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"vaern/internal/attach"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/web"
)

var filePage = web.NewPage[*fileView](pages, "on_file")

type fileView struct {
	around
	Files               []fileLine
	Endings             string
	Largest             string
	Title, Starts, Ends string
	Wrong               map[string]string
}

// fileLine is a file as people read it.
type fileLine struct {
	attach.File
	Who  string
	Size string
}

func (d *Around) files(w http.ResponseWriter, r *http.Request) error {
	return d.showFiles(w, r, http.StatusOK, &fileView{})
}

func (d *Around) showFiles(w http.ResponseWriter, r *http.Request, code int, v *fileView) error {
	l := i18n.Of(r.Context())
	v.Endings, v.Largest, v.Wrong = attach.Endings(), sized(attach.Largest, l), map[string]string{}
	for _, m := range v.Errors {
		v.Wrong[m.Name] = m.Text
	}
	head, err := d.open(r, tabFiles, &v.around, func(q *store.Read) (int, error) {
		all, err := attach.Of(q, onRecord(r))
		if err != nil {
			return 0, err
		}
		names, err := record.Titles(q, func(yield func(string) bool) {
			for _, f := range all {
				if !yield(f.UploadedBy) {
					return
				}
			}
		})
		for _, f := range all {
			v.Files = append(v.Files, fileLine{f, names[f.UploadedBy].Title, sized(f.Size, l)})
		}
		return -1, err
	})
	if err != nil {
		return err
	}
	return filePage.Show(d.site, w, r, code, head, v)
}

// sized is a number of bytes as people say it.
func sized(n int64, l i18n.Lang) string {
	if n < 1<<20 {
		return l.Number(max(1, (n+512)>>10)) + " kB"
	}
	return l.Number((n+1<<19)>>20) + " MB"
}

// upload takes a file in. Whether the person may is asked before the content
// is read.
func (d *Around) upload(w http.ResponseWriter, r *http.Request) error {
	v := &fileView{}
	err := d.mayEdit(r)
	if err == nil {
		err = d.take(r, v)
	}
	return d.done(w, r, v, err, i18n.Text{"Filen er gemt.", "The file was saved."})
}

func (d *Around) mayEdit(r *http.Request) error {
	m, err := d.kind(r.PathValue("kind"))
	if err != nil {
		return err
	}
	return d.view(r, m, func(q *store.Read, _ record.Called) error {
		_, _, err := record.Reaching(q, onRecord(r), "edit")
		return err
	})
}

const inMemory = 1 << 20 // of a form; the rest waits on the disk

func (d *Around) take(r *http.Request, v *fileView) error {
	err := r.ParseMultipartForm(inMemory)
	v.Title, v.Starts, v.Ends = r.PostFormValue("title"), r.PostFormValue("starts"), r.PostFormValue("ends")
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return problem.Check(problem.Fields{"file": i18n.Text{"Filen er for stor. Den må højst fylde %d MB.", "The file is too large. It may take %d MB at most."}.With(attach.Largest >> 20)})
		}
		return problem.New(problem.Invalid, "Filen kom ikke helt frem. Prøv igen.", "The file did not arrive whole. Try again.")
	}
	defer r.MultipartForm.RemoveAll()
	up := attach.Upload{Title: v.Title}
	bad := problem.Fields{}
	for name, day := range map[string]*field.Date{"starts": &up.Starts, "ends": &up.Ends} {
		read, ok := field.ReadDay(r.PostFormValue(name))
		if !ok {
			bad[name] = field.NoDate
		}
		*day = field.Date(read)
	}
	content, header, err := r.FormFile("file")
	if err == nil {
		defer content.Close()
		up.Name, up.Size, up.Content = header.Filename, header.Size, content
	} else if !errors.Is(err, http.ErrMissingFile) {
		return err
	}
	if err := problem.Check(bad); err != nil {
		return err
	}
	return d.Files.Add(r.Context(), onRecord(r), up)
}

// download hands out a file so that no browser shows or runs it here.
func (d *Around) download(w http.ResponseWriter, r *http.Request) error {
	m, err := d.kind(r.PathValue("kind"))
	if err != nil {
		return err
	}
	var f attach.File
	var content io.ReadSeekCloser
	err = d.view(r, m, func(q *store.Read, called record.Called) (err error) {
		if f, err = attach.Get(q, onRecord(r), r.PathValue("file")); err != nil {
			return err
		}
		content, err = d.Files.Open(q, f)
		return err
	})
	if err != nil {
		return err
	}
	defer content.Close()
	h := w.Header()
	h.Set("Content-Type", f.Type)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private, no-store")
	h.Set("ETag", fmt.Sprintf("%q", f.SHA256))
	http.ServeContent(w, r, "", time.Time{}, content)
	return nil
}

func (d *Around) remove(w http.ResponseWriter, r *http.Request) error {
	version, _ := strconv.ParseInt(r.PostFormValue("version"), 10, 64) // no version is 0
	err := d.mayBe(r)
	if err == nil {
		err = d.Files.Remove(r.Context(), onRecord(r), attach.File{ID: r.PathValue("file"), Version: version}, r.PostFormValue("reason"))
	}
	return d.done(w, r, &fileView{}, err, i18n.Text{"Filen er fjernet. At den var her, står i historikken.", "The file was removed. The history still shows that it was here."})
}

// done goes back to the files, or shows them with what is in the way.
func (d *Around) done(w http.ResponseWriter, r *http.Request, v *fileView, err error, said i18n.Text) error {
	var code int
	var ask bool
	if v.Errors, code, ask = again(r, err); ask {
		return d.showFiles(w, r, code, v)
	}
	if err != nil {
		return refusedAsAbsent(err)
	}
	return d.site.Done(w, r, "/on/"+onRecord(r).String()+"/file", said)
}
