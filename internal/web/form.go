package web

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"time"

	"vaern/internal/access"
	"vaern/internal/problem"
)

// What a request may hold before its handler knows it. All is bounded by what
// stands around the site; these are less.
const (
	strangers = 64 << 10 // bytes of a form from somebody who has not signed in
	inMemory  = 1 << 20  // of an upload; the rest waits on the disk
)

// Files are read one at a time, since each may take over a hundred megabytes
// while it is; who comes meanwhile waits for a turn. Making one takes some tens.
const (
	readAtOnce = 1
	madeAtOnce = 4
	turnWithin = 30 * time.Second
)

var (
	halfForm = problem.New(problem.Unreadable, "Formularen kom ikke helt frem, eller den kan ikke læses. Intet er gemt. Gå tilbage, og send den igen.",
		"The form did not arrive whole, or it cannot be read. Nothing was saved. Go back and send it again.")
	noForm  = problem.New(problem.WrongFormat, "Siden tager ikke imod den slags indhold. Intet er gemt.", "The page does not take that kind of content. Nothing was saved.")
	notMade = problem.New(problem.Busy, "Der laves mange filer lige nu. Prøv igen om lidt.", "Many files are being made right now. Try again in a moment.")
	noTurn  = problem.New(problem.Busy, "Der læses andre store filer lige nu. Intet er gemt. Prøv igen om lidt.", "Other large files are being read right now. Nothing was saved. Try again in a moment.")
)

// Receive adds a route that takes a file. The whole of it has arrived, and its
// turn has come, when the handler is called; of a file that is too large, what
// was typed before it.
func (s *Site) Receive(pattern string, need access.Permission, fn Handler) {
	s.receives(pattern, need, func(w http.ResponseWriter, r *http.Request) error {
		begun := &beginning{ReadCloser: r.Body}
		r.Body = begun
		if err := r.ParseMultipartForm(inMemory); err == nil {
			defer r.MultipartForm.RemoveAll()
		} else { // the handler meets the same error, and tells it where the file was chosen
			r.PostForm = begun.typed(r)
		}
		done, err := turn(r.Context(), s.turns, noTurn)
		if err != nil {
			return err
		}
		defer done()
		return fn(w, r)
	})
}

// File is what a route that makes one answers with.
type File struct {
	Type, Name string
	Shown      bool // by the browser, not kept
	Body       []byte
}

// Makes adds a route that makes a file. Its turn is over before the file is
// sent, so that nobody waits for who reads slowly.
func (s *Site) Makes(pattern string, need access.Permission, fn func(r *http.Request) (File, error)) {
	s.Handle(pattern, need, func(w http.ResponseWriter, r *http.Request) error {
		f, err := s.make(r, fn)
		if err != nil {
			return err
		}
		how := "attachment"
		if f.Shown {
			how = "inline"
		}
		w.Header().Set("Content-Type", f.Type)
		w.Header().Set("Content-Disposition", fmt.Sprintf("%s; filename=%q", how, f.Name))
		_, err = w.Write(f.Body)
		return err
	})
}

func (s *Site) make(r *http.Request, fn func(r *http.Request) (File, error)) (f File, err error) {
	done, err := turn(r.Context(), s.makes, notMade)
	if err != nil {
		return f, err
	}
	defer done()
	return fn(r)
}

func turn(ctx context.Context, turns chan struct{}, late error) (done func(), err error) {
	waiting, cancel := context.WithTimeout(ctx, turnWithin)
	defer cancel()
	select {
	case turns <- struct{}{}:
		return func() { <-turns }, nil
	case <-waiting.Done():
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, late
	}
}

// entire reads a form, all of it or nothing: the missing half of a form would
// be saved as if it were empty.
func entire(w http.ResponseWriter, r *http.Request, need access.Permission) error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	if need == Public {
		r.Body = http.MaxBytesReader(w, r.Body, strangers)
	}
	if kind := r.Header.Get("Content-Type"); kind != "" {
		if kind, _, err := mime.ParseMediaType(kind); err != nil || kind != "application/x-www-form-urlencoded" {
			return noForm
		}
	}
	if err := r.ParseForm(); err != nil { // more than 10,000 fields, too: a form for each of a page's rows has some hundred
		if large := bounded(err); problem.As(large) != nil {
			return large
		}
		return halfForm
	}
	for name, values := range r.PostForm {
		if !clean(name) || slices.ContainsFunc(values, func(v string) bool { return !clean(v) }) {
			return halfForm
		}
	}
	return nil
}
